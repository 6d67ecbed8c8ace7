/*
 * One request on its way through the server, and the means to answer it.
 *
 * http.c fills in the request and, when a handler has set status and body,
 * sends the answer. Handlers (pages.c, spaces.c, ...) see nothing of
 * libmicrohttpd.
 */
#ifndef FAKE_HTTP_H
#define FAKE_HTTP_H

#include "tests/fake/model.h"

#include <stdatomic.h>

#define FK_MAX_PARAMS    600 /* the longest list of repeated ids and some */
#define FK_MAX_PATH_ARGS 3
#define FK_MAX_UPLOAD    (32u << 20)

#define FK_CUT_HALF (-2) /* a value of fk_request.cut */

struct fk_server;
struct fk_route;
struct MHD_Connection;

struct fk_param {
    char *name;
    char *value;     /* decoded */
    const char *raw; /* as it came, up to raw_len */
    size_t raw_len;
};

struct fk_request {
    struct fk_server *server;
    struct fk_site *site;
    struct MHD_Connection *connection;
    char *uri;        /* path and query as they came */
    const char *path; /* decoded, without query and gateway prefix */
    char *path_buf;
    char method[8];
    bool gateway;      /* came by /ex/confluence/{cloudId} */
    bool media;        /* came to the media port */
    bool gateway_port; /* came to the port that is nothing but gateway */
    bool waited;       /* the delay of this request is over */
    bool authorized_header;
    struct fk_param *params;
    size_t param_count;
    struct fk_buf upload;
    bool upload_too_big;
    bool too_long; /* more than FK_MAX_PARAMS parameters */
    const struct fk_route *route;
    char args[FK_MAX_PATH_ARGS][256]; /* what the pattern's {x} stood for */
    uint64_t id;                      /* the first of them as a number */

    /* The answer. */
    int status;
    const char *content_type; /* application/json when NULL */
    bool plain;               /* never compressed */
    struct fk_buf body;
    struct fk_buf link;     /* Link header, when not empty */
    struct fk_buf location; /* Location header, when not empty */
    const char *challenge;  /* WWW-Authenticate header */
    struct fk_buf headers;  /* more headers, as lines "Name: value" */
    struct {
        bool repeat;  /* next leads to this page again */
        bool end;     /* no next, though there is more */
        bool empty;   /* no rows and no next */
        long missing; /* so many rows left out */
    } twist;          /* what a fault does to a listing */
    bool chunked;     /* no Content-Length */
    long drip_bytes;  /* so many bytes at a time ... */
    long drip_ms;     /* ... so far apart */
    int cut;          /* send so many bytes of the body, then drop; -1 = all */
};

/* Cut a raw query string into decoded parameters. */
void fk_request_parse(struct fk_request *req);

/* Take the context path of a Data Center off the path; what lies outside of
 * it becomes a path that nothing answers. */
void fk_request_strip(struct fk_request *req, const char *context);
void fk_request_free(struct fk_request *req);

/* The nth value (from 0) of a parameter, or NULL. */
const struct fk_param *fk_request_param(const struct fk_request *req,
                                        const char *name, size_t nth);

/* The single value of a parameter or a default. */
const char *fk_request_text(const struct fk_request *req, const char *name,
                            const char *fallback);
long fk_request_int(const struct fk_request *req, const char *name,
                    long fallback);
bool fk_request_bool(const struct fk_request *req, const char *name,
                     bool fallback);

/* Whether `value` is among the values of a list parameter, comma-separated
 * or repeated. `fallback` is the list that holds when it is absent. */
bool fk_request_has(const struct fk_request *req, const char *name,
                    const char *fallback, const char *value);

/* Whether a word is in a list "a,b,c" or "a|b|c". */
bool fk_word_in(const char *list, char separator, const char *word);

/* A header of the request, or NULL. */
const char *fk_request_header(const struct fk_request *req, const char *name);

/* Add a header to the answer. */
void fk_header(struct fk_request *req, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Answer with the v2 error body. `code` is e.g. INVALID_REQUEST_PARAMETER. */
void fk_fail(struct fk_request *req, int status, const char *code,
             const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Answer 404 as the vendor does for things absent or hidden. */
void fk_not_found(struct fk_request *req, const char *what);

/* Answer 200 with a login page, or this one. */
void fk_login_page(struct fk_request *req, const char *text);

/* Answer with an HTML page, as the load balancer does. */
void fk_html(struct fk_request *req, int status, const char *title);

#endif
