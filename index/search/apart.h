/*
 * apart.h - a query of which nothing was found, with its compounds taken apart.
 *
 * `getRetryBudget` is then get, retry and budget, and a question in Japanese,
 * which is one run of characters, the pairs that it consists of.
 */
#ifndef CS_INDEX_SEARCH_APART_H
#define CS_INDEX_SEARCH_APART_H

#include "index/search/expr.h"

/* Make `*ret` of a plain `expr`, in `arena`; its notes are those of `expr`.
 * False when there is nothing to take apart: names with digits stay whole, for
 * PAY-1043 is not PAY-1042; or without memory, which the arena then tells. */
bool cs_expr_apart(struct cs_arena *arena, const struct cs_expr *expr,
                   struct cs_expr *ret);

#endif
