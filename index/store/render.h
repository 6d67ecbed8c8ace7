/*
 * render.h - a document as the bytes of its file.
 */
#ifndef CS_INDEX_STORE_RENDER_H
#define CS_INDEX_STORE_RENDER_H

#include "index/reader.h"

/* Append the file: front matter, then the text with its links filled in.
 * CS_ERR_NOT_FOUND when the document has no text. */
enum cs_status cs_render_file(struct cs_index *index, int64_t document,
                              struct cs_strbuf *out, struct cs_error *err);

/* Append what stands above the text: the front matter and a blank line. */
enum cs_status cs_render_front_matter(struct cs_index *index, int64_t document,
                                      struct cs_strbuf *out,
                                      struct cs_error *err);

/* How many lines that is, of a document that was loaded already. */
enum cs_status cs_render_head_lines(struct cs_index *index,
                                    const struct cs_reader_document *document,
                                    size_t *ret_lines, struct cs_error *err);

#endif
