/*
 * test_storage_report.c - what became of each construct, row by row.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/storage_format.h"

static struct cs_conversion_note report(struct cs_arena *arena,
                                        const char *xhtml)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_conversion_note note;
    struct cs_body body;
    assert_ok(cs_storage_convert(arena, xhtml, strlen(xhtml), NULL, &body,
                                 &note, &err),
              &err);
    return note;
}

static void check(const char *xhtml, const char *want)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_conversion_note note = report(arena, xhtml);
    for (size_t i = 0; i < note.n_rows; i++)
        cs_strbuf_printf(
            &got, "%s %s %s %u\n", note.rows[i].kind, note.rows[i].name,
            cs_outcome_name(note.rows[i].outcome), note.rows[i].count);
    assert_string_equal(got.data, want);
}

static void test_elements(void **state)
{
    (void)state;
    check("<p>a <strong>b</strong><br/>c</p><h1>d</h1>", "");
    check("<p><a href='http://a.example'>b</a><time datetime='2026-01-01'/>"
          "<ac:image><ri:url ri:value='http://a.example/b'/></ac:image>"
          "<ac:image/></p><ul><li>a<ul><li>b</li></ul></li></ul>",
          "element a rendered 1\n"
          "element ac:image rendered 1\nelement ac:image dropped 1\n"
          "element time rendered 1\nelement ul rendered 2\n");
    check("<svg/><blink>a</blink>",
          "element blink kept-raw 1\nelement svg dropped 1\n");
    check("<ac:link><ri:shortcut ri:key='jira' ri:parameter='A-1'/></ac:link>",
          "element ac:link degraded 1\n");
}

#define MACRO(name, inside)                                                    \
    "<ac:structured-macro ac:name='" name "'>" inside "</ac:structured-macro>"

/* What is wrong inside a construct is not the fault of what is around. */
static void test_macros(void **state)
{
    (void)state;
    check(MACRO("Info", "<ac:rich-text-body>" MACRO("Acme", "")
                            MACRO("acme", "") "</ac:rich-text-body>"),
          "macro acme degraded 2\nmacro info rendered 1\n");
    check("<ac:adf-extension><ac:adf-node type='extension'><ac:adf-attribute "
          "key='extension-key'>ari/static/poll</ac:adf-attribute>"
          "</ac:adf-node></ac:adf-extension>",
          "macro poll degraded 1\n");
    check("<ac:adf-extension><ac:adf-node type='panel'><ac:adf-content><p>a"
          "</p></ac:adf-content></ac:adf-node></ac:adf-extension>",
          "element ac:adf-extension rendered 1\n");
}

static void test_recovery(void **state)
{
    (void)state;
    check("<p>a & b<p>c</i>", "recovery bare character rendered 1\n"
                              "recovery stray end tag degraded 1\n"
                              "recovery unclosed tag degraded 2\n");
}

static void test_blocks_too_deep(void **state)
{
    struct cs_strbuf page CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    (void)state;
    for (int i = 0; i < 65; i++)
        cs_strbuf_puts(&page, "<blockquote>");
    cs_strbuf_puts(&page, "a");
    for (int i = 0; i < 65; i++)
        cs_strbuf_puts(&page, "</blockquote>");
    check(page.data, "element blockquote rendered 63\n"
                     "element blockquote degraded 2\n");
}

/* The report of a page that invents names is bounded, and still adds up. */
static void test_bounds(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf page CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    (void)state;
    for (int i = 0; i < 3000; i++)
        cs_strbuf_printf(&page, MACRO("acme%04d%s", "") "<x%d/>", i % 2000,
                         i ? "" : "\xc3\xa4\xc3\xa4", i % 1500);
    struct cs_conversion_note note = report(arena, page.data);
    assert_true(note.n_rows <= 1000);
    assert_int_equal(note.degraded, 3000);
    assert_int_equal(note.kept_raw, 3000);
    unsigned sum = 0, others = 0;
    for (size_t i = 0; i < note.n_rows; i++) {
        sum += note.rows[i].count;
        others += strcmp(note.rows[i].name, "(others)") == 0;
        assert_true(strcmp(note.rows[i].kind, "element") == 0 ||
                    strcmp(note.rows[i].kind, "macro") == 0);
    }
    assert_int_equal(sum, 6000);
    assert_true(others > 0);
}

static void test_long_names_are_cut(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf page CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    (void)state;
    cs_strbuf_puts(&page, "<ac:structured-macro ac:name='a");
    for (int i = 0; i < 60; i++)
        cs_strbuf_puts(&page, "\xc3\xa4");
    cs_strbuf_puts(&page, "'/>");
    struct cs_conversion_note note = report(arena, page.data);
    assert_int_equal(note.n_rows, 1);
    assert_int_equal(strlen(note.rows[0].name), 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_macros),
        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_blocks_too_deep),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_long_names_are_cut),
    };
    return cmocka_run_group_tests_name("storage_report", tests, NULL, NULL);
}
