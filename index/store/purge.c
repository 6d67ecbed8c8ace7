/*
 * purge.c - a document erased, so that nothing of its text is left.
 *
 * SQLite leaves the old bytes in freed pages and in the gaps of pages, and
 * FTS5 leaves a removed entry's words in its segments until they are merged. So
 * after the rows have gone, the full-text index is merged into one segment and
 * the database file is written anew.
 */
#include "index/store/removal.h"

#include "index/store/internal.h"
#include "index/words/lexicon.h"
#include "src/path.h"
#include "src/text.h"

struct purge {
    struct cs_store *store;
    cs_removal_copy_fn *copy;
    void *payload;
};

/* ---- what is to go ---- */

static enum cs_status mark(void *payload, const struct cs_removal_item *item,
                           struct cs_error *err)
{
    struct purge *purge = payload;
    return cs_db_run(purge->store->db, err,
                     "INSERT INTO temp.purged(document, tombstone, source,"
                     " vendor_id, path)"
                     " SELECT nullif(?1, 0), nullif(?2, 0), id,"
                     "  substr(?3, length(name) + 2), ?4"
                     " FROM source WHERE name = ?5",
                     "iisss", item->document, item->tombstone, item->id,
                     item->path, item->source);
}

/* What was purged before is not here any more; but maybe that call was killed
 * before it had written the database anew. */
static enum cs_status mark_named(struct purge *purge, const char *name,
                                 struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    int64_t purged = 0;
    enum cs_status status =
        cs_removal_find(purge->store->index, name, mark, purge, &why);
    if (status == CS_ERR_NOT_FOUND &&
        cs_db_int(purge->store->db, &purged, NULL,
                  "SELECT 1 FROM event e JOIN source s ON s.id = e.source"
                  " WHERE e.what = 'purged' AND (e.vendor_id = ?1"
                  "  OR s.name || ':' || e.vendor_id = ?1)",
                  "s", name) == CS_OK &&
        purged)
        return CS_OK;
    return cs_error_pass(err, status, &why);
}

static enum cs_status mark_all(struct purge *purge, const char *const *names,
                               size_t n, struct cs_error *err)
{
    enum cs_status status =
        cs_db_exec(purge->store->db, "DELETE FROM temp.purged", err);
    for (size_t i = 0; i < n && !status; i++)
        status = mark_named(purge, names[i], err);
    return status;
}

/* ---- copies of local edits ---- */

struct copies {
    const struct purge *purge;
    const char *path; /* of the document */
};

static enum cs_status tell_copy(void *payload, const char *name,
                                enum cs_entry_kind kind, struct cs_error *err)
{
    struct copies *copies = payload;
    struct cs_strbuf full CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    size_t len = strlen(copies->path);
    if (kind != CS_ENTRY_FILE || strncmp(name, copies->path, len) != 0 ||
        !cs_str_starts(name + len, ".local-"))
        return CS_OK;
    cs_path_join(&full, cs_dir_path(copies->purge->store->dir), name);
    enum cs_status status = cs_strbuf_status(&full, err);
    if (!status)
        copies->purge->copy(copies->purge->payload, full.data);
    return status;
}

static enum cs_status find_copies(struct purge *purge, const char *path,
                                  struct cs_error *err)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct copies copies = {purge, path};
    if (!path || !purge->copy)
        return CS_OK;
    cs_strbuf_put(&folder, path, cs_path_dirname_len(path));
    enum cs_status status = cs_strbuf_status(&folder, err);
    return status ? status
                  : cs_dir_walk(purge->store->dir, folder.data, tell_copy,
                                &copies, err);
}

static enum cs_status find_all_copies(struct purge *purge, int64_t source,
                                      struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(purge->store->db, &query, err,
                    "SELECT DISTINCT path FROM temp.purged"
                    " WHERE source = ? AND path IS NOT NULL",
                    "i", source);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = find_copies(purge, cs_query_text(&query, 0), err);
    }
    return status;
}

/* ---- rows and files ---- */

static const char *const row_steps[] = {
    "DELETE FROM tombstone WHERE id IN"
    " (SELECT tombstone FROM temp.purged WHERE source = ?1)",
    "INSERT OR IGNORE INTO temp.leaving(id, container, reason)"
    " SELECT d.id, d.container, 'purged' FROM temp.purged p"
    " CROSS JOIN document d ON d.id = p.document WHERE p.source = ?1",
    "UPDATE event SET detail = NULL WHERE source = ?1 AND vendor_id IN"
    " (SELECT vendor_id FROM temp.purged WHERE source = ?1)",
};

static enum cs_status purge_rows(struct cs_store *store, struct cs_error *err)
{
    uint64_t moved = 0;
    enum cs_status status = cs_batch_begin(store, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(row_steps) && !status; i++)
        status = cs_db_run(store->db, err, row_steps[i], "i", store->source);
    if (!status)
        status = cs_db_run(store->db, err,
                           CS_EVENT_INSERT
                           " SELECT DISTINCT source, vendor_id, ?, ?,"
                           "  'purged', NULL FROM temp.purged WHERE source = ?",
                           "iii", store->run,
                           cs_clock_now(cs_index_clock(store->index)),
                           store->source);
    if (!status)
        status = cs_erase_leaving(store, &moved, err);
    status = cs_batch_settle(store, status, err);
    if (!status) /* so that the intents, which name its file, go too */
        status = cs_batch_begin(store, err);
    return status ? status : cs_batch_commit(store, err);
}

static enum cs_status purge_sources(struct purge *purge, struct cs_error *err)
{
    struct cs_store *store = purge->store;
    int64_t source = 0;
    enum cs_status status = CS_OK;
    while (!status) {
        int64_t after = source;
        source = 0;
        status = cs_db_int(store->db, &source, err,
                           "SELECT min(source) FROM temp.purged"
                           " WHERE source > ?",
                           "i", after);
        if (status || !source)
            break;
        status = cs_batch_use_source(store, source, err);
        if (!status)
            status = find_all_copies(purge, source, err);
        if (!status)
            status = purge_rows(store, err);
        if (!status) /* what a killed run left there */
            status = cs_stage_sweep(store, err);
    }
    return status ? status : cs_trash_sweep(store, err);
}

/* ---- the database file ---- */

static enum cs_status carry_over(struct cs_store *store, struct cs_error *err)
{
    int64_t busy = 1;
    enum cs_status status =
        cs_db_int(store->db, &busy, err, "PRAGMA wal_checkpoint(TRUNCATE)", "");
    if (status || !busy)
        return status;
    cs_error_set(err, CS_ERR_LOCKED,
                 "somebody reads the index, so that old bytes stay in it");
    cs_error_hint(err, "wait until nobody does, and purge again");
    return CS_ERR_LOCKED;
}

/* Words that are in no document any more leave the lexicon when it is folded.
 */
static enum cs_status forget_words(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = cs_db_begin(store->db, err);
    if (!status)
        status = cs_lexicon_fold(store->db, 0, err);
    if (!status)
        status = cs_db_commit(store->db, err);
    if (status)
        cs_db_rollback(store->db);
    return status;
}

static enum cs_status rewrite(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status =
        cs_db_exec(store->db, "INSERT INTO fts(fts) VALUES('optimize')", err);
    if (!status)
        status = forget_words(store, err);
    if (!status)
        status = cs_db_exec(store->db, "VACUUM", err);
    return status ? status : carry_over(store, err);
}

enum cs_status cs_removal_purge(struct cs_store *store,
                                const char *const *names, size_t n,
                                cs_removal_copy_fn *copy, void *payload,
                                struct cs_error *err)
{
    struct purge purge = {store, copy, payload};
    store->options = (struct cs_run_options){0};
    enum cs_status status =
        cs_db_exec(store->db,
                   "CREATE TEMP TABLE IF NOT EXISTS purged(document INTEGER,"
                   " tombstone INTEGER, source INTEGER, vendor_id TEXT,"
                   " path TEXT); PRAGMA secure_delete=ON",
                   err);
    if (!status)
        status = mark_all(&purge, names, n, err);
    if (!status)
        status = purge_sources(&purge, err);
    if (!status)
        status = rewrite(store, err);
    return status;
}
