/*
 * test_options.c - every way to write an option, and every refusal.
 */
#include "tests/lib/test.h"

#include "cli/options.h"

struct args {
    bool all, brief;
    const char *name, *since;
    int64_t limit;
    struct cs_option_list spaces;
};

#define ARG(member) offsetof(struct args, member)

static const struct cs_option rows[] = {
    {'a', "all", CS_OPTION_FLAG, ARG(all), NULL, "everything", 0, 0},
    {'b', "brief", CS_OPTION_FLAG, ARG(brief), NULL, "less", 0, 0},
    {0, "name", CS_OPTION_TEXT, ARG(name), "NAME", "a name", 0, 0},
    {0, "since", CS_OPTION_TIME, ARG(since), "TIME", "newer", 0, 0},
    {'n', "limit", CS_OPTION_NUMBER, ARG(limit), "N", "at most", 1, 100},
    {0, "space", CS_OPTION_LIST, ARG(spaces), "KEY", "in it", 0, 0},
    {0},
};

#define MAX_WORDS 40

/* Parse a line split at blanks. Returns the status; words stay in argv. */
static enum cs_status parse(const char *line, struct args *args, char **argv,
                            int *n, struct cs_error *err)
{
    static char copy[2000];
    const struct cs_option_set set = {rows, args};
    int argc = 0, used = 0;
    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *at = copy; *at && argc < MAX_WORDS;) {
        size_t len = strcspn(at, " ");
        argv[argc++] = at;
        at += len;
        if (*at == ' ')
            *at++ = '\0';
    }
    *args = (struct args){0};
    return cs_options_parse(&set, 1, false, argc, argv, n, &used, err);
}

static void test_all_forms(void **state)
{
    (void)state;
    struct args args;
    struct cs_error err = CS_ERROR_INIT;
    char *argv[MAX_WORDS];
    int n = 0;
    assert_ok(parse("one -ab -n5 --name=x two --since 2w --space A --space=B "
                    "-- -a --all",
                    &args, argv, &n, &err),
              &err);
    assert_true(args.all && args.brief);
    assert_int_equal(args.limit, 5);
    assert_string_equal(args.name, "x");
    assert_string_equal(args.since, "2w");
    assert_int_equal(args.spaces.n, 2);
    assert_string_equal(args.spaces.items[1], "B");
    assert_int_equal(n, 4);
    assert_string_equal(argv[0], "one");
    assert_string_equal(argv[1], "two");
    assert_string_equal(argv[2], "-a");
    assert_string_equal(argv[3], "--all");
}

static void test_edges(void **state)
{
    (void)state;
    struct args args;
    struct cs_error err = CS_ERROR_INIT;
    char *argv[MAX_WORDS];
    int n = 0;
    assert_ok(parse("-an 7 - --name=", &args, argv, &n, &err), &err);
    assert_true(args.all);
    assert_int_equal(args.limit, 7);
    assert_string_equal(args.name, "");
    assert_int_equal(n, 1);
    assert_string_equal(argv[0], "-");
    assert_ok(parse("", &args, argv, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(parse("--since 2026-05-06 --name --all", &args, argv, &n, &err),
              &err);
    assert_string_equal(args.name, "--all");
    assert_false(args.all);
}

static void refused(const char *line, const char *message, const char *hint)
{
    struct args args;
    struct cs_error err = CS_ERROR_INIT;
    char *argv[MAX_WORDS];
    int n = 0;
    assert_int_equal(parse(line, &args, argv, &n, &err), CS_ERR_USAGE);
    assert_string_equal(err.message, message);
    assert_string_equal(err.hint, hint);
}

static void test_refusals(void **state)
{
    (void)state;
    refused("--limti 5", "unknown option --limti", "did you mean --limit?");
    refused("--xyzzy=1", "unknown option --xyzzy", "add --help for the list");
    refused("-z", "unknown option -z",
            "add --help for the list, or put -- before words that begin with "
            "'-'");
    refused("--all=1", "--all takes no value", "write --all alone");
    refused("--limit", "--limit needs a value", "write --limit N");
    refused("-n", "--limit needs a value", "write --limit N");
    refused("-n 0", "--limit: \"0\" is no number",
            "give a number from 1 to 100");
    refused("-n 5x", "--limit: \"5x\" is no number",
            "give a number from 1 to 100");
    refused("--limit=99999999999999999999",
            "--limit: \"99999999999999999999\" is no number",
            "give a number from 1 to 100");
    refused("--since soon", "--since: \"soon\" is no time",
            "give a length such as 2w or a day such as 2026-05-06");
}

static void test_list_has_a_limit(void **state)
{
    (void)state;
    char line[1000] = "";
    for (int i = 0; i <= CS_OPTION_LIST_MAX; i++)
        (void)snprintf(line + strlen(line), sizeof(line) - strlen(line),
                       "--space=%d ", i);
    refused(line, "--space was given too often", "at most 32 times");
}

static void test_first_word_ends(void **state)
{
    (void)state;
    struct args args = {0};
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_option_set set = {rows, &args};
    char a[] = "-a", verb[] = "sync", b[] = "-b";
    char *argv[] = {a, verb, b};
    int n = 0, used = 0;
    assert_ok(cs_options_parse(&set, 1, true, 3, argv, &n, &used, &err), &err);
    assert_true(args.all);
    assert_false(args.brief);
    assert_int_equal(used, 1);
}

static void test_usage_text(void **state)
{
    (void)state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_options_print(rows, &text);
    assert_non_null(strstr(text.data, "  -a, --all                everything\n"
                                      "  -b, --brief              less\n"
                                      "      --name NAME          a name\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_forms),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_list_has_a_limit),
        cmocka_unit_test(test_first_word_ends),
        cmocka_unit_test(test_usage_text),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
