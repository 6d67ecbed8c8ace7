/*
 * doctor.c - a line, or a member of the answer, for each thing looked at.
 */
#include "cli/doctor.h"

#include "src/log.h"

#include <stdarg.h>

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
