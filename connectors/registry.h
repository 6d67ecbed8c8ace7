/*
 * registry.h - which connectors there are.
 */
#ifndef CS_CONNECTORS_REGISTRY_H
#define CS_CONNECTORS_REGISTRY_H

#include "connectors/connector.h"

/* The connector of a source type ("confluence"), or NULL. */
const struct cs_connector *cs_connector_find(const char *type);

/* All of them in the order of the table; NULL after the last. */
const struct cs_connector *cs_connector_at(size_t i);

#endif
