/*
 * literal.h - what every match of a pattern must contain.
 *
 * A small parser of its own walks concatenations, groups, alternatives and
 * repetitions; classes, references and whatever it does not know may be
 * anything. In doubt it requires less, never more.
 */
#ifndef CS_INDEX_SEARCH_LITERAL_H
#define CS_INDEX_SEARCH_LITERAL_H

#include "src/arena.h"

enum cs_literal_kind {
    CS_LITERAL_TEXT, /* these bytes, one behind another */
    CS_LITERAL_ALL,  /* all of the children */
    CS_LITERAL_ANY   /* one of the children at least */
};

struct cs_literal {
    enum cs_literal_kind kind;
    bool caseless; /* TEXT: without regard to case */
    const char *text;
    size_t len;
    const struct cs_literal *first, *next; /* children; the next of these */
};

/* The literals of a pattern that compiles; `flags` as cs_regex_flags() tells
 * them. NULL in `*ret`: nothing is required. In `arena`. */
enum cs_status cs_literals_of(struct cs_arena *arena, const char *pattern,
                              size_t len, unsigned flags,
                              const struct cs_literal **ret,
                              struct cs_error *err);

/* False when a text surely lacks what is required: a quick look that spares a
 * match. Literals without regard to case are not looked at. */
bool cs_literal_may_hold(const struct cs_literal *literal, const char *text,
                         size_t len);

#endif
