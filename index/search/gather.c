/*
 * gather.c - the auxiliary function cs_gather(fts, ?) and what it reads.
 *
 * It is called for the first document of the expression and then walks all
 * phrases itself (xQueryPhrase), or once for each document of the tree.
 */
#include "index/search/gather.h"

#include "index/words/fts.h"

#include <math.h>

#define POINTER_TYPE "cs_gather"

static const char sql_gather[] =
    "SELECT 1 FROM fts WHERE fts MATCH ?1 AND cs_gather(fts, ?2)";

enum {
    MATCH_MAX = 4 << 20,
    /* Of one phrase in one field: beyond, the score hardly changes. */
    PLACES_MAX = 64,
};

struct reading {
    struct cs_gather *gather;
    size_t group, phrase;
    bool keep;  /* positions */
    bool brief; /* the first one will do */
    bool whole; /* all are needed */
    bool by_tree;
    struct cs_match_place *order;
    size_t n_order;
    int code; /* of SQLite */
};

/* b of BM25 and weight by field; lengths below `floor` count as that, for
 * averages of fields that few documents have mean little. */
static const struct {
    double weight, b, floor;
} fields[CS_FIELDS] = {
    [CS_FIELD_TITLE] = {3.5, 0.75, 4}, [CS_FIELD_HEADINGS] = {2.0, 0.5, 8},
    [CS_FIELD_BODY] = {1.0, 0.75, 40}, [CS_FIELD_CODE] = {0.8, 0.75, 40},
    [CS_FIELD_LABELS] = {2.0, 0.5, 3}, [CS_FIELD_COMMENTS] = {0.4, 0.75, 40},
};

void cs_weights_make(struct cs_weights *ret,
                     const struct cs_vector_totals *totals)
{
    double n = totals->documents > 0 ? (double)totals->documents : 1;
    for (size_t f = 0; f < CS_FIELDS; f++) {
        double average = (double)totals->tokens[f] / n;
        if (average < fields[f].floor)
            average = fields[f].floor;
        for (size_t code = 0; code < 256; code++) {
            double len = cs_vector_length((uint8_t)code);
            double norm = 1 - fields[f].b + fields[f].b * len / average;
            ret->of[f][code] = (float)(fields[f].weight / norm);
        }
    }
}

static float idf_of(const struct cs_gather *gather, int64_t df)
{
    double n = (double)gather->plan->documents;
    double d = (double)df < n ? (double)df : n;
    return (float)log(1 + (n - d + 0.5) / (d + 0.5));
}

static void fold(const struct cs_gather *gather, struct cs_board_entry *entry)
{
    const float k1 = 1.8F;
    if (entry->group && entry->tf > 0) {
        size_t group = entry->group - 1u;
        if (!(gather->plan->unscored >> group & 1))
            entry->text +=
                gather->idf[group] * entry->tf * (k1 + 1) / (entry->tf + k1);
    }
    entry->tf = 0;
}

void cs_gather_fold(const struct cs_gather *gather,
                    struct cs_board_entry *entry)
{
    fold(gather, entry);
    entry->group = 0;
}

/* The position of a phrase in a document; `field` < 0: behind the last. */
struct place {
    Fts5PhraseIter iter;
    int field, token;
};

static void next_field(const Fts5ExtensionApi *api, Fts5Context *fts,
                       struct place *at)
{
    api->xPhraseNextColumn(fts, &at->iter, &at->field);
    at->token = 0; /* of which FTS5 counts on */
    if (at->field >= 0)
        api->xPhraseNext(fts, &at->iter, &at->field, &at->token);
}

/* Of a word that is nearly everywhere the best field will do. That of most
 * words comes first; those that weigh more are next to it. */
static void read_best(const Fts5ExtensionApi *api, Fts5Context *fts,
                      struct place *at)
{
    if (at->field != CS_FIELD_BODY)
        return;
    next_field(api, fts, at);
    if (at->field != CS_FIELD_TITLE && at->field != CS_FIELD_HEADINGS)
        at->field = CS_FIELD_BODY;
}

/* Positions of one phrase in one document. */
static void read_places(struct reading *r, const Fts5ExtensionApi *api,
                        Fts5Context *fts, int number,
                        struct cs_board_entry *entry)
{
    struct cs_gather *gather = r->gather;
    const struct cs_term_group *group = &gather->plan->groups[r->group];
    const uint64_t bit = (uint64_t)1 << r->group;
    struct place at;
    float sum = 0, each = 0;
    int last = -1, n = 0;
    if (r->keep)
        cs_board_begin(gather->board, r->group, r->phrase);
    api->xPhraseFirst(fts, number, &at.iter, &at.field, &at.token);
    if (r->brief)
        read_best(api, fts, &at);
    while (at.field >= 0) {
        if (at.field != last) {
            last = at.field;
            bool counts = last < CS_FIELDS && (group->fields >> last & 1);
            each = counts ? gather->weights->of[last][entry->vector->len[last]]
                          : 0;
            n = 0;
            if (counts && last == CS_FIELD_TITLE)
                entry->titles |= bit;
        }
        sum += each;
        if (r->keep && each > 0)
            cs_board_add(gather->board, CS_PLACE(last, at.token));
        if (r->brief && each > 0)
            break;
        if (each <= 0 || (++n == PLACES_MAX && !r->whole))
            next_field(api, fts, &at);
        else
            api->xPhraseNext(fts, &at.iter, &at.field, &at.token);
    }
    if (r->keep && !cs_board_end(gather->board, entry))
        r->code = SQLITE_NOMEM;
    if (sum > 0)
        entry->mask |= bit;
    entry->tf += sum * (float)group->phrases[r->phrase].weight;
}

void cs_gather_admit(struct cs_gather *gather, int64_t document,
                     const struct cs_vector *vector,
                     struct cs_board_entry *entry)
{
    if (entry->state != CS_BOARD_NEW)
        return;
    bool in = vector && cs_predicate_holds(gather->predicate, document, vector);
    entry->vector = vector;
    entry->state = in ? CS_BOARD_IN : CS_BOARD_OUT;
}

/* The entry of the current document; NULL when it is out, or on failure. */
static struct cs_board_entry *enter(struct reading *r, int64_t document)
{
    struct cs_gather *gather = r->gather;
    struct cs_board_entry *entry = cs_board_at(gather->board, document);
    if (!entry) {
        r->code = SQLITE_NOMEM;
        return NULL;
    }
    if (entry->group != r->group + 1) {
        fold(gather, entry);
        entry->group = (uint8_t)(r->group + 1);
        gather->df[r->group]++;
    }
    if (entry->state == CS_BOARD_NEW)
        cs_gather_admit(gather, document,
                        cs_vectors_get(gather->vectors, document), entry);
    return entry->state == CS_BOARD_IN ? entry : NULL;
}

static int see_row(const Fts5ExtensionApi *api, Fts5Context *fts, void *payload)
{
    struct reading *r = payload;
    struct cs_board_entry *entry = enter(r, api->xRowid(fts));
    if (entry)
        read_places(r, api, fts, 0, entry);
    return r->code;
}

static void set_up(struct reading *r, size_t group, size_t phrase)
{
    const struct cs_plan *plan = r->gather->plan;
    uint64_t bit = (uint64_t)1 << group;
    bool scored = !(plan->unscored & bit);
    uint64_t others = ~(plan->unscored | bit);
    if (plan->n_groups < 64)
        others &= ((uint64_t)1 << plan->n_groups) - 1;
    bool common = plan->groups[group].df > plan->documents / 2;
    r->group = group;
    r->phrase = phrase;
    r->whole = (plan->near & bit) != 0;
    r->brief = !r->whole && (common || !scored) &&
               plan->groups[group].fields == CS_TERMS_FIELDS_ALL;
    r->keep = r->whole || (scored && others && !r->brief);
}

static int walk_all(struct reading *r, const Fts5ExtensionApi *api,
                    Fts5Context *fts)
{
    struct cs_gather *gather = r->gather;
    const struct cs_plan *plan = gather->plan;
    int number = 0;
    for (size_t g = 0; g < plan->n_groups && !r->code; g++) {
        for (size_t p = 0; p < plan->groups[g].n_phrases && !r->code; p++) {
            set_up(r, g, p);
            int code = api->xQueryPhrase(fts, number++, r, see_row);
            r->code = r->code ? r->code : code;
        }
        gather->idf[g] = idf_of(gather, gather->df[g]);
    }
    return r->code;
}

static void see_document(struct reading *r, const Fts5ExtensionApi *api,
                         Fts5Context *fts)
{
    int64_t document = api->xRowid(fts);
    for (size_t i = 0; i < r->n_order && !r->code; i++) {
        Fts5PhraseIter iter;
        int field, token;
        api->xPhraseFirst(fts, (int)i, &iter, &field, &token);
        if (field < 0)
            continue;
        set_up(r, r->order[i].group, r->order[i].phrase);
        struct cs_board_entry *entry = enter(r, document);
        if (!entry)
            return;
        read_places(r, api, fts, (int)i, entry);
    }
}

/* True ends the statement: all is done. */
static void call(const Fts5ExtensionApi *api, Fts5Context *fts,
                 sqlite3_context *context, int n, sqlite3_value **values)
{
    struct reading *r =
        n == 1 ? sqlite3_value_pointer(values[0], POINTER_TYPE) : NULL;
    if (!r)
        return;
    if (r->by_tree)
        see_document(r, api, fts);
    else
        walk_all(r, api, fts);
    if (r->code)
        sqlite3_result_error_code(context, r->code);
    else
        sqlite3_result_int(context, !r->by_tree);
}

static enum cs_status add_function(struct cs_db *db, struct cs_error *err)
{
    fts5_api *api;
    enum cs_status status = cs_fts_api(db, &api, err);
    if (!status && api->xCreateFunction(api, "cs_gather", NULL, call, NULL))
        status = cs_error_no_memory(err);
    return status;
}

/* The first search on a connection finds that it lacks the function. Any other
 * failure is one: without memory SQLite may have ended the transaction. */
static enum cs_status prepare(struct cs_db *db, sqlite3_stmt **ret,
                              struct cs_error *err)
{
    sqlite3 *handle = cs_db_handle(db);
    int code = sqlite3_prepare_v2(handle, sql_gather, -1, ret, NULL);
    if (code == SQLITE_ERROR) {
        enum cs_status status = add_function(db, err);
        if (status)
            return status;
        code = sqlite3_prepare_v2(handle, sql_gather, -1, ret, NULL);
    }
    return code == SQLITE_OK ? CS_OK : cs_db_error(db, "search", err);
}

static enum cs_status run(struct reading *r, const struct cs_strbuf *match,
                          struct cs_error *err)
{
    struct cs_db *db = r->gather->db;
    sqlite3_stmt *stmt = NULL;
    enum cs_status status = cs_strbuf_status(match, err);
    if (!status && match->len)
        status = prepare(db, &stmt, err);
    if (status || !match->len)
        return status;
    int code =
        sqlite3_bind_text(stmt, 1, match->data, (int)match->len, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(stmt, 2, r, POINTER_TYPE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = cs_db_error(db, "search", err);
    sqlite3_finalize(stmt);
    if (!status)
        status = cs_vectors_status(r->gather->vectors, err);
    return status ? status : cs_predicate_status(r->gather->predicate, err);
}

enum cs_status cs_gather_any(struct cs_gather *gather, struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(MATCH_MAX);
    struct reading reading = {.gather = gather};
    cs_match_put_any(gather->plan, &match);
    return run(&reading, &match, err);
}

enum cs_status cs_gather_tree(struct cs_gather *gather, bool *ret_done,
                              struct cs_error *err)
{
    struct cs_strbuf match CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(MATCH_MAX);
    struct cs_match_place order[CS_MATCH_PHRASES_MAX];
    struct reading reading = {
        .gather = gather, .by_tree = true, .order = order};
    *ret_done =
        cs_match_put_tree(gather->plan, &match, order, &reading.n_order);
    if (!*ret_done)
        return CS_OK;
    for (size_t g = 0; g < gather->plan->n_groups; g++)
        gather->idf[g] = idf_of(gather, gather->plan->groups[g].df);
    return run(&reading, &match, err);
}

enum cs_status cs_gather_rows(struct cs_db *db, const char *match,
                              cs_gather_row_fn *visit, void *payload,
                              struct cs_error *err)
{
    struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status = cs_db_query(
        db, &rows, err, "SELECT rowid FROM fts WHERE fts MATCH ?1", "s", match);
    while (!status && row) {
        status = cs_query_next(&rows, &row, err);
        if (!status && row && !visit(payload, cs_query_int(&rows, 0)))
            break;
    }
    return status;
}
