/*
 * measure.c - runs a command and says what it took.
 *
 *     measure OUT COMMAND [ARG...]
 *
 * appends one line to OUT: wall seconds, CPU seconds (user and system), peak
 * resident memory in KiB, exit status, KiB that went to the disk (pages of
 * files, each time that they had to be written). The command keeps its own
 * output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval tv)
{
    return (double)tv.tv_sec + (double)tv.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: measure OUT COMMAND [ARG...]\n");
        return 2;
    }
    double start = now();
    pid_t pid = fork();
    if (pid == 0) {
        (void)execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
        perror("measure");
        return 1;
    }
    double wall = now() - start;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    FILE *out = fopen(argv[1], "a");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    (void)fprintf(out, "%.3f %.3f %ld %d %ld\n", wall,
                  seconds(usage.ru_utime) + seconds(usage.ru_stime),
                  usage.ru_maxrss, code, usage.ru_oublock / 2);
    (void)fclose(out);
    return code;
}
