/*
 * http_rig.h - what the tests of the HTTP client share: a server with a script,
 * and one request from start to end.
 */
#ifndef CS_TESTS_SRC_HTTP_RIG_H
#define CS_TESTS_SRC_HTTP_RIG_H

#include "tests/lib/test.h"

#include "src/http.h"
#include "tests/lib/fake_clock.h"
#include "tests/lib/http_server.h"

#include <signal.h>

#define MAX_SEEN 32

/* A server that answers its first requests from a script and all later ones
 * with 200, and remembers what it was sent. */
struct rig {
    struct http_server *server, *other;
    struct fake_clock clock;
    struct cs_http *http;
    struct cs_credential *credential;
    volatile sig_atomic_t cancel;
    char base[64];
    struct http_server_reply script[8];
    size_t n_script;
    struct http_server_reply always; /* after the script */
    unsigned seen;
    char uris[MAX_SEEN][128];
    char authorizations[MAX_SEEN][64];
    char bodies[MAX_SEEN][64];
    int64_t slept[MAX_SEEN]; /* by the client, when the request came */
    unsigned cancel_at;      /* raise the flag at this request */
};

static inline void copy(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static inline void answer(void *payload,
                          const struct http_server_request *request,
                          struct http_server_reply *reply)
{
    struct rig *rig = payload;
    if (rig->seen < MAX_SEEN) {
        copy(rig->uris[rig->seen], 128, request->uri);
        copy(rig->authorizations[rig->seen], 64, request->authorization);
        copy(rig->bodies[rig->seen], 64, request->body);
        rig->slept[rig->seen] = rig->clock.slept_ms;
    }
    *reply = rig->seen < rig->n_script ? rig->script[rig->seen] : rig->always;
    rig->seen++;
    if (rig->seen == rig->cancel_at)
        rig->cancel = 1;
}

static inline void rig_open(struct rig *rig, struct cs_http_options options)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_credential_spec spec = {.user = "ada", .token = "s3cret"};
    assert_ok(cs_credential_load(&spec, &rig->credential, &err), &err);
    fake_clock_init(&rig->clock);
    rig->server = http_server_start(answer, rig);
    assert_non_null(rig->server);
    (void)snprintf(rig->base, sizeof(rig->base), "http://127.0.0.1:%u/wiki",
                   http_server_port(rig->server));
    options.base_url = rig->base;
    options.credential = rig->credential;
    options.clock = &rig->clock.clock;
    options.cancel = &rig->cancel;
    assert_ok(cs_http_new(&options, &rig->http, &err), &err);
}

static inline void rig_close(struct rig *rig)
{
    cs_http_free(rig->http);
    http_server_stop(rig->server);
    http_server_stop(rig->other);
    cs_credential_free(rig->credential);
}

/* One GET; the body lands in `out`. */
static inline enum cs_status get(struct rig *rig, const char *path,
                                 struct cs_strbuf *out, struct cs_error *err)
{
    return cs_http_get(rig->http, path, out, NULL, err);
}

/* A whole test in which one request ends with `expected`. */
static inline struct cs_error get_fails(struct rig *rig,
                                        enum cs_status expected)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    assert_int_equal(get(rig, "/x?cursor=verylong", &body, &err), expected);
    assert_int_equal(err.status, expected);
    assert_null(strstr(err.message, "s3cret"));
    assert_null(strstr(err.message, "cursor"));
    return err;
}

static inline void get_works(struct rig *rig, const char *expected)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    assert_ok(get(rig, "/x?a=b==&c=%2F", &body, &err), &err);
    assert_string_equal(body.data, expected);
}

static inline enum cs_status count_done(void *payload, enum cs_status status,
                                        const struct cs_http_response *response,
                                        const struct cs_error *why,
                                        struct cs_error *err)
{
    (void)response, (void)why, (void)err;
    if (status == CS_OK)
        ++*(unsigned *)payload;
    return CS_OK;
}

static inline void submit(struct rig *rig, unsigned *count, unsigned n)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_http_request request = {
        .path = "/n", .done = count_done, .payload = count};
    for (unsigned i = 0; i < n; i++)
        assert_ok(cs_http_submit(rig->http, &request, &err), &err);
}

#endif
