/*
 * fts.c - what FTS5 and SQL call: the API is handed out by the SQL function
 * fts5() (SQLite manual, "Extending FTS5").
 *
 * All that a connection has is one struct, which belongs to the tokenizer's
 * registration and goes with it.
 */
#include "index/words/fts.h"

#include "index/words/split.h"
#include "index/words/tally.h"
#include "src/strbuf.h"

#include <stdlib.h>

/* The bytes of a document's text have a limit of their own. */
enum { TEXT_MAX = 1 << 30 };

struct tokenizer {
    struct cs_fts_watch *watch; /* NULL: nobody looks */
};

/* ---- tokens ---- */

typedef int token_fn(void *context, int flags, const char *text, int len,
                     int at, int end);

struct walk {
    struct cs_fts_watch *watch;
    uint32_t tokens;
    token_fn *put;
    void *context;
    int code; /* of SQLite */
};

static bool put_word(void *payload, const struct cs_word *word)
{
    struct walk *walk = payload;
    if (walk->watch && walk->watch->tally)
        cs_tally_add(walk->watch->tally, word->text, word->len);
    walk->tokens += !word->whole;
    walk->code =
        walk->put(walk->context, word->whole ? FTS5_TOKEN_COLOCATED : 0,
                  word->text, (int)word->len, (int)word->at, (int)word->end);
    return walk->code == SQLITE_OK;
}

/* A query: tokens as they are, with blanks and CS_FTS_OR in between. */
static int put_tokens(struct walk *walk, const char *text, size_t len)
{
    int flags = 0;
    for (size_t at = 0; at < len && walk->code == SQLITE_OK;) {
        size_t end = at;
        while (end < len && text[end] != ' ' && text[end] != CS_FTS_OR)
            end++;
        if (end > at)
            walk->code = walk->put(walk->context, flags, text + at,
                                   (int)(end - at), (int)at, (int)end);
        flags = end < len && text[end] == CS_FTS_OR ? FTS5_TOKEN_COLOCATED : 0;
        at = end + 1;
    }
    return walk->code;
}

static int tokenize(Fts5Tokenizer *instance, void *context, int flags,
                    const char *text, int len, token_fn *put)
{
    const struct tokenizer *tokenizer = (struct tokenizer *)instance;
    struct walk walk = {.put = put, .context = context};
    if (len <= 0 && !(flags & FTS5_TOKENIZE_DOCUMENT))
        return SQLITE_OK;
    if (flags & FTS5_TOKENIZE_QUERY)
        return put_tokens(&walk, text, (size_t)len);
    if (flags & FTS5_TOKENIZE_DOCUMENT)
        walk.watch = tokenizer->watch;
    (void)cs_words_split(text, len > 0 ? (size_t)len : 0, put_word, &walk);
    struct cs_fts_watch *watch = walk.watch;
    if (watch && watch->fields < CS_FIELDS)
        watch->tokens[watch->fields++] = walk.tokens;
    return walk.code;
}

static int create(void *context, const char **arguments, int n,
                  Fts5Tokenizer **ret)
{
    (void)arguments;
    if (n > 0)
        return SQLITE_ERROR; /* there is nothing to be chosen */
    *ret = context;
    return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *instance)
{
    (void)instance; /* belongs to the registration */
}

/* ---- columns ---- */

struct column {
    const char *markdown;
    enum cs_field field;
    struct cs_strbuf text;
};

static bool add_range(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct column *column = payload;
    if (field != column->field)
        return true;
    cs_strbuf_put(&column->text, column->markdown + at, end - at);
    if (field == CS_FIELD_HEADINGS)
        cs_strbuf_putc(&column->text, '\n');
    return column->text.status == CS_OK;
}

static void put_column(sqlite3_context *context, sqlite3_value **argv,
                       enum cs_field field)
{
    struct column column = {
        .markdown = (const char *)sqlite3_value_text(argv[0]),
        .field = field,
        .text = CS_STRBUF_INIT(2 * (size_t)TEXT_MAX),
    };
    if (column.markdown)
        cs_fields_walk(column.markdown, (size_t)sqlite3_value_bytes(argv[0]),
                       add_range, &column);
    if (column.text.status)
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_text64(context, column.text.data ? column.text.data : "",
                              column.text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    cs_strbuf_clear(&column.text);
}

static void sql_headings(sqlite3_context *context, int n, sqlite3_value **argv)
{
    (void)n;
    put_column(context, argv, CS_FIELD_HEADINGS);
}

static void sql_body(sqlite3_context *context, int n, sqlite3_value **argv)
{
    (void)n;
    put_column(context, argv, CS_FIELD_BODY);
}

static void sql_code(sqlite3_context *context, int n, sqlite3_value **argv)
{
    (void)n;
    put_column(context, argv, CS_FIELD_CODE);
}

static enum cs_status add_functions(struct cs_db *db, struct cs_error *err)
{
    static const struct {
        const char *name;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"cs_headings", sql_headings},
        {"cs_body", sql_body},
        {"cs_code", sql_code},
    };
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < CS_ARRAY_LEN(functions); i++)
        if (sqlite3_create_function_v2(cs_db_handle(db), functions[i].name, 1,
                                       flags, NULL, functions[i].call, NULL,
                                       NULL, NULL) != SQLITE_OK)
            return cs_db_error(db, functions[i].name, err);
    return CS_OK;
}

/* ---- the connection ---- */

enum cs_status cs_fts_api(struct cs_db *db, fts5_api **ret,
                          struct cs_error *err)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *handle = cs_db_handle(db);
    fts5_api *api = NULL;
    int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    enum cs_status status = CS_OK;
    if (code != SQLITE_ROW)
        status = cs_db_error(db, "FTS5", err);
    else if (!api || api->iVersion < 2)
        status = cs_error_set(err, CS_ERR_INTERNAL,
                              "this SQLite has no usable FTS5");
    sqlite3_finalize(stmt);
    if (!status)
        *ret = api;
    return status;
}

static const char name[] = "cs";

/* What the connection has; NULL while it is not registered. */
static struct tokenizer *find_tokenizer(fts5_api *api)
{
    fts5_tokenizer methods;
    void *context = NULL;
    int code = api->xFindTokenizer(api, name, &context, &methods);
    return code == SQLITE_OK && methods.xTokenize == tokenize ? context : NULL;
}

enum cs_status cs_fts_register(struct cs_db *db, struct cs_error *err)
{
    static const fts5_tokenizer given = {create, destroy, tokenize};
    fts5_api *api = NULL;
    enum cs_status status = cs_fts_api(db, &api, err);
    if (!api || find_tokenizer(api))
        return status;
    struct tokenizer *made = calloc(1, sizeof(*made));
    if (!made)
        return cs_error_no_memory(err);
    fts5_tokenizer methods = given;
    int code = api->xCreateTokenizer(api, name, made, &methods, free);
    if (code != SQLITE_OK) {
        free(made);
        return cs_error_no_memory(err);
    }
    return add_functions(db, err);
}

enum cs_status cs_fts_watch(struct cs_db *db, struct cs_fts_watch *watch,
                            struct cs_error *err)
{
    fts5_api *api;
    enum cs_status status = cs_fts_api(db, &api, err);
    if (status)
        return status;
    struct tokenizer *tokenizer = find_tokenizer(api);
    if (!tokenizer)
        return cs_error_set(err, CS_ERR_INTERNAL, "no tokenizer to be watched");
    tokenizer->watch = watch;
    return CS_OK;
}

void cs_fts_watch_entry(struct cs_fts_watch *watch)
{
    memset(watch->tokens, 0, sizeof(watch->tokens));
    watch->fields = 0;
}
