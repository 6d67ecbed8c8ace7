/*
 * answer.c - what an answer says besides its hits: warnings, hints,
 * corrections, how old it is.
 */
#include "index/search/search_parts.h"

#include "index/search/facets.h"
#include "index/words/typo.h"
#include "src/text.h"

enum { NEAREST_MAX = 5 };

static enum cs_status hint_words(struct cs_search *run, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t g = 0; g < run->plan->n_groups && !status; g++) {
        const struct cs_term_group *group = &run->plan->groups[g];
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        struct cs_typo *near = NULL;
        size_t n = 0;
        if (group->df > 0 || group->n_tokens != 1 || group->stop ||
            group->word[strcspn(group->word, "0123456789")])
            continue;
        struct cs_strbuf folded CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
        cs_text_put_folded(&folded, group->word, strlen(group->word));
        status = cs_typo_nearest(run->lexicon, run->arena, folded.data,
                                 NEAREST_MAX, &near, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            cs_strbuf_printf(&text, "%s%s (%lld)", i ? ", " : "", near[i].term,
                             (long long)near[i].df);
        if (n && !status)
            cs_expr_hint(&run->expr, run->arena, "words like \"%.60s\": %s",
                         group->word, text.data);
    }
    return status;
}

static enum cs_status list_corrections(struct cs_search *run,
                                       struct cs_search_result *result,
                                       struct cs_error *err)
{
    const struct cs_plan *plan = run->plan;
    struct cs_search_correction *corrections =
        cs_arena_array(run->arena, plan->n_groups + 1, sizeof(*corrections));
    if (!corrections)
        return cs_arena_status(run->arena, err);
    for (size_t g = 0; g < plan->n_groups; g++) {
        const struct cs_term_group *group = &plan->groups[g];
        if (group->correction)
            corrections[result->n_corrections++] =
                (struct cs_search_correction){group->word, group->correction,
                                              group->corrected};
    }
    result->corrections = corrections;
    return CS_OK;
}

static enum cs_status read_age(struct cs_search *run, int64_t *ret,
                               struct cs_error *err)
{
    return cs_db_int(run->db, ret, err,
                     "SELECT min(coalesce(last_success, 0)) FROM source", "");
}

enum cs_status cs_search_answer(struct cs_search *run,
                                struct cs_search_result *result,
                                struct cs_error *err)
{
    enum cs_status status = CS_OK;
    *result = (struct cs_search_result){
        .hits = run->hits,
        .n = run->n,
        .total = run->total,
        .exact_total = !run->partial && !run->plan->narrowed,
        .partial = run->partial,
        .narrowed = run->plan->narrowed,
        .tier = run->n ? run->hits[run->n - 1].tier : CS_SEARCH_EXACT,
        .expression = run->expression,
        .next_cursor = run->next_cursor,
        .index_changed = run->index_changed,
        .generation = run->generation,
        .documents = run->totals.documents,
        .arena = run->arena,
    };
    if (run->total == 0)
        status = hint_words(run, err);
    if (!status)
        status = list_corrections(run, result, err);
    if (!status)
        status = read_age(run, &result->synced_at, err);
    if (!status && run->request->facets && run->gather.board)
        status = cs_facets_count(run->db, run->vectors, run->arena,
                                 run->gather.board, run->rank.part > 0,
                                 &result->facets, &result->n_facets, err);
    result->warnings = run->expr.warnings;
    result->n_warnings = run->expr.n_warnings;
    result->hints = run->expr.hints;
    result->n_hints = run->expr.n_hints;
    return status;
}
