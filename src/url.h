/*
 * url.h - what must be known about a URL before it is asked: where it leads.
 *
 * On libcurl's own URL parser, so that what is checked here is what the
 * transfer will do.
 */
#ifndef CS_SRC_URL_H
#define CS_SRC_URL_H

#include "src/strbuf.h"

#define CS_URL_MAX ((size_t)32 << 10)

/* Scheme, host and port: who is spoken to. Host in lower case, IPv6 without
 * brackets. */
struct cs_origin {
    bool https;
    unsigned port;
    char host[256];
};

/* Read the origin of an absolute http or https URL. CS_ERR_PARSE for anything
 * else, user names in the URL included. */
enum cs_status cs_url_origin(const char *url, struct cs_origin *ret,
                             struct cs_error *err);

bool cs_origin_equal(const struct cs_origin *a, const struct cs_origin *b);

/* True for localhost, 127.0.0.0/8 and ::1. */
bool cs_origin_is_loopback(const struct cs_origin *origin);

/* Append "https://host:port", the port only where it is not the usual one. */
void cs_origin_put(const struct cs_origin *origin, struct cs_strbuf *out);

/* Append where `location` leads, seen from `base` (RFC 3986, section 5).
 * CS_ERR_PARSE when it makes no http or https URL. */
enum cs_status cs_url_join(const char *base, const char *location,
                           struct cs_strbuf *out, struct cs_error *err);

/* Append the path and query of a URL that may be absolute, byte for byte. "/"
 * when it has none. */
void cs_url_put_path(const char *url, struct cs_strbuf *out);

/* Append the URL for a message: without query and fragment, and cut. */
void cs_url_put_brief(const char *url, struct cs_strbuf *out);

/* Append `text` percent-encoded for a query value or one path segment. */
void cs_url_put_escaped(const char *text, struct cs_strbuf *out);

#endif
