/*
 * test_clock.c - dates and lengths of time, read and written.
 */
#include "tests/lib/test.h"

#include "src/clock.h"
#include "src/strbuf.h"

static void test_rfc3339(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-05-06T07:08:09.101Z", 1778051289101},
        {"2026-05-06T07:08:09Z", 1778051289000},
        {"2026-05-06t07:08:09.1z", 1778051289100},
        {"2026-05-06 07:08:09,123456Z", 1778051289123},
        {"2026-05-06T09:08:09+02:00", 1778051289000},
        {"2026-05-06T02:38:09.000-0430", 1778051289000},
        {"2026-05-06", 1778025600000},
        {"2026-05-06T07:08Z", 1778051280000},
        {"2024-02-29T00:00:00Z", 1709164800000},
        {"2000-02-29", 951782400000},
        {"1969-12-31T23:59:59Z", -1000},
        {"0001-01-01", -62135596800000},
        {"2016-12-31T23:59:60Z", 1483228799000},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_error err = CS_ERROR_INIT;
        int64_t ms;
        assert_ok(cs_time_parse(rows[i].text, &ms, &err), &err);
        if (ms != rows[i].ms)
            fail_msg("%s gives %lld", rows[i].text, (long long)ms);
    }
}

static void test_bad_dates(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "2026",
        "2026-5-6",
        "2026-13-01",
        "2026-02-29",
        "2100-02-29",
        "2026-05-06T",
        "2026-05-06T07:08:09",
        "2026-05-06T24:00:00Z",
        "2026-05-06T07:60:00Z",
        "2026-05-06T07:08:09.Z",
        "2026-05-06T07:08:09Zx",
        "2026-05-06T07:08:09+2",
        "2026-05-06T07:08:09+24:00",
        "20260506",
        "\xff\xfe",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        int64_t ms = 42;
        if (cs_time_parse(texts[i], &ms, NULL) != CS_ERR_PARSE)
            fail_msg("\"%s\" was taken", texts[i]);
        assert_int_equal(ms, 42);
    }
}

static void test_http_dates(void **state)
{
    (void)state;
    static const char *const good[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
                                       "Sunday, 06-Nov-94 08:49:37 GMT",
                                       "Sun Nov  6 08:49:37 1994"};
    static const char *const bad[] = {
        "",
        "Sun",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994 x",
        "Sun,",
    };
    int64_t ms;
    for (size_t i = 0; i < CS_ARRAY_LEN(good); i++) {
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(cs_time_parse_http(good[i], &ms, &err), &err);
        assert_int_equal(ms, 784111777000);
    }
    assert_int_equal(
        cs_time_parse_http("Wednesday, 06-May-26 07:08:09 GMT", &ms, NULL),
        CS_OK);
    assert_int_equal(ms, 1778051289000);
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++)
        assert_int_equal(cs_time_parse_http(bad[i], &ms, NULL), CS_ERR_PARSE);
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
    } rows[] = {
        {"90s", 90},
        {"15min", 900},
        {"36h", 129600},
        {"2d", 172800},
        {"2w", 1209600},
        {"3months", 7776000},
        {"1y", 31536000},
        {"1 year", 31536000},
        {"30 days", 2592000},
        {"0s", 0},
        {"2 hours", 7200},
        {"5000ms", 5},
        {"7", -1},
        {"", -1},
        {"d", -1},
        {"5m", -1},
        {"-2d", -1},
        {"2 dd", -1},
        {"2ds", -1},
        {"1.5h", -1},
        {"99999999999d", -1},
        {"3 fortnights", -1},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_error err = CS_ERROR_INIT;
        int64_t ms = -1000;
        enum cs_status status = cs_duration_parse(rows[i].text, &ms, &err);
        assert_int_equal(status, rows[i].seconds < 0 ? CS_ERR_PARSE : CS_OK);
        if (ms != rows[i].seconds * 1000)
            fail_msg("\"%s\" gives %lld", rows[i].text, (long long)ms);
    }
}

static void test_formats(void **state)
{
    (void)state;
    char buf[CS_TIME_TEXT_SIZE];
    cs_time_format(1778051289101, buf);
    assert_string_equal(buf, "2026-05-06T07:08:09Z");
    cs_time_format(-1, buf);
    assert_string_equal(buf, "1969-12-31T23:59:59Z");
    cs_time_format_day(1778051289101, buf);
    assert_string_equal(buf, "20260506");
    cs_time_format_date(1778051289101, buf);
    assert_string_equal(buf, "2026-05-06");
    cs_time_format(INT64_MAX, buf); /* no year we can write: no overflow */
    assert_true(strlen(buf) < sizeof(buf));
}

static void test_ages(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "0 seconds"},        {1, "1 second"},       {59, "59 seconds"},
        {60, "1 minute"},        {3599, "59 minutes"},  {3600, "1 hour"},
        {47 * 3600, "47 hours"}, {48 * 3600, "2 days"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
        cs_duration_format(rows[i].seconds * 1000, &out);
        assert_string_equal(out.data, rows[i].text);
    }
}

static void test_system_clock_moves_on(void **state)
{
    (void)state;
    const struct cs_clock *clock = cs_clock_system();
    int64_t before = cs_clock_mono(clock);
    cs_clock_sleep(clock, 5);
    assert_true(cs_clock_mono(clock) >= before + 5);
    assert_true(cs_clock_now(clock) > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc3339),
        cmocka_unit_test(test_bad_dates),
        cmocka_unit_test(test_http_dates),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_ages),
        cmocka_unit_test(test_system_clock_moves_on),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
