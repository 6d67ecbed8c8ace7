/*
 * dc_aspects.h - what hangs on a document: comments, attachments, restrictions.
 *
 * Each is a listing or a request of its own, queued for a whole batch and read
 * one after the other. What the server refuses for one document is left out
 * there, and asked for again by the next run.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_ASPECTS_H
#define CS_CONNECTORS_CONFLUENCE_DC_ASPECTS_H

#include "connectors/confluence/dc_batch.h"

/* Queue the requests for what `task` wants besides its content. */
enum cs_status cs_dc_aspects_open(struct cs_dc *dc, struct cs_dc_task *task,
                                  struct cs_error *err);

/* Read them into task->doc and task->notes; strings live in `arena`. A failure
 * returned here is not about documents. Where nothing at all could be had the
 * task has failed. */
enum cs_status cs_dc_aspects_take(struct cs_dc *dc, struct cs_arena *arena,
                                  struct cs_dc_task *task,
                                  struct cs_error *err);

#endif
