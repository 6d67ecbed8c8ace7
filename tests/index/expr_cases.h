/*
 * expr_cases.h - queries, the trees that they give as expr_dump() writes them,
 * and how the first warning begins; NULL: there is none. A row of NULLs ends
 * each table. It is 2026-05-06T07:08:09Z.
 */
#ifndef CS_TESTS_INDEX_EXPR_CASES_H
#define CS_TESTS_INDEX_EXPR_CASES_H

#include <stddef.h>

struct expr_case {
    const char *query, *tree, *warning;
};

extern const struct expr_case expr_cases_words[];
extern const struct expr_case expr_cases_filters[];

#endif
