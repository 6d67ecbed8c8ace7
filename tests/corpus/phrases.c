/*
 * phrases.c - a phrase of its own for each document of a corpus.
 *
 *     phrases FOLDER
 *
 * prints "name<TAB>phrase" for each *.xhtml in FOLDER: up to six words that
 * follow each other in one text that a reader sees, chosen around the word
 * that the fewest documents have. A document in which nothing is visible gets
 * an empty phrase. Reads the source with a scanner of its own, so that a text
 * that the product loses is not lost here too.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DOCUMENTS = 4096, PHRASE_WORDS = 6, TABLE = 1 << 17, DEPTH = 512 };

/* A run of words within one text: words[first..first+n). */
struct word {
    const char *text;
    size_t len;
    bool starts_run;
};

struct document {
    char *name, *source;
    struct word *words;
    size_t n, cap;
};

struct count {
    const char *text;
    size_t len;
    unsigned documents, last; /* last: number of the document counted last */
};

static struct count *table;

/* Elements of which a reader sees no text. */
static const char *const hidden[] = {
    "ac:parameter",
    "ac:default-parameter",
    "ac:adf-attribute",
    "ac:adf-parameter",
    "ac:adf-fallback",
    "ac:task-id",
    "ac:task-uuid",
    "ac:task-status",
    "ac:placeholder",
    "ac:adf-mark",
    "style",
    "script",
    "head",
    "at:declarations",
    "svg",
    "ac:emoticon",
    "ac:plain-text-link-body",
    "annotation",
    "ac:link",
    "ac:link-body",
};

static bool is_hidden(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (strlen(hidden[i]) == len && memcmp(hidden[i], name, len) == 0)
            return true;
    return false;
}

static bool is_word(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

static void add_word(struct document *doc, const char *text, size_t len,
                     bool starts_run)
{
    if (doc->n == doc->cap) {
        doc->cap = doc->cap ? doc->cap * 2 : 64;
        doc->words = realloc(doc->words, doc->cap * sizeof(*doc->words));
        if (!doc->words)
            exit(1);
    }
    doc->words[doc->n++] = (struct word){text, len, starts_run};
}

/* Elements that end a word, and the text beside which stands alone. */
static bool is_block(const char *tag)
{
    static const char *const blocks[] = {
        "p",
        "li",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "pre",
        "ul",
        "ol",
        "blockquote",
        "br",
        "body",
        "ac:rich-text-body",
        "ac:task-body",
        "ac:layout-cell",
        "ac:caption",
        "![CDATA[",
    };
    tag += *tag == '<';
    tag += *tag == '/';
    size_t len = strcspn(tag, " \t\r\n/>");
    if (strncmp(tag, "![CDATA[", 8) == 0)
        len = 8;
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (strlen(blocks[i]) == len && memcmp(blocks[i], tag, len) == 0)
            return true;
    return *tag == '\0';
}

/* Words of one text; in code, of one of its lines, and nowhere across an empty
 * one: Markdown in a macro has headings, which are no part of the text below
 * them. A word that
 * touches an entity, or an edge that does not end words, may be part of a
 * longer one, and is left out. */
static void add_text(struct document *doc, const char *text, size_t len,
                     bool left, bool right, bool lines)
{
    bool starts_run = true, touched = !left;
    for (size_t i = 0; i < len;) {
        if (text[i] == '&') {
            while (i < len && text[i] != ';')
                i++;
            i += i < len;
            starts_run = touched = true;
            continue;
        }
        if (!is_word((unsigned char)text[i])) {
            starts_run |= text[i] == '\n' &&
                          (lines || (i + 1 < len && text[i + 1] == '\n'));
            touched = false;
            i++;
            continue;
        }
        size_t start = i;
        while (i < len && is_word((unsigned char)text[i]))
            i++;
        bool cut =
            touched || (i == len && !right) || (i < len && text[i] == '&');
        touched = false;
        if (!cut)
            add_word(doc, text + start, i - start, starts_run);
        starts_run = cut;
    }
}

struct scan {
    struct document *doc;
    bool hides[DEPTH];
    int depth, hiding;
};

static void open_tag(struct scan *scan, const char *tag, size_t len)
{
    size_t name = strcspn(tag, " \t\r\n/>");
    if (tag[len - 1] == '/' || scan->depth == DEPTH)
        return;
    bool hides = is_hidden(tag, name);
    scan->hides[scan->depth++] = hides;
    scan->hiding += hides;
}

static void close_tag(struct scan *scan)
{
    if (scan->depth > 0)
        scan->hiding -= scan->hides[--scan->depth];
}

/* The markup at `at`, which is a '<'; returns what comes after it. */
static const char *scan_markup(struct scan *scan, const char *at)
{
    const char *end;
    if (strncmp(at, "<![CDATA[", 9) == 0) {
        end = strstr(at, "]]>");
        if (end && scan->hiding == 0)
            add_text(scan->doc, at + 9, (size_t)(end - at - 9), true, true,
                     true);
        return end ? end + 3 : at + strlen(at);
    }
    if (strncmp(at, "<!--", 4) == 0) {
        end = strstr(at, "-->");
        return end ? end + 3 : at + strlen(at);
    }
    end = strchr(at, '>');
    if (!end)
        return at + strlen(at);
    if (at[1] == '/')
        close_tag(scan);
    else if (at[1] != '!' && at[1] != '?')
        open_tag(scan, at + 1, (size_t)(end - at - 1));
    return end + 1;
}

static void scan_document(struct document *doc)
{
    struct scan scan = {.doc = doc};
    const char *before = "";
    for (const char *at = doc->source; *at;) {
        size_t len = strcspn(at, "<");
        if (len && scan.hiding == 0)
            add_text(doc, at, len, is_block(before), is_block(at + len), false);
        at += len;
        before = at;
        if (*at)
            at = scan_markup(&scan, at);
    }
}

static struct count *find_count(const struct word *word)
{
    size_t hash = 5381;
    for (size_t i = 0; i < word->len; i++)
        hash = hash * 33 + (unsigned char)word->text[i];
    for (size_t i = hash % TABLE;; i = (i + 1) % TABLE) {
        struct count *count = &table[i];
        if (!count->text) {
            count->text = word->text;
            count->len = word->len;
        }
        if (count->len == word->len &&
            memcmp(count->text, word->text, word->len) == 0)
            return count;
    }
}

static void count_words(const struct document *doc, unsigned number)
{
    for (size_t i = 0; i < doc->n; i++) {
        struct count *count = find_count(&doc->words[i]);
        count->documents += count->last != number;
        count->last = number;
    }
}

/* The words around the rarest; a longer word wins a draw. */
static void print_phrase(const struct document *doc)
{
    size_t best = 0, first, n = 0;
    for (size_t i = 1; i < doc->n; i++) {
        unsigned have = find_count(&doc->words[i])->documents;
        unsigned least = find_count(&doc->words[best])->documents;
        if (have < least ||
            (have == least && doc->words[i].len > doc->words[best].len))
            best = i;
    }
    for (first = best; first < doc->n && n < 2 && first > 0; n++) {
        if (doc->words[first].starts_run)
            break;
        first--;
    }
    printf("%s\t", doc->name);
    for (size_t i = first; i < doc->n && i < first + PHRASE_WORDS; i++) {
        if (i > first && doc->words[i].starts_run)
            break;
        printf("%s%.*s", i > first ? " " : "", (int)doc->words[i].len,
               doc->words[i].text);
    }
    printf("\n");
}

static char *read_file(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        exit(1);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        exit(1);
    (void)fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    static struct document documents[MAX_DOCUMENTS];
    unsigned n = 0;
    table = calloc(TABLE, sizeof(*table));
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir || !table) {
        (void)fprintf(stderr, "usage: phrases FOLDER\n");
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(dir)) && n < MAX_DOCUMENTS;) {
        char *ending = strstr(entry->d_name, ".xhtml");
        if (!ending)
            continue;
        documents[n].source = read_file(argv[1], entry->d_name);
        documents[n].name =
            strndup(entry->d_name, (size_t)(ending - entry->d_name));
        scan_document(&documents[n]);
        n++;
    }
    (void)closedir(dir);
    for (unsigned i = 0; i < n; i++)
        count_words(&documents[i], i + 1);
    for (unsigned i = 0; i < n; i++)
        print_phrase(&documents[i]);
    return n > 0 ? 0 : 1;
}
