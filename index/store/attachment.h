/*
 * attachment.h - attachments as rows: what hangs on a document.
 */
#ifndef CS_INDEX_STORE_ATTACHMENT_H
#define CS_INDEX_STORE_ATTACHMENT_H

#include "index/store/internal.h"

/* Store all attachments of a document; those that it has no more go, with
 * their files. The same ones again cost no write. */
enum cs_status cs_attachments_put(struct cs_store *store, int64_t document,
                                  const struct cs_document *doc,
                                  struct cs_error *err);

/* A text of the document names attachments of its own that no row tells of:
 * ask for them. */
enum cs_status cs_attachments_miss(struct cs_store *store, int64_t document,
                                   struct cs_error *err);

#endif
