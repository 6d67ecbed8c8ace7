/*
 * scheduler.c - what systemd says of the timer and its service.
 */
#include "cli/scheduler.h"

#include "cli/scheduler_units.h"
#include "cli/systemd.h"
#include "src/path.h"
#include "src/text.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)1 << 20)

static const char properties[] =
    "LoadState,ActiveState,UnitFileState,FragmentPath,LastTriggerUSec,"
    "NextElapseUSecRealtime,TimersCalendar,Result,ExecMainStatus,"
    "ExecMainStartTimestamp,ExecMainExitTimestamp,ExecStart,"
    "InvocationID";

static bool has_value(const char *text, const char *name, const char *value,
                      struct cs_arena *arena)
{
    const char *got = cs_systemd_value(text, name, arena);
    return got && cs_str_equal(got, value);
}

/* "{ NAME=what ; ..." gives "what". */
static const char *member(struct cs_arena *arena, const char *text,
                          const char *name)
{
    const char *at = text ? strstr(text, name) : NULL;
    if (!at)
        return NULL;
    at += strlen(name);
    const char *end = strstr(at, " ;");
    return cs_arena_strndup(arena, at, end ? (size_t)(end - at) : strlen(at));
}

static void read_timer(struct cs_arena *arena, const char *text,
                       struct cs_scheduler *ret)
{
    ret->installed = !has_value(text, "LoadState", "not-found", arena) &&
                     !has_value(text, "LoadState", "masked", arena);
    ret->enabled = has_value(text, "UnitFileState", "enabled", arena);
    ret->active = has_value(text, "ActiveState", "active", arena);
    ret->unit = cs_systemd_value(text, "FragmentPath", arena);
    ret->calendar = member(
        arena, cs_systemd_value(text, "TimersCalendar", arena), "OnCalendar=");
    ret->next = cs_systemd_time(
        cs_systemd_value(text, "NextElapseUSecRealtime", arena));
    ret->last_trigger =
        cs_systemd_time(cs_systemd_value(text, "LastTriggerUSec", arena));
}

static void read_service(struct cs_arena *arena, const char *text,
                         struct cs_scheduler *ret)
{
    const char *exit = cs_systemd_value(text, "ExecMainStatus", arena);
    ret->running = has_value(text, "ActiveState", "activating", arena) ||
                   has_value(text, "ActiveState", "active", arena);
    ret->program =
        member(arena, cs_systemd_value(text, "ExecStart", arena), "path=");
    ret->last_start = cs_systemd_time(
        cs_systemd_value(text, "ExecMainStartTimestamp", arena));
    ret->last_end =
        cs_systemd_time(cs_systemd_value(text, "ExecMainExitTimestamp", arena));
    ret->last_result = cs_systemd_value(text, "Result", arena);
    ret->invocation = cs_systemd_value(text, "InvocationID", arena);
    ret->last_exit = exit ? (int)strtol(exit, NULL, 10) : 0;
}

/* logind keeps a file for each user that lingers. */
static enum cs_linger read_linger(void)
{
    char path[CS_PATH_MAX];
    struct stat st;
    const struct passwd *user = getpwuid(getuid());
    if (!user || stat("/var/lib/systemd", &st) != 0)
        return CS_LINGER_UNKNOWN;
    (void)snprintf(path, sizeof(path), "/var/lib/systemd/linger/%s",
                   user->pw_name);
    return stat(path, &st) == 0 ? CS_LINGER_ON : CS_LINGER_OFF;
}

/* Nobody to ask: the files tell whether it would start with a session. */
static void read_files(struct cs_arena *arena, struct cs_scheduler *ret)
{
    const char *folder = cs_units_folder(arena, NULL);
    struct stat st;
    if (!folder)
        return;
    ret->unit = cs_arena_printf(arena, "%s/" CS_SCHEDULER_TIMER, folder);
    const char *wanted = cs_arena_printf(
        arena, "%s/timers.target.wants/" CS_SCHEDULER_TIMER, folder);
    ret->enabled = wanted && lstat(wanted, &st) == 0;
    ret->installed = ret->enabled || (ret->unit && lstat(ret->unit, &st) == 0);
    if (!ret->installed)
        ret->unit = NULL;
}

enum cs_status cs_scheduler_read(struct cs_arena *arena,
                                 struct cs_scheduler *ret, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(ANSWER_MAX);
    struct cs_error why = CS_ERROR_INIT;
    struct cs_scheduler found = {.linger = read_linger()};
    enum cs_status status =
        CS_SYSTEMCTL(&text, &why, "show", "-p", properties, CS_SCHEDULER_TIMER,
                     CS_SCHEDULER_SERVICE);
    if (status == CS_OK) {
        const char *service = strstr(text.data, "\n\n");
        found.manager = CS_MANAGER_RUNS;
        read_timer(arena, text.data, &found);
        read_service(arena, service ? service + 2 : "", &found);
    } else if (status == CS_ERR_NOT_FOUND) {
        bool none = strstr(why.message, "no systemd here") != NULL;
        found.manager = none ? CS_MANAGER_NONE : CS_MANAGER_AWAY;
        read_files(arena, &found);
    } else {
        return cs_error_pass(err, status, &why);
    }
    status = cs_arena_status(arena, err);
    if (status == CS_OK)
        *ret = found;
    return status;
}

const char *cs_scheduler_state(const struct cs_scheduler *scheduler)
{
    return scheduler->manager == CS_MANAGER_NONE   ? "no-systemd"
           : scheduler->manager == CS_MANAGER_AWAY ? "no-manager"
           : !scheduler->installed                 ? "absent"
           : !scheduler->enabled                   ? "disabled"
           : !scheduler->active                    ? "inactive"
                                                   : "active";
}

bool cs_scheduler_failed(const struct cs_scheduler *scheduler)
{
    return scheduler->last_end > 0 && !scheduler->running &&
           scheduler->last_result &&
           !cs_str_equal(scheduler->last_result, "success");
}
