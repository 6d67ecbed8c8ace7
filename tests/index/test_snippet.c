/*
 * test_snippet.c - what is shown of a text, where it stands, what is marked.
 */
#include "tests/lib/test.h"

#include "index/search/section.h"
#include "index/search/snippet.h"
#include "index/words/split.h"
#include "src/text.h"

#include <dirent.h>

struct fixture {
    struct cs_arena *arena;
    struct cs_snippet snippets[CS_SNIPPETS_MAX];
    size_t n;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = cs_arena_new(0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    cs_arena_free(f->arena);
    free(f);
    return 0;
}

/* Patterns separated by ";", one a term; each term is worth as much as the
 * others. "*" at the end is a prefix. */
static struct cs_matcher *matcher_of(struct fixture *f, const char *query)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_matcher *matcher = NULL;
    struct cs_matcher_pattern patterns[8];
    struct cs_matcher_term terms[8];
    size_t n = 0;
    while (*query) {
        size_t len = strcspn(query, ";");
        bool prefix = len > 0 && query[len - 1] == '*';
        patterns[n].tokens = cs_arena_strndup(f->arena, query, len - prefix);
        patterns[n].prefix = prefix;
        terms[n] = (struct cs_matcher_term){&patterns[n], 1, 1, 0};
        n++;
        query += len + (query[len] == ';');
    }
    assert_ok(cs_matcher_new(f->arena, terms, n, &matcher, &err), &err);
    return matcher;
}

static void make(struct fixture *f, const struct cs_matcher *matcher,
                 const struct cs_snippet_source *source)
{
    struct cs_error err = CS_ERROR_INIT;
    memset(f->snippets, 0, sizeof(f->snippets));
    assert_ok(cs_snippets_make(f->arena, matcher, source, CS_SNIPPETS_MAX,
                               f->snippets, &f->n, &err),
              &err);
    assert_true(f->n > 0);
}

static void make_of(struct fixture *f, const char *markdown, const char *query)
{
    size_t len = strlen(markdown);
    make(f, matcher_of(f, query),
         &(struct cs_snippet_source){markdown, len, len, 0});
}

/* The text with its marks in brackets. */
static const char *marked(const struct cs_snippet *snippet)
{
    static char text[2048];
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(2000);
    size_t done = 0;
    for (size_t i = 0; i < snippet->n_marks; i++) {
        const struct cs_range *mark = &snippet->marks[i];
        assert_true(mark->at >= done && mark->len > 0);
        cs_strbuf_put(&out, snippet->text + done, mark->at - done);
        cs_strbuf_putc(&out, '[');
        cs_strbuf_put(&out, snippet->text + mark->at, mark->len);
        cs_strbuf_putc(&out, ']');
        done = mark->at + mark->len;
    }
    cs_strbuf_puts(&out, snippet->text + done);
    memcpy(text, out.data, out.len + 1);
    return text;
}

static const char *snippet_of(struct fixture *f, const char *markdown,
                              const char *query)
{
    make_of(f, markdown, query);
    return marked(&f->snippets[0]);
}

static void test_markdown_is_stripped(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *markdown, *query, *snippet;
    } cases[] = {
        {"# The *big* heading\n\nA **bold** word, `code_x` and [a link]().\n",
         "heading;bold", "The big [heading] A [bold] word, code_x and a link."},
        {"- one\n- [x] two *three*\n1. four\n> quoted\n", "two;quoted",
         "[two] three four [quoted]"},
        {"| A | B |\n| --- | --- |\n| cell | other \\| x |\n", "cell",
         "[cell] | other | x"},
        {"See [docs](https://host.example/path/needle) now\n", "needle",
         "See docs (https://host.example/path/[needle]) now"},
        {"See [docs](https://host.example/path/needle) now\n", "now",
         "See docs [now]"},
        {"x\n\n```sh\n# not *a* heading\nrun `it` now\n```\n\nafter\n", "run",
         "[run] `it` now after"},
        {"snake_case and 2 \\* 3 &lt; 7 <br> <https://a.example/> "
         "<u>under</u>\n",
         "snake", "[snake]_case and 2 * 3 < 7 https://a.example/ under"},
        {"see get\\_user\\_by\\_id in `getUserById`\n", "getuserbyid",
         "see [get_user_by_id] in [getUserById]"},
        {"Caf\xc3\xa9 cr\xc3\xa8me\n", "creme", "Caf\xc3\xa9 [cr\xc3\xa8me]"},
        {"one two three two three\n", "two three",
         "one [two three] [two three]"},
        {"deploy deployment redeploy\n", "deploy*",
         "[deploy] [deployment] redeploy"},
        {"tab\tand\x1b\\[31mred\x07\n", "tab", "[tab] and[31mred"},
        {"", "titled", ""},
        {"```\ncode only\n```\n", "titled", "code only"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++)
        assert_string_equal(snippet_of(f, cases[i].markdown, cases[i].query),
                            cases[i].snippet);
}

static void test_without_hits_the_first_prose(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *markdown, *snippet;
    } cases[] = {
        {"# Head\n\n| a |\n| --- |\n\nFirst paragraph here.\n\nMore.\n",
         "First paragraph here. More."},
        {"- [One](#one)\n- [Two](#two)\n\n(macro acme-report)\n\n"
         "[All pages](../All.md)\n\n## One\n\nThe text.\n",
         "The text."},
        {"![](a.png)\n\n<div>\n\n- item one\n", "item one"},
        {"## Only\n\n| a | b |\n| --- | --- |\n", "Only a | b"},
        {"```\nint x;\n```\n\nProse.\n", "Prose."},
        {"<details>\n\n- [a](#a)\n", ""},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        const char *snippet = snippet_of(f, cases[i].markdown, "nothing");
        if (*cases[i].snippet)
            assert_string_equal(snippet, cases[i].snippet);
        assert_int_equal(f->n, 1);
    }
    make(f, NULL, &(struct cs_snippet_source){"Text.\n", 6, 6, 9});
    assert_string_equal(f->snippets[0].text, "Text.");
    assert_int_equal(f->snippets[0].lines[0], 10);
}

static const char sections[] =
    "Intro.\n"                                     /* line 1 */
    "\n"                                           /* 2 */
    "## Set up\n"                                  /* 3 */
    "\n"                                           /* 4 */
    "Install the `gateway`,\n"                     /* 5 */
    "then *restart* it.\n"                         /* 6 */
    "\n"                                           /* 7 */
    "```\n"                                        /* 8 */
    "## not a heading\n"                           /* 9 */
    "systemctl restart gatewayd\n"                 /* 10 */
    "```\n"                                        /* 11 */
    "\n"                                           /* 12 */
    "### Set [up](x.md)\n"                         /* 13 */
    "\n"                                           /* 14 */
    "Only the budget is here, gateway.\n"          /* 15 */
    "\n## Comments\n\n**Ada** Restart at night\n"; /* 16 to 19 */

static void test_sections_and_lines(void **state)
{
    struct fixture *f = *state;
    const char *comments = strstr(sections, "\n## Comments");
    const struct cs_snippet_source source = {
        sections, strlen(sections), (size_t)(comments - sections), 100};
    const struct cs_snippet *first = &f->snippets[0], *second = first + 1;
    make(f, matcher_of(f, "gateway;restart;budget"), &source);
    assert_int_equal(f->n, 2);
    assert_string_equal(marked(first),
                        "Install the [gateway], then [restart] "
                        "it. ## not a heading systemctl [restart] "
                        "gatewayd");
    assert_string_equal(first->heading, "Set up");
    assert_string_equal(first->anchor, "set-up");
    assert_int_equal(first->level, 2);
    assert_int_equal(first->lines[0], 105);
    assert_int_equal(first->lines[1], 110);
    assert_int_equal(first->line, 5);
    assert_int_equal(first->field, CS_FIELD_BODY);
    assert_string_equal(marked(second),
                        "Only the [budget] is here, [gateway].");
    assert_string_equal(second->anchor, "set-up-1");
    assert_int_equal(second->lines[0], 115);
    assert_int_equal(second->lines[1], 115);

    make(f, matcher_of(f, "night"), &source);
    assert_int_equal(f->n, 1);
    assert_int_equal(first->field, CS_FIELD_COMMENTS);
    assert_string_equal(marked(first), "Ada Restart at [night]");
    assert_int_equal(first->lines[0], 119);
    make(f, matcher_of(f, "gatewayd"), &source);
    assert_int_equal(first->field, CS_FIELD_CODE);
    make(f, matcher_of(f, "set;install"), &source);
    assert_int_equal(first->field, CS_FIELD_HEADINGS);
    assert_string_equal(marked(second), "[Set] up Only the budget is here, "
                                        "gateway.");
    make(f, matcher_of(f, "intro"), &source);
    assert_null(first->heading);
    assert_int_equal(first->level, 0);
}

static void test_rare_terms_come_first(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_matcher *matcher = NULL;
    const struct cs_matcher_pattern patterns[] = {
        {"common", false}, {"words", false}, {"rare", false}};
    const struct cs_matcher_term terms[] = {{&patterns[0], 1, 1, 0},
                                            {&patterns[1], 1, 1, 0},
                                            {&patterns[2], 1, 5, 0}};
    static const char text[] = "# A\n\ncommon words\n\n# B\n\nA rare one.\n";
    assert_ok(cs_matcher_new(f->arena, terms, 3, &matcher, &err), &err);
    make(f, matcher,
         &(struct cs_snippet_source){text, strlen(text), strlen(text), 0});
    assert_string_equal(f->snippets[0].text, "A rare one.");
    assert_string_equal(f->snippets[1].text, "common words");
}

static void test_fields_of_terms(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_matcher *matcher = NULL;
    const struct cs_matcher_pattern pattern = {"run", false};
    struct cs_matcher_term term = {&pattern, 1, 1, 1U << CS_FIELD_CODE};
    static const char text[] = "# Run\n\nrun\n\n```\nrun\n```\n\nrun\n";
    const struct cs_snippet_source source = {text, strlen(text),
                                             strlen(text) - 4, 0};
    assert_ok(cs_matcher_new(f->arena, &term, 1, &matcher, &err), &err);
    make(f, matcher, &source);
    assert_string_equal(marked(&f->snippets[0]), "[run] run");
    assert_int_equal(f->snippets[0].lines[0], 6);
    term.fields = 1U << CS_FIELD_COMMENTS;
    assert_ok(cs_matcher_new(f->arena, &term, 1, &matcher, &err), &err);
    make(f, matcher, &source);
    assert_int_equal(f->snippets[0].lines[0], 9);
    assert_int_equal(f->snippets[0].field, CS_FIELD_COMMENTS);
    term.fields = 1U << CS_FIELD_TITLE;
    assert_ok(cs_matcher_new(f->arena, &term, 1, &matcher, &err), &err);
    make(f, matcher, &source);
    assert_int_equal(f->snippets[0].n_marks, 0);
}

static void test_the_densest_window(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    cs_strbuf_puts(&text, "alpha alpha alpha alone stands here.\n\n");
    for (int i = 0; i < 60; i++)
        cs_strbuf_puts(&text, "filler words go on and on. ");
    cs_strbuf_puts(&text, "Here alpha meets beta at last. ");
    for (int i = 0; i < 60; i++)
        cs_strbuf_puts(&text, "filler words go on and on. ");
    cs_strbuf_puts(&text, "\n");
    const char *snippet = snippet_of(f, text.data, "alpha;beta");
    assert_non_null(strstr(snippet, "Here [alpha] meets [beta] at last."));
    assert_true(strlen(snippet) < 260);
    assert_memory_equal(snippet,
                        "\xe2\x80\xa6"
                        "Here",
                        7);
    assert_string_equal(snippet + strlen(snippet) - 4, ".\xe2\x80\xa6");
    assert_true(f->snippets[0].truncated);
}

static void test_a_long_text_is_cut(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    while (text.len < CS_SNIPPET_TEXT_MAX)
        cs_strbuf_puts(&text, "\xe3\x81\x82\xe3\x81\x84");
    cs_strbuf_puts(&text, " needle\n");
    make_of(f, text.data, "needle");
    assert_int_equal(f->snippets[0].n_marks, 0);
    assert_true(
        cs_text_valid(f->snippets[0].text, strlen(f->snippets[0].text)));
}

/* ---- lines hold what is shown ---- */

/* Are the letters and digits of `shown` among those of the text, in order? */
static bool is_within(const char *shown, size_t shown_len, const char *text,
                      size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < shown_len;) {
        uint32_t rune, other = 0;
        i += cs_text_decode(shown + i, shown_len - i, &rune);
        if (!cs_rune_is_alnum(rune))
            continue;
        while (other != rune) {
            if (at >= len)
                return false;
            at += cs_text_decode(text + at, len - at, &other);
        }
    }
    return true;
}

static size_t line_start(const char *text, size_t len, size_t line)
{
    size_t at = 0;
    while (line-- > 0 && at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        at = end ? (size_t)(end - text) + 1 : len;
    }
    return at;
}

static bool is_blank(const char *text, size_t len)
{
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    return len == 0;
}

static void check_lines(const struct cs_snippet *snippet, const char *text,
                        size_t len)
{
    size_t shown = strlen(snippet->text), done = 0;
    assert_true(cs_text_valid(snippet->text, shown));
    assert_true(snippet->lines[0] >= 1 &&
                snippet->lines[1] >= snippet->lines[0] &&
                snippet->lines[1] < snippet->lines[0] + 20);
    size_t from = line_start(text, len, snippet->lines[0] - 1);
    size_t last = line_start(text, len, snippet->lines[1] - 1);
    size_t end = line_start(text, len, snippet->lines[1]);
    if (!is_within(snippet->text, shown, text + from, end - from))
        fail_msg("'%s' is not in lines %zu-%zu:\n%.*s", snippet->text,
                 snippet->lines[0], snippet->lines[1], (int)(end - from),
                 text + from);
    if (last > from)
        assert_false(is_blank(text + last, end - last));
    for (size_t i = 0; i < snippet->n_marks; i++) {
        const struct cs_range *mark = &snippet->marks[i];
        assert_true(mark->len > 0 && mark->at >= done &&
                    mark->at + mark->len <= shown);
        assert_true(cs_text_valid(snippet->text + mark->at, mark->len));
        done = mark->at + mark->len;
    }
}

/* Some words of a text as a query. */
struct words {
    char text[256];
    size_t n, seen;
    uint64_t *seed;
};

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33);
}

static bool take_word(void *payload, const struct cs_word *word)
{
    struct words *words = payload;
    size_t len = strlen(words->text);
    if (words->n == 3 || len + word->len + 2 > sizeof(words->text))
        return false;
    if (next_random(words->seed) % 7)
        return true;
    (void)snprintf(words->text + len, sizeof(words->text) - len, "%s%.*s",
                   len ? ";" : "", (int)word->len, word->text);
    words->n++;
    return true;
}

static void check_text(struct fixture *f, const char *text, size_t len,
                       uint64_t *seed)
{
    struct words words = {.seed = seed};
    size_t from = len ? next_random(seed) % len : 0;
    (void)cs_words_split(text + from, len - from, take_word, &words);
    make(f, matcher_of(f, words.text),
         &(struct cs_snippet_source){text, len, len, 0});
    for (size_t i = 0; i < f->n; i++)
        check_lines(&f->snippets[i], text, len);
    cs_arena_clear(f->arena);
}

static void test_lines_hold_what_is_shown(void **state)
{
    struct fixture *f = *state;
    static const char *const pieces[] = {
        "word",
        "other",
        " ",
        "\n",
        "\n\n",
        "# ",
        "## Head\n",
        "- ",
        "> ",
        "| a | b |\n| --- | --- |\n",
        "`",
        "```\n",
        "[x](y)",
        "*",
        "_",
        "\\",
        "<br>",
        "&amp;",
        "\xc3\xa9t\xc3\xa9",
        "\xe6\xa4\x9c\xe7\xb4\xa2",
        ". ",
        "getUserById",
        "\xff",
        "\x1b",
        "a long row of words that goes on ",
    };
    uint64_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(100000);
        for (uint32_t n = next_random(&seed) % 120; n > 0; n--)
            cs_strbuf_puts(&text,
                           pieces[next_random(&seed) % CS_ARRAY_LEN(pieces)]);
        check_text(f, text.data, text.len, &seed);
    }
}

static void test_lines_of_converted_pages(void **state)
{
    struct fixture *f = *state;
    static const char folder[] = CS_FIXTURES "/storage";
    DIR *dir = opendir(folder);
    uint64_t seed = 1;
    size_t pages = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        static char text[1 << 20];
        char path[4096];
        if (!cs_str_ends(entry->d_name, ".md"))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        size_t len = fread(text, 1, sizeof(text) - 1, file);
        (void)fclose(file);
        for (int i = 0; i < 8; i++)
            check_text(f, text, len, &seed);
        pages++;
    }
    (void)closedir(dir);
    assert_true(pages > 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_markdown_is_stripped),
        TEST(test_without_hits_the_first_prose),
        TEST(test_sections_and_lines),
        TEST(test_rare_terms_come_first),
        TEST(test_fields_of_terms),
        TEST(test_the_densest_window),
        TEST(test_a_long_text_is_cut),
        TEST(test_lines_hold_what_is_shown),
        TEST(test_lines_of_converted_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
