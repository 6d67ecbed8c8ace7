/*
 * lexicon_sample.c - terms and their df by hand.
 */
#include "tests/index/lexicon_sample.h"

#include "tests/lib/test.h"

struct cs_db *lexicon_sample_open(const char *path)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_db_exec(db,
                         "CREATE TABLE lexicon(id INTEGER PRIMARY KEY,"
                         " first TEXT NOT NULL UNIQUE, terms BLOB NOT NULL)"
                         " STRICT;"
                         "CREATE TABLE lexicon_delta(id INTEGER PRIMARY KEY,"
                         " terms BLOB NOT NULL) STRICT",
                         &err),
              &err);
    return db;
}

static void count(struct cs_tally *tally, const char *term, size_t len,
                  int64_t df)
{
    for (int64_t i = 0; i < (df < 0 ? -df : df); i++) {
        cs_tally_document(tally, df < 0 ? -1 : 1);
        cs_tally_add(tally, term, len);
    }
}

void lexicon_sample_add(struct cs_db *db, const char *term, int64_t df)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    count(tally, term, strlen(term), df);
    assert_ok(cs_lexicon_write(db, tally, &err), &err);
}

void lexicon_sample_fill(struct cs_db *db, const char *terms)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_tally *tally CS_CLEANUP(cs_tally_cleanup) = cs_tally_new();
    while (*terms) {
        size_t len = strcspn(terms, " ");
        char *end;
        count(tally, terms, len, strtoll(terms + len, &end, 10));
        terms = *end ? end + 1 : end;
    }
    assert_ok(cs_lexicon_write(db, tally, &err), &err);
    assert_ok(cs_lexicon_fold(db, 0, &err), &err);
}
