/*
 * fulltext.h - the full-text index as a thing: how it is declared, how large it
 * is, how it is built anew.
 */
#ifndef CS_INDEX_UPKEEP_FULLTEXT_H
#define CS_INDEX_UPKEEP_FULLTEXT_H

#include "index/upkeep/internal.h"

/* All entries, behind "INSERT INTO" and the name of an empty table. In the
 * order of the rows: FTS5 writes out what it has gathered whenever a number
 * goes down, and its own `rebuild` takes rows as they come. */
#define CS_FULLTEXT_ROWS                                                       \
    "(rowid, title, labels, body)"                                             \
    " SELECT id, title, labels, body FROM search_text ORDER BY id"

/* What stands behind USING in its declaration: "fts5(...)". In the arena. */
enum cs_status cs_fulltext_module(struct cs_db *db, struct cs_arena *arena,
                                  const char **ret, struct cs_error *err);

/* How many pieces it is in, and how many bytes it has. */
enum cs_status cs_fulltext_size(struct cs_db *db, int64_t *ret_pieces,
                                int64_t *ret_bytes, struct cs_error *err);

/* Report that it is to be built anew, with its size. */
enum cs_status cs_fulltext_report(struct cs_check *check, const char *message,
                                  enum cs_check_severity severity,
                                  struct cs_error *err);

/* Build it anew beside the old one and put it in its place, in one
 * transaction: readers have the old one until its end. */
enum cs_status cs_fulltext_rebuild(struct cs_db *db, struct cs_error *err);

#endif
