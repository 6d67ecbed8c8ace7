/*
 * guide.h - how a person comes to a site's address and a token.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_GUIDE_H
#define CS_CONNECTORS_CONFLUENCE_GUIDE_H

#include "connectors/connector.h"

/* The slot `guide` of the connector. A name without a dot is taken for that of
 * a site at Atlassian. */
enum cs_status cs_confluence_guide(const char *pasted,
                                   enum cs_deployment deployment,
                                   struct cs_site_guide *ret,
                                   struct cs_error *err);

#endif
