/*
 * test_progress.c - what is drawn, how often, and where.
 */
#include "tests/lib/test.h"

#include "cli/progress.h"
#include "src/text.h"

static int64_t fixed_mono(void *ctx)
{
    return *(int64_t *)ctx;
}

struct bench {
    int64_t now;
    struct cs_clock clock;
    struct cs_terminal terminal;
    char *text;
    size_t len;
    FILE *stream;
    struct cs_progress_bar *bar;
};

static void open_bench(struct bench *bench, bool tty, bool quiet)
{
    struct cs_error err = CS_ERROR_INIT;
    *bench = (struct bench){.now = 1000};
    bench->clock = (struct cs_clock){.mono_ms = fixed_mono, .ctx = &bench->now};
    bench->terminal = (struct cs_terminal){.tty = tty, .width = 60};
    bench->stream = open_memstream(&bench->text, &bench->len);
    assert_non_null(bench->stream);
    const struct cs_progress_options options = {bench->stream, &bench->terminal,
                                                &bench->clock, quiet};
    assert_ok(cs_progress_bar_new(&options, &bench->bar, &err), &err);
}

static void close_bench(struct bench *bench)
{
    cs_progress_bar_free(bench->bar);
    (void)fclose(bench->stream);
    free(bench->text);
}

static size_t count(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

static void line(uint64_t done, uint64_t total, int64_t elapsed, unsigned width,
                 bool bar, const char *want)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_progress_text("ENG: fetched", 0, done, total, elapsed, width, bar,
                     &text);
    assert_string_equal(text.data, want);
}

static void test_text(void **state)
{
    (void)state;
    line(5, 0, 0, 80, true, "ENG: fetched 5");
    line(50, 100, 500, 80, false, "ENG: fetched 50 of 100");
    line(50, 100, 10000, 80, false, "ENG: fetched 50 of 100, 5.0/s, 10 s left");
    line(50, 100, 10000, 60, true,
         "ENG: fetched [########........] 50 of 100, 5.0/s, 10 s left");
    line(100, 100, 2000, 80, false, "ENG: fetched 100 of 100, 50/s");
    line(1, 7201, 1000, 80, false,
         "ENG: fetched 1 of 7201, 1.0/s, 2 h 0 min left");
    line(50, 100, 10000, 30, true, "ENG: fetched 50 of 100, 5.0/s, 10 s left");
}

static void test_a_terminal_is_redrawn_ten_times_a_second(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, true, false);
    for (uint64_t i = 0; i < 1000; i++) {
        bench.now++;
        cs_progress_bar_update(bench.bar, "x", NULL, i, 1000);
    }
    assert_int_equal(count(bench.text, '\r'), 10);
    assert_int_equal(count(bench.text, '\n'), 0);
    cs_progress_bar_aside(bench.bar, true);
    assert_true(cs_str_ends(bench.text, "\r\x1b[K"));
    close_bench(&bench);
}

static void test_a_pipe_gets_a_line_now_and_then(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, false, false);
    for (uint64_t i = 0; i < 12000; i += 10) {
        bench.now += 10;
        cs_progress_bar_update(bench.bar, "x", NULL, i, 12000);
    }
    assert_int_equal(count(bench.text, '\n'), 2);
    cs_progress_bar_aside(bench.bar, true);
    assert_int_equal(count(bench.text, '\x1b'), 0);
    cs_progress_bar_update(bench.bar, "x", NULL, 12000, 12000);
    cs_progress_bar_free(bench.bar);
    bench.bar = NULL;
    assert_int_equal(count(bench.text, '\n'), 3);
    assert_non_null(strstr(bench.text, "x 12000 of 12000"));
    close_bench(&bench);
}

static void test_notes_and_titles(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, true, false);
    bench.now += 1000;
    cs_progress_bar_update(bench.bar, "x", "On call", 1, 9);
    assert_non_null(strstr(bench.text, "1 of 9  On call"));
    cs_progress_bar_note(bench.bar, "waiting 12 s", 12000);
    assert_true(cs_str_ends(bench.text, "waiting 12 s\x1b[K"));
    bench.now += 1000; /* others still land */
    cs_progress_bar_update(bench.bar, "x", "Runbook", 2, 9);
    assert_true(cs_str_ends(bench.text, "waiting 12 s\x1b[K"));
    bench.now += 12000;
    cs_progress_bar_update(bench.bar, "x", "Runbook", 3, 9);
    assert_true(cs_str_ends(bench.text, "Runbook\x1b[K"));
    close_bench(&bench);
}

/* What was done before the work began says nothing of its rate. */
static void test_rate_starts_anew(void **state)
{
    (void)state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_progress_text("x", 1000, 1010, 1020, 10000, 80, false, &text);
    assert_string_equal(text.data, "x 1010 of 1020, 1.0/s, 10 s left");
}

static void test_quiet_draws_nothing(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, true, true);
    bench.now += 10000;
    cs_progress_bar_update(bench.bar, "x", NULL, 1, 2);
    (void)fflush(bench.stream);
    assert_int_equal(bench.len, 0);
    close_bench(&bench);
}

static void test_long_and_hostile_names(void **state)
{
    (void)state;
    struct bench bench;
    char name[500];
    memset(name, 'y', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    name[3] = '\x1b';
    open_bench(&bench, true, false);
    bench.now += 10000;
    cs_progress_bar_update(bench.bar, name, NULL, 1, 2);
    assert_int_equal(count(bench.text, '\x1b'), 1); /* our own */
    assert_true(bench.len < 80);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_a_terminal_is_redrawn_ten_times_a_second),
        cmocka_unit_test(test_a_pipe_gets_a_line_now_and_then),
        cmocka_unit_test(test_notes_and_titles),
        cmocka_unit_test(test_rate_starts_anew),
        cmocka_unit_test(test_quiet_draws_nothing),
        cmocka_unit_test(test_long_and_hostile_names),
    };
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
