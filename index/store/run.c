/*
 * run.c - the end of a run: totals, its row, and .sync_state.
 */
#include "index/store/download.h"
#include "index/store/internal.h"
#include "index/words/lexicon.h"

#include "src/file.h"
#include "src/path.h"

/* The proof is about the containers that are configured and shown. */
#define IS_THERE " AND left IS NULL AND gone IS NULL"
#define HELD                                                                   \
    " CROSS JOIN document d ON d.container = c.id WHERE c.source = ?" IS_THERE \
    " AND d.body_version = d.version AND d.missing IS NULL"

static enum cs_status count_totals(struct cs_store *store,
                                   struct cs_run_summary *summary,
                                   struct cs_error *err)
{
    uint64_t listed_at = 0;
    const struct {
        uint64_t *ret;
        const char *sql;
    } totals[] = {
        {&summary->listed, "SELECT sum(listed_count) FROM container"
                           " WHERE source = ?" IS_THERE},
        {&summary->stored, "SELECT count(*) FROM container c" HELD},
        {&summary->indexed,
         "SELECT count(*) FROM container c" HELD
         " AND EXISTS(SELECT 1 FROM fts_docsize f WHERE f.id = d.id)"},
        {&summary->missing, "SELECT count(*) FROM document WHERE source = ?"
                            " AND missing IS NOT NULL AND kind <> 'folder'"},
        {&summary->files, "SELECT count(*) FROM attachment WHERE source = ?"
                          " AND held_version IS NOT NULL"},
        {&summary->left,
         "SELECT count(*) FROM container c CROSS JOIN document d"
         " ON d.container = c.id WHERE c.source = ? AND d.kind <> 'folder'"
         " AND (c.left IS NOT NULL OR c.gone IS NOT NULL)"},
        {&listed_at, "SELECT min(coalesce(listed, 0)) FROM container"
                     " WHERE source = ?" IS_THERE},
    };
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(totals) && !status; i++) {
        int64_t n = 0;
        status =
            cs_db_int(store->db, &n, err, totals[i].sql, "i", store->source);
        *totals[i].ret = (uint64_t)n;
    }
    summary->listed_at = (int64_t)listed_at;
    summary->deleted = store->deleted;
    summary->braked = store->braked;
    summary->written = store->counts.written;
    summary->moved = store->counts.moved;
    summary->removed = store->counts.removed;
    summary->conflicts = store->counts.conflicts;
    summary->files_fetched = store->files_fetched;
    summary->files_failed = store->files_failed;
    summary->files_failed_new = store->files_failed_new;
    summary->failed = store->failed;
    summary->failed_new = store->failed_new;
    return status;
}

static enum cs_status record_run(struct cs_store *store, enum cs_status outcome,
                                 const struct cs_run_summary *summary,
                                 struct cs_error *err)
{
    int64_t now = cs_clock_now(cs_index_clock(store->index));
    const char *name = cs_status_name(outcome);
    enum cs_status status = cs_db_run(
        store->db, err,
        "INSERT INTO run(id, source, started, ended, outcome, written, moved,"
        " removed, failed, deleted) VALUES(?,?,?,?,?,?,?,?,?,?)",
        "iiiisiiiii", store->run, store->source, store->started, now, name,
        (int64_t)summary->written, (int64_t)summary->moved,
        (int64_t)summary->removed, (int64_t)summary->failed,
        (int64_t)summary->deleted);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE source SET last_outcome = ?1,"
                           " last_success = iif(?1 = 'ok', ?2, last_success)"
                           " WHERE id = ?3",
                           "sii", name, now, store->source);
    return status;
}

/* For people and scripts; written from the database, never read. */
static enum cs_status write_state_file(struct cs_store *store,
                                       enum cs_status outcome,
                                       const struct cs_run_summary *summary,
                                       struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    char started[CS_TIME_TEXT_SIZE], ended[CS_TIME_TEXT_SIZE];
    char success[CS_TIME_TEXT_SIZE] = "";
    int64_t last_success = 0;
    enum cs_status status = cs_db_int(
        store->db, &last_success, err,
        "SELECT last_success FROM source WHERE id = ?", "i", store->source);
    if (status)
        return status;
    cs_time_format(store->started, started);
    cs_time_format(cs_clock_now(cs_index_clock(store->index)), ended);
    if (last_success)
        cs_time_format(last_success, success);
    cs_strbuf_printf(&text,
                     "{\"schema\":\"cs.sync_state/1\",\"started\":\"%s\","
                     "\"ended\":\"%s\",\"outcome\":\"%s\","
                     "\"last_success\":%s%s%s,"
                     "\"listed\":%llu,\"stored\":%llu,\"indexed\":%llu,"
                     "\"failed\":%llu,\"missing\":%llu}\n",
                     started, ended, cs_status_name(outcome),
                     success[0] ? "\"" : "", success[0] ? success : "null",
                     success[0] ? "\"" : "",
                     (unsigned long long)summary->listed,
                     (unsigned long long)summary->stored,
                     (unsigned long long)summary->indexed,
                     (unsigned long long)summary->failed,
                     (unsigned long long)summary->missing);
    cs_path_join(&path, cs_dir_path(store->dir), ".sync_state");
    status = cs_strbuf_status(&path, err);
    return status ? status : cs_file_write(path.data, text.data, text.len, err);
}

enum cs_status cs_run_end(struct cs_sink *sink, enum cs_status outcome,
                          struct cs_run_summary *ret_summary,
                          struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_run_summary summary = {0};
    if (!store->source) {
        if (store->options.dry_run)
            cs_batch_end_dry(store);
        return CS_OK;
    }
    enum cs_status status = cs_download_plan(store, err);
    if (!status)
        status = cs_presence_check(store, &summary.disk_checked,
                                   &summary.on_disk, err);
    if (!status)
        status = cs_batch_commit(store, err);
    if (!status)
        status = count_totals(store, &summary, err);
    if (store->options.dry_run) {
        cs_batch_end_dry(store);
        *ret_summary = summary;
        return status;
    }
    if (!status)
        status = cs_batch_begin(store, err);
    if (!status)
        status = record_run(store, outcome, &summary, err);
    if (!status)
        status = cs_lexicon_fold(store->db, CS_LEXICON_FOLD_PERCENT, err);
    if (!status)
        status = cs_batch_commit(store, err);
    if (status)
        cs_batch_abort(store);
    else
        status = write_state_file(store, outcome, &summary, err);
    *ret_summary = summary;
    return status;
}
