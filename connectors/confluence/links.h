/*
 * links.h - URLs of a Confluence site as references.
 *
 * Authors paste addresses from the browser. Those that point into the site
 * that is mirrored become references, so that they lead to the files of the
 * mirror; all others stay URLs.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_LINKS_H
#define CS_CONNECTORS_CONFLUENCE_LINKS_H

#include "src/arena.h"
#include "src/body.h"

/* Read `url` against the site at `site_url` ("https://acme.atlassian.net/wiki",
 * with or without a final slash; NULL: only "#anchor" is known). Also reads
 * paths from the root of the host ("/wiki/spaces/..."). True when it points at
 * a page, blog post, attachment, space or person of the site, or at an anchor
 * of the same page; then `ret_ref` holds it, its strings in the arena, with the
 * whole address as it was written in `url`, anchor and all. False for
 * everything else, and when memory is out. */
bool cs_link_parse(struct cs_arena *arena, const char *url,
                   const char *site_url, struct cs_ref *ret_ref);

#endif
