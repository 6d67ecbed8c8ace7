/*
 * test_http.c - the client against a server in this process, without waiting.
 */
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
    unsigned cancel_at; /* raise the flag at this request */
};

static void copy(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static void answer(void *payload, const struct http_server_request *request,
                   struct http_server_reply *reply)
{
    struct rig *rig = payload;
    if (rig->seen < MAX_SEEN) {
        copy(rig->uris[rig->seen], 128, request->uri);
        copy(rig->authorizations[rig->seen], 64, request->authorization);
        copy(rig->bodies[rig->seen], 64, request->body);
    }
    *reply = rig->seen < rig->n_script ? rig->script[rig->seen] : rig->always;
    rig->seen++;
    if (rig->seen == rig->cancel_at)
        rig->cancel = 1;
}

static void rig_open(struct rig *rig, struct cs_http_options options)
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

static void rig_close(struct rig *rig)
{
    cs_http_free(rig->http);
    http_server_stop(rig->server);
    http_server_stop(rig->other);
    cs_credential_free(rig->credential);
}

/* One GET; the body lands in `out`. */
static enum cs_status get(struct rig *rig, const char *path,
                          struct cs_strbuf *out, struct cs_error *err)
{
    return cs_http_get(rig->http, path, out, NULL, err);
}

/* A whole test in which one request ends with `expected`. */
static struct cs_error get_fails(struct rig *rig, enum cs_status expected)
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

static void get_works(struct rig *rig, const char *expected)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    assert_ok(get(rig, "/x?a=b==&c=%2F", &body, &err), &err);
    assert_string_equal(body.data, expected);
}

static void test_plain_get(void **state)
{
    (void)state;
    struct rig rig = {.always = {.body = "{\"a\":1}"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 2});
    get_works(&rig, "{\"a\":1}");
    assert_string_equal(rig.uris[0], "/wiki/x?a=b==&c=%2F");
    assert_string_equal(rig.authorizations[0], "Basic YWRhOnMzY3JldA==");
    struct cs_http_stats stats;
    cs_http_stats(rig.http, &stats);
    assert_int_equal(stats.requests, 1);
    assert_int_equal(stats.bytes, 7);
    assert_int_equal(stats.retries, 0);
    rig_close(&rig);
}

static void test_login_page(void **state)
{
    (void)state;
    struct rig rig = {.always = {.content_type = "text/html;charset=UTF-8",
                                 .body = "<html>"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    struct cs_error err = get_fails(&rig, CS_ERR_AUTH);
    assert_non_null(strstr(err.message, "the server answered with a login page "
                                        "(HTML) instead of data"));
    assert_true(err.hint[0]);
    assert_int_equal(rig.seen, 1);
    rig_close(&rig);
}

static void test_refused_credential(void **state)
{
    (void)state;
    struct rig rig = {.always = {.status = 401}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    struct cs_error err = get_fails(&rig, CS_ERR_AUTH);
    assert_non_null(strstr(err.message, "refused the credential (HTTP 401)"));
    assert_int_equal(rig.seen, 1);
    rig.always.body = "{\"message\":\"Unauthorized; scope does not match\"}";
    err = get_fails(&rig, CS_ERR_AUTH);
    assert_non_null(strstr(err.message, "lacks a scope"));
    rig_close(&rig);
}

static void test_absent_and_forbidden(void **state)
{
    (void)state;
    struct rig rig = {.always = {.status = 404}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    (void)get_fails(&rig, CS_ERR_NOT_FOUND);
    long http_status = 0;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    assert_ok(cs_http_get(rig.http, "/x", &body, &http_status, &err), &err);
    assert_int_equal(http_status, 404);
    rig.always.status = 403;
    (void)get_fails(&rig, CS_ERR_FORBIDDEN);
    rig.always.status = 400;
    (void)get_fails(&rig, CS_ERR_PROTOCOL);
    rig_close(&rig);
}

static void test_throttled_then_good(void **state)
{
    (void)state;
    struct rig rig = {
        .script = {{.status = 429, .headers = {{"Retry-After", "7"}}}},
        .n_script = 1,
        .always = {.body = "{\"late\":true}"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 4});
    get_works(&rig, "{\"late\":true}");
    assert_int_equal(rig.seen, 2);
    assert_in_range(rig.clock.slept_ms, 7000, 7700);
    struct cs_http_stats stats;
    cs_http_stats(rig.http, &stats);
    assert_int_equal(stats.retries, 1);
    assert_in_range(stats.waited_ms, 7000, 7700);
    rig_close(&rig);
}

/* A pause holds for requests that were never refused themselves. */
static enum cs_status count_done(void *payload, enum cs_status status,
                                 const struct cs_http_response *response,
                                 const struct cs_error *why,
                                 struct cs_error *err)
{
    (void)response, (void)why, (void)err;
    if (status == CS_OK)
        ++*(unsigned *)payload;
    return CS_OK;
}

static void submit(struct rig *rig, unsigned *count, unsigned n)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_http_request request = {
        .path = "/n", .done = count_done, .payload = count};
    for (unsigned i = 0; i < n; i++)
        assert_ok(cs_http_submit(rig->http, &request, &err), &err);
}

static void test_pause_holds_for_all(void **state)
{
    (void)state;
    struct rig rig = {
        .script = {{.status = 503, .headers = {{"Retry-After", "30"}}}},
        .n_script = 1};
    unsigned done = 0;
    struct cs_error err = CS_ERROR_INIT;
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    submit(&rig, &done, 5);
    assert_int_equal(cs_http_pending(rig.http), 5);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(done, 5);
    assert_in_range(rig.clock.slept_ms, 30000,
                    33000); /* once, not five times */
    rig_close(&rig);
}

static void test_server_errors_end(void **state)
{
    (void)state;
    struct rig rig = {.always = {.status = 502, .content_type = "text/html"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    struct cs_error err = get_fails(&rig, CS_ERR_NETWORK);
    assert_non_null(strstr(err.message, "HTTP 502 after 5 attempts"));
    assert_int_equal(rig.seen, 5);
    rig_close(&rig);
}

static void test_broken_transfers_are_tried_again(void **state)
{
    (void)state;
    struct rig rig = {.script = {{.body = "{}"},
                                 {.action = HTTP_SERVER_RESET},
                                 {.action = HTTP_SERVER_TRUNCATE,
                                  .body = "{\"long\":\"enough to be cut\"}"}},
                      .n_script = 3,
                      .always = {.body = "{\"ok\":1}"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    get_works(&rig, "{}");
    get_works(&rig, "{\"ok\":1}");
    assert_true(rig.seen >= 4);
    rig_close(&rig);
}

static void test_truncated_for_ever(void **state)
{
    (void)state;
    struct rig rig = {.always = {.action = HTTP_SERVER_TRUNCATE,
                                 .body = "{\"long\":\"enough to be cut\"}"}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    (void)get_fails(&rig, CS_ERR_NETWORK);
    rig_close(&rig);
}

static void test_nobody_listens(void **state)
{
    (void)state;
    struct rig rig = {.cancel = 0};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    http_server_stop(rig.server);
    rig.server = NULL;
    struct cs_error err = get_fails(&rig, CS_ERR_NETWORK);
    assert_non_null(strstr(err.message, "127.0.0.1"));
    assert_non_null(strstr(err.hint, "base URL"));
    rig_close(&rig);
}

static void test_unknown_host_is_named(void **state)
{
    (void)state;
    struct fake_clock clock;
    struct cs_http *http = NULL;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf body CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    fake_clock_init(&clock);
    struct cs_http_options options = {.base_url =
                                          "https://no-such-host.invalid",
                                      .clock = &clock.clock,
                                      .jobs = 1};
    assert_ok(cs_http_new(&options, &http, &err), &err);
    assert_int_equal(cs_http_get(http, "/", &body, NULL, &err), CS_ERR_NETWORK);
    assert_non_null(strstr(err.message, "no-such-host.invalid"));
    cs_http_free(http);
}

static void redirect_to(char *location, struct http_server *server)
{
    (void)snprintf(location, 64, "http://127.0.0.1:%u/elsewhere",
                   http_server_port(server));
}

static void test_redirect_keeps_the_credential_at_home(void **state)
{
    (void)state;
    struct rig elsewhere = {.always = {.body = "{\"there\":1}"}};
    struct rig rig = {.script = {{.status = 302}}, .n_script = 1};
    char location[64];
    rig_open(&elsewhere, (struct cs_http_options){.jobs = 1});
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    redirect_to(location, elsewhere.server);
    rig.script[0].headers[0].name = "Location";
    rig.script[0].headers[0].value = location;
    get_works(&rig, "{\"there\":1}");
    assert_string_equal(elsewhere.uris[0], "/elsewhere");
    assert_string_equal(elsewhere.authorizations[0], "");
    assert_int_not_equal(rig.authorizations[0][0], 0);
    rig_close(&rig);
    rig_close(&elsewhere);
}

static void test_redirect_within_the_origin(void **state)
{
    (void)state;
    struct rig rig = {
        .script = {{.status = 307, .headers = {{"Location", "../moved?x=1"}}}},
        .n_script = 1};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    get_works(&rig, "{}");
    assert_string_equal(rig.uris[1], "/moved?x=1");
    assert_string_equal(rig.authorizations[1], rig.authorizations[0]);
    rig_close(&rig);
}

static void test_redirects_that_are_not_followed(void **state)
{
    (void)state;
    static const char *const locations[] = {
        "http://example.invalid/", "ftp://127.0.0.1/", "file:///etc/passwd",
        "http://user:pw@127.0.0.1/"};
    for (size_t i = 0; i < CS_ARRAY_LEN(locations); i++) {
        struct rig rig = {
            .always = {.status = 302, .headers = {{"Location", locations[i]}}}};
        rig_open(&rig, (struct cs_http_options){.jobs = 1});
        (void)get_fails(&rig, CS_ERR_PROTOCOL);
        assert_int_equal(rig.seen, 1);
        rig_close(&rig);
    }
    struct rig loop = {
        .always = {.status = 302, .headers = {{"Location", "/again"}}}};
    rig_open(&loop, (struct cs_http_options){.jobs = 1});
    (void)get_fails(&loop, CS_ERR_PROTOCOL);
    assert_int_equal(loop.seen, 6);
    rig_close(&loop);
}

static void test_body_limit(void **state)
{
    (void)state;
    char large[2000];
    memset(large, ' ', sizeof(large));
    struct rig rig = {.always = {.body = large, .body_len = sizeof(large)}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1, .max_body = 1999});
    struct cs_error err = get_fails(&rig, CS_ERR_LIMIT);
    assert_non_null(strstr(err.message, "1999"));
    assert_int_equal(rig.seen, 1);
    rig_close(&rig);
}

static void test_gzip(void **state)
{
    (void)state;
    static const char packed[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x2a\x48\x4c\xce\x4e"
        "\x4d\x51\xb2\x2a\x29\x2a\x4d\xad\x05\x00\x89\xe0\xb5\xdc\x0f\x00\x00"
        "\x00";
    struct rig rig = {.always = {.body = packed,
                                 .body_len = sizeof(packed) - 1,
                                 .headers = {{"Content-Encoding", "gzip"}}}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    get_works(&rig, "{\"packed\":true}");
    rig_close(&rig);
}

static void test_post(void **state)
{
    (void)state;
    struct rig rig = {.script = {{.status = 500}}, .n_script = 1};
    unsigned done = 0;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_http_request request = {.path = "/users-bulk",
                                      .post_json = "{\"accountIds\":[]}",
                                      .done = count_done,
                                      .payload = &done};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    assert_ok(cs_http_submit(rig.http, &request, &err), &err);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(done, 1);
    assert_string_equal(rig.bodies[1], "{\"accountIds\":[]}");
    get_works(&rig, "{}"); /* the handle forgets that it was a POST */
    assert_string_equal(rig.bodies[2], "");
    rig_close(&rig);
}

static void test_cancel(void **state)
{
    (void)state;
    struct rig rig = {.always = {.action = HTTP_SERVER_HANG}, .cancel_at = 1};
    rig_open(&rig, (struct cs_http_options){.jobs = 2});
    struct cs_error err = get_fails(&rig, CS_ERR_CANCELLED);
    assert_string_equal(err.message, "interrupted");
    assert_int_equal(cs_http_pending(rig.http), 0);
    rig_close(&rig);
}

static void test_cancel_during_a_pause(void **state)
{
    (void)state;
    struct rig rig = {.always = {.status = 429}, .cancel_at = 1};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    (void)get_fails(&rig, CS_ERR_CANCELLED);
    assert_true(rig.clock.slept_ms <= 200);
    rig_close(&rig);
}

static void test_jobs_in_flight(void **state)
{
    (void)state;
    struct rig rig = {.always = {.wait_for = 3}};
    unsigned done = 0;
    struct cs_error err = CS_ERROR_INIT;
    rig_open(&rig, (struct cs_http_options){.jobs = 3});
    submit(&rig, &done, 12);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(done, 12);
    assert_int_equal(http_server_most(rig.server), 3);
    rig_close(&rig);
}

static void test_jobs_halve_when_throttled(void **state)
{
    (void)state;
    struct rig rig = {
        .script = {{.status = 429, .headers = {{"Retry-After", "1"}}}},
        .n_script = 1};
    unsigned done = 0;
    struct cs_error err = CS_ERROR_INIT;
    rig_open(&rig, (struct cs_http_options){.jobs = 4});
    get_works(&rig, "{}");
    rig.always.wait_for = 2;
    submit(&rig, &done, 10);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(http_server_most(rig.server), 2);
    /* A stretch of success brings jobs back, one by one. */
    rig.always.wait_for = 0;
    submit(&rig, &done, 120);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    rig.always.wait_for = 4;
    submit(&rig, &done, 8);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(http_server_most(rig.server), 4);
    rig_close(&rig);
}

static void test_rate(void **state)
{
    (void)state;
    struct rig rig = {.cancel = 0};
    unsigned done = 0;
    struct cs_error err = CS_ERROR_INIT;
    rig_open(&rig, (struct cs_http_options){.jobs = 4, .max_rps = 2});
    submit(&rig, &done, 12);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(done, 12);
    assert_in_range(rig.clock.slept_ms, 4990, 5500); /* 2 at once, then 10 */
    rig_close(&rig);
}

static void test_retry_budget(void **state)
{
    (void)state;
    struct rig rig = {
        .always = {.status = 429, .headers = {{"Retry-After", "60"}}}};
    rig_open(&rig,
             (struct cs_http_options){.jobs = 1, .retry_budget_ms = 150000});
    struct cs_error err = get_fails(&rig, CS_ERR_NETWORK);
    assert_non_null(strstr(err.message, "HTTP 429 after 3 attempts"));
    rig_close(&rig);
}

static void test_cancelled_requests_are_not_called(void **state)
{
    (void)state;
    struct rig rig = {.cancel = 0};
    unsigned mine = 0, theirs = 0;
    struct cs_error err = CS_ERROR_INIT;
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    submit(&rig, &mine, 3);
    submit(&rig, &theirs, 2);
    cs_http_cancel(rig.http, &mine);
    assert_int_equal(cs_http_pending(rig.http), 2);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(mine, 0);
    assert_int_equal(theirs, 2);
    rig_close(&rig);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "acme",
                                      "ftp://acme.test",
                                      "http://acme.test",
                                      "https://u:p@acme",
                                      "http://127.0.0.1.example.org"};
    struct fake_clock clock;
    fake_clock_init(&clock);
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++) {
        struct cs_http *http = NULL;
        struct cs_http_options options = {.base_url = bad[i],
                                          .clock = &clock.clock};
        if (cs_http_new(&options, &http, NULL) != CS_ERR_CONFIG)
            fail_msg("%s was taken", bad[i]);
    }
    struct cs_http *http = NULL;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_http_options options = {.base_url = "http://acme.test",
                                      .clock = &clock.clock,
                                      .allow_http = true};
    assert_ok(cs_http_new(&options, &http, &err), &err);
    cs_http_free(http);
}

static void test_bad_paths(void **state)
{
    (void)state;
    static const char *const bad[] = {"x", "/a b", "/a\r\nHost: evil",
                                      "/\xc3\xa9"};
    struct rig rig = {.cancel = 0};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++) {
        struct cs_http_request request = {.path = bad[i], .done = count_done};
        assert_int_equal(cs_http_submit(rig.http, &request, NULL),
                         CS_ERR_PROTOCOL);
    }
    assert_int_equal(rig.seen, 0);
    rig_close(&rig);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_get),
        cmocka_unit_test(test_login_page),
        cmocka_unit_test(test_refused_credential),
        cmocka_unit_test(test_absent_and_forbidden),
        cmocka_unit_test(test_throttled_then_good),
        cmocka_unit_test(test_pause_holds_for_all),
        cmocka_unit_test(test_server_errors_end),
        cmocka_unit_test(test_broken_transfers_are_tried_again),
        cmocka_unit_test(test_truncated_for_ever),
        cmocka_unit_test(test_nobody_listens),
        cmocka_unit_test(test_unknown_host_is_named),
        cmocka_unit_test(test_redirect_keeps_the_credential_at_home),
        cmocka_unit_test(test_redirect_within_the_origin),
        cmocka_unit_test(test_redirects_that_are_not_followed),
        cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_post),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_during_a_pause),
        cmocka_unit_test(test_jobs_in_flight),
        cmocka_unit_test(test_jobs_halve_when_throttled),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_retry_budget),
        cmocka_unit_test(test_cancelled_requests_are_not_called),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_bad_paths),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
