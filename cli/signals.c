/*
 * signals.c - handlers that only set a flag.
 */
#include "cli/signals.h"

#include "src/error.h"

#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t stop_flag;

static void on_signal(int number)
{
    if (number == SIGINT && stop_flag)
        _exit(cs_status_exit(CS_ERR_CANCELLED));
    stop_flag = 1;
}

void cs_signals_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

const volatile sig_atomic_t *cs_signals_flag(void)
{
    return &stop_flag;
}
