/*
 * scheduler_switch.c - on, off, and now.
 */
#include "cli/scheduler.h"

#include "cli/ask.h"
#include "cli/scheduler_check.h"
#include "cli/systemd.h"
#include "src/text.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#define ANSWER_MAX  ((size_t)1 << 20)
#define LOOK_MS     200
#define START_LOOKS 50

/* The environment in which systemd will run the service. */
static enum cs_status read_environment(struct cs_environment *ret,
                                       struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWER_MAX);
    enum cs_status status = CS_SYSTEMCTL(&text, err, "show-environment");
    if (status)
        return status;
    cs_environment_parse(ret, text.data);
    const struct passwd *user = getpwuid(getuid());
    if (!cs_environment_get(ret, "HOME") && user)
        cs_environment_set(ret, "HOME", user->pw_dir);
    return cs_arena_status(ret->arena, err);
}

/* Units of the same name that something else made: with consent they are kept
 * under another one. */
static enum cs_status make_room(struct cs_app *app,
                                const struct cs_scheduler_wish *wish,
                                const struct cs_units *units,
                                struct cs_error *err)
{
    char day[CS_TIME_TEXT_SIZE], question[96];
    const char *path = cs_units_foreign(units);
    bool may = wish->yes;
    if (!path)
        return CS_OK;
    cs_time_format_day(cs_clock_now(app->clock), day);
    if (!may && cs_ask_possible(app)) {
        (void)fprintf(app->err, "%s was not written by cs.\n", path);
        (void)snprintf(question, sizeof(question),
                       "Keep it as *.before-cs-%s and go on?", day);
        enum cs_status status = cs_ask_yes(app, question, false, &may, err);
        if (status)
            return status;
    }
    if (!may) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "%s was not written by cs",
                           path);
        cs_error_hint(err, "add --yes to keep it as *.before-cs-%s", day);
        return CS_ERR_CONFIG;
    }
    (void)CS_SYSTEMCTL(NULL, NULL, "disable", "--now", CS_SCHEDULER_TIMER);
    return cs_units_set_aside(units, day, err);
}

/* It waits, and for the units that were meant. */
static enum cs_status check_active(const struct cs_units *units,
                                   struct cs_error *err)
{
    struct cs_scheduler now = {0};
    enum cs_status status = cs_scheduler_read(units->arena, &now, err);
    if (status)
        return status;
    if (now.active && now.enabled && now.program &&
        cs_str_equal(now.program, units->program))
        return CS_OK;
    if (now.active && now.enabled)
        (void)cs_error_set(
            err, CS_ERR_CONFIG, "the timer runs, but for %s instead of %s",
            now.program ? now.program : "nothing", units->program);
    else
        (void)cs_error_set(err, CS_ERR_IO,
                           "systemd took the timer, but it is %s",
                           cs_scheduler_state(&now));
    cs_error_hint(err, "see: systemctl --user status " CS_SCHEDULER_TIMER);
    return err ? err->status : CS_ERR_IO;
}

static enum cs_status switch_on(const struct cs_units *units,
                                struct cs_error *err)
{
    enum cs_status status = CS_SYSTEMCTL(NULL, err, "daemon-reload");
    if (!status)
        status = CS_SYSTEMCTL(NULL, err, "enable", CS_SCHEDULER_TIMER);
    if (!status)
        status = CS_SYSTEMCTL(NULL, err, "restart", CS_SCHEDULER_TIMER);
    return status ? status : check_active(units, err);
}

/* No systemd: cron sees as little of this shell. What it would lack is told,
 * or written into the configuration. */
static void prepare_cron(struct cs_app *app,
                         const struct cs_scheduler_wish *wish,
                         struct cs_arena *arena)
{
    struct cs_strbuf service CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 10);
    struct cs_environment cron = {.arena = arena};
    struct cs_error why = CS_ERROR_INIT;
    struct cs_units units;
    cs_environment_set(&cron, "HOME", getenv("HOME"));
    cs_environment_set(&cron, "PATH", "/usr/bin:/bin");
    if (cs_units_find(arena, NULL, &units, &why) ||
        cs_scheduler_check(app, wish, &units, &cron, &service, &why))
        (void)fprintf(app->err, "first: %s; %s\n", why.message,
                      why.hint[0] ? why.hint : cs_app_usual_hint(why.status));
}

enum cs_status cs_scheduler_enable(struct cs_app *app,
                                   const struct cs_scheduler_wish *wish,
                                   struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    struct cs_strbuf service CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)64 << 10);
    struct cs_environment manager = {.arena = arena};
    struct cs_units units;
    const char *calendar = NULL;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = CS_OK;
    if (wish->interval)
        status = cs_scheduler_calendar(arena, wish->interval, &calendar, err);
    if (!status)
        status = read_environment(&manager, err);
    if (status == CS_ERR_NOT_FOUND)
        prepare_cron(app, wish, arena);
    if (!status)
        status = cs_units_find(arena, &manager, &units, err);
    if (!status)
        status = cs_scheduler_check(app, wish, &units, &manager, &service, err);
    if (!status)
        status = make_room(app, wish, &units, err);
    if (!status)
        status = cs_units_write(&units, service.data, calendar, err);
    return status ? status : switch_on(&units, err);
}

/* Without a manager the files are put in order all the same. */
enum cs_status cs_scheduler_disable(struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new((size_t)16 << 20);
    struct cs_environment manager = {.arena = arena};
    struct cs_scheduler now = {0};
    struct cs_units units;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_scheduler_read(arena, &now, err);
    if (status || !now.installed)
        return status;
    bool runs = now.manager == CS_MANAGER_RUNS;
    if (runs)
        status = read_environment(&manager, err);
    if (!status)
        status = cs_units_find(arena, runs ? &manager : NULL, &units, err);
    if (!status && runs)
        status = CS_SYSTEMCTL(NULL, err, "stop", CS_SCHEDULER_TIMER);
    if (!status)
        status = CS_SYSTEMCTL(NULL, err, "disable", CS_SCHEDULER_TIMER);
    if (!status)
        status = cs_units_remove(&units, err);
    if (!status)
        status = cs_units_forget(&units, runs ? &manager : NULL, err);
    if (!status && runs)
        status = CS_SYSTEMCTL(NULL, err, "daemon-reload");
    return status;
}

/* Until a run other than `before` has begun and ended. */
static enum cs_status wait_for_end(struct cs_app *app, const char *before,
                                   struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    bool ended = false;
    int idle = 0; /* looks in a row at which nothing was running */
    if (!arena)
        return cs_error_no_memory(err);
    while (!ended && !*app->cancel && idle < START_LOOKS) {
        struct cs_scheduler now = {0};
        enum cs_status status = cs_scheduler_read(arena, &now, err);
        if (status)
            return status;
        ended = !now.running && now.invocation &&
                !(before && cs_str_equal(before, now.invocation));
        idle = now.running ? 0 : idle + 1;
        cs_arena_clear(arena);
        if (!ended)
            cs_clock_sleep(app->clock, LOOK_MS);
    }
    if (ended)
        return CS_OK;
    if (!*app->cancel) {
        (void)cs_error_set(err, CS_ERR_IO, "systemd did not start the run");
        cs_error_hint(err,
                      "see: systemctl --user status " CS_SCHEDULER_SERVICE);
        return CS_ERR_IO;
    }
    (void)cs_error_set(err, CS_ERR_CANCELLED, "the run goes on");
    cs_error_hint(err, "cs scheduler status tells how");
    return CS_ERR_CANCELLED;
}

enum cs_status cs_scheduler_start(struct cs_app *app, bool wait,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_scheduler now = {0};
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_scheduler_read(arena, &now, err);
    if (status)
        return status;
    if (now.manager != CS_MANAGER_RUNS)
        return cs_error_set(err, CS_ERR_NOT_FOUND, "%s",
                            now.manager == CS_MANAGER_NONE
                                ? "there is no systemd here"
                                : "no systemd manager runs for this user");
    if (!now.installed) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "there is no timer yet");
        cs_error_hint(err, "run cs scheduler enable, or cs sync for one run");
        return CS_ERR_CONFIG;
    }
    if (!now.running)
        status = CS_SYSTEMCTL(NULL, err, "start", "--no-block",
                              CS_SCHEDULER_SERVICE);
    if (!status && wait)
        status = wait_for_end(app, now.running ? NULL : now.invocation, err);
    return status;
}
