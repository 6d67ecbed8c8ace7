/*
 * inject.c - the wish, and the counting of points.
 *
 * The wrappers are the only callers. State is global here, for the code under
 * test must not know of it; it is never part of a normal build.
 */
#include "tests/fault/inject.h"

#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const kind_names[INJECT_KINDS] = {
    [INJECT_FILE] = "file",   [INJECT_WRITE] = "write",
    [INJECT_ALLOC] = "alloc", [INJECT_SQLITE] = "sqlite",
    [INJECT_VFS] = "vfs",     [INJECT_HTTP] = "http",
};

#define FILES  (1u << INJECT_FILE | 1u << INJECT_WRITE)
#define WRITES (1u << INJECT_WRITE)
#define ALLOCS (1u << INJECT_ALLOC)
#define SQL    (1u << INJECT_SQLITE)
#define VFS    (1u << INJECT_VFS)
#define HTTP   (1u << INJECT_HTTP)

/* What can happen at a point, and at which kinds of them. */
static const struct action {
    const char *name;
    int what;
    unsigned kinds;
} actions[] = {
    {"kill", INJECT_KILL, FILES | SQL | VFS | HTTP},
    {"ENOSPC", ENOSPC, FILES},
    {"EIO", EIO, FILES},
    {"EACCES", EACCES, FILES},
    {"EMFILE", EMFILE, 1u << INJECT_FILE},
    {"EROFS", EROFS, FILES},
    {"short", INJECT_SHORT, WRITES | VFS},
    {"partial", INJECT_PARTIAL, WRITES},
    {"fail", ENOMEM, ALLOCS},
    {"IOERR", SQLITE_IOERR, SQL | VFS},
    {"FULL", SQLITE_FULL, SQL | VFS},
    {"NOMEM", SQLITE_NOMEM, SQL},
    {"BUSY", SQLITE_BUSY, SQL},
    {"reset", INJECT_RESET, HTTP},
    {"truncate", INJECT_TRUNCATE, HTTP},
    {"timeout", INJECT_TIMEOUT, HTTP},
    {"cut", INJECT_CUT, HTTP},
    {"500", 500, HTTP},
    {"429", 429, HTTP},
    {"401", 401, HTTP},
};

enum { N_ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static struct {
    bool armed, report, onwards, disk_full;
    char where[24]; /* a kind, or the name of a function */
    unsigned long at, counted;
    int what;
    struct inject_state *state, own;
} injector;

const char *inject_kind_name(enum inject_kind kind)
{
    return kind < INJECT_KINDS ? kind_names[kind] : NULL;
}

const char *inject_action_name(enum inject_kind kind, size_t i)
{
    for (size_t k = 0; k < N_ACTIONS; k++)
        if ((actions[k].kinds & 1u << kind) && i-- == 0)
            return actions[k].name;
    return NULL;
}

static bool parse(const char *wish)
{
    char what[24], plus[2] = "";
    injector.report = strcmp(wish, "report") == 0;
    if (injector.report)
        return true;
    if (sscanf(wish, "%23[^:]:%lu:%23s", injector.where, &injector.at, what) !=
            3 &&
        sscanf(wish, "%23[^:]:%lu%1[+]:%23s", injector.where, &injector.at,
               plus, what) != 4)
        return false;
    injector.onwards = plus[0] == '+';
    for (size_t i = 0; i < N_ACTIONS; i++) {
        if (strcmp(actions[i].name, what) != 0)
            continue;
        injector.what = actions[i].what;
        return injector.at > 0;
    }
    return false;
}

bool inject_arm(const char *wish, struct inject_state *state)
{
    memset(&injector, 0, sizeof(injector));
    injector.state = state ? state : &injector.own;
    injector.armed = wish && parse(wish);
    return !wish || injector.armed;
}

static bool is_meant(enum inject_kind kind, const char *name)
{
    if (strcmp(injector.where, kind_names[kind]) != 0 &&
        strcmp(injector.where, name) != 0)
        return false;
    injector.counted++;
    return injector.counted == injector.at ||
           (injector.onwards && injector.counted > injector.at);
}

/* Who is failed, for addr2line. */
static void trace(void)
{
    void *frames[24];
    if (getenv("CS_FAULT_TRACE"))
        backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
}

static int fire(const char *name)
{
    struct inject_state *state = injector.state;
    if (state->fired++ == 0)
        (void)snprintf(state->at, sizeof(state->at), "%s", name);
    if (state->fired == 1)
        trace();
    if (injector.what == INJECT_KILL)
        (void)kill(getpid(), SIGKILL);
    if (injector.what == INJECT_SHORT)
        injector.disk_full = true;
    return injector.what;
}

int inject_point(enum inject_kind kind, const char *name)
{
    if (!injector.armed)
        return 0;
    injector.state->passed[kind]++;
    if (injector.disk_full && kind == INJECT_WRITE)
        return ENOSPC;
    if (injector.report || !is_meant(kind, name))
        return 0;
    return fire(name);
}

static void report(void)
{
    injector.armed = false;
    for (size_t i = 0; i < INJECT_KINDS; i++)
        (void)fprintf(stderr, "%s%s %lu",
                      i ? ", " : "cs: points passed: ", kind_names[i],
                      injector.state->passed[i]);
    (void)fputc('\n', stderr);
}

/* A program is armed by its environment. */
__attribute__((constructor)) static void arm_from_environment(void)
{
    const char *wish = getenv("CS_FAULT");
    if (!wish || !*wish)
        return;
    if (!inject_arm(wish, NULL)) {
        (void)fprintf(stderr, "CS_FAULT=%s makes no sense\n", wish);
        _exit(64);
    }
    if (injector.report)
        (void)atexit(report);
}
