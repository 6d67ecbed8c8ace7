/*
 * gather.h - postings onto the board.
 *
 * Term at a time, the documents of each group are read by themselves: single
 * tokens from their doclists (postings.h), phrases by FTS5 (fts_walk.h). That
 * is the cheaper way for anything that many documents have. Or FTS5 follows the
 * tree, and skips what a rare word rules out.
 */
#ifndef CS_INDEX_SEARCH_GATHER_H
#define CS_INDEX_SEARCH_GATHER_H

#include "index/search/board.h"
#include "index/search/match.h"
#include "index/search/predicate.h"
#include "index/search/weights.h"

struct cs_gather {
    struct cs_db *db;
    struct cs_vectors *vectors;
    struct cs_predicate *predicate;
    const struct cs_plan *plan;
    const struct cs_weights *weights;
    struct cs_board *board;
    float idf[CS_PLAN_GROUPS_MAX]; /* of the groups that were read */
    int64_t df[CS_PLAN_GROUPS_MAX];
};

/* Read the postings of all groups. */
enum cs_status cs_gather_any(struct cs_gather *gather, struct cs_error *err);

/* Read those of the only group and call `visit` for each document that is in,
 * in place of the board. Scores of the text lack the factor idf[0], which is
 * known at the end. `*ret_done` is false, and nothing was read, where the plan
 * has more to it than single tokens of one group. */
enum cs_status cs_gather_each(struct cs_gather *gather, cs_board_fn *visit,
                              void *payload, bool *ret_done,
                              struct cs_error *err);

/* Read those of the documents that suit the tree; `*ret_done` is false, and
 * nothing was read, when FTS5 cannot be asked so. */
enum cs_status cs_gather_tree(struct cs_gather *gather, bool *ret_done,
                              struct cs_error *err);

/* A document that was not looked at yet: is it in or out? Its vector is NULL
 * when it is not indexed. */
void cs_gather_admit(struct cs_gather *gather, int64_t document,
                     const struct cs_vector *vector,
                     struct cs_board_entry *entry);

/* Bring the score of an entry up to date when all is read. */
void cs_gather_fold(const struct cs_gather *gather,
                    struct cs_board_entry *entry);

#endif
