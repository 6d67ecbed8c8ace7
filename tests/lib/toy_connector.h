/*
 * toy_connector.h - a second connector, which serves documents from an array.
 *
 * It proves that the engine needs nothing of Confluence, and lets tests fail
 * at any point. The source's base_url carries nothing; the toy finds its data
 * by the connector struct it sits in.
 */
#ifndef CS_TESTS_LIB_TOY_CONNECTOR_H
#define CS_TESTS_LIB_TOY_CONNECTOR_H

#include "connectors/connector.h"

struct toy_document {
    const char *space, *id, *title, *text, *label;
    int64_t version;
    enum cs_item_kind kind;
    enum cs_status fetch_fails; /* not CS_OK: told as failed */
};

struct toy_space {
    const char *key;
    enum cs_status list_fails, fetch_fails;
    bool missing; /* configured, but not there */
};

struct toy_site {
    const struct toy_space *spaces;
    size_t n_spaces;
    const struct toy_document *documents;
    size_t n_documents;
    enum cs_status check_fails;
    bool forgets; /* breaks the contract: loses a document */
};

/* The vtable. The source's config->api_token points to the struct toy_site:
 * see toy_source(). */
extern const struct cs_connector toy_connector;

/* A source whose toy serves `site`. */
struct cs_source_config toy_source(const struct toy_site *site);

#endif
