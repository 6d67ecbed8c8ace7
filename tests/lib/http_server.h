/*
 * http_server.h - a web server inside a test, on a port of 127.0.0.1.
 *
 * The test hands over a function that answers requests. It is called under a
 * lock, one request at a time, so it may count and remember in plain
 * variables; it must not assert, for it runs in a thread of the server.
 */
#ifndef CS_TESTS_LIB_HTTP_SERVER_H
#define CS_TESTS_LIB_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct http_server;

struct http_server_request {
    const char *method;
    const char *uri;           /* path and query as they came */
    const char *authorization; /* header, or NULL */
    const char *range;         /* header, or NULL */
    const char *body;          /* of a POST, "" otherwise */
    unsigned number;           /* from 1, over all requests */
};

enum http_server_action {
    HTTP_SERVER_ANSWER,
    HTTP_SERVER_RESET,    /* close without a word */
    HTTP_SERVER_TRUNCATE, /* half of the body, then close */
    HTTP_SERVER_HANG      /* no answer until the server stops */
};

#define HTTP_SERVER_HEADERS 4
struct http_server_reply {
    enum http_server_action action;
    unsigned status;          /* 0: 200 */
    const char *content_type; /* NULL: application/json */
    const char *body;         /* NULL: "{}"; copied */
    size_t body_len;          /* 0: strlen(body) */
    struct {
        const char *name, *value;
    } headers[HTTP_SERVER_HEADERS];
    /* Wait until so many requests are in the server together, or two seconds
     * have passed. 0: do not wait. */
    unsigned wait_for;
    /* Wait until this says yes of `what`, which it is asked at each request,
     * under the lock, or two seconds have passed. NULL: do not wait. */
    bool (*is_ready)(void *payload, const void *what);
    const void *what;
};

typedef void http_server_fn(void *payload,
                            const struct http_server_request *request,
                            struct http_server_reply *reply);

/* Start it; NULL on failure. Stop it with http_server_stop(). */
struct http_server *http_server_start(http_server_fn *answer, void *payload);
void http_server_stop(struct http_server *server);

unsigned http_server_port(const struct http_server *server);
/* The most requests that were in the server at one time. */
unsigned http_server_most(struct http_server *server);

#endif
