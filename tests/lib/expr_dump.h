/*
 * expr_dump.h - a parsed query as one line, with all that tells it from others.
 *
 *     a "b c" -d | e*            (or (and a "b c" (not d)) e{*})
 *     title:x space:A,B sort:title    x{title} & space=A,B ^title
 */
#ifndef CS_TESTS_LIB_EXPR_DUMP_H
#define CS_TESTS_LIB_EXPR_DUMP_H

#include "index/search/expr.h"

void expr_dump(const struct cs_expr *expr, struct cs_strbuf *out);

/* NULL when the trees have the shape that expr.h promises, else what is wrong
 * with them. */
const char *expr_misshapen(const struct cs_expr *expr);

#endif
