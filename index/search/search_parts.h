/*
 * search_parts.h - one search under way: what the files of the engine hand on
 * to each other.
 */
#ifndef CS_INDEX_SEARCH_SEARCH_PARTS_H
#define CS_INDEX_SEARCH_SEARCH_PARTS_H

#include "index/search/cursor.h"
#include "index/search/rank.h"
#include "index/search/regex.h"
#include "index/search/rows.h"

/* The best documents whose text is looked at before they are put in their last
 * order. */
#define CS_SEARCH_WINDOW 50

struct cs_search {
    struct cs_index *index;
    struct cs_db *db;
    const struct cs_search_request *request;
    struct cs_arena *arena; /* of the result */
    struct cs_expr expr;
    const char *expression;
    struct cs_lexicon *lexicon;
    struct cs_vectors *vectors;
    struct cs_vector_totals totals;
    struct cs_predicate *predicate;
    struct cs_plan *plan;
    struct cs_weights weights;
    struct cs_gather gather;
    struct cs_rank rank;
    enum cs_search_sort sort;
    int64_t limit;
    int64_t generation;
    struct cs_cursor cursor; /* of the page before this one */
    bool continued;          /* there was one */
    bool similar;            /* no query was typed */
    bool apart; /* nothing has its compounds: their parts will do */

    struct cs_regex **regexes; /* of the plan's patterns */
    struct cs_rows *fitting;   /* documents that each of them fits */
    bool partial;

    int64_t first; /* a document that was named, and comes first; 0: none */
    int64_t total;
    struct cs_search_hit *hits;
    size_t n;
    const char *next_cursor;
    bool index_changed;
};

/* patterns.c: find the documents that the patterns fit, and put them on the
 * board. */
enum cs_status cs_search_patterns(struct cs_search *run, struct cs_error *err);
void cs_search_patterns_free(struct cs_search *run);
cs_rank_pattern_fn cs_search_fits;

/* exact.c: the document that the query names by id or URL, if it does. */
enum cs_status cs_search_named(struct cs_search *run, struct cs_error *err);

/* exact.c: of the first hits, those whose text has names as they were typed,
 * or whose title is the query, come first. */
enum cs_status cs_search_exact(struct cs_search *run, struct cs_error *err);

/* sort.c: put all hits in the order of a column of their rows. */
enum cs_status cs_search_order(struct cs_search *run, struct cs_error *err);

/* page.c: the hits of this page: near-duplicates collapsed, and where the next
 * one begins. */
enum cs_status cs_search_page(struct cs_search *run, struct cs_error *err);

/* dress.c: all that is told of the hits. */
enum cs_status cs_search_dress(struct cs_search *run, struct cs_error *err);

/* answer.c: all that an answer says, its hits included. */
enum cs_status cs_search_answer(struct cs_search *run,
                                struct cs_search_result *result,
                                struct cs_error *err);

#endif
