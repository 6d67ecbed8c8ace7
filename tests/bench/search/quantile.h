/*
 * quantile.h - of what was measured.
 */
#ifndef CS_TESTS_BENCH_SEARCH_QUANTILE_H
#define CS_TESTS_BENCH_SEARCH_QUANTILE_H

#include <stddef.h>

/* The value that a share `q` of `n` values does not pass; sorts them. */
double quantile(double *values, size_t n, double q);

#endif
