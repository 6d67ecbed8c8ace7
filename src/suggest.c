/*
 * suggest.c - optimal string alignment over three rows.
 */
#include "src/suggest.h"

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t cs_suggest_distance(const char *a, const char *b)
{
    size_t rows[3][CS_SUGGEST_MAX + 1];
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > CS_SUGGEST_MAX || b_len > CS_SUGGEST_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3], *last = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = min3(last[j] + 1, row[j - 1] + 1, change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = min3(row[j], rows[(i + 1) % 3][j - 2] + 1, row[j]);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *cs_suggest_nearest(const char *word, const char *const *names,
                               size_t n)
{
    size_t limit = strlen(word) / 3, nearest = limit > 0 ? limit + 1 : 2;
    const char *best = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t distance = cs_suggest_distance(word, names[i]);
        if (distance >= nearest)
            continue;
        best = names[i];
        nearest = distance;
    }
    return best;
}
