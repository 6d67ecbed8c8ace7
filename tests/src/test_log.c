/*
 * test_log.c - levels, the dated file, secrets and control characters.
 */
#include "tests/lib/test.h"

#include "src/file.h"
#include "src/log.h"

#include <sys/stat.h>
#include <unistd.h>

static int64_t fixed_now(void *ctx)
{
    return *(int64_t *)ctx;
}

/* A log on a memory stream; the clock stands still at `now`. */
struct bench {
    int64_t now;
    struct cs_clock clock;
    char *text;
    size_t len;
    FILE *stream;
    struct cs_log *log;
    struct cs_error err;
};

static void open_bench(struct bench *bench, enum cs_log_level level,
                       bool journal)
{
    *bench = (struct bench){.now = INT64_C(1778051289000)};
    bench->clock = (struct cs_clock){.now_ms = fixed_now, .ctx = &bench->now};
    bench->stream = open_memstream(&bench->text, &bench->len);
    assert_non_null(bench->stream);
    const struct cs_log_options options = {.stream = bench->stream,
                                           .stream_level = level,
                                           .journal = journal,
                                           .clock = &bench->clock};
    assert_ok(cs_log_new(&options, &bench->log, &bench->err), &bench->err);
}

static void close_bench(struct bench *bench)
{
    cs_log_free(bench->log);
    assert_int_equal(fclose(bench->stream), 0);
    free(bench->text);
}

static void test_levels(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, CS_LOG_INFO, false);
    cs_log_write(bench.log, CS_LOG_DEBUG, "quiet");
    cs_log_write(bench.log, CS_LOG_INFO, "%d pages", 7);
    cs_log_write(bench.log, CS_LOG_ERROR, "bad");
    assert_string_equal(bench.text, "7 pages\nerror: bad\n");
    cs_log_write(NULL, CS_LOG_ERROR, "nobody listens");
    close_bench(&bench);
}

static void test_journal_prefix(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, CS_LOG_DEBUG, true);
    cs_log_write(bench.log, CS_LOG_WARNING, "w\nx");
    cs_log_write(bench.log, CS_LOG_DEBUG, "d");
    assert_string_equal(bench.text, "<4>w x\n<7>d\n");
    close_bench(&bench);
}

static void test_secrets_never_show(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, CS_LOG_INFO, false);
    assert_ok(cs_log_add_secret(bench.log, "hunter", &bench.err), &bench.err);
    assert_ok(cs_log_add_secret(bench.log, "hunter22", &bench.err), &bench.err);
    assert_ok(cs_log_add_secret(bench.log, "abc", &bench.err), &bench.err);
    cs_log_write(bench.log, CS_LOG_INFO, "a hunter22 b hunter abc hun\x1bter");
    assert_string_equal(bench.text, "a [secret] b [secret] abc [secret]\n");
    close_bench(&bench);
}

static void test_control_characters_are_dropped(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, CS_LOG_INFO, false);
    cs_log_write(bench.log, CS_LOG_INFO, "a\x1b[31mred\x07\tb");
    assert_string_equal(bench.text, "a[31mred b\n");
    close_bench(&bench);
}

static void test_long_lines_are_cut(void **state)
{
    (void)state;
    struct bench bench;
    char text[3 * CS_LOG_LINE_MAX];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    /* A secret across the cut: no part of it may be left. */
    memcpy(text + CS_LOG_LINE_MAX - 3, "hunter22", 8);
    open_bench(&bench, CS_LOG_INFO, false);
    assert_ok(cs_log_add_secret(bench.log, "hunter22", &bench.err), &bench.err);
    cs_log_write(bench.log, CS_LOG_INFO, "%s", text);
    assert_int_equal(bench.len, CS_LOG_LINE_MAX + 1);
    assert_null(strstr(bench.text, "hun"));
    close_bench(&bench);
}

static void test_dated_file(void **state)
{
    (void)state;
    struct bench bench;
    char dir[64] = "/tmp/cs-log-XXXXXX", logs[80], path[128];
    struct stat st;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    assert_non_null(mkdtemp(dir));
    (void)snprintf(logs, sizeof(logs), "%s/logs", dir);
    (void)snprintf(path, sizeof(path), "%s/sync_20260506.log", logs);
    open_bench(&bench, CS_LOG_ERROR, false);
    for (int i = 0; i < 2; i++) { /* the second time appends */
        assert_ok(cs_log_open_file(bench.log, logs, &bench.err), &bench.err);
        assert_string_equal(cs_log_path(bench.log), path);
        cs_log_write(bench.log, CS_LOG_DEBUG, "line %d", i);
    }
    assert_ok(cs_file_read(path, &text, &bench.err), &bench.err);
    assert_string_equal(text.data, "2026-05-06T07:08:09Z debug   line 0\n"
                                   "2026-05-06T07:08:09Z debug   line 1\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(cs_log_open_file(bench.log, logs, &bench.err), CS_ERR_IO);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(logs), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_string_equal(bench.text ? bench.text : "", "");
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_journal_prefix),
        cmocka_unit_test(test_secrets_never_show),
        cmocka_unit_test(test_control_characters_are_dropped),
        cmocka_unit_test(test_long_lines_are_cut),
        cmocka_unit_test(test_dated_file),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
