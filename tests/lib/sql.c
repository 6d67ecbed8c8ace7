/*
 * sql.c - cs-test-sql [--leave-log] DATABASE SQL: change an index by hand.
 *
 * Scripts may read an index with any program, but what they write must pass
 * through our layer (index/checksum.h), or it counts as damage. Rows are
 * printed as sqlite3(1) does. With --leave-log it ends as a killed run does:
 * the write-ahead log stays.
 */
#include "index/words/fts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int print_row(void *payload, int n, char **values, char **names)
{
    (void)payload;
    (void)names;
    for (int i = 0; i < n; i++)
        (void)printf("%s%s", i ? "|" : "", values[i] ? values[i] : "");
    (void)putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    bool leave = argc == 4 && strcmp(argv[1], "--leave-log") == 0;
    char *message = NULL;
    if (argc != 3 + leave) {
        (void)fprintf(stderr, "cs-test-sql [--leave-log] DATABASE SQL\n");
        return 2;
    }
    if (cs_db_open(argv[1 + leave], CS_DB_WRITE, &db, &err) != CS_OK ||
        cs_fts_register(db, &err) != CS_OK ||
        cs_db_exec(db, "PRAGMA foreign_keys=OFF", &err) != CS_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    int code = sqlite3_exec(cs_db_handle(db), argv[2 + leave], print_row, NULL,
                            &message);
    if (code != SQLITE_OK)
        (void)fprintf(stderr, "%s\n", message ? message : "out of memory");
    sqlite3_free(message);
    (void)fflush(stdout);
    if (leave)
        _exit(code != SQLITE_OK ? 1 : 0);
    return code != SQLITE_OK;
}
