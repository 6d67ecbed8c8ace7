/*
 * stock.c - the documents of a mirror in a bare FTS5 table.
 *
 *     cs-bench-stock INDEX DATABASE
 *
 * Makes DATABASE with a table of texts and an FTS5 table over it, stock in
 * every setting, and prints the seconds that the FTS5 table took: CPU, wall.
 * Then the bytes of the text.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    (void)fprintf(stderr, "stock: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static double cpu(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double wall(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int print(void *payload, int n, char **values, char **names)
{
    (void)payload, (void)n, (void)names;
    (void)printf("%s\n", values[0]);
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *db;
    if (argc != 3)
        return 2;
    (void)unlink(argv[2]);
    if (sqlite3_open(argv[2], &db) != SQLITE_OK)
        return 1;
    char *attach = sqlite3_mprintf("ATTACH %Q AS mirror", argv[1]);
    run(db, attach);
    sqlite3_free(attach);
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE page(id INTEGER PRIMARY KEY, title TEXT, body TEXT);"
            "INSERT INTO page SELECT d.id, d.title, b.markdown"
            " FROM mirror.document d JOIN mirror.body b ON b.document = d.id"
            " ORDER BY d.id;"
            "CREATE VIRTUAL TABLE fts USING fts5(title, body, content=page,"
            " content_rowid=id)");
    double cpu_at = cpu(), wall_at = wall();
    run(db, "INSERT INTO fts(fts) VALUES('rebuild')");
    (void)printf("%.2f %.2f\n", cpu() - cpu_at, wall() - wall_at);
    (void)sqlite3_exec(db,
                       "SELECT sum(length(CAST(body AS BLOB)))"
                       " + sum(length(CAST(title AS BLOB))) FROM page",
                       print, NULL, NULL);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
