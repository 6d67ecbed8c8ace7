/*
 * test_storage_macro.c - the table of macros: every row can be found, and the
 * rules for macros that are not in it.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/storage_format.h"
#include "connectors/confluence/storage_macro.h"

/* Convert a macro by name with what stands in it; the Markdown is borrowed
 * from the arena. */
static const char *macro(struct cs_arena *arena, const char *name,
                         const char *inside, struct cs_conversion_note *note)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    const char *xhtml = cs_arena_printf(
        arena, "<ac:structured-macro ac:name=\"%s\">%s</ac:structured-macro>",
        name, inside);
    assert_ok(cs_storage_convert(arena, xhtml, strlen(xhtml), NULL, &body, note,
                                 &err),
              &err);
    return body.markdown;
}

static void test_table_is_sorted(void **state)
{
    (void)state;
    size_t n = 0;
    const struct cs_storage_macro *rows = cs_storage_macros(&n);
    assert_true(n > 100);
    for (size_t i = 1; i < n; i++)
        assert_true(strcmp(rows[i - 1].name, rows[i].name) < 0);
}

static void test_rich_body_is_never_lost(void **state)
{
    (void)state;
    size_t n = 0;
    const struct cs_storage_macro *rows = cs_storage_macros(&n);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    for (size_t i = 0; i < n; i++) {
        const char *markdown = macro(
            arena, rows[i].name,
            "<ac:rich-text-body><p>wordinside</p></ac:rich-text-body>", NULL);
        /* these are words or pointers, whatever stands in them */
        static const char *const atoms[] = {"status", "lozenge", "jira",
                                            "jirachart", "jiraissues"};
        bool atom = rows[i].read == cs_storage_macro_include ||
                    rows[i].read == cs_storage_macro_diagram ||
                    rows[i].read == cs_storage_macro_person;
        for (size_t a = 0; a < CS_ARRAY_LEN(atoms); a++)
            atom = atom || strcmp(atoms[a], rows[i].name) == 0;
        if (!atom && !strstr(markdown, "wordinside"))
            fail_msg("%s loses its body: %s", rows[i].name, markdown);
    }
}

static void test_names_in_any_case(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    assert_string_equal(macro(arena, "Status",
                              "<ac:parameter ac:name=\"Title\"> OK "
                              "</ac:parameter>",
                              NULL),
                        "**OK**\n");
}

static void test_unknown_macros_are_counted(void **state)
{
    (void)state;
    struct cs_conversion_note note = {0};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    assert_string_equal(macro(arena, "acme", "", &note), "(macro acme)\n");
    assert_int_equal(note.degraded, 1);
    assert_string_equal(
        macro(arena, "acme", "<ac:rich-text-body>x</ac:rich-text-body>", &note),
        "x\n");
    assert_int_equal(note.kept_raw, 1);
    assert_string_equal(macro(arena, "acme",
                              "<ac:plain-text-body>x</ac:plain-text-body>",
                              &note),
                        "```\nx\n```\n");
    assert_int_equal(note.kept_raw, 1);
}

static void test_parameters_do_not_leak(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *markdown =
        macro(arena, "panel",
              "<ac:parameter ac:name=\"bgColor\">leak</ac:parameter>"
              "<ac:parameter ac:name=\"x\"><ac:link><ri:page ri:content-title="
              "\"leak\"/></ac:link></ac:parameter>"
              "<ac:rich-text-body><p>shown</p></ac:rich-text-body>",
              NULL);
    assert_string_equal(markdown, "> shown\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_sorted),
        cmocka_unit_test(test_rich_body_is_never_lost),
        cmocka_unit_test(test_names_in_any_case),
        cmocka_unit_test(test_unknown_macros_are_counted),
        cmocka_unit_test(test_parameters_do_not_leak),
    };
    return cmocka_run_group_tests_name("storage_macro", tests, NULL, NULL);
}
