/*
 * quantile.c - by sorting.
 */
#include "tests/bench/search/quantile.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double quantile(double *values, size_t n, double q)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof(*values), by_value);
    double at = ceil(q * (double)n) - 1;
    return values[at < 0 ? 0 : (size_t)at];
}
