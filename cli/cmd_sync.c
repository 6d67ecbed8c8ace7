/*
 * cmd_sync.c - bring the mirror up to date: ties connectors to the store.
 *
 * One source after the other; the failure of one does not stop the others.
 * The last line of each source is a proof: listed = stored = indexed.
 */
#include "cli/commands.h"

#include "cli/progress.h"
#include "cli/sync.h"
#include "cli/task.h"
#include "connectors/registry.h"
#include "index/stats.h"
#include "index/upkeep/check.h"
#include "src/path.h"

#include <inttypes.h>
#include <stdlib.h>

/* After a complete listing of everything the proof takes in the files. */
static void look_on_disk(struct cs_sync *sync, struct cs_sync_source *source)
{
    bool good = source->status == CS_OK || source->status == CS_ERR_PARTIAL;
    source->on_disk = -1;
    if (!good || sync->args->dry_run || sync->args->space ||
        source->complete == 0 || source->changes > 0 ||
        cs_stats_on_disk(sync->app->index, source->config->name,
                         &source->on_disk, NULL) != CS_OK ||
        source->status != CS_OK ||
        source->on_disk == (int64_t)source->summary.stored)
        return;
    source->status = cs_error_set(&source->error, CS_ERR_PARTIAL,
                                  "%" PRIu64 " stored, but %" PRId64 " on disk",
                                  source->summary.stored, source->on_disk);
    cs_error_hint(&source->error, "run cs maintenance to write them again");
}

static void run_source(struct cs_sync *sync, struct cs_sync_source *source)
{
    struct cs_app *app = sync->app;
    const struct cs_connector_env env = {.clock = app->clock,
                                         .cancel = app->cancel,
                                         .ca_file = app->globals.cacert,
                                         .patient = sync->args->scheduled,
                                         .paused = cs_sync_paused,
                                         .payload = source};
    const struct cs_engine_options options = {
        .source = source->config,
        .only_container = sync->args->space,
        .full = sync->args->full,
        .dry_run = sync->args->dry_run,
        .allow_deletions = sync->args->allow_deletions,
        .scheduled = sync->args->scheduled,
        .env = &env,
        .watch = cs_sync_watch(source),
    };
    int64_t start = cs_clock_mono(app->clock);
    source->started = true;
    if (app->bar) {
        char what[128];
        (void)snprintf(what, sizeof(what), "%s: connecting",
                       source->config->name);
        cs_progress_bar_update(app->bar, what, NULL, 0, 0);
    }
    cs_log_write(app->log, CS_LOG_INFO, "%s: start%s%s%s", source->config->name,
                 sync->args->full ? ", full" : "",
                 sync->args->dry_run ? ", dry run" : "",
                 sync->args->scheduled ? ", scheduled" : "");
    source->status =
        cs_engine_run(source->connector, &options, cs_store_sink(sync->store),
                      &source->summary, &source->error);
    look_on_disk(sync, source);
    source->elapsed_ms = cs_clock_mono(app->clock) - start;
    cs_sync_log_end(source);
}

static enum cs_status select_source(struct cs_sync *sync,
                                    const struct cs_source_config *config,
                                    struct cs_error *err)
{
    const struct cs_connector *connector = cs_connector_find(config->type);
    if (!connector) {
        (void)cs_error_set(err, CS_ERR_CONFIG,
                           "source %s: there is no connector \"%.40s\"",
                           config->name, config->type);
        cs_error_hint(err, "set type = %s", cs_connector_at(0)->type);
        return CS_ERR_CONFIG;
    }
    struct cs_sync_source *source = &sync->sources[sync->n++];
    *source = (struct cs_sync_source){
        .app = sync->app,
        .args = sync->args,
        .printer = &sync->printer,
        .config = config,
        .connector = connector,
        .troubles = cJSON_CreateArray(),
        .planned = cJSON_CreateArray(),
    };
    cs_strbuf_init(&source->plan, CS_STRBUF_DEFAULT_MAX);
    return CS_OK;
}

static enum cs_status select_named(struct cs_sync *sync, const char *name,
                                   struct cs_error *err)
{
    const struct cs_source_config *config =
        cs_config_find_source(sync->app->config, name);
    for (size_t i = 0; i < sync->n; i++) {
        if (sync->sources[i].config == config)
            return CS_OK;
    }
    if (config)
        return select_source(sync, config, err);
    (void)cs_error_set(err, CS_ERR_USAGE, "there is no source \"%.80s\"", name);
    cs_error_hint(err, "the first one configured is %s",
                  cs_config_source(sync->app->config, 0)->name);
    return CS_ERR_USAGE;
}

static enum cs_status select_sources(struct cs_sync *sync, int n_words,
                                     char **words, struct cs_error *err)
{
    const struct cs_config *config = sync->app->config;
    enum cs_status status = CS_OK;
    sync->sources = calloc(cs_config_n_sources(config), sizeof(*sync->sources));
    if (!sync->sources)
        return cs_error_no_memory(err);
    for (int i = 0; status == CS_OK && i < n_words; i++)
        status = select_named(sync, words[i], err);
    for (size_t i = 0;
         status == CS_OK && n_words == 0 && i < cs_config_n_sources(config);
         i++)
        status = select_source(sync, cs_config_source(config, i), err);
    return status;
}

/* A mirror is synced even when its log cannot be written. */
static void open_log_file(struct cs_app *app)
{
    struct cs_error why = CS_ERROR_INIT;
    struct cs_strbuf dir CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_join(&dir, cs_config_root(app->config), "logs");
    if (cs_log_open_file(app->log, dir.data, &why) != CS_OK)
        cs_log_write(app->log, CS_LOG_WARNING, "no log file: %s", why.message);
}

/* What the sync brought stands, whatever becomes of the chores. */
static void do_chores(struct cs_sync *sync)
{
    struct cs_check_keep keeps[CS_TASK_KEEPS_MAX];
    struct cs_check_summary done = {0};
    struct cs_error why = CS_ERROR_INIT;
    bool ran = false;
    if (cs_check_routine(sync->app->index, sync->store, keeps,
                         cs_task_keeps(sync->app, keeps), &ran, &done,
                         &why) != CS_OK)
        cs_log_write(sync->app->log, CS_LOG_WARNING, "maintenance: %s",
                     why.message);
    else if (ran)
        cs_log_write(sync->app->log, CS_LOG_DEBUG,
                     "maintenance: %" PRIu64 " done", done.done);
}

static void run_all(struct cs_sync *sync)
{
    struct cs_app *app = sync->app;
    struct cs_error ignored = CS_ERROR_INIT;
    struct cs_progress_bar *bar CS_CLEANUP(cs_progress_bar_cleanup) = NULL;
    const struct cs_progress_options options = {
        .stream = app->err,
        .terminal = &app->err_terminal,
        .clock = app->clock,
        .quiet = app->globals.quiet || app->journal,
    };
    if (cs_progress_bar_new(&options, &bar, &ignored) == CS_OK)
        app->bar = bar;
    for (size_t i = 0; i < sync->n && !*app->cancel; i++)
        run_source(sync, &sync->sources[i]);
    app->bar = NULL;
    if (!*app->cancel && !sync->args->dry_run)
        do_chores(sync);
}

static enum cs_status run_sync(struct cs_sync *sync, int n_words, char **words,
                               struct cs_error *err)
{
    struct cs_error print_error = CS_ERROR_INIT;
    enum cs_status status = select_sources(sync, n_words, words, err);
    if (status == CS_OK)
        status =
            sync->args->dry_run
                ? cs_store_open_to_plan(sync->app->index, &sync->store, err)
                : cs_store_open(sync->app->index, &sync->store, err);
    if (status != CS_OK)
        return status;
    open_log_file(sync->app);
    run_all(sync);
    status = cs_sync_judge(sync, err);
    enum cs_status printed = cs_sync_print(sync, status, &print_error);
    if (status == CS_OK && printed != CS_OK) {
        *err = print_error;
        status = printed;
    }
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    struct cs_sync sync = {.app = app, .args = args};
    cs_printer_start(&sync.printer, "sync");
    enum cs_status status = run_sync(&sync, n_words, words, err);
    for (size_t i = 0; i < sync.n; i++) {
        cJSON_Delete(sync.sources[i].troubles);
        cJSON_Delete(sync.sources[i].planned);
        cs_strbuf_clear(&sync.sources[i].plan);
    }
    cs_printer_clear(&sync.printer);
    cs_store_close(sync.store);
    free(sync.sources);
    return status;
}

#define ARG(member) offsetof(struct cs_sync_args, member)

static const struct cs_option options[] = {
    {0, "space", CS_OPTION_TEXT, ARG(space), "KEY", "only this space", 0, 0},
    {0, "full", CS_OPTION_FLAG, ARG(full), NULL,
     "list everything, look at everything again", 0, 0},
    {0, "dry-run", CS_OPTION_FLAG, ARG(dry_run), NULL,
     "say what would be done, and do nothing", 0, 0},
    {0, "allow-deletions", CS_OPTION_FLAG, ARG(allow_deletions), NULL,
     "delete however many are gone, and spaces that left", 0, 0},
    {0, "scheduled", CS_OPTION_FLAG, ARG(scheduled), NULL,
     "run by a timer: stop in time, spare a refused account", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "summary as JSON", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_sync = {
    .name = "sync",
    .summary = "Bring the mirror up to date",
    .synopsis = "[OPTION...] [SOURCE...]",
    .example = "cs sync",
    .about = "Fetches what is new or changed in every configured source, or\n"
             "in those named. Interrupted, it goes on where it stopped.",
    .needs = CS_NEED_SOURCES | CS_NEED_WRITER,
    .options = options,
    .args_size = sizeof(struct cs_sync_args),
    .max_words = -1,
    .run = run,
};
