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
                    rows[i].read == cs_storage_macro_children ||
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

/* The title of an unknown macro is shown where it stands over a block. */
static void test_unknown_macros_keep_their_title(void **state)
{
    static const char xhtml[] =
        "<p>a <ac:structured-macro ac:name=\"acme\"><ac:parameter "
        "ac:name=\"title\">hint</ac:parameter><ac:rich-text-body><p>b</p>"
        "</ac:rich-text-body></ac:structured-macro> c</p>";
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    (void)state;
    assert_string_equal(
        macro(arena, "acme",
              "<ac:parameter ac:name=\"title\">Two *</ac:parameter>"
              "<ac:parameter ac:name=\"colour\">leak</ac:parameter>"
              "<ac:rich-text-body><p>b</p></ac:rich-text-body>",
              NULL),
        "**Two \\***\n\nb\n");
    assert_ok(cs_storage_convert(arena, xhtml, sizeof(xhtml) - 1, NULL, &body,
                                 NULL, &err),
              &err);
    assert_string_equal(body.markdown, "a b c\n");
}

/* The one place of a macro at the top level, and what stands there. */
static void check_place(const char *name, const char *inside,
                        enum cs_place_form form, const char *title,
                        const char *query, const char *text)
{
    static const struct cs_storage_options options = {.space_key = "ENG"};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    const char *xhtml =
        cs_arena_printf(arena,
                        "<p>a</p><ac:structured-macro ac:name=\"%s\">%s"
                        "</ac:structured-macro><p>b</p>",
                        name, inside);
    assert_ok(cs_storage_convert(arena, xhtml, strlen(xhtml), &options, &body,
                                 NULL, &err),
              &err);
    assert_string_equal(body.markdown,
                        cs_arena_printf(arena, "a\n\n%s\n\nb\n", text));
    if (form == CS_PLACE_FORMS) {
        assert_true(body.n_places == 0 ||
                    !cs_place_is_block(body.places[0].form));
        return;
    }
    assert_true(body.n_places > 0);
    assert_int_equal(body.places[0].form, form);
    assert_int_equal(body.places[0].at, 3);
    assert_int_equal(body.places[0].len, strlen(text) + 1);
    assert_string_equal(body.places[0].ref.query, query);
    if (title)
        assert_string_equal(body.places[0].ref.title, title);
    else
        assert_null(body.places[0].ref.title);
}

#define PARAM(name, value)                                                     \
    "<ac:parameter ac:name=\"" name "\">" value "</ac:parameter>"
#define PAGE(title)                                                            \
    "<ac:link><ri:page ri:content-title=\"" title "\"/></ac:link>"

static void test_places_of_other_pages(void **state)
{
    (void)state;
    check_place("include", PARAM("", PAGE("B")), CS_PLACE_INCLUDE, "B", "",
                "(macro include: [B]())");
    check_place("excerpt-include", PARAM("", PAGE("B")) PARAM("name", "x"),
                CS_PLACE_EXCERPT, "B", "x", "(macro excerpt-include: [B]())");
    check_place("children", "", CS_PLACE_CHILDREN, NULL, "1",
                "(macro children)");
    check_place("children", PARAM("all", "true") PARAM("page", PAGE("B")),
                CS_PLACE_CHILDREN, "B", "", "(macro children: [B]())");
    check_place("pagetree", PARAM("root", "@self"), CS_PLACE_CHILDREN, NULL, "",
                "(macro pagetree)");
    check_place("pagetree", "", CS_PLACE_CHILDREN, NULL, "",
                "(macro pagetree)");
    check_place("pagetree", PARAM("root", "@parent"), CS_PLACE_FORMS, NULL, "",
                "(macro pagetree: @parent)");
    check_place("children", PARAM("depth", "3") PARAM("first", "5"),
                CS_PLACE_CHILDREN, NULL, "3,5", "(macro children)");
    check_place("children", PARAM("page", PAGE("@self")), CS_PLACE_CHILDREN,
                NULL, "1", "(macro children)");
    check_place("contentbylabel",
                PARAM("cql", "label = &quot;a&quot; and label = b and "
                             "space = currentSpace ( )"),
                CS_PLACE_LABELLED, NULL, "a,b", "(macro contentbylabel: a,b)");
    check_place("contentbylabel",
                PARAM("cql", "type in (page) AND space=&quot;A&quot; AND "
                             "label in (&quot;c d&quot;)"),
                CS_PLACE_LABELLED, NULL, "c d", "(macro contentbylabel: c d)");
    check_place("contentbylabel", PARAM("labels", "+a, +b"), CS_PLACE_LABELLED,
                NULL, "a,b", "(macro contentbylabel: a,b)");
    check_place("detailssummary", PARAM("label", "risk"), CS_PLACE_REPORT, NULL,
                "risk", "(macro detailssummary: risk)");
    check_place("contentbylabel", PARAM("cql", "label in (a, b)"),
                CS_PLACE_FORMS, NULL, "",
                "(macro contentbylabel: label in (a, b))");
    check_place("contentbylabel", PARAM("labels", "a,b"), CS_PLACE_FORMS, NULL,
                "", "(macro contentbylabel: a,b)");
    check_place("contentbylabel",
                PARAM("cql", "label = a and title ~ b order by c"),
                CS_PLACE_FORMS, NULL, "",
                "(macro contentbylabel: label = a and title ~ b order by c)");
}

static void test_parts_for_other_pages(void **state)
{
    static const char xhtml[] =
        "<p>a</p><ac:structured-macro ac:name='excerpt'>" PARAM(
            "name", "x") "<ac:rich-text-body><p>b</p><ul><li>c</li></ul>"
                         "</ac:rich-text-body></ac:structured-macro>"
                         "<ul><li>d</li></ul><ac:structured-macro ac:name="
                         "'details'><ac:rich-text-body><p>e</p>"
                         "</ac:rich-text-body></ac:structured-macro><ul><li>"
                         "<ac:structured-macro ac:name='excerpt'>"
                         "<ac:rich-text-body>f</ac:rich-text-body>"
                         "</ac:structured-macro></li></ul>";
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    (void)state;
    assert_ok(cs_storage_convert(arena, xhtml, sizeof(xhtml) - 1, NULL, &body,
                                 NULL, &err),
              &err);
    assert_string_equal(body.markdown, "a\n\nb\n\n- c\n\n* d\n\ne\n\n- f\n");
    assert_int_equal(body.n_parts, 2);
    assert_int_equal(body.parts[0].kind, CS_PART_EXCERPT);
    assert_string_equal(body.parts[0].name, "x");
    assert_int_equal(body.parts[0].at, 3);
    assert_int_equal(body.parts[0].len, 7);
    assert_int_equal(body.parts[1].kind, CS_PART_PROPERTIES);
    assert_string_equal(body.parts[1].name, "");
    assert_memory_equal(body.markdown + body.parts[1].at, "e\n", 2);
}

static void test_rows_are_sorted_and_summed_up(void **state)
{
    static const char xhtml[] =
        "<ac:structured-macro ac:name='toc'/><foo/>"
        "<ac:structured-macro ac:name='acme'/>"
        "<ac:structured-macro ac:name='toc'/>"
        "<ac:structured-macro ac:name='info'><ac:rich-text-body>"
        "<ac:structured-macro ac:name='acme'/></ac:rich-text-body>"
        "</ac:structured-macro>";
    static const struct cs_outcome_row want[] = {
        {"element", "foo", CS_OUTCOME_KEPT_RAW, 1},
        {"macro", "acme", CS_OUTCOME_DEGRADED, 2},
        {"macro", "info", CS_OUTCOME_RENDERED, 1},
        {"macro", "toc", CS_OUTCOME_RENDERED, 2},
    };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_conversion_note note;
    struct cs_body body;
    (void)state;
    assert_ok(cs_storage_convert(arena, xhtml, sizeof(xhtml) - 1, NULL, &body,
                                 &note, &err),
              &err);
    assert_int_equal(note.n_rows, CS_ARRAY_LEN(want));
    for (size_t i = 0; i < CS_ARRAY_LEN(want); i++) {
        assert_string_equal(note.rows[i].kind, want[i].kind);
        assert_string_equal(note.rows[i].name, want[i].name);
        assert_int_equal(note.rows[i].outcome, want[i].outcome);
        assert_int_equal(note.rows[i].count, want[i].count);
    }
    assert_int_equal(note.degraded, 2);
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
        cmocka_unit_test(test_unknown_macros_keep_their_title),
        cmocka_unit_test(test_places_of_other_pages),
        cmocka_unit_test(test_parts_for_other_pages),
        cmocka_unit_test(test_rows_are_sorted_and_summed_up),
        cmocka_unit_test(test_parameters_do_not_leak),
    };
    return cmocka_run_group_tests_name("storage_macro", tests, NULL, NULL);
}
