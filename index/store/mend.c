/*
 * mend.c - files that were lost, rows that lead to nothing, documents that
 * share a file: put right by the means of a sync, in batches.
 */
#include "index/store/intent.h"
#include "index/store/links.h"

static enum cs_status begin(struct cs_store *store, int64_t source,
                            struct cs_error *err)
{
    enum cs_status status = cs_batch_use_source(store, source, err);
    return status ? status : cs_batch_begin(store, err);
}

static enum cs_status find_source(struct cs_store *store, int64_t document,
                                  int64_t *ret, struct cs_error *err)
{
    return cs_db_int(store->db, ret, err,
                     "SELECT source FROM document WHERE id = ?", "i", document);
}

enum cs_status cs_store_refresh(struct cs_store *store, int64_t document,
                                struct cs_error *err)
{
    int64_t source = 0;
    enum cs_status status = find_source(store, document, &source, err);
    if (!status)
        status = begin(store, source, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE link SET target = NULL WHERE document = ?"
                           " AND target NOT IN (SELECT id FROM document)",
                           "i", document);
    if (!status)
        status = cs_links_refresh(store, document, err);
    return cs_batch_settle(store, status, err);
}

enum cs_status cs_store_refetch(struct cs_store *store, int64_t attachment,
                                struct cs_error *err)
{
    int64_t source = 0;
    enum cs_status status = cs_db_int(
        store->db, &source, err, "SELECT source FROM attachment WHERE id = ?",
        "i", attachment);
    if (!status)
        status = begin(store, source, err);
    if (!status)
        status = cs_assets_lose(store, attachment, err);
    return cs_batch_settle(store, status, err);
}

/* Documents written again in one batch. */
enum { REEMIT_MAX = 500 };

/* The batch of one source, full or not, ends before that of another begins. */
static enum cs_status join_batch(struct cs_store *store, int64_t source,
                                 struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (store->in_batch &&
        (store->source != source || store->batch_documents >= REEMIT_MAX))
        status = cs_batch_commit(store, err);
    return status ? status : begin(store, source, err);
}

enum cs_status cs_store_reemit(struct cs_store *store, int64_t document,
                               struct cs_error *err)
{
    int64_t source = 0;
    enum cs_status status = find_source(store, document, &source, err);
    if (!status)
        status = join_batch(store, source, err);
    if (!status) /* as if it had never been written */
        status = cs_db_run(store->db, err,
                           "UPDATE document SET file_path = NULL,"
                           " file_hash = NULL WHERE id = ?",
                           "i", document);
    if (!status)
        status = cs_touch_document(store, document, err);
    store->batch_documents++;
    if (status)
        cs_batch_abort(store);
    return status;
}

static enum cs_status lay_out(struct cs_store *store, int64_t container,
                              struct cs_error *err)
{
    uint64_t moved = 0;
    return cs_tree_layout(store, container, &moved, err);
}

/* As if their files had never been written: each takes the one that names it
 * in its front matter, if that stands at the right place. */
enum cs_status cs_store_part(struct cs_store *store, int64_t source,
                             const char *path, struct cs_error *err)
{
    enum cs_status status = begin(store, source, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.dirty SELECT id"
                           " FROM document WHERE source = ? AND file_path = ?",
                           "is", source, path);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET file_path = NULL,"
                           " file_hash = NULL"
                           " WHERE id IN (SELECT id FROM temp.dirty)",
                           "");
    if (!status)
        status = cs_walk_rows(store,
                              "SELECT DISTINCT container FROM document"
                              " WHERE id IN (SELECT id FROM temp.dirty)"
                              " AND ?",
                              1, lay_out, err);
    return cs_batch_settle(store, status, err);
}
