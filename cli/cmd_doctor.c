/*
 * cmd_doctor.c - is everything as it should be, and if not, what to do.
 */
#include "cli/commands.h"

#include "cli/doctor.h"
#include "src/log.h"

#include <stdarg.h>
#include <unistd.h>

struct doctor_args {
    bool json, offline;
};

static const struct {
    const char *name;
    enum cs_style style;
} states[CS_DOCTOR_STATES] = {
    [CS_DOCTOR_OK] = {"ok", CS_STYLE_GOOD},
    [CS_DOCTOR_ADVICE] = {"advice", CS_STYLE_MATCH},
    [CS_DOCTOR_PROBLEM] = {"problem", CS_STYLE_BAD},
};

enum { STATE_COLUMNS = 9, WHAT_COLUMNS = 15 };

static void put_line(struct cs_doctor *doctor, enum cs_doctor_state state,
                     const char *message, const char *hint)
{
    const struct cs_terminal *terminal = &doctor->app->out_terminal;
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(16384);
    cs_terminal_put(terminal, states[state].style, states[state].name, &line);
    cs_strbuf_printf(&line, "%*s%-*s",
                     STATE_COLUMNS - (int)strlen(states[state].name), "",
                     WHAT_COLUMNS, doctor->what);
    if (doctor->where) {
        cs_terminal_put(terminal, CS_STYLE_NONE, doctor->where, &line);
        cs_strbuf_puts(&line, ": ");
    }
    cs_terminal_put(terminal, CS_STYLE_NONE, message, &line);
    cs_strbuf_putc(&line, '\n');
    if (*hint) {
        cs_strbuf_printf(&line, "%*s", STATE_COLUMNS + WHAT_COLUMNS, "");
        cs_terminal_put(terminal, CS_STYLE_NONE, hint, &line);
        cs_strbuf_putc(&line, '\n');
    }
    if (!doctor->failure)
        doctor->failure = cs_app_print(doctor->app, &line, NULL);
}

/* Messages come from servers and from commands: secrets do not pass. */
static void say(struct cs_doctor *doctor, enum cs_doctor_state state,
                const char *message, const char *hint)
{
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(16384);
    cs_log_redact(doctor->app->log, message, strlen(message), &safe);
    doctor->counts[state]++;
    if (!doctor->json) {
        put_line(doctor, state, safe.data ? safe.data : "", hint);
        return;
    }
    struct cs_printer *printer = &doctor->printer;
    cJSON *item = cs_printer_object(printer, doctor->checks, NULL);
    cs_printer_text(printer, item, "check", doctor->what);
    cs_printer_text(printer, item, "source", doctor->where);
    cs_printer_text(printer, item, "state", states[state].name);
    cs_printer_text(printer, item, "message", safe.data);
    cs_printer_text(printer, item, "hint", *hint ? hint : NULL);
}

void cs_doctor_good(struct cs_doctor *doctor, const char *fmt, ...)
{
    char message[CS_ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    say(doctor, CS_DOCTOR_OK, message, "");
}

void cs_doctor_tell(struct cs_doctor *doctor, enum cs_doctor_state state,
                    const char *what_to_do, const char *fmt, ...)
{
    char message[CS_ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    say(doctor, state, message, what_to_do);
}

void cs_doctor_blame(struct cs_doctor *doctor, const struct cs_error *why)
{
    say(doctor, CS_DOCTOR_PROBLEM, why->message,
        why->hint[0] ? why->hint : cs_app_usual_hint(why->status));
}

static void see_config(struct cs_doctor *doctor)
{
    struct cs_app *app = doctor->app;
    struct cs_error err = CS_ERROR_INIT;
    doctor->what = "configuration";
    if (cs_app_open_config(app, &err) ||
        (cs_config_n_sources(app->config) == 0 &&
         cs_config_no_source(app->config, &err))) {
        cs_doctor_blame(doctor, &err);
        return;
    }
    size_t n = cs_config_n_sources(app->config);
    const char *path = cs_config_path(app->config);
    bool file = access(path, F_OK) == 0;
    cs_doctor_good(doctor, "%zu source%s, %s%s", n, n == 1 ? "" : "s",
                   file ? path : "from the environment alone; no ",
                   file ? "" : path);
}

static void examine(struct cs_doctor *doctor, bool offline)
{
    struct cs_app *app = doctor->app;
    see_config(doctor);
    if (!app->config)
        return;
    for (size_t i = 0; i < cs_config_n_sources(app->config); i++)
        cs_doctor_see_source(doctor, cs_config_source(app->config, i), offline);
    cs_doctor_see_folder(doctor);
    cs_doctor_see_disk(doctor);
    cs_doctor_see_index(doctor);
    cs_doctor_see_timer(doctor);
}

static enum cs_status conclude(struct cs_doctor *doctor, struct cs_error *err)
{
    size_t n = doctor->counts[CS_DOCTOR_PROBLEM];
    enum cs_status status = doctor->failure;
    if (doctor->json) {
        cs_printer_number(&doctor->printer, doctor->printer.root, "problems",
                          (double)n);
        status = cs_printer_finish(&doctor->printer, doctor->app, err);
    } else if (status) {
        return cs_error_set(err, status, "output");
    }
    if (status || n == 0)
        return status;
    (void)cs_error_set(err, CS_ERR_PARTIAL, "%zu problem%s", n,
                       n == 1 ? "" : "s");
    cs_error_hint(err, "each line says what to do");
    return CS_ERR_PARTIAL;
}

static enum cs_status run(struct cs_app *app, const void *args,
                          CS_UNUSED int n_words, CS_UNUSED char **words,
                          struct cs_error *err)
{
    const struct doctor_args *options = args;
    struct cs_doctor doctor = {.app = app, .json = options->json};
    cs_printer_start(&doctor.printer, "doctor");
    doctor.checks =
        cs_printer_array(&doctor.printer, doctor.printer.root, "checks");
    examine(&doctor, options->offline);
    enum cs_status status = conclude(&doctor, err);
    cs_printer_clear(&doctor.printer);
    return status;
}

#define ARG(member) offsetof(struct doctor_args, member)

static const struct cs_option options[] = {
    {0, "offline", CS_OPTION_FLAG, ARG(offline), NULL,
     "ask no site; look at this machine only", 0, 0},
    {0, "json", CS_OPTION_FLAG, ARG(json), NULL, "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_doctor = {
    .name = "doctor",
    .summary = "Find out what is wrong, and what to do about it",
    .synopsis = "[OPTION...]",
    .example = "cs doctor",
    .about =
        "Looks at configuration, credential, site, clock, rights, disk and\n"
        "index, and changes nothing. The exit status is 3 for a problem.",
    .needs = CS_NEED_NOTHING,
    .options = options,
    .args_size = sizeof(struct doctor_args),
    .run = run,
};
