/*
 * pairs.c - runs two programs in turn over a list of queries and says what
 * each took, from exec to exit.
 *
 *     cs-bench-pairs QUERIES RUNS -- COMMAND... [-- COMMAND...]
 *
 * A line of QUERIES is a class, the query for the first command and that for
 * the second one, apart by tabs; a missing one is the one before it. "{}" in a
 * command stands for the query, and without one the query's words follow the
 * command as they are. Each line is run RUNS times, first one command, then the
 * other, so that both see the same machine; the first pair of all is thrown
 * away. Output is dropped.
 *
 * Prints a line for each class, and one for all of them, apart by tabs: class,
 * runs, and for each command p50 and p99 of its CPU milliseconds, p50 and p99
 * of those on the wall, the longest that it did not compute but waited, its
 * peak memory in MiB, and how many failed.
 */
#include "tests/bench/search/quantile.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 2, ARGS_MAX = 64, CLASSES_MAX = 64 };

struct sample {
    double cpu, wall; /* milliseconds */
};

/* What one command took in one class. */
struct series {
    struct sample *items;
    size_t n;
    long peak; /* KiB */
    size_t failed;
};

struct class
{
    const char *name;
    struct series of[COMMANDS];
};

struct query {
    size_t class;
    const char *text[COMMANDS];
};

struct bench {
    char **commands[COMMANDS];
    size_t n_commands;
    struct class classes[CLASSES_MAX + 1]; /* the last one: all */
    size_t n_classes;
    struct query *queries;
    size_t n_queries;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static double ms_of(struct timeval tv)
{
    return (double)tv.tv_sec * 1e3 + (double)tv.tv_usec / 1e3;
}

/* ---- input ---- */

static size_t find_class(struct bench *bench, const char *name)
{
    size_t i = 0;
    while (i < bench->n_classes && strcmp(bench->classes[i].name, name) != 0)
        i++;
    if (i == CLASSES_MAX) {
        (void)fprintf(stderr, "pairs: too many classes\n");
        exit(1);
    }
    if (i == bench->n_classes)
        bench->classes[bench->n_classes++].name = name;
    return i;
}

static void add_query(struct bench *bench, char *line)
{
    struct query *query = &bench->queries[bench->n_queries++];
    line[strcspn(line, "\n")] = '\0';
    const char *name = strsep(&line, "\t");
    query->class = find_class(bench, name);
    query->text[0] = line ? strsep(&line, "\t") : "";
    query->text[1] = line ? strsep(&line, "\t") : query->text[0];
}

static void read_queries(struct bench *bench, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file)
        die(path);
    while (getline(&line, &room, file) > 0) {
        bench->queries = reallocarray(bench->queries, bench->n_queries + 1,
                                      sizeof(*bench->queries));
        char *copy = strdup(line);
        if (!bench->queries || !copy)
            die("memory");
        add_query(bench, copy);
    }
    free(line);
    (void)fclose(file);
}

/* ---- one process ---- */

static void make_args(char **command, char *query, char **ret)
{
    size_t n = 0;
    bool placed = false;
    for (; *command && n < ARGS_MAX - 1; command++) {
        bool here = strcmp(*command, "{}") == 0;
        ret[n++] = here ? query : *command;
        placed = placed || here;
    }
    while (!placed && query && n < ARGS_MAX - 1) {
        char *word = strsep(&query, " ");
        if (*word)
            ret[n++] = word;
    }
    ret[n] = NULL;
}

static struct sample run(char **command, const char *text, long *peak,
                         size_t *failed)
{
    char *args[ARGS_MAX], query[8192];
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t pid;
    int status = 0;
    (void)snprintf(query, sizeof(query), "%s", text);
    make_args(command, query, args);
    (void)posix_spawn_file_actions_init(&actions);
    for (int fd = 1; fd <= 2; fd++)
        (void)posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
                                               O_WRONLY, 0);
    double start = now_ms();
    if (posix_spawnp(&pid, args[0], &actions, NULL, args, environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid)
        die(args[0]);
    double wall = now_ms() - start;
    (void)posix_spawn_file_actions_destroy(&actions);
    *peak = usage.ru_maxrss > *peak ? usage.ru_maxrss : *peak;
    *failed += !WIFEXITED(status) || WEXITSTATUS(status) > 1; /* 1: no hits */
    return (struct sample){ms_of(usage.ru_utime) + ms_of(usage.ru_stime), wall};
}

static void keep(struct series *series, struct sample sample)
{
    if (series->n % 1024 == 0)
        series->items = reallocarray(series->items, series->n + 1024,
                                     sizeof(*series->items));
    if (!series->items)
        die("memory");
    series->items[series->n++] = sample;
}

static void measure(struct bench *bench, size_t i, size_t runs)
{
    const struct query *query = &bench->queries[i];
    for (size_t r = 0; r < runs; r++) {
        for (size_t c = 0; c < bench->n_commands; c++) {
            struct series *series = &bench->classes[query->class].of[c];
            keep(series, run(bench->commands[c], query->text[c], &series->peak,
                             &series->failed));
        }
    }
}

static void sum_up(struct bench *bench)
{
    struct class *all = &bench->classes[bench->n_classes];
    all->name = "all";
    for (size_t i = 0; i < bench->n_classes; i++) {
        for (size_t c = 0; c < bench->n_commands; c++) {
            const struct series *series = &bench->classes[i].of[c];
            for (size_t k = 0; k < series->n; k++)
                keep(&all->of[c], series->items[k]);
            all->of[c].failed += series->failed;
            if (series->peak > all->of[c].peak)
                all->of[c].peak = series->peak;
        }
    }
    if (bench->n_classes > 1)
        bench->n_classes++;
}

/* ---- output ---- */

enum what { CPU, WALL, WAITED };

static double value_of(const struct sample *sample, enum what what)
{
    return what == CPU    ? sample->cpu
           : what == WALL ? sample->wall
                          : sample->wall - sample->cpu;
}

struct figures {
    double p50, p99, max;
};

static struct figures figures_of(const struct series *series, enum what what)
{
    double *values = calloc(series->n + 1, sizeof(*values));
    if (!values)
        die("memory");
    for (size_t i = 0; i < series->n; i++)
        values[i] = value_of(&series->items[i], what);
    const struct figures ret = {quantile(values, series->n, 0.5),
                                quantile(values, series->n, 0.99),
                                quantile(values, series->n, 1)};
    free(values);
    return ret;
}

static void print_series(const struct series *series)
{
    struct figures cpu = figures_of(series, CPU);
    struct figures wall = figures_of(series, WALL);
    (void)printf("\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.1f\t%zu", cpu.p50, cpu.p99,
                 wall.p50, wall.p99, figures_of(series, WAITED).max,
                 (double)series->peak / 1024, series->failed);
}

static void print_class(const struct bench *bench, const struct class *class)
{
    (void)printf("%s\t%zu", class->name, class->of[0].n);
    for (size_t c = 0; c < bench->n_commands; c++)
        print_series(&class->of[c]);
    (void)printf("\n");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    size_t runs = argc > 4 ? strtoul(argv[2], NULL, 10) : 0;
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0 || bench.n_commands == COMMANDS)
            continue;
        argv[i] = NULL;
        bench.commands[bench.n_commands++] = argv + i + 1;
    }
    if (!runs || !bench.n_commands) {
        (void)fprintf(
            stderr,
            "usage: pairs QUERIES RUNS -- COMMAND... [-- COMMAND...]\n");
        return 2;
    }
    read_queries(&bench, argv[1]);
    for (size_t c = 0; c < bench.n_commands && bench.n_queries; c++) {
        long peak = 0;
        size_t failed = 0;
        (void)run(bench.commands[c], bench.queries[0].text[c], &peak, &failed);
    }
    for (size_t i = 0; i < bench.n_queries; i++)
        measure(&bench, i, runs);
    sum_up(&bench);
    for (size_t i = 0; i < bench.n_classes; i++)
        print_class(&bench, &bench.classes[i]);
    return 0;
}
