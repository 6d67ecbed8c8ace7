/*
 * slug.h - where a link into a page leads.
 *
 * GitHub gives every heading an anchor made of its text, and a wiki has
 * anchors of its own: "Heading-Text", "PageTitle-HeadingText", names that an
 * author put somewhere. A link that is to work in the mirror must name the
 * first kind, or a place that is written out.
 */
#ifndef CS_SRC_SLUG_H
#define CS_SRC_SLUG_H

#include "src/node.h"
#include "src/strbuf.h"

/* Append the anchor that GitHub makes of a heading: in lower case, without
 * punctuation, blanks become hyphens. */
void cs_slug_put(struct cs_strbuf *out, const char *text, size_t len);

/* The same in the arena; "" for "". NULL when the arena gives no more. */
const char *cs_slug_new(struct cs_arena *arena, const char *text);

/* Turn all links of the document to places in itself (CS_REF_SELF) into ones
 * that GitHub can follow: to the anchor leaf of that name, or else to the
 * heading that the name fits. What fits neither stays as it is. An anchor leaf
 * in a heading gives way to the heading's own anchor. Memory that is out shows
 * in the arena. */
void cs_slug_resolve(struct cs_arena *arena, struct cs_node *document);

#endif
