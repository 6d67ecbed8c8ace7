/*
 * cold.c - the least that a search from the command line must do.
 *
 *     cs-bench-cold DATABASE QUERY
 *
 * Opens a database with a stock FTS5 table, prints the ten best hits for a
 * MATCH expression with title and snippet, and ends. Exit status 1: no hits.
 */
#include <sqlite3.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    int n = 0, code;
    if (argc != 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL))
        return 2;
    if (sqlite3_prepare_v2(
            db,
            "SELECT rowid, title, snippet(fts, 1, '[', ']', '...', 16)"
            " FROM fts WHERE fts MATCH ?1 ORDER BY rank LIMIT 10",
            -1, &stmt, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "cold: %s\n", sqlite3_errmsg(db));
        return 2;
    }
    sqlite3_bind_text(stmt, 1, argv[2], -1, SQLITE_STATIC);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        n++;
        (void)printf("%s\t%s\t%s\n", (const char *)sqlite3_column_text(stmt, 0),
                     (const char *)sqlite3_column_text(stmt, 1),
                     (const char *)sqlite3_column_text(stmt, 2));
    }
    if (code != SQLITE_DONE)
        (void)fprintf(stderr, "cold: %s\n", sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return code != SQLITE_DONE ? 2 : n == 0;
}
