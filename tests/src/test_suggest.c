/*
 * test_suggest.c - distances, and when a guess is worth making.
 */
#include "tests/lib/test.h"

#include "src/suggest.h"

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(cs_suggest_distance("", ""), 0);
    assert_int_equal(cs_suggest_distance("", "abc"), 3);
    assert_int_equal(cs_suggest_distance("kitten", "sitting"), 3);
    assert_int_equal(cs_suggest_distance("search", "serach"), 1);
    assert_int_equal(cs_suggest_distance("ca", "abc"), 3);
    char longer[CS_SUGGEST_MAX + 2];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_true(cs_suggest_distance(longer, "a") == SIZE_MAX);
}

static void test_nearest(void **state)
{
    (void)state;
    const char *const names[] = {"search", "status", "sync", "get"};
    assert_string_equal(cs_suggest_nearest("serach", names, 4), "search");
    assert_string_equal(cs_suggest_nearest("statsu", names, 4), "status");
    assert_string_equal(cs_suggest_nearest("synk", names, 4), "sync");
    assert_string_equal(cs_suggest_nearest("gte", names, 4), "get");
    assert_null(cs_suggest_nearest("blame", names, 4));
    assert_null(cs_suggest_nearest("xyz", names, 4));
    assert_null(cs_suggest_nearest("", names, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
