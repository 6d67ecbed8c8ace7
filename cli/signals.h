/*
 * signals.h - Ctrl-C ends a run cleanly; a second one ends it at once.
 *
 * The flag is the one piece of state that a signal handler needs and that
 * therefore cannot hang off struct cs_app.
 */
#ifndef CS_CLI_SIGNALS_H
#define CS_CLI_SIGNALS_H

#include <signal.h>

/* SIGINT and SIGTERM raise the flag, the second SIGINT exits with 130;
 * SIGPIPE becomes a failed write. */
void cs_signals_install(void);

/* Not 0 once the user asked to stop. */
const volatile sig_atomic_t *cs_signals_flag(void);

#endif
