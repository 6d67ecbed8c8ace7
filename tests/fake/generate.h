/*
 * Words for generated pages: a fixed vocabulary drawn by a Zipf-like law.
 */
#ifndef FAKE_GENERATE_H
#define FAKE_GENERATE_H

#include "tests/fake/model.h"

struct fk_words;

/* The next number of a splitmix64 sequence. */
uint64_t fk_random(uint64_t *state);

struct fk_words *fk_words_new(void);
void fk_words_free(struct fk_words *words);

/* Append one word drawn with this random state. */
void fk_words_add(const struct fk_words *words, uint64_t *state,
                  struct fk_buf *out);

/* Hang files and comments on the pages, so many to a hundred of them. */
void fk_generate_leaves(struct fk_site *site, const struct fk_words *words,
                        long seed, long files, long comments);

#endif
