/*
 * scheduler_check.h - would a run of the timer find all that it needs?
 */
#ifndef CS_CLI_SCHEDULER_CHECK_H
#define CS_CLI_SCHEDULER_CHECK_H

#include "cli/environment.h"
#include "cli/scheduler.h"
#include "cli/scheduler_units.h"

/* Look at the configuration in `manager`, the environment of systemd, and ask
 * for what is missing to be written into the file, or write it when the wish is
 * not to be asked. Tokens are fetched as a run would fetch them. Appends to
 * `service` the lines of its section [Service] that this user needs: options
 * that were given to cs, and variables that no key stands for. CS_ERR_CONFIG
 * when something is missing. */
enum cs_status cs_scheduler_check(struct cs_app *app,
                                  const struct cs_scheduler_wish *wish,
                                  const struct cs_units *units,
                                  const struct cs_environment *manager,
                                  struct cs_strbuf *service,
                                  struct cs_error *err);

#endif
