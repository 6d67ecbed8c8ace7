/*
 * cmd_status.c - what the mirror holds, and how old it is.
 */
#include "cli/commands.h"

#include "cli/age.h"
#include "cli/printer.h"
#include "cli/scheduler.h"
#include "cli/status_conversion.h"
#include "index/stats.h"
#include "src/text.h"

#include <inttypes.h>

struct status_args {
    bool json, conversion;
    const char *max_age;
};

static bool is_proved(const struct cs_stats_source *source)
{
    return source->listed == source->stored &&
           source->stored == source->indexed &&
           source->stored == source->on_disk;
}

static void put_failures(const struct cs_stats_source *source,
                         struct cs_strbuf *out)
{
    struct cs_table table CS_CLEANUP(cs_table_clear);
    cs_table_init(&table);
    for (size_t i = 0; i < source->n_failures; i++) {
        const struct cs_stats_failure *failure = &source->failures[i];
        cs_table_cell(&table, "%s", failure->id);
        cs_table_cell(&table, "%s", failure->title);
        cs_table_cell(&table, "%s", failure->reason);
        cs_table_end_row(&table);
    }
    cs_strbuf_printf(
        out, "  %" PRId64 " could not be fetched%s\n", source->failed,
        source->failed > (int64_t)source->n_failures ? ", the oldest of them:"
                                                     : ":");
    cs_table_put(&table, 4, out);
}

static void put_counts(const struct cs_stats_source *source,
                       struct cs_strbuf *out)
{
    const struct {
        int64_t n;
        const char *what;
    } rows[] = {
        {source->pending, "still to be fetched"},
        {source->missing, "gone from the last listing, kept until that is "
                          "sure"},
        {source->left, "kept of spaces no longer configured or shown"},
        {source->deleted, "deleted, can be restored: cs maintenance restore"},
        {source->files, "attachments"},
        {source->files_pending, "attachments still to be fetched"},
        {source->files_failed, "attachments could not be fetched"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        if (rows[i].n > 0)
            cs_strbuf_printf(out, "  %" PRId64 " %s\n", rows[i].n,
                             rows[i].what);
    }
}

static void put_source(const struct cs_app *app,
                       const struct cs_stats_source *source, bool stale,
                       struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &app->out_terminal;
    int64_t now = cs_clock_now(app->clock);
    const char *sign = is_proved(source) ? " =" : ",";
    cs_terminal_put(terminal, CS_STYLE_TITLE, source->name, out);
    cs_strbuf_puts(out, "  ");
    cs_terminal_put(terminal, CS_STYLE_FAINT, source->base_url, out);
    cs_strbuf_printf(out,
                     "\n  %" PRId64 " listed%s %" PRId64 " stored%s %" PRId64
                     " indexed%s %" PRId64 " on disk\n  last success ",
                     source->listed, sign, source->stored, sign,
                     source->indexed, sign, source->on_disk);
    cs_strbuf_puts(
        out, cs_terminal_style(terminal, stale ? CS_STYLE_BAD : CS_STYLE_GOOD));
    cs_age_put(now, source->last_success, out);
    cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_NONE));
    cs_strbuf_puts(out, ", last run ");
    cs_age_put(now, source->last_start, out);
    cs_strbuf_printf(out, ": %s\n",
                     source->last_outcome ? source->last_outcome : "no end");
    cs_strbuf_puts(out, "  last complete listing ");
    cs_age_put(now, source->listed_at, out);
    cs_strbuf_putc(out, '\n');
    put_counts(source, out);
    if (source->failed > 0)
        put_failures(source, out);
}

static void put_spaces(const struct cs_stats *stats, struct cs_strbuf *out)
{
    struct cs_table table CS_CLEANUP(cs_table_clear);
    cs_table_init(&table);
    table.right[2] = true;
    for (size_t i = 0; i < stats->n_spaces; i++) {
        const struct cs_stats_space *space = &stats->spaces[i];
        cs_table_cell(&table, "%s", space->key);
        cs_table_cell(&table, "%s", space->name);
        cs_table_cell(&table, "%" PRId64, space->documents);
        cs_table_cell(&table, "%s", stats->n_sources > 1 ? space->source : "");
        cs_table_cell(&table, "%s",
                      space->left   ? "no longer configured"
                      : space->gone ? "not shown by the site"
                                    : "");
        cs_table_end_row(&table);
    }
    if (stats->n_spaces > 0)
        cs_strbuf_puts(out, "spaces\n");
    cs_table_put(&table, 2, out);
}

/* What is known of the timer; nothing where systemd does not answer. */
static const struct cs_scheduler *read_timer(struct cs_arena *arena)
{
    struct cs_scheduler *scheduler = cs_arena_alloc(arena, sizeof(*scheduler));
    return scheduler && cs_scheduler_read(arena, scheduler, NULL) == CS_OK
               ? scheduler
               : NULL;
}

static void put_timer(const struct cs_app *app,
                      const struct cs_scheduler *timer, struct cs_strbuf *out)
{
    if (!timer || (timer->manager != CS_MANAGER_RUNS && !timer->enabled))
        return;
    cs_strbuf_puts(out, "timer  ");
    cs_scheduler_put_line(timer, cs_clock_now(app->clock), out);
    cs_strbuf_puts(out, timer->enabled ? "\n" : ": cs scheduler enable\n");
}

static enum cs_status print_text(struct cs_app *app,
                                 const struct cs_stats *stats,
                                 const struct cs_scheduler *timer,
                                 int64_t max_age, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    int64_t now = cs_clock_now(app->clock);
    cs_strbuf_printf(&text, "%s  %" PRId64 " documents, index ",
                     cs_config_root(app->config), stats->documents);
    cs_size_put(stats->database_bytes, &text);
    cs_strbuf_putc(&text, '\n');
    if (stats->intents > 0)
        cs_strbuf_printf(&text,
                         "  %" PRId64 " file operations to be finished by the "
                         "next sync\n",
                         stats->intents);
    for (size_t i = 0; i < stats->n_sources; i++)
        put_source(
            app, &stats->sources[i],
            cs_age_is_stale(now, stats->sources[i].last_success, max_age),
            &text);
    put_spaces(stats, &text);
    put_timer(app, timer, &text);
    return cs_app_print(app, &text, err);
}

static void add_source(struct cs_printer *printer, cJSON *sources,
                       const struct cs_stats_source *source, bool stale)
{
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {
        {"documents", source->documents},
        {"listed", source->listed},
        {"stored", source->stored},
        {"indexed", source->indexed},
        {"on_disk", source->on_disk},
        {"pending", source->pending},
        {"failed", source->failed},
        {"missing", source->missing},
        {"left", source->left},
        {"deleted", source->deleted},
        {"files", source->files},
        {"files_pending", source->files_pending},
        {"files_failed", source->files_failed},
    };
    cJSON *item = cs_printer_object(printer, sources, NULL);
    cs_printer_text(printer, item, "name", source->name);
    cs_printer_text(printer, item, "type", source->type);
    cs_printer_text(printer, item, "base_url", source->base_url);
    cs_printer_text(printer, item, "folder", source->folder);
    for (size_t i = 0; i < CS_ARRAY_LEN(counts); i++)
        cs_printer_number(printer, item, counts[i].name,
                          (double)counts[i].value);
    cs_printer_time(printer, item, "listed_at", source->listed_at);
    cs_printer_time(printer, item, "last_start", source->last_start);
    cs_printer_time(printer, item, "last_success", source->last_success);
    cs_printer_text(printer, item, "last_outcome", source->last_outcome);
    cs_printer_bool(printer, item, "stale", stale);
    cJSON *failures = cs_printer_array(printer, item, "failures");
    for (size_t i = 0; i < source->n_failures; i++) {
        cJSON *failure = cs_printer_object(printer, failures, NULL);
        cs_printer_text(printer, failure, "id", source->failures[i].id);
        cs_printer_text(printer, failure, "title", source->failures[i].title);
        cs_printer_text(printer, failure, "reason", source->failures[i].reason);
        cs_printer_time(printer, failure, "since", source->failures[i].since);
    }
}

static void add_timer(struct cs_printer *printer,
                      const struct cs_scheduler *timer)
{
    if (!timer)
        return;
    cJSON *item = cs_printer_object(printer, printer->root, "timer");
    cs_printer_text(printer, item, "state", cs_scheduler_state(timer));
    cs_printer_bool(printer, item, "running", timer->running);
    cs_printer_time(printer, item, "next", timer->next);
}

static enum cs_status print_json(struct cs_app *app,
                                 const struct cs_stats *stats,
                                 const struct cs_scheduler *timer,
                                 int64_t max_age, struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    int64_t now = cs_clock_now(app->clock);
    cs_printer_start(&printer, "status");
    cs_printer_text(&printer, printer.root, "root",
                    cs_config_root(app->config));
    cs_printer_number(&printer, printer.root, "documents",
                      (double)stats->documents);
    cs_printer_number(&printer, printer.root, "database_bytes",
                      (double)stats->database_bytes);
    cs_printer_number(&printer, printer.root, "file_operations_pending",
                      (double)stats->intents);
    add_timer(&printer, timer);
    cJSON *sources = cs_printer_array(&printer, printer.root, "sources");
    for (size_t i = 0; i < stats->n_sources; i++)
        add_source(
            &printer, sources, &stats->sources[i],
            cs_age_is_stale(now, stats->sources[i].last_success, max_age));
    cJSON *spaces = cs_printer_array(&printer, printer.root, "spaces");
    for (size_t i = 0; i < stats->n_spaces; i++) {
        const struct cs_stats_space *space = &stats->spaces[i];
        cJSON *item = cs_printer_object(&printer, spaces, NULL);
        cs_printer_text(&printer, item, "source", space->source);
        cs_printer_text(&printer, item, "key", space->key);
        cs_printer_text(&printer, item, "name", space->name);
        cs_printer_text(&printer, item, "url", space->url);
        cs_printer_number(&printer, item, "documents",
                          (double)space->documents);
        cs_printer_time(&printer, item, "listed_at", space->listed);
        cs_printer_time(&printer, item, "left", space->left);
        cs_printer_time(&printer, item, "gone", space->gone);
        cs_printer_text(&printer, item, "gone_why", space->gone_why);
    }
    return cs_printer_finish(&printer, app, err);
}

static enum cs_status judge(const struct cs_app *app,
                            const struct cs_stats *stats, int64_t max_age,
                            struct cs_error *err)
{
    struct cs_strbuf age CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    int64_t now = cs_clock_now(app->clock);
    for (size_t i = 0; i < stats->n_sources; i++) {
        const struct cs_stats_source *source = &stats->sources[i];
        bool stale = cs_age_is_stale(now, source->last_success, max_age);
        if (!stale && is_proved(source))
            continue;
        cs_age_put(now, source->last_success, &age);
        if (stale)
            (void)cs_error_set(err, CS_ERR_PARTIAL,
                               "source %s is stale: last success %s",
                               source->name, age.data);
        else
            (void)cs_error_set(err, CS_ERR_PARTIAL,
                               "source %s does not hold all that it should",
                               source->name);
        cs_error_hint(err, "run cs sync %s", source->name);
        return CS_ERR_PARTIAL;
    }
    return CS_OK;
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, CS_UNUSED char **words,
                          struct cs_error *err)
{
    const struct status_args *options = args;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)64 << 20);
    struct cs_stats stats = {0};
    int64_t max_age = CS_STALE_AFTER_MS;
    if (!arena)
        return cs_error_no_memory(err);
    if (options->max_age &&
        cs_duration_parse(options->max_age, &max_age, err) != CS_OK) {
        (void)cs_error_prefix(err, "--max-age");
        cs_error_hint(err, "give a length such as 36h or 2d");
        return CS_ERR_USAGE;
    }
    if (options->conversion)
        return cs_status_conversion(app, options->json, err);
    enum cs_status status = cs_stats_read(app->index, arena, &stats, err);
    const struct cs_scheduler *timer = status ? NULL : read_timer(arena);
    if (status == CS_OK)
        status = options->json ? print_json(app, &stats, timer, max_age, err)
                               : print_text(app, &stats, timer, max_age, err);
    return status == CS_OK ? judge(app, &stats, max_age, err) : status;
}

#define ARG(member) offsetof(struct status_args, member)

static const struct cs_option options[] = {
    {0, "max-age", CS_OPTION_TEXT, ARG(max_age), "TIME",
     "older than this is stale (default 24h)", 0, 0},
    {0, "conversion", CS_OPTION_FLAG, ARG(conversion), NULL,
     "how well the texts were converted, worst first", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_status = {
    .name = "status",
    .summary = "Show what the mirror holds, and how old it is",
    .synopsis = "[OPTION...]",
    .example = "cs status --max-age 2h",
    .about = "The exit status is 3 when a source is stale, or lacks something.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct status_args),
    .run = run,
};
