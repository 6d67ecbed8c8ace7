/*
 * simhash.h - 64 bits that are nearly the same for texts that are nearly the
 * same.
 *
 * Each three words of a text that stand side by side give 64 bits; of all of
 * them, each bit is what the most have. So a word that was put in or taken out
 * moves few bits, and another text has half of them otherwise.
 */
#ifndef CS_INDEX_WORDS_SIMHASH_H
#define CS_INDEX_WORDS_SIMHASH_H

#include "src/cs.h"

/* A text of fewer words says too little to be compared. */
#define CS_SIMHASH_WORDS_MIN 20
/* Bits in which near ones may differ. */
#define CS_SIMHASH_NEAR 3

/* The fingerprint of a text, of any bytes: of its words as split.h has them,
 * folded, without the wholes. False for a text that is too short; `*ret` is
 * untouched then. The same text gives the same bits for ever, until the rules
 * of splitting change (CS_WORDS_VERSION). */
bool cs_simhash(const char *text, size_t len, uint64_t *ret);

/* Bits in which two differ, 0 to 64. */
unsigned cs_simhash_distance(uint64_t a, uint64_t b);

/* At most CS_SIMHASH_NEAR. */
bool cs_simhash_near(uint64_t a, uint64_t b);

#endif
