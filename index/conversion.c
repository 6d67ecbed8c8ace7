/*
 * conversion.c - one query over the report of every document.
 */
#include "index/conversion.h"

static const char sum_up[] =
    "SELECT kind, name,"
    " sum(n) FILTER (WHERE outcome = 'rendered'),"
    " sum(n) FILTER (WHERE outcome = 'degraded') AS degraded,"
    " sum(n) FILTER (WHERE outcome = 'kept-raw') AS kept_raw,"
    " sum(n) FILTER (WHERE outcome = 'dropped') AS dropped,"
    " count(DISTINCT iif(outcome = 'rendered', NULL, document))"
    " FROM conversion GROUP BY kind, name"
    " ORDER BY dropped DESC NULLS LAST, kept_raw DESC NULLS LAST,"
    "  degraded DESC NULLS LAST, kind, name";

static void read_row(struct cs_arena *arena, struct cs_query *query,
                     struct cs_conversion_sum *sum)
{
    sum->kind = cs_arena_strdup(arena, cs_query_text(query, 0));
    sum->name = cs_arena_strdup(arena, cs_query_text(query, 1));
    for (int i = 0; i < CS_OUTCOMES; i++)
        sum->counts[i] = cs_query_int(query, 2 + i);
    sum->documents = cs_query_int(query, 2 + CS_OUTCOMES);
}

enum cs_status cs_conversion_read(struct cs_index *index,
                                  struct cs_arena *arena,
                                  struct cs_conversion_sum **ret, size_t *ret_n,
                                  struct cs_error *err)
{
    struct cs_db *db = cs_index_db(index);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    int64_t max = 0;
    size_t n = 0;
    bool row = true;
    enum cs_status status =
        cs_db_int(db, &max, err,
                  "SELECT count(*) FROM"
                  " (SELECT DISTINCT kind, name FROM conversion)",
                  "");
    struct cs_conversion_sum *sums =
        cs_arena_array(arena, (size_t)max + 1, sizeof(*sums));
    if (!status && !sums)
        return cs_arena_status(arena, err);
    if (!status)
        status = cs_db_query(db, &query, err, sum_up, "");
    while (!status && n < (size_t)max) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_row(arena, &query, &sums[n++]);
    }
    if (!status)
        status = cs_arena_status(arena, err);
    if (status)
        return status;
    *ret = sums;
    *ret_n = n;
    return CS_OK;
}
