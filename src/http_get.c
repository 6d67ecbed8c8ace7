/*
 * http_get.c - one request from start to end, on top of the queue.
 */
#include "src/http.h"

#include "src/url.h"

struct get {
    struct cs_strbuf *body;
    bool done;
    bool keep_status;
    long http_status;
    enum cs_status status;
    struct cs_error why;
};

static enum cs_status judge_get(struct get *get,
                                const struct cs_http_response *response)
{
    long status = response->status;
    if (get->keep_status || status < 400)
        return CS_OK;
    struct cs_strbuf url CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    cs_url_put_brief(response->url, &url);
    return cs_error_set(&get->why,
                        status == 404 || status == 410 ? CS_ERR_NOT_FOUND
                                                       : CS_ERR_PROTOCOL,
                        "%s: HTTP %ld", url.data, status);
}

static enum cs_status get_done(void *payload, enum cs_status status,
                               const struct cs_http_response *response,
                               const struct cs_error *why, struct cs_error *err)
{
    struct get *get = payload;
    (void)err;
    get->done = true;
    get->status = status;
    if (status)
        get->why = *why;
    else
        get->status = judge_get(get, response);
    if (response)
        get->http_status = response->status;
    if (!get->status)
        cs_strbuf_put(get->body, response->body, response->body_len);
    return CS_OK;
}

enum cs_status cs_http_get(struct cs_http *http, const char *path,
                           struct cs_strbuf *ret_body, long *ret_status,
                           struct cs_error *err)
{
    struct get get = {.body = ret_body, .keep_status = ret_status != NULL};
    struct cs_http_request request = {
        .path = path, .done = get_done, .payload = &get};
    enum cs_status status = cs_http_submit(http, &request, err);
    while (!status && !get.done)
        status = cs_http_wait(http, cs_http_pending(http) - 1, err);
    if (status) {
        cs_http_cancel(http, &get);
        return status;
    }
    if (get.status)
        return cs_error_pass(err, get.status, &get.why);
    if (ret_status)
        *ret_status = get.http_status;
    return cs_strbuf_status(ret_body, err);
}
