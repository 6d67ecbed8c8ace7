/*
 * presence.c - are the files there? Looked at when listings were complete.
 *
 * One look a file, in the order of paths, so that folders are opened once: a
 * fraction of a second for 100,000. A file of ours that somebody deleted is
 * written again, and so is one that had to be given up (publish.c); bytes are
 * not compared here (index/upkeep does).
 */
#include "index/store/internal.h"

/* Is `name`, if there is one, a file? Whatever else stands there is not ours.
 */
static enum cs_status look(struct cs_store *store, const char *name,
                           bool *ret_there, struct cs_error *err)
{
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    enum cs_status status =
        name ? cs_dir_probe(store->dir, name, &kind, err) : CS_OK;
    *ret_there = kind == CS_ENTRY_FILE;
    return status;
}

#define TEXTS                                                                  \
    "SELECT d.id, d.file_path, c.left IS NULL AND c.gone IS NULL"              \
    "  AND d.body_version = d.version AND d.missing IS NULL"                   \
    " FROM document d JOIN container c ON c.id = d.container"                  \
    " WHERE d.source = ?1"

static enum cs_status look_at_all(struct cs_store *store, uint64_t *ret_n,
                                  struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        TEXTS " AND d.file_path IS NOT NULL UNION ALL " TEXTS
              " AND d.path IS NOT d.file_path AND d.file_path IS NULL"
              " AND EXISTS (SELECT 1 FROM body WHERE document = d.id)"
              " ORDER BY 2",
        "i", store->source);
    for (bool row = true; !status;) {
        bool there;
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = look(store, cs_query_text(&query, 1), &there, err);
        if (!status && !there)
            status =
                cs_db_run(store->db, err, "INSERT INTO temp.lost VALUES(?)",
                          "i", cs_query_int(&query, 0));
        *ret_n += cs_query_int(&query, 2) != 0; /* it is, or will be */
    }
    return status;
}

static const char *const mend_steps[] = {
    ("UPDATE document SET file_path = NULL, file_hash = NULL"
     " WHERE id IN temp.lost"),
    "INSERT OR IGNORE INTO temp.dirty SELECT id FROM temp.lost",
    "DELETE FROM temp.lost",
};

enum cs_status cs_presence_check(struct cs_store *store, bool *ret_checked,
                                 uint64_t *ret_n, struct cs_error *err)
{
    int64_t any = 0;
    uint64_t n = 0;
    *ret_checked = false;
    enum cs_status status = cs_db_int(
        store->db, &any, err, "SELECT 1 FROM temp.complete LIMIT 1", "");
    if (status || !any || store->options.dry_run)
        return status;
    status = cs_batch_commit(store, err); /* files of the last batch too */
    if (!status)
        status = cs_batch_begin(store, err);
    if (!status)
        status = look_at_all(store, &n, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(mend_steps) && !status; i++)
        status = cs_db_run(store->db, err, mend_steps[i], "");
    if (status) {
        cs_batch_abort(store);
        return status;
    }
    *ret_checked = true;
    *ret_n = n;
    return CS_OK;
}
