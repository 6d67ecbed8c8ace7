/*
 * cloud_aspects.h - what hangs on a document: labels, comments, attachments,
 * restrictions.
 *
 * Each is a request or more of its own, queued for a whole batch and read one
 * after the other. What the site refuses for one document is left out there;
 * what the credential has no scope for is not asked for again.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_ASPECTS_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_ASPECTS_H

#include "connectors/confluence/cloud_batch.h"

/* Queue the requests for what `task` wants besides its text. */
enum cs_status cs_cloud_aspects_open(struct cs_cloud *cloud,
                                     struct cs_arena *arena,
                                     struct cs_cloud_task *task,
                                     struct cs_error *err);

/* Work on what is answered by further requests: replies, found one generation
 * at a time, for all tasks together. What fails is met again when it is taken.
 */
void cs_cloud_aspects_advance(struct cs_cloud_task *tasks, size_t n);

/* Read them into task->doc and task->comments; strings live in `arena`. A
 * failure returned here is not about documents. Where nothing at all could be
 * had the task has failed. */
enum cs_status cs_cloud_aspects_take(struct cs_cloud *cloud,
                                     struct cs_arena *arena,
                                     struct cs_cloud_task *task,
                                     struct cs_error *err);

/* Tell `io` once a run which parts the credential has no scope for. */
void cs_cloud_aspects_tell(struct cs_cloud *cloud,
                           const struct cs_fetch_io *io);

/* Drop what is under way. */
void cs_cloud_aspects_drop(struct cs_cloud_task *task);

#endif
