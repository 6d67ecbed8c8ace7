/*
 * expand.h - the words that begin alike, and the phrases of a group.
 */
#ifndef CS_INDEX_SEARCH_EXPAND_H
#define CS_INDEX_SEARCH_EXPAND_H

#include "index/search/terms.h"

/* Add a phrase to a group; the text is copied into `arena`. One that is among
 * the first is not added again. */
enum cs_status cs_expand_add(struct cs_arena *arena,
                             struct cs_term_group *group, const char *text,
                             size_t n_tokens, double weight, int64_t df,
                             struct cs_error *err);

/* Add the most frequent terms that begin with `prefix`, as far as they are
 * worth the work; `narrowed` tells that some were left out. */
enum cs_status cs_expand_prefix(struct cs_lexicon *lexicon,
                                struct cs_arena *arena, const char *prefix,
                                size_t len, struct cs_term_group *group,
                                struct cs_error *err);

/* The same as one token for any of them ("rest|restart|restarts"), to stand in
 * a phrase; NULL when there are none. `ret_df`: the sum. */
enum cs_status cs_expand_any(struct cs_lexicon *lexicon, struct cs_arena *arena,
                             const char *prefix, size_t len,
                             struct cs_term_group *group, const char **ret,
                             int64_t *ret_df, struct cs_error *err);

#endif
