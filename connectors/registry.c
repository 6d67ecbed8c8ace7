/*
 * registry.c - the table of connectors, one line each.
 */
#include "connectors/registry.h"

#include "connectors/confluence/confluence.h"

static const struct cs_connector *const connectors[] = {
    &cs_confluence_connector,
};

const struct cs_connector *cs_connector_at(size_t i)
{
    return i < CS_ARRAY_LEN(connectors) ? connectors[i] : NULL;
}

const struct cs_connector *cs_connector_find(const char *type)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(connectors); i++) {
        if (strcmp(connectors[i]->type, type) == 0)
            return connectors[i];
    }
    return NULL;
}
