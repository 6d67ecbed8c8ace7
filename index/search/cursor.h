/*
 * cursor.h - where a page of hits ended, as text that nobody needs to read.
 *
 * It belongs to one search: to its text, filters, order. While the index has
 * not changed, the next page begins after so many hits; else behind the hit
 * that was the last, wherever that stands now.
 */
#ifndef CS_INDEX_SEARCH_CURSOR_H
#define CS_INDEX_SEARCH_CURSOR_H

#include "index/search/search.h"

struct cs_cursor {
    uint64_t search; /* cs_cursor_of() */
    int64_t generation;
    int64_t now_ms; /* of the first page: what recency counts from */
    int64_t offset; /* ranked documents that were passed */
    int64_t document;
    double score; /* of the last one */
    enum cs_search_tier tier;
};

/* What a search is told by: a hash of the query as it was typed, of the
 * filters and of all else that decides which hits come, in which order. */
uint64_t cs_cursor_of(const struct cs_search_request *request,
                      enum cs_search_sort sort);

/* The text, in `arena`; NULL without memory. */
const char *cs_cursor_print(struct cs_arena *arena,
                            const struct cs_cursor *cursor);

/* Read it back. CS_ERR_USAGE when it is none, or one of another search. */
enum cs_status cs_cursor_parse(const char *text, uint64_t search,
                               struct cs_cursor *ret, struct cs_error *err);

#endif
