/*
 * fuzz_lexicon.c - any bytes as a lexicon: a row of the base, behind a line
 * "---" a run. Whatever is asked of it ends with an answer or is refused as
 * damaged.
 */
#include "index/words/lexicon.h"
#include "index/words/stem.h"
#include "index/words/typo.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(enum cs_status status, const struct cs_error *err)
{
    if (status == CS_OK || status == CS_ERR_CORRUPT)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    abort();
}

static const char tables[] =
    "CREATE TABLE lexicon(id INTEGER PRIMARY KEY,"
    " first TEXT NOT NULL UNIQUE, terms BLOB NOT NULL) STRICT;"
    "CREATE TABLE lexicon_delta(id INTEGER PRIMARY KEY,"
    " terms BLOB NOT NULL) STRICT";

/* Opened once for all inputs; the process ends with it. */
static struct cs_db *database(void)
{
    static struct cs_db *made;
    struct cs_error err = CS_ERROR_INIT;
    if (!made && (cs_db_open(":memory:", CS_DB_WRITE, &made, &err) ||
                  cs_db_exec(made, tables, &err)))
        expect(CS_ERR_INTERNAL, &err);
    return made;
}

static bool count(void *payload, const char *term, size_t len, int64_t df)
{
    size_t *n = payload;
    if (len == 0 || df <= 0 || !term)
        abort();
    return ++*n < 1000;
}

static void ask(struct cs_db *db)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_family *family;
    struct cs_typo *typos;
    const char *meant;
    int64_t df;
    size_t n = 0;
    if (!arena || cs_lexicon_open(db, &lexicon, &err))
        expect(CS_ERR_INTERNAL, &err);
    expect(cs_lexicon_df(lexicon, "deploy", 6, &df, &err), &err);
    expect(cs_lexicon_walk(lexicon, "", 0, count, &n, &err), &err);
    expect(cs_lexicon_walk(lexicon, "de", 2, count, &n, &err), &err);
    expect(cs_stem_family(lexicon, arena, "deployed", 9, &family, &n, &err),
           &err);
    expect(cs_typo_correct(lexicon, arena, "deployd", 2, &meant, &df, &err),
           &err);
    expect(cs_typo_nearest(lexicon, arena, "dploi", 9, &typos, &n, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = database();
    const uint8_t *border =
        size > 0 ? memmem(data, size, "\n---\n", strlen("\n---\n")) : NULL;
    size_t base = border ? (size_t)(border - data) : size;
    size_t run = border ? base + strlen("\n---\n") : size;
    expect(cs_db_exec(db, "BEGIN", &err), &err);
    expect(cs_db_run(db, &err, "INSERT INTO lexicon VALUES(1, 'a', ?)", "b",
                     size > 0 ? (const void *)data : "", base),
           &err);
    if (border)
        expect(cs_db_run(db, &err, "INSERT INTO lexicon_delta VALUES(1, ?)",
                         "b", (const void *)(data + run), size - run),
               &err);
    ask(db);
    expect(cs_lexicon_fold(db, 0, &err), &err);
    cs_db_rollback(db);
    return 0;
}
