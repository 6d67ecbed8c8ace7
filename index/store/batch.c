/*
 * batch.c - the open transaction, the source it is for, and walks over rows.
 */
#include "index/store/internal.h"

#include "src/path.h"

#include <sys/stat.h>

enum cs_status cs_batch_begin(struct cs_store *store, struct cs_error *err)
{
    if (store->in_batch)
        return CS_OK;
    enum cs_status status = CS_OK;
    if (store->unpublished) /* operations of two batches must not mix */
        status = cs_publish(store, false, err);
    if (!status)
        status = cs_db_begin(store->db, err);
    if (status)
        return status;
    store->in_batch = true;
    store->batch_documents = store->batch_bytes = 0;
    if (store->published)
        status = cs_db_run(store->db, err,
                           "DELETE FROM intent WHERE source = ? AND id <= ?",
                           "ii", store->source, store->published);
    return status;
}

void cs_batch_abort(struct cs_store *store)
{
    cs_db_rollback(store->db);
    store->in_batch = false;
}

enum cs_status cs_batch_touch(struct cs_store *store, int64_t document,
                              struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty VALUES(?)", "i",
                     document);
}

_Static_assert(CS_PLACE_CHILDREN == 6, "the number stands in SQL");

enum cs_status cs_batch_touch_blocks(struct cs_store *store,
                                     struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " SELECT l.document FROM link l CROSS JOIN document d"
                     "  ON d.id = l.document"
                     " WHERE l.form >= 6 AND d.source = ?",
                     "i", store->source);
}

enum cs_status cs_batch_each(struct cs_store *store, const char *sql,
                             int64_t arg, cs_batch_visit_fn *visit,
                             struct cs_error *err)
{
    struct cs_strbuf rows CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(store->db, &query, err, sql, "i", arg);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        int64_t id = cs_query_int(&query, 0);
        cs_strbuf_put(&rows, (const char *)&id, sizeof(id));
    }
    cs_query_close(&query);
    if (!status)
        status = cs_strbuf_status(&rows, err);
    for (size_t at = 0; at < rows.len && !status; at += sizeof(int64_t)) {
        int64_t id;
        memcpy(&id, rows.data + at, sizeof(id));
        status = visit(store, id, err);
    }
    return status;
}

/* Opening a folder makes it, which a dry run must not. One that is not there is
 * empty; so is, as far as names of documents go, the index's own. */
static void stand_in(struct cs_store *store, struct cs_strbuf *path)
{
    const char *database = cs_index_path(store->index);
    struct stat st;
    if (stat(path->data, &st) == 0)
        return;
    cs_strbuf_reset(path);
    cs_strbuf_put(path, database, cs_path_dirname_len(database));
}

enum cs_status cs_batch_use_source(struct cs_store *store, int64_t source,
                                   struct cs_error *err)
{
    if (store->source == source)
        return CS_OK;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT folder FROM source WHERE id = ?", "i", source);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status ? status
                      : cs_error_set(err, CS_ERR_CORRUPT,
                                     "the index has no source %lld",
                                     (long long)source);
    cs_index_put_folder(store->index, cs_query_text(&query, 0), &path);
    if (store->options.dry_run)
        stand_in(store, &path);
    status = cs_strbuf_status(&path, err);
    if (status)
        return status;
    cs_dir_close(store->dir);
    store->dir = NULL;
    store->source = 0;
    store->published = 0;
    store->unpublished = false;
    status = cs_dir_open(path.data, &store->dir, err);
    if (!status)
        store->source = source;
    return status;
}
