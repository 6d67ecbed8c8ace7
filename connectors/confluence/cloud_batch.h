/*
 * cloud_batch.h - the texts of some documents, asked for by id.
 *
 * A batch is opened (its requests are queued) long before it is completed, so
 * that several are under way. Completing it answers for every document: a row
 * with the text, or why there is none.
 *
 *   - one page that the server chokes on fails the whole request: the batch is
 *     halved until that page stands alone
 *   - an id that is missing in the answer is asked for by itself; only its own
 *     404 says that it is gone
 *   - a text older than the version listed is asked for once more and then
 *     taken as it is
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_BATCH_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_BATCH_H

#include "connectors/confluence/cloud.h"
#include "connectors/confluence/cloud_comments.h"
#include "connectors/pipeline.h"

/* One document on its way. */
struct cs_cloud_task {
    struct cs_want want;
    struct cs_json row; /* no node: see why */
    bool failed;
    struct cs_error why;
    bool server_error; /* it failed with a 5xx or an answer out of bounds */
    struct cs_answer *single;
    struct cs_document doc;

    /* What hangs on it: cloud_aspects.h. */
    unsigned asked; /* aspects under way */
    struct cs_paging *label_paging, *attachment_paging;
    struct cs_cloud_comments *comment_reader;
    struct cs_answer *restrictions, *ancestors;
    struct cs_comment *comments;
    size_t n_comments;
};

/* Documents of one kind in one request. */
struct cs_cloud_span {
    struct cs_cloud_task **tasks;
    size_t n;
    struct cs_paging *paging;
};

struct cs_cloud_batch {
    struct cs_cloud *cloud;
    struct cs_arena *arena; /* wants, tasks, labels */
    struct cs_cloud_task *tasks;
    size_t n;
    struct cs_cloud_span spans[2]; /* pages, blog posts */
    struct cs_paging **kept;       /* that rows point into */
    size_t n_kept, cap_kept;
};

/* Queue the requests for a batch of wants; what is made lies in its arena. */
enum cs_status cs_cloud_batch_open(struct cs_cloud *cloud,
                                   struct cs_pipeline_batch *from,
                                   struct cs_error *err);

/* Wait for all of it. After CS_OK each task that wants a text has a row or has
 * failed; rows live until the batch is dropped. A failure returned here is not
 * about documents: credential, network, cancel. */
enum cs_status cs_cloud_batch_complete(struct cs_cloud_batch *batch,
                                       struct cs_error *err);

/* Drop what is under way. NULL is legal. */
void cs_cloud_batch_drop(struct cs_cloud_batch *batch);

#endif
