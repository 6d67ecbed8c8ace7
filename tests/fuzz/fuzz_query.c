/*
 * fuzz_query.c - any bytes as a query: parsed, matched and shown.
 *
 * The input is a query; behind a line "---" a text may follow, of which a
 * snippet is made. FTS5 must take every expression, and a snippet must be valid
 * UTF-8 with its marks inside.
 */
#include "index/schema.h"
#include "index/search/glance.h"
#include "src/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
    struct cs_db *db;
    struct cs_tokenizer *tokenizer;
};

static void check(bool holds, const char *what, const struct cs_error *err)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, err->message);
    abort();
}

static const char rows[] =
    "INSERT INTO source VALUES(1, 's', 't', 'u', 'f', 0, 0, NULL);"
    "INSERT INTO container(id, source, vendor_id, key, name, folder)"
    " VALUES(1, 1, 'c', 'ENG', 'n', 'ENG');"
    "INSERT INTO document(id, source, container, vendor_id, kind, status,"
    " title, version, created, updated) VALUES"
    "(1, 1, 1, '1', 'page', 'current', 'a b c', 1, 0, 0),"
    "(2, 1, 1, '2', 'page', 'current', 'Deploy', 1, 0, 0);"
    "INSERT INTO body VALUES"
    "(1, 'and or not near a b c d e f g 1 2 3 x y', x'', 's', 0, 0, 0, 0),"
    "(2, 'restart the gateway', x'', 's', 0, 0, 0, 0);"
    "INSERT INTO fts(fts) VALUES('rebuild')";

/* Opened once for all inputs; the process ends with it. */
static const struct target *target(void)
{
    static struct target made;
    struct cs_error err = CS_ERROR_INIT;
    if (!made.db) {
        check(!cs_db_open(":memory:", CS_DB_WRITE, &made.db, &err), "open",
              &err);
        check(!cs_schema_prepare(made.db, &err), "schema", &err);
        check(!cs_db_exec(made.db, rows, &err), "rows", &err);
        check(!cs_tokenizer_open(made.db, &made.tokenizer, &err), "tokenizer",
              &err);
    }
    return &made;
}

static void match(const struct target *t, const struct cs_search_query *query)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    int64_t n = 0;
    cs_search_query_put_match(query, &text);
    check(!cs_strbuf_status(&text, &err), "expression", &err);
    check((text.len > 0) == (query->n_terms > 0), "lost terms", &err);
    check(cs_text_valid(text.data, text.len), "invalid expression", &err);
    if (text.len)
        check(!cs_db_int(t->db, &n, &err,
                         "SELECT count(*) FROM fts WHERE fts MATCH ?", "s",
                         text.data),
              text.data, &err);
    for (size_t i = 0; i < query->n_warnings; i++)
        check(cs_text_valid(query->warnings[i], strlen(query->warnings[i])),
              "invalid warning", &err);
}

static void show(const struct target *t, struct cs_arena *arena,
                 const struct cs_search_query *query, const char *text,
                 size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_needles *needles = NULL;
    struct cs_snippet snippet = {0};
    size_t done = 0;
    check(!cs_needles_make(arena, t->tokenizer, query, &needles, &err),
          "needles", &err);
    check(!cs_snippet_make(arena, t->tokenizer, needles, text, len, &snippet,
                           &err),
          "snippet", &err);
    size_t shown = strlen(snippet.text);
    check(cs_text_valid(snippet.text, shown), "invalid snippet", &err);
    check(snippet.line >= 1, "line", &err);
    for (size_t i = 0; i < snippet.n_marks; i++) {
        const struct cs_range *mark = &snippet.marks[i];
        check(mark->at >= done && mark->len > 0 &&
                  mark->at + mark->len <= shown,
              "mark", &err);
        check(cs_text_valid(snippet.text + mark->at, mark->len), "cut mark",
              &err);
        done = mark->at + mark->len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char border[] = "\n---\n";
    const struct target *t = target();
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_search_query *query = cs_arena_alloc(arena, sizeof(*query));
    const char *input = (const char *)data;
    const char *split =
        size ? memmem(input, size, border, strlen(border)) : NULL;
    size_t len = split ? (size_t)(split - input) : size;
    check(query != NULL, "memory", &err);
    check(!cs_search_query_parse(arena, t->tokenizer, size ? input : "", len,
                                 query, &err),
          "parse", &err);
    match(t, query);
    if (split) {
        size_t at = len + strlen(border);
        show(t, arena, query, input + at, size - at);
    }
    return 0;
}
