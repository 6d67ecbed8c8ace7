/*
 * predicate.h - the filters of a query, as a test on a document's vector.
 *
 * Everything that a filter needs is looked up once, before the first document
 * is asked about: the numbers of spaces and authors, and for filters that no
 * vector can answer (labels, links, paths, ...) the rows that suit, as a set.
 * So nothing is joined while documents are ranked.
 */
#ifndef CS_INDEX_SEARCH_PREDICATE_H
#define CS_INDEX_SEARCH_PREDICATE_H

#include "index/index.h"
#include "index/search/expr.h"
#include "index/words/vector.h"

struct cs_search_request;
struct cs_predicate;

/* Make the test for the filters of `expr` and of `request`, in `arena`, on
 * documents of `vectors`. Warns in `expr` of spaces, authors and the like that
 * are not there. CS_ERR_USAGE for a type that does not exist in the request. */
enum cs_status cs_predicate_make(
    struct cs_index *index, struct cs_vectors *vectors, struct cs_arena *arena,
    const struct cs_search_request *request, struct cs_expr *expr,
    struct cs_predicate **ret, struct cs_error *err);

/* True when there are no filters. */
bool cs_predicate_is_empty(const struct cs_predicate *predicate);

/* Does it hold for a document? */
bool cs_predicate_holds(struct cs_predicate *predicate, int64_t document,
                        const struct cs_vector *vector);

/* The first failure to look something up meanwhile. */
enum cs_status cs_predicate_status(const struct cs_predicate *predicate,
                                   struct cs_error *err);

#endif
