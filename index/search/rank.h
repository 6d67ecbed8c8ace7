/*
 * rank.h - of the documents on the board, those that suit, and the best first.
 *
 *     S     = sum over groups of idf * tf * (k1 + 1) / (tf + k1), k1 1.8; tf is
 *             the sum over fields of weight * occurrences / norm of its length
 *     score = (S + 2 * P / (P + 1.2)) * exact * prior * recency
 *
 * exact: the title is the query. prior: archived and deprecated pages lose,
 * pages that many link to gain. recency: at most a quarter more for what is
 * new. All three are bounded: they never outweigh what a page is about.
 */
#ifndef CS_INDEX_SEARCH_RANK_H
#define CS_INDEX_SEARCH_RANK_H

#include "index/search/gather.h"
#include "index/search/search.h"

struct cs_rank_hit {
    int64_t document;
    double score;
    uint64_t mask; /* groups that it has */
    enum cs_search_tier tier;
    bool title; /* has the words of the query for a title, it seems */
    struct cs_search_parts parts;
};

/* Does pattern `number` of the plan fit a document? Asked last. */
typedef bool cs_rank_pattern_fn(void *payload, size_t number, int64_t document);

struct cs_rank {
    struct cs_gather *gather;
    int64_t now_ms;
    bool by_date;    /* newest first, instead of best first */
    bool exhaustive; /* documents without any of the words may suit */
    bool strict;     /* no documents that have some of the words only */
    int64_t except;  /* this document is none; 0: all may be */
    size_t max;      /* hits wanted */
    cs_rank_pattern_fn *fits;
    void *patterns;

    struct cs_rank_hit *hits; /* of `max` */
    size_t n;
    int64_t full, part; /* documents with all, with some of it */
};

/* Judge all documents: fills hits, in order, and counts. The board's entries
 * tell by their state which they are. */
enum cs_status cs_rank_all(struct cs_rank *rank, struct cs_error *err);

/* The same, without a board, where the plan has but one group and nobody asks
 * the board afterwards. `*ret_done` is false, and nothing was done, where that
 * cannot be. */
enum cs_status cs_rank_each(struct cs_rank *rank, bool *ret_done,
                            struct cs_error *err);

/* Factor and sum once more, after a part has changed. */
double cs_rank_score(const struct cs_search_parts *parts);

/* Sort hits: tier where it counts, score, row. */
void cs_rank_sort(const struct cs_rank *rank, struct cs_rank_hit *hits,
                  size_t n);

#endif
