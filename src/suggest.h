/*
 * suggest.h - "did you mean ...?" for a mistyped word.
 *
 * Used wherever people type a name from a short list: commands, options,
 * configuration keys. Search has its own, made for a whole vocabulary.
 */
#ifndef CS_SRC_SUGGEST_H
#define CS_SRC_SUGGEST_H

#include "src/cs.h"

/* Words longer than this are never compared. */
#define CS_SUGGEST_MAX 40

/* The number of letters to insert, drop, change or swap with their neighbour
 * to turn `a` into `b`; SIZE_MAX when one of them is too long. */
size_t cs_suggest_distance(const char *a, const char *b);

/* Of `n` names the one nearest to `word`, or NULL when none is near enough to
 * be what was meant: at most one edit for each three letters, at least one.
 * Borrowed from `names`. */
const char *cs_suggest_nearest(const char *word, const char *const *names,
                               size_t n);

#endif
