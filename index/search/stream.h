/*
 * stream.h - what a phrase that is a single token tells, document by document;
 * and several of them side by side.
 */
#ifndef CS_INDEX_SEARCH_STREAM_H
#define CS_INDEX_SEARCH_STREAM_H

#include "index/search/postings.h"

struct cs_stream {
    struct cs_postings *postings;
    struct cs_posting now; /* document 0: behind the last */
};

/* Go to the first document of a token and of what may stand for it, with
 * CS_FTS_OR in between. The caller closes `ret`, after a failure too. */
enum cs_status cs_stream_open(struct cs_db *db,
                              const struct cs_segments *segments,
                              const char *text, struct cs_stream *ret,
                              struct cs_error *err);
enum cs_status cs_stream_next(struct cs_stream *stream, struct cs_error *err);
void cs_stream_close(struct cs_stream *stream);

/* The first document that one of them is at; 0: all are behind the last. */
int64_t cs_streams_first(const struct cs_stream *streams, size_t n);

#endif
