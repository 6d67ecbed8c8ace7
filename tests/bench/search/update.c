/*
 * update.c - the documents that changed in a mirror, changed in a bare FTS5
 * table too.
 *
 *     cs-bench-update INDEX DATABASE
 *
 * DATABASE is of cs-bench-stock. Every text that is another in INDEX is put
 * there as well: the old entry deleted, the row updated, the new entry
 * inserted, one COMMIT for every 100. Prints how many, and the seconds that it
 * took: CPU, wall.
 */
#include "tests/bench/pages.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 100 };

enum { DELETE, UPDATE, INSERT, STEPS };

/* Each with the row, the title, the old text, the new one. */
static const char *const steps[STEPS] = {
    [DELETE] = ("INSERT INTO fts(fts, rowid, title, body)"
                " VALUES('delete', ?1, ?2, ?3)"),
    [UPDATE] = "UPDATE page SET body = ?4 WHERE id = ?1",
    [INSERT] = "INSERT INTO fts(rowid, title, body) VALUES(?1, ?2, ?4)",
};

static void die(sqlite3 *db)
{
    (void)fprintf(stderr, "update: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(db);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        die(db);
    return stmt;
}

/* What changed, in memory before the clock starts. */
static void find(sqlite3 *db, const char *index)
{
    char *attach = sqlite3_mprintf("ATTACH %Q AS mirror", index);
    run(db, attach);
    sqlite3_free(attach);
    run(db, "PRAGMA temp_store=MEMORY; PRAGMA synchronous=NORMAL;"
            "CREATE TEMP TABLE changed AS SELECT p.id, p.title, p.body AS old,"
            " b.markdown AS new FROM page p JOIN mirror.body b"
            " ON b.document = p.id WHERE b.markdown <> p.body");
}

static int change(sqlite3 *db)
{
    sqlite3_stmt *from = prepare(db, "SELECT * FROM temp.changed");
    sqlite3_stmt *to[STEPS];
    int n = 0;
    for (int s = 0; s < STEPS; s++)
        to[s] = prepare(db, steps[s]);
    run(db, "BEGIN");
    while (sqlite3_step(from) == SQLITE_ROW) {
        for (int s = 0; s < STEPS; s++) {
            int params = sqlite3_bind_parameter_count(to[s]);
            for (int i = 0; i < params; i++)
                (void)sqlite3_bind_value(to[s], i + 1,
                                         sqlite3_column_value(from, i));
            if (sqlite3_step(to[s]) != SQLITE_DONE)
                die(db);
            (void)sqlite3_reset(to[s]);
        }
        if (++n % BATCH == 0)
            run(db, "COMMIT; BEGIN");
    }
    run(db, "COMMIT");
    (void)sqlite3_finalize(from);
    for (int s = 0; s < STEPS; s++)
        (void)sqlite3_finalize(to[s]);
    return n;
}

int main(int argc, char **argv)
{
    sqlite3 *db;
    struct bench_watch watch;
    if (argc != 3 || sqlite3_open(argv[2], &db) != SQLITE_OK)
        return 2;
    find(db, argv[1]);
    bench_watch_start(&watch);
    int n = change(db);
    bench_watch_stop(&watch);
    (void)printf("%d %.3f %.3f\n", n, watch.cpu, watch.wall);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
