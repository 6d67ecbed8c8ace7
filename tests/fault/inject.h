/*
 * inject.h - makes the world fail at a point that a test names.
 *
 * In a build with CS_FAULTS the linker leads every call that the product makes
 * to the functions of wraps.txt through a wrapper of inject_*.c (ld --wrap):
 * the product itself knows nothing of it. Each such call is a point of a kind:
 *
 *     file    open, mkdir, rename, unlink, fsync, stat, ... of our own code
 *     write   write and pwrite of our own code
 *     alloc   an allocation by our code, SQLite, cJSON, libxml2 or libcurl
 *     sqlite  a step, exec or prepare: fails before SQLite sees it
 *     vfs     what SQLite asks of its files, the log and locks included
 *     http    the end of an exchange with a server
 *
 * A wish says which point fails, and how:
 *
 *     file:17:ENOSPC     the 17th point of that kind fails so
 *     file:17+:ENOSPC    that one and all later ones
 *     renameat2:2:kill   the second call of that name: as by kill -9
 *     report             at exit, tell how many points of each kind there were
 *
 * The variable CS_FAULT holds the wish for a program; inject_arm() sets it
 * from inside of one. With CS_FAULT_TRACE the first failure shows its stack.
 */
#ifndef CS_TESTS_FAULT_INJECT_H
#define CS_TESTS_FAULT_INJECT_H

#include <stdbool.h>
#include <stddef.h>

enum inject_kind {
    INJECT_FILE,
    INJECT_WRITE,
    INJECT_ALLOC,
    INJECT_SQLITE,
    INJECT_VFS,
    INJECT_HTTP,
    INJECT_KINDS
};

/* What a point is told to do; 0 is nothing, above it is an errno, a result of
 * SQLite (sqlite, vfs) or a status of HTTP. */
enum {
    INJECT_KILL = -1,
    INJECT_SHORT = -2,   /* half is written, then the disk is full */
    INJECT_PARTIAL = -3, /* half is written, then it goes on */
    INJECT_RESET = -4,
    INJECT_TRUNCATE = -5,
    INJECT_TIMEOUT = -6,
    INJECT_CUT = -7 /* half of the body, and nothing tells of it */
};

/* What happened so far. May lie in memory that processes share. */
struct inject_state {
    unsigned long passed[INJECT_KINDS];
    unsigned long fired;
    char at[24]; /* the function that failed first */
};

/* Names for reports and for wishes; NULL behind the last. */
const char *inject_kind_name(enum inject_kind kind);
const char *inject_action_name(enum inject_kind kind, size_t i);

/* From now on points count, in `state` (NULL: one of our own), and the wish
 * comes true. NULL disarms. False for a wish that makes no sense. */
bool inject_arm(const char *wish, struct inject_state *state);

/* For the wrappers: pass a point. Returns what it must do. */
int inject_point(enum inject_kind kind, const char *name);

#endif
