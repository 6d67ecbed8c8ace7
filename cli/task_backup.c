/*
 * task_backup.c - a backup of the index, while others use it.
 */
#include "cli/task.h"

#include "cli/verb.h"
#include "index/upkeep/backup.h"

static enum cs_status run(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_results *results = call->results;
    const struct cs_backup_options options = {.path = call->words[0],
                                              .dry_run = results->dry_run,
                                              .cancel = call->app->cancel};
    int64_t bytes = 0;
    enum cs_status status =
        cs_backup_write(cs_index_db(call->app->index), &options, &bytes, err);
    if (!status)
        cs_results_act(results, "backup", options.path,
                       "a copy of the index, because it was asked for",
                       "write it", bytes);
    return status;
}

const struct cs_task cs_task_backup = {.name = "backup",
                                       .words = "FILE",
                                       .min_words = 1,
                                       .max_words = 1,
                                       .needs = CS_NEED_INDEX,
                                       .dry_needs = CS_NEED_INSPECT,
                                       .run = run};
