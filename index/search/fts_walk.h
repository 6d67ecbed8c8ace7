/*
 * fts_walk.h - FTS5 led through an expression, and its API in our hands.
 *
 * No row comes out of SQLite: an auxiliary function of ours stands in WHERE,
 * and is where positions can be read.
 */
#ifndef CS_INDEX_SEARCH_FTS_WALK_H
#define CS_INDEX_SEARCH_FTS_WALK_H

#include "index/db.h"
#include "index/search/places.h"

/* Called for each document of the expression. `*ret_done` ends the walk; so
 * does a code of SQLite other than SQLITE_OK, and fails it. */
typedef int cs_fts_visit_fn(void *payload, const Fts5ExtensionApi *api,
                            Fts5Context *fts, bool *ret_done);

/* Walk along a MATCH expression. */
enum cs_status cs_fts_walk(struct cs_db *db, const char *match,
                           cs_fts_visit_fn *visit, void *payload,
                           struct cs_error *err);

/* Where a phrase stands in a document, as FTS5 says or by its bytes: `api` is
 * NULL then, and `at` what cs_place_first() made. */
struct cs_fts_place {
    const Fts5ExtensionApi *api;
    Fts5Context *fts;
    Fts5PhraseIter iter;
    struct cs_place_walk at;
};

/* The first place of a phrase in the row that FTS5 is at, the next one, and the
 * first in another field. */
void cs_fts_place_first(struct cs_fts_place *ret, const Fts5ExtensionApi *api,
                        Fts5Context *fts, int phrase);
void cs_fts_place_next(struct cs_fts_place *place);
void cs_fts_place_next_field(struct cs_fts_place *place);

#endif
