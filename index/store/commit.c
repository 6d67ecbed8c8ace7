/*
 * commit.c - the end of a batch: stage, index, COMMIT, publish.
 */
#include "index/store/internal.h"

enum cs_status cs_commit_batch(struct cs_store *store, struct cs_error *err)
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
