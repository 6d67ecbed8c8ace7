/*
 * sql_rows.c - a value of SQLite as text or JSON. Blobs are hexadecimal.
 */
#include "cli/sql_rows.h"

#include "src/text.h"

#define PIECE ((size_t)64 << 10)

void cs_sql_rows_start(struct cs_sql_rows *rows, struct cs_app *app,
                       sqlite3_stmt *stmt, bool json)
{
    *rows = (struct cs_sql_rows){.app = app,
                                 .stmt = stmt,
                                 .json = json,
                                 .started = true,
                                 .columns = sqlite3_column_count(stmt)};
    cs_table_init(&rows->table);
    cs_strbuf_init(&rows->text, CS_STRBUF_DEFAULT_MAX);
    if (!json) {
        for (int i = 0; i < rows->columns; i++)
            cs_table_cell(&rows->table, "%s", sqlite3_column_name(stmt, i));
        cs_table_end_row(&rows->table);
        return;
    }
    cs_printer_start(&rows->printer, "sql");
    cJSON *columns =
        cs_printer_array(&rows->printer, rows->printer.root, "columns");
    for (int i = 0; i < rows->columns; i++)
        cs_printer_text(&rows->printer, columns, NULL,
                        sqlite3_column_name(stmt, i));
    rows->list = cs_printer_array(&rows->printer, rows->printer.root, "rows");
}

void cs_sql_rows_clear(struct cs_sql_rows *rows)
{
    if (!rows->started)
        return;
    cs_table_clear(&rows->table);
    cs_strbuf_clear(&rows->text);
    cs_printer_clear(&rows->printer);
}

/* The value of a column as text, appended; NULL is nothing. */
static void put_value(const struct cs_sql_rows *rows, int column,
                      struct cs_strbuf *out)
{
    int type = sqlite3_column_type(rows->stmt, column);
    if (type == SQLITE_BLOB) {
        const unsigned char *blob = sqlite3_column_blob(rows->stmt, column);
        int n = sqlite3_column_bytes(rows->stmt, column);
        for (int i = 0; i < n; i++)
            cs_strbuf_printf(out, "%02x", blob[i]);
        return;
    }
    const char *text = (const char *)sqlite3_column_text(rows->stmt, column);
    int n = sqlite3_column_bytes(rows->stmt, column);
    if (text)
        cs_strbuf_put(out, text, (size_t)n);
    else if (type != SQLITE_NULL)
        out->status = CS_ERR_NO_MEMORY;
}

static void add_json(struct cs_sql_rows *rows)
{
    cJSON *row = cs_printer_array(&rows->printer, rows->list, NULL);
    for (int i = 0; i < rows->columns; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        int type = sqlite3_column_type(rows->stmt, i);
        if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
            cs_printer_number(&rows->printer, row, NULL,
                              sqlite3_column_double(rows->stmt, i));
        } else {
            put_value(rows, i, &text);
            rows->printer.failed |= text.status != CS_OK;
            cs_printer_text(&rows->printer, row, NULL,
                            type == SQLITE_NULL ? NULL : text.data);
        }
    }
}

/* Tabs and line ends within a value become blanks. */
static void add_line(struct cs_sql_rows *rows)
{
    for (int i = 0; i < rows->columns; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        put_value(rows, i, &text);
        cs_strbuf_puts(&rows->text, i > 0 ? "\t" : "");
        cs_text_put_safe(&rows->text, text.data, text.len, false);
        cs_strbuf_add_failure(&rows->text, &text);
    }
    cs_strbuf_putc(&rows->text, '\n');
}

/* More columns than a table has go one below the other. */
static void add_record(struct cs_sql_rows *rows)
{
    for (int i = 0; i < rows->columns; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        put_value(rows, i, &text);
        cs_strbuf_printf(&rows->text, "%-16s ",
                         sqlite3_column_name(rows->stmt, i));
        cs_text_put_safe(&rows->text, text.data, text.len, false);
        cs_strbuf_add_failure(&rows->text, &text);
        cs_strbuf_putc(&rows->text, '\n');
    }
    cs_strbuf_putc(&rows->text, '\n');
}

static void add_cells(struct cs_sql_rows *rows)
{
    for (int i = 0; i < rows->columns; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        put_value(rows, i, &text);
        cs_table_cell(&rows->table, "%s", text.data);
        cs_strbuf_add_failure(&rows->table.cells, &text);
    }
    cs_table_end_row(&rows->table);
}

enum cs_status cs_sql_rows_add(struct cs_sql_rows *rows, struct cs_error *err)
{
    if (rows->json) {
        add_json(rows);
        return CS_OK;
    }
    if (!rows->app->out_terminal.tty)
        add_line(rows);
    else if (rows->columns > CS_TABLE_COLUMNS)
        add_record(rows);
    else
        add_cells(rows);
    if (rows->text.len < PIECE)
        return cs_strbuf_status(&rows->text, err);
    enum cs_status status = cs_app_print(rows->app, &rows->text, err);
    cs_strbuf_reset(&rows->text);
    return status;
}

enum cs_status cs_sql_rows_finish(struct cs_sql_rows *rows,
                                  struct cs_error *err)
{
    if (rows->json)
        return cs_printer_finish(&rows->printer, rows->app, err);
    if (rows->app->out_terminal.tty && rows->columns <= CS_TABLE_COLUMNS)
        cs_table_put(&rows->table, 0, &rows->text);
    return cs_app_print(rows->app, &rows->text, err);
}
