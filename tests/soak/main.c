/*
 * main.c - cs-soak: the program with another clock, for tests.
 *
 * The linker leads calls of cs_clock_system() here (ld --wrap), so the product
 * knows nothing of it. The file that CS_TEST_CLOCK names says how many
 * milliseconds the clock is before the machine's; waiting takes as long as
 * ever.
 *
 * How much memory a run took goes to the end of the file that CS_TEST_USAGE
 * names: "<verb> <kilobytes>".
 */
#include "cli/launch.h"
#include "src/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

const struct cs_clock *__real_cs_clock_system(void);
const struct cs_clock *__wrap_cs_clock_system(void);

static int64_t ahead_ms(void)
{
    const char *path = getenv("CS_TEST_CLOCK");
    FILE *file = path ? fopen(path, "re") : NULL;
    char text[32] = "";
    if (!file)
        return 0;
    if (!fgets(text, sizeof(text), file))
        text[0] = '\0';
    (void)fclose(file);
    return strtoll(text, NULL, 10);
}

static int64_t later(void *ctx)
{
    (void)ctx;
    return cs_clock_now(__real_cs_clock_system()) + ahead_ms();
}

static int64_t mono(void *ctx)
{
    (void)ctx;
    return cs_clock_mono(__real_cs_clock_system());
}

static void wait_ms(void *ctx, int64_t ms)
{
    (void)ctx;
    cs_clock_sleep(__real_cs_clock_system(), ms);
}

const struct cs_clock *__wrap_cs_clock_system(void)
{
    static const struct cs_clock clock = {
        .now_ms = later, .mono_ms = mono, .sleep_ms = wait_ms};
    return &clock;
}

/* One write, so that lines of programs that end together stay apart. */
static void note_usage(const char *verb)
{
    const char *path = getenv("CS_TEST_USAGE");
    int fd =
        path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    struct rusage usage = {0};
    char line[64];
    if (fd < 0)
        return;
    (void)getrusage(RUSAGE_SELF, &usage);
    int n = snprintf(line, sizeof(line), "%.32s %ld\n", verb, usage.ru_maxrss);
    if (n > 0 && write(fd, line, (size_t)n) != n)
        (void)fprintf(stderr, "%s: not written\n", path);
    (void)close(fd);
}

int main(int argc, char **argv)
{
    int status = cs_launch(argc, argv);
    note_usage(argc > 1 ? argv[1] : "-");
    return status;
}
