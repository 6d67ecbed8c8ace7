/*
 * find.h - where the terms of a query stand in a text.
 *
 * FTS5 says which documents match, and for the few that are shown this says
 * where: by the same tokens, so that case and diacritics are folded alike, and
 * with phrases and prefixes as MATCH means them.
 */
#ifndef CS_INDEX_SEARCH_FIND_H
#define CS_INDEX_SEARCH_FIND_H

#include "index/search/matcher.h"
#include "index/search/query.h"

struct cs_needles;

/* Make the terms of `query` that must be found ready for searching; they live
 * in `arena`, which also borrows nothing. */
enum cs_status cs_needles_make(struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer,
                               const struct cs_search_query *query,
                               struct cs_needles **ret, struct cs_error *err);

/* Find all hits in `text`, ordered by their ends, in `arena`; `term` counts
 * those that must be found. */
enum cs_status cs_needles_find(const struct cs_needles *needles,
                               struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer, const char *text,
                               size_t len, struct cs_found **ret, size_t *ret_n,
                               struct cs_error *err);

#endif
