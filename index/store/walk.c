/*
 * walk.c - a step for each row of a selection.
 */
#include "index/store/internal.h"

enum cs_status cs_walk_rows(struct cs_store *store, const char *sql,
                            int64_t arg, cs_walk_fn *visit,
                            struct cs_error *err)
{
    struct cs_strbuf rows CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(store->db, &query, err, sql, "i", arg);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        int64_t id = cs_query_int(&query, 0);
        cs_strbuf_put(&rows, (const char *)&id, sizeof(id));
    }
    cs_query_close(&query);
    if (!status)
        status = cs_strbuf_status(&rows, err);
    for (size_t at = 0; at < rows.len && !status; at += sizeof(int64_t)) {
        int64_t id;
        memcpy(&id, rows.data + at, sizeof(id));
        status = visit(store, id, err);
    }
    return status;
}
