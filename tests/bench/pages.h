/*
 * pages.h - the Markdown files of a folder, in memory, and a stop-watch; for
 * the programs that measure.
 */
#ifndef CS_TESTS_BENCH_PAGES_H
#define CS_TESTS_BENCH_PAGES_H

#include <stddef.h>

struct bench_page {
    char *title, *text;
    size_t len;
};

struct bench_pages {
    struct bench_page *items;
    size_t n;
    double megabytes;
};

/* Read all *.md files below `folder`, at most `max`. A failure ends the
 * program with a message. Nothing is ever freed. */
void bench_pages_read(const char *folder, size_t max, struct bench_pages *ret);

struct bench_watch {
    double wall, cpu; /* seconds */
};

/* Start, and stop: the members then say what it took. */
void bench_watch_start(struct bench_watch *watch);
void bench_watch_stop(struct bench_watch *watch);

/* Say what failed, by errno, and end the program. */
void bench_fail(const char *what);

/* Write the pages into the new folder `target` as a stage does: each written
 * and renamed into place, one syncfs for every `batch`. */
void bench_write_files(const struct bench_pages *pages, const char *target,
                       size_t batch);

/* Put the pages into a new database with a bare FTS5 loop, one COMMIT for
 * every `batch`; `synchronous` as the pragma has it. */
void bench_index_pages(const struct bench_pages *pages, const char *path,
                       size_t batch, const char *synchronous);

#endif
