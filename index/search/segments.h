/*
 * segments.h - the segments of FTS5's index, for those who read its tables.
 *
 * The layout of the tables is that of the comment at the head of SQLite's
 * ext/fts5/fts5_index.c, which all files of `version` 4 have in common. Any
 * other version is left to FTS5, and so is a write transaction, whose entries
 * are still in FTS5's memory.
 */
#ifndef CS_INDEX_SEARCH_SEGMENTS_H
#define CS_INDEX_SEARCH_SEGMENTS_H

#include "index/db.h"

/* Leaves of one segment, numbered without gaps. */
struct cs_segment {
    int64_t id;
    int64_t first, last;
};

struct cs_segments {
    size_t n;
    struct cs_segment of[]; /* newest first */
};

/* What there is in the transaction that is open. `*ret` is NULL where FTS5 must
 * be asked; the caller frees it with free(). */
enum cs_status cs_segments_read(struct cs_db *db, struct cs_segments **ret,
                                struct cs_error *err);

#endif
