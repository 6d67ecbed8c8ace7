/*
 * literal_part.h - what is known of a part of a pattern, and how the knowledge
 * of parts makes that of what they are parts of.
 *
 * While a concatenation is read, the few strings are held that may end where
 * the reading is ("color", "colour"). What can be anything ends them: then one
 * of them is required, unless one is empty. So alternatives join with what
 * stands around them as long as they are few.
 */
#ifndef CS_INDEX_SEARCH_LITERAL_PART_H
#define CS_INDEX_SEARCH_LITERAL_PART_H

#include "index/search/literal.h"

#define CS_LITERAL_STRINGS_MAX 16  /* that may end at one place */
#define CS_LITERAL_BYTES_MAX   128 /* of one */
#define CS_LITERAL_MANY        0x7fffffff

struct cs_strings {
    const char *text[CS_LITERAL_STRINGS_MAX];
    size_t len[CS_LITERAL_STRINGS_MAX];
    size_t n;
    bool caseless;
};

struct cs_literal_part {
    bool exact; /* it matches one of `strings`, and nothing else */
    struct cs_strings strings;
    struct cs_literal *needs, *last; /* what it must contain, all of them */
};

struct cs_times {
    int min, max; /* CS_LITERAL_MANY: no end */
};

/* A part of one string (copied), of no width, of which nothing is known. Memory
 * that is out shows in the arena, here and below. */
struct cs_literal_part cs_literal_part_of(struct cs_arena *arena,
                                          const char *text, size_t len,
                                          bool caseless);
struct cs_literal_part cs_literal_part_empty(void);
struct cs_literal_part cs_literal_part_any(void);

/* Append `item`, repeated; what it needs goes over to `part`. */
void cs_literal_part_append(struct cs_arena *arena,
                            struct cs_literal_part *part,
                            const struct cs_literal_part *item,
                            struct cs_times times);

/* One of both; what they need goes over to it. */
struct cs_literal_part cs_literal_part_either(struct cs_arena *arena,
                                              struct cs_literal_part *a,
                                              struct cs_literal_part *b);

/* All that a part needs, as one literal; NULL: nothing. */
struct cs_literal *cs_literal_part_needs(struct cs_arena *arena,
                                         struct cs_literal_part *part);

#endif
