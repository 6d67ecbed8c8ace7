/*
 * pipeline.h - documents in batches: many requests ahead, handed over in order.
 *
 * A line of batches is kept open, a little longer than there may be transfers
 * in flight, so that the next request starts the moment one ends. The first in
 * the line is completed, converted and handed over. Memory is bounded by the
 * length of the line and by the size of an answer, which is for the client to
 * keep in bounds by the size of its batches.
 */
#ifndef CS_CONNECTORS_PIPELINE_H
#define CS_CONNECTORS_PIPELINE_H

#include "connectors/connector.h"
#include "src/arena.h"
#include "src/http.h"

/* What became of one document of a batch. Borrowed from the batch. */
struct cs_pipeline_end {
    const char *id;
    const struct cs_document *doc;
    const struct cs_error *why; /* it failed; NULL: there it is */
    bool choked;                /* the server did, over this one */
};

/* Wants that are asked for together. All of it lives as long as the batch. */
struct cs_pipeline_batch {
    struct cs_arena *arena;
    const struct cs_want *wants;
    size_t n;  /* one at least */
    void *own; /* what the client makes of them; NULL at first */
};

/* A client's side; all slots must be there. */
struct cs_pipeline {
    void *self; /* the client */
    struct cs_http *http;
    const struct cs_container *container;
    const struct cs_fetch_io *io;
    struct cs_arena *scratch; /* converted texts; for `convert` */

    /* How many batches may be open at present, and how many wants one takes. */
    size_t (*ahead)(const struct cs_pipeline *line);
    size_t (*size)(const struct cs_pipeline *line);
    /* Queue the requests for a batch, and set batch->own, in its arena. */
    enum cs_status (*open)(struct cs_pipeline *line,
                           struct cs_pipeline_batch *batch,
                           struct cs_error *err);
    /* Wait for what all documents of a batch need. */
    enum cs_status (*complete)(struct cs_pipeline *line, void *own,
                               struct cs_error *err);
    /* Convert document `i`, if it came, into line->scratch. What is wrong with
     * it fails the document alone; a failure returned is the source's. */
    enum cs_status (*convert)(struct cs_pipeline *line, void *own, size_t i,
                              struct cs_error *err);
    /* Tell the people that converted documents mention. */
    enum cs_status (*people)(struct cs_pipeline *line, struct cs_error *err);
    struct cs_pipeline_end (*end)(const void *own, size_t i);
    /* Drop what is under way, opened in full or in part. NULL is legal. */
    void (*drop)(void *own);
};

/* Fetch all that line->io hands out. The caller fills `line` but for `scratch`.
 * When the server chokes on many documents in a row, the failure of the last
 * is returned. */
enum cs_status cs_pipeline_run(struct cs_pipeline *line, struct cs_error *err);

#endif
