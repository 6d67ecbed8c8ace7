/*
 * cloud_feed.h - one feed of the whole site, read into hints.
 *
 * Comments and attachments do not raise the version of their page. The site
 * lists them newest first, over all spaces; each entry names its page, but a
 * reply only the comment that it answers, which then has to be asked for.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLOUD_FEED_H
#define CS_CONNECTORS_CONFLUENCE_CLOUD_FEED_H

#include "connectors/confluence/cloud.h"
#include "connectors/confluence/cloud_mark.h"

struct cs_cloud_feed {
    const char *name; /* of its cursor */
    unsigned aspect;  /* of the page that an entry is about */
    const char *path;
    const char *replies; /* where a comment is asked for; NULL: no replies */
};

/* Start reading; several may be under way. */
enum cs_status cs_cloud_feed_open(struct cs_cloud *cloud,
                                  const struct cs_cloud_feed *feed,
                                  struct cs_paging **ret, struct cs_error *err);

/* Read it to what is known, tell the hints, and set the cursor. Where that
 * would cost more requests than asking for each document, every document is
 * hinted. A feed that the site refuses tells nothing. `*ret_theirs` is set when
 * the failure came from `io`. */
enum cs_status cs_cloud_feed_read(struct cs_cloud *cloud,
                                  const struct cs_cloud_feed *feed,
                                  struct cs_paging *paging,
                                  const struct cs_hint_io *io, bool *ret_theirs,
                                  struct cs_error *err);

#endif
