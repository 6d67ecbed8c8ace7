/*
 * pages.c - reading a mirror's texts, and what the libraries alone do with
 * them: the limits that other programs are held against.
 */
#include "tests/bench/pages.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* nftw() has no parameter for a payload. */
static struct bench_pages reading;
static size_t reading_max;

static double clock_now(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void bench_watch_start(struct bench_watch *watch)
{
    watch->wall = clock_now(CLOCK_MONOTONIC);
    watch->cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

void bench_watch_stop(struct bench_watch *watch)
{
    watch->wall = clock_now(CLOCK_MONOTONIC) - watch->wall;
    watch->cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID) - watch->cpu;
}

void bench_fail(const char *what)
{
    perror(what);
    exit(1);
}

static int read_page(const char *path, const struct stat *st, int flag,
                     struct FTW *ftw)
{
    size_t len = strlen(path);
    if (flag != FTW_F || len < 3 || strcmp(path + len - 3, ".md") != 0)
        return 0;
    if (reading.n == reading_max)
        return 1;
    if (reading.n % 1024 == 0)
        reading.items =
            realloc(reading.items, (reading.n + 1024) * sizeof(*reading.items));
    FILE *file = fopen(path, "rb");
    char *text = malloc((size_t)st->st_size + 1);
    if (!reading.items || !file || !text)
        bench_fail(path);
    struct bench_page *page = &reading.items[reading.n++];
    page->len = fread(text, 1, (size_t)st->st_size, file);
    text[page->len] = '\0';
    page->text = text;
    page->title = strdup(path + ftw->base);
    (void)fclose(file);
    reading.megabytes += (double)page->len / 1e6;
    return 0;
}

void bench_pages_read(const char *folder, size_t max, struct bench_pages *ret)
{
    reading_max = max;
    if (nftw(folder, read_page, 16, FTW_PHYS) < 0)
        bench_fail(folder);
    *ret = reading;
}

/* ---- a bare FTS5 loop ---- */

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        (void)fprintf(stderr, "bench: %s\n", message);
        exit(1);
    }
}

static void step(sqlite3_stmt *stmt, sqlite3_int64 row,
                 const struct bench_page *page)
{
    (void)sqlite3_bind_int64(stmt, 1, row);
    (void)sqlite3_bind_text(stmt, 2, page->title, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(stmt, 3, page->text, (int)page->len, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        bench_fail("insert");
    (void)sqlite3_reset(stmt);
}

void bench_index_pages(const struct bench_pages *pages, const char *path,
                       size_t batch, const char *synchronous)
{
    sqlite3 *db;
    sqlite3_stmt *page, *entry;
    char pragma[64];
    if (sqlite3_open(path, &db) != SQLITE_OK)
        bench_fail(path);
    (void)snprintf(pragma, sizeof(pragma), "PRAGMA synchronous=%s",
                   synchronous);
    run(db, "PRAGMA journal_mode=WAL;"
            "CREATE TABLE page(id INTEGER PRIMARY KEY, title, body);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, body, content='page',"
            " content_rowid='id');");
    run(db, pragma);
    (void)sqlite3_prepare_v2(db, "INSERT INTO page VALUES(?,?,?)", -1, &page,
                             NULL);
    (void)sqlite3_prepare_v2(
        db, "INSERT INTO fts(rowid, title, body) VALUES(?,?,?)", -1, &entry,
        NULL);
    for (size_t i = 0; i < pages->n; i++) {
        if (i % batch == 0)
            run(db, i ? "COMMIT; BEGIN" : "BEGIN");
        step(page, (sqlite3_int64)i + 1, &pages->items[i]);
        step(entry, (sqlite3_int64)i + 1, &pages->items[i]);
    }
    run(db, "COMMIT");
    (void)sqlite3_finalize(page);
    (void)sqlite3_finalize(entry);
    (void)sqlite3_close(db);
}

/* ---- bare files ---- */

static void write_page(int dir, const struct bench_page *page, size_t i)
{
    char staged[64], name[64];
    (void)snprintf(staged, sizeof(staged), "stage-%zu", i);
    (void)snprintf(name, sizeof(name), "%zu.md", i);
    int fd = openat(dir, staged, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, page->text, page->len) != (ssize_t)page->len ||
        close(fd) != 0 || renameat(dir, staged, dir, name) != 0)
        bench_fail(name);
}

void bench_write_files(const struct bench_pages *pages, const char *target,
                       size_t batch)
{
    if (mkdir(target, 0700) != 0)
        bench_fail(target);
    int dir = open(target, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < pages->n; i++) {
        write_page(dir, &pages->items[i], i);
        if ((i + 1) % batch == 0)
            (void)syncfs(dir);
    }
    (void)syncfs(dir);
    (void)close(dir);
}
