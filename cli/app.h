/*
 * app.h - what a command works with.
 *
 * Everything that would otherwise be global hangs off struct cs_app: streams,
 * clock, configuration, log, index. cs_app_main() parses the command line,
 * makes ready what the verb needs (verb.h), runs it, and turns its status into
 * the exit status and the one line on standard error that goes with it.
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

/* Run `argv` and return the exit status. */
int cs_app_main(int argc, char **argv);

/* Read the configuration into `app->config`, and have its secrets kept out of
 * the log: for a verb that goes on when this fails. */
enum cs_status cs_app_open_config(struct cs_app *app, struct cs_error *err);

/* What to do where nothing was synced yet, as the open configuration is. */
const char *cs_app_first_step(const struct cs_app *app);

/* What to do about a failure when whoever met it knew nothing better. */
const char *cs_app_usual_hint(enum cs_status status);

/* Run a command in place of the one that runs, with the options of all commands
 * as they were given; configuration, log and index are those of before no
 * longer. `argv` begins with its name. */
enum cs_status cs_app_run_again(struct cs_app *app, int argc, char **argv,
                                struct cs_error *err);

/* Write a finished text to standard output, or to another stream. A closed
 * pipe is no failure. */
enum cs_status cs_app_print(struct cs_app *app, const struct cs_strbuf *text,
                            struct cs_error *err);
enum cs_status cs_app_print_to(FILE *stream, const struct cs_strbuf *text,
                               struct cs_error *err);

#endif
