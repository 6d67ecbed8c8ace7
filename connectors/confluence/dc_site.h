/*
 * dc_site.h - the root of a Confluence whose address says little.
 *
 * A Data Center lives at any host, below any path ("", "/confluence", "/wiki").
 * People paste what their browser shows, the address of a page included. What
 * stands in front of the first part that Confluence itself writes is the root.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_SITE_H
#define CS_CONNECTORS_CONFLUENCE_DC_SITE_H

#include "connectors/confluence/site.h"

/* Make the addresses from a configured base URL: `wiki` and `api` are the root,
 * `url` is what names the site: the root without a final "/wiki", so that it is
 * the same whatever kind of site is found there. CS_ERR_CONFIG for what is no
 * http or https URL. */
enum cs_status cs_dc_site_init(struct cs_site *site, const char *base_url,
                               struct cs_error *err);

/* True when the wiki is "/wiki" below the site's address. */
bool cs_dc_site_below(const struct cs_site *site);

#endif
