/*
 * test_http.c - every kind of answer, without waiting.
 */
#include "tests/src/http_rig.h"

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

static void test_t30_login_page(void **state)
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

static void test_locked_account(void **state)
{
    (void)state;
    struct rig rig = {.always = {.status = 403,
                                 .headers = {{"X-Seraph-LoginReason",
                                              "AUTHENTICATION_DENIED"}}}};
    rig_open(&rig, (struct cs_http_options){.jobs = 1});
    struct cs_error err = get_fails(&rig, CS_ERR_AUTH);
    assert_non_null(strstr(err.message, "the account is locked after failed "
                                        "logins (HTTP 403, CAPTCHA)"));
    assert_non_null(strstr(err.hint, "with a browser"));
    assert_int_equal(rig.seen, 1);
    rig.always.headers[0].value = "OK";
    (void)get_fails(&rig, CS_ERR_FORBIDDEN);
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

/* What another host says is not the site's: neither asked for nor believed. */
static void test_t19_no_data_from_another_host(void **state)
{
    (void)state;
    static const struct {
        unsigned code;
        enum cs_status status;
    } cases[] = {{301, CS_ERR_CONFIG},
                 {302, CS_ERR_AUTH},
                 {307, CS_ERR_AUTH},
                 {308, CS_ERR_CONFIG}};
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct rig elsewhere = {.always = {.body = "{\"there\":1}"}};
        struct rig rig = {.script = {{.status = cases[i].code}}, .n_script = 1};
        char location[64];
        rig_open(&elsewhere, (struct cs_http_options){.jobs = 1});
        rig_open(&rig, (struct cs_http_options){.jobs = 1});
        redirect_to(location, elsewhere.server);
        rig.script[0].headers[0].name = "Location";
        rig.script[0].headers[0].value = location;
        struct cs_error err = get_fails(&rig, cases[i].status);
        assert_non_null(strstr(err.message, "another host, http://127.0.0.1:"));
        assert_int_equal(rig.seen, 1);
        assert_int_equal(elsewhere.seen, 0);
        rig_close(&rig);
        rig_close(&elsewhere);
    }
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

static void test_t19_redirects_that_are_not_followed(void **state)
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

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_get),
        cmocka_unit_test(test_t30_login_page),
        cmocka_unit_test(test_refused_credential),
        cmocka_unit_test(test_locked_account),
        cmocka_unit_test(test_absent_and_forbidden),
        cmocka_unit_test(test_throttled_then_good),
        cmocka_unit_test(test_server_errors_end),
        cmocka_unit_test(test_broken_transfers_are_tried_again),
        cmocka_unit_test(test_truncated_for_ever),
        cmocka_unit_test(test_nobody_listens),
        cmocka_unit_test(test_unknown_host_is_named),
        cmocka_unit_test(test_t19_no_data_from_another_host),
        cmocka_unit_test(test_redirect_within_the_origin),
        cmocka_unit_test(test_t19_redirects_that_are_not_followed),
        cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
