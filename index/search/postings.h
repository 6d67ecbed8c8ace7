/*
 * postings.h - the documents of single tokens, read where FTS5 keeps them.
 *
 * FTS5 answers expressions; to be led through all documents of one common word
 * costs several times what their bytes do. So doclists are read from its table
 * fts_data, where segments.h knows its layout.
 *
 *     cs_segments_read(db, &segments, err);           NULL: ask FTS5
 *     postings = cs_postings_new(db, segments);
 *     cs_postings_add(postings, "restart", 7, err);
 *     cs_postings_add(postings, "re-start", 8, err);
 *     while (!cs_postings_next(postings, &posting, err) && posting.document)
 *         ...
 *     cs_postings_free(postings);
 */
#ifndef CS_INDEX_SEARCH_POSTINGS_H
#define CS_INDEX_SEARCH_POSTINGS_H

#include "index/search/places.h"
#include "index/search/segments.h"

struct cs_postings;

/* What a document has of the tokens. */
struct cs_posting {
    int64_t document;        /* 0: there are no more */
    struct cs_places places; /* until the next call */
};

/* Of no token yet. Connection and segments must live longer; the caller frees
 * it, within the transaction of the segments. NULL: no memory. */
struct cs_postings *cs_postings_new(struct cs_db *db,
                                    const struct cs_segments *segments);
void cs_postings_free(struct cs_postings *postings);

/* Begin anew, with no token. */
void cs_postings_clear(struct cs_postings *postings);

/* Read the documents of a token too. What several have in a document is joined,
 * as FTS5 joins synonyms. Before the first cs_postings_next(). */
enum cs_status cs_postings_add(struct cs_postings *postings, const char *token,
                               size_t len, struct cs_error *err);

/* The next document, by row ids. CS_ERR_CORRUPT when what is there cannot be.
 */
enum cs_status cs_postings_next(struct cs_postings *postings,
                                struct cs_posting *ret, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_postings *, cs_postings_cleanup, cs_postings_free);

#endif
