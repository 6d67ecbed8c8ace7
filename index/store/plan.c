/*
 * plan.c - a dry run: each step told, none taken.
 *
 * A dry run does what a run does, in one transaction that is rolled back at
 * its end; only files are not touched. So what it tells is what a run does.
 * What does not fit into memory would spill into the write-ahead log, which is
 * a change on disk too: SQLite keeps all of it in memory meanwhile.
 */
#include "index/store/internal.h"

enum cs_status cs_plan_begin(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status =
        cs_db_exec(store->db, "PRAGMA cache_spill=OFF", err);
    return status ? status : cs_batch_begin(store, err);
}

void cs_plan_end(struct cs_store *store)
{
    cs_batch_abort(store);
    cs_dir_close(store->dir); /* of the row that is there no more */
    store->dir = NULL;
    store->source = 0;
    (void)cs_db_exec(store->db, "PRAGMA cache_spill=ON", NULL);
}

enum cs_status cs_plan_write(struct cs_store *store, int64_t document,
                             struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT vendor_id, path FROM document WHERE id = ?", "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row)
        cs_plan_tell(store, "write", cs_query_text(&query, 0),
                     cs_query_text(&query, 1), NULL);
    return status;
}

void cs_plan_tell(struct cs_store *store, const char *action, const char *id,
                  const char *path, const char *detail)
{
    const struct cs_planned_step step = {action, id, path, detail};
    if (store->options.planned)
        store->options.planned(store->options.payload, &step);
}
