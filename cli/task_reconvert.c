/*
 * task_reconvert.c - all texts converted anew: ties the connectors' converters
 * to the store.
 */
#include "cli/task.h"

#include "cli/progress.h"
#include "cli/verb.h"
#include "connectors/registry.h"
#include "index/store/reconvert.h"
#include "index/upkeep/scratch.h"

#include <inttypes.h>

struct reconvert {
    struct cs_app *app;
    struct cs_results *results;
    cJSON *changed;
};

static enum cs_status convert(void *payload,
                              const struct cs_stored_source *source,
                              struct cs_arena *arena, struct cs_body *ret_body,
                              struct cs_conversion_note *ret_note,
                              struct cs_error *err)
{
    (void)payload;
    const struct cs_connector *connector = cs_connector_find(source->type);
    if (!connector || !connector->convert)
        return cs_error_set(err, CS_ERR_CONFIG,
                            "there is no connector \"%.40s\" to convert it",
                            source->type);
    const struct cs_convert_request request = {
        .base_url = source->base_url,
        .container_key = source->container_key,
        .id = source->id,
        .format = source->format,
        .text = source->text,
        .len = source->len,
    };
    return connector->convert(&request, arena, ret_body, ret_note, err);
}

static void on_progress(void *payload, uint64_t done, uint64_t total)
{
    const struct reconvert *task = payload;
    if (task->app->bar)
        cs_progress_bar_update(task->app->bar, "converted", NULL, done, total);
}

static void on_failed(void *payload, const char *id, const struct cs_error *why)
{
    const struct reconvert *task = payload;
    cs_log_write(task->app->log, CS_LOG_WARNING, "document %s: %s", id,
                 why->message);
}

static void on_changed(void *payload, const char *path)
{
    struct reconvert *task = payload;
    struct cs_results *results = task->results;
    if (results->json)
        cs_printer_text(
            &results->printer,
            cs_printer_object(&results->printer, task->changed, NULL), "path",
            path);
    else
        cs_strbuf_printf(&results->text, "would change: %s\n", path);
}

static void report(struct reconvert *task,
                   const struct cs_reconvert_summary *sum)
{
    struct cs_results *results = task->results;
    struct cs_printer *printer = &results->printer;
    (void)snprintf(results->sentence, sizeof(results->sentence),
                   "%" PRIu64 " converted, %" PRIu64 " files %s, %" PRIu64
                   " failed",
                   sum->converted, sum->written + sum->moved,
                   results->dry_run ? "would change" : "changed", sum->failed);
    if (!results->json)
        return;
    cs_printer_number(printer, printer->root, "converted",
                      (double)sum->converted);
    cs_printer_number(printer, printer->root, "changed",
                      (double)(sum->written + sum->moved));
    cs_printer_number(printer, printer->root, "failed", (double)sum->failed);
    cs_printer_adopt(printer, printer->root, "changes", &task->changed);
}

static enum cs_status run_with_bar(struct reconvert *task,
                                   struct cs_index *index,
                                   const struct cs_reconvert_options *options,
                                   struct cs_reconvert_summary *ret_summary,
                                   struct cs_error *err)
{
    struct cs_app *app = task->app;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_progress_bar *bar CS_CLEANUP(cs_progress_bar_cleanup) = NULL;
    struct cs_error ignored = CS_ERROR_INIT;
    const struct cs_progress_options drawing = {
        .stream = app->err,
        .terminal = &app->err_terminal,
        .clock = app->clock,
        .quiet = app->globals.quiet || app->journal,
    };
    enum cs_status status = cs_store_open(index, &store, err);
    if (status)
        return status;
    if (cs_progress_bar_new(&drawing, &bar, &ignored) == CS_OK)
        app->bar = bar;
    status = cs_store_reconvert(store, options, ret_summary, err);
    app->bar = NULL;
    return status;
}

/* To compare, rows are changed and changed back: a dry run does that in a copy
 * of the index. */
static enum cs_status run(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_scratch *scratch CS_CLEANUP(cs_scratch_cleanup) = NULL;
    struct cs_app *app = call->app;
    struct reconvert task = {
        .app = app, .results = call->results, .changed = cJSON_CreateArray()};
    struct cs_reconvert_summary summary = {0};
    const struct cs_reconvert_options options = {
        .convert = convert,
        .progress = on_progress,
        .failed = on_failed,
        .changed = on_changed,
        .payload = &task,
        .cancel = app->cancel,
        .dry_run = call->results->dry_run,
    };
    struct cs_index *index = app->index;
    enum cs_status status = CS_OK;
    if (options.dry_run)
        status = cs_scratch_open(app->index, &scratch, err);
    if (scratch)
        index = cs_scratch_index(scratch);
    if (!status)
        status = run_with_bar(&task, index, &options, &summary, err);
    report(&task, &summary);
    cJSON_Delete(task.changed);
    return status;
}

const struct cs_task cs_task_reconvert = {.name = "reconvert",
                                          .words = "",
                                          .needs = CS_NEED_WRITER,
                                          .dry_needs = CS_NEED_INSPECT,
                                          .run = run};
