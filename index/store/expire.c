/*
 * expire.c - what `cs maintenance` lets go: old tombstones,
 * documents of containers that left, old events.
 */
#include "index/store/removal.h"

#include "index/store/internal.h"

enum { BATCH_REMOVALS = 1000 };

/* ---- tombstones ---- */

enum cs_status cs_removal_expire(struct cs_store *store, const char *source,
                                 int64_t before, uint64_t *ret_n,
                                 struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "DELETE FROM tombstone WHERE deleted < ?1"
                           " AND (?2 IS NULL OR source ="
                           "  (SELECT id FROM source WHERE name = ?2))",
                           "is", before, source);
    uint64_t n = status ? 0 : (uint64_t)cs_db_changes(store->db);
    if (!status) /* a container that left, with nothing of it left */
        status = cs_db_run(store->db, err,
                           "DELETE FROM container WHERE left IS NOT NULL"
                           " AND NOT EXISTS(SELECT 1 FROM document d"
                           "  WHERE d.container = container.id)"
                           " AND NOT EXISTS(SELECT 1 FROM tombstone t"
                           "  WHERE t.container = container.id)",
                           "");
    status = cs_batch_settle(store, status, err);
    if (!status)
        status = cs_trash_sweep(store, err);
    if (!status)
        *ret_n = n;
    return status;
}

/* ---- containers that left ---- */

static enum cs_status prune_some(struct cs_store *store, bool *ret_any,
                                 struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT INTO temp.leaving(id, container, reason)"
                           " SELECT d.id, d.container, 'left' FROM container c"
                           " CROSS JOIN document d ON d.container = c.id"
                           " WHERE c.source = ? AND c.left IS NOT NULL"
                           "  AND d.kind <> 'folder' ORDER BY"
                           " length(d.path) - length(replace(d.path, '/', ''))"
                           "  DESC, d.path LIMIT ?",
                           "ii", store->source, (int64_t)BATCH_REMOVALS);
    *ret_any = !status && cs_db_changes(store->db) > 0;
    if (!status && *ret_any)
        status = cs_removal_leave(store, err);
    return cs_batch_settle(store, status, err);
}

static enum cs_status prune_source(struct cs_store *store, int64_t source,
                                   struct cs_error *err)
{
    enum cs_status status = cs_batch_use_source(store, source, err);
    for (bool any = true; any && !status;)
        status = prune_some(store, &any, err);
    return status;
}

enum cs_status cs_removal_prune_left(struct cs_store *store, bool keep,
                                     uint64_t *ret_n, struct cs_error *err)
{
    uint64_t before = store->deleted;
    store->options = (struct cs_run_options){.keep_deleted_ms = keep};
    enum cs_status status = cs_walk_rows(store,
                                         "SELECT DISTINCT source FROM container"
                                         " WHERE left IS NOT NULL AND ?",
                                         1, prune_source, err);
    if (!status)
        *ret_n = store->deleted - before;
    return status;
}

/* ---- events ---- */

enum cs_status cs_removal_prune_events(struct cs_store *store, int64_t before,
                                       unsigned keep, uint64_t *ret_n,
                                       struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "DELETE FROM event WHERE at < ?1 AND id IN (SELECT"
                           " id FROM (SELECT id, row_number() OVER (PARTITION"
                           "  BY source, vendor_id ORDER BY id DESC) AS n"
                           "  FROM event) WHERE n > ?2)",
                           "ii", before, (int64_t)keep);
    uint64_t n = status ? 0 : (uint64_t)cs_db_changes(store->db);
    status = cs_batch_settle(store, status, err);
    if (!status)
        *ret_n = n;
    return status;
}
