/*
 * removal.c - the end of the doubts of a run: what the verdicts found elsewhere
 * is taken in, what they condemn is removed.
 *
 * The brake: when more than so many per cent, and more than so many documents,
 * of the source or of one container would go, none of those go, and the run
 * says so. Removal is done in batches, each with its files, like all else.
 */
#include "index/store/internal.h"

/* Documents removed in one transaction. */
enum { BATCH_REMOVALS = 1000 };

/* ---- found elsewhere ---- */

static enum cs_status settle_container(struct cs_store *store,
                                       int64_t container, struct cs_error *err)
{
    struct cs_list_summary summary = {0};
    store->container = container;
    store->scope = CS_LIST_CHANGES;
    enum cs_status status = cs_db_exec(
        store->db, "DELETE FROM temp.listing; DELETE FROM temp.listing_label",
        err);
    if (!status)
        status =
            cs_db_run(store->db, err,
                      "INSERT INTO temp.listing SELECT vendor_id, kind, status,"
                      " title, parent, position, version, created, updated,"
                      " author, editor, url FROM temp.here WHERE container = ?",
                      "i", container);
    return status ? status
                  : cs_compare_apply(store, false, false, &summary, err);
}

static enum cs_status take_in(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status =
        cs_walk_rows(store, "SELECT DISTINCT container FROM temp.here WHERE ?",
                     1, settle_container, err);
    return status ? status
                  : cs_db_run(store->db, err, "DELETE FROM temp.here", "");
}

/* ---- the brake ---- */

static bool brakes(const struct cs_store *store, int64_t n, int64_t of)
{
    const struct cs_run_options *options = &store->options;
    if (options->allow_deletions ||
        (options->brake_percent == 0 && options->brake_count == 0))
        return false;
    return n > (int64_t)options->brake_count &&
           n * 100 > of * (int64_t)options->brake_percent;
}

/* Those of `container` are not removed; 0: none are. A document is told once
 * that it was braked. */
static enum cs_status hold_back(struct cs_store *store, int64_t container,
                                struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err,
                  CS_EVENT_INSERT
                  " SELECT d.source, d.vendor_id, ?1, ?2, 'braked', c.reason"
                  " FROM temp.condemned c CROSS JOIN document d ON d.id = c.id"
                  " WHERE (?3 = 0 OR c.container = ?3) AND 'braked' IS NOT"
                  "  (SELECT what FROM event e WHERE e.source = d.source"
                  "    AND e.vendor_id = d.vendor_id AND what <> 'verdict'"
                  "    ORDER BY e.id DESC LIMIT 1)",
                  "iii", store->run, cs_clock_now(cs_index_clock(store->index)),
                  container);
    if (!status)
        status = cs_db_run(store->db, err,
                           "DELETE FROM temp.condemned"
                           " WHERE ?1 = 0 OR container = ?1",
                           "i", container);
    store->braked += (uint64_t)cs_db_changes(store->db);
    return status;
}

/* `container` 0: the source. */
static enum cs_status brake(struct cs_store *store, int64_t container,
                            struct cs_error *err)
{
    int64_t n = 0, of = 0;
    enum cs_status status = cs_db_int(store->db, &n, err,
                                      "SELECT count(*) FROM temp.condemned"
                                      " WHERE ?1 = 0 OR container = ?1",
                                      "i", container);
    if (!status && n)
        status = cs_db_int(store->db, &of, err,
                           container ? "SELECT count(*) FROM document"
                                       " WHERE container = ?"
                                       " AND kind <> 'folder'"
                                     : "SELECT count(*) FROM document"
                                       " WHERE source = ?"
                                       " AND kind <> 'folder'",
                           "i", container ? container : store->source);
    if (status || !n || !brakes(store, n, of))
        return status;
    return hold_back(store, container, err);
}

/* ---- removal ---- */

/* Told before it is done: a dry run does it too, and rolls back. */
static enum cs_status plan_removals(struct cs_store *store,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    if (!store->options.dry_run)
        return CS_OK;
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT d.vendor_id, d.file_path, v.reason FROM temp.leaving v"
        " CROSS JOIN document d ON d.id = v.id ORDER BY d.id",
        "");
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        cs_dry_run_tell(store, "remove", cs_query_text(&query, 0),
                        cs_query_text(&query, 1), cs_query_text(&query, 2));
    }
    return status;
}

enum cs_status cs_removal_leave(struct cs_store *store, struct cs_error *err)
{
    uint64_t moved = 0;
    int64_t n = 0;
    enum cs_status status = plan_removals(store, err);
    if (!status && store->options.keep_deleted_ms > 0)
        status = cs_tombstones_put(store, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            CS_EVENT_INSERT " SELECT d.source, d.vendor_id, ?, ?, 'removed',"
                            " v.reason FROM temp.leaving v"
                            " CROSS JOIN document d ON d.id = v.id",
            "ii", store->run, cs_clock_now(cs_index_clock(store->index)));
    if (!status)
        status = cs_db_int(store->db, &n, err,
                           "SELECT count(*) FROM temp.leaving", "");
    if (!status)
        status = cs_erase_leaving(store, &moved, err);
    store->deleted += (uint64_t)n;
    return status;
}

/* From below: what loses its parent moves up, and would do so in vain. */
static enum cs_status remove_some(struct cs_store *store, bool *ret_any,
                                  struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT INTO temp.leaving(id, container, reason,"
                           " http_status) SELECT c.* FROM temp.condemned c"
                           " CROSS JOIN document d ON d.id = c.id"
                           " ORDER BY length(d.path)"
                           "  - length(replace(d.path, '/', '')) DESC, d.path"
                           " LIMIT ?",
                           "i", (int64_t)BATCH_REMOVALS);
    *ret_any = !status && cs_db_changes(store->db) > 0;
    if (!status && *ret_any)
        status = cs_db_run(store->db, err,
                           "DELETE FROM temp.condemned"
                           " WHERE id IN (SELECT id FROM temp.leaving)",
                           "");
    if (!status && *ret_any)
        status = cs_removal_leave(store, err);
    return cs_batch_settle(store, status, err);
}

/* What is not configured any more goes when the user says so. */
static enum cs_status condemn_left(struct cs_store *store, struct cs_error *err)
{
    if (!store->options.allow_deletions)
        return CS_OK;
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.condemned"
                     " SELECT d.id, d.container, 'left', NULL FROM container c"
                     " CROSS JOIN document d ON d.container = c.id"
                     " WHERE c.source = ? AND c.left IS NOT NULL"
                     "  AND d.kind <> 'folder'",
                     "i", store->source);
}

/* A run that was asked to look at one container removes nothing elsewhere. */
static enum cs_status spare_others(struct cs_store *store, struct cs_error *err)
{
    if (!store->options.only_container)
        return CS_OK;
    return cs_db_run(store->db, err,
                     "DELETE FROM temp.condemned WHERE container NOT IN"
                     " (SELECT id FROM container WHERE source = ? AND key = ?)",
                     "is", store->source, store->options.only_container);
}

static enum cs_status judge(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = take_in(store, err);
    if (!status)
        status = condemn_left(store, err);
    if (!status)
        status = spare_others(store, err);
    if (!status)
        status = brake(store, 0, err);
    if (!status)
        status = cs_walk_rows(
            store, "SELECT DISTINCT container FROM temp.condemned WHERE ?", 1,
            brake, err);
    return cs_batch_settle(store, status, err);
}

enum cs_status cs_removal_run(struct cs_sink *sink,
                              struct cs_removal_summary *ret_summary,
                              struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    uint64_t deleted = store->deleted, braked = store->braked;
    enum cs_status status = cs_batch_commit(store, err);
    if (!status)
        status = judge(store, err);
    for (bool any = true; any && !status;)
        status = remove_some(store, &any, err);
    if (status)
        return status;
    *ret_summary = (struct cs_removal_summary){
        .removed = store->deleted - deleted,
        .kept = store->doubted,
        .braked = store->braked - braked,
    };
    return CS_OK;
}
