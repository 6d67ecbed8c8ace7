/*
 * search.c - the order of things: parse, plan, count, fetch a page, dress it.
 *
 * All statements of one search run in one read transaction, so that count,
 * hits and snippets speak of the same state while a sync writes.
 */
#include "index/search/search.h"

#include "index/reader.h"
#include "index/search/glance.h"
#include "index/search/plan.h"
#include "src/path.h"

#include <stdlib.h>

static const char *const sort_names[CS_SEARCH_SORTS] = {
    [CS_SEARCH_RELEVANCE] = "relevance",
    [CS_SEARCH_UPDATED] = "updated",
    [CS_SEARCH_TITLE] = "title",
};

struct run {
    struct cs_index *index;
    struct cs_db *db;
    struct cs_tokenizer *tokenizer;
    const struct cs_search_request *request;
    struct cs_search_query *query;
    struct cs_search_plan *plan;
    const struct cs_needles *needles;
    struct cs_arena *arena;   /* of the result */
    struct cs_arena *scratch; /* of one hit */
    struct cs_search_hit *hits;
    size_t n;
};

const char *cs_search_sort_name(enum cs_search_sort sort)
{
    return sort < CS_SEARCH_SORTS ? sort_names[sort] : "";
}

enum cs_search_sort cs_search_sort_from(const char *name)
{
    size_t i = 0;
    while (i < CS_SEARCH_SORTS && strcmp(name, sort_names[i]) != 0)
        i++;
    return (enum cs_search_sort)i;
}

void cs_search_result_free(struct cs_search_result *result)
{
    if (result)
        cs_arena_free(result->arena); /* it is in there itself */
}

/* Row and score of each hit; the rest is looked up for these few only. */
static enum cs_status read_page(struct run *run, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    run->hits =
        cs_arena_array(run->arena, CS_SEARCH_LIMIT_MAX, sizeof(*run->hits));
    if (!run->hits)
        return cs_arena_status(run->arena, err);
    enum cs_status status = cs_search_plan_page(run->plan, &query, err);
    while (!status && run->n < CS_SEARCH_LIMIT_MAX) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        double rank = cs_query_double(&query, 1);
        run->hits[run->n].document = cs_query_int(&query, 0);
        run->hits[run->n++].score = rank < 0 ? -rank : 0;
    }
    return status;
}

static enum cs_status fill_hit(struct run *run, struct cs_search_hit *hit,
                               struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        run->db, &query, err,
        "SELECT s.name, d.vendor_id, d.kind, d.title, d.url, c.key, d.updated,"
        " s.folder, d.file_path FROM document d"
        " JOIN source s ON s.id = d.source"
        " JOIN container c ON c.id = d.container WHERE d.id = ?",
        "i", hit->document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status ? status
                      : cs_error_set(err, CS_ERR_CORRUPT,
                                     "the index lacks row %lld",
                                     (long long)hit->document);
    struct cs_arena *arena = run->arena;
    hit->id = cs_arena_printf(arena, "%s:%s", cs_query_text(&query, 0),
                              cs_query_text(&query, 1));
    hit->kind = cs_arena_strdup(arena, cs_query_text(&query, 2));
    hit->title = cs_arena_strdup(arena, cs_query_text(&query, 3));
    hit->url = cs_arena_strdup(arena, cs_query_text(&query, 4));
    hit->space = cs_arena_strdup(arena, cs_query_text(&query, 5));
    hit->updated = cs_query_int(&query, 6);
    if (!cs_query_is_null(&query, 8)) {
        struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(2 * CS_PATH_MAX);
        cs_path_join(&path, cs_query_text(&query, 7), cs_query_text(&query, 8));
        hit->path = cs_arena_strdup(arena, path.data);
        status = cs_strbuf_status(&path, err);
    }
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status make_snippet(struct run *run, struct cs_search_hit *hit,
                                   struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_snippet made = {.text = "", .line = 1};
    bool row = false;
    cs_arena_clear(run->scratch);
    enum cs_status status = cs_db_query(
        run->db, &query, err, "SELECT markdown FROM body WHERE document = ?",
        "i", hit->document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row) {
        size_t len;
        const char *markdown = cs_query_blob(&query, 0, &len);
        status = cs_snippet_make(run->scratch, run->tokenizer, run->needles,
                                 markdown ? markdown : "", len, &made, err);
    }
    size_t head = 0;
    if (!status)
        status = cs_reader_head_lines(run->index, hit->document, &head, err);
    if (status)
        return status;
    struct cs_range *marks =
        cs_arena_array(run->arena, made.n_marks, sizeof(*marks));
    if (marks && made.n_marks)
        memcpy(marks, made.marks, made.n_marks * sizeof(*marks));
    hit->snippet = (struct cs_snippet){
        .text = cs_arena_strdup(run->arena, made.text),
        .marks = marks,
        .n_marks = made.n_marks,
        .line = made.line + head,
    };
    return cs_arena_status(run->arena, err);
}

static enum cs_status dress_hits(struct run *run, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < run->n && !status; i++) {
        status = fill_hit(run, &run->hits[i], err);
        if (!status && run->request->snippets)
            status = make_snippet(run, &run->hits[i], err);
    }
    return status;
}

static enum cs_status find_hits(struct run *run, int64_t *ret_total,
                                struct cs_error *err)
{
    struct cs_needles *needles = NULL;
    enum cs_status status =
        cs_needles_make(run->arena, run->tokenizer, run->query, &needles, err);
    run->needles = needles;
    if (!status)
        status = cs_search_plan_count(run->plan, ret_total, err);
    if (!status && *ret_total > 0)
        status = read_page(run, err);
    return status ? status : dress_hits(run, err);
}

static enum cs_status search(struct run *run, int64_t *ret_total,
                             struct cs_error *err)
{
    const char *text = run->request->text ? run->request->text : "";
    enum cs_status status = cs_search_query_parse(
        run->arena, run->tokenizer, text, strlen(text), run->query, err);
    if (!status)
        status = cs_db_run(run->db, err, "SAVEPOINT search", "");
    if (status)
        return status;
    status = cs_search_plan_make(run->arena, run->db, run->tokenizer,
                                 run->request, run->query, &run->plan, err);
    if (!status && cs_search_plan_is_empty(run->plan))
        cs_search_query_warn(run->query, run->arena,
                             "there is nothing to search for");
    else if (!status)
        status = find_hits(run, ret_total, err);
    cs_search_plan_clear(run->plan);
    enum cs_status released =
        cs_db_run(run->db, status ? NULL : err, "RELEASE search", "");
    return status ? status : released;
}

static enum cs_status start_run(struct run *run, struct cs_error *err)
{
    run->arena = cs_arena_new(0);
    run->scratch = cs_arena_new(0);
    if (run->arena)
        run->query = cs_arena_alloc(run->arena, sizeof(*run->query));
    if (!run->query || !run->scratch)
        return cs_error_no_memory(err);
    return cs_tokenizer_open(run->db, &run->tokenizer, err);
}

static enum cs_status make_result(struct run *run, int64_t total,
                                  int64_t elapsed_ms,
                                  struct cs_search_result **ret,
                                  struct cs_error *err)
{
    struct cs_search_result *result =
        cs_arena_alloc(run->arena, sizeof(*result));
    if (!result)
        return cs_arena_status(run->arena, err);
    *result = (struct cs_search_result){
        .hits = run->hits,
        .n = run->n,
        .total = total,
        .warnings = run->query->warnings,
        .n_warnings = run->query->n_warnings,
        .elapsed_ms = elapsed_ms,
        .arena = run->arena,
    };
    *ret = result;
    return CS_OK;
}

enum cs_status cs_search_run(struct cs_index *index,
                             const struct cs_search_request *request,
                             struct cs_search_result **ret,
                             struct cs_error *err)
{
    const struct cs_clock *clock = cs_index_clock(index);
    int64_t started = cs_clock_mono(clock), total = 0;
    struct run run = {
        .index = index, .db = cs_index_db(index), .request = request};
    enum cs_status status = start_run(&run, err);
    if (!status)
        status = search(&run, &total, err);
    if (!status)
        status =
            make_result(&run, total, cs_clock_mono(clock) - started, ret, err);
    cs_tokenizer_free(run.tokenizer);
    cs_arena_free(run.scratch);
    if (status)
        cs_arena_free(run.arena);
    return status;
}
