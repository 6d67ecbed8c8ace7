/*
 * clients.h - the two clients of Confluence, one interface.
 *
 * Cloud and Data Center share a name and a text format, and no API. Each client
 * fills the slots of connector.h; confluence.c finds out which one a site needs
 * and passes every call on.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLIENTS_H
#define CS_CONNECTORS_CONFLUENCE_CLIENTS_H

#include "connectors/connector.h"

extern const struct cs_connector cs_cloud_client;
extern const struct cs_connector cs_dc_client;

#endif
