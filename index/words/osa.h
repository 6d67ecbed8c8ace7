/*
 * osa.h - how far two words are apart: optimal string alignment, where letters
 * are put in, left out, changed, or change places with their neighbour.
 *
 * The word that is looked for is kept as bits, one a letter, so that a whole
 * row of the table of distances is a few operations on a number (Hyyrö 2003).
 *
 * Included by index/words/ only.
 */
#ifndef CS_INDEX_WORDS_OSA_H
#define CS_INDEX_WORDS_OSA_H

#include "src/cs.h"

#define CS_OSA_MAX 64 /* letters of the word */

struct cs_osa {
    uint32_t letters[CS_OSA_MAX]; /* code points */
    size_t n;
    uint64_t ascii[128]; /* where a letter stands in the word */
    uint32_t mask;       /* cs_osa_mask() of it */
};

/* False when the word has more letters, or none. Other than that any bytes are
 * a word. */
bool cs_osa_init(struct cs_osa *osa, const char *word, size_t len);

/* The distance of a term, which may be more than CS_OSA_MAX letters long. */
size_t cs_osa_distance(const struct cs_osa *osa, const char *term, size_t len);

/* No term that begins with `prefix` is nearer than this. */
size_t cs_osa_least(const struct cs_osa *osa, const char *prefix, size_t len);

/* The letters of a term as a set of bits: sets that differ in more than
 * `distance` bits on one side belong to words further apart. Plain Latin
 * only tells much. */
static inline uint32_t cs_osa_mask(const char *term, size_t len)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < len; i++)
        mask |= UINT32_C(1) << ((unsigned char)term[i] & 31);
    return mask;
}

#endif
