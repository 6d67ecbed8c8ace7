/*
 * plan.h - from a query and its filters to SQL.
 *
 * One FROM and WHERE serves the count and the page of hits. MATCH stands alone
 * on the table fts, which is read first; filters are looked up in the rows of
 * the documents that matched. The text is made of literals and numbers; all
 * that a user typed is bound.
 */
#ifndef CS_INDEX_SEARCH_PLAN_H
#define CS_INDEX_SEARCH_PLAN_H

#include "index/search/query.h"
#include "index/search/search.h"

struct cs_search_plan;

/* Plan `query` (parsed from the request's text) with the request's filters.
 * May add warnings to `query`: spaces and authors that are not there. The plan
 * lives in `arena`; it borrows `query`, `request` and `tokenizer`. */
enum cs_status cs_search_plan_make(struct cs_arena *arena, struct cs_db *db,
                                   struct cs_tokenizer *tokenizer,
                                   const struct cs_search_request *request,
                                   struct cs_search_query *query,
                                   struct cs_search_plan **ret,
                                   struct cs_error *err);
/* Takes the plan's SQL function out of the database. NULL is legal. */
void cs_search_plan_clear(struct cs_search_plan *plan);

/* True when nothing is asked for: no terms, no filters. */
bool cs_search_plan_is_empty(const struct cs_search_plan *plan);

/* How many documents match. */
enum cs_status cs_search_plan_count(struct cs_search_plan *plan,
                                    int64_t *ret_total, struct cs_error *err);

/* The page of hits, in order: document row, rank (lower is better). Close
 * `ret_query` with cs_query_close() before the plan is cleared. */
enum cs_status cs_search_plan_page(struct cs_search_plan *plan,
                                   struct cs_query *ret_query,
                                   struct cs_error *err);

#endif
