/*
 * confluence.h - the connector of Confluence.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CONFLUENCE_H
#define CS_CONNECTORS_CONFLUENCE_CONFLUENCE_H

#include "connectors/connector.h"

extern const struct cs_connector cs_confluence_connector;

#endif
