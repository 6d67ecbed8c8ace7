/*
 * clients.h - the two clients of Confluence, one interface.
 *
 * Cloud and Data Center share a name and a text format, and no API. Each client
 * fills the slots of connector.h; confluence.c finds out which one a site needs
 * and passes every call on. What they share beside that is in clients.c,
 * spaces.h, text.h and connectors/pipeline.h.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_CLIENTS_H
#define CS_CONNECTORS_CONFLUENCE_CLIENTS_H

#include "connectors/connector.h"
#include "src/http.h"

extern const struct cs_connector cs_cloud_client;
extern const struct cs_connector cs_dc_client;

/* An HTTP client for one root, as the configuration says, with `credential` or
 * (NULL) without. */
enum cs_status cs_client_http(const struct cs_source_config *config,
                              const struct cs_connector_env *env,
                              const char *base_url,
                              const struct cs_credential *credential,
                              struct cs_http **ret, struct cs_error *err);

/* True for failures that may lie in one of the documents asked for. A refused
 * credential, a dead line and a spent patience with 429 are not among them. */
bool cs_client_may_be_document(enum cs_status status, long http_status);

#endif
