/*
 * task_recover.c - the way back from a damaged index: a new one from what can
 * be read of it.
 */
#include "cli/task.h"

#include "cli/verb.h"
#include "index/upkeep/recover.h"

#include <inttypes.h>

static void on_saved(void *payload, const char *table, int64_t rows, bool whole)
{
    char message[100];
    struct cs_finding finding = {
        .check = "recover", .severity = CS_CHECK_NOTE, .message = message};
    (void)snprintf(message, sizeof(message), "%s: %" PRId64 " row%s saved%s",
                   table, rows, rows == 1 ? "" : "s",
                   whole ? "" : ", others could not be read");
    if (rows > 0 || !whole)
        cs_results_add(payload, &finding);
}

static void report_distrusted(struct cs_results *results, int64_t n)
{
    char message[100];
    struct cs_finding finding = {.check = "recover",
                                 .severity = CS_CHECK_NOTE,
                                 .message = message,
                                 .action = "fetched again by `cs sync`"};
    (void)snprintf(message, sizeof(message),
                   "%" PRId64 " text%s not known to be what was written", n,
                   n == 1 ? " is" : "s are");
    if (n > 0)
        cs_results_add(results, &finding);
}

/* The index cannot be opened before it is mended. */
static enum cs_status run(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_results *results = call->results;
    struct cs_recover_summary summary;
    const struct cs_recover_options options = {
        .root = cs_config_root(call->app->config),
        .index_dir = cs_config_index_dir(call->app->config),
        .clock = call->app->clock,
        .dry_run = results->dry_run,
        .saved = on_saved,
        .payload = results,
    };
    enum cs_status status = cs_recover_run(&options, &summary, err);
    if (status)
        return status;
    report_distrusted(results, summary.distrusted);
    cs_results_act(results, "recover", summary.kept,
                   "the old file, whatever its state",
                   "keep it there, and build a new index from what can be read",
                   summary.bytes);
    results->next = "run cs sync to fetch the rest";
    return CS_OK;
}

const struct cs_task cs_task_recover = {.name = "recover",
                                        .words = "",
                                        .needs = CS_NEED_CONFIG,
                                        .dry_needs = CS_NEED_CONFIG,
                                        .run = run};
