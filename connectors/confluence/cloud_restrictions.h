/*
 * cloud_restrictions.h - may everybody who sees the space read it?
 *
 * A page that is open itself can lie below one that is not, and the site does
 * not repeat that on the page. So its ancestors are asked for too, each of them
 * once in a run.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_RESTRICTIONS_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_RESTRICTIONS_H

#include "connectors/confluence/cloud_batch.h"

/* Queue what `task` needs: its own restrictions, and who is above it. */
enum cs_status cs_cloud_restrictions_open(struct cs_cloud *cloud,
                                          struct cs_cloud_task *task,
                                          struct cs_error *err);

/* Read it into task->doc.restricted. Ancestors that the site does not tell of
 * count as open. */
enum cs_status cs_cloud_restrictions_take(struct cs_cloud *cloud,
                                          struct cs_cloud_task *task,
                                          long *ret_http_status,
                                          struct cs_error *err);

#endif
