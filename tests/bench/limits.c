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
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 500 };

struct page {
    char *title, *text;
    size_t len;
};

/* nftw() has no parameter for a payload. */
static struct page *pages;
static size_t n_pages;
static double megabytes;

static double clock_now(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void fail(const char *what)
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
    if (n_pages % 1024 == 0)
        pages = realloc(pages, (n_pages + 1024) * sizeof(*pages));
    FILE *file = fopen(path, "rb");
    char *text = malloc((size_t)st->st_size + 1);
    if (!pages || !file || !text)
        fail(path);
    struct page *page = &pages[n_pages++];
    page->len = fread(text, 1, (size_t)st->st_size, file);
    text[page->len] = '\0';
    page->text = text;
    page->title = strdup(path + ftw->base);
    (void)fclose(file);
    megabytes += (double)page->len / 1e6;
    return 0;
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        (void)fprintf(stderr, "limits: %s\n", message);
        exit(1);
    }
}

static void step(sqlite3_stmt *stmt, sqlite3_int64 row, const struct page *page)
{
    (void)sqlite3_bind_int64(stmt, 1, row);
    (void)sqlite3_bind_text(stmt, 2, page->title, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(stmt, 3, page->text, (int)page->len, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        fail("insert");
    (void)sqlite3_reset(stmt);
}

static void index_pages(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *page, *entry;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        fail(path);
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE page(id INTEGER PRIMARY KEY, title, body);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, body, content='page',"
            " content_rowid='id');");
    (void)sqlite3_prepare_v2(db, "INSERT INTO page VALUES(?,?,?)", -1, &page,
                             NULL);
    (void)sqlite3_prepare_v2(
        db, "INSERT INTO fts(rowid, title, body) VALUES(?,?,?)", -1, &entry,
        NULL);
    for (size_t i = 0; i < n_pages; i++) {
        if (i % BATCH == 0)
            run(db, i ? "COMMIT; BEGIN" : "BEGIN");
        step(page, (sqlite3_int64)i + 1, &pages[i]);
        step(entry, (sqlite3_int64)i + 1, &pages[i]);
    }
    run(db, "COMMIT");
    (void)sqlite3_finalize(page);
    (void)sqlite3_finalize(entry);
    (void)sqlite3_close(db);
}

static void write_page(int dir, size_t i)
{
    char staged[64], name[64];
    (void)snprintf(staged, sizeof(staged), "stage-%zu", i);
    (void)snprintf(name, sizeof(name), "%zu.md", i);
    int fd = openat(dir, staged, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 ||
        write(fd, pages[i].text, pages[i].len) != (ssize_t)pages[i].len ||
        close(fd) != 0 || renameat(dir, staged, dir, name) != 0)
        fail(name);
}

static void write_pages(const char *target)
{
    if (mkdir(target, 0700) != 0)
        fail(target);
    int dir = open(target, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < n_pages; i++) {
        write_page(dir, i);
        if ((i + 1) % BATCH == 0)
            (void)syncfs(dir);
    }
    (void)syncfs(dir);
    (void)close(dir);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: limits fts|files FOLDER TARGET\n");
        return 2;
    }
    if (nftw(argv[2], read_page, 16, FTW_PHYS) != 0)
        fail(argv[2]);
    double wall = clock_now(CLOCK_MONOTONIC);
    double cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
    if (strcmp(argv[1], "fts") == 0)
        index_pages(argv[3]);
    else
        write_pages(argv[3]);
    printf("%zu %.1f %.3f %.3f\n", n_pages, megabytes,
           clock_now(CLOCK_MONOTONIC) - wall,
           clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    return 0;
}
