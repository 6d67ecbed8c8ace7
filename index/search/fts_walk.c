/*
 * fts_walk.c - the auxiliary function cs_visit(fts, ?).
 */
#include "index/search/fts_walk.h"

#include "index/words/fts.h"

#define POINTER_TYPE "cs_fts_walk"

static const char sql_walk[] =
    "SELECT 1 FROM fts WHERE fts MATCH ?1 AND cs_visit(fts, ?2)";

struct walk {
    cs_fts_visit_fn *visit;
    void *payload;
};

/* True ends the statement. */
static void call(const Fts5ExtensionApi *api, Fts5Context *fts,
                 sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct walk *walk =
        n == 1 ? sqlite3_value_pointer(values[0], POINTER_TYPE) : NULL;
    bool done = false;
    int code = walk ? walk->visit(walk->payload, api, fts, &done) : SQLITE_OK;
    if (code)
        sqlite3_result_error_code(context, code);
    else
        sqlite3_result_int(context, done);
}

static enum cs_status add_function(struct cs_db *db, struct cs_error *err)
{
    fts5_api *api;
    enum cs_status status = cs_fts_api(db, &api, err);
    if (!status && api->xCreateFunction(api, "cs_visit", NULL, call, NULL))
        status = cs_error_no_memory(err);
    return status;
}

/* The first search on a connection finds that it lacks the function. Any other
 * failure is one: without memory SQLite may have ended the transaction. */
static enum cs_status prepare(struct cs_db *db, sqlite3_stmt **ret,
                              struct cs_error *err)
{
    sqlite3 *handle = cs_db_handle(db);
    int code = sqlite3_prepare_v2(handle, sql_walk, -1, ret, NULL);
    if (code == SQLITE_ERROR) {
        enum cs_status status = add_function(db, err);
        if (status)
            return status;
        code = sqlite3_prepare_v2(handle, sql_walk, -1, ret, NULL);
    }
    return code == SQLITE_OK ? CS_OK : cs_db_error(db, "search", err);
}

enum cs_status cs_fts_walk(struct cs_db *db, const char *match,
                           cs_fts_visit_fn *visit, void *payload,
                           struct cs_error *err)
{
    struct walk walk = {visit, payload};
    sqlite3_stmt *stmt = NULL;
    enum cs_status status = prepare(db, &stmt, err);
    if (status)
        return status;
    int code = sqlite3_bind_text(stmt, 1, match, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(stmt, 2, &walk, POINTER_TYPE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = cs_db_error(db, "search", err);
    sqlite3_finalize(stmt);
    return status;
}

void cs_fts_place_first(struct cs_fts_place *ret, const Fts5ExtensionApi *api,
                        Fts5Context *fts, int phrase)
{
    *ret = (struct cs_fts_place){.api = api, .fts = fts};
    api->xPhraseFirst(fts, phrase, &ret->iter, &ret->at.field, &ret->at.token);
}

void cs_fts_place_next(struct cs_fts_place *place)
{
    if (place->api)
        place->api->xPhraseNext(place->fts, &place->iter, &place->at.field,
                                &place->at.token);
    else
        cs_place_next(&place->at);
}

void cs_fts_place_next_field(struct cs_fts_place *place)
{
    if (!place->api) {
        cs_place_next_field(&place->at);
        return;
    }
    place->api->xPhraseNextColumn(place->fts, &place->iter, &place->at.field);
    place->at.token = 0; /* of which FTS5 counts on */
    if (place->at.field >= 0)
        cs_fts_place_next(place);
}
