/*
 * scheduler_tell.c - what systemd knows, in words; and what cron would need.
 */
#include "cli/scheduler.h"

#include "cli/scheduler_units.h"
#include "cli/systemd.h"
#include "src/text.h"

#include <stdlib.h>
#include <unistd.h>

/* Names of intervals; those of systemd (hourly, daily, ...) are its own.
 * `normal` is what it makes of them. */
static const struct {
    const char *name, *calendar, *normal, *words, *cron;
} intervals[] = {
    {"hourly", "", "*-*-* *:00:00", "every hour", "%u * * * *"},
    {"1h", "", "*-*-* *:00:00", "every hour", "%u * * * *"},
    {"5min", "*:0/5", "*-*-* *:00/5:00", "every 5 minutes", "*/5 * * * *"},
    {"10min", "*:0/10", "*-*-* *:00/10:00", "every 10 minutes", "*/10 * * * *"},
    {"15min", "*:0/15", "*-*-* *:00/15:00", "every 15 minutes", "*/15 * * * *"},
    {"20min", "*:0/20", "*-*-* *:00/20:00", "every 20 minutes", "*/20 * * * *"},
    {"30min", "*:0/30", "*-*-* *:00/30:00", "every 30 minutes", "*/30 * * * *"},
    {"2h", "0/2:00", "*-*-* 00/2:00:00", "every 2 hours", "%u */2 * * *"},
    {"3h", "0/3:00", "*-*-* 00/3:00:00", "every 3 hours", "%u */3 * * *"},
    {"4h", "0/4:00", "*-*-* 00/4:00:00", "every 4 hours", "%u */4 * * *"},
    {"6h", "0/6:00", "*-*-* 00/6:00:00", "every 6 hours", "%u */6 * * *"},
    {"12h", "0/12:00", "*-*-* 00/12:00:00", "every 12 hours", "%u */12 * * *"},
    {"daily", "daily", "*-*-* 00:00:00", "every day", "%u 6 * * *"},
    {"weekly", "weekly", "Mon *-*-* 00:00:00", "every week", "%u 6 * * 1"},
};

enum cs_status cs_scheduler_calendar(struct cs_arena *arena, const char *name,
                                     const char **ret, struct cs_error *err)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf why CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const char *const words[] = {"systemd-analyze", "calendar", "--", name,
                                 NULL};
    int exit_status = 0;
    for (size_t i = 0; i < CS_ARRAY_LEN(intervals); i++)
        if (cs_str_equal(intervals[i].name, name)) {
            *ret = intervals[i].calendar;
            return CS_OK;
        }
    bool plain = *name && !strpbrk(name, "\n\r\\");
    enum cs_status status = CS_OK;
    if (plain)
        status = cs_systemd_run(words, &out, &why, &exit_status, err);
    if (status)
        return status;
    if (!plain || (exit_status != 0 && exit_status != 127)) {
        (void)cs_error_set(err, CS_ERR_USAGE, "--interval: no time \"%.80s\"",
                           name);
        cs_error_hint(err, "give hourly, 15min, daily, or what systemd.time(7) "
                           "takes, as in \"Mon..Fri 8..18:00\"");
        return CS_ERR_USAGE;
    }
    *ret = cs_arena_strdup(arena, name);
    return cs_arena_status(arena, err);
}

/* When it runs: "every hour". */
static void put_interval(const char *calendar, struct cs_strbuf *out)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(intervals); i++)
        if (cs_str_equal(intervals[i].normal, calendar)) {
            cs_strbuf_puts(out, intervals[i].words);
            return;
        }
    cs_strbuf_puts(out, "at ");
    cs_text_put_safe(out, calendar, strlen(calendar), false);
}

/* What the statuses of `cs sync` mean for somebody who was not there. */
static const struct {
    int exit_status;
    const char *words;
} outcomes[] = {
    {0, "done"},
    {3, "done in part; the next run goes on"},
    {7, "another run was at work"},
    {74, "a file could not be read or written, or the disk is full"},
    {75, "the site could not be reached; the next run tries again"},
    {77, "the site refused the credential"},
    {78, "the configuration is wrong"},
    {126, "the program could not be run"},
    {203, "the program is not there any more: run cs scheduler enable"},
    {218, "systemd could not take away privileges here"},
    {226, "systemd could not make a sandbox here"},
};

void cs_scheduler_put_outcome(const struct cs_scheduler *scheduler,
                              struct cs_strbuf *out)
{
    const char *result = scheduler->last_result;
    if (result && cs_str_equal(result, "timeout")) {
        cs_strbuf_puts(out, "stopped, it took too long; the next run goes on");
        return;
    }
    if (result && !cs_str_equal(result, "success") &&
        !cs_str_equal(result, "exit-code")) {
        cs_strbuf_printf(out, "ended by systemd (%s)", result);
        return;
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(outcomes); i++)
        if (outcomes[i].exit_status == scheduler->last_exit) {
            cs_strbuf_puts(out, outcomes[i].words);
            return;
        }
    cs_strbuf_printf(out, "exit status %d", scheduler->last_exit);
}

static void put_next(const struct cs_scheduler *scheduler, int64_t now,
                     struct cs_strbuf *out)
{
    if (scheduler->running) {
        cs_strbuf_puts(out, "running now");
    } else if (scheduler->next > now) {
        cs_strbuf_puts(out, "next run in ");
        cs_duration_format(scheduler->next - now, out);
    } else {
        cs_strbuf_puts(out, "next run soon");
    }
}

void cs_scheduler_put_line(const struct cs_scheduler *scheduler, int64_t now,
                           struct cs_strbuf *out)
{
    if (scheduler->manager == CS_MANAGER_NONE)
        cs_strbuf_puts(out, "there is no systemd here");
    else if (scheduler->manager == CS_MANAGER_AWAY)
        cs_strbuf_puts(out, scheduler->enabled
                                ? "starts when you log in"
                                : "no systemd manager runs for this user");
    else if (!scheduler->enabled)
        cs_strbuf_puts(out, "not enabled");
    else if (!scheduler->active)
        cs_strbuf_puts(out, "enabled, but stopped");
    else {
        put_next(scheduler, now, out);
        if (scheduler->calendar) {
            cs_strbuf_puts(out, ", ");
            put_interval(scheduler->calendar, out);
        }
    }
}

/* A word for sh(1) as crontab(5) has it: a % would end the command. */
static void put_shell_word(struct cs_strbuf *out, const char *word)
{
    size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:");
    bool quote = word[plain] != '\0';
    if (quote)
        cs_strbuf_putc(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            cs_strbuf_puts(out, "'\\''");
        else if (*word == '%')
            cs_strbuf_puts(out, "'\\%'");
        else
            cs_strbuf_putc(out, *word);
    if (quote)
        cs_strbuf_putc(out, '\'');
}

void cs_scheduler_put_crontab(const struct cs_app *app, const char *interval,
                              struct cs_strbuf *out)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_units units = {0};
    unsigned minute = ((unsigned)getuid() * 7 + 17) % 60;
    const char *cron = intervals[0].cron;
    for (size_t i = 0; interval && i < CS_ARRAY_LEN(intervals); i++)
        if (cs_str_equal(intervals[i].name, interval))
            cron = intervals[i].cron;
    const char *sign = strstr(cron, "%u");
    if (sign)
        cs_strbuf_printf(out, "%u%s", minute, sign + 2);
    else
        cs_strbuf_puts(out, cron);
    cs_strbuf_puts(out, " nice ");
    if (arena && cs_units_find(arena, NULL, &units, NULL) == CS_OK)
        put_shell_word(out, units.program);
    else
        cs_strbuf_puts(out, "cs");
    if (app->globals.config) {
        cs_strbuf_puts(out, " --config ");
        put_shell_word(out, cs_config_path(app->config));
    }
    if (app->globals.root) {
        cs_strbuf_puts(out, " --root ");
        put_shell_word(out, cs_config_root(app->config));
    }
    if (app->globals.cacert) {
        cs_strbuf_puts(out, " --cacert ");
        put_shell_word(out, app->globals.cacert);
    }
    cs_strbuf_puts(out, " --quiet sync --scheduled");
}
