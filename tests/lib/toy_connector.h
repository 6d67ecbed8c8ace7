/*
 * toy_connector.h - a second connector, which serves documents from an array.
 *
 * It proves that the engine needs nothing of Confluence, and lets tests fail
 * at any point. The source's base_url carries nothing; the toy finds its data
 * by the connector struct it sits in. A test that wants a connector without a
 * slot that may be missing copies the vtable and empties it.
 */
#ifndef CS_TESTS_LIB_TOY_CONNECTOR_H
#define CS_TESTS_LIB_TOY_CONNECTOR_H

#include "connectors/connector.h"

struct toy_document {
    const char *space, *id, *title, *text, *label;
    int64_t version;
    enum cs_item_kind kind;
    enum cs_status fetch_fails; /* not CS_OK: told as failed */
    int64_t updated;
    const char *comments;      /* as Markdown, or NULL */
    bool unlisted;             /* no listing tells it */
    enum cs_presence presence; /* of an unlisted one, when asked for */
};

struct toy_space {
    const char *key;
    enum cs_status list_fails, fetch_fails;
    bool missing; /* configured, but not there */
};

/* What the site's feeds say. */
struct toy_hint {
    const char *id;
    unsigned aspects; /* 0: it is suspect */
};

struct toy_file {
    const char *document, *id, *name, *data;
    int64_t version;
    enum cs_status fails; /* after half of it was written */
};

/* How often a slot was called, and with what. */
struct toy_calls {
    unsigned check, lists, changes, hints, probes, fetches, downloads;
    int64_t since;
    unsigned hint_aspects;
    uint64_t hint_documents;
    size_t hint_containers;
    char cursor[64]; /* that hints found; "" when none */
};

struct toy_site {
    const struct toy_space *spaces;
    size_t n_spaces;
    const struct toy_document *documents;
    size_t n_documents;
    const struct toy_hint *feed;
    size_t n_feed;
    const struct toy_file *files;
    size_t n_files;
    enum cs_status check_fails, changes_fail, hints_fail, probe_fails,
        download_fails;
    bool no_list_labels;     /* each document brings its own */
    bool forgets;            /* breaks the contract: loses a document */
    struct toy_calls *calls; /* may be NULL */
};

/* The vtable. The source's config->cloud_id points to the struct toy_site: see
 * toy_source(). */
extern const struct cs_connector toy_connector;

/* A source whose toy serves `site`. */
struct cs_source_config toy_source(const struct toy_site *site);

#endif
