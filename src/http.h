/*
 * http.h - requests to one site, many in flight.
 *
 * A client speaks to one origin. It keeps up to `jobs` transfers in flight on
 * libcurl's multi interface, obeys a rate, retries what is worth retrying
 * (retry.h) with one shared pause for the whole host, and stops at a cancel
 * flag. The credential goes to the configured origin only, never along a
 * redirect to another host, and only files (`data`) are taken from there. https
 * everywhere but on loopback, unless `allow_http`; certificates are always
 * verified.
 *
 * Nothing runs in the background: transfers move while cs_http_wait() or
 * cs_http_get() is called, and callbacks run on the caller's stack.
 */
#ifndef CS_SRC_HTTP_H
#define CS_SRC_HTTP_H

#include "src/clock.h"
#include "src/credential.h"
#include "src/strbuf.h"

#include <signal.h>

struct cs_http;

/* A request that will be sent again, but not yet. */
struct cs_http_pause {
    int64_t wait_ms;
    bool asked;       /* by the host; it then holds for all requests */
    long http_status; /* that was the answer, 0: the transfer broke */
};

/* Borrowed for the life of the client. */
struct cs_http_options {
    const char *base_url; /* "https://acme.atlassian.net/wiki", no final '/' */
    const struct cs_credential *credential; /* NULL: none is sent */
    const struct cs_clock *clock;
    const volatile sig_atomic_t *cancel; /* not 0: stop; may be NULL */
    const char *ca_file;                 /* NULL: environment, then system */
    const char *client_cert, *client_key;
    bool allow_http;
    unsigned jobs;           /* transfers in flight, 1 to 64 */
    double max_rps;          /* requests a second, 0: no limit */
    bool patient;            /* see cs_retry_state */
    int64_t timeout_ms;      /* one transfer; 0: 120 s */
    int64_t retry_budget_ms; /* waiting of a whole run; 0: 10 minutes */
    size_t max_body;         /* bytes of one answer; 0: 64 MB */
    /* Told of each pause, for whoever watches; may be NULL. */
    void (*paused)(void *payload, const struct cs_http_pause *pause);
    void *payload;
};

/* An answer, borrowed until the callback returns. */
struct cs_http_response {
    long status;              /* 200, 404, ... */
    const char *content_type; /* "" when absent */
    const char *link;         /* the Link header, "" when absent */
    const char *url;          /* that answered */
    int64_t date_ms;          /* the server's Date, 0 when absent */
    const char *body;         /* NUL after body_len bytes */
    size_t body_len;
};

/* Called once for each submitted request. `status` is CS_OK when the server
 * gave an answer that is the caller's to judge (2xx, or 4xx but 401, 403, 408
 * and 429); otherwise `why` says what happened after all retries, and
 * `response` may be NULL. CS_ERR_AUTH: 401, or an HTML page where data was
 * due. Returning anything but CS_OK ends cs_http_wait() with that status and
 * the error left in `err`. New requests may be submitted from inside. */
typedef enum cs_status cs_http_done_fn(void *payload, enum cs_status status,
                                       const struct cs_http_response *response,
                                       const struct cs_error *why,
                                       struct cs_error *err);

/* A piece of a large answer. */
struct cs_http_piece {
    int64_t at; /* in the whole file */
    const void *data;
    size_t len;
    int64_t total;            /* bytes of the whole file, -1 unknown */
    const char *content_type; /* "" when absent */
};

/* Called for each piece of a good answer (200, 206) as it comes. Pieces follow
 * each other, but one may start at 0 again: the server does not resume. After
 * a broken transfer the rest is asked for, never what was handed on. Anything
 * but CS_OK ends the request with that status and no further attempt. */
typedef enum cs_status cs_http_data_fn(void *payload,
                                       const struct cs_http_piece *piece,
                                       struct cs_error *err);

struct cs_http_request {
    const char *path; /* below base_url ("/api/v2/spaces?..."), or from the
                       * root of the origin with `absolute_path` */
    bool absolute_path;
    const char *post_json; /* body of a POST; NULL: a GET. Copied. */
    unsigned max_attempts; /* answered 5xx; 0: CS_RETRY_ATTEMPTS. 1 for a
                            * caller that would rather ask for less. */
    cs_http_data_fn *data; /* takes the body of a good answer, of any type
                            * and without a limit; NULL: it is collected */
    int64_t from;          /* with `data`: the first byte wanted */
    cs_http_done_fn *done;
    void *payload;
};

/* Check the options and make a client. CS_ERR_CONFIG for a bad URL or plain
 * http to another machine. The caller frees it with cs_http_free(). */
enum cs_status cs_http_new(const struct cs_http_options *options,
                           struct cs_http **ret, struct cs_error *err);

/* Drop all transfers (their callbacks are not called) and free. */
void cs_http_free(struct cs_http *http);

/* Queue a request; it starts when cs_http_wait() runs. Strings are copied. */
enum cs_status cs_http_submit(struct cs_http *http,
                              const struct cs_http_request *request,
                              struct cs_error *err);

/* Drop the requests with this payload; their callbacks are not called. */
void cs_http_cancel(struct cs_http *http, const void *payload);

/* Requests queued or in flight. */
size_t cs_http_pending(const struct cs_http *http);

/* Run until at most `until` requests are pending; SIZE_MAX lets transfers move
 * without waiting for any. CS_ERR_CANCELLED when the flag was raised; else the
 * first failure that a callback returned. */
enum cs_status cs_http_wait(struct cs_http *http, size_t until,
                            struct cs_error *err);

/* One request, start to end, on top of the same queue. `ret_body` gets the
 * bytes, `ret_status` the HTTP status (may be NULL). Statuses as the callback
 * gets them; in addition 4xx becomes CS_ERR_NOT_FOUND (404, 410) or
 * CS_ERR_PROTOCOL when `ret_status` is NULL. */
enum cs_status cs_http_get(struct cs_http *http, const char *path,
                           struct cs_strbuf *ret_body, long *ret_status,
                           struct cs_error *err);

/* Counters since cs_http_new(), for logs and benchmarks. */
struct cs_http_stats {
    uint64_t requests, retries, bytes;
    int64_t waited_ms; /* paused because the host asked for it */
};
void cs_http_stats(const struct cs_http *http, struct cs_http_stats *ret);

CS_DEFINE_CLEANUP(struct cs_http *, cs_http_cleanup, cs_http_free);

#endif
