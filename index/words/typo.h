/*
 * typo.h - what a word that nobody wrote was meant to be.
 *
 * The distance of two words counts letters that are missing, too many or
 * wrong, and neighbours that changed places (optimal string alignment). From
 * five letters on one such mistake is looked for, from nine letters on two,
 * and then the first letter must be right. Words with a digit are never
 * touched: they are names of things.
 *
 * A correction stands in at least three times as many documents as the word,
 * and in at least three; in a small mirror (cs_lexicon_size() below 40,000
 * terms) in two, in a tiny one (below 10,000) in one.
 */
#ifndef CS_INDEX_WORDS_TYPO_H
#define CS_INDEX_WORDS_TYPO_H

#include "index/words/lexicon.h"
#include "src/arena.h"

struct cs_typo {
    const char *term;  /* two words with a blank between: it was split */
    int64_t df;        /* of two words the smaller one */
    unsigned distance; /* 1 or 2 */
};

/* The best correction of a folded word; NULL when there is none. It is a term,
 * or two with a blank between them ("troubleshooting" for a mirror that writes
 * "trouble shooting"). `max_distance` 0: by the word's length, else 1 or 2.
 * The string is in `arena`. */
enum cs_status cs_typo_correct(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               unsigned max_distance, const char **ret,
                               int64_t *ret_df, struct cs_error *err);

/* All terms within the distance (1 or 2; 0: by length, but at least 1), the
 * word itself too if it is one, the best first, `max` at most: word~1. Also of
 * short words and those with digits, and however rare they are: it was asked
 * for. */
enum cs_status cs_typo_similar(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               unsigned max_distance, size_t max,
                               struct cs_typo **ret, size_t *ret_n,
                               struct cs_error *err);

/* Terms to offer when a word finds nothing: those at distance 1 and 2 whatever
 * its length, then those that begin like it, `max` at most; the word itself is
 * not among them. */
enum cs_status cs_typo_nearest(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               size_t max, struct cs_typo **ret, size_t *ret_n,
                               struct cs_error *err);

#endif
