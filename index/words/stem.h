/*
 * stem.h - the family of a word: the terms that share its stem (Snowball,
 * English).
 *
 * No stems are stored. A stem and its words begin alike, so a family is a
 * short walk of the lexicon; what cannot have one (digits, other scripts than
 * plain Latin, fewer than three letters) is its own family.
 */
#ifndef CS_INDEX_WORDS_STEM_H
#define CS_INDEX_WORDS_STEM_H

#include "index/words/lexicon.h"
#include "src/arena.h"

struct cs_family {
    const char *term;
    int64_t df;
};

/* The family of a folded word: the word itself first, also when no document
 * has it (df 0), then the others, the most frequent first, `max` in all (at
 * least 1). The array and the terms are in `arena`. */
enum cs_status cs_stem_family(struct cs_lexicon *lexicon,
                              struct cs_arena *arena, const char *word,
                              size_t max, struct cs_family **ret, size_t *ret_n,
                              struct cs_error *err);

#endif
