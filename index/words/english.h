/*
 * english.h - stems of English words (Snowball's Porter2).
 *
 * Of libstemmer only this language is linked, from its archive: whoever loads
 * the shared library waits for the tables of some thirty more.
 */
#ifndef CS_INDEX_WORDS_ENGLISH_H
#define CS_INDEX_WORDS_ENGLISH_H

#include <stddef.h>

struct cs_english;

/* NULL without memory; the caller frees it. */
struct cs_english *cs_english_new(void);
void cs_english_free(struct cs_english *english);

/* The stem of a folded word in UTF-8 and its length in bytes, borrowed until
 * the next call; NULL without memory. */
const char *cs_english_stem(struct cs_english *english, const char *word,
                            size_t len, size_t *ret_len);

#endif
