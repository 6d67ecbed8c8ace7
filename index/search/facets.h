/*
 * facets.h - how the hits of a search divide: by space, type, author, year,
 * status, label. Counted from vectors; only labels are read from rows.
 */
#ifndef CS_INDEX_SEARCH_FACETS_H
#define CS_INDEX_SEARCH_FACETS_H

#include "index/search/board.h"
#include "index/search/search.h"

/* Values of one facet, at most. */
#define CS_FACETS_VALUES 20

/* Count the entries of `board` that are hits (with `parts`, those that have
 * some of the words, too), in `arena`. */
enum cs_status cs_facets_count(struct cs_db *db, struct cs_vectors *vectors,
                               struct cs_arena *arena, struct cs_board *board,
                               bool parts, const struct cs_search_facet **ret,
                               size_t *ret_n, struct cs_error *err);

#endif
