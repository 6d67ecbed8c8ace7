/*
 * http_transfer.h - one request on its way, and how its end is judged.
 *
 * Inside of src/http.c: http_setup.c checks the options, http_transfer.c speaks
 * to libcurl's easy interface and collects the answer, http_stream.c hands
 * large ones on, http_verdict.c says what the answer means. When a request
 * runs, waits or is given up is decided by http.c alone.
 */
#ifndef CS_SRC_HTTP_TRANSFER_H
#define CS_SRC_HTTP_TRANSFER_H

#include "src/http.h"
#include "src/retry.h"
#include "src/url.h"

#include <curl/curl.h>

#define CS_HTTP_MAX_JOBS 64

/* What all transfers of a client share; made once, then read only. */
struct cs_http_setup {
    struct cs_http_options options;
    struct cs_origin origin; /* of base_url: the only one with a credential */
    struct curl_slist *get_headers, *post_headers;
    const char *ca_file; /* resolved: option, then environment */
};

/* What becomes of the body of the present answer. */
enum cs_http_body {
    CS_HTTP_BODY_UNDECIDED, /* no byte has come */
    CS_HTTP_BODY_COLLECTED,
    CS_HTTP_BODY_HANDED_ON,
    CS_HTTP_BODY_REFUSED /* status and why say by whom */
};

struct cs_http_transfer {
    struct cs_http_transfer *next; /* in the list that holds it */
    char *first_url;               /* as asked for */
    char *url;                     /* as redirected */
    char *post_json;               /* NULL: a GET */
    cs_http_done_fn *done;         /* NULL: nobody waits for it any more */
    void *payload;
    unsigned max_attempts, attempt, redirects;
    int64_t not_before; /* monotonic */

    CURL *easy; /* while in flight */
    char curl_error[CURL_ERROR_SIZE];
    const struct cs_http_setup *setup;

    long http_status;
    struct cs_strbuf body;
    struct cs_strbuf content_type, link, retry_after, rate_reset, location,
        date, login_reason, content_range;
    bool too_big; /* the body passed max_body */

    cs_http_data_fn *data; /* http_stream.c; NULL: the body is collected */
    enum cs_http_body body_goes;
    int64_t next_at; /* the next byte to be handed on, or to be asked for */
    int64_t total;   /* bytes of the whole file, -1 unknown */
    bool progressed; /* this attempt has handed bytes on */

    enum cs_status status; /* the verdict */
    struct cs_error why;
};

/* Check the options (cs_http_new says how) and fill in defaults. After either
 * outcome cs_http_setup_clear() frees what it holds. */
enum cs_status cs_http_setup_init(struct cs_http_setup *setup,
                                  const struct cs_http_options *options,
                                  struct cs_error *err);
void cs_http_setup_clear(struct cs_http_setup *setup);

/* Make a transfer for an absolute URL. NULL when there is no memory. */
struct cs_http_transfer *cs_http_transfer_new(
    const struct cs_http_setup *setup, const char *url,
    const struct cs_http_request *request);
void cs_http_transfer_free(struct cs_http_transfer *transfer);

/* An easy handle with all that never changes set, or NULL. */
CURL *cs_http_easy_new(const struct cs_http_setup *setup);

/* Forget the last answer and set up `easy` for the next attempt. */
enum cs_status cs_http_transfer_arm(struct cs_http_transfer *transfer,
                                    CURL *easy, struct cs_error *err);

/* Where the answer redirects to. CS_OK with `url` changed; CS_ERR_PROTOCOL for
 * one redirect too many or one that must not be followed, CS_ERR_AUTH or
 * CS_ERR_CONFIG for data that another host would give. */
enum cs_status cs_http_transfer_redirect(struct cs_http_transfer *transfer,
                                         struct cs_error *err);
bool cs_http_transfer_redirected(const struct cs_http_transfer *transfer);

/* Back to the first URL for another attempt: where a redirect led may have
 * been good for one use only. */
enum cs_status cs_http_transfer_rewind(struct cs_http_transfer *transfer,
                                       struct cs_error *err);

/* Set up `easy` for a body that is handed on, or collected, and forget what the
 * last attempt did. */
CURLcode cs_http_stream_arm(struct cs_http_transfer *transfer, CURL *easy);

/* Take bytes of a body. False when they are the caller's to collect. `ret_ok`
 * is false when the transfer must end. */
bool cs_http_stream_take(struct cs_http_transfer *transfer, const char *data,
                         size_t len, bool *ret_ok);

/* What an exchange that ended with `code` is to the retry policy. */
enum cs_transfer cs_http_verdict_transfer(CURLcode code);

/* The final word on an exchange: fills status and why. */
void cs_http_verdict(struct cs_http_transfer *transfer, CURLcode code);

/* The answer as callbacks see it. */
struct cs_http_response cs_http_transfer_response(
    const struct cs_http_transfer *transfer);

#endif
