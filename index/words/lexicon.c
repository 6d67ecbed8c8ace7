/*
 * lexicon.c - reading: one row of the base for a term, and the runs, which are
 * small and are read as a whole the first time that they matter.
 */
#include "index/words/lexicon.h"

#include "index/words/runs.h"
#include "src/arena.h"

#include <stdlib.h>

/* A row of the base. */
struct place {
    int64_t id;
    const char *first;
    size_t len;
};

struct cs_lexicon {
    struct cs_db *db;
    struct cs_runs runs;
    bool has_runs; /* read */
    struct cs_arena *arena;
    struct place *places; /* of all rows in order, once they are read */
    size_t n_places, max_places;
    bool has_places;
};

enum { TERMS_A_CHUNK = 350, PLACES_MIN = 64 };

enum cs_status cs_lexicon_open(struct cs_db *db, struct cs_lexicon **ret,
                               struct cs_error *err)
{
    struct cs_lexicon *lexicon = calloc(1, sizeof(*lexicon));
    if (!lexicon)
        return cs_error_no_memory(err);
    lexicon->db = db;
    lexicon->arena = cs_arena_new(0);
    if (!lexicon->arena) {
        cs_lexicon_close(lexicon);
        return cs_error_no_memory(err);
    }
    *ret = lexicon;
    return CS_OK;
}

void cs_lexicon_close(struct cs_lexicon *lexicon)
{
    if (!lexicon)
        return;
    cs_runs_clear(&lexicon->runs);
    cs_arena_free(lexicon->arena);
    free(lexicon->places);
    free(lexicon);
}

static enum cs_status load_runs(struct cs_lexicon *lexicon,
                                struct cs_error *err)
{
    if (lexicon->has_runs)
        return CS_OK;
    enum cs_status status =
        cs_runs_load(lexicon->db, INT64_MIN, INT64_MAX, &lexicon->runs, err);
    if (status)
        cs_runs_clear(&lexicon->runs);
    lexicon->has_runs = status == CS_OK;
    return status;
}

static enum cs_status add_from(const struct cs_chunk *chunk, const char *term,
                               size_t len, int64_t *sum, struct cs_error *err)
{
    int64_t df;
    bool found;
    if (!cs_chunk_find(chunk, term, len, &df, &found) ||
        (found && __builtin_add_overflow(*sum, df, sum)))
        return cs_lexicon_damaged(err);
    return CS_OK;
}

static enum cs_status add_base(struct cs_lexicon *lexicon, const char *term,
                               size_t len, int64_t *sum, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    char text[CS_TERM_MAX + 1];
    bool row = false;
    memcpy(text, term, len);
    text[len] = '\0';
    enum cs_status status = cs_db_query(lexicon->db, &query, err,
                                        "SELECT terms FROM lexicon"
                                        " WHERE first <= ?"
                                        " ORDER BY first DESC LIMIT 1",
                                        "s", text);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    struct cs_chunk chunk;
    size_t size;
    const void *data = cs_query_blob(&query, 0, &size);
    return cs_chunk_open(data, size, &chunk)
               ? add_from(&chunk, term, len, sum, err)
               : cs_lexicon_damaged(err);
}

enum cs_status cs_lexicon_df(struct cs_lexicon *lexicon, const char *term,
                             size_t len, int64_t *ret_df, struct cs_error *err)
{
    int64_t sum = 0;
    if (len == 0 || len > CS_TERM_MAX) {
        *ret_df = 0;
        return CS_OK;
    }
    enum cs_status status = load_runs(lexicon, err);
    if (!status)
        status = add_base(lexicon, term, len, &sum, err);
    for (size_t i = 0; i < lexicon->runs.n && !status; i++) {
        const struct cs_chunk *chunk =
            cs_delta_chunk(&lexicon->runs.runs[i], term, len);
        if (chunk)
            status = add_from(chunk, term, len, &sum, err);
    }
    if (!status)
        *ret_df = sum > 0 ? sum : 0;
    return status;
}

enum cs_status cs_lexicon_walk(struct cs_lexicon *lexicon, const char *prefix,
                               size_t len, cs_lexicon_fn *visit, void *payload,
                               struct cs_error *err)
{
    struct cs_merge *merge CS_CLEANUP(cs_merge_cleanup) = NULL;
    if (len > CS_TERM_MAX)
        return CS_OK;
    enum cs_status status = load_runs(lexicon, err);
    if (status)
        return status;
    struct cs_merge_options options = {.db = lexicon->db,
                                       .runs = &lexicon->runs,
                                       .from = prefix,
                                       .from_len = len};
    status = cs_merge_open(&options, &merge, err);
    while (!status) {
        struct cs_merged at;
        bool more;
        status = cs_merge_next(merge, &at, &more, err);
        if (status || !more || at.len < len ||
            memcmp(at.term, prefix, len) != 0)
            break;
        if (at.df > 0 && !visit(payload, at.term, at.len, at.df))
            break;
    }
    return status;
}

static bool visit_runs(struct cs_lexicon *lexicon, cs_lexicon_chunk_fn *visit,
                       void *payload)
{
    for (size_t i = 0; i < lexicon->runs.n; i++) {
        const struct cs_run *run = &lexicon->runs.runs[i];
        for (size_t k = 0; k < run->n; k++)
            if (!visit(payload, run->chunks[k].terms, run->chunks[k].len))
                return false;
    }
    return true;
}

static enum cs_status visit_row(struct cs_query *row,
                                cs_lexicon_chunk_fn *visit, void *payload,
                                bool *ret_more, struct cs_error *err)
{
    struct cs_chunk chunk;
    size_t size;
    const void *data = cs_query_blob(row, 0, &size);
    if (!cs_chunk_open_terms(data, size, &chunk))
        return cs_lexicon_damaged(err);
    *ret_more = visit(payload, chunk.terms, chunk.len);
    return CS_OK;
}

enum cs_status cs_lexicon_chunks(struct cs_lexicon *lexicon,
                                 cs_lexicon_chunk_fn *visit, void *payload,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true, more = true;
    enum cs_status status = load_runs(lexicon, err);
    if (!status)
        status = cs_db_query(lexicon->db, &query, err,
                             "SELECT terms FROM lexicon ORDER BY id", "");
    while (!status && more) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = visit_row(&query, visit, payload, &more, err);
    }
    if (!status && more)
        (void)visit_runs(lexicon, visit, payload);
    return status;
}

static enum cs_status add_place(void *payload, struct cs_query *row,
                                struct cs_error *err)
{
    struct cs_lexicon *lexicon = payload;
    if (lexicon->n_places == lexicon->max_places) {
        size_t max = lexicon->max_places ? 2 * lexicon->max_places : PLACES_MIN;
        void *more = realloc(lexicon->places, max * sizeof(struct place));
        if (!more)
            return cs_error_no_memory(err);
        lexicon->places = more;
        lexicon->max_places = max;
    }
    const char *first = cs_query_text(row, 1);
    struct place *place = &lexicon->places[lexicon->n_places];
    place->id = cs_query_int(row, 0);
    place->first = cs_arena_strdup(lexicon->arena, first ? first : "");
    if (!place->first)
        return cs_arena_status(lexicon->arena, err);
    place->len = strlen(place->first);
    lexicon->n_places++;
    return CS_OK;
}

/* The rows without their terms: an index of SQLite's has it all. */
static enum cs_status load_places(struct cs_lexicon *lexicon,
                                  struct cs_error *err)
{
    if (lexicon->has_places)
        return CS_OK;
    lexicon->n_places = 0;
    enum cs_status status =
        cs_db_each(lexicon->db, add_place, lexicon, err,
                   "SELECT id, first FROM lexicon ORDER BY first", "");
    lexicon->has_places = status == CS_OK;
    return status;
}

static size_t shared_len(const struct place *a, const struct place *b)
{
    size_t n = 0;
    while (n < a->len && n < b->len && a->first[n] == b->first[n])
        n++;
    return n;
}

static enum cs_status visit_place(struct cs_lexicon *lexicon,
                                  const struct place *place,
                                  cs_lexicon_chunk_fn *visit, void *payload,
                                  bool *ret_more, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(lexicon->db, &query, err,
                    "SELECT terms FROM lexicon WHERE id = ?", "i", place->id);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row)
        status = visit_row(&query, visit, payload, ret_more, err);
    return status;
}

enum cs_status cs_lexicon_some(struct cs_lexicon *lexicon,
                               cs_lexicon_want_fn *want,
                               cs_lexicon_chunk_fn *visit, void *payload,
                               struct cs_error *err)
{
    bool more = true;
    enum cs_status status = load_runs(lexicon, err);
    if (!status)
        status = load_places(lexicon, err);
    for (size_t i = 0; i < lexicon->n_places && more && !status; i++) {
        const struct place *place = &lexicon->places[i];
        size_t len =
            i + 1 < lexicon->n_places ? shared_len(place, place + 1) : 0;
        if (want(payload, place->first, len))
            status = visit_place(lexicon, place, visit, payload, &more, err);
    }
    if (!status && more)
        (void)visit_runs(lexicon, visit, payload);
    return status;
}

enum cs_status cs_lexicon_size(struct cs_lexicon *lexicon, int64_t *ret_terms,
                               struct cs_error *err)
{
    int64_t chunks = 0;
    enum cs_status status = load_runs(lexicon, err);
    if (!status)
        status = cs_db_int(lexicon->db, &chunks, err,
                           "SELECT count(*) FROM lexicon", "");
    if (status)
        return status;
    for (size_t i = 0; i < lexicon->runs.n; i++)
        chunks += (int64_t)lexicon->runs.runs[i].n;
    *ret_terms = chunks * TERMS_A_CHUNK;
    return CS_OK;
}
