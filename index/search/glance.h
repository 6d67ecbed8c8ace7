/*
 * glance.h - the snippet of a hit by the tokens of unicode61.
 */
#ifndef CS_INDEX_SEARCH_GLANCE_H
#define CS_INDEX_SEARCH_GLANCE_H

#include "index/search/find.h"
#include "index/search/snippet.h"

/* Make the snippet of `markdown`, in `arena`. An empty text gives an empty
 * snippet at line 1. */
enum cs_status cs_snippet_make(struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer,
                               const struct cs_needles *needles,
                               const char *markdown, size_t len,
                               struct cs_snippet *ret, struct cs_error *err);

#endif
