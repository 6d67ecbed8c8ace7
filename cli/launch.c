/*
 * launch.c - find the verb, parse its options, make ready what it needs, run
 * it, and say what failed.
 */
#include "cli/launch.h"

#include "cli/printer.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "src/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* True when `stream` is what JOURNAL_STREAM names (sd_journal_print(3)). */
static bool is_journal(FILE *stream)
{
    const char *value = getenv("JOURNAL_STREAM");
    struct stat st;
    char *end;
    if (!value || fstat(fileno(stream), &st) != 0)
        return false;
    unsigned long long device = strtoull(value, &end, 10);
    if (end == value || *end != ':')
        return false;
    unsigned long long inode = strtoull(end + 1, NULL, 10);
    return device == st.st_dev && inode == st.st_ino;
}

static void step_aside(void *payload, bool before)
{
    const struct cs_app *app = payload;
    if (app->bar)
        cs_progress_bar_aside(app->bar, before);
}

static enum cs_status open_log(struct cs_app *app, struct cs_error *err)
{
    app->journal = is_journal(app->err);
    enum cs_log_level level = app->globals.verbose ? CS_LOG_DEBUG
                              : app->globals.quiet ? CS_LOG_ERROR
                              : app->journal       ? CS_LOG_INFO
                                                   : CS_LOG_WARNING;
    const struct cs_log_options options = {.stream = app->err,
                                           .stream_level = level,
                                           .journal = app->journal,
                                           .aside = step_aside,
                                           .payload = app,
                                           .clock = app->clock};
    return cs_log_new(&options, &app->log, err);
}

static enum cs_status check_sources(const struct cs_app *app,
                                    struct cs_error *err)
{
    size_t n = cs_config_n_sources(app->config);
    enum cs_status status = CS_OK;
    if (n == 0)
        return cs_config_no_source(app->config, err);
    for (size_t i = 0; status == CS_OK && i < n; i++)
        status = cs_source_config_check(cs_config_source(app->config, i), err);
    return status;
}

/* Only what brings documents from a source makes an index. */
static enum cs_status make_ready(struct cs_app *app, unsigned needs,
                                 struct cs_error *err)
{
    bool sources = (needs & CS_NEED_SOURCES) == CS_NEED_SOURCES;
    enum cs_status status = CS_OK;
    if (needs & CS_NEED_CONFIG)
        status = cs_app_open_config(app, err);
    if (status == CS_OK && sources)
        status = check_sources(app, err);
    if (status == CS_OK && (needs & CS_NEED_WRITER) == CS_NEED_WRITER)
        status = cs_app_open_index(app, CS_DB_WRITE, !sources, err);
    else if (status == CS_OK && (needs & CS_NEED_INSPECT) == CS_NEED_INSPECT)
        status = cs_app_open_index(app, CS_DB_INSPECT, true, err);
    else if (status == CS_OK && (needs & CS_NEED_INDEX) == CS_NEED_INDEX)
        status = cs_app_open_index(app, CS_DB_READ, true, err);
    return status;
}

static enum cs_status print_text(struct cs_app *app,
                                 void (*fill)(struct cs_strbuf *out),
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    fill(&text);
    return cs_app_print(app, &text, err);
}

static enum cs_status print_help(struct cs_app *app, const struct cs_verb *verb,
                                 struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_verb_help(verb, &text);
    return cs_app_print(app, &text, err);
}

static enum cs_status check_words(const struct cs_verb *verb, int n,
                                  struct cs_error *err)
{
    if (n >= verb->min_words && (verb->max_words < 0 || n <= verb->max_words))
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "%s: %s", verb->name,
                       n < verb->min_words ? "something is missing"
                                           : "too many words");
    cs_error_hint(err, "write: cs %s %s", verb->name, verb->synopsis);
    return CS_ERR_USAGE;
}

/* What the streams are; a wrong --color is told, and then does not count. */
static enum cs_status look_around(struct cs_app *app, struct cs_error *err)
{
    const char *name = app->globals.color;
    enum cs_color color = app->globals.no_color ? CS_COLOR_NEVER
                          : name                ? cs_color_from(name)
                                                : CS_COLOR_AUTO;
    bool known = color != CS_COLORS;
    cs_terminal_detect(&app->out_terminal, app->out,
                       known ? color : CS_COLOR_AUTO);
    cs_terminal_detect(&app->err_terminal, app->err,
                       known ? color : CS_COLOR_AUTO);
    if (known)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "--color: no choice \"%.40s\"", name);
    cs_error_hint(err, "write auto, always or never");
    return CS_ERR_USAGE;
}

/* Will the verb answer in JSON, as its options stand? */
static bool wants_json(const struct cs_verb *verb, const void *args)
{
    for (const struct cs_option *row = verb->options; row && row->name; row++)
        if (row->type == CS_OPTION_FLAG &&
            (strcmp(row->name, "json") == 0 ||
             strcmp(row->name, "ndjson") == 0) &&
            *(const bool *)((const char *)args + row->offset))
            return true;
    return false;
}

CS_DEFINE_CLEANUP(void *, free_slot, free);

static enum cs_status run_verb(struct cs_app *app, const struct cs_verb *verb,
                               int argc, char **argv, struct cs_error *err)
{
    void *args CS_CLEANUP(free_slot) = calloc(1, verb->args_size + 1);
    const struct cs_option_set sets[] = {
        {verb->options, args},
        {cs_global_options, &app->globals},
    };
    int n_words = 0, used = 0;
    if (!args)
        return cs_error_no_memory(err);
    enum cs_status status = cs_options_parse(sets, CS_ARRAY_LEN(sets), false,
                                             argc, argv, &n_words, &used, err);
    if (status == CS_OK)
        status = look_around(app, err);
    if (status == CS_OK && app->globals.help)
        return print_help(app, verb, err);
    if (wants_json(verb, args))
        app->json = verb->name;
    if (status == CS_OK)
        status = check_words(verb, n_words, err);
    if (status == CS_OK)
        status = open_log(app, err);
    unsigned needs = verb->needs;
    if (status == CS_OK && verb->needs_of)
        needs = verb->needs_of(args, n_words, argv);
    if (status == CS_OK)
        status = make_ready(app, needs, err);
    if (status == CS_OK)
        status = verb->run(app, args, n_words, argv, err);
    return status;
}

/* "cs foo" runs the program cs-foo, so that anyone can add a command. Returns
 * only when there is none. */
static enum cs_status try_external(char **argv, struct cs_error *err)
{
    char program[80];
    size_t len = strlen(argv[0]);
    size_t plain = strspn(argv[0], "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (plain != len || len == 0 || len > 64)
        return cs_verb_unknown(argv[0], err);
    (void)snprintf(program, sizeof(program), "cs-%s", argv[0]);
    (void)execvp(program, argv);
    if (errno == ENOENT || errno == EACCES || errno == ENOTDIR)
        return cs_verb_unknown(argv[0], err);
    return cs_error_errno(err, errno, "%s", program);
}

static enum cs_status run(struct cs_app *app, int argc, char **argv,
                          struct cs_error *err)
{
    const struct cs_option_set globals = {cs_global_options, &app->globals};
    int n = 0, used = 0;
    enum cs_status status =
        cs_options_parse(&globals, 1, true, argc, argv, &n, &used, err);
    if (status == CS_OK)
        status = look_around(app, err);
    if (status != CS_OK)
        return status;
    if (app->globals.version)
        return print_text(app, cs_verb_version, err);
    if (used == argc)
        return print_text(app, cs_verb_overview, err);
    const struct cs_verb *verb = cs_verb_find(argv[used]);
    if (!verb)
        return try_external(argv + used, err);
    return run_verb(app, verb, argc - used - 1, argv + used + 1, err);
}

/* For a program that wants JSON and got no answer. */
static void report_json(struct cs_app *app, const struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(32768);
    struct cs_error said = *err;
    cs_log_redact(app->log, err->message, strlen(err->message), &safe);
    (void)snprintf(said.message, sizeof(said.message), "%s", safe.data);
    if (said.hint[0] == '\0')
        cs_error_hint(&said, "%s", cs_app_usual_hint(err->status));
    cs_printer_start(&printer, app->json);
    cs_printer_error(&printer, printer.root, "error", &said);
    (void)cs_printer_finish(&printer, app, NULL);
}

/* The one line that goes with a failure: "cs: what happened; what to do". */
static void report(struct cs_app *app, const struct cs_error *err)
{
    if (app->json && !app->answered)
        report_json(app, err);
    struct cs_strbuf raw CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(8192);
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(16384);
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(32768);
    cs_strbuf_puts(&raw, err->message[0] != '\0' ? err->message
                                                 : cs_status_name(err->status));
    cs_strbuf_printf(&raw, "; %s",
                     err->hint[0] != '\0' ? err->hint
                                          : cs_app_usual_hint(err->status));
    cs_log_redact(app->log, raw.data, raw.len, &line);
    cs_text_put_safe(&safe, line.data, line.len, false);
    bool told = !cs_strbuf_status(&raw, NULL) &&
                !cs_strbuf_status(&line, NULL) &&
                !cs_strbuf_status(&safe, NULL);
    /* What the next run mends by itself is no error of the journal. */
    int code = cs_status_exit(err->status);
    bool passing = code == 3 || code == 7 || code == 75;
    (void)fprintf(app->err, "%scs: %s\n",
                  !app->journal ? ""
                  : passing     ? "<4>"
                                : "<3>",
                  told ? safe.data
                       : "out of memory; close other programs and run it "
                         "again");
}

enum cs_status cs_launch_again(struct cs_app *app, int argc, char **argv,
                               struct cs_error *err)
{
    const struct cs_verb *verb = cs_verb_find(argv[0]);
    cs_app_close(app);
    return verb ? run_verb(app, verb, argc - 1, argv + 1, err)
                : cs_verb_unknown(argv[0], err);
}

int cs_launch(int argc, char **argv)
{
    struct cs_app app = {.clock = cs_clock_system(),
                         .out = stdout,
                         .err = stderr,
                         .cancel = cs_signals_flag()};
    struct cs_error err = CS_ERROR_INIT;
    cs_signals_install();
    enum cs_status status = run(&app, argc - 1, argv + 1, &err);
    if (status != CS_OK) {
        err.status = status;
        report(&app, &err);
    }
    cs_app_close(&app);
    return cs_status_exit(status);
}
