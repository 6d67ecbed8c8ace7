/*
 * fulltext.c - the full-text index built anew.
 *
 * The new index is made from the lasting tables in the pages that the old one
 * leaves, so that the file does not grow. All that is one transaction: readers
 * work with the old index until the commit, and a kill leaves nothing behind.
 */
#include "index/fulltext.h"

#include "index/state.h"
#include "index/words/lexicon.h"
#include "index/words/split.h"
#include "index/words/vector.h"

#include <string.h>

enum {
    STEP_BLOCKS = 2000 /* that one step of a join writes */
};

enum cs_status cs_fulltext_module(struct cs_db *db, struct cs_arena *arena,
                                  const char **ret, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT sql FROM sqlite_schema WHERE name = 'fts'", "");
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    const char *sql = row ? cs_query_text(&query, 0) : NULL;
    const char *using = sql ? strstr(sql, " USING ") : NULL;
    if (!using) {
        cs_error_set(err, CS_ERR_CORRUPT, "the full-text index is not there");
        cs_error_hint(err, CS_DB_WAY_BACK);
        return CS_ERR_CORRUPT;
    }
    *ret = cs_arena_strdup(arena, using + strlen(" USING "));
    return cs_arena_status(arena, err);
}

enum cs_status cs_fulltext_size(struct cs_db *db, int64_t *ret_pieces,
                                int64_t *ret_bytes, struct cs_error *err)
{
    enum cs_status status = cs_db_int(
        db, ret_pieces, err, "SELECT count(DISTINCT segid) FROM fts_idx", "");
    return status ? status
                  : cs_db_int(db, ret_bytes, err,
                              "SELECT sum(length(block)) FROM fts_data", "");
}

enum cs_status cs_fulltext_blocks(struct cs_db *db, int64_t *ret_pieces,
                                  int64_t *ret_blocks, int64_t *ret_rest,
                                  struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        db, &query, err,
        "SELECT count(*), coalesce(sum(n), 0), coalesce(sum(n) - max(n), 0)"
        " FROM (SELECT max(pgno) / 2 - min(pgno) / 2 + 1 AS n FROM fts_idx"
        "  GROUP BY segid)",
        "");
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    *ret_pieces = cs_query_int(&query, 0);
    *ret_blocks = cs_query_int(&query, 1);
    *ret_rest = cs_query_int(&query, 2);
    return CS_OK;
}

/* The first step, a negative number, takes all pieces into the merge; the next
 * ones carry it on until nothing is left to do. */
enum cs_status cs_fulltext_join(struct cs_db *db, struct cs_error *err)
{
    sqlite3 *handle = cs_db_handle(db);
    for (int64_t blocks = -STEP_BLOCKS;; blocks = STEP_BLOCKS) {
        int before = sqlite3_total_changes(handle);
        enum cs_status status =
            cs_db_run(db, err, "INSERT INTO fts(fts, rank) VALUES('merge', ?)",
                      "i", blocks);
        if (status || sqlite3_total_changes(handle) - before < 2)
            return status;
    }
}

/* An index so damaged that FTS5 does not open it cannot be dropped by FTS5:
 * forget the virtual table, then drop its parts as the tables they are. */
static enum cs_status drop_by_force(struct cs_db *db, struct cs_error *err)
{
    return cs_db_exec(db,
                      "PRAGMA writable_schema=ON;"
                      "DELETE FROM sqlite_schema"
                      " WHERE name = 'fts' AND type = 'table';"
                      "PRAGMA writable_schema=RESET;"
                      "DROP TABLE IF EXISTS fts_data;"
                      "DROP TABLE IF EXISTS fts_idx;"
                      "DROP TABLE IF EXISTS fts_docsize;"
                      "DROP TABLE IF EXISTS fts_config;",
                      err);
}

enum cs_status cs_fulltext_drop(struct cs_db *db, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_db_exec(
        db, "SAVEPOINT dropping; DROP TABLE fts; RELEASE dropping", &why);
    if (status && status != CS_ERR_CORRUPT)
        return cs_error_set(err, status, "%s", why.message);
    if (status) {
        status = cs_db_exec(db, "ROLLBACK TO dropping; RELEASE dropping", err);
        if (!status)
            status = drop_by_force(db, err);
    }
    return status;
}

/* What is counted from the entries, and whose entries they are. */
static enum cs_status finish(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = cs_lexicon_build(db, "fts", err);
    if (!status)
        status = cs_vectors_build(db, err);
    return status ? status
                  : cs_state_set_int(db, "tokenizer", CS_WORDS_VERSION, err);
}

/* Small pieces, which fit the processor's cache while FTS5 gathers and sorts
 * them. They stay as they are until all are there, and are joined once, where
 * joining now and then writes most of them twice. */
static const char insert_all[] =
    "INSERT INTO fts(fts, rank) VALUES('automerge', 0);"
    "INSERT INTO fts(fts, rank) VALUES('crisismerge', 1999);"
    "INSERT INTO fts(fts, rank) VALUES('hashsize', 2097152);"
    "INSERT INTO fts" CS_FULLTEXT_ROWS ";"
    "INSERT INTO fts(fts) VALUES('optimize');" CS_FULLTEXT_SETTINGS;

enum cs_status cs_fulltext_fill(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = cs_db_exec(db, insert_all, err);
    return status ? status : finish(db, err);
}

enum cs_status cs_fulltext_words(struct cs_db *db, int64_t *ret,
                                 struct cs_error *err)
{
    int64_t version = 0;
    enum cs_status status = cs_state_int(db, "tokenizer", &version, err);
    if (!status)
        *ret = version;
    return status;
}

static enum cs_status build(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = cs_fulltext_drop(db, err);
    if (!status)
        status = cs_db_exec(db,
                            "CREATE VIRTUAL TABLE fts USING " CS_FULLTEXT_MODULE
                            ";" CS_FULLTEXT_SETTINGS
                            "CREATE TABLE IF NOT EXISTS " CS_FULLTEXT_FACTS,
                            err);
    return status ? status : cs_fulltext_fill(db, err);
}

enum cs_status cs_fulltext_rebuild(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = cs_db_begin(db, err);
    if (!status)
        status = build(db, err);
    if (!status)
        status = cs_db_commit(db, err);
    if (status)
        cs_db_rollback(db);
    return status;
}
