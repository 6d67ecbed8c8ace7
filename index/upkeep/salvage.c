/*
 * salvage.c - reading around damage.
 *
 * A table is read from its start; where a page cannot be read, reading goes on
 * behind it, in growing steps, and at last from the end backwards. A row that
 * the new schema refuses is left out, and so is one without what it belongs to.
 */
#include "index/upkeep/salvage.h"

#include "index/checksum.h"
#include "src/strbuf.h"

/* Attempts to find readable rows behind unreadable ones, in one table. */
enum { ATTEMPTS_MAX = 10000 };
/* No table has rows beyond. */
#define ROW_MAX (INT64_C(1) << 40)

struct salvage {
    sqlite3 *from;
    struct cs_db *to;
};

/* One table: what both databases have of its columns. */
struct table {
    const char *name;
    struct cs_strbuf columns, marks; /* "a, b" and "?, ?" */
    int n;
    bool has_rowid;
    sqlite3_stmt *insert;
    int64_t last;  /* row read last */
    int64_t saved; /* rows */
    bool whole;    /* every row could be read */
    bool damaged;  /* a row was refused */
};

static void clear_table(struct table *table)
{
    sqlite3_finalize(table->insert);
    cs_strbuf_clear(&table->columns);
    cs_strbuf_clear(&table->marks);
}

static bool has_column(sqlite3 *db, const char *table, const char *column)
{
    return sqlite3_table_column_metadata(db, "main", table, column, NULL, NULL,
                                         NULL, NULL, NULL) == SQLITE_OK;
}

static enum cs_status add_column(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    void **args = payload;
    const struct salvage *salvage = args[0];
    struct table *table = args[1];
    const char *name = cs_query_text(row, 0);
    (void)err;
    if (!has_column(salvage->from, table->name, name))
        return CS_OK;
    cs_strbuf_printf(&table->columns, "%s\"%s\"", table->n ? ", " : "", name);
    cs_strbuf_puts(&table->marks, table->n ? ", ?" : "?");
    table->n++;
    return CS_OK;
}

/* Without the columns of the old table nothing can be read of it. */
static enum cs_status prepare_table(struct salvage *salvage,
                                    struct table *table, struct cs_error *err)
{
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 16);
    void *args[] = {salvage, table};
    enum cs_status status =
        cs_db_each(salvage->to, add_column, args, err,
                   "SELECT name FROM pragma_table_info(?)", "s", table->name);
    if (status || table->n == 0)
        return status;
    table->has_rowid = has_column(salvage->from, table->name, "rowid");
    cs_strbuf_printf(&sql, "INSERT OR IGNORE INTO \"%s\"(%s) VALUES(%s)",
                     table->name, table->columns.data, table->marks.data);
    status = cs_strbuf_status(&sql, err);
    if (!status && sqlite3_prepare_v2(cs_db_handle(salvage->to), sql.data, -1,
                                      &table->insert, NULL) != SQLITE_OK)
        status = cs_db_error(salvage->to, table->name, err);
    return status;
}

/* A row that the schema refuses is damaged. */
static enum cs_status put_row(struct salvage *salvage, struct table *table,
                              sqlite3_stmt *row, struct cs_error *err)
{
    sqlite3 *to = cs_db_handle(salvage->to);
    for (int i = 0; i < table->n; i++)
        sqlite3_bind_value(table->insert, i + 1,
                           sqlite3_column_value(row, i + 1));
    int code = sqlite3_step(table->insert);
    sqlite3_reset(table->insert);
    if (code == SQLITE_DONE) {
        table->saved += sqlite3_changes64(to);
        return CS_OK;
    }
    if (code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH ||
        code == SQLITE_TOOBIG) {
        table->damaged = true;
        return CS_OK;
    }
    return cs_db_error(salvage->to, table->name, err);
}

/* Read on until the end or until damage, of which `*ret_whole` tells. */
static enum cs_status read_rows(struct salvage *salvage, struct table *table,
                                const char *order, bool *ret_whole,
                                struct cs_error *err)
{
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 16);
    sqlite3_stmt *rows = NULL;
    enum cs_status status = CS_OK;
    cs_strbuf_printf(&sql, "SELECT %s, %s FROM \"%s\" %s",
                     table->has_rowid ? "rowid" : "0", table->columns.data,
                     table->name, order);
    int code = sqlite3_prepare_v2(salvage->from, sql.data, -1, &rows, NULL);
    if (code == SQLITE_OK && table->has_rowid)
        sqlite3_bind_int64(rows, 1, table->last);
    while (code == SQLITE_OK && !status) {
        int step = sqlite3_step(rows);
        if (step != SQLITE_ROW) {
            code = step;
            break;
        }
        table->last = sqlite3_column_int64(rows, 0);
        status = put_row(salvage, table, rows, err);
    }
    sqlite3_finalize(rows);
    *ret_whole = code == SQLITE_DONE;
    return status;
}

/* Behind damage: the next row that can be read, in steps that double. */
static enum cs_status read_forward(struct salvage *salvage, struct table *table,
                                   struct cs_error *err)
{
    static const char onwards[] = "WHERE rowid > ?1 ORDER BY rowid";
    bool whole = false;
    int64_t step = 1;
    enum cs_status status = read_rows(salvage, table, onwards, &whole, err);
    table->whole = whole && !table->damaged;
    for (int i = 0; i < ATTEMPTS_MAX && !whole && !status; i++) {
        int64_t before = table->last += step;
        if (step > ROW_MAX || before > ROW_MAX)
            break;
        status = read_rows(salvage, table, onwards, &whole, err);
        step = table->last > before ? 1 : step * 2;
    }
    if (status || whole)
        return status;
    table->last = INT64_MAX;
    return read_rows(salvage, table, "WHERE rowid < ?1 ORDER BY rowid DESC",
                     &whole, err);
}

static enum cs_status read_both_ways(struct salvage *salvage,
                                     struct table *table, struct cs_error *err)
{
    bool whole;
    enum cs_status status =
        read_rows(salvage, table, "ORDER BY 2", &whole, err);
    table->whole = whole && !table->damaged;
    if (!status && !whole)
        status = read_rows(salvage, table, "ORDER BY 2 DESC", &whole, err);
    return status;
}

static enum cs_status copy_table(struct salvage *salvage, struct table *table,
                                 struct cs_error *err)
{
    cs_strbuf_init(&table->columns, 1 << 16);
    cs_strbuf_init(&table->marks, 1 << 16);
    enum cs_status status = prepare_table(salvage, table, err);
    if (!status && table->n > 0)
        status = table->has_rowid ? read_forward(salvage, table, err)
                                  : read_both_ways(salvage, table, err);
    clear_table(table);
    return status;
}

/* The lasting tables, each behind those it leads to. */
static const char *const tables[] = {
    "source", "container", "document",   "body",           "comments", "label",
    "link",   "part",      "conversion", "attachment",     "person",   "run",
    "intent", "tombstone", "event",      "tombstone_file",
};

enum cs_status cs_salvage_copy(const char *path, struct cs_db *to,
                               cs_salvage_fn *copied, void *payload,
                               struct cs_error *err)
{
    struct salvage salvage = {.to = to};
    enum cs_status status = CS_OK;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &salvage.from, flags, cs_checksum_layer());
    if (code == SQLITE_OK) {
        sqlite3_db_config(salvage.from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
        sqlite3_busy_timeout(salvage.from, 1000);
        /* an index that is damaged must not decide what is read */
        (void)sqlite3_exec(salvage.from, "PRAGMA cell_size_check=ON", NULL,
                           NULL, NULL);
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(tables) && !status; i++) {
        struct table table = {.name = tables[i]};
        status = copy_table(&salvage, &table, err);
        if (!status)
            status = copied(payload, table.name, table.saved, table.whole, err);
    }
    sqlite3_close(salvage.from);
    return status;
}
