/*
 * render.h - a document as the bytes of its file.
 */
#ifndef CS_INDEX_STORE_RENDER_H
#define CS_INDEX_STORE_RENDER_H

#include "index/index.h"

/* Append the file: front matter, then the text with its links filled in.
 * CS_ERR_NOT_FOUND when the document has no text. */
enum cs_status cs_render_file(struct cs_index *index, int64_t document,
                              struct cs_strbuf *out, struct cs_error *err);

/* Append what stands above the text: the front matter and a blank line. */
enum cs_status cs_render_front_matter(struct cs_index *index, int64_t document,
                                      struct cs_strbuf *out,
                                      struct cs_error *err);

#endif
