/*
 * cmd_sync.c - bring the mirror up to date: ties connectors to the store.
 *
 * One source after the other; the failure of one does not stop the others.
 * The last line of each source is a proof: listed = stored = indexed.
 */
#include "cli/commands.h"

#include "cli/printer.h"
#include "cli/progress.h"
#include "connectors/engine.h"
#include "connectors/registry.h"
#include "index/store/store.h"
#include "index/upkeep/check.h"
#include "src/path.h"
#include "src/text.h"

#include <inttypes.h>
#include <stdlib.h>

/* So many troubles of a source are shown; all of them are in the log file. */
#define TROUBLES_SHOWN 20

struct sync_args {
    bool json;
    const char *space;
};

/* One source in this run, and what became of it. */
struct source_run {
    struct cs_app *app;
    struct cs_printer *printer;
    cJSON *troubles;
    const struct cs_source_config *config;
    const struct cs_connector *connector;
    bool started;
    enum cs_status status;
    struct cs_error error;
    struct cs_run_summary summary;
    uint64_t n_troubles;
    int64_t elapsed_ms;
};

struct sync {
    struct cs_app *app;
    const struct sync_args *args;
    struct cs_store *store;
    struct cs_printer printer;
    struct source_run *runs;
    size_t n;
};

static void on_progress(void *payload, const struct cs_progress *progress)
{
    const struct source_run *run = payload;
    char what[128];
    if (!run->app->bar ||
        (progress->phase != CS_PHASE_LIST && progress->phase != CS_PHASE_FETCH))
        return;
    (void)snprintf(what, sizeof(what), "%s%s%s: %s", progress->source,
                   progress->container ? " " : "",
                   progress->container ? progress->container : "",
                   progress->phase == CS_PHASE_LIST ? "listed" : "fetched");
    cs_progress_bar_update(run->app->bar, what, progress->done,
                           progress->total);
}

static void on_trouble(void *payload, const char *what,
                       const struct cs_error *why)
{
    struct source_run *run = payload;
    enum cs_log_level level =
        run->n_troubles++ < TROUBLES_SHOWN ? CS_LOG_WARNING : CS_LOG_INFO;
    cs_log_write(run->app->log, level, "%s: %s: %s%s%s", run->config->name,
                 what, why->message, why->hint[0] != '\0' ? "; " : "",
                 why->hint);
    if (level != CS_LOG_WARNING)
        return;
    cJSON *item = cs_printer_object(run->printer, run->troubles, NULL);
    cs_printer_text(run->printer, item, "what", what);
    cs_printer_text(run->printer, item, "status", cs_status_name(why->status));
    cs_printer_text(run->printer, item, "message", why->message);
}

static void on_listed(void *payload, const struct cs_container *container,
                      enum cs_list_scope scope,
                      const struct cs_list_summary *summary)
{
    const struct source_run *run = payload;
    cs_log_write(run->app->log, CS_LOG_DEBUG,
                 "%s: %s: %s: %" PRIu64 " listed, %" PRIu64 " new, %" PRIu64
                 " changed, %" PRIu64 " moved, %" PRIu64 " missing, %" PRIu64
                 " to be fetched",
                 run->config->name, container->key,
                 scope == CS_LIST_COMPLETE ? "all" : "changes", summary->listed,
                 summary->added, summary->changed, summary->moved,
                 summary->missing, summary->wanted);
}

static void log_end(const struct source_run *run)
{
    const struct cs_run_summary *sum = &run->summary;
    cs_log_write(run->app->log, CS_LOG_DEBUG,
                 "%s: end: %s, %" PRIu64 " written, %" PRIu64 " moved, %" PRIu64
                 " removed, %" PRIu64 " failed, %.1f s",
                 run->config->name, cs_status_name(run->status), sum->written,
                 sum->moved, sum->removed, sum->failed,
                 (double)run->elapsed_ms / 1000);
    if (run->status != CS_OK)
        cs_log_write(run->app->log, CS_LOG_INFO, "%s: %s", run->config->name,
                     run->error.message);
}

static void run_source(struct sync *sync, struct source_run *run)
{
    struct cs_app *app = sync->app;
    const struct cs_connector_env env = {.clock = app->clock,
                                         .cancel = app->cancel,
                                         .ca_file = app->globals.cacert};
    const struct cs_engine_options options = {
        .source = run->config,
        .only_container = sync->args->space,
        .env = &env,
        .watch = {.progress = on_progress,
                  .trouble = on_trouble,
                  .listed = on_listed,
                  .payload = run},
    };
    int64_t start = cs_clock_mono(app->clock);
    run->started = true;
    cs_log_write(app->log, CS_LOG_DEBUG, "%s: start", run->config->name);
    run->status =
        cs_engine_run(run->connector, &options, cs_store_sink(sync->store),
                      &run->summary, &run->error);
    run->elapsed_ms = cs_clock_mono(app->clock) - start;
    log_end(run);
    if (run->n_troubles > TROUBLES_SHOWN)
        cs_log_write(app->log, CS_LOG_WARNING,
                     "%s: %" PRIu64 " more of the kind, see %s",
                     run->config->name, run->n_troubles - TROUBLES_SHOWN,
                     cs_log_path(app->log) ? cs_log_path(app->log)
                                           : "cs status");
}

static enum cs_status select_source(struct sync *sync,
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
    struct source_run *run = &sync->runs[sync->n++];
    run->app = sync->app;
    run->printer = &sync->printer;
    run->config = config;
    run->connector = connector;
    return CS_OK;
}

static enum cs_status select_named(struct sync *sync, const char *name,
                                   struct cs_error *err)
{
    const struct cs_source_config *config =
        cs_config_find_source(sync->app->config, name);
    for (size_t i = 0; i < sync->n; i++) {
        if (sync->runs[i].config == config)
            return CS_OK;
    }
    if (config)
        return select_source(sync, config, err);
    (void)cs_error_set(err, CS_ERR_USAGE, "there is no source \"%.80s\"", name);
    cs_error_hint(err, "the first one configured is %s",
                  cs_config_source(sync->app->config, 0)->name);
    return CS_ERR_USAGE;
}

static enum cs_status select_sources(struct sync *sync, int n_words,
                                     char **words, struct cs_error *err)
{
    const struct cs_config *config = sync->app->config;
    enum cs_status status = CS_OK;
    sync->runs = calloc(cs_config_n_sources(config), sizeof(*sync->runs));
    if (!sync->runs)
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
static void do_chores(struct sync *sync)
{
    struct cs_check_summary done = {0};
    struct cs_error why = CS_ERROR_INIT;
    bool ran = false;
    if (cs_check_routine(sync->app->index, sync->store, &ran, &done, &why) !=
        CS_OK)
        cs_log_write(sync->app->log, CS_LOG_WARNING, "maintenance: %s",
                     why.message);
    else if (ran)
        cs_log_write(sync->app->log, CS_LOG_DEBUG,
                     "maintenance: %" PRIu64 " done", done.done);
}

static void run_all(struct sync *sync)
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
        run_source(sync, &sync->runs[i]);
    app->bar = NULL;
    if (!*app->cancel)
        do_chores(sync);
}

/* One source: its own outcome. Several: partial when any landed, else the
 * first of these. */
static enum cs_status judge(const struct sync *sync, struct cs_error *err)
{
    static const enum cs_status order[] = {
        CS_ERR_CANCELLED, CS_ERR_AUTH,     CS_ERR_FORBIDDEN, CS_ERR_CONFIG,
        CS_ERR_IO,        CS_ERR_NO_SPACE, CS_ERR_NETWORK};
    const struct source_run *worst = NULL;
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < sync->n; i++) {
        const struct source_run *run = &sync->runs[i];
        good += run->started &&
                (run->status == CS_OK || run->status == CS_ERR_PARTIAL);
        bad += run->status != CS_OK;
        worst = worst || run->status == CS_OK ? worst : run;
    }
    if (*sync->app->cancel) {
        (void)cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        cs_error_hint(err, "cs sync goes on where it stopped");
        return CS_ERR_CANCELLED;
    }
    if (bad == 0)
        return CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(order) && good == 0; i++) {
        for (size_t j = sync->n; j-- > 0;)
            worst = sync->runs[j].status == order[i] ? &sync->runs[j] : worst;
        if (worst->status == order[i])
            break;
    }
    *err = worst->error;
    if (sync->n > 1)
        (void)cs_error_prefix(err, "source %s", worst->config->name);
    if (good > 0 && err->hint[0] == '\0')
        cs_error_hint(err, "the warnings above and cs status say which");
    return good > 0 ? CS_ERR_PARTIAL : worst->status;
}

static void put_summary(const struct source_run *run, struct cs_strbuf *out)
{
    const struct cs_run_summary *sum = &run->summary;
    bool proof = sum->listed == sum->stored && sum->stored == sum->indexed;
    const char *sign = proof ? " =" : ",";
    if (!run->started)
        return;
    if (run->status != CS_OK && run->status != CS_ERR_PARTIAL) {
        cs_strbuf_printf(out,
                         "%s: failed; the mirror is as it was after the "
                         "last batch\n",
                         run->config->name);
        return;
    }
    cs_strbuf_printf(
        out,
        "%s: %" PRIu64 " listed%s %" PRIu64 " stored%s %" PRIu64 " indexed\n",
        run->config->name, sum->listed, sign, sum->stored, sign, sum->indexed);
    cs_strbuf_printf(out,
                     "  %" PRIu64 " written, %" PRIu64 " moved, %" PRIu64
                     " removed in %.1f s\n",
                     sum->written, sum->moved, sum->removed,
                     (double)run->elapsed_ms / 1000);
    if (sum->failed > 0)
        cs_strbuf_printf(out, "  %" PRIu64 " could not be fetched: cs status\n",
                         sum->failed);
    if (sum->missing > 0)
        cs_strbuf_printf(out, "  %" PRIu64 " gone from the last listing\n",
                         sum->missing);
    if (sum->conflicts > 0)
        cs_strbuf_printf(out,
                         "  %" PRIu64 " local edits or foreign files kept\n",
                         sum->conflicts);
}

static void add_counts(struct cs_printer *printer, cJSON *item,
                       const struct cs_run_summary *sum)
{
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"listed", sum->listed},   {"stored", sum->stored},
        {"indexed", sum->indexed}, {"written", sum->written},
        {"moved", sum->moved},     {"removed", sum->removed},
        {"failed", sum->failed},   {"failed_new", sum->failed_new},
        {"missing", sum->missing}, {"conflicts", sum->conflicts},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        cs_printer_number(printer, item, rows[i].name, (double)rows[i].value);
}

static enum cs_status print_json(struct sync *sync, enum cs_status status,
                                 struct cs_error *err)
{
    struct cs_printer *printer = &sync->printer;
    cJSON *root = printer->root;
    cs_printer_text(printer, root, "outcome", cs_status_name(status));
    cs_printer_text(printer, root, "root", cs_config_root(sync->app->config));
    cs_printer_text(printer, root, "log", cs_log_path(sync->app->log));
    cJSON *sources = cs_printer_array(printer, root, "sources");
    for (size_t i = 0; i < sync->n; i++) {
        struct source_run *run = &sync->runs[i];
        cJSON *item = cs_printer_object(printer, sources, NULL);
        cs_printer_text(printer, item, "name", run->config->name);
        cs_printer_text(printer, item, "outcome",
                        run->started ? cs_status_name(run->status)
                                     : "not-started");
        cs_printer_error(printer, item, "error", &run->error);
        add_counts(printer, item, &run->summary);
        cs_printer_number(printer, item, "elapsed_ms", (double)run->elapsed_ms);
        cs_printer_number(printer, item, "troubles_total",
                          (double)run->n_troubles);
        cs_printer_adopt(printer, item, "troubles", &run->troubles);
    }
    return cs_printer_finish(printer, sync->app, err);
}

static enum cs_status print_text(struct sync *sync, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (size_t i = 0; i < sync->n; i++)
        put_summary(&sync->runs[i], &text);
    return sync->app->globals.quiet ? CS_OK
                                    : cs_app_print(sync->app, &text, err);
}

static enum cs_status run_sync(struct sync *sync, int n_words, char **words,
                               struct cs_error *err)
{
    struct cs_error print_error = CS_ERROR_INIT;
    enum cs_status status = select_sources(sync, n_words, words, err);
    if (status == CS_OK)
        status = cs_store_open(sync->app->index, &sync->store, err);
    if (status != CS_OK)
        return status;
    for (size_t i = 0; i < sync->n; i++)
        sync->runs[i].troubles = cJSON_CreateArray();
    open_log_file(sync->app);
    run_all(sync);
    status = judge(sync, err);
    enum cs_status printed = sync->args->json
                                 ? print_json(sync, status, &print_error)
                                 : print_text(sync, &print_error);
    if (status == CS_OK && printed != CS_OK) {
        *err = print_error;
        status = printed;
    }
    return status;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    struct sync sync = {.app = app, .args = args};
    cs_printer_start(&sync.printer, "sync");
    enum cs_status status = run_sync(&sync, n_words, words, err);
    for (size_t i = 0; i < sync.n; i++)
        cJSON_Delete(sync.runs[i].troubles);
    cs_printer_clear(&sync.printer);
    cs_store_close(sync.store);
    free(sync.runs);
    return status;
}

#define ARG(member) offsetof(struct sync_args, member)

static const struct cs_option options[] = {
    {0, "space", CS_OPTION_TEXT, ARG(space), "KEY", "only this space", 0, 0},
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
    .args_size = sizeof(struct sync_args),
    .max_words = -1,
    .run = run,
};
