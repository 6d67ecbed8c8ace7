/*
 * answer.c - the callback that keeps what came, parsed.
 */
#include "connectors/answer.h"

#include "src/url.h"

#include <stdlib.h>

struct cs_answer {
    struct cs_http *http;
    bool done;
    enum cs_status status;
    struct cs_error why;
    long http_status;
    size_t size;
    bool is_json;
    int64_t date_ms;
    cJSON *doc;
    struct cs_strbuf link, url;
};

enum cs_status cs_answer_blame(const struct cs_answer *answer,
                               enum cs_status status, struct cs_error *err)
{
    if (status != CS_ERR_PARSE && status != CS_ERR_LIMIT)
        return status;
    cs_error_prefix(err, "%s", answer->url.data);
    if (err)
        err->status = CS_ERR_PROTOCOL;
    return CS_ERR_PROTOCOL;
}

static enum cs_status take(struct cs_answer *answer,
                           const struct cs_http_response *response,
                           struct cs_error *err)
{
    if (response->status >= 400)
        return cs_error_set(err,
                            response->status == 404 || response->status == 410
                                ? CS_ERR_NOT_FOUND
                                : CS_ERR_PROTOCOL,
                            "%s: HTTP %ld", answer->url.data, response->status);
    cs_strbuf_puts(&answer->link, response->link);
    answer->size = response->body_len;
    enum cs_status status =
        cs_json_parse(response->body, response->body_len, &answer->doc, err);
    return cs_answer_blame(answer, status, err);
}

static enum cs_status on_done(void *payload, enum cs_status status,
                              const struct cs_http_response *response,
                              const struct cs_error *why, struct cs_error *err)
{
    struct cs_answer *answer = payload;
    (void)err;
    answer->done = true;
    if (response) {
        answer->http_status = response->status;
        answer->date_ms = response->date_ms;
        answer->is_json = strcasestr(response->content_type, "json") != NULL;
        cs_url_put_brief(response->url, &answer->url);
    }
    answer->status = status;
    if (status)
        answer->why = *why;
    else if (response)
        answer->status = take(answer, response, &answer->why);
    return CS_OK;
}

enum cs_status cs_answer_ask(struct cs_http *http,
                             const struct cs_answer_request *request,
                             struct cs_answer **ret, struct cs_error *err)
{
    struct cs_answer *answer = calloc(1, sizeof(*answer));
    if (!answer)
        return cs_error_no_memory(err);
    answer->http = http;
    cs_strbuf_init(&answer->link, CS_URL_MAX);
    cs_strbuf_init(&answer->url, 512);
    struct cs_http_request http_request = {
        .path = request->path,
        .post_json = request->post_json,
        .max_attempts = request->max_attempts,
        .done = on_done,
        .payload = answer,
    };
    enum cs_status status = cs_http_submit(http, &http_request, err);
    if (status) {
        cs_answer_free(answer);
        return status;
    }
    *ret = answer;
    return CS_OK;
}

enum cs_status cs_answer_wait(struct cs_answer *answer,
                              struct cs_json *ret_root, struct cs_error *err)
{
    while (!answer->done) {
        enum cs_status status =
            cs_http_wait(answer->http, cs_http_pending(answer->http) - 1, err);
        if (status)
            return status;
    }
    if (answer->status)
        return cs_error_pass(err, answer->status, &answer->why);
    *ret_root = cs_json_root(answer->doc);
    return CS_OK;
}

long cs_answer_http_status(const struct cs_answer *answer)
{
    return answer->http_status;
}

const char *cs_answer_link(const struct cs_answer *answer)
{
    return answer->link.data;
}

size_t cs_answer_size(const struct cs_answer *answer)
{
    return answer->size;
}

int64_t cs_answer_date(const struct cs_answer *answer)
{
    return answer->date_ms;
}

bool cs_answer_is_json(const struct cs_answer *answer)
{
    return answer->is_json;
}

void cs_answer_free(struct cs_answer *answer)
{
    if (!answer)
        return;
    if (!answer->done)
        cs_http_cancel(answer->http, answer);
    cs_json_free(answer->doc);
    cs_strbuf_clear(&answer->link);
    cs_strbuf_clear(&answer->url);
    free(answer);
}
