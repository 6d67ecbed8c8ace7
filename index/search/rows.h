/*
 * rows.h - sets of documents, by row id.
 */
#ifndef CS_INDEX_SEARCH_ROWS_H
#define CS_INDEX_SEARCH_ROWS_H

#include "index/db.h"
#include "src/arena.h"

struct cs_rows {
    uint64_t *bits;
    size_t n; /* rows below it have a bit */
};

/* An empty set with room for every document there is, in `arena`. */
enum cs_status cs_rows_make(struct cs_db *db, struct cs_arena *arena,
                            struct cs_rows *ret, struct cs_error *err);

/* Add a row; one beyond its room is not a document's. */
static inline void cs_rows_add(struct cs_rows *rows, int64_t row)
{
    if (row >= 0 && (size_t)row < rows->n)
        rows->bits[row / 64] |= (uint64_t)1 << (row % 64);
}

static inline bool cs_rows_have(const struct cs_rows *rows, int64_t row)
{
    return row >= 0 && (size_t)row < rows->n &&
           (rows->bits[row / 64] >> (row % 64) & 1);
}

/* Add the first column of each row of a query, and close it. */
enum cs_status cs_rows_take(struct cs_rows *rows, struct cs_query *query,
                            struct cs_error *err);

#endif
