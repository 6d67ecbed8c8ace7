/*
 * cmd_scheduler.c - the hourly run: on, off, now, and how it goes.
 */
#include "cli/age.h"
#include "cli/commands.h"

#include "cli/printer.h"
#include "cli/scheduler.h"
#include "index/stats.h"
#include "src/suggest.h"
#include "src/text.h"

struct scheduler_args {
    bool json, follow, wait, yes;
    const char *interval;
    int64_t lines;
};

enum action { ENABLE, DISABLE, STATUS, START, LOGS, ACTIONS };

static const char *const action_names[ACTIONS] = {"enable", "disable", "status",
                                                  "start", "logs"};

static enum action action_of(const char *word)
{
    return (enum action)cs_str_find(action_names, ACTIONS, word);
}

static unsigned needs_of(CS_UNUSED const void *args, int n_words, char **words)
{
    enum action action = n_words > 0 ? action_of(words[0]) : STATUS;
    return action == ENABLE || action == LOGS ? CS_NEED_CONFIG
                                              : CS_NEED_NOTHING;
}

/* The oldest last success of the sources; 0 when it cannot be told. */
static int64_t read_success(struct cs_app *app)
{
    int64_t success = 0;
    if (!app->config && cs_app_open_config(app, NULL) != CS_OK)
        return 0;
    if (cs_app_open_index(app, CS_DB_READ, true, NULL) != CS_OK ||
        cs_stats_last_success(app->index, &success, NULL) != CS_OK)
        return 0;
    return success;
}

/* ---- for people ---- */

static void put_last(const struct cs_scheduler *scheduler, int64_t now,
                     struct cs_strbuf *out)
{
    if (scheduler->running && scheduler->last_start > 0) {
        cs_strbuf_puts(out, "a run     goes on since ");
        cs_duration_format(
            now > scheduler->last_start ? now - scheduler->last_start : 0, out);
    } else if (scheduler->last_end > 0) {
        cs_strbuf_puts(out, "last run  ");
        cs_age_put(now, scheduler->last_end, out);
        cs_strbuf_puts(out, ", took ");
        cs_duration_format(scheduler->last_end - scheduler->last_start, out);
        cs_strbuf_puts(out, ": ");
        cs_scheduler_put_outcome(scheduler, out);
    } else if (scheduler->last_trigger > 0) {
        cs_strbuf_puts(out, "last run  ");
        cs_age_put(now, scheduler->last_trigger, out);
        cs_strbuf_puts(out, ", before this session");
    } else {
        cs_strbuf_puts(out, "last run  none yet: cs scheduler start runs one");
    }
    cs_strbuf_putc(out, '\n');
}

static void put_linger(const struct cs_scheduler *scheduler,
                       struct cs_strbuf *out)
{
    static const char *const words[] = {
        [CS_LINGER_UNKNOWN] = "while you are logged in",
        [CS_LINGER_OFF] =
            "while you are logged in (always: loginctl enable-linger)",
        [CS_LINGER_ON] = "always, also while you are logged out (lingering)",
    };
    cs_strbuf_printf(out, "runs      %s\n", words[scheduler->linger]);
}

static void put_status(struct cs_app *app, const struct cs_scheduler *scheduler,
                       const char *interval, struct cs_strbuf *out)
{
    int64_t now = cs_clock_now(app->clock), success = read_success(app);
    cs_strbuf_puts(out, "timer     ");
    cs_scheduler_put_line(scheduler, now, out);
    cs_strbuf_putc(out, '\n');
    if (scheduler->manager == CS_MANAGER_RUNS && scheduler->installed) {
        put_last(scheduler, now, out);
        put_linger(scheduler, out);
        cs_strbuf_printf(out, "program   %s\nunit      %s\n",
                         scheduler->program ? scheduler->program : "none",
                         scheduler->unit ? scheduler->unit : "none");
    }
    if (success > 0) {
        cs_strbuf_puts(out, "mirror    last success ");
        cs_age_put(now, success, out);
        cs_strbuf_putc(out, '\n');
    }
    if (scheduler->manager != CS_MANAGER_RUNS && !scheduler->enabled &&
        app->config) {
        cs_strbuf_puts(out, "cron does the same, with this line (crontab -e):"
                            "\n");
        cs_scheduler_put_crontab(app, interval, out);
        cs_strbuf_putc(out, '\n');
    }
}

/* ---- for programs ---- */

static void add_known(struct cs_printer *printer,
                      const struct cs_scheduler *scheduler)
{
    cJSON *root = printer->root;
    bool ran = scheduler->last_end > 0;
    cs_printer_text(printer, root, "state", cs_scheduler_state(scheduler));
    cs_printer_bool(printer, root, "enabled", scheduler->enabled);
    cs_printer_bool(printer, root, "active", scheduler->active);
    cs_printer_bool(printer, root, "running", scheduler->running);
    cs_printer_text(printer, root, "calendar", scheduler->calendar);
    cs_printer_time(printer, root, "next", scheduler->next);
    cs_printer_time(printer, root, "last_trigger", scheduler->last_trigger);
    cs_printer_time(printer, root, "last_start", scheduler->last_start);
    cs_printer_time(printer, root, "last_end", scheduler->last_end);
    cs_printer_text(printer, root, "last_result",
                    ran ? scheduler->last_result : NULL);
    if (ran)
        cs_printer_number(printer, root, "last_exit", scheduler->last_exit);
    else
        cs_printer_text(printer, root, "last_exit", NULL);
    cs_printer_text(printer, root, "lingering",
                    scheduler->linger == CS_LINGER_ON    ? "yes"
                    : scheduler->linger == CS_LINGER_OFF ? "no"
                                                         : NULL);
    cs_printer_text(printer, root, "program", scheduler->program);
    cs_printer_text(printer, root, "unit", scheduler->unit);
}

static enum cs_status print_json(struct cs_app *app, enum action action,
                                 const struct cs_scheduler *scheduler,
                                 const char *interval, struct cs_error *err)
{
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    int64_t success = read_success(app);
    cs_printer_start(&printer, "scheduler");
    cs_printer_text(&printer, printer.root, "action", action_names[action]);
    add_known(&printer, scheduler);
    cs_printer_time(&printer, printer.root, "last_success", success);
    if (app->config)
        cs_scheduler_put_crontab(app, interval, &line);
    cs_printer_text(&printer, printer.root, "crontab",
                    line.len > 0 ? line.data : NULL);
    return cs_printer_finish(&printer, app, err);
}

/* ---- one action after the other ---- */

/* Whatever is wrong is a finding, with what to do about it. */
static enum cs_status judge(enum action action,
                            const struct cs_scheduler *scheduler,
                            struct cs_error *err)
{
    struct cs_strbuf why CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    const char *what = NULL, *hint = "run cs scheduler enable";
    if (action == DISABLE)
        return CS_OK;
    if (scheduler->manager == CS_MANAGER_NONE) {
        what = "there is no systemd here";
        hint = "let cron run it: put the line above into crontab -e";
    } else if (scheduler->manager == CS_MANAGER_AWAY) {
        what = "no systemd manager runs for this user";
        hint = scheduler->enabled
                   ? "log in, or let it run always: loginctl enable-linger"
                   : "log in properly (not by su), or let cron run it";
    } else if (action != START && !scheduler->enabled) {
        what = "the timer is not enabled";
    } else if (action != START && !scheduler->active) {
        what = "the timer is enabled, but stopped";
    } else if (action != ENABLE && cs_scheduler_failed(scheduler)) {
        cs_strbuf_puts(&why, "the last run failed: ");
        cs_scheduler_put_outcome(scheduler, &why);
        what = why.data;
        hint = "cs scheduler logs says more; so does cs doctor";
    }
    if (!what)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_PARTIAL, "%s", what);
    cs_error_hint(err, "%s", hint);
    return CS_ERR_PARTIAL;
}

static enum cs_status act(struct cs_app *app, enum action action,
                          const struct scheduler_args *args,
                          struct cs_error *err)
{
    const struct cs_scheduler_wish wish = {.interval = args->interval,
                                           .yes = args->yes};
    enum cs_status status = CS_OK;
    if (action == ENABLE)
        status = cs_scheduler_enable(app, &wish, err);
    else if (action == DISABLE)
        status = cs_scheduler_disable(err);
    else if (action == START)
        status = cs_scheduler_start(app, args->wait, err);
    /* Nobody to ask is told with the rest. */
    return status == CS_ERR_NOT_FOUND ? CS_OK : status;
}

static enum cs_status print_text(struct cs_app *app, enum action action,
                                 const struct cs_scheduler *scheduler,
                                 const char *interval, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    if (action == DISABLE)
        cs_strbuf_puts(&text, scheduler->running
                                  ? "the timer is off; the run that is going "
                                    "on ends by itself\n"
                                  : "the timer is off\n");
    else
        put_status(app, scheduler, interval, &text);
    return app->globals.quiet ? CS_OK : cs_app_print(app, &text, err);
}

static enum cs_status check_args(enum action action, const char *word,
                                 const struct scheduler_args *args,
                                 struct cs_error *err)
{
    const char *near = cs_suggest_nearest(word, action_names, ACTIONS);
    if (action == ACTIONS) {
        (void)cs_error_set(err, CS_ERR_USAGE,
                           "scheduler: there is no action \"%.40s\"", word);
        cs_error_hint(err, "write: cs scheduler %s", near ? near : "status");
        return CS_ERR_USAGE;
    }
    const char *wrong = args->follow && action != LOGS  ? "-f is for logs"
                        : args->lines && action != LOGS ? "-n is for logs"
                        : args->wait && action != START ? "--wait is for start"
                        : args->interval && action != ENABLE
                            ? "--interval is for enable"
                        : args->follow && args->json ? "-f and --json exclude "
                                                       "each other"
                                                     : NULL;
    if (!wrong)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "scheduler: %s", wrong);
    cs_error_hint(err, "add --help");
    return CS_ERR_USAGE;
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    const struct scheduler_args *options = args;
    enum action action = n_words > 0 ? action_of(words[0]) : STATUS;
    struct cs_scheduler scheduler = {0};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        check_args(action, n_words > 0 ? words[0] : "status", options, err);
    if (!status && action == LOGS)
        return cs_scheduler_logs(app, options->lines, options->follow,
                                 options->json, err);
    if (!status)
        status = act(app, action, options, err);
    if (!status)
        status = cs_scheduler_read(arena, &scheduler, err);
    if (!status)
        status =
            options->json
                ? print_json(app, action, &scheduler, options->interval, err)
                : print_text(app, action, &scheduler, options->interval, err);
    return status ? status : judge(action, &scheduler, err);
}

#define ARG(member) offsetof(struct scheduler_args, member)

static const struct cs_option options[] = {
    {0, "interval", CS_OPTION_TEXT, ARG(interval), "TIME",
     "enable: hourly, 15min, daily, ...", 0, 0},
    {'y', "yes", CS_OPTION_FLAG, ARG(yes), NULL,
     "enable: ask nothing, write what is missing", 0, 0},
    {0, "wait", CS_OPTION_FLAG, ARG(wait), NULL,
     "start: until the run has ended", 0, 0},
    {'f', "follow", CS_OPTION_FLAG, ARG(follow), NULL,
     "logs: show what comes, too", 0, 0},
    {'n', "lines", CS_OPTION_NUMBER, ARG(lines), "N",
     "logs: the last N lines (default 50)", 1, 1000000},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_scheduler = {
    .name = "scheduler",
    .summary = "Have the mirror brought up to date every hour",
    .synopsis = "[enable | disable | status | start | logs] [OPTION...]",
    .example = "cs scheduler enable",
    .about = "A timer of systemd runs cs sync for you. enable checks that it\n"
             "will find all that it needs without this shell, and starts it;\n"
             "status tells of the last and the next run, start runs one now.\n"
             "The exit status is 3 when the timer does not run, or the last\n"
             "run failed.",
    .needs_of = needs_of,
    .options = options,
    .args_size = sizeof(struct scheduler_args),
    .max_words = 1,
    .run = run,
};
