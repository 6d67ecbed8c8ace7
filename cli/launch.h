/*
 * launch.h - from the command line to the exit status.
 *
 * The command line is parsed, what the verb needs (verb.h) is made ready, it
 * runs, and its status becomes the exit status and the one line on standard
 * error that goes with it.
 */
#ifndef CS_CLI_LAUNCH_H
#define CS_CLI_LAUNCH_H

#include "cli/app.h"

/* Run `argv` and return the exit status. */
int cs_launch(int argc, char **argv);

/* Run a command in place of the one that runs, with the options of all commands
 * as they were given; configuration, log and index are those of before no
 * longer. `argv` begins with its name. */
enum cs_status cs_launch_again(struct cs_app *app, int argc, char **argv,
                               struct cs_error *err);

#endif
