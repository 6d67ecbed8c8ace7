/*
 * rank.c - judge, score, and keep the best in a heap.
 *
 * Positions are compared only where a document could still enter.
 */
#include "index/search/rank.h"

#include "index/search/proximity.h"

#include <math.h>
#include <stdlib.h>

#define K1          1.2
#define NEAR        2.0 /* what closeness is worth at most */
#define TITLE       1.5 /* the title is the query */
#define OLD         0.6 /* archived, deprecated */
#define PERSONAL    0.9
#define LINK        0.05 /* by ln(1 + links) */
#define LINKS_MAX   1.3
#define RECENT      0.25 /* of a page of today; half of it after a year */
#define RECENT_WIDE 0.4  /* below 1, when the query asks for what is new */

enum { MS_PER_DAY = 24 * 60 * 60 * 1000 };

static const double days_per_year = 365;

struct judge {
    struct cs_rank *rank;
    const struct cs_plan *plan;
    int64_t today; /* days since 1970 */
    bool corrected;
    enum cs_status status;
};

static bool holds(const struct judge *judge, const struct cs_plan_node *node,
                  int64_t document, const struct cs_board_entry *entry);

static bool has_pattern(const struct cs_plan_node *node)
{
    if (node->kind == CS_PLAN_PATTERN)
        return true;
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next)
        if (has_pattern(child))
            return true;
    return false;
}

/* Patterns come last: they read the text. */
static bool all_hold(const struct judge *judge, const struct cs_plan_node *node,
                     int64_t document, const struct cs_board_entry *entry)
{
    bool patterns = judge->plan->n_patterns > 0;
    for (int last = 0; last <= patterns; last++)
        for (const struct cs_plan_node *child = node->first; child;
             child = child->next) {
            if (patterns && has_pattern(child) != (last == 1))
                continue;
            if (!holds(judge, child, document, entry))
                return false;
        }
    return true;
}

static bool any_holds(const struct judge *judge,
                      const struct cs_plan_node *node, int64_t document,
                      const struct cs_board_entry *entry)
{
    for (const struct cs_plan_node *child = node->first; child;
         child = child->next)
        if (holds(judge, child, document, entry))
            return true;
    return false;
}

static bool holds(const struct judge *judge, const struct cs_plan_node *node,
                  int64_t document, const struct cs_board_entry *entry)
{
    struct cs_rank *rank = judge->rank;
    switch (node->kind) {
    case CS_PLAN_GROUP: return entry->mask >> node->number & 1;
    case CS_PLAN_AND: return all_hold(judge, node, document, entry);
    case CS_PLAN_OR: return any_holds(judge, node, document, entry);
    case CS_PLAN_NOT: return !all_hold(judge, node, document, entry);
    case CS_PLAN_NEAR: return cs_proximity_near(rank->gather, entry, node);
    case CS_PLAN_PATTERN:
        return rank->fits && rank->fits(rank->patterns, node->number, document);
    }
    return false;
}

static enum cs_board_state judge_entry(const struct judge *judge,
                                       int64_t document,
                                       const struct cs_board_entry *entry)
{
    const struct cs_plan *plan = judge->plan;
    if (!plan->root || holds(judge, plan->root, document, entry))
        return CS_BOARD_HIT;
    if (cs_plan_relaxes(plan) && !judge->rank->strict &&
        (entry->mask & plan->words) &&
        (entry->mask & plan->required) == plan->required)
        return CS_BOARD_PART;
    return CS_BOARD_IN;
}

static double prior_of(const struct cs_vector *vector)
{
    double prior = 1;
    if (vector->links)
        prior += LINK * log(1 + cs_vector_links(vector->links));
    if (prior > LINKS_MAX)
        prior = LINKS_MAX;
    if (vector->flags & (CS_VECTOR_ARCHIVED | CS_VECTOR_DEPRECATED))
        prior *= OLD;
    if (vector->flags & CS_VECTOR_PERSONAL)
        prior *= PERSONAL;
    return prior;
}

static double recency_of(const struct judge *judge,
                         const struct cs_vector *vector)
{
    int64_t days = judge->today > vector->day ? judge->today - vector->day : 0;
    double fresh = exp2((double)-days / days_per_year);
    if (judge->plan->wants_new)
        return 1 - RECENT_WIDE + RECENT_WIDE * fresh;
    return 1 + RECENT * fresh;
}

double cs_rank_score(const struct cs_search_parts *parts)
{
    return (parts->text + parts->proximity) * parts->exact * parts->prior *
           parts->recency;
}

/* Is `a` worse than `b`? */
static bool is_worse(const struct cs_rank *rank, const struct cs_rank_hit *a,
                     const struct cs_rank_hit *b)
{
    if (rank->gather->plan->mode == CS_PLAN_TIERED && a->tier != b->tier &&
        (a->tier == CS_SEARCH_RELAXED || b->tier == CS_SEARCH_RELAXED))
        return a->tier == CS_SEARCH_RELAXED;
    if (a->score < b->score || a->score > b->score)
        return a->score < b->score;
    return a->document > b->document;
}

static void keep(struct cs_rank *rank, const struct cs_rank_hit *hit)
{
    struct cs_rank_hit *heap = rank->hits;
    size_t at;
    if (rank->n < rank->max) { /* rise */
        at = rank->n++;
        while (at > 0 && is_worse(rank, hit, &heap[(at - 1) / 2])) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = *hit;
        return;
    }
    if (rank->max == 0 || is_worse(rank, hit, &heap[0]))
        return;
    for (at = 0;;) { /* sink */
        size_t child = 2 * at + 1;
        if (child >= rank->n)
            break;
        if (child + 1 < rank->n &&
            is_worse(rank, &heap[child + 1], &heap[child]))
            child++;
        if (!is_worse(rank, &heap[child], hit))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = *hit;
}

static bool may_enter(const struct cs_rank *rank, struct cs_rank_hit *hit)
{
    return rank->n < rank->max || !is_worse(rank, hit, &rank->hits[0]);
}

/* No hit of such a score gets in, whatever its tier. */
static bool is_hopeless(const struct cs_rank *rank, double score)
{
    return rank->max == 0 ||
           (rank->n == rank->max && score < rank->hits[0].score &&
            rank->hits[0].tier != CS_SEARCH_RELAXED);
}

/* As many tokens as the query, and all of its words among them. */
static bool has_title(const struct cs_plan *plan,
                      const struct cs_board_entry *entry)
{
    return plan->title_words && (entry->titles & plan->words) == plan->words &&
           entry->vector->len[CS_FIELD_TITLE] ==
               cs_vector_length_code(plan->title_words);
}

/* Most are too old by their day. */
static void score_date(struct cs_rank *rank, const struct cs_vector *vector,
                       struct cs_rank_hit *hit)
{
    hit->score = (vector->day + 1.0) * CS_VECTOR_MINUTES_PER_DAY - 1;
    if (!may_enter(rank, hit))
        return;
    hit->score =
        cs_vectors_updated(rank->gather->vectors, hit->document, vector);
    keep(rank, hit);
}

/* Each factor is at its most until it is known. */
static void score_text(const struct judge *judge,
                       const struct cs_board_entry *entry,
                       struct cs_rank_hit *hit)
{
    struct cs_rank *rank = judge->rank;
    const struct cs_vector *vector = entry->vector;
    hit->score = cs_rank_score(&hit->parts);
    if (!may_enter(rank, hit))
        return;
    hit->parts.recency = recency_of(judge, vector);
    hit->score = cs_rank_score(&hit->parts);
    if (!may_enter(rank, hit))
        return;
    if (entry->places) {
        double near = cs_proximity(rank->gather, entry, vector);
        hit->parts.proximity = NEAR * near / (near + K1);
        hit->score = cs_rank_score(&hit->parts);
    }
    keep(rank, hit);
}

static void score(const struct judge *judge, int64_t document,
                  const struct cs_board_entry *entry)
{
    struct cs_rank *rank = judge->rank;
    bool title = entry->titles && has_title(judge->plan, entry);
    struct cs_search_parts parts = {
        .text = entry->text,
        .proximity = entry->places ? NEAR : 0,
        .exact = title ? TITLE : 1,
        .prior = prior_of(entry->vector),
        .recency = 1 + RECENT,
    };
    if (!rank->by_date && is_hopeless(rank, cs_rank_score(&parts)))
        return;
    struct cs_rank_hit hit = {
        .document = document,
        .mask = entry->mask,
        .title = title,
        .tier = entry->state == CS_BOARD_PART ? CS_SEARCH_RELAXED
                : judge->corrected            ? CS_SEARCH_CORRECTED
                                              : CS_SEARCH_EXACT,
        .parts = parts,
    };
    if (!rank->by_date) {
        score_text(judge, entry, &hit);
        return;
    }
    hit.title = false;
    hit.parts = (struct cs_search_parts){.exact = 1, .prior = 1, .recency = 1};
    score_date(rank, entry->vector, &hit);
}

static bool see_entry(void *payload, int64_t document,
                      struct cs_board_entry *entry)
{
    struct judge *judge = payload;
    struct cs_rank *rank = judge->rank;
    if (entry->state != CS_BOARD_IN || document == rank->except)
        return true;
    entry->state = (uint8_t)judge_entry(judge, document, entry);
    if (entry->state == CS_BOARD_IN)
        return true;
    cs_gather_fold(rank->gather, entry);
    if (entry->state == CS_BOARD_HIT)
        rank->full++;
    else
        rank->part++;
    if (entry->state == CS_BOARD_HIT || judge->plan->mode != CS_PLAN_TIERED ||
        rank->full < CS_PLAN_ENOUGH)
        score(judge, document, entry);
    return true;
}

/* A document that the postings need not have told of. */
static bool see_vector(void *payload, int64_t document,
                       const struct cs_vector *vector)
{
    struct judge *judge = payload;
    struct cs_gather *gather = judge->rank->gather;
    struct cs_board_entry *entry = cs_board_at(gather->board, document);
    if (!entry) {
        judge->status = CS_ERR_NO_MEMORY;
        return false;
    }
    cs_gather_admit(gather, document, vector, entry);
    return see_entry(judge, document, entry);
}

static int compare(const struct cs_rank *rank, const struct cs_rank_hit *a,
                   const struct cs_rank_hit *b)
{
    return is_worse(rank, a, b) ? 1 : is_worse(rank, b, a) ? -1 : 0;
}

/* Few, or nearly in order: merged from below. */
void cs_rank_sort(const struct cs_rank *rank, struct cs_rank_hit *hits,
                  size_t n)
{
    if (n < 2)
        return;
    size_t half = n / 2;
    struct cs_rank_hit *left = malloc(half * sizeof(*left));
    if (!left) { /* slower, in place */
        for (size_t i = 1; i < n; i++)
            for (size_t j = i;
                 j > 0 && compare(rank, &hits[j - 1], &hits[j]) > 0; j--) {
                struct cs_rank_hit swap = hits[j];
                hits[j] = hits[j - 1];
                hits[j - 1] = swap;
            }
        return;
    }
    cs_rank_sort(rank, hits, half);
    cs_rank_sort(rank, hits + half, n - half);
    memcpy(left, hits, half * sizeof(*left));
    size_t i = 0, j = half, to = 0;
    while (i < half && j < n)
        hits[to++] =
            compare(rank, &hits[j], &left[i]) < 0 ? hits[j++] : left[i++];
    while (i < half)
        hits[to++] = left[i++];
    free(left);
}

/* Enough documents have all of it: the others are no hits. */
static void drop_parts(struct cs_rank *rank)
{
    size_t n = 0;
    for (size_t i = 0; i < rank->n; i++)
        if (rank->hits[i].tier != CS_SEARCH_RELAXED)
            rank->hits[n++] = rank->hits[i];
    rank->n = n;
    rank->part = 0;
}

static struct judge begin(struct cs_rank *rank)
{
    const struct cs_plan *plan = rank->gather->plan;
    struct judge judge = {
        .rank = rank, .plan = plan, .today = rank->now_ms / MS_PER_DAY};
    for (size_t g = 0; g < plan->n_groups; g++)
        judge.corrected |= plan->groups[g].corrected;
    rank->n = 0;
    rank->full = rank->part = 0;
    return judge;
}

static enum cs_status finish(struct cs_rank *rank, struct cs_error *err)
{
    struct cs_gather *gather = rank->gather;
    enum cs_status status = cs_vectors_status(gather->vectors, err);
    if (status)
        return status;
    if (gather->plan->mode == CS_PLAN_TIERED && rank->full >= CS_PLAN_ENOUGH)
        drop_parts(rank);
    cs_rank_sort(rank, rank->hits, rank->n);
    return cs_predicate_status(gather->predicate, err);
}

enum cs_status cs_rank_all(struct cs_rank *rank, struct cs_error *err)
{
    struct cs_gather *gather = rank->gather;
    struct judge judge = begin(rank);
    enum cs_status status = CS_OK;
    if (rank->exhaustive)
        status = cs_vectors_each(gather->vectors, see_vector, &judge, err);
    else
        cs_board_each(gather->board, see_entry, &judge);
    if (!status && judge.status)
        status = cs_error_no_memory(err);
    return status ? status : finish(rank, err);
}

enum cs_status cs_rank_each(struct cs_rank *rank, bool *ret_done,
                            struct cs_error *err)
{
    struct cs_gather *gather = rank->gather;
    struct judge judge = begin(rank);
    enum cs_status status =
        cs_gather_each(gather, see_entry, &judge, ret_done, err);
    if (status || !*ret_done)
        return status;
    /* One factor for all: it changes no order. As exact as on a board, for a
     * later page may be found by one. */
    for (size_t i = 0; i < rank->n && !rank->by_date; i++) {
        struct cs_rank_hit *hit = &rank->hits[i];
        hit->parts.text = gather->idf[0] * (float)hit->parts.text;
        hit->score = cs_rank_score(&hit->parts);
    }
    return finish(rank, err);
}
