/*
 * literal_run.h - a literal of a pattern cut into runs, as split.h would cut
 * the text that it stands in, without knowing what stands around it.
 */
#ifndef CS_INDEX_SEARCH_LITERAL_RUN_H
#define CS_INDEX_SEARCH_LITERAL_RUN_H

#include "index/search/literal.h"

enum cs_letter {
    CS_LETTER_NONE,  /* separates words */
    CS_LETTER_BREAK, /* and fields: a line's end */
    CS_LETTER_ODD,   /* may or may not */
    CS_LETTER_WORD,
    CS_LETTER_PAIR, /* of a script that is cut into pairs */
};

struct cs_run {
    const char *text; /* within the literal */
    size_t len;
    enum cs_letter letter;      /* WORD or PAIR */
    bool open_left, open_right; /* in the text it may be longer */
    bool beside; /* nothing but separators since the run before */
};

struct cs_run_cursor {
    const char *text;
    size_t len, at;
    enum cs_letter before; /* here */
};

/* At the beginning of a literal. */
static inline struct cs_run_cursor cs_run_first(
    const struct cs_literal *literal)
{
    return (struct cs_run_cursor){literal->text, literal->len, 0,
                                  CS_LETTER_ODD};
}

/* The next run; false at the end. */
bool cs_run_next(struct cs_run_cursor *cursor, struct cs_run *ret);

#endif
