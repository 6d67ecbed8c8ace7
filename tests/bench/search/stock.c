/*
 * stock.c - the documents of a mirror in a bare FTS5 table.
 *
 *     cs-bench-stock INDEX DATABASE
 *
 * Makes DATABASE with a table of texts and an FTS5 table over it, stock in
 * every setting, by inserts, one COMMIT for every 500, and prints the seconds
 * that the inserts took: CPU, wall. Then the bytes of the text.
 */
#include "tests/bench/pages.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCH = 500 };

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    (void)fprintf(stderr, "stock: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK)
        return stmt;
    (void)fprintf(stderr, "stock: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void fill(sqlite3 *db)
{
    sqlite3_stmt *from = prepare(db, "SELECT id, title, body FROM page");
    sqlite3_stmt *to =
        prepare(db, "INSERT INTO fts(rowid, title, body) VALUES(?, ?, ?)");
    run(db, "BEGIN");
    for (int n = 1; sqlite3_step(from) == SQLITE_ROW; n++) {
        for (int i = 0; i < 3; i++)
            (void)sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        if (sqlite3_step(to) != SQLITE_DONE)
            exit(1);
        (void)sqlite3_reset(to);
        if (n % BATCH == 0)
            run(db, "COMMIT; BEGIN");
    }
    run(db, "COMMIT");
    (void)sqlite3_finalize(from);
    (void)sqlite3_finalize(to);
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
    struct bench_watch watch;
    bench_watch_start(&watch);
    fill(db);
    bench_watch_stop(&watch);
    (void)printf("%.2f %.2f\n", watch.cpu, watch.wall);
    (void)sqlite3_exec(db,
                       "SELECT sum(length(CAST(body AS BLOB)))"
                       " + sum(length(CAST(title AS BLOB))) FROM page",
                       print, NULL, NULL);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
