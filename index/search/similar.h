/*
 * similar.h - a page as a query: its most telling words.
 */
#ifndef CS_INDEX_SEARCH_SIMILAR_H
#define CS_INDEX_SEARCH_SIMILAR_H

#include "index/search/plan.h"

#define CS_SIMILAR_TERMS 25

/* Plan a search for the words of a document that are frequent in it and rare
 * elsewhere, in `arena`. CS_ERR_NOT_FOUND when there is no such document. */
enum cs_status cs_similar_plan(struct cs_db *db, struct cs_lexicon *lexicon,
                               struct cs_arena *arena, int64_t document,
                               int64_t documents, struct cs_plan **ret,
                               struct cs_error *err);

#endif
