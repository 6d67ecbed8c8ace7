/*
 * canned.c - look the path up, write it down.
 */
#include "tests/lib/test.h"

#include "tests/lib/canned.h"

static bool matches(const char *pattern, const char *uri)
{
    size_t len = strlen(pattern);
    if (len > 0 && pattern[len - 1] == '*')
        return strncmp(pattern, uri, len - 1) == 0;
    return strcmp(pattern, uri) == 0;
}

static void write_down(struct canned *canned,
                       const struct http_server_request *request)
{
    size_t room = sizeof(canned->log) - canned->log_len;
    int n = snprintf(canned->log + canned->log_len, room, "%s %s%s%s\n",
                     request->method, request->uri, request->body[0] ? " " : "",
                     request->body);
    if (n > 0 && (size_t)n < room)
        canned->log_len += (size_t)n;
}

static bool was_asked(void *payload, const void *what)
{
    const struct canned *canned = payload;
    return strstr(canned->log, what) != NULL;
}

static void answer(void *payload, const struct http_server_request *request,
                   struct http_server_reply *reply)
{
    struct canned *canned = payload;
    write_down(canned, request);
    reply->status = 404;
    for (size_t i = 0; i < canned->n_answers; i++) {
        const struct canned_answer *row = &canned->answers[i];
        if (!matches(row->uri, request->uri) ||
            (row->times && canned->used[i] >= row->times))
            continue;
        canned->used[i]++;
        reply->status = row->status;
        reply->body = row->body;
        reply->content_type = row->content_type;
        if (row->after) {
            reply->is_ready = was_asked;
            reply->what = row->after;
        }
        if (row->link) {
            reply->headers[0].name = "Link";
            reply->headers[0].value = row->link;
        }
        return;
    }
}

void canned_open(struct canned *canned, const struct canned_answer *answers,
                 size_t n_answers)
{
    *canned = (struct canned){.answers = answers, .n_answers = n_answers};
    assert_true(n_answers <= CANNED_MAX_ROWS);
    fake_clock_init(&canned->clock);
    canned->server = http_server_start(answer, canned);
    assert_non_null(canned->server);
    (void)snprintf(canned->url, sizeof(canned->url), "http://127.0.0.1:%u",
                   http_server_port(canned->server));
}

void canned_close(struct canned *canned)
{
    http_server_stop(canned->server);
}

struct cs_http *canned_client(struct canned *canned, const char *base_path)
{
    struct cs_http *http = NULL;
    struct cs_error err = CS_ERROR_INIT;
    (void)snprintf(canned->base, sizeof(canned->base), "%s%s", canned->url,
                   base_path);
    struct cs_http_options options = {
        .base_url = canned->base, .clock = &canned->clock.clock, .jobs = 4};
    assert_ok(cs_http_new(&options, &http, &err), &err);
    return http;
}

unsigned canned_count(struct canned *canned, const char *text)
{
    unsigned n = 0;
    for (const char *at = strstr(canned->log, text); at;
         at = strstr(at + 1, text))
        n++;
    return n;
}
