/*
 * limits.c - what the libraries can do with the same pages.
 *
 *     limits fts FOLDER DATABASE    a bare FTS5 insert loop: unicode61, default
 *                                   settings, external content, WAL, batches
 *                                   of 500
 *     limits files FOLDER TARGET    write, rename, one syncfs a batch of 500
 *
 * The pages are all *.md files below FOLDER, read before the clock starts.
 * Prints pages, megabytes, wall seconds and CPU seconds on one line.
 */
#include "tests/bench/pages.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BATCH = 500 };

int main(int argc, char **argv)
{
    struct bench_pages pages;
    struct bench_watch watch;
    if (argc != 4) {
        (void)fprintf(stderr, "usage: limits fts|files FOLDER TARGET\n");
        return 2;
    }
    bench_pages_read(argv[2], SIZE_MAX, &pages);
    bench_watch_start(&watch);
    if (strcmp(argv[1], "fts") == 0)
        bench_index_pages(&pages, argv[3], BATCH, "NORMAL");
    else
        bench_write_files(&pages, argv[3], BATCH);
    bench_watch_stop(&watch);
    printf("%zu %.1f %.3f %.3f\n", pages.n, pages.megabytes, watch.wall,
           watch.cpu);
    return 0;
}
