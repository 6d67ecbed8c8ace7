/*
 * mirror.h - a set as a mirror, and as a stock FTS5 table beside it.
 */
#ifndef CS_TESTS_RELEVANCE_MIRROR_H
#define CS_TESTS_RELEVANCE_MIRROR_H

#include "tests/relevance/set.h"

#define REL_HITS_MAX 1000

/* Numbers of documents, best first. */
struct rel_hits {
    size_t docs[REL_HITS_MAX];
    size_t n;
    size_t n_asked; /* of those, the first ones that are all that was asked */
};

struct rel_mirror;

/* Bring the set into a new mirror in a temporary folder, through the store; a
 * failure ends the program. Frees with rel_mirror_free(), which removes it. */
struct rel_mirror *rel_mirror_new(const struct rel_set *set);
void rel_mirror_free(struct rel_mirror *mirror);

/* Search as `cs search` does. */
void rel_mirror_search(struct rel_mirror *mirror, const char *query,
                       struct rel_hits *ret);

/* Any word of the query, by FTS5's own bm25 over its own tokenizer. */
void rel_mirror_plain(struct rel_mirror *mirror, const char *query,
                      struct rel_hits *ret);

#endif
