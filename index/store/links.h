/*
 * links.h - references between documents.
 *
 * A reference is resolved when its document is stored, kept with its place in
 * the text (table link), and filled in when the text is shown. Once resolved it
 * follows its target's id: a renamed target needs no second look-up. One that
 * leads nowhere yet is tried again when a document of that name or id appears.
 */
#ifndef CS_INDEX_STORE_LINKS_H
#define CS_INDEX_STORE_LINKS_H

#include "index/index.h"
#include "src/arena.h"
#include "src/document.h"

struct cs_store;

/* Resolve the places of a new text (`aspect`) of `document`, write their rows
 * and those of its parts (of TEXT alone), and append the Markdown to be stored:
 * destinations empty, texts filled in. An empty body takes the rows away. */
enum cs_status cs_links_store(struct cs_store *store, int64_t document,
                              enum cs_aspect aspect, const struct cs_body *body,
                              struct cs_strbuf *ret_markdown,
                              struct cs_error *err);

/* Something that this document links to changed (title, name) or appeared:
 * resolve what waits in its texts and, where one changed, store and index it
 * anew. The document is touched. */
enum cs_status cs_links_refresh(struct cs_store *store, int64_t document,
                                struct cs_error *err);

/* The documents in temp.fresh are new or have a new title or container:
 * refresh the documents whose links waited for them, and those that show
 * their titles. */
enum cs_status cs_links_adopt(struct cs_store *store, struct cs_error *err);

#endif
