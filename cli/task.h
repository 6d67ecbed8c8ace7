/*
 * task.h - tasks of `cs maintenance` that are more than a check.
 */
#ifndef CS_CLI_TASK_H
#define CS_CLI_TASK_H

#include "cli/app.h"
#include "cli/printer.h"

struct cs_task {
    const char *name;
    /* Do it, or with `dry_run` say what would be done. The answer goes to
     * `text`, or with `json` to the printer. The index is open for writing. */
    enum cs_status (*run)(struct cs_app *app, bool dry_run, bool json,
                          struct cs_strbuf *text, struct cs_printer *printer,
                          struct cs_error *err);
};

/* The task of that name, or NULL. */
const struct cs_task *cs_task_find(const char *name);

extern const struct cs_task cs_task_reconvert;

#endif
