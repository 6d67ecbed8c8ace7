/*
 * test_environment.c - variables as systemd prints them, and as they are meant.
 */
#include "tests/lib/test.h"

#include "cli/environment.h"

#include <stdlib.h>

static void test_parse(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_environment env = {.arena = arena};
    cs_environment_parse(&env, "A=1\n"
                               "EMPTY=\n"
                               "no variable\n"
                               "Q=$'it\\'s \\\\ a\\ttab\\x41\\102'\n"
                               "CUT=$'\\x4");
    assert_string_equal(cs_environment_get(&env, "A"), "1");
    assert_string_equal(cs_environment_get(&env, "EMPTY"), "");
    assert_string_equal(cs_environment_get(&env, "Q"), "it's \\ a\ttabAB");
    assert_string_equal(cs_environment_get(&env, "CUT"), "\004");
    assert_null(cs_environment_get(&env, "no variable"));
    assert_null(cs_environment_get(&env, "EMPT"));
    assert_int_equal(env.n, 4);
}

static void test_set(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_environment env = {.arena = arena}, copy;
    char name[16];
    for (int i = 0; i < 200; i++) { /* more than there is room for at once */
        (void)snprintf(name, sizeof(name), "V%d", i);
        cs_environment_set(&env, name, name);
    }
    cs_environment_copy(&env, &copy);
    cs_environment_set(&env, "V7", "other");
    cs_environment_set(&env, "V8", NULL);
    assert_int_equal(env.n, 199);
    assert_string_equal(cs_environment_get(&env, "V7"), "other");
    assert_null(cs_environment_get(&env, "V8"));
    assert_string_equal(cs_environment_get(&env, "V199"), "V199");
    assert_string_equal(cs_environment_get(&copy, "V7"), "V7");
    assert_string_equal(cs_environment_get(&copy, "V8"), "V8");
}

static void test_enter(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_environment env = {.arena = arena}, none = {.arena = arena};
    assert_int_equal(setenv("CS_TEST_OUTER", "1", 1), 0);
    cs_environment_set(&env, "CS_TEST_INNER", "2");
    char **before = cs_environment_enter(&env);
    bool outer = getenv("CS_TEST_OUTER") != NULL;
    const char *inner = getenv("CS_TEST_INNER");
    cs_environment_leave(before);
    assert_false(outer);
    assert_string_equal(inner, "2");
    assert_string_equal(getenv("CS_TEST_OUTER"), "1");
    assert_null(getenv("CS_TEST_INNER"));
    before = cs_environment_enter(&none);
    outer = getenv("CS_TEST_OUTER") != NULL;
    cs_environment_leave(before);
    assert_false(outer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_enter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
