/*
 * dump.c - a mirror as text, table by table as the schema says.
 */
#include "tests/fault/dump.h"

#include "index/store/store.h"
#include "index/words/lexicon.h"
#include "index/words/vector_compare.h"
#include "tests/lib/script.h"

/* Columns that tell when something happened, not what is so. "table.column",
 * and what stands for it; NULL: nothing. */
static const struct {
    const char *column, *expression;
} special[] = {
    {"source.last_start", NULL},
    {"source.last_success", NULL},
    {"source.base_url", NULL},
    {"container.listed", "listed IS NULL"},
    {"document.looked", NULL},
    {"document.missing", "missing IS NULL"},
    {"document.failed", "failed IS NULL"},
    {"link.target", "(SELECT vendor_id FROM document WHERE id = target)"},
    {"state.value", "iif(name = 'generation', NULL, value)"},
};

/* Tables of runs; vectors are shown one by one. */
static const char *const left_out[] = {
    "run", "event", "vector", "vector_facts", "lexicon", "lexicon_delta"};

static enum cs_status each(sqlite3 *db, const char *sql,
                           enum cs_status (*visit)(sqlite3 *db,
                                                   sqlite3_stmt *row,
                                                   struct cs_strbuf *out,
                                                   struct cs_error *err),
                           struct cs_strbuf *out, struct cs_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum cs_status status = CS_OK;
    int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    while (!code && !status && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        code = SQLITE_OK;
        status = visit(db, stmt, out, err);
    }
    sqlite3_finalize(stmt);
    if (!status && code != SQLITE_DONE)
        status = cs_error_set(err, CS_ERR_CORRUPT, "%s: %s", sql,
                              sqlite3_errmsg(db));
    return status;
}

static const char *text(sqlite3_stmt *row, int column)
{
    const unsigned char *value = sqlite3_column_text(row, column);
    return value ? (const char *)value : "";
}

static enum cs_status put_row(sqlite3 *db, sqlite3_stmt *row,
                              struct cs_strbuf *out, struct cs_error *err)
{
    (void)db, (void)err;
    for (int i = 0; i < sqlite3_column_count(row); i++)
        cs_strbuf_printf(out, "%s%s", i ? "|" : "", text(row, i));
    cs_strbuf_putc(out, '\n');
    return CS_OK;
}

/* How a column is shown; false to leave it out. */
static bool show(const char *table, const char *column, const char *refers_to,
                 bool is_key, struct cs_strbuf *out)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    cs_strbuf_printf(&name, "%s.%s", table, column);
    for (size_t i = 0; i < CS_ARRAY_LEN(special); i++) {
        if (strcmp(special[i].column, name.data) != 0)
            continue;
        if (special[i].expression)
            cs_strbuf_puts(out, special[i].expression);
        return special[i].expression != NULL;
    }
    if (*refers_to && strcmp(refers_to, "source") != 0)
        cs_strbuf_printf(out, "(SELECT vendor_id FROM %s x WHERE x.id = t.%s)",
                         refers_to, column);
    else if (*refers_to)
        cs_strbuf_printf(out, "(SELECT name FROM source x WHERE x.id = t.%s)",
                         column);
    else if (is_key)
        return false;
    else
        cs_strbuf_printf(out, "t.%s", column);
    return true;
}

static enum cs_status add_column(sqlite3 *db, sqlite3_stmt *row,
                                 struct cs_strbuf *out, struct cs_error *err)
{
    (void)db, (void)err;
    struct cs_strbuf shown CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1024);
    if (show(text(row, 0), text(row, 1), text(row, 2),
             sqlite3_column_int(row, 3) != 0, &shown))
        cs_strbuf_printf(out, "||'|'||quote(%s)", shown.data);
    return CS_OK;
}

static enum cs_status put_table(sqlite3 *db, sqlite3_stmt *row,
                                struct cs_strbuf *out, struct cs_error *err)
{
    const char *table = text(row, 0);
    for (size_t i = 0; i < CS_ARRAY_LEN(left_out); i++)
        if (strcmp(left_out[i], table) == 0)
            return CS_OK;
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf ask CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    cs_strbuf_printf(
        &ask,
        "SELECT '%s', c.name, coalesce(f.\"table\", ''),"
        " c.pk = 1 AND c.name = 'id' FROM pragma_table_info('%s') c"
        " LEFT JOIN pragma_foreign_key_list('%s') f ON f.\"from\" = c.name"
        " ORDER BY c.name",
        table, table, table);
    cs_strbuf_printf(&sql, "SELECT '%s'", table);
    enum cs_status status = each(db, ask.data, add_column, &sql, err);
    cs_strbuf_printf(&sql, " AS line FROM %s t ORDER BY line", table);
    if (!status)
        status = cs_strbuf_status(&sql, err);
    return status ? status : each(db, sql.data, put_row, out, err);
}

static enum cs_status dump_rows(sqlite3 *db, struct cs_strbuf *out,
                                struct cs_error *err)
{
    static const char *const after[] = {
        "PRAGMA integrity_check",
        "PRAGMA foreign_key_check",
        "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)",
        "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, fts, instance)",
        ("SELECT 'word', term, (SELECT vendor_id FROM document WHERE id = doc),"
         " col, offset FROM temp.words ORDER BY 1, 2, 3, 4, 5"),
    };
    enum cs_status status =
        each(db,
             "SELECT name FROM pragma_table_list WHERE schema = 'main'"
             " AND type = 'table' AND name NOT LIKE 'sqlite_%'"
             " ORDER BY name",
             put_table, out, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(after) && !status; i++)
        status = each(db, after[i], put_row, out, err);
    return status;
}

struct vectors {
    struct cs_vectors *reader;
    struct cs_strbuf *out;
};

/* Numbers of rows are others in another run, and so are generations. */
static enum cs_status put_vector(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    const struct vectors *vectors = payload;
    int64_t document = cs_query_int(row, 0);
    const struct cs_vector *vector = cs_vectors_get(vectors->reader, document);
    const struct cs_vector_facts *facts =
        cs_vectors_facts(vectors->reader, document);
    if (!vector)
        return cs_vectors_status(vectors->reader, err);
    cs_strbuf_printf(
        vectors->out, "vector|%s|%d|%d|%x|%u|%u", cs_query_text(row, 1),
        facts->container == cs_query_int(row, 2),
        facts->author == cs_query_int(row, 3), vector->flags, vector->links,
        cs_vectors_updated(vectors->reader, document, vector));
    for (size_t i = 0; i < CS_FIELDS; i++)
        cs_strbuf_printf(vectors->out, "|%u", vector->len[i]);
    cs_strbuf_putc(vectors->out, '\n');
    return CS_OK;
}

static enum cs_status on_misfit(void *payload, int64_t document,
                                const char *what, struct cs_error *err)
{
    struct cs_strbuf *out = payload;
    (void)document, (void)err;
    cs_strbuf_printf(out, "vectors do not fit: %s\n", what);
    return CS_OK;
}

static enum cs_status dump_vectors(struct cs_db *db, struct cs_strbuf *out,
                                   struct cs_error *err)
{
    struct vectors vectors = {NULL, out};
    enum cs_status status = cs_vectors_open(db, &vectors.reader, err);
    if (!status)
        status = cs_db_each(
            db, put_vector, &vectors, err,
            "SELECT d.id, d.vendor_id, d.container, coalesce(a.id, 0)"
            " FROM document d LEFT JOIN author a ON a.source = d.source"
            "  AND a.vendor_id = d.author ORDER BY d.source, d.vendor_id",
            "");
    cs_vectors_close(vectors.reader);
    return status ? status : cs_vectors_compare(db, on_misfit, out, err);
}

/* Rows and runs are cut as commits came; what counts is each term's df. */
static bool put_term(void *payload, const char *term, size_t len, int64_t df)
{
    struct cs_strbuf *out = payload;
    cs_strbuf_printf(out, "lexicon|%.*s|%lld\n", (int)len, term, (long long)df);
    return true;
}

static bool on_other_df(void *payload, const char *term, size_t len, int64_t df,
                        int64_t fts_df)
{
    struct cs_strbuf *out = payload;
    cs_strbuf_printf(out, "lexicon does not fit: %.*s %lld %lld\n", (int)len,
                     term, (long long)df, (long long)fts_df);
    return true;
}

static enum cs_status dump_lexicon(struct cs_db *db, struct cs_strbuf *out,
                                   struct cs_error *err)
{
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    enum cs_status status = cs_lexicon_open(db, &lexicon, err);
    if (!status)
        status = cs_lexicon_walk(lexicon, "", 0, put_term, out, err);
    return status ? status
                  : cs_lexicon_compare(db, "fts", on_other_df, out, err);
}

/* Files that tell of runs, or are dumped as rows. */
static const char *const unlisted[] = {"/.sync_state ", ".cs/index.db",
                                       ".cs/copy.db ", ".cs/lock "};

static void put_file(const char *line, size_t len, struct cs_strbuf *out)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(unlisted); i++)
        if (memmem(line, len, unlisted[i], strlen(unlisted[i])))
            return;
    cs_strbuf_put(out, line, len);
}

static void dump_files(struct sandbox *box, struct cs_strbuf *out)
{
    static const char *const folders[] = {"wiki", "confluence", ".cs"};
    for (size_t i = 0; i < CS_ARRAY_LEN(folders); i++) {
        struct cs_strbuf tree CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        if (!sandbox_exists(box, folders[i]))
            continue;
        sandbox_tree(box, folders[i], &tree);
        for (const char *line = tree.data; *line;) {
            size_t len = strcspn(line, "\n") + 1;
            put_file(line, len, out);
            line += len;
        }
    }
}

enum cs_status fault_dump(struct sandbox *box, struct cs_strbuf *out,
                          struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    dump_files(box, out);
    /* Intents that were carried out go with the next commit, or here. */
    enum cs_status status = script_open(box, &index, &store, err);
    if (!status)
        status = dump_rows(cs_db_handle(cs_index_db(index)), out, err);
    if (!status)
        status = dump_vectors(cs_index_db(index), out, err);
    if (!status)
        status = dump_lexicon(cs_index_db(index), out, err);
    return status ? status : cs_strbuf_status(out, err);
}
