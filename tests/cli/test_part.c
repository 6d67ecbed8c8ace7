/*
 * test_part.c - lines and sections of a Markdown text.
 */
#include "tests/lib/test.h"

#include "cli/part.h"

static const char text[] = "Intro\n"         /* line 4 of the file */
                           "\n"              /* 5 */
                           "# Steps\n"       /* 6 */
                           "one\n"           /* 7 */
                           "## Roll back!\n" /* 8 */
                           "```\n"           /* 9 */
                           "# not a heading\n"
                           "```\n"      /* 11 */
                           "two\n"      /* 12 */
                           "#hashtag\n" /* 13 */
                           "# Größe & Übung\n"
                           "three"; /* 15, no line end */
#define HEAD 3

static struct cs_part find(const char *part)
{
    struct cs_part ret = {0};
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_part_find(text, strlen(text), HEAD, part, &ret, &err), &err);
    return ret;
}

static void expect(const char *part, size_t first, size_t last,
                   const char *begins, const char *ends)
{
    struct cs_part got = find(part);
    assert_int_equal(got.first, first);
    assert_int_equal(got.last, last);
    assert_true(got.at + got.len <= strlen(text));
    assert_memory_equal(text + got.at, begins, strlen(begins));
    assert_memory_equal(text + got.at + got.len - strlen(ends), ends,
                        strlen(ends));
}

static void test_all_and_lines(void **state)
{
    (void)state;
    expect("", 4, 15, "Intro", "three");
    expect(":6", 6, 6, "# Steps\n", "# Steps\n");
    expect(":6-7", 6, 7, "# Steps\n", "one\n");
    expect(":15", 15, 15, "three", "three");
    expect(":14-999", 14, 15, "# Gr", "three");
    expect(":1-4", 4, 4, "Intro\n", "Intro\n");
}

static void test_sections(void **state)
{
    (void)state;
    expect("#steps", 6, 13, "# Steps", "#hashtag\n");
    expect("#Roll-back", 8, 13, "## Roll", "#hashtag\n");
    expect("#grösse übung", 14, 15, "# Gr", "three");
}

static void test_numbered_anchors(void **state)
{
    static const char twice[] = "# A\n\n## B\n1\n## B\n2\n## B-1\n3\n";
    struct cs_part part = {0};
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    assert_ok(cs_part_find(twice, strlen(twice), 0, "#b", &part, &err), &err);
    assert_int_equal(part.first, 3);
    assert_ok(cs_part_find(twice, strlen(twice), 0, "#b-1", &part, &err), &err);
    assert_int_equal(part.first, 7); /* a heading of that text comes first */
    static const char plain[] = "# A\n## B\n1\n## B\n2\n";
    assert_ok(cs_part_find(plain, strlen(plain), 0, "#b-1", &part, &err), &err);
    assert_int_equal(part.first, 4);
    assert_int_equal(cs_part_find(plain, strlen(plain), 0, "#b-2", &part, &err),
                     CS_ERR_NOT_FOUND);
}

static void test_what_is_not_there(void **state)
{
    (void)state;
    const char *const parts[] = {"#not a heading", "#hashtag", "#step",
                                 ":1-3",           ":16",      ":7-6"};
    for (size_t i = 0; i < CS_ARRAY_LEN(parts); i++) {
        struct cs_part ret = {.at = 77};
        struct cs_error err = CS_ERROR_INIT;
        assert_int_equal(
            cs_part_find(text, strlen(text), HEAD, parts[i], &ret, &err),
            CS_ERR_NOT_FOUND);
        assert_int_equal(ret.at, 77);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_what_lines_look_like(void **state)
{
    (void)state;
    assert_true(cs_part_is_lines(":1"));
    assert_true(cs_part_is_lines(":10-20"));
    assert_false(cs_part_is_lines(":"));
    assert_false(cs_part_is_lines(":1-"));
    assert_false(cs_part_is_lines(":-1"));
    assert_false(cs_part_is_lines(":1x"));
    assert_false(cs_part_is_lines(":1234567890"));
    assert_false(cs_part_is_lines("1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_and_lines),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_numbered_anchors),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_what_lines_look_like),
    };
    return cmocka_run_group_tests_name("part", tests, NULL, NULL);
}
