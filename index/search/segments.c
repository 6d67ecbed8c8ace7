/*
 * segments.c - see segments.h.
 */
#include "index/search/segments.h"

#include "index/search/varint.h"

#include <stdlib.h>

enum {
    STRUCTURE = 10, /* row of fts_data */
    VERSION = 4,
    COOKIE = 4,          /* bytes before the structure */
    SEGMENTS_MAX = 2000, /* FTS5's own limit */
    SEGMENT_ID_MAX = 0xffff,
};

/* What is left to read of the structure. */
struct bytes {
    const unsigned char *at, *end;
};

static bool read_number(struct bytes *bytes, uint64_t *ret)
{
    size_t used = cs_varint_read(bytes->at, bytes->end, ret);
    bytes->at += used;
    return used > 0;
}

static bool read_segment(struct bytes *bytes, struct cs_segment *ret)
{
    uint64_t id, first, last;
    if (!read_number(bytes, &id) || !read_number(bytes, &first) ||
        !read_number(bytes, &last))
        return false;
    *ret = (struct cs_segment){(int64_t)id, (int64_t)first, (int64_t)last};
    return id <= SEGMENT_ID_MAX && first <= last && last <= INT32_MAX;
}

/* Segments stand level by level, the oldest of a level first; higher levels are
 * older. */
static bool read_levels(struct bytes *bytes, uint64_t levels, size_t wanted,
                        struct cs_segments *ret)
{
    uint64_t merging, n;
    for (uint64_t level = 0; level < levels; level++) {
        if (!read_number(bytes, &merging) || !read_number(bytes, &n) ||
            n > wanted - ret->n)
            return false;
        for (uint64_t i = n; i > 0; i--)
            if (!read_segment(bytes, &ret->of[ret->n + i - 1]))
                return false;
        ret->n += (size_t)n;
    }
    return ret->n == wanted;
}

/* NULL leaves it to FTS5, which says what is wrong if something is. */
static enum cs_status read_structure(struct bytes bytes,
                                     struct cs_segments **ret,
                                     struct cs_error *err)
{
    uint64_t levels, n, writes;
    if (!read_number(&bytes, &levels) || !read_number(&bytes, &n) ||
        !read_number(&bytes, &writes) || n > SEGMENTS_MAX)
        return CS_OK;
    struct cs_segments *segments =
        calloc(1, sizeof(*segments) + n * sizeof(*segments->of));
    if (!segments)
        return cs_error_no_memory(err);
    if (read_levels(&bytes, levels, (size_t)n, segments))
        *ret = segments;
    else
        free(segments);
    return CS_OK;
}

static bool is_known(const unsigned char *block, size_t len, int64_t version)
{
    static const unsigned char other_layout[] = {0xff, 0, 0, 1};
    if (!block || len < COOKIE || version != VERSION)
        return false;
    return len < COOKIE + sizeof(other_layout) ||
           memcmp(block + COOKIE, other_layout, sizeof(other_layout)) != 0;
}

enum cs_status cs_segments_read(struct cs_db *db, struct cs_segments **ret,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    size_t len = 0;
    *ret = NULL;
    if (sqlite3_txn_state(cs_db_handle(db), "main") == SQLITE_TXN_WRITE)
        return CS_OK;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT block, (SELECT v FROM fts_config"
                    " WHERE k = 'version') FROM fts_data WHERE id = ?1",
                    "i", (int64_t)STRUCTURE);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    const unsigned char *block = cs_query_blob(&query, 0, &len);
    if (!is_known(block, len, cs_query_int(&query, 1)))
        return CS_OK;
    return read_structure((struct bytes){block + COOKIE, block + len}, ret,
                          err);
}
