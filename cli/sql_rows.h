/*
 * sql_rows.h - rows of SQL, shown: a table, lines for a pipe, or JSON.
 */
#ifndef CS_CLI_SQL_ROWS_H
#define CS_CLI_SQL_ROWS_H

#include "cli/printer.h"

#include <sqlite3.h>

struct cs_sql_rows {
    struct cs_app *app;
    sqlite3_stmt *stmt;
    bool json, started;
    int columns;
    struct cs_table table;
    struct cs_strbuf text;
    struct cs_printer printer;
    cJSON *list;
};

/* Begin with the columns of a statement; clear it after, a zeroed one too. */
void cs_sql_rows_start(struct cs_sql_rows *rows, struct cs_app *app,
                       sqlite3_stmt *stmt, bool json);
void cs_sql_rows_clear(struct cs_sql_rows *rows);

/* Take the row that the statement stands on; for a pipe it is printed now and
 * then. */
enum cs_status cs_sql_rows_add(struct cs_sql_rows *rows, struct cs_error *err);
enum cs_status cs_sql_rows_finish(struct cs_sql_rows *rows,
                                  struct cs_error *err);

#endif
