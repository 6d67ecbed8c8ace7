/*
 * token.c - the way to FTS5's tokenizer: its API is handed out by the SQL
 * function fts5() (SQLite manual, "Extending FTS5").
 */
#include "index/search/token.h"

#include <stdlib.h>

enum { TOKENIZED_MAX = 1 << 30 };

struct cs_tokenizer {
    fts5_tokenizer methods;
    Fts5Tokenizer *instance;
};

static enum cs_status find_api(struct cs_db *db, fts5_api **ret,
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

enum cs_status cs_tokenizer_open(struct cs_db *db, struct cs_tokenizer **ret,
                                 struct cs_error *err)
{
    static const char *arguments[] = {"remove_diacritics", "2"};
    fts5_api *api = NULL;
    enum cs_status status = find_api(db, &api, err);
    if (status)
        return status;
    struct cs_tokenizer *made = calloc(1, sizeof(*made));
    if (!made)
        return cs_error_no_memory(err);
    void *context = NULL;
    int code = api->xFindTokenizer(api, "unicode61", &context, &made->methods);
    if (code == SQLITE_OK)
        code = made->methods.xCreate(
            context, arguments, (int)CS_ARRAY_LEN(arguments), &made->instance);
    if (code != SQLITE_OK) {
        free(made);
        return code == SQLITE_NOMEM
                   ? cs_error_no_memory(err)
                   : cs_error_set(err, CS_ERR_INTERNAL, "no tokenizer: %s",
                                  sqlite3_errstr(code));
    }
    *ret = made;
    return CS_OK;
}

void cs_tokenizer_free(struct cs_tokenizer *tokenizer)
{
    if (!tokenizer)
        return;
    tokenizer->methods.xDelete(tokenizer->instance);
    free(tokenizer);
}

struct walk {
    cs_token_fn *visit;
    void *payload;
};

/* SQLITE_DONE is how a callback ends the walk without a failure. */
static int pass_on(void *context, int flags, const char *text, int len, int at,
                   int end)
{
    struct walk *walk = context;
    struct cs_token token = {text, (size_t)len, (size_t)at, (size_t)end};
    (void)flags;
    return walk->visit(walk->payload, &token) ? SQLITE_OK : SQLITE_DONE;
}

enum cs_status cs_tokenizer_run(struct cs_tokenizer *tokenizer,
                                const char *text, size_t len,
                                cs_token_fn *visit, void *payload,
                                struct cs_error *err)
{
    if (len > TOKENIZED_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "a text of %zu bytes", len);
    struct walk walk = {visit, payload};
    int code = tokenizer->methods.xTokenize(tokenizer->instance, &walk,
                                            FTS5_TOKENIZE_DOCUMENT, text,
                                            (int)len, pass_on);
    if (code == SQLITE_NOMEM)
        return cs_error_no_memory(err);
    if (code != SQLITE_OK && code != SQLITE_DONE)
        return cs_error_set(err, CS_ERR_INTERNAL, "tokenizer: %s",
                            sqlite3_errstr(code));
    return CS_OK;
}

static bool stop_at_first(void *payload, const struct cs_token *token)
{
    bool *found = payload;
    (void)token;
    *found = true;
    return false;
}

enum cs_status cs_tokenizer_finds_any(struct cs_tokenizer *tokenizer,
                                      const char *text, size_t len, bool *ret,
                                      struct cs_error *err)
{
    bool found = false;
    enum cs_status status =
        cs_tokenizer_run(tokenizer, text, len, stop_at_first, &found, err);
    if (!status)
        *ret = found;
    return status;
}
