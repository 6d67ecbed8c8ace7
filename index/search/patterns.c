/*
 * patterns.c - patterns among words and filters.
 *
 * What the rest of the query rules out need not be read: the documents that
 * could suit if every pattern fitted are the ones that a pattern is tried on.
 */
#include "index/search/search_parts.h"

#include "index/search/grep.h"
#include "index/search/proximity.h"

#include <stdlib.h>

struct candidates {
    struct cs_search *run;
    int64_t *of;
    size_t n, cap;
    bool no_memory;
};

/* Could it hold, or fail to hold, whatever the patterns say? */
static bool could(const struct cs_search *run, const struct cs_plan_node *node,
                  const struct cs_board_entry *entry, bool hold)
{
    bool all = true, any = false;
    if (node->kind == CS_PLAN_PATTERN)
        return true;
    if (node->kind == CS_PLAN_GROUP)
        return (entry->mask >> node->number & 1) == hold;
    if (node->kind == CS_PLAN_NEAR)
        return cs_proximity_near(&run->gather, entry, node) == hold;
    if (node->kind == CS_PLAN_NOT)
        return could(run, node->first, entry, !hold);
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next) {
        bool fits = could(run, child, entry, hold);
        all &= fits;
        any |= fits;
    }
    return (node->kind == CS_PLAN_AND) == hold ? all : any;
}

static bool add_candidate(struct candidates *candidates, int64_t document)
{
    if (candidates->n == candidates->cap) {
        size_t cap = candidates->cap ? 2 * candidates->cap : 1024;
        int64_t *of = realloc(candidates->of, cap * sizeof(*of));
        candidates->no_memory = !of;
        if (!of)
            return false;
        candidates->of = of;
        candidates->cap = cap;
    }
    candidates->of[candidates->n++] = document;
    return true;
}

static bool see_entry(void *payload, int64_t document,
                      struct cs_board_entry *entry)
{
    struct candidates *candidates = payload;
    struct cs_search *run = candidates->run;
    return entry->state != CS_BOARD_IN ||
           !could(run, run->plan->root, entry, true) ||
           add_candidate(candidates, document);
}

static bool see_vector(void *payload, int64_t document,
                       const struct cs_vector *vector)
{
    struct candidates *candidates = payload;
    struct cs_search *run = candidates->run;
    static const struct cs_board_entry none = {0};
    const struct cs_board_entry *entry =
        cs_board_find(run->gather.board, document);
    return !cs_predicate_holds(run->predicate, document, vector) ||
           !could(run, run->plan->root, entry ? entry : &none, true) ||
           add_candidate(candidates, document);
}

/* `*ret_all`: every document is one. */
static enum cs_status find_candidates(struct cs_search *run,
                                      struct candidates *candidates,
                                      bool *ret_all, struct cs_error *err)
{
    static const struct cs_board_entry none = {0};
    enum cs_status status = CS_OK;
    *ret_all = false;
    if (!could(run, run->plan->root, &none, true))
        cs_board_each(run->gather.board, see_entry, candidates);
    else if (run->plan->n_groups || !cs_predicate_is_empty(run->predicate))
        status = cs_vectors_each(run->vectors, see_vector, candidates, err);
    else
        *ret_all = true;
    return status || !candidates->no_memory ? status : cs_error_no_memory(err);
}

/* Documents that only a pattern found must be on the board to be judged. */
static enum cs_status enter(struct cs_search *run, int64_t document,
                            struct cs_error *err)
{
    struct cs_board_entry *entry = cs_board_at(run->gather.board, document);
    if (!entry)
        return cs_error_no_memory(err);
    cs_gather_admit(&run->gather, document,
                    cs_vectors_get(run->vectors, document), entry);
    return CS_OK;
}

static enum cs_status run_one(struct cs_search *run,
                              const struct cs_plan_node *node,
                              const struct candidates *candidates, bool all,
                              struct cs_error *err)
{
    struct cs_rows *fitting = &run->fitting[node->number];
    const struct cs_expr_node *leaf = node->leaf;
    enum cs_status status =
        cs_regex_compile(leaf->text, strlen(leaf->text), leaf->regex_flags,
                         &run->regexes[node->number], err);
    if (!status)
        status = cs_rows_make(run->db, run->arena, fitting, err);
    if (status || (!all && candidates->n == 0))
        return status;
    struct cs_grep_request request = {
        .regex = run->regexes[node->number],
        .candidates = all ? NULL : candidates->of,
        .n_candidates = candidates->n,
        .clock = cs_index_clock(run->index),
        .deadline_ms = run->request->deadline_ms,
    };
    struct cs_grep_result found = {0};
    status =
        cs_grep_run(run->db, run->lexicon, run->arena, &request, &found, err);
    for (size_t i = 0; i < found.n && !status; i++) {
        cs_rows_add(fitting, found.documents[i]);
        status = enter(run, found.documents[i], err);
    }
    run->partial |= found.partial;
    if (!status && found.partial)
        cs_expr_warn(&run->expr, run->arena,
                     "time was up before /%.60s/ had been tried on all pages",
                     leaf->text);
    if (!status && found.gave_up)
        cs_expr_warn(&run->expr, run->arena,
                     "/%.60s/ took too much work on %zu pages, which were "
                     "passed by",
                     leaf->text, found.gave_up);
    return status;
}

static enum cs_status run_below(struct cs_search *run,
                                const struct cs_plan_node *node,
                                const struct candidates *candidates, bool all,
                                struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (node->kind == CS_PLAN_PATTERN)
        return run_one(run, node, candidates, all, err);
    for (const struct cs_plan_node *child = node->first; child && !status;
         child = child->next)
        status = run_below(run, child, candidates, all, err);
    return status;
}

enum cs_status cs_search_patterns(struct cs_search *run, struct cs_error *err)
{
    struct candidates candidates = {.run = run};
    size_t n = run->plan->n_patterns;
    bool all = false;
    if (n == 0)
        return CS_OK;
    run->regexes = cs_arena_array(run->arena, n, sizeof(struct cs_regex *));
    run->fitting = cs_arena_array(run->arena, n, sizeof(*run->fitting));
    if (!run->regexes || !run->fitting)
        return cs_arena_status(run->arena, err);
    enum cs_status status = find_candidates(run, &candidates, &all, err);
    if (!status)
        status = run_below(run, run->plan->root, &candidates, all, err);
    free(candidates.of);
    return status;
}

void cs_search_patterns_free(struct cs_search *run)
{
    for (size_t i = 0; run->regexes && i < run->plan->n_patterns; i++)
        cs_regex_free(run->regexes[i]);
}

bool cs_search_fits(void *payload, size_t number, int64_t document)
{
    const struct cs_search *run = payload;
    return cs_rows_have(&run->fitting[number], document);
}
