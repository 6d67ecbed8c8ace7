/*
 * doclist.h - the documents of one token in one segment of FTS5's index.
 *
 * A segment is a b-tree of leaves, numbered without gaps; a leaf is a row of
 * fts_data:
 *
 *     u16 offset of the first row id on it, or 0
 *     u16 where its page index begins
 *     content: terms, each with its doclist, which may go on on the next leaf
 *     page index: varints, the offset of the first term and then differences
 *
 * A term is a varint of bytes that it has in common with the one before (not
 * for the first of a leaf), a varint of bytes that follow, and these. A doclist
 * is a row id for each document, as the difference to the one before but for
 * the first of a doclist or leaf; twice the size of its places, plus one where
 * it deletes an older entry; and its places. No varint lies on two leaves.
 */
#ifndef CS_INDEX_SEARCH_DOCLIST_H
#define CS_INDEX_SEARCH_DOCLIST_H

#include "index/search/places.h"
#include "index/search/segments.h"
#include "src/strbuf.h"

struct cs_doclist {
    struct cs_db *db;
    struct cs_segment segment;
    int64_t leaf; /* that `bytes` are of */
    struct cs_strbuf bytes;
    const unsigned char *at;  /* in `bytes`: what is read next, */
    const unsigned char *end; /* where the doclist ends, or the leaf does */
    const unsigned char *first_row; /* a row id that is no difference */
    bool started, last;             /* last: the doclist ends on this leaf */

    int64_t document;        /* 0: behind the last */
    struct cs_places places; /* none: it was deleted */
    struct cs_strbuf joined; /* places that lie on several leaves */
};

/* Find a term, and go to its first document; none when it is not there. The
 * caller clears `ret`, after a failure too. */
enum cs_status cs_doclist_open(struct cs_db *db,
                               const struct cs_segment *segment,
                               const unsigned char *term, size_t len,
                               struct cs_doclist *ret, struct cs_error *err);
enum cs_status cs_doclist_next(struct cs_doclist *list, struct cs_error *err);
void cs_doclist_clear(struct cs_doclist *list);

/* What cannot be in the index was read. */
enum cs_status cs_doclist_damaged(struct cs_error *err);

#endif
