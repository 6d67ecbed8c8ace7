/*
 * task_reconvert.c - all texts converted anew: ties the connectors' converters
 * to the store.
 */
#include "cli/task.h"

#include "cli/progress.h"
#include "connectors/registry.h"
#include "index/store/reconvert.h"

#include <inttypes.h>

struct reconvert {
    struct cs_app *app;
    struct cs_strbuf *text;
    struct cs_printer *printer;
    cJSON *changed;
    bool json;
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
        cs_progress_bar_update(task->app->bar, "converted", done, total);
}

static void on_failed(void *payload, const char *id, const struct cs_error *why)
{
    const struct reconvert *task = payload;
    cs_log_write(task->app->log, CS_LOG_WARNING, "%s: %s", id, why->message);
}

static void on_changed(void *payload, const char *path)
{
    struct reconvert *task = payload;
    if (task->json)
        cs_printer_text(task->printer,
                        cs_printer_object(task->printer, task->changed, NULL),
                        "path", path);
    else
        cs_strbuf_printf(task->text, "would change: %s\n", path);
}

static void report(struct reconvert *task, bool dry_run,
                   const struct cs_reconvert_summary *sum)
{
    struct cs_printer *printer = task->printer;
    if (!task->json) {
        cs_strbuf_printf(task->text,
                         "%" PRIu64 " converted, %" PRIu64 " files %s, %" PRIu64
                         " failed\n",
                         sum->converted, sum->written + sum->moved,
                         dry_run ? "would change" : "changed", sum->failed);
        return;
    }
    cs_printer_bool(printer, printer->root, "dry_run", dry_run);
    cs_printer_number(printer, printer->root, "converted",
                      (double)sum->converted);
    cs_printer_number(printer, printer->root, "changed",
                      (double)(sum->written + sum->moved));
    cs_printer_number(printer, printer->root, "failed", (double)sum->failed);
    cs_printer_adopt(printer, printer->root, "changes", &task->changed);
}

static enum cs_status run_with_bar(struct reconvert *task,
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
    enum cs_status status = cs_store_open(app->index, &store, err);
    if (status)
        return status;
    if (cs_progress_bar_new(&drawing, &bar, &ignored) == CS_OK)
        app->bar = bar;
    status = cs_store_reconvert(store, options, ret_summary, err);
    app->bar = NULL;
    return status;
}

static enum cs_status run(struct cs_app *app, bool dry_run, bool json,
                          struct cs_strbuf *text, struct cs_printer *printer,
                          struct cs_error *err)
{
    struct reconvert task = {.app = app,
                             .text = text,
                             .printer = printer,
                             .changed = cJSON_CreateArray(),
                             .json = json};
    struct cs_reconvert_summary summary = {0};
    const struct cs_reconvert_options options = {
        .convert = convert,
        .progress = on_progress,
        .failed = on_failed,
        .changed = on_changed,
        .payload = &task,
        .cancel = app->cancel,
        .dry_run = dry_run,
    };
    enum cs_status status = run_with_bar(&task, &options, &summary, err);
    report(&task, dry_run, &summary);
    cJSON_Delete(task.changed);
    return status;
}

const struct cs_task cs_task_reconvert = {.name = "reconvert", .run = run};
