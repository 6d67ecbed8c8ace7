/*
 * test_http_flow.c - many requests: jobs, rate, pauses, cancel.
 */
#include "tests/src/http_rig.h"

/* A pause holds for requests that were never refused themselves. */
static void test_t17_pause_holds_for_all(void **state)
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
    assert_true(rig.slept[1] >= 30000); /* the second one waited too */
    assert_in_range(rig.clock.slept_ms, 30000,
                    33000); /* once, not five times */
    rig_close(&rig);
}

static void note_pause(void *payload, const struct cs_http_pause *pause)
{
    *(struct cs_http_pause *)payload = *pause;
}

static void test_pauses_are_told(void **state)
{
    (void)state;
    struct cs_http_pause pause = {0};
    struct rig rig = {
        .script = {{.status = 429, .headers = {{"Retry-After", "12"}}},
                   {.status = 200},
                   {.status = 502}},
        .n_script = 3};
    rig_open(&rig, (struct cs_http_options){
                       .jobs = 1, .paused = note_pause, .payload = &pause});
    get_works(&rig, "{}");
    assert_true(pause.asked);
    assert_int_equal(pause.http_status, 429);
    assert_in_range(pause.wait_ms, 12000, 15000);
    get_works(&rig, "{}");
    assert_false(pause.asked);
    assert_int_equal(pause.http_status, 502);
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

/* How many of many requests start at once, while none is answered. */
static uint64_t started_at_once(struct rig *rig)
{
    unsigned done = 0;
    struct cs_http_stats before, after;
    struct cs_error err = CS_ERROR_INIT;
    rig->always.action = HTTP_SERVER_HANG;
    cs_http_stats(rig->http, &before);
    submit(rig, &done, 10);
    assert_ok(cs_http_wait(rig->http, SIZE_MAX, &err), &err);
    cs_http_stats(rig->http, &after);
    cs_http_cancel(rig->http, &done);
    assert_int_equal(cs_http_pending(rig->http), 0);
    rig->always.action = HTTP_SERVER_ANSWER;
    return after.requests - before.requests;
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
    assert_int_equal(started_at_once(&rig), 2);
    /* A stretch of success brings jobs back, one by one. */
    submit(&rig, &done, 45);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(started_at_once(&rig), 3);
    submit(&rig, &done, 75);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(started_at_once(&rig), 4);
    submit(&rig, &done, 200);
    assert_ok(cs_http_wait(rig.http, 0, &err), &err);
    assert_int_equal(started_at_once(&rig), 4); /* never more than asked for */
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
        cmocka_unit_test(test_t17_pause_holds_for_all),
        cmocka_unit_test(test_pauses_are_told),
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
    return cmocka_run_group_tests_name("http_flow", tests, NULL, NULL);
}
