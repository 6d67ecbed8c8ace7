/*
 * rows.c - a bit for each row id.
 */
#include "index/search/rows.h"

enum { ROWS_MAX = 1 << 28 };

enum cs_status cs_rows_make(struct cs_db *db, struct cs_arena *arena,
                            struct cs_rows *ret, struct cs_error *err)
{
    int64_t last = 0;
    enum cs_status status =
        cs_db_int(db, &last, err, "SELECT max(id) FROM document", "");
    if (status)
        return status;
    if (last < 0 || last > ROWS_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "too many documents");
    size_t words = (size_t)last / 64 + 1;
    uint64_t *bits = cs_arena_array(arena, words, sizeof(*bits));
    if (!bits)
        return cs_arena_status(arena, err);
    *ret = (struct cs_rows){bits, words * 64};
    return CS_OK;
}

enum cs_status cs_rows_take(struct cs_rows *rows, struct cs_query *query,
                            struct cs_error *err)
{
    enum cs_status status = CS_OK;
    bool row = true;
    while (!status && row) {
        status = cs_query_next(query, &row, err);
        if (!status && row)
            cs_rows_add(rows, cs_query_int(query, 0));
    }
    cs_query_close(query);
    *query = (struct cs_query){0};
    return status;
}
