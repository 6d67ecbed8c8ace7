/*
 * test_env_file.c - assignments as shells write them, and nothing executed.
 */
#include "tests/lib/test.h"

#include "src/env_file.h"

static enum cs_status parse(struct cs_arena *arena, const char *text,
                            struct cs_env_file *ret, struct cs_error *err)
{
    return cs_env_file_parse("old.env", text, strlen(text), arena, ret, err);
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value; /* of A; NULL: a shell would compute it */
    } rows[] = {
        {"A=b", "b"},
        {"A=b\r\n", "b"},
        {"  export A=b # c", "b"},
        {"export\tA=b", "b"},
        {"A=", ""},
        {"A=''", ""},
        {"A='b c'", "b c"},
        {"A=\"b c\"", "b c"},
        {"A=b' 'c\"d\"", "b cd"},
        {"A=b#c", "b#c"},
        {"A='$(rm -rf x)`y`'", "$(rm -rf x)`y`"},
        {"A=\"\\$5 \\\"x\\\" \\n\"", "$5 \"x\" \\n"},
        {"A=b\\ c\\$", "b c$"},
        {"A=$HOME/x", NULL},
        {"A=\"${HOME}\"", NULL},
        {"A=$(cat token)", NULL},
        {"A=`cat token`", NULL},
        {"A=b;reboot", NULL},
        {"A=1\nA=2\n", "2"},
        {"export B=1 A=2 C=3", "2"},
        {"# A=0\nif x; then\nA=1\nfi\n", "1"},
        {"A=https://acme.atlassian.net/wiki",
         "https://acme.atlassian.net/wiki"},
        {"A=x=y==", "x=y=="},
        {"A='b\nc'", "b\nc"},
        {"CONFLUENCE_SPACE_KEYS=X\nA=ENG,OPS", "ENG,OPS"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_env_file file = {0};
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(parse(arena, rows[i].text, &file, &err), &err);
        const struct cs_env_line *line = cs_env_file_find(&file, "A");
        assert_non_null(line);
        if (rows[i].value)
            assert_string_equal(line->value, rows[i].value);
        else
            assert_null(line->value);
        cs_env_file_wipe(&file);
    }
}

static void test_what_is_no_assignment(void **state)
{
    (void)state;
    static const char *const rows[] = {"",         "A",    "A b=c", "#A=b",
                                       "A = b",    "1A=b", "=b",    "export",
                                       "export A", "-A=b", "a.A=b"};
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_env_file file = {0};
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(parse(arena, rows[i], &file, &err), &err);
        assert_null(cs_env_file_find(&file, "A"));
    }
}

static void test_refusals(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_env_file file = {0};
    struct cs_error err = CS_ERROR_INIT;
    assert_int_equal(parse(arena, "A=1\nB='s3cret\nC=2\n", &file, &err),
                     CS_ERR_CONFIG);
    assert_string_equal(err.message, "old.env:2: a quote that is never closed");
    assert_int_equal(cs_env_file_parse("x", "A=\0", 3, arena, &file, &err),
                     CS_ERR_CONFIG);
    assert_null(cs_env_file_find(&file, "A"));
}

/* Any bytes: an answer or a refusal. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "A='\"\\$`# \n=;export B";
    uint64_t seed = 1;
    for (unsigned i = 0; i < 3000; i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_env_file file = {0};
        char text[24];
        for (size_t at = 0; at < sizeof(text); at++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[at] = bytes[(seed >> 33) % (sizeof(bytes) - 1)];
        }
        enum cs_status status =
            cs_env_file_parse("x", text, sizeof(text), arena, &file, NULL);
        assert_true(status == CS_OK || status == CS_ERR_CONFIG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_is_no_assignment),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests_name("env_file", tests, NULL, NULL);
}
