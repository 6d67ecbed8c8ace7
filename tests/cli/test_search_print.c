/*
 * test_search_print.c - the faces of one made-up answer.
 */
#include "tests/lib/test.h"

#include "cli/search_format.h"
#include "cli/search_pick.h"
#include "src/text.h"
#include "tests/lib/fake_clock.h"

static const char *const trail[] = {"Operations", "Runbooks"};
static const char *const labels[] = {"a", "b\"c"};
static const char *const missing[] = {"timeout"};
static const char *const other[] = {"budget"};
static const char *const twins[] = {"confluence:9"};
static const struct cs_range marks[] = {{4, 4}};

static const struct cs_search_hit hits[] = {
    {
        .id = "confluence:1",
        .source = "confluence",
        .kind = "page",
        .status = "current",
        .title = "Pool\x1b[31m of \xe6\xb0\xb4",
        .trail = trail,
        .n_trail = 2,
        .path = "/m/Pool.md",
        .url = "https://wiki.example/1",
        .anchor_url = "https://wiki.example/1#Steps",
        .space = "OPS",
        .space_name = "Operations",
        .author = "Ada\tL",
        .labels = labels,
        .n_labels = 2,
        .created = INT64_C(1778051289000),
        .updated = INT64_C(1778051289000),
        .version = 3,
        .score = 2.5,
        .snippets = {{.text = "the pool is dry",
                      .marks = marks,
                      .n_marks = 1,
                      .heading = "Steps",
                      .level = 2,
                      .anchor = "steps",
                      .field = CS_FIELD_BODY,
                      .lines = {12, 14}}},
        .n_snippets = 1,
        .duplicates = twins,
        .n_duplicates = 1,
    },
    {
        .id = "confluence:2",
        .kind = "page",
        .title = "Second",
        .space = "ENG",
        .tier = CS_SEARCH_RELAXED,
        .missing = missing,
        .n_missing = 1,
    },
    {
        .id = "confluence:3",
        .kind = "page",
        .title = "Third",
        .url = "https://wiki.example/3",
        .tier = CS_SEARCH_RELAXED,
        .missing = other,
        .n_missing = 1,
    },
};

static const struct cs_search_count spaces[] = {{"OPS", 30}, {"ENG", 12}};
static const struct cs_search_count years[] = {{"2026", 42}};
static const struct cs_search_facet facets[] = {{"space", spaces, 2},
                                                {"year", years, 1}};
static const struct cs_search_correction corrections[] = {
    {"pol", "pool", true}, {"budgt", "budget", false}};
static const char *const warnings[] = {"unbalanced ) ignored"};

/* An answer, and the streams that it is printed to. */
struct desk {
    struct cs_app app;
    struct cs_search_output output;
    struct cs_search_request request;
    struct cs_search_result result;
    struct cs_search_view view;
    struct fake_clock clock;
    char *out, *err;
    size_t out_len, err_len;
};

static void desk_open(struct desk *d)
{
    *d = (struct desk){
        .request = {.text = "pool timeout"},
        .result = {.hits = hits,
                   .n = 3,
                   .total = 42,
                   .exact_total = true,
                   .tier = CS_SEARCH_RELAXED,
                   .facets = facets,
                   .n_facets = 2,
                   .corrections = corrections,
                   .n_corrections = 2,
                   .warnings = warnings,
                   .n_warnings = 1,
                   .generation = 7,
                   .documents = 50,
                   .synced_at = INT64_C(1778051289000),
                   .elapsed_us = 3140},
    };
    fake_clock_init(&d->clock);
    d->clock.wall_ms = INT64_C(1778051289000) + INT64_C(3) * 86400000;
    d->app.clock = &d->clock.clock;
    d->app.out = open_memstream(&d->out, &d->out_len);
    d->app.err = open_memstream(&d->err, &d->err_len);
    d->app.out_terminal.width = 80;
    d->view = (struct cs_search_view){.app = &d->app,
                                      .verb = "search",
                                      .output = &d->output,
                                      .request = &d->request,
                                      .result = &d->result,
                                      .first = 1};
}

static void desk_close(struct desk *d)
{
    (void)fclose(d->app.out);
    (void)fclose(d->app.err);
    free(d->out);
    free(d->err);
}

static enum cs_status print(struct desk *d)
{
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_search_printer *printer = NULL;
    assert_ok(cs_search_printer_find(&d->app, &d->output, &printer, &err),
              &err);
    enum cs_status status = cs_search_print(printer, &d->view, &err);
    (void)fflush(d->app.out);
    (void)fflush(d->app.err);
    return status;
}

static void test_columns(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    assert_int_equal(print(&d), CS_OK);
    assert_string_equal(
        d.out, "confluence:1\t2026-05-06T07:08:09Z\tOPS\tPool [31m of "
               "\xe6\xb0\xb4\thttps://wiki.example/1\t12\tthe pool is dry\n"
               "confluence:2\t\tENG\tSecond\t\t\t\n"
               "confluence:3\t\t\tThird\thttps://wiki.example/3\t\t\n");
    assert_string_equal(d.err, "showing results for pool (-F to force)\n"
                               "did you mean: budget?\n");
    desk_close(&d);
}

static void test_people(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.app.out_terminal.tty = true;
    assert_int_equal(print(&d), CS_OK);
    assert_string_equal(
        d.out, "  1 Pool[31m of \xe6\xb0\xb4  OPS \xe2\x80\xba Operations "
               "\xe2\x80\xba "
               "Runbooks  3 days ago  @Ada L\n"
               "    \xc2\xa7 Steps \xc2\xb7 L12-14 \xc2\xb7 1 more like it\n"
               "    the pool is dry\n"
               "relaxed\n"
               "  2 Second  ENG\n"
               "    lacks: timeout\n"
               "  3 Third\n"
               "    lacks: budget\n");
    assert_non_null(strstr(d.err, "3 of 42 pages \xc2\xb7 3.1 ms \xc2\xb7 "
                                  "synced 3 days ago \xc2\xb7 try: space:ENG "
                                  "(12)\n"));
    desk_close(&d);
}

/* All of a tier lack the same: its header says so, once. */
static void test_tier_lacks(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.app.out_terminal.tty = true;
    d.app.globals.quiet = true;
    d.result.n = 2;
    assert_int_equal(print(&d), CS_OK);
    assert_non_null(strstr(d.out, "\nrelaxed, lacks: timeout\n  2 Second"));
    assert_null(strstr(d.out, "    lacks"));
    assert_int_equal(d.err_len, 0);
    desk_close(&d);
}

static void test_narrow(void **state)
{
    (void)state;
    for (unsigned width = 20; width < 120; width++) {
        struct desk d;
        desk_open(&d);
        d.app.out_terminal.tty = true;
        d.app.out_terminal.width = width;
        assert_int_equal(print(&d), CS_OK);
        for (char *rest = d.out, *line; (line = strsep(&rest, "\n"));)
            assert_true(cs_text_width(line, strlen(line)) <= width);
        desk_close(&d);
    }
}

static void test_links_and_colour(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.app.out_terminal = (struct cs_terminal){true, true, true, 80};
    assert_int_equal(print(&d), CS_OK);
    assert_non_null(strstr(d.out, "\x1b]8;;https://wiki.example/1#Steps\x1b\\"
                                  "\x1b[1mPool[31m of \xe6\xb0\xb4\x1b[0m"
                                  "\x1b]8;;\x1b\\"));
    assert_non_null(strstr(d.out, "the \x1b[1;33mpool\x1b[0m is dry"));
    desk_close(&d);
}

static void test_json_is_escaped(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.output.json = true;
    d.view.cursor = "4.x";
    d.result.index_changed = true;
    assert_int_equal(print(&d), CS_OK);
    assert_non_null(strstr(d.out, "\"title\":\"Pool\\u001b[31m of "));
    assert_non_null(strstr(d.out, "\"next_cursor\":\"4.x\""));
    assert_non_null(strstr(d.out, "\"matches\":[[4,4]]"));
    assert_non_null(strstr(d.out, "\"tier\":\"relaxed\",\"missing\":"
                                  "[\"timeout\"]"));
    assert_non_null(strstr(d.out, "\"facets\":{}"));
    assert_non_null(strstr(d.out, "{\"from\":\"pol\",\"to\":\"pool\","
                                  "\"applied\":true}"));
    assert_int_equal(d.err_len, 0);
    desk_close(&d);
}

static void test_status(void **state)
{
    (void)state;
    struct desk d;
    desk_open(&d);
    d.result.partial = true;
    assert_int_equal(print(&d), CS_ERR_PARTIAL);
    d.result.partial = false;
    d.result.n = 0;
    assert_int_equal(print(&d), CS_ERR_NOT_FOUND);
    d.output.ok_empty = true;
    assert_int_equal(print(&d), CS_OK);
    desk_close(&d);
}

static void formatted(const char *template, const char *want)
{
    struct desk d;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    const struct cs_format *format = NULL;
    desk_open(&d);
    assert_ok(cs_format_parse(arena, template, &format, &err), &err);
    cs_format_put(format, &d.view, 0, &out);
    assert_int_equal(out.len, strlen(want));
    assert_memory_equal(out.data, want, out.len);
    desk_close(&d);
}

static void test_formats(void **state)
{
    (void)state;
    formatted("", "");
    formatted("{{x} \\t\\\\ \\q", "{x} \t\\ \\q");
    formatted("{rank} {score} {version}", "1 2.5 3");
    formatted("{title}", "Pool[31m of \xe6\xb0\xb4");
    formatted("{title|json}", "\"Pool\\u001b[31m of \xe6\xb0\xb4\"");
    formatted("{title|trim:4}", "Poo\xe2\x80\xa6");
    formatted("{title|upper}", "POOL[31M OF \xe6\xb0\xb4");
    formatted("{title|url}", "Pool%1B%5B31m%20of%20%E6%B0%B4");
    formatted("{labels} {labels|json}", "a, b\"c [\"a\",\"b\\\"c\"]");
    formatted("{updated} {updated|date} {updated|age}",
              "2026-05-06T07:08:09Z 2026-05-06 3 days");
    formatted("{author}|{editor}|{lines}|{section}|{snippet}",
              "Ada L||12-14|Steps|the pool is dry");
    formatted("{path} {anchor_url} {tier}",
              "/m/Pool.md https://wiki.example/1#Steps exact");
}

static void test_templates_that_are_wrong(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{",
        "{title",
        "{}",
        "{nope}",
        "{title|}",
        "{title|nope}",
        "{title|trim}",
        "{title|trim:}",
        "{title|upper:3}",
        "{title|trim:-1}",
        "{title|trim:99999999999999}",
        "{rank|date}",
    };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    for (size_t i = 0; i < CS_ARRAY_LEN(wrong); i++) {
        struct cs_error err = CS_ERROR_INIT;
        const struct cs_format *format = NULL;
        assert_int_equal(cs_format_parse(arena, wrong[i], &format, &err),
                         CS_ERR_USAGE);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_fzf_is_quoted(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_app app = {.globals = {.root = "/a b"}};
    const struct cs_search_asked asked = {
        .request = {.text = "it's $(x)"},
        .filters = {.spaces = {{"A'; rm -rf ~"}, 1}}};
    const char **words = NULL;
    const char *first = NULL;
    assert_ok(
        cs_search_fzf(&app, &asked, "/bin/c s", arena, &words, &first, &err),
        &err);
    assert_string_equal(words[0], "fzf");
    assert_non_null(strstr(first, "'/bin/c s' --root '/a b' --quiet search"));
    assert_non_null(strstr(first, "--space 'A'\\''; rm -rf ~'"));
    assert_non_null(strstr(first, " -- 'it'\\''s $(x)' "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_tier_lacks),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_links_and_colour),
        cmocka_unit_test(test_json_is_escaped),
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_templates_that_are_wrong),
        cmocka_unit_test(test_fzf_is_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
