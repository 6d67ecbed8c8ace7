/*
 * weights.h - what one occurrence of a word is worth.
 */
#ifndef CS_INDEX_SEARCH_WEIGHTS_H
#define CS_INDEX_SEARCH_WEIGHTS_H

#include "index/words/vector.h"

/* Score of one occurrence, by field and code of the field's length. */
struct cs_weights {
    float of[CS_FIELDS][256];
};

/* Weights for an index with these sums. */
void cs_weights_make(struct cs_weights *ret,
                     const struct cs_vector_totals *totals);

#endif
