/*
 * entry.c - full-text entries in step with the rows they are made of.
 *
 * The full-text table has external content: to take an entry out, FTS5 needs
 * the old text, which the view search_text still shows as long as no row has
 * changed. Hence: remove, change, put.
 *
 * New entries are written together before the commit, in the order of their
 * rows, by statements of one row each: FTS5 writes out what it has gathered
 * whenever a row number goes down, or another statement of the transaction
 * needs a savepoint, and each time costs a segment.
 */
#include "index/store/internal.h"

/* Read what an entry is made of; `*ret_row` is false for a document without a
 * text. */
static enum cs_status read_entry(struct cs_store *store, int64_t document,
                                 struct cs_query *query, bool *ret_row,
                                 struct cs_error *err)
{
    enum cs_status status =
        cs_db_query(store->db, query, err,
                    "SELECT title, labels, body FROM search_text WHERE id = ?",
                    "i", document);
    return status ? status : cs_query_next(query, ret_row, err);
}

enum cs_status cs_entry_remove(struct cs_store *store, int64_t document,
                               struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_run(store->db, err, "DELETE FROM temp.to_index WHERE id = ?", "i",
                  document);
    if (status || cs_db_changes(store->db) > 0) /* not in the index yet */
        return status;
    status = read_entry(store, document, &query, &row, err);
    if (status || !row)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT INTO fts(fts, rowid, title, labels, body)"
                     " VALUES('delete',?,?,?,?)",
                     "isss", document, cs_query_text(&query, 0),
                     cs_query_text(&query, 1), cs_query_text(&query, 2));
}

enum cs_status cs_entry_put(struct cs_store *store, int64_t document,
                            struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.to_index VALUES(?)", "i",
                     document);
}

static enum cs_status index_now(struct cs_store *store, int64_t document,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = read_entry(store, document, &query, &row, err);
    if (status || !row)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT INTO fts(rowid, title, labels, body)"
                     " VALUES(?,?,?,?)",
                     "isss", document, cs_query_text(&query, 0),
                     cs_query_text(&query, 1), cs_query_text(&query, 2));
}

enum cs_status cs_entry_write(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status =
        cs_batch_each(store, "SELECT id FROM temp.to_index WHERE ? ORDER BY id",
                      1, index_now, err);
    return status ? status
                  : cs_db_run(store->db, err, "DELETE FROM temp.to_index", "");
}
