/*
 * postings.h - the documents of single tokens, read where FTS5 keeps them.
 *
 * FTS5 answers expressions; to be led through all documents of one common word
 * costs several times what their bytes do. So doclists are read from its table
 * fts_data. The layout is that of the comment at the head of SQLite's
 * ext/fts5/fts5_index.c, which all files of `version` 4 have in common. Any
 * other version is left to FTS5, and so is a write transaction, whose entries
 * are still in FTS5's memory.
 *
 *     cs_postings_open(db, &postings, err);           NULL: ask FTS5
 *     cs_postings_add(postings, "restart", 7, 0, err);
 *     cs_postings_add(postings, "restarts", 8, 0, err);
 *     while (!cs_postings_next(postings, &posting, err) && posting.document)
 *         ...
 *     cs_postings_close(postings);
 */
#ifndef CS_INDEX_SEARCH_POSTINGS_H
#define CS_INDEX_SEARCH_POSTINGS_H

#include "index/db.h"
#include "index/search/places.h"

struct cs_postings;

/* What a document has of the tokens with one tag. */
struct cs_posting {
    int64_t document; /* 0: there are no more */
    unsigned tag;
    struct cs_places places; /* until the next call */
};

/* `*ret` is NULL where FTS5 must be asked. The caller closes it, within the
 * transaction in which it was opened. */
enum cs_status cs_postings_open(struct cs_db *db, struct cs_postings **ret,
                                struct cs_error *err);
void cs_postings_close(struct cs_postings *postings);

/* Begin anew, with no token. */
void cs_postings_clear(struct cs_postings *postings);

/* Read the documents of a token too. Tokens of one tag are added one after the
 * other, and what they have in a document is joined, as FTS5 joins synonyms.
 * Before the first cs_postings_next(). */
enum cs_status cs_postings_add(struct cs_postings *postings, const char *token,
                               size_t len, unsigned tag, struct cs_error *err);

/* The next document; of one document, the next tag. CS_ERR_CORRUPT when what
 * is there cannot be. */
enum cs_status cs_postings_next(struct cs_postings *postings,
                                struct cs_posting *ret, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_postings *, cs_postings_cleanup, cs_postings_close);

#endif
