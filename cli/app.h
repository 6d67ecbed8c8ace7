/*
 * app.h - what a command works with.
 *
 * Everything that would otherwise be global hangs off struct cs_app: streams,
 * clock, configuration, log, index. launch.h has all of it ready before a verb
 * runs, and closes it.
 */
#ifndef CS_CLI_APP_H
#define CS_CLI_APP_H

#include "cli/terminal.h"
#include "index/index.h"
#include "src/clock.h"
#include "src/config.h"
#include "src/log.h"

#include <signal.h>

/* Options that every command takes. */
struct cs_globals {
    const char *config, *root, *cacert;
    const char *color; /* enum cs_color by name */
    bool quiet, verbose, no_color, help, version;
};

struct cs_progress_bar;

struct cs_app {
    struct cs_globals globals;
    const struct cs_clock *clock;
    FILE *out, *err;
    struct cs_terminal out_terminal, err_terminal;
    const volatile sig_atomic_t *cancel;
    struct cs_log *log;
    struct cs_progress_bar *bar; /* drawn now, or NULL */
    const char *json;         /* the schema when an answer in JSON is wanted */
    bool answered;            /* standard output has an answer */
    bool journal;             /* standard error goes to the system's journal */
    struct cs_config *config; /* with CS_NEED_CONFIG */
    struct cs_index *index;   /* with CS_NEED_INDEX or CS_NEED_WRITER */
};

/* Read the configuration into `app->config`, and have its secrets kept out of
 * the log: for a verb that goes on when this fails. */
enum cs_status cs_app_open_config(struct cs_app *app, struct cs_error *err);

/* What to do where nothing was synced yet, as the open configuration is. */
const char *cs_app_first_step(const struct cs_app *app);

/* Open the index into `app->index`; with `existing` it is not made.
 * CS_ERR_NO_INDEX when there is none. */
enum cs_status cs_app_open_index(struct cs_app *app, enum cs_db_mode mode,
                                 bool existing, struct cs_error *err);

/* Close index, configuration and log. */
void cs_app_close(struct cs_app *app);

/* What to do about a failure when whoever met it knew nothing better. */
const char *cs_app_usual_hint(enum cs_status status);

/* Write a finished text to standard output, or to another stream. A closed
 * pipe is no failure. */
enum cs_status cs_app_print(struct cs_app *app, const struct cs_strbuf *text,
                            struct cs_error *err);
enum cs_status cs_app_print_to(FILE *stream, const struct cs_strbuf *text,
                               struct cs_error *err);

#endif
