/*
 * search.c - the order of things: parse, plan, gather, rank, page, dress.
 *
 * All statements of one search run in one read transaction, so that postings,
 * vectors, lexicon and rows speak of the same state while a sync writes.
 */
#include "index/search/search.h"

#include "index/search/apart.h"
#include "index/search/match.h"
#include "index/search/search_parts.h"
#include "index/search/similar.h"
#include "src/text.h"

#include <time.h>

enum { SLACK = 60, DAY_MS = 24 * 60 * 60 * 1000 };

static const char *const sort_names[CS_SEARCH_SORTS] = {
    [CS_SEARCH_RELEVANCE] = "relevance",
    [CS_SEARCH_UPDATED] = "updated",
    [CS_SEARCH_CREATED] = "created",
    [CS_SEARCH_TITLE] = "title",
};

static const char *const tier_names[CS_SEARCH_TIERS] = {
    [CS_SEARCH_EXACT] = "exact",
    [CS_SEARCH_RELAXED] = "relaxed",
    [CS_SEARCH_CORRECTED] = "corrected",
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

const char *cs_search_tier_name(enum cs_search_tier tier)
{
    return tier < CS_SEARCH_TIERS ? tier_names[tier] : "";
}

void cs_search_result_free(struct cs_search_result *result)
{
    if (result)
        cs_arena_free(result->arena); /* it is in there itself */
}

static int64_t now_us(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- making ready ---- */

static enum cs_status parse(struct cs_search *run, struct cs_error *err)
{
    static const enum cs_expr_mode modes[] = {
        [CS_SEARCH_QUERY] = CS_EXPR_QUERY,
        [CS_SEARCH_LITERAL] = CS_EXPR_LITERAL,
        [CS_SEARCH_REGEX] = CS_EXPR_PATTERN,
    };
    static const enum cs_search_sort sorts[CS_EXPR_SORTS] = {
        [CS_EXPR_SORT_NONE] = CS_SEARCH_RELEVANCE,
        [CS_EXPR_SORT_RELEVANCE] = CS_SEARCH_RELEVANCE,
        [CS_EXPR_SORT_UPDATED] = CS_SEARCH_UPDATED,
        [CS_EXPR_SORT_CREATED] = CS_SEARCH_CREATED,
        [CS_EXPR_SORT_TITLE] = CS_SEARCH_TITLE,
    };
    struct cs_strbuf printed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    const struct cs_search_request *request = run->request;
    const char *text = request->text ? request->text : "";
    if ((size_t)request->mode >= CS_ARRAY_LEN(modes))
        return cs_error_set(err, CS_ERR_USAGE, "there is no such mode");
    enum cs_status status = cs_expr_parse(
        run->arena, cs_index_clock(run->index), modes[request->mode], text,
        strlen(text), &run->expr, err);
    if (status)
        return status;
    run->sort = request->sort != CS_SEARCH_RELEVANCE ? request->sort
                                                     : sorts[run->expr.sort];
    if (run->sort >= CS_SEARCH_SORTS)
        return cs_error_set(err, CS_ERR_USAGE, "there is no such order");
    cs_expr_print(&run->expr, &printed);
    run->expression = cs_arena_strdup(run->arena, printed.data);
    status = cs_strbuf_status(&printed, err);
    return status ? status : cs_arena_status(run->arena, err);
}

static enum cs_status open_index(struct cs_search *run, struct cs_error *err)
{
    enum cs_status status = cs_lexicon_open(run->db, &run->lexicon, err);
    if (!status)
        status = cs_vectors_open(run->db, &run->vectors, err);
    if (!status)
        status = cs_vectors_totals(run->db, &run->totals, err);
    if (!status)
        status = cs_vectors_generation(run->db, &run->generation, err);
    cs_weights_make(&run->weights, &run->totals);
    return status;
}

static enum cs_status read_cursor(struct cs_search *run, struct cs_error *err)
{
    const struct cs_search_request *request = run->request;
    int64_t now = cs_clock_now(cs_index_clock(run->index));
    run->rank.now_ms = now - now % DAY_MS; /* the same answer all day long */
    if (!request->cursor)
        return CS_OK;
    uint64_t search = cs_cursor_of(request, run->sort);
    enum cs_status status =
        cs_cursor_parse(request->cursor, search, &run->cursor, err);
    if (status)
        return status;
    run->continued = true;
    run->rank.now_ms = run->cursor.now_ms;
    run->index_changed = run->cursor.generation != run->generation;
    return CS_OK;
}

/* A warning counts as an error where it was asked for. */
static enum cs_status check_strict(const struct cs_search *run,
                                   struct cs_error *err)
{
    if (!run->request->strict || run->expr.n_warnings == 0)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_USAGE, "%s", run->expr.warnings[0]);
    cs_error_hint(err, "leave out --strict, and it is a warning");
    return CS_ERR_USAGE;
}

static enum cs_status make_plan(struct cs_search *run, struct cs_error *err)
{
    struct cs_plan_options options = {
        .literal = run->request->mode == CS_SEARCH_LITERAL,
        .documents = run->totals.documents,
    };
    enum cs_status status =
        cs_predicate_make(run->index, run->vectors, run->arena, run->request,
                          &run->expr, &run->predicate, err);
    if (!status)
        status = cs_plan_make(run->lexicon, run->arena, &run->expr, &options,
                              &run->plan, err);
    if (!status)
        status = check_strict(run, err);
    if (!status)
        status = read_cursor(run, err);
    return status;
}

/* ---- finding ---- */

static void set_up_rank(struct cs_search *run)
{
    const struct cs_plan *plan = run->plan;
    struct cs_rank *rank = &run->rank;
    size_t scored = 0;
    for (size_t g = 0; g < plan->n_groups; g++)
        scored += !(plan->unscored >> g & 1);
    rank->gather = &run->gather;
    rank->by_date = run->sort == CS_SEARCH_UPDATED || scored == 0;
    rank->exhaustive = !plan->root || plan->complement;
    rank->fits = cs_search_fits;
    rank->patterns = run;
    size_t offset = run->continued ? (size_t)run->cursor.offset : 0;
    rank->max = offset + 2 * (size_t)run->limit + SLACK;
    if ((int64_t)rank->max > run->totals.documents + 1)
        rank->max = (size_t)run->totals.documents + 1;
}

/* Where a rare word makes it cheap, the documents that have all words are found
 * first; often they are enough. */
static enum cs_status find_strictly(struct cs_search *run, bool *ret_enough,
                                    struct cs_error *err)
{
    bool done = false;
    *ret_enough = false;
    if (run->rank.exhaustive || run->plan->n_patterns ||
        !cs_match_is_selective(run->plan))
        return CS_OK;
    enum cs_status status = cs_gather_tree(&run->gather, &done, err);
    if (status || !done)
        return status;
    run->rank.strict = true;
    status = cs_rank_all(&run->rank, err);
    *ret_enough = !status && (!cs_plan_relaxes(run->plan) ||
                              run->rank.full >= CS_PLAN_ENOUGH);
    run->rank.strict = false;
    if (!*ret_enough)
        cs_board_clear(run->gather.board);
    return status;
}

/* What else is asked of the documents than which are the best. */
static bool needs_board(const struct cs_search *run)
{
    return run->rank.exhaustive || run->plan->n_patterns || run->plan->near ||
           run->request->facets || run->first ||
           (run->sort != CS_SEARCH_RELEVANCE && run->sort != CS_SEARCH_UPDATED);
}

static enum cs_status find(struct cs_search *run, struct cs_error *err)
{
    bool enough = false;
    run->gather = (struct cs_gather){
        .db = run->db,
        .vectors = run->vectors,
        .predicate = run->predicate,
        .plan = run->plan,
        .weights = &run->weights,
        .board = cs_board_new(),
    };
    if (!run->gather.board)
        return cs_error_no_memory(err);
    set_up_rank(run);
    run->rank.hits =
        cs_arena_array(run->arena, run->rank.max, sizeof(*run->rank.hits));
    if (!run->rank.hits)
        return cs_arena_status(run->arena, err);
    enum cs_status status = find_strictly(run, &enough, err);
    if (!status && !enough && !needs_board(run))
        status = cs_rank_each(&run->rank, &enough, err);
    if (status || enough)
        return status;
    status = cs_gather_any(&run->gather, err);
    if (!status)
        status = cs_search_patterns(run, err);
    return status ? status : cs_rank_all(&run->rank, err);
}

/* Of a compound that is nowhere, and of a long run of Chinese, the parts are
 * looked for. */
static enum cs_status find_apart(struct cs_search *run, struct cs_error *err)
{
    struct cs_expr apart;
    struct cs_plan_options options = {.loose = true,
                                      .documents = run->totals.documents};
    if (run->rank.full + run->rank.part > 0 || run->first ||
        run->request->mode != CS_SEARCH_QUERY ||
        !cs_expr_apart(run->arena, &run->expr, &apart))
        return cs_arena_status(run->arena, err);
    run->apart = true;
    cs_board_free(run->gather.board);
    run->gather.board = NULL;
    enum cs_status status = cs_plan_make(run->lexicon, run->arena, &apart,
                                         &options, &run->plan, err);
    return status ? status : find(run, err);
}

static enum cs_status show(struct cs_search *run,
                           struct cs_search_result *result,
                           struct cs_error *err)
{
    enum cs_status status = cs_search_exact(run, err);
    if (!status)
        status = cs_search_order(run, err);
    if (!status)
        status = cs_search_page(run, err);
    if (!status)
        status = cs_search_dress(run, err);
    return status ? status : cs_search_answer(run, result, err);
}

/* ---- a search ---- */

static enum cs_status search(struct cs_search *run,
                             struct cs_search_result *result,
                             struct cs_error *err)
{
    enum cs_status status = parse(run, err);
    if (!status)
        status = make_plan(run, err);
    if (status)
        return status;
    if (!run->plan->root && cs_predicate_is_empty(run->predicate)) {
        cs_expr_warn(&run->expr, run->arena, "there is nothing to search for");
        status = check_strict(run, err);
        return status ? status : cs_search_answer(run, result, err);
    }
    status = cs_search_named(run, err);
    if (!status)
        status = find(run, err);
    if (!status)
        status = find_apart(run, err);
    return status ? status : show(run, result, err);
}

static enum cs_status find_like(struct cs_search *run, int64_t document,
                                struct cs_search_result *result,
                                struct cs_error *err)
{
    static const struct cs_search_request none = {0};
    struct cs_search_request *request =
        cs_arena_alloc(run->arena, sizeof(*request));
    if (!request)
        return cs_arena_status(run->arena, err);
    *request = run->request ? *run->request : none;
    request->text = "";
    request->cursor = NULL;
    request->sort = CS_SEARCH_RELEVANCE;
    run->request = request;
    run->expression = "";
    run->similar = true;
    enum cs_status status =
        cs_predicate_make(run->index, run->vectors, run->arena, request,
                          &run->expr, &run->predicate, err);
    if (!status)
        status = read_cursor(run, err);
    if (!status)
        status = cs_similar_plan(run->db, run->lexicon, run->arena, document,
                                 run->totals.documents, &run->plan, err);
    if (status)
        return status;
    run->rank.except = document;
    status = find(run, err);
    return status ? status : show(run, result, err);
}

static void finish(struct cs_search *run)
{
    if (run->plan)
        cs_search_patterns_free(run);
    cs_board_free(run->gather.board);
    cs_vectors_close(run->vectors);
    cs_lexicon_close(run->lexicon);
}

static enum cs_status run_in_transaction(struct cs_search *run,
                                         int64_t document,
                                         struct cs_search_result *result,
                                         struct cs_error *err)
{
    enum cs_status status = cs_db_run(run->db, err, "SAVEPOINT search", "");
    if (status)
        return status;
    status = open_index(run, err);
    if (!status)
        status = document ? find_like(run, document, result, err)
                          : search(run, result, err);
    finish(run);
    enum cs_status released =
        cs_db_run(run->db, status ? NULL : err, "RELEASE search", "");
    return status ? status : released;
}

/* The search lives in the arena of its answer, which points into it. */
static struct cs_search *make_search(struct cs_index *index,
                                     const struct cs_search_request *request)
{
    struct cs_arena *arena = cs_arena_new(0);
    struct cs_search *run = arena ? cs_arena_alloc(arena, sizeof(*run)) : NULL;
    if (!run) {
        cs_arena_free(arena);
        return NULL;
    }
    *run = (struct cs_search){.index = index,
                              .db = cs_index_db(index),
                              .arena = arena,
                              .request = request,
                              .limit = CS_SEARCH_LIMIT_DEFAULT};
    if (request && request->limit > 0)
        run->limit = request->limit < CS_SEARCH_LIMIT_MAX ? request->limit
                                                          : CS_SEARCH_LIMIT_MAX;
    return run;
}

/* `document` 0: what the request says; else what is like that one. */
static enum cs_status run_all(struct cs_index *index,
                              const struct cs_search_request *request,
                              int64_t document, struct cs_search_result **ret,
                              struct cs_error *err)
{
    int64_t started = now_us();
    struct cs_search *run = make_search(index, request);
    if (!run)
        return cs_error_no_memory(err);
    struct cs_search_result *result =
        cs_arena_alloc(run->arena, sizeof(*result));
    enum cs_status status = result
                                ? run_in_transaction(run, document, result, err)
                                : cs_arena_status(run->arena, err);
    if (status) {
        cs_arena_free(run->arena);
        return status;
    }
    result->elapsed_us = now_us() - started;
    *ret = result;
    return CS_OK;
}

enum cs_status cs_search_run(struct cs_index *index,
                             const struct cs_search_request *request,
                             struct cs_search_result **ret,
                             struct cs_error *err)
{
    return run_all(index, request, 0, ret, err);
}

enum cs_status cs_search_similar(struct cs_index *index, int64_t document,
                                 const struct cs_search_request *request,
                                 struct cs_search_result **ret,
                                 struct cs_error *err)
{
    return run_all(index, request, document, ret, err);
}
