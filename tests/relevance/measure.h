/*
 * measure.h - how well an answer fits a query.
 */
#ifndef CS_TESTS_RELEVANCE_MEASURE_H
#define CS_TESTS_RELEVANCE_MEASURE_H

#include "tests/relevance/mirror.h"

enum rel_figure {
    REL_NDCG,      /* of the first ten, with the gains */
    REL_BINARY,    /* the same, every gain counting alike */
    REL_MRR,       /* 1 / place of the first good hit among ten */
    REL_RECALL,    /* among the first hundred; all hits where a class says so */
    REL_PRECISION, /* of what has all that was asked */
    REL_FIRST,     /* the first hit is one of the best */
    REL_TOP5,      /* one of the best is among the first five */
    REL_FIGURES
};

struct rel_score {
    double of[REL_FIGURES]; /* 0 to 1 */
};

/* "ndcg10", ... */
const char *rel_figure_name(enum rel_figure figure);

/* `all` as in struct rel_class. */
struct rel_score rel_measure(const struct rel_query *query, bool all,
                             const struct rel_hits *hits);

/* How likely a difference of the means of `a` and `b`, measured on the same
 * `n` queries, is as large by chance alone: paired randomisation, two-sided. */
double rel_chance(const double *a, const double *b, size_t n);

#endif
