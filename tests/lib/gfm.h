/*
 * gfm.h - Markdown read by a parser that is not ours: libcmark-gfm.
 *
 * With the extensions that GitHub has switched on: tables, strikethrough,
 * autolinks and task lists. What the writer says must be what this reads.
 */
#ifndef CS_TESTS_LIB_GFM_H
#define CS_TESTS_LIB_GFM_H

#include "src/strbuf.h"

#include <cmark-gfm.h>

/* No text or rendering in a test is longer. */
#define CS_GFM_MAX ((size_t)512 << 20)

/* The tree of a text; to be freed with cmark_node_free(). */
cmark_node *gfm_parse(const char *text, size_t len);

/* Append the tree as text, one node a line, with all that distinguishes it:
 * heading level, kind, start and tightness of lists, columns, destinations,
 * literals. Neighbouring texts are joined, since the parser splits them where
 * it likes. */
void gfm_describe(struct cs_strbuf *out, cmark_node *root);

/* Append the text as HTML. */
void gfm_render_html(struct cs_strbuf *out, const char *text, size_t len);

/* Append what a reader sees of some HTML: no tags, entities decoded, no white
 * space at all. */
void gfm_visible(struct cs_strbuf *out, const char *html, size_t len);

#endif
