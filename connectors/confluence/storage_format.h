/*
 * storage_format.h - Confluence storage format to Markdown.
 *
 * Storage format is XHTML with elements of Confluence's own (ac:, ri:), the
 * form in which both Cloud and Data Center keep pages. The way is: src/xml
 * reads the fragment into a tree of elements, the files storage_*.c turn that
 * into the tree of src/node, and src/markdown writes it.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_STORAGE_FORMAT_H
#define CS_CONNECTORS_CONFLUENCE_STORAGE_FORMAT_H

#include "src/arena.h"
#include "src/body.h"
#include "src/document.h"

/* What a page does not say itself; any field may be NULL. */
struct cs_storage_options {
    const char *space_key; /* of the space it lies in */
    /* "https://acme.atlassian.net/wiki": URLs below it become references */
    const char *site_url;
};

/* Convert one page or blog post. The body and its places live in the arena,
 * which must live as long as `xhtml` is converted and the body is used; they
 * do not refer to `xhtml`. A malformed page is mirrored as well as it can be
 * (ret_note->recovered). `options` and `ret_note` may be NULL.
 *
 * Limits: 32 MB of source (CS_XML_SOURCE_MAX) and 128 MB of Markdown
 * (CS_MARKDOWN_MAX) give CS_ERR_LIMIT, as does the ceiling of the arena.
 * Elements deeper than 256 and blocks deeper than 64 levels are taken as if
 * they stood at that level; no input makes the C stack grow beyond that.
 * CS_ERR_NO_MEMORY. No other errors. Source: API-independent; the format as
 * documented in "Confluence Storage Format". */
enum cs_status cs_storage_convert(struct cs_arena *arena, const char *xhtml,
                                  size_t len,
                                  const struct cs_storage_options *options,
                                  struct cs_body *ret_body,
                                  struct cs_conversion_note *ret_note,
                                  struct cs_error *err);

#endif
