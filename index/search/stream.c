/*
 * stream.c - see stream.h.
 */
#include "index/search/stream.h"

#include "index/words/fts.h"

enum cs_status cs_stream_open(struct cs_db *db,
                              const struct cs_segments *segments,
                              const char *text, struct cs_stream *ret,
                              struct cs_error *err)
{
    static const char bar[] = {CS_FTS_OR, '\0'};
    enum cs_status status = CS_OK;
    *ret = (struct cs_stream){.postings = cs_postings_new(db, segments)};
    if (!ret->postings)
        return cs_error_no_memory(err);
    while (!status && *text) {
        size_t len = strcspn(text, bar);
        if (len)
            status = cs_postings_add(ret->postings, text, len, err);
        text += len + (text[len] != '\0');
    }
    return status ? status : cs_stream_next(ret, err);
}

enum cs_status cs_stream_next(struct cs_stream *stream, struct cs_error *err)
{
    return cs_postings_next(stream->postings, &stream->now, err);
}

void cs_stream_close(struct cs_stream *stream)
{
    cs_postings_free(stream->postings);
    *stream = (struct cs_stream){0};
}

int64_t cs_streams_first(const struct cs_stream *streams, size_t n)
{
    int64_t first = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t document = streams[i].now.document;
        if (document && (!first || document < first))
            first = document;
    }
    return first;
}
