/*
 * expr_hostile.h - queries that try to break the parser, by a number; and what
 * must hold of every query.
 */
#ifndef CS_TESTS_LIB_EXPR_HOSTILE_H
#define CS_TESTS_LIB_EXPR_HOSTILE_H

#include "index/search/expr.h"

#define EXPR_HOSTILE_MAX 6000

/* Fill `buf` with the query of a seed; returns its bytes. The same seed gives
 * the same query. */
size_t expr_hostile(uint64_t seed, char buf[EXPR_HOSTILE_MAX]);

/* Parse any bytes in every mode, print what came out and parse that again.
 * NULL when all is as it must be, else what is not; the text of it stands in
 * `what`. `*ret_ns` is the CPU time that the thread took to parse once. */
const char *expr_check(const char *text, size_t len, struct cs_strbuf *what,
                       int64_t *ret_ns);

#endif
