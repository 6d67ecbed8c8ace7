/*
 * cloud_comments.h - all comments of one document, replies included.
 *
 * The site lists the comments of a page without replies, and the replies of a
 * comment one level deep; so each comment is asked for its own.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_COMMENTS_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_COMMENTS_H

#include "connectors/confluence/cloud.h"
#include "connectors/confluence/comments.h"

struct cs_cloud_comments;

/* Queue the first requests. What is read lives in `arena`. The caller frees
 * `ret` with cs_cloud_comments_free(). */
enum cs_status cs_cloud_comments_open(struct cs_cloud *cloud,
                                      struct cs_arena *arena,
                                      const struct cs_want *want,
                                      struct cs_cloud_comments **ret,
                                      struct cs_error *err);

/* Read what was asked for by now, and ask for the replies to what is found, so
 * that those of many documents are under way together. A failure is kept, and
 * is that of cs_cloud_comments_read(), too. */
enum cs_status cs_cloud_comments_advance(struct cs_cloud_comments *comments,
                                         bool *ret_more);

/* Read them to the end; `*ret_http_status` is that of the answer which decided
 * the outcome. CS_ERR_LIMIT for more than 20,000. */
enum cs_status cs_cloud_comments_read(struct cs_cloud_comments *comments,
                                      struct cs_comment **ret, size_t *ret_n,
                                      long *ret_http_status,
                                      struct cs_error *err);

/* NULL is legal. */
void cs_cloud_comments_free(struct cs_cloud_comments *comments);

#endif
