/*
 * fill.h - a document's texts as its file has them: every place filled in.
 *
 * Destinations become relative paths, names what their bearers are called now,
 * and blocks that are made of other documents (included pages, excerpts, lists
 * of children, pages with a label, tables of page properties) are made anew.
 */
#ifndef CS_INDEX_STORE_FILL_H
#define CS_INDEX_STORE_FILL_H

#include "index/index.h"

/* Pages that include pages are followed this far. */
#define CS_FILL_DEPTH_MAX 8
/* Blocks of one document are filled in until they make up this many bytes; the
 * rest stays a link. */
#define CS_FILL_BYTES_MAX ((size_t)8 << 20)
/* Rows of a list or table made of other documents. */
#define CS_FILL_ROWS_MAX 500

/* Append the Markdown: the text, an empty line, the comments if there are any.
 * `*ret_comments` (NULL: not asked) is where what belongs to the comments
 * begins in `out`; its end when there are none. CS_ERR_NOT_FOUND when the
 * document has no text. */
enum cs_status cs_fill_text(struct cs_index *index, int64_t document,
                            struct cs_strbuf *out, size_t *ret_comments,
                            struct cs_error *err);

#endif
