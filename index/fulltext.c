/*
 * fulltext.c - the full-text index built anew.
 *
 * The new index is made from the lasting tables under another name; then the
 * old one is dropped and the new one takes its name. All that is one
 * transaction: readers work with the old index until the commit, and a kill
 * leaves nothing behind.
 */
#include "index/fulltext.h"

#include "index/words/lexicon.h"
#include "index/words/split.h"
#include "index/words/vector.h"

#include <string.h>

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

/* FTS5 keeps its settings as rows; those of the old index hold for the new. */
static enum cs_status copy_setting(void *payload, struct cs_query *row,
                                   struct cs_error *err)
{
    struct cs_db *db = payload;
    const char *name = cs_query_text(row, 0);
    if (strcmp(name, "version") == 0)
        return CS_OK;
    return cs_db_run(db, err,
                     "INSERT INTO fts_new(fts_new, rank)"
                     " SELECT ?1, v FROM fts_config WHERE k = ?1",
                     "s", name);
}

static enum cs_status build(struct cs_db *db, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *module;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_fulltext_module(db, arena, &module, err);
    if (status)
        return status;
    const char *sql =
        cs_arena_printf(arena, "CREATE VIRTUAL TABLE fts_new USING %s", module);
    status = sql ? cs_db_exec(db, sql, err) : cs_arena_status(arena, err);
    if (!status)
        status = cs_db_each(db, copy_setting, db, err,
                            "SELECT k FROM fts_config", "");
    if (!status)
        status = cs_db_exec(db, "INSERT INTO fts_new" CS_FULLTEXT_ROWS, err);
    return status;
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
                  : cs_db_run(db, err,
                              "INSERT INTO state(name, value)"
                              " VALUES('tokenizer', ?1) ON CONFLICT(name)"
                              " DO UPDATE SET value = excluded.value",
                              "i", (int64_t)CS_WORDS_VERSION);
}

enum cs_status cs_fulltext_fill(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status =
        cs_db_exec(db, "INSERT INTO fts" CS_FULLTEXT_ROWS, err);
    return status ? status : finish(db, err);
}

enum cs_status cs_fulltext_words(struct cs_db *db, int64_t *ret,
                                 struct cs_error *err)
{
    int64_t version = 0;
    enum cs_status status =
        cs_db_int(db, &version, err,
                  "SELECT value FROM state WHERE name = 'tokenizer'", "");
    if (!status)
        *ret = version;
    return status;
}

enum cs_status cs_fulltext_rebuild(struct cs_db *db, struct cs_error *err)
{
    enum cs_status status = cs_db_begin(db, err);
    if (!status)
        status = build(db, err);
    if (!status)
        status = cs_fulltext_drop(db, err);
    if (!status)
        status = cs_db_exec(db, "ALTER TABLE fts_new RENAME TO fts", err);
    if (!status)
        status = finish(db, err);
    if (!status)
        status = cs_db_commit(db, err);
    if (status)
        cs_db_rollback(db);
    return status;
}
