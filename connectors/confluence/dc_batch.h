/*
 * dc_batch.h - the texts of some documents, asked for by id.
 *
 * A batch is opened (its requests are queued) long before it is completed, so
 * that several are under way. The search takes many ids a request; it may lag
 * behind, leave documents out, or fail because of one of them. So each document
 * that it did not answer for, or with an old text, is asked for by itself, and
 * only that answer says that it is gone.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_BATCH_H
#define CS_CONNECTORS_CONFLUENCE_DC_BATCH_H

#include "connectors/confluence/comments.h"
#include "connectors/confluence/dc.h"
#include "connectors/pipeline.h"

/* One document on its way. */
struct cs_dc_task {
    struct cs_want want;
    struct cs_json row; /* no node: nothing was asked for, or see why */
    bool failed;
    struct cs_error why;
    bool server_error; /* it failed with a 5xx or an answer out of bounds */
    bool archived;     /* it was asked for among the archived ones too */
    bool taken;        /* `single` was read */
    struct cs_answer *single;
    struct cs_dc_paging *comments, *attachments;
    struct cs_answer *restrictions;
    struct cs_comment *notes; /* with CS_ASPECT_COMMENTS in doc.aspects */
    size_t n_notes;
    struct cs_document doc;
};

struct cs_dc_batch {
    struct cs_dc *dc;
    struct cs_arena *arena; /* wants, tasks, what is made of them */
    struct cs_dc_task *tasks;
    size_t n;
    struct cs_dc_task **asked; /* those whose content is wanted */
    size_t n_asked;
    struct cs_answer *coming; /* for all of these */
    struct cs_answer **kept;  /* that rows point into */
    size_t n_kept, cap_kept;
};

/* Queue the requests for a batch of wants; what is made lies in its arena. */
enum cs_status cs_dc_batch_open(struct cs_dc *dc,
                                struct cs_pipeline_batch *from,
                                struct cs_error *err);

/* Wait for all contents. After CS_OK each task that asked for one has a row or
 * has failed; rows live until the batch is dropped. A failure returned here is
 * not about documents: credential, network, cancel. */
enum cs_status cs_dc_batch_complete(struct cs_dc_batch *batch,
                                    struct cs_error *err);

/* Drop what is under way. NULL is legal. */
void cs_dc_batch_drop(struct cs_dc_batch *batch);

#endif
