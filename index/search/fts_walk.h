/*
 * fts_walk.h - FTS5 led through an expression, and its API in our hands.
 *
 * No row comes out of SQLite: an auxiliary function of ours stands in WHERE,
 * and is where positions can be read.
 */
#ifndef CS_INDEX_SEARCH_FTS_WALK_H
#define CS_INDEX_SEARCH_FTS_WALK_H

#include "index/db.h"

/* Called for each document of the expression. `*ret_done` ends the walk; so
 * does a code of SQLite other than SQLITE_OK, and fails it. */
typedef int cs_fts_visit_fn(void *payload, const Fts5ExtensionApi *api,
                            Fts5Context *fts, bool *ret_done);

/* Walk along a MATCH expression. */
enum cs_status cs_fts_walk(struct cs_db *db, const char *match,
                           cs_fts_visit_fn *visit, void *payload,
                           struct cs_error *err);

#endif
