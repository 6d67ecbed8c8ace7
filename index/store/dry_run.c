/*
 * dry_run.c - what a dry run tells of its steps.
 */
#include "index/store/internal.h"

enum cs_status cs_dry_run_write(struct cs_store *store, int64_t document,
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
        cs_dry_run_tell(store, "write", cs_query_text(&query, 0),
                        cs_query_text(&query, 1), NULL);
    return status;
}

void cs_dry_run_tell(struct cs_store *store, const char *action, const char *id,
                     const char *path, const char *detail)
{
    const struct cs_planned_step step = {action, id, path, detail};
    if (store->options.planned)
        store->options.planned(store->options.payload, &step);
}
