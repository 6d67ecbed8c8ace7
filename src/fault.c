/*
 * fault.c - counts fault points and fails the one that the environment names.
 *
 * The only state is a counter, in builds made for tests.
 */
#include "src/fault.h"

#include "src/cs.h"

typedef int cs_fault_not_empty; /* ISO C wants a declaration here */

#ifdef CS_FAULTS

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *name;
    int errnum;
} errors[] = {
    {"EACCES", EACCES}, {"EIO", EIO},     {"EMFILE", EMFILE},
    {"ENOSPC", ENOSPC}, {"EROFS", EROFS},
};

static unsigned long passed;

static void report(void)
{
    (void)fprintf(stderr, "cs: fault points passed: %lu\n", passed);
}

static int errno_from(const char *name)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(errors); i++)
        if (strcmp(name, errors[i].name) == 0)
            return errors[i].errnum;
    return EIO;
}

int cs_fault(const char *point)
{
    (void)point;
    const char *wish = getenv("CS_FAULT");
    if (!wish)
        return 0;
    if (passed++ == 0 && strcmp(wish, "report") == 0)
        (void)atexit(report);
    char *end;
    unsigned long at = strtoul(wish, &end, 10);
    if (end == wish || *end != ':' || at != passed)
        return 0;
    if (strcmp(end + 1, "kill") == 0)
        (void)kill(getpid(), SIGKILL);
    return errno_from(end + 1);
}

#endif
