/*
 * store.c - the sink: the order of things within a run.
 */
#include "index/store/download.h"
#include "index/store/internal.h"
#include "index/words/tally.h"
#include "index/words/vector_write.h"
#include "src/library.h"
#include "src/path.h"

#include <stdlib.h>

/* A batch is committed when it holds this much. */
enum { BATCH_DOCUMENTS = 500, BATCH_BYTES = 16 << 20 };

static const char temporary_tables[] =
    "CREATE TEMP TABLE listing("
    "  vendor_id TEXT PRIMARY KEY, kind TEXT, status TEXT, title TEXT,"
    "  parent TEXT, position INTEGER, version INTEGER, created INTEGER,"
    "  updated INTEGER, author TEXT, editor TEXT, url TEXT);"
    "CREATE TEMP TABLE listing_label(vendor_id TEXT, name TEXT,"
    "  PRIMARY KEY(vendor_id, name)) WITHOUT ROWID;"
    "CREATE TEMP TABLE fresh(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE fresh_person(id TEXT PRIMARY KEY);"
    "CREATE TEMP TABLE relabelled(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE relayout(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE to_index(id INTEGER PRIMARY KEY, put INTEGER NOT NULL,"
    "  held INTEGER NOT NULL, title TEXT, headings TEXT, body TEXT, code TEXT,"
    "  labels TEXT, comments TEXT);"
    "CREATE TEMP TABLE dirty(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE arrived(id INTEGER PRIMARY KEY, hash BLOB,"
    "  size INTEGER, version INTEGER);"
    "CREATE TEMP TABLE turned(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE shift(a TEXT, b TEXT, n INTEGER, PRIMARY KEY(a, b));"
    "CREATE TEMP TABLE emptied(id INTEGER PRIMARY KEY, again INTEGER);"
    "CREATE TEMP TABLE leaving(id INTEGER PRIMARY KEY, container INTEGER,"
    "  reason TEXT, http_status INTEGER);"
    "CREATE TEMP TABLE bereft(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE lost(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE complete(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE judged(id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE here("
    "  vendor_id TEXT PRIMARY KEY, kind TEXT, status TEXT, title TEXT,"
    "  parent TEXT, position INTEGER, version INTEGER, created INTEGER,"
    "  updated INTEGER, author TEXT, editor TEXT, url TEXT,"
    "  container INTEGER);"
    "CREATE TEMP TABLE condemned(id INTEGER PRIMARY KEY, container INTEGER,"
    "  reason TEXT, http_status INTEGER);";

/* What only one run may know. */
static const char forget_last_run[] =
    "DELETE FROM temp.complete; DELETE FROM temp.judged;"
    "DELETE FROM temp.here; DELETE FROM temp.condemned";

static struct cs_store *store_of(struct cs_sink *sink)
{
    return (struct cs_store *)sink;
}

/* A name that was synced from another address is another site: its documents
 * must not be compared with this one's. An address that never gave anything
 * was a mistake in the configuration, and is forgotten. */
static enum cs_status check_address(struct cs_store *store,
                                    const struct cs_source_info *source,
                                    struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT base_url FROM source s WHERE name = ?"
                    " AND EXISTS(SELECT 1 FROM container WHERE source = s.id)",
                    "s", source->name);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    const char *known = cs_query_text(&query, 0);
    if (strcmp(known, source->base_url) == 0)
        return CS_OK;
    cs_error_set(err, CS_ERR_CONFIG,
                 "source %s was synced from %s, and now names %s", source->name,
                 known, source->base_url);
    cs_error_hint(err, "configure the new site as a source of its own");
    return CS_ERR_CONFIG;
}

static void start_counts(struct cs_store *store)
{
    store->started = cs_clock_now(cs_index_clock(store->index));
    store->failed = store->failed_new = 0;
    store->doubted = store->deleted = store->braked = 0;
    store->last_doubtful = store->last_file = 0;
    store->files_fetched = store->files_failed = 0;
    store->files_failed_new = 0;
    store->planned = store->files_seen = false;
}

static enum cs_status begin(struct cs_sink *sink,
                            const struct cs_source_info *source,
                            const struct cs_run_options *options,
                            struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    int64_t row = 0;
    start_counts(store);
    store->options = *options;
    enum cs_status status = check_address(store, source, err);
    if (!status)
        status = cs_db_exec(store->db, forget_last_run, err);
    if (!status && options->dry_run)
        status = cs_batch_begin_dry(store, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            "INSERT INTO source(name, type, base_url, folder, last_start)"
            " VALUES(?,?,?,?,?) ON CONFLICT(name) DO UPDATE SET"
            " type = excluded.type, base_url = excluded.base_url,"
            " folder = excluded.folder, last_start = excluded.last_start",
            "ssssi", source->name, source->type, source->base_url,
            source->folder ? source->folder : source->name, store->started);
    if (!status)
        status = cs_db_int(store->db, &row, err,
                           "SELECT id FROM source WHERE name = ?", "s",
                           source->name);
    if (!status)
        status = cs_db_int(store->db, &store->run, err,
                           "SELECT coalesce(max(id), 0) + 1 FROM run", "");
    if (!status)
        status = cs_batch_use_source(store, row, err);
    if (!status && !options->dry_run)
        status = cs_stage_sweep(store, err);
    if (status)
        store->source = 0; /* not that of the run before */
    return status;
}

/* A write of a batch: a failure rolls the whole batch back. */
static enum cs_status settle(struct cs_store *store, enum cs_status status,
                             struct cs_error *err)
{
    if (status) {
        cs_batch_abort(store);
        return status;
    }
    if (store->batch_documents >= BATCH_DOCUMENTS ||
        store->batch_bytes >= BATCH_BYTES)
        return cs_batch_commit(store, err);
    return CS_OK;
}

static enum cs_status put_person(struct cs_sink *sink,
                                 const struct cs_person *person,
                                 struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_record_put_person(store, person, err);
    return settle(store, status, err);
}

static enum cs_status put(struct cs_sink *sink, const struct cs_document *doc,
                          struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_record_put(store, doc, err);
    store->batch_documents++;
    return settle(store, status, err);
}

/* A failure that says the same as last time is old news. */
static enum cs_status fail(struct cs_sink *sink, const char *id,
                           const struct cs_error *why, struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    int64_t known = 0;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_int(store->db, &known, err,
                           "SELECT 1 FROM document WHERE source = ?"
                           " AND vendor_id = ? AND failure IS ?",
                           "iss", store->source, id, why->message);
    if (!status && !known)
        status = cs_db_run(
            store->db, err,
            CS_EVENT_INSERT " SELECT source, vendor_id, ?, ?, 'failed', ?"
                            " FROM document WHERE source = ? AND vendor_id = ?",
            "iisis", store->run, cs_clock_now(cs_index_clock(store->index)),
            why->message, store->source, id);
    if (!status && !known)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET failure = ?, failed = ?"
                           " WHERE source = ? AND vendor_id = ?",
                           "siis", why->message,
                           cs_clock_now(cs_index_clock(store->index)),
                           store->source, id);
    store->failed++;
    store->failed_new += !known;
    return settle(store, status, err);
}

static enum cs_status commit(struct cs_sink *sink, struct cs_error *err)
{
    return cs_batch_commit(store_of(sink), err);
}

static enum cs_status wanted_files(struct cs_sink *sink, struct cs_arena *arena,
                                   size_t max, struct cs_file_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    enum cs_status status =
        cs_download_wanted(store, arena, max, ret_wants, ret_n, err);
    if (status)
        cs_batch_abort(store);
    return status;
}

static enum cs_status file_write(struct cs_sink *sink, const char *id,
                                 int64_t at, const void *data, size_t len,
                                 struct cs_error *err)
{
    return cs_download_write(store_of(sink), id, at, data, len, err);
}

static enum cs_status file_end(struct cs_sink *sink, const char *id,
                               int64_t size, struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_download_end(store, id, size, err);
    return settle(store, status, err);
}

static enum cs_status file_fail(struct cs_sink *sink, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct cs_store *store = store_of(sink);
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_download_fail(store, id, why, err);
    return settle(store, status, err);
}

static const struct cs_sink_ops store_ops = {
    .begin = begin,
    .state = cs_watch_state,
    .list_begin = cs_listing_begin,
    .list_add = cs_listing_add,
    .list_label = cs_listing_label,
    .list_end = cs_listing_end,
    .containers = cs_watch_containers,
    .absent = cs_doubt_absent,
    .hint = cs_watch_hint,
    .sweep = cs_watch_sweep,
    .suspect = cs_doubt_suspect,
    .doubtful = cs_doubt_next,
    .verdict = cs_doubt_verdict,
    .remove = cs_removal_run,
    .fetch_begin = cs_watch_fetch_begin,
    .wanted = cs_watch_wanted,
    .people = cs_watch_people,
    .put_person = put_person,
    .put = put,
    .fail = fail,
    .wanted_files = wanted_files,
    .file_write = file_write,
    .file_end = file_end,
    .file_fail = file_fail,
    .cursor = cs_watch_cursor,
    .set_cursor = cs_watch_set_cursor,
    .commit = commit,
    .end = cs_run_end,
};

static enum cs_status replay_source(struct cs_store *store, int64_t source,
                                    struct cs_error *err)
{
    enum cs_status status = cs_batch_use_source(store, source, err);
    if (!status)
        status = cs_publish(store, false, err);
    if (!status)
        status = cs_batch_begin(store, err);
    return status ? status : cs_batch_commit(store, err);
}

enum cs_status cs_store_replay(struct cs_store *store, struct cs_error *err)
{
    return cs_walk_rows(store, "SELECT DISTINCT source FROM intent WHERE ?", 1,
                        replay_source, err);
}

static enum cs_status open_store(struct cs_index *index, bool replay,
                                 struct cs_store **ret, struct cs_error *err)
{
    enum cs_status status = cs_library_zstd(err);
    if (status)
        return status;
    struct cs_store *store = calloc(1, sizeof(*store));
    if (!store)
        return cs_error_no_memory(err);
    store->sink.ops = &store_ops;
    store->index = index;
    store->db = cs_index_db(index);
    store->zstd = ZSTD_createCCtx();
    store->listing_arena = cs_arena_new(0);
    store->watch.tally = cs_tally_new();
    if (!store->zstd || !store->listing_arena || !store->watch.tally)
        status = cs_error_no_memory(err);
    if (!status)
        status = cs_db_exec(store->db, temporary_tables, err);
    if (!status)
        status = cs_vectors_watch(store->db, err);
    if (!status && replay)
        status = cs_store_replay(store, err);
    if (status) {
        cs_store_close(store);
        return status;
    }
    *ret = store;
    return CS_OK;
}

enum cs_status cs_store_open(struct cs_index *index, struct cs_store **ret,
                             struct cs_error *err)
{
    return open_store(index, true, ret, err);
}

enum cs_status cs_store_open_to_plan(struct cs_index *index,
                                     struct cs_store **ret,
                                     struct cs_error *err)
{
    return open_store(index, false, ret, err);
}

void cs_store_close(struct cs_store *store)
{
    if (!store)
        return;
    cs_batch_abort(store);
    cs_dir_close(store->dir);
    ZSTD_freeCCtx(store->zstd);
    cs_arena_free(store->listing_arena);
    cs_tally_free(store->watch.tally);
    free(store);
}

struct cs_sink *cs_store_sink(struct cs_store *store)
{
    return &store->sink;
}
