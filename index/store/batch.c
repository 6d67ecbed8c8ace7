/*
 * batch.c - the open transaction and the source it is for: begun, and ended by
 * staging, indexing, COMMIT and publishing, or rolled back.
 *
 * A dry run does what a run does, in one transaction that is rolled back at
 * its end; only files are not touched. So what it tells is what a run does.
 * What does not fit into memory would spill into the write-ahead log, which is
 * a change on disk too: SQLite keeps all of it in memory meanwhile.
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

enum cs_status cs_batch_commit(struct cs_store *store, struct cs_error *err)
{
    if (!store->in_batch)
        return CS_OK;
    enum cs_status status = cs_stage_files(store, err);
    if (!status && store->options.dry_run)
        return CS_OK; /* all in one transaction, up to its end */
    if (!status)
        status = cs_entry_write(store, err);
    if (!status)
        status = cs_db_commit(store->db, err);
    if (status) {
        cs_batch_abort(store);
        return status;
    }
    store->in_batch = false;
    return cs_publish(store, true, err);
}

enum cs_status cs_batch_settle(struct cs_store *store, enum cs_status status,
                               struct cs_error *err)
{
    if (!status)
        return cs_batch_commit(store, err);
    cs_batch_abort(store);
    return status;
}

/* ---- dry runs ---- */

enum cs_status cs_batch_begin_dry(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status =
        cs_db_exec(store->db, "PRAGMA cache_spill=OFF", err);
    return status ? status : cs_batch_begin(store, err);
}

void cs_batch_end_dry(struct cs_store *store)
{
    cs_batch_abort(store);
    cs_dir_close(store->dir); /* of the row that is there no more */
    store->dir = NULL;
    store->source = 0;
    (void)cs_db_exec(store->db, "PRAGMA cache_spill=ON", NULL);
}

/* ---- the source ---- */

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
