/*
 * cmd_sql.c - questions to the index in SQL, and nothing but questions.
 *
 * The index is open for reading, and an authorizer refuses every statement
 * that would do more, before it is run.
 */
#include "cli/commands.h"

#include "cli/sql_rows.h"
#include "src/text.h"

#include <errno.h>
#include <unistd.h>

#define SQL_MAX        ((size_t)1 << 20)
#define CANCEL_OPCODES 10000 /* between two looks at Ctrl-C */

struct sql_args {
    bool json;
};

/* Pragmas that only tell something; those of the full-text index itself are
 * among them. */
static bool is_harmless(const char *pragma)
{
    static const char *const names[] = {
        "compile_options", "data_version",  "database_list", "foreign_key_list",
        "freelist_count",  "function_list", "index_info",    "index_list",
        "index_xinfo",     "page_count",    "page_size",     "table_info",
        "table_list",      "table_xinfo",   "module_list",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        if (cs_ascii_casecmp(names[i], pragma) == 0)
            return true;
    return false;
}

static int authorize(CS_UNUSED void *payload, int action, const char *first,
                     const char *second, CS_UNUSED const char *database,
                     CS_UNUSED const char *trigger)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_PRAGMA: return is_harmless(first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_UPDATE: /* what a virtual table asks for when it is declared;
                         * a statement that says so is refused by SQLite */
        return cs_str_equal(first, "sqlite_master") ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return cs_ascii_casecmp(second, "load_extension") == 0 ? SQLITE_DENY
                                                               : SQLITE_OK;
    default: return SQLITE_DENY;
    }
}

static int on_progress(void *payload)
{
    const struct cs_app *app = payload;
    return *app->cancel != 0;
}

static enum cs_status fail(sqlite3 *db, struct cs_error *err)
{
    int code = sqlite3_errcode(db);
    if (code == SQLITE_INTERRUPT)
        return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return cs_error_set(err, CS_ERR_CORRUPT, "%s", sqlite3_errmsg(db));
    if (code == SQLITE_BUSY)
        return cs_error_set(err, CS_ERR_LOCKED, "%s", sqlite3_errmsg(db));
    if (code == SQLITE_NOMEM)
        return cs_error_no_memory(err);
    if (code == SQLITE_AUTH) {
        (void)cs_error_set(err, CS_ERR_USAGE, "cs sql only reads");
        cs_error_hint(err, "write a SELECT");
        return CS_ERR_USAGE;
    }
    (void)cs_error_set(err, CS_ERR_USAGE, "%s", sqlite3_errmsg(db));
    cs_error_hint(err, "cs sql without a query lists tables and columns");
    return CS_ERR_USAGE;
}

static bool only_blanks(const char *text)
{
    while (cs_ascii_is_space(*text) || *text == ';')
        text++;
    return *text == '\0';
}

static enum cs_status prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret,
                              struct cs_error *err)
{
    const char *rest = "";
    if (sqlite3_prepare_v2(db, sql, -1, ret, &rest) != SQLITE_OK)
        return fail(db, err);
    if (*ret && only_blanks(rest))
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "%s",
                       *ret ? "there is more than one statement"
                            : "there is no statement");
    cs_error_hint(err, "write one SELECT");
    return CS_ERR_USAGE;
}

/* Whoever reads may go before the last row. */
static enum cs_status answer(struct cs_app *app, const char *sql, bool json,
                             struct cs_error *err)
{
    sqlite3 *db = cs_db_handle(cs_index_db(app->index));
    struct cs_sql_rows rows = {0};
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_ROW;
    (void)sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_progress_handler(db, CANCEL_OPCODES, on_progress, app);
    enum cs_status status = prepare(db, sql, &stmt, err);
    if (!status)
        cs_sql_rows_start(&rows, app, stmt, json);
    while (!status && !ferror(app->out) &&
           (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status = cs_sql_rows_add(&rows, err);
    if (!status && rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = fail(db, err);
    if (!status)
        status = cs_sql_rows_finish(&rows, err);
    cs_sql_rows_clear(&rows);
    (void)sqlite3_finalize(stmt);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    (void)sqlite3_set_authorizer(db, NULL, NULL);
    return status;
}

static enum cs_status read_input(struct cs_strbuf *out, struct cs_error *err)
{
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
        cs_strbuf_put(out, piece, n);
    if (ferror(stdin))
        return cs_error_errno(err, errno, "standard input");
    return cs_strbuf_status(out, err);
}

static enum cs_status run(struct cs_app *app, const void *args, int n_words,
                          char **words, struct cs_error *err)
{
    static const char overview[] =
        "SELECT t.name AS \"table\", group_concat(c.name, ' ') AS columns"
        " FROM pragma_table_list t, pragma_table_info(t.name) c"
        " WHERE t.schema = 'main' AND t.type IN ('table', 'view', 'virtual')"
        " AND t.name NOT LIKE 'sqlite%' GROUP BY t.name ORDER BY t.name";
    const struct sql_args *options = args;
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(SQL_MAX);
    enum cs_status status = CS_OK;
    for (int i = 0; i < n_words; i++)
        cs_strbuf_printf(&sql, "%s%s", i > 0 ? " " : "", words[i]);
    if (n_words == 0 && isatty(STDIN_FILENO))
        cs_strbuf_puts(&sql, overview);
    else if (n_words == 0)
        status = read_input(&sql, err);
    if (!status && n_words == 0 && only_blanks(sql.data))
        cs_strbuf_puts(&sql, overview);
    if (!status)
        status = cs_strbuf_status(&sql, err);
    return status ? status : answer(app, sql.data, options->json, err);
}

static const struct cs_option options[] = {
    {0, "json", CS_OPTION_FLAG, offsetof(struct sql_args, json), NULL,
     "one JSON object", 0, 0},
    {0},
};

const struct cs_verb cs_cmd_sql = {
    .name = "sql",
    .summary = "Ask the index in SQL, read only",
    .synopsis = "[OPTION...] [SELECT...]",
    .example = "cs sql 'SELECT title FROM document ORDER BY updated DESC "
               "LIMIT 5'",
    .about = "Without a query it is read from standard input; an empty one\n"
             "lists tables and columns. In a pipe a row is a line, its\n"
             "columns apart by tabs.",
    .needs = CS_NEED_INDEX,
    .options = options,
    .args_size = sizeof(struct sql_args),
    .min_words = 0,
    .max_words = -1,
    .run = run,
};
