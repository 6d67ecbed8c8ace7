/*
 * scheduler.h - the timer that brings the mirror up to date.
 *
 * systemd runs context-sync.timer and context-sync.service for the user. Here
 * is what is known of them, and how they are switched on and off:
 *
 *   scheduler.c         what is known: struct cs_scheduler
 *   scheduler_units.c   the files: whose they are, written, removed
 *   scheduler_check.c   would a run of the timer find all that it needs?
 *   scheduler_switch.c  enable, disable, start
 *   scheduler_tell.c    the same in words: outcome, interval, crontab
 *   scheduler_logs.c    what the runs said
 *   cmd_scheduler.c     the command
 */
#ifndef CS_CLI_SCHEDULER_H
#define CS_CLI_SCHEDULER_H

#include "cli/app.h"
#include "src/arena.h"

#define CS_SCHEDULER_TIMER   "context-sync.timer"
#define CS_SCHEDULER_SERVICE "context-sync.service"

/* Can timers be had here? */
enum cs_manager {
    CS_MANAGER_NONE, /* there is no systemd */
    CS_MANAGER_AWAY, /* there is, but no manager runs for this user */
    CS_MANAGER_RUNS,
};

/* Does the user's manager run while the user is logged out? */
enum cs_linger { CS_LINGER_UNKNOWN, CS_LINGER_OFF, CS_LINGER_ON };

/* Strings live in the arena of the call; what is not known is NULL or 0. */
struct cs_scheduler {
    enum cs_manager manager;
    enum cs_linger linger;
    bool installed;       /* there are units */
    bool enabled;         /* the timer starts with the session */
    bool active;          /* and waits now */
    bool running;         /* a run is going on */
    const char *unit;     /* the file of the timer */
    const char *program;  /* what its service runs */
    const char *calendar; /* when, as systemd has it: "*-*-* *:00:00" */
    int64_t next;         /* run, in milliseconds since 1970 */
    int64_t
        last_trigger; /* when the timer fired last, logins before included */
    /* The last run that this manager saw, by whatever started. */
    int64_t last_start, last_end;
    const char *last_result; /* "success", "exit-code", "timeout", ... */
    int last_exit;           /* its exit status */
    const char *invocation;  /* systemd's name for that run */
};

/* Ask systemd. That there is none is an answer, not a failure. */
enum cs_status cs_scheduler_read(struct cs_arena *arena,
                                 struct cs_scheduler *ret,
                                 struct cs_error *err);

/* The state as a word for programs: "no-systemd", "no-manager", "absent",
 * "disabled", "inactive" (enabled, but it does not wait), "active". */
const char *cs_scheduler_state(const struct cs_scheduler *scheduler);

/* Did the last run that is known of go wrong in a way that the next one will
 * not mend by itself? */
bool cs_scheduler_failed(const struct cs_scheduler *scheduler);

/* Append one line about the timer, without a line end: "next run in 12 minutes,
 * every hour". */
void cs_scheduler_put_line(const struct cs_scheduler *scheduler, int64_t now,
                           struct cs_strbuf *out);

/* Append what became of the last run ("done",
 * "the site refused the credential"). */
void cs_scheduler_put_outcome(const struct cs_scheduler *scheduler,
                              struct cs_strbuf *out);

/* The calendar expression for a name ("15min", "2h", "daily") or expression.
 * CS_ERR_USAGE when it is neither, as far as can be told here. */
enum cs_status cs_scheduler_calendar(struct cs_arena *arena, const char *name,
                                     const char **ret, struct cs_error *err);

/* How `enable` shall go about it. */
struct cs_scheduler_wish {
    const char *interval; /* NULL: as it was, or every hour */
    bool yes;             /* do not ask */
};

/* Check the configuration as a run of the timer would see it, and offer to
 * write what only the environment says into the file; then write the units,
 * start the timer and see that it is active. CS_ERR_NOT_FOUND where there is no
 * systemd for users, CS_ERR_CONFIG when something is missing. */
enum cs_status cs_scheduler_enable(struct cs_app *app,
                                   const struct cs_scheduler_wish *wish,
                                   struct cs_error *err);

/* Stop the timer and remove all that `enable` wrote. A run that is going on
 * ends by itself. */
enum cs_status cs_scheduler_disable(struct cs_error *err);

/* Start a run now, as the timer would, if none is going on; with `wait` come
 * back at its end. CS_ERR_NOT_FOUND where there is no systemd for users. */
enum cs_status cs_scheduler_start(struct cs_app *app, bool wait,
                                  struct cs_error *err);

/* What the runs said, see scheduler_logs.c: the last `lines` lines of the
 * journal and of the newest log file; with `follow` of the one that can be had,
 * and what comes, until somebody stops it. */
enum cs_status cs_scheduler_logs(struct cs_app *app, int64_t lines, bool follow,
                                 bool json, struct cs_error *err);

/* Append the line for crontab(5) that does the same. */
void cs_scheduler_put_crontab(const struct cs_app *app, const char *interval,
                              struct cs_strbuf *out);

#endif
