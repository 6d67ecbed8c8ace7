/*
 * site.h - the addresses of a Confluence Cloud site.
 *
 * People paste what their browser shows. From "https://acme.atlassian.net",
 * ".../wiki/", or the address of a page, this makes the two roots that matter:
 * the site itself, below which pages are read by people, and the root of the
 * API, which for scoped tokens is a gateway on another host.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_SITE_H
#define CS_CONNECTORS_CONFLUENCE_SITE_H

#include "src/url.h"

#define CS_SITE_URL_MAX 1024

struct cs_site {
    char url[CS_SITE_URL_MAX];  /* "https://acme.atlassian.net" */
    char wiki[CS_SITE_URL_MAX]; /* url + "/wiki": for people, for references */
    char api[CS_SITE_URL_MAX];  /* what "/wiki/api/v2/..." is appended to */
    const char *api_path;       /* path of `api`, within it; "" for none */
    bool is_atlassian;          /* a *.atlassian.net host */
    bool at_gateway;            /* `api` is the gateway */
};

/* The origin and the path ("" or "/...", with what follows it) of a configured
 * base URL, with or without "https://". CS_ERR_CONFIG for what is no http or
 * https URL, with `example` in its hint. */
enum cs_status cs_site_read(const char *base_url, const char *example,
                            struct cs_origin *ret_origin,
                            struct cs_strbuf *ret_path, struct cs_error *err);

/* Make the addresses from a configured base URL and cloud id (NULL or "" for
 * none). A site on loopback is its own gateway. CS_ERR_CONFIG for what is no
 * http or https URL. */
enum cs_status cs_site_init(struct cs_site *site, const char *base_url,
                            const char *cloud_id, struct cs_error *err);

/* Change the root of the API: to the gateway for `cloud_id`, or to the site
 * itself for NULL or "". For tests, CONTEXT_SYNC_TEST_GATEWAY in the
 * environment names another gateway; only a loopback address counts. */
enum cs_status cs_site_enter(struct cs_site *site, const char *cloud_id,
                             struct cs_error *err);

#endif
