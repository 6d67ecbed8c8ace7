/*
 * prose.c - generated documents.
 */
#include "tests/bench/search/prose.h"

#include "tests/relevance/random.h"

#include <math.h>

enum {
    WORDS = 200000,
    TOPICS = 8, /* words that a document comes back to */
    IDENTIFIERS = 30000,
    MEDIAN = 3200, /* bytes */
    LARGEST = 250000
};

struct prose {
    struct rel_random random;
    size_t topics[TOPICS];
    struct cs_strbuf *out;
};

static const char *const common[] = {
    "the", "of",   "and",  "to",   "a",     "in",    "is",    "for",  "that",
    "on",  "with", "be",   "are",  "this",  "it",    "as",    "by",   "an",
    "or",  "from", "not",  "at",   "we",    "can",   "will",  "if",   "has",
    "all", "you",  "when", "must", "after", "which", "page",  "team", "data",
    "use", "new",  "may",  "user", "each",  "other", "check", "see",  "add",
    "one", "time", "test", "set",  "no"};

static const char *const syllables[] = {
    "ba",  "con", "de",  "fer", "gi",  "hal", "in",  "jo",  "ker", "la",
    "men", "no",  "or",  "pre", "qui", "ra",  "sen", "ti",  "un",  "ver",
    "wa",  "xi",  "ya",  "zo",  "bri", "cle", "dro", "ex",  "flo", "gra",
    "hy",  "im",  "ju",  "kni", "lo",  "mar", "ner", "ob",  "pla", "qua",
    "re",  "st",  "tra", "ul",  "vi",  "wi",  "sub", "com", "per", "dis"};

static double unit(struct prose *prose)
{
    return (double)(rel_random_next(&prose->random) >> 11) / 9007199254740992.0;
}

static bool one_in(struct prose *prose, size_t n)
{
    return rel_random_below(&prose->random, n) == 0;
}

/* Ranks of a Zipf law: their logarithms are even. */
static size_t rank(struct prose *prose)
{
    return (size_t)exp(unit(prose) * log(WORDS)) - 1;
}

/* Words with neighbouring ranks in blocks of four are one family. */
static void put_word(struct cs_strbuf *out, size_t rank_of)
{
    static const char *const ends[] = {"", "s", "ed", "ing"};
    const size_t n = CS_ARRAY_LEN(syllables);
    if (rank_of < CS_ARRAY_LEN(common)) {
        cs_strbuf_puts(out, common[rank_of]);
        return;
    }
    size_t root = rank_of / 4 * 2654435761u % 125000;
    cs_strbuf_puts(out, syllables[root % n]);
    cs_strbuf_puts(out, syllables[root / n % n]);
    if (root >= n * n)
        cs_strbuf_puts(out, syllables[root / n / n % n]);
    cs_strbuf_puts(out, ends[rank_of % 4]);
}

static void put_identifier(struct prose *prose)
{
    size_t which = rel_random_below(&prose->random, IDENTIFIERS);
    struct rel_random random = {which};
    bool snake = which % 2;
    for (size_t i = 0, n = 2 + which % 3; i < n; i++) {
        const char *one = REL_PICK(&random, syllables);
        const char *two = REL_PICK(&random, syllables);
        if (snake)
            cs_strbuf_printf(prose->out, "%s%s%s", i ? "_" : "", one, two);
        else
            cs_strbuf_printf(prose->out, "%c%s%s",
                             i ? one[0] - 'a' + 'A' : one[0], one + 1, two);
    }
}

static void put_special(struct prose *prose)
{
    struct rel_random *random = &prose->random;
    switch (rel_random_below(random, 8)) {
    case 0:
        cs_strbuf_printf(prose->out, "ERR-%05zu",
                         rel_random_below(random, 40000));
        break;
    case 1:
        cs_strbuf_printf(prose->out, "%zu", rel_random_below(random, 10000));
        break;
    case 2:
        cs_strbuf_printf(prose->out, "db-%02zu.prod.example",
                         rel_random_below(random, 60));
        break;
    case 3:
        cs_strbuf_printf(
            prose->out, "v%zu.%zu.%zu", rel_random_below(random, 9),
            rel_random_below(random, 30), rel_random_below(random, 10));
        break;
    default: put_identifier(prose);
    }
}

static void put_token(struct prose *prose)
{
    if (one_in(prose, 60))
        put_special(prose);
    else if (one_in(prose, 25))
        put_word(prose->out,
                 prose->topics[rel_random_below(&prose->random, TOPICS)]);
    else
        put_word(prose->out, rank(prose));
}

static void put_sentence(struct prose *prose)
{
    size_t n = 6 + rel_random_below(&prose->random, 14);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            cs_strbuf_puts(prose->out, one_in(prose, 12) ? ", " : " ");
        put_token(prose);
    }
    cs_strbuf_puts(prose->out, ". ");
}

static void put_code(struct prose *prose)
{
    cs_strbuf_puts(prose->out, "```java\n");
    for (size_t n = 2 + rel_random_below(&prose->random, 8); n > 0; n--) {
        cs_strbuf_puts(prose->out, "    ");
        put_identifier(prose);
        cs_strbuf_puts(prose->out, " = ");
        put_identifier(prose);
        cs_strbuf_puts(prose->out, "(request);\n");
    }
    cs_strbuf_puts(prose->out, "```\n\n");
}

static void put_block(struct prose *prose)
{
    size_t kind = rel_random_below(&prose->random, 10);
    size_t n = 2 + rel_random_below(&prose->random, 5);
    if (kind == 0) {
        put_code(prose);
        return;
    }
    if (kind <= 2) {
        cs_strbuf_puts(prose->out, "## ");
        for (size_t i = 0; i < n; i++) {
            put_token(prose);
            cs_strbuf_putc(prose->out, i + 1 < n ? ' ' : '\n');
        }
        cs_strbuf_putc(prose->out, '\n');
    }
    for (size_t i = 0; i < n; i++) {
        if (kind == 3)
            cs_strbuf_puts(prose->out, "- ");
        put_sentence(prose);
        if (kind == 3)
            cs_strbuf_putc(prose->out, '\n');
    }
    cs_strbuf_puts(prose->out, "\n\n");
}

static void start(struct prose *prose, size_t number, struct cs_strbuf *out)
{
    *prose = (struct prose){.random = {number * 1000003}, .out = out};
    for (size_t i = 0; i < TOPICS; i++)
        prose->topics[i] = 100 + rank(prose) % (WORDS - 100);
}

void prose_title(size_t number, struct cs_strbuf *out)
{
    struct prose prose;
    start(&prose, number, out);
    size_t n = 2 + rel_random_below(&prose.random, 3);
    for (size_t i = 0; i < n; i++) {
        put_word(out, i % 2 ? rank(&prose) : prose.topics[i]);
        cs_strbuf_putc(out, ' ');
    }
    cs_strbuf_printf(out, "%zu", number);
}

void prose_text(size_t number, unsigned version, struct cs_strbuf *out)
{
    struct prose prose;
    start(&prose, number, out);
    double size = 0; /* the sum of twelve is nearly normal */
    for (size_t i = 0; i < 12; i++)
        size += unit(&prose);
    size = MEDIAN * exp(1.15 * (size - 6));
    size_t enough = out->len + (size_t)(size < LARGEST ? size : LARGEST);
    if (version > 1) { /* another beginning */
        struct rel_random rest = prose.random;
        prose.random.state += version * UINT64_C(0xbf58476d1ce4e5b9);
        put_block(&prose);
        prose.random = rest;
    }
    do
        put_block(&prose);
    while (out->len < enough);
}
