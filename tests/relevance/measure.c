/*
 * measure.c - nDCG and its kin.
 */
#include "tests/relevance/measure.h"

#include "tests/relevance/random.h"

#include <math.h>

enum { DEPTH = 10, RECALL_DEPTH = 100, ROUNDS = 2000 };

const char *rel_figure_name(enum rel_figure figure)
{
    static const char *const names[] = {
        [REL_NDCG] = "ndcg10",         [REL_BINARY] = "binary10",
        [REL_MRR] = "mrr10",           [REL_RECALL] = "recall",
        [REL_PRECISION] = "precision", [REL_FIRST] = "first",
        [REL_TOP5] = "top5",
    };
    return names[figure];
}

static unsigned gain_of(const struct rel_query *query, size_t doc)
{
    for (size_t i = 0; i < query->n_gains; i++)
        if (query->gains[i].doc == doc)
            return query->gains[i].gain;
    return 0;
}

static unsigned best_gain(const struct rel_query *query)
{
    unsigned best = 0;
    for (size_t i = 0; i < query->n_gains; i++)
        best = query->gains[i].gain > best ? query->gains[i].gain : best;
    return best;
}

static double discount(size_t place)
{
    return 1 / log2((double)place + 2);
}

/* What the best order would give. */
static double ideal(const struct rel_query *query, bool binary)
{
    double sum = 0;
    size_t place = 0;
    for (unsigned gain = 4; gain > 0; gain--)
        for (size_t i = 0; i < query->n_gains && place < DEPTH; i++)
            if (query->gains[i].gain == gain)
                sum += (binary ? 1 : (double)gain) * discount(place++);
    return sum;
}

static double ndcg(const struct rel_query *query, const struct rel_hits *hits,
                   bool binary)
{
    double sum = 0, best = ideal(query, binary);
    for (size_t i = 0; i < hits->n && i < DEPTH; i++) {
        unsigned gain = gain_of(query, hits->docs[i]);
        sum += (binary ? (double)(gain > 0) : (double)gain) * discount(i);
    }
    return best > 0 ? sum / best : 0;
}

static size_t count_good(const struct rel_query *query,
                         const struct rel_hits *hits, size_t n)
{
    size_t good = 0;
    for (size_t i = 0; i < hits->n && i < n; i++)
        good += gain_of(query, hits->docs[i]) > 0;
    return good;
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 1;
}

struct rel_score rel_measure(const struct rel_query *query, bool all,
                             const struct rel_hits *hits)
{
    struct rel_score score = {0};
    unsigned best = best_gain(query);
    size_t depth = all ? hits->n : RECALL_DEPTH;
    score.of[REL_NDCG] = ndcg(query, hits, false);
    score.of[REL_BINARY] = ndcg(query, hits, true);
    for (size_t i = 0; i < hits->n && i < DEPTH; i++) {
        unsigned gain = gain_of(query, hits->docs[i]);
        if (gain > 0 && score.of[REL_MRR] == 0)
            score.of[REL_MRR] = 1 / (double)(i + 1);
        if (gain == best && i == 0)
            score.of[REL_FIRST] = 1;
        if (gain == best && i < 5)
            score.of[REL_TOP5] = 1;
    }
    score.of[REL_RECALL] =
        share(count_good(query, hits, depth), query->n_gains);
    score.of[REL_PRECISION] =
        share(count_good(query, hits, hits->n_asked), hits->n_asked);
    return score;
}

double rel_chance(const double *a, const double *b, size_t n)
{
    struct rel_random random = {20};
    double seen = 0;
    size_t as_large = 0;
    for (size_t i = 0; i < n; i++)
        seen += a[i] - b[i];
    for (size_t round = 0; round < ROUNDS; round++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += rel_random_next(&random) & 1 ? a[i] - b[i] : b[i] - a[i];
        as_large += fabs(sum) >= fabs(seen) - 1e-12;
    }
    return (double)(as_large + 1) / (ROUNDS + 1);
}
