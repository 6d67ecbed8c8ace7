/*
 * test_retry.c - one line a rule.
 */
#include "tests/lib/test.h"

#include "src/retry.h"

#define NOW_MS INT64_C(784111777000) /* Sun, 06 Nov 1994 08:49:37 GMT */

static struct cs_retry_state state_of(unsigned attempt)
{
    return (struct cs_retry_state){.attempt = attempt,
                                   .reached = true,
                                   .budget_ms = 600000,
                                   .now_ms = NOW_MS,
                                   .jitter = 0.5};
}

static struct cs_retry_decision decide(struct cs_retry_outcome outcome,
                                       unsigned attempt)
{
    struct cs_retry_state state = state_of(attempt);
    return cs_retry_decide(&outcome, &state);
}

static struct cs_retry_decision status(long http_status, unsigned attempt)
{
    return decide((struct cs_retry_outcome){.http_status = http_status},
                  attempt);
}

static void test_answers_that_are_final(void **state)
{
    (void)state;
    static const long statuses[] = {200, 204, 301, 304, 400,
                                    401, 403, 404, 410, 413};
    for (size_t i = 0; i < CS_ARRAY_LEN(statuses); i++)
        assert_int_equal(status(statuses[i], 1).action, CS_RETRY_DONE);
}

static void test_server_errors_double_and_end(void **state)
{
    (void)state;
    static const int64_t waits[] = {1000, 2000, 4000, 8000};
    for (unsigned i = 0; i < 4; i++) {
        struct cs_retry_decision d = status(500, i + 1);
        assert_int_equal(d.action, CS_RETRY_AGAIN);
        assert_int_equal(d.wait_ms, waits[i]);
        assert_false(d.throttled);
    }
    assert_int_equal(status(502, 5).action, CS_RETRY_GIVE_UP);
    assert_int_equal(status(408, 1).action, CS_RETRY_AGAIN);
}

static void test_jitter_spreads(void **state)
{
    (void)state;
    struct cs_retry_outcome outcome = {.http_status = 500};
    struct cs_retry_state low = state_of(1), high = state_of(1);
    low.jitter = 0;
    high.jitter = 1;
    assert_int_equal(cs_retry_decide(&outcome, &low).wait_ms, 700);
    assert_int_equal(cs_retry_decide(&outcome, &high).wait_ms, 1300);
}

static void test_caller_limits_server_errors_only(void **state)
{
    (void)state;
    struct cs_retry_outcome answered = {.http_status = 500};
    struct cs_retry_outcome broken = {.transfer = CS_TRANSFER_BROKEN};
    struct cs_retry_state once = state_of(1);
    once.max_attempts = 1;
    assert_int_equal(cs_retry_decide(&answered, &once).action,
                     CS_RETRY_GIVE_UP);
    assert_int_equal(cs_retry_decide(&broken, &once).action, CS_RETRY_AGAIN);
}

static void test_transfers(void **state)
{
    (void)state;
    struct cs_retry_outcome broken = {.transfer = CS_TRANSFER_BROKEN};
    struct cs_retry_outcome failed = {.transfer = CS_TRANSFER_FAILED};
    assert_int_equal(decide(broken, 4).action, CS_RETRY_AGAIN);
    assert_int_equal(decide(broken, 5).action, CS_RETRY_GIVE_UP);
    assert_int_equal(decide(failed, 1).action, CS_RETRY_GIVE_UP);
}

static void test_host_never_reached(void **state)
{
    (void)state;
    struct cs_retry_outcome broken = {.transfer = CS_TRANSFER_BROKEN};
    struct cs_retry_state first = state_of(1), second = state_of(2);
    first.reached = second.reached = false;
    assert_int_equal(cs_retry_decide(&broken, &first).action, CS_RETRY_AGAIN);
    assert_int_equal(cs_retry_decide(&broken, &second).action,
                     CS_RETRY_GIVE_UP);
}

/* A machine that just woke up has no network for some seconds. */
static void test_patience_with_a_host_never_reached(void **state)
{
    (void)state;
    struct cs_retry_outcome broken = {.transfer = CS_TRANSFER_BROKEN};
    int64_t waited = 0;
    unsigned attempt = 1;
    for (;; attempt++) {
        struct cs_retry_state now = state_of(attempt);
        now.reached = false;
        now.patient = true;
        struct cs_retry_decision decision = cs_retry_decide(&broken, &now);
        if (decision.action != CS_RETRY_AGAIN)
            break;
        waited += decision.wait_ms;
    }
    assert_int_equal(attempt, CS_RETRY_PATIENT_ATTEMPTS);
    assert_true(waited >= 45000 && waited <= 90000);
    struct cs_retry_state later = state_of(5); /* once it answered: as ever */
    later.patient = true;
    assert_int_equal(cs_retry_decide(&broken, &later).action, CS_RETRY_GIVE_UP);
}

static void test_t16_throttled_without_header(void **state)
{
    (void)state;
    assert_int_equal(status(429, 1).wait_ms, 5000);
    assert_int_equal(status(429, 2).wait_ms, 10000);
    assert_int_equal(status(429, 9).wait_ms, 60000);
    assert_int_equal(status(429, 9).action, CS_RETRY_AGAIN);
    assert_int_equal(status(429, 10).action, CS_RETRY_GIVE_UP);
    assert_int_equal(status(503, 1).wait_ms, 1000);
    assert_true(status(429, 1).throttled);
    assert_true(status(503, 1).throttled);
}

static void test_t16_retry_after_forms(void **state)
{
    (void)state;
    assert_int_equal(cs_retry_after("3", NOW_MS), 3000);
    assert_int_equal(cs_retry_after("0", NOW_MS), 1000);
    assert_int_equal(cs_retry_after("2.7", NOW_MS), 2000);
    assert_int_equal(cs_retry_after("99999999999999999999", NOW_MS), 120000);
    assert_int_equal(cs_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", NOW_MS),
                     10000);
    assert_int_equal(cs_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", NOW_MS),
                     1000);
    assert_int_equal(cs_retry_after("Mon, 07 Nov 1994 08:49:37 GMT", NOW_MS),
                     120000);
    assert_int_equal(cs_retry_after("soon", NOW_MS), -1);
    assert_int_equal(cs_retry_after("", NOW_MS), -1);
    assert_int_equal(cs_retry_after("-5", NOW_MS), -1);
}

static void test_headers_rule_the_wait(void **state)
{
    (void)state;
    struct cs_retry_outcome outcome = {.http_status = 429, .retry_after = "10"};
    /* Up to a tenth more, by the jitter. */
    assert_int_equal(decide(outcome, 1).wait_ms, 10500);
    outcome.retry_after = "soon";
    outcome.x_ratelimit_reset = "1994-11-06T08:49:57Z";
    assert_int_equal(decide(outcome, 1).wait_ms, 21000);
    outcome.x_ratelimit_reset = "784111797"; /* seconds since 1970 */
    assert_int_equal(decide(outcome, 1).wait_ms, 21000);
    outcome.x_ratelimit_reset = "later";
    assert_int_equal(decide(outcome, 1).wait_ms, 5000);
}

static void test_t16_forbidden_with_retry_after(void **state)
{
    (void)state;
    struct cs_retry_outcome outcome = {.http_status = 403, .retry_after = "2"};
    assert_int_equal(decide(outcome, 1).action, CS_RETRY_AGAIN);
    assert_true(decide(outcome, 1).throttled);
}

static void test_t16_budget_of_the_run(void **state)
{
    (void)state;
    struct cs_retry_outcome outcome = {.http_status = 429, .retry_after = "60"};
    struct cs_retry_state almost = state_of(1);
    almost.waited_ms = 600000 - 63000;
    assert_int_equal(cs_retry_decide(&outcome, &almost).action, CS_RETRY_AGAIN);
    almost.waited_ms++;
    assert_int_equal(cs_retry_decide(&outcome, &almost).action,
                     CS_RETRY_GIVE_UP);
}

static void test_bucket(void **state)
{
    (void)state;
    struct cs_bucket bucket;
    cs_bucket_init(&bucket, 4, 1000);
    for (int i = 0; i < 4; i++)
        assert_int_equal(cs_bucket_take(&bucket, 1000), 0);
    assert_int_equal(cs_bucket_take(&bucket, 1000), 251);
    assert_int_equal(cs_bucket_take(&bucket, 1251), 0);
    assert_true(cs_bucket_take(&bucket, 1251) > 0);
    for (int i = 0; i < 4; i++) /* never more than a second's worth */
        assert_int_equal(cs_bucket_take(&bucket, 100000), 0);
    assert_true(cs_bucket_take(&bucket, 100000) > 0);
}

static void test_bucket_slow_and_unlimited(void **state)
{
    (void)state;
    struct cs_bucket bucket;
    cs_bucket_init(&bucket, 0.5, 0);
    assert_int_equal(cs_bucket_take(&bucket, 0), 0);
    assert_int_equal(cs_bucket_take(&bucket, 0), 2001);
    assert_int_equal(cs_bucket_take(&bucket, 2001), 0);
    cs_bucket_init(&bucket, 0, 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(cs_bucket_take(&bucket, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_that_are_final),
        cmocka_unit_test(test_server_errors_double_and_end),
        cmocka_unit_test(test_jitter_spreads),
        cmocka_unit_test(test_caller_limits_server_errors_only),
        cmocka_unit_test(test_transfers),
        cmocka_unit_test(test_host_never_reached),
        cmocka_unit_test(test_patience_with_a_host_never_reached),
        cmocka_unit_test(test_t16_throttled_without_header),
        cmocka_unit_test(test_t16_retry_after_forms),
        cmocka_unit_test(test_headers_rule_the_wait),
        cmocka_unit_test(test_t16_forbidden_with_retry_after),
        cmocka_unit_test(test_t16_budget_of_the_run),
        cmocka_unit_test(test_bucket),
        cmocka_unit_test(test_bucket_slow_and_unlimited),
    };
    return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
