/*
 * batch.c - one batch of the store beside raw SQLite and raw files.
 *
 *     cs-bench-batch FOLDER TARGET [RUNS]
 *
 * The texts are those of the first 500 *.md files below FOLDER; everything is
 * written below TARGET, a new folder. Measured are, each the median of RUNS:
 *
 *   commit   500 new documents: rows, full text, stage, COMMIT, files in place
 *   files    of that the files alone: rendered, staged, synchronised, renamed
 *   replay   opening a mirror whose sync was killed right after that COMMIT:
 *            500 renames are left; once with the stage as it was, and once
 *            with an empty one, so that every file is rendered anew
 *   rename   a page with 5,000 others below it gets a new title
 *
 * The kill is real: the process ends at its first rename. That call, and the
 * two steps that the files take, the linker leads to this file (--wrap). Prints
 * lines for tests/bench/run: work, cs, limit, ratio and target, apart by tabs.
 */
#include "tests/bench/pages.h"

#include "index/store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCUMENTS = 500, SUBTREE = 5000, MAX_RUNS = 9 };

int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to,
                     unsigned flags);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to,
                     unsigned flags);

static bool armed; /* the next rename ends the process */

int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to,
                     unsigned flags)
{
    if (armed)
        _exit(0);
    return __real_renameat2(from_dir, from, to_dir, to, flags);
}

static struct bench_watch files; /* what the files of the last batch took */

enum cs_status __real_cs_stage_files(struct cs_store *store,
                                     struct cs_error *err);
enum cs_status __wrap_cs_stage_files(struct cs_store *store,
                                     struct cs_error *err);
enum cs_status __real_cs_publish(struct cs_store *store, bool fresh_stage,
                                 struct cs_error *err);
enum cs_status __wrap_cs_publish(struct cs_store *store, bool fresh_stage,
                                 struct cs_error *err);

enum cs_status __wrap_cs_stage_files(struct cs_store *store,
                                     struct cs_error *err)
{
    bench_watch_start(&files);
    enum cs_status status = __real_cs_stage_files(store, err);
    bench_watch_stop(&files);
    return status;
}

enum cs_status __wrap_cs_publish(struct cs_store *store, bool fresh_stage,
                                 struct cs_error *err)
{
    struct bench_watch watch;
    bench_watch_start(&watch);
    enum cs_status status = __real_cs_publish(store, fresh_stage, err);
    bench_watch_stop(&watch);
    files.wall += watch.wall;
    files.cpu += watch.cpu;
    return status;
}

static void must(enum cs_status status, const struct cs_error *err)
{
    if (status == CS_OK)
        return;
    (void)fprintf(stderr, "bench: %s\n", err->message);
    exit(1);
}

/* ---- a mirror, and what is pushed into it ---- */

struct mirror {
    struct cs_index *index;
    struct cs_store *store;
    struct cs_sink *sink;
};

static void open_mirror(struct mirror *mirror, const char *root)
{
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_index_options options = {

        .root = root, .clock = cs_clock_system(), .mode = CS_DB_WRITE};
    must(cs_index_open(&options, &mirror->index, &err), &err);
    must(cs_store_open(mirror->index, &mirror->store, &err), &err);
    mirror->sink = cs_store_sink(mirror->store);
}

static void close_mirror(struct mirror *mirror)
{
    cs_store_close(mirror->store);
    cs_index_close(mirror->index);
}

static const struct cs_container space = {
    .id = "1", .key = "ENG", .name = "Engineering", .home_id = "1"};

static void start_run(struct mirror *mirror)
{
    static const struct cs_source_info source = {
        .name = "wiki", .type = "bench", .base_url = "https://wiki.example"};
    static const struct cs_run_options options = {.aspects = CS_ASPECT_TEXT};
    struct cs_error err = CS_ERROR_INIT;
    must(mirror->sink->ops->begin(mirror->sink, &source, &options, &err), &err);
}

static void end_run(struct mirror *mirror)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary summary;
    must(mirror->sink->ops->end(mirror->sink, CS_OK, &summary, &err), &err);
}

/* `n` pages; with `parent` all below a page of that title. */
static void list_pages(struct mirror *mirror, size_t n, const char *parent)
{
    struct cs_sink *sink = mirror->sink;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_list_summary summary;
    must(sink->ops->list_begin(sink, &space, CS_LIST_COMPLETE, &err), &err);
    for (size_t i = 0; i < n; i++) {
        char id[32], title[64];
        (void)snprintf(id, sizeof(id), "%zu", i + 1);
        (void)snprintf(title, sizeof(title), "Page %zu of the bench", i + 1);
        const struct cs_item item = {
            .id = id,
            .title = parent && i == 0 ? parent : title,
            .parent_id = parent && i > 0 ? "1" : NULL,
            .version = 1,
            .created = 1700000000000 + (int64_t)i,
        };
        must(sink->ops->list_add(sink, &item, &err), &err);
    }
    must(sink->ops->list_end(sink, true, &summary, &err), &err);
    must(sink->ops->fetch_begin(sink, &space, &err), &err);
}

static void put_page(struct mirror *mirror, size_t i,
                     const struct bench_page *page)
{
    struct cs_error err = CS_ERROR_INIT;
    char id[32];
    (void)snprintf(id, sizeof(id), "%zu", i + 1);
    const struct cs_document doc = {
        .id = id,
        .aspects = CS_ASPECT_TEXT,
        .version = 1,
        .text = {.body = {.markdown = page->text, .len = page->len},
                 .source = "<p/>",
                 .source_len = 4,
                 .source_format = "storage"},
    };
    must(mirror->sink->ops->put(mirror->sink, &doc, &err), &err);
}

static void put_pages(struct mirror *mirror, const struct bench_pages *pages)
{
    struct cs_error err = CS_ERROR_INIT;
    for (size_t i = 0; i < pages->n; i++)
        put_page(mirror, i, &pages->items[i]);
    must(mirror->sink->ops->commit(mirror->sink, &err), &err);
}

/* ---- what is measured ---- */

/* Names of new things below the target. */
static const char *place(const char *target, const char *what, int run)
{
    static char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s-%d", target, what, run);
    return path;
}

static double time_commit(const struct bench_pages *pages, const char *root,
                          double *ret_files)
{
    struct mirror mirror;
    struct bench_watch watch;
    open_mirror(&mirror, root);
    start_run(&mirror);
    list_pages(&mirror, pages->n, NULL);
    bench_watch_start(&watch);
    put_pages(&mirror, pages);
    bench_watch_stop(&watch);
    *ret_files = files.wall;
    end_run(&mirror);
    close_mirror(&mirror);
    return watch.wall;
}

static void kill_after_commit(const struct bench_pages *pages, const char *root)
{
    struct mirror mirror;
    pid_t pid = fork();
    if (pid == 0) {
        open_mirror(&mirror, root);
        start_run(&mirror);
        list_pages(&mirror, pages->n, NULL);
        armed = true;
        put_pages(&mirror, pages);
        (void)fprintf(stderr, "bench: the sync was not killed\n");
        _exit(1);
    }
    int status = 1;
    if (waitpid(pid, &status, 0) != pid || status != 0)
        exit(1);
}

static void empty_stage(const char *root, size_t n)
{
    char path[600];
    for (size_t i = 1; i <= n; i++) {
        (void)snprintf(path, sizeof(path), "%s/wiki/.stage/%zu.md", root, i);
        if (unlink(path) != 0)
            bench_fail(path);
    }
}

static double time_replay(const struct bench_pages *pages, const char *root,
                          bool lost)
{
    struct mirror mirror;
    struct bench_watch watch;
    kill_after_commit(pages, root);
    if (lost)
        empty_stage(root, pages->n);
    bench_watch_start(&watch);
    open_mirror(&mirror, root);
    bench_watch_stop(&watch);
    close_mirror(&mirror);
    return watch.wall;
}

static double time_rename(const char *root)
{
    static char text[] = "A short text.\n";
    struct bench_page page = {.text = text, .len = sizeof(text) - 1};
    struct mirror mirror;
    struct bench_watch watch;
    open_mirror(&mirror, root);
    start_run(&mirror);
    list_pages(&mirror, SUBTREE + 1, "Handbook");
    for (size_t i = 0; i <= SUBTREE; i++)
        put_page(&mirror, i, &page);
    end_run(&mirror);
    start_run(&mirror);
    bench_watch_start(&watch);
    list_pages(&mirror, SUBTREE + 1, "Manual");
    bench_watch_stop(&watch);
    end_run(&mirror);
    close_mirror(&mirror);
    return watch.wall;
}

static double time_sqlite(const struct bench_pages *pages, const char *path)
{
    struct bench_watch watch;
    bench_watch_start(&watch);
    bench_index_pages(pages, path, DOCUMENTS, "FULL");
    bench_watch_stop(&watch);
    return watch.wall;
}

static double time_files(const struct bench_pages *pages, const char *target)
{
    struct bench_watch watch;
    bench_watch_start(&watch);
    bench_write_files(pages, target, DOCUMENTS);
    bench_watch_stop(&watch);
    return watch.wall;
}

/* ---- the rows ---- */

enum { COMMIT, FILES, REPLAY, LOST, RENAME, RAW_SQLITE, RAW_FILES, FIGURES };

static void run_once(const struct bench_pages *pages, const char *target,
                     int run, double *ret)
{
    ret[COMMIT] = time_commit(pages, place(target, "commit", run), &ret[FILES]);
    ret[REPLAY] = time_replay(pages, place(target, "replay", run), false);
    ret[LOST] = time_replay(pages, place(target, "lost", run), true);
    ret[RENAME] = time_rename(place(target, "rename", run));
    ret[RAW_SQLITE] = time_sqlite(pages, place(target, "sqlite", run));
    ret[RAW_FILES] = time_files(pages, place(target, "files", run));
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double (*runs)[FIGURES], int n, size_t figure)
{
    double values[MAX_RUNS];
    for (int i = 0; i < n; i++)
        values[i] = runs[i][figure];
    qsort(values, (size_t)n, sizeof(double), compare);
    return values[n / 2];
}

static void row(const char *work, double ours, const char *limit, double raw,
                const char *target)
{
    printf("%s, ms\t%.1f\t%s: %.1f\t%.2f\t%s\n", work, ours * 1e3, limit,
           raw * 1e3, raw / ours, target);
}

static void print(double (*runs)[FIGURES], int n)
{
    double of[FIGURES];
    for (size_t i = 0; i < FIGURES; i++)
        of[i] = median(runs, n, i);
    row("file stage of a batch of 500", of[FILES], "write, rename, syncfs",
        of[RAW_FILES], ">= 0.8");
    row("batch of 500, all of it", of[COMMIT], "rows, FTS5, COMMIT and files",
        of[RAW_SQLITE] + of[RAW_FILES], "-");
    row("killed batch done again", of[REPLAY], "the files", of[RAW_FILES], "-");
    row("the same, stage lost", of[LOST], "the files", of[RAW_FILES], "-");
    printf("page with %d below it renamed, ms\t%.0f\t-\t-\t-\n", SUBTREE,
           of[RENAME] * 1e3);
}

int main(int argc, char **argv)
{
    struct bench_pages pages;
    double figures[MAX_RUNS][FIGURES];
    if (argc < 3) {
        (void)fprintf(stderr, "usage: cs-bench-batch FOLDER TARGET [RUNS]\n");
        return 2;
    }
    int runs = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 3;
    runs = runs < 1 ? 1 : runs > MAX_RUNS ? MAX_RUNS : runs;
    bench_pages_read(argv[1], DOCUMENTS, &pages);
    if (mkdir(argv[2], 0700) != 0)
        bench_fail(argv[2]);
    for (int i = 0; i < runs; i++)
        run_once(&pages, argv[2], i, figures[i]);
    print(figures, runs);
    return 0;
}
