/*
 * scheduler_units.h - the files that make the timer, and whose they are.
 *
 * Where cs was installed with its units, systemd finds them by itself and
 * nothing is written but what is particular to the user, in drop-ins.
 * Elsewhere, as in a build tree, the units are written into the user's own
 * folder, naming this very program; they do not depend on files of the tree, so
 * that it can be built anew below them. What was written says so in its first
 * line, and only that is ever replaced or removed.
 */
#ifndef CS_CLI_SCHEDULER_UNITS_H
#define CS_CLI_SCHEDULER_UNITS_H

#include "cli/environment.h"
#include "src/strbuf.h"

/* The templates in systemd/; the service's has @CS_PROGRAM@ in it. */
extern const char cs_unit_service[], cs_unit_timer[];

struct cs_units {
    struct cs_arena *arena;
    const char *folder;  /* of the user's units */
    const char *program; /* this one, absolute */
    const char *package; /* folder of the units it was installed with */
};

/* The folder of the user's units, as the manager with that environment has it;
 * NULL: as this process has it. NULL when nobody knows a home folder. */
const char *cs_units_folder(struct cs_arena *arena,
                            const struct cs_environment *manager);

/* Look around. CS_ERR_CONFIG when there is no home, CS_ERR_IO when the program
 * does not know its own path. */
enum cs_status cs_units_find(struct cs_arena *arena,
                             const struct cs_environment *manager,
                             struct cs_units *ret, struct cs_error *err);

/* Unit files of these names that somebody else made: the path of the first, or
 * NULL. They hide those of the package. */
const char *cs_units_foreign(const struct cs_units *units);

/* Rename them to NAME.before-cs-DAY. */
enum cs_status cs_units_set_aside(const struct cs_units *units, const char *day,
                                  struct cs_error *err);

/* Write what is needed. `service` holds lines of its section [Service], ""  for
 * none; `calendar` is when the timer runs: NULL leaves it as it is, and ""
 * makes it what the unit says. */
enum cs_status cs_units_write(const struct cs_units *units, const char *service,
                              const char *calendar, struct cs_error *err);

/* Remove all that was written. */
enum cs_status cs_units_remove(const struct cs_units *units,
                               struct cs_error *err);

/* Remove what systemd keeps of a timer: the time when it fired last. */
enum cs_status cs_units_forget(const struct cs_units *units,
                               const struct cs_environment *manager,
                               struct cs_error *err);

#endif
