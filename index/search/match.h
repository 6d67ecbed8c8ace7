/*
 * match.h - text for MATCH. It is made of constants and of finished tokens in
 * quotes, so nothing that was typed can be syntax.
 */
#ifndef CS_INDEX_SEARCH_MATCH_H
#define CS_INDEX_SEARCH_MATCH_H

#include "index/search/plan.h"

#define CS_MATCH_PHRASES_MAX 1024

/* The phrase of a group that a phrase of the expression is. */
struct cs_match_place {
    uint16_t group, phrase;
};

/* Append the expression of all phrases of all groups, in their order, any of
 * which finds a document; empty when there are none. With `longer`, those that
 * are single tokens are left out. */
void cs_match_put_any(const struct cs_plan *plan, bool longer,
                      struct cs_strbuf *out);

/* Append the expression that follows the tree: it finds all documents for which
 * the tree holds, and maybe others. `places` (CS_MATCH_PHRASES_MAX) tells its
 * phrases. False when there is no such expression. An empty one finds nothing.
 */
bool cs_match_put_tree(const struct cs_plan *plan, struct cs_strbuf *out,
                       struct cs_match_place *places, size_t *ret_n);

/* True when to follow the tree is much cheaper than to read all postings. */
bool cs_match_is_selective(const struct cs_plan *plan);

#endif
