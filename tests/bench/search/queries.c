/*
 * queries.c - queries of all kinds, drawn from what a stock database holds.
 *
 *     cs-bench-queries DATABASE [DIVISOR]
 *
 * Prints some 2,000 lines for cs-bench-pairs, or that by DIVISOR: the class, a
 * query for cs, and a MATCH expression that asks FTS5 for the same, as far as
 * it can. Always the same ones for the same documents.
 */
#include "tests/relevance/random.h"

#include "src/strbuf.h"
#include "src/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* Words of similar frequency. */
struct band {
    double least, most; /* shares of all documents; above 1: documents */
    const char **words;
    size_t n;
};

enum { RARE, MIDDLE, COMMON, STOP, BANDS };

struct maker {
    sqlite3 *db;
    sqlite3_stmt *body;
    struct rel_random random;
    int64_t documents;
    size_t divisor;
    struct band bands[BANDS];
    struct cs_strbuf ours, match;
};

static void die(struct maker *maker)
{
    (void)fprintf(stderr, "queries: %s\n", sqlite3_errmsg(maker->db));
    exit(1);
}

static sqlite3_stmt *prepare(struct maker *maker, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(maker->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        die(maker);
    return stmt;
}

/* ---- words ---- */

static bool is_in(const struct maker *maker, const struct band *band,
                  int64_t df)
{
    double n = (double)maker->documents;
    double least = band->least > 1 ? band->least : band->least * n;
    double most = band->most > 1 ? band->most : band->most * n;
    return (double)df >= least && (double)df <= most;
}

static void read_words(struct maker *maker)
{
    sqlite3_stmt *stmt =
        prepare(maker, "SELECT term, doc FROM temp.words WHERE doc >= 3");
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *term = (const char *)sqlite3_column_text(stmt, 0);
        size_t len = strlen(term);
        if (strspn(term, "abcdefghijklmnopqrstuvwxyz") != len || len > 14)
            continue;
        for (size_t i = 0; i < BANDS; i++) {
            struct band *band = &maker->bands[i];
            if (!is_in(maker, band, sqlite3_column_int64(stmt, 1)) ||
                (i != STOP && len < 4))
                continue;
            band->words =
                reallocarray(band->words, band->n + 1, sizeof(*band->words));
            if (!band->words || !(band->words[band->n++] = strdup(term)))
                exit(1);
        }
    }
    sqlite3_finalize(stmt);
}

static const char *word(struct maker *maker, size_t band)
{
    const struct band *of = &maker->bands[band];
    return of->n ? of->words[rel_random_below(&maker->random, of->n)] : "page";
}

/* ---- pieces of texts ---- */

static const char *text(struct maker *maker)
{
    int64_t row =
        1 + (int64_t)rel_random_below(&maker->random, (size_t)maker->documents);
    sqlite3_reset(maker->body);
    sqlite3_bind_int64(maker->body, 1, row);
    if (sqlite3_step(maker->body) != SQLITE_ROW)
        die(maker);
    return (const char *)sqlite3_column_text(maker->body, 0);
}

/* `n` plain words that follow each other in some text. */
static void put_run(struct maker *maker, size_t n, struct cs_strbuf *out)
{
    for (;;) {
        const char *from = text(maker);
        size_t words = 0, len = 0;
        const char *at = from + rel_random_below(&maker->random, strlen(from));
        at += strcspn(at, " ");
        at += *at == ' ';
        for (; words < n; words++) {
            size_t more = strspn(at + len, "abcdefghijklmnopqrstuvwxyz");
            if (more == 0 || at[len + more] != ' ')
                break;
            len += more + 1;
        }
        if (words == n) {
            cs_strbuf_put(out, at, len - 1);
            return;
        }
    }
}

/* A word of some text that has a `mark` or a capital inside. */
static void put_identifier(struct maker *maker, struct cs_strbuf *out)
{
    for (;;) {
        const char *at = strstr(text(maker), "```java\n    ");
        size_t len = at ? strcspn(at + 12, " ") : 0;
        if (len < 4)
            continue;
        cs_strbuf_put(out, at + 12, len);
        return;
    }
}

/* ---- classes ---- */

typedef void make_fn(struct maker *maker, size_t argument);

static void same(struct maker *maker)
{
    cs_strbuf_puts(&maker->match, maker->ours.data);
}

static void one_word(struct maker *maker, size_t band)
{
    cs_strbuf_puts(&maker->ours, word(maker, band));
    same(maker);
}

static void two_words(struct maker *maker, size_t band)
{
    cs_strbuf_printf(&maker->ours, "%s %s", word(maker, MIDDLE),
                     word(maker, band));
    same(maker);
}

static void three_words(struct maker *maker, size_t band)
{
    cs_strbuf_printf(&maker->ours, "%s %s %s", word(maker, MIDDLE),
                     word(maker, COMMON), word(maker, band));
    same(maker);
}

static void phrase(struct maker *maker, size_t n)
{
    cs_strbuf_putc(&maker->ours, '"');
    put_run(maker, n, &maker->ours);
    cs_strbuf_putc(&maker->ours, '"');
    same(maker);
}

static void stop_phrase(struct maker *maker, size_t n)
{
    (void)n;
    const char *one = word(maker, STOP);
    cs_strbuf_printf(&maker->ours, "\"%s %s\"", one, word(maker, STOP));
    same(maker);
}

static void prefix(struct maker *maker, size_t letters)
{
    size_t band = rel_random_below(&maker->random, COMMON + 1);
    cs_strbuf_printf(&maker->ours, "%.*s*", (int)letters, word(maker, band));
    same(maker);
}

static void question(struct maker *maker, size_t n)
{
    put_run(maker, n, &maker->ours);
    for (const char *at = maker->ours.data; *at; at++) {
        if (*at == ' ')
            cs_strbuf_puts(&maker->match, " OR ");
        else
            cs_strbuf_putc(&maker->match, *at);
    }
}

static void filtered(struct maker *maker, size_t band)
{
    static const char *const filters[] = {
        "space:S03", "label:runbook",        "updated:>2021",
        "type:page", "space:S07 label:team", "author:\"Person 12\""};
    const char *one = word(maker, band);
    cs_strbuf_printf(
        &maker->ours, "%s %s", one,
        filters[rel_random_below(&maker->random, CS_ARRAY_LEN(filters))]);
    cs_strbuf_puts(&maker->match, one);
}

static void typo(struct maker *maker, size_t band)
{
    const char *one = word(maker, band);
    size_t len = strlen(one),
           at = 1 + rel_random_below(&maker->random, len - 2);
    cs_strbuf_printf(&maker->ours, "%.*s%s", (int)at, one, one + at + 1);
    same(maker);
}

static void identifier(struct maker *maker, size_t n)
{
    (void)n;
    put_identifier(maker, &maker->ours);
    cs_strbuf_printf(&maker->match, "\"%s\"", maker->ours.data);
}

static const struct {
    const char *name;
    size_t n;
    make_fn *make;
    size_t argument;
} classes[] = {
    {"rare word", 250, one_word, RARE},
    {"middle word", 250, one_word, MIDDLE},
    {"common word", 100, one_word, COMMON},
    {"stop word", 40, one_word, STOP},
    {"two words", 200, two_words, MIDDLE},
    {"middle and common", 100, two_words, COMMON},
    {"three words", 130, three_words, MIDDLE},
    {"phrase of two", 130, phrase, 2},
    {"phrase of three", 120, phrase, 3},
    {"phrase of stop words", 30, stop_phrase, 2},
    {"prefix of 1", 20, prefix, 1},
    {"prefix of 2", 40, prefix, 2},
    {"prefix of 3", 80, prefix, 3},
    {"prefix of 4", 80, prefix, 4},
    {"question of 12", 130, question, 12},
    {"rare, filtered", 60, filtered, RARE},
    {"common, filtered", 60, filtered, COMMON},
    {"typo", 80, typo, MIDDLE},
    {"identifier", 100, identifier, 0},
};

static void open_database(struct maker *maker, const char *path)
{
    if (sqlite3_open_v2(path, &maker->db, SQLITE_OPEN_READONLY, NULL) ||
        sqlite3_exec(maker->db,
                     "CREATE VIRTUAL TABLE temp.words USING"
                     " fts5vocab(main, fts, row)",
                     NULL, NULL, NULL))
        die(maker);
    sqlite3_stmt *stmt = prepare(maker, "SELECT max(id) FROM page");
    if (sqlite3_step(stmt) != SQLITE_ROW)
        die(maker);
    maker->documents = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    maker->body = prepare(maker, "SELECT body FROM page WHERE id >= ?1"
                                 " ORDER BY id LIMIT 1");
}

int main(int argc, char **argv)
{
    struct maker maker = {
        .random = {11},
        .divisor = argc == 3 ? strtoul(argv[2], NULL, 10) : 1,
        .bands = {[RARE] = {5, 20, NULL, 0},
                  [MIDDLE] = {0.005, 0.02, NULL, 0},
                  [COMMON] = {0.15, 0.5, NULL, 0},
                  [STOP] = {0.75, 1, NULL, 0}},
        .ours = CS_STRBUF_INIT(1 << 16),
        .match = CS_STRBUF_INIT(1 << 16),
    };
    if (argc < 2 || maker.divisor == 0)
        return 2;
    open_database(&maker, argv[1]);
    read_words(&maker);
    for (size_t c = 0; c < CS_ARRAY_LEN(classes); c++) {
        size_t n = classes[c].n / maker.divisor;
        for (size_t i = 0; i < (n ? n : 1); i++) {
            cs_strbuf_truncate(&maker.ours, 0);
            cs_strbuf_truncate(&maker.match, 0);
            classes[c].make(&maker, classes[c].argument);
            (void)printf("%s\t%s\t%s\n", classes[c].name, maker.ours.data,
                         maker.match.data);
        }
    }
    cs_strbuf_clear(&maker.ours);
    cs_strbuf_clear(&maker.match);
    sqlite3_finalize(maker.body);
    sqlite3_close(maker.db);
    return 0;
}
