/*
 * proximity.h - what positions say: how close the terms of a query stand, and
 * whether a NEAR holds.
 */
#ifndef CS_INDEX_SEARCH_PROXIMITY_H
#define CS_INDEX_SEARCH_PROXIMITY_H

#include "index/search/gather.h"

/* Neighbouring occurrences of different terms, at most eight tokens apart,
 * the closer the more, in shorter fields more: P. The score of a document gets
 * P / (P + k1). */
double cs_proximity(const struct cs_gather *gather,
                    const struct cs_board_entry *entry,
                    const struct cs_vector *vector);

/* Does the NEAR hold: one occurrence of each child within its slop, in one
 * field, in their order if it is asked for? */
bool cs_proximity_near(const struct cs_gather *gather,
                       const struct cs_board_entry *entry,
                       const struct cs_plan_node *near);

#endif
