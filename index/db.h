/*
 * db.h - SQLite, with cached statements and our errors.
 *
 * SQL is written as literals at the place of use; a literal is prepared once
 * and kept. Parameters are bound by a string of types:
 *
 *     i int64_t   s const char * (NULL binds NULL)   n nothing, NULL
 *     b const void *, size_t   d double
 *
 *     cs_db_run(db, err, "UPDATE person SET name=? WHERE id=?", "si", name, id)
 *
 * Text and blobs are borrowed until the call returns or, for a query, until it
 * is closed.
 */
#ifndef CS_INDEX_DB_H
#define CS_INDEX_DB_H

#include "src/error.h"

#include <sqlite3.h>

struct cs_db;

/* The hint that goes with a damaged file. */
#define CS_DB_WAY_BACK                                                         \
    "cs maintenance check says more; cs maintenance recover saves what can "   \
    "be read, then cs sync fetches the rest"

/* CS_DB_INSPECT reads too, and leaves no trace: not a byte and not a time of
 * any file changes, and none is made. It is for whoever has made sure that
 * nobody writes (lock.h); where others read just then, it is CS_DB_READ. */
enum cs_db_mode { CS_DB_READ, CS_DB_WRITE, CS_DB_INSPECT };

/* Open a database file. For writing it is made if need be, mode 0600, in WAL
 * mode with synchronous=FULL; else it must exist (CS_ERR_NO_INDEX).
 * ":memory:" is a database without a file. */
enum cs_status cs_db_open(const char *path, enum cs_db_mode mode,
                          struct cs_db **ret, struct cs_error *err);
void cs_db_close(struct cs_db *db);

/* The handle itself, for functions that SQLite offers and we do not wrap. */
sqlite3 *cs_db_handle(struct cs_db *db);

/* Run one or more statements without parameters; not cached. */
enum cs_status cs_db_exec(struct cs_db *db, const char *sql,
                          struct cs_error *err);

/* Run a cached statement to its end, ignoring rows. */
enum cs_status cs_db_run(struct cs_db *db, struct cs_error *err,
                         const char *sql, const char *types, ...);

/* The first column of the first row as an integer; without a row, and for
 * NULL, `*ret` keeps its value. */
enum cs_status cs_db_int(struct cs_db *db, int64_t *ret, struct cs_error *err,
                         const char *sql, const char *types, ...);

/* Rows changed by the last cs_db_run(). */
int64_t cs_db_changes(struct cs_db *db);

/* A running query; declare it with CS_CLEANUP(cs_query_close). */
struct cs_query {
    struct cs_db *db;
    sqlite3_stmt *stmt;
    bool owned; /* not from the cache: finalize it */
};

/* Start a query; it need not be closed when this fails. */
enum cs_status cs_db_query(struct cs_db *db, struct cs_query *ret_query,
                           struct cs_error *err, const char *sql,
                           const char *types, ...);

/* Go to the next row; `*ret_row` says whether there is one. */
enum cs_status cs_query_next(struct cs_query *query, bool *ret_row,
                             struct cs_error *err);
void cs_query_close(struct cs_query *query);

/* Run a query and call `visit` for each row; its failure ends the loop. */
typedef enum cs_status cs_db_row_fn(void *payload, struct cs_query *row,
                                    struct cs_error *err);
enum cs_status cs_db_each(struct cs_db *db, cs_db_row_fn *visit, void *payload,
                          struct cs_error *err, const char *sql,
                          const char *types, ...);

/* Columns of the current row, borrowed until the next step. Text is NULL for
 * NULL. */
int64_t cs_query_int(struct cs_query *query, int column);
const char *cs_query_text(struct cs_query *query, int column);
const void *cs_query_blob(struct cs_query *query, int column, size_t *ret_len);
bool cs_query_is_null(struct cs_query *query, int column);

/* BEGIN IMMEDIATE, COMMIT, ROLLBACK. A rollback cannot fail in a way that
 * matters. */
enum cs_status cs_db_begin(struct cs_db *db, struct cs_error *err);
enum cs_status cs_db_commit(struct cs_db *db, struct cs_error *err);
void cs_db_rollback(struct cs_db *db);

/* Turn SQLite's last failure into our error, with `what` in front. */
enum cs_status cs_db_error(struct cs_db *db, const char *what,
                           struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_db *, cs_db_cleanup, cs_db_close);

#endif
