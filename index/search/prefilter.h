/*
 * prefilter.h - from what a pattern requires to an expression for MATCH.
 */
#ifndef CS_INDEX_SEARCH_PREFILTER_H
#define CS_INDEX_SEARCH_PREFILTER_H

#include "index/search/literal.h"
#include "index/words/lexicon.h"

enum cs_prefilter {
    CS_PREFILTER_SCAN,  /* everything must be read */
    CS_PREFILTER_MATCH, /* only what the expression matches */
    CS_PREFILTER_NONE   /* nothing can match */
};

/* Make an expression for MATCH on fts, in `arena`; "" without one. It matches
 * every document whose text holds the literals, and some others. `documents` is
 * how many there are: what stands in most of them is no help. */
enum cs_status cs_prefilter_make(struct cs_arena *arena,
                                 struct cs_lexicon *lexicon,
                                 const struct cs_literal *literals,
                                 int64_t documents, enum cs_prefilter *ret,
                                 const char **ret_expression,
                                 struct cs_error *err);

/* The terms of the lexicon that hold `text`, at their beginning or end if they
 * are closed there, as one position of MATCH: "a|b|c". `*ret_documents`: the
 * sum of their df, 0 for none; -1 when they are too many, or the sum is above
 * `max`. */
enum cs_status cs_prefilter_terms(struct cs_arena *arena,
                                  struct cs_lexicon *lexicon, const char *text,
                                  size_t len, bool open_left, bool open_right,
                                  int64_t max, const char **ret,
                                  int64_t *ret_documents, struct cs_error *err);

#endif
