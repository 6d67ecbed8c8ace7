/*
 * test_storage_hostile.c - pages made to be too much.
 *
 * Each takes hours when anything is quadratic, and overflows the stack when
 * anything recurses without a bound: that the test ends is the assertion. Work
 * that can be counted, the memory that was taken, must grow as the page does.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/storage_format.h"
#include "src/text.h"

#define MACRO(name)                                                            \
    "<ac:structured-macro ac:name='" name "'><ac:rich-text-body>"
#define MACRO_END "</ac:rich-text-body></ac:structured-macro>"

/* Something n times, a word, and something else n times. */
struct shape {
    const char *before, *after;
};

static void fill(struct cs_strbuf *out, const struct shape *shape, size_t n)
{
    cs_strbuf_init(out, (size_t)64 << 20);
    for (size_t i = 0; i < n; i++)
        cs_strbuf_puts(out, shape->before);
    cs_strbuf_puts(out, "word");
    for (size_t i = 0; i < n; i++)
        cs_strbuf_puts(out, shape->after);
    assert_int_equal(out->status, CS_OK);
}

/* Convert it; returns the bytes that the arena gave for it. */
static size_t convert(const struct cs_strbuf *page, const char *want)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_conversion_note note;
    struct cs_body body;
    assert_ok(cs_storage_convert(arena, page->data, page->len, NULL, &body,
                                 &note, &err),
              &err);
    assert_true(cs_text_valid(body.markdown, body.len));
    assert_true(note.n_rows <= 1000);
    if (!strstr(body.markdown, want))
        fail_msg("lost \"%s\" of \"%.60s\"", want, page->data);
    return cs_arena_used(arena);
}

static const struct shape shapes[] = {
    {"<div>", "</div>"},
    {"<p>", "</p>"},
    {"<strong>", "</strong>"},
    {"<span style='font-weight: bold'>", "</span>"},
    {"<a href='#x'>", "</a>"},
    {"<ul><li>", "</li></ul>"},
    {"<ol><li>a</li><li>", "</li></ol>"},
    {"<ul>", "</ul>"},
    {"<li>", "</li>"},
    {"<blockquote>", "</blockquote>"},
    {"<blockquote>a", "b</blockquote>"},
    {"<table><tbody><tr><td>", "</td></tr></tbody></table>"},
    {"<ac:task-list><ac:task><ac:task-body>",
     "</ac:task-body></ac:task></ac:task-list>"},
    {"<ac:layout><ac:layout-section><ac:layout-cell>",
     "</ac:layout-cell></ac:layout-section></ac:layout>"},
    {MACRO("info"), MACRO_END},
    {MACRO("expand"), MACRO_END},
    {MACRO("excerpt"), MACRO_END},
    {MACRO("no-such-macro"), MACRO_END},
    {"<ac:adf-extension><ac:adf-node type='panel'><ac:adf-content>",
     "</ac:adf-content></ac:adf-node></ac:adf-extension>"},
    {"<ac:adf-extension><ac:adf-fallback>",
     "</ac:adf-fallback></ac:adf-extension>"},
    {"<ac:link><ac:link-body>", "</ac:link-body></ac:link>"},
    {"<p>a<ul><li>b<blockquote>", ""},
    {"<b><i>", "</b></i>"},
    {"</p>", "</div>"},
    {"<p>", ""},
    {"<ac:structured-macro ac:name='x'>", ""},
    {"&nbsp;&uuml;&nosuch;", "&#65;&amp;"},
    {"& < ", " > &lt"},
    {"<h1>a</h1>", "<a href='#a'>b</a>"},
    {"<ac:structured-macro ac:name='anchor'/>", "<hr/>"},
    {"<ac:structured-macro ac:name='include'/>", "<br/>"},
    {"<td>", "<tr>"},
};

static void test_nested_and_repeated(void **state)
{
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(shapes); i++) {
        struct cs_strbuf page, tenth;
        fill(&page, &shapes[i], 100000);
        fill(&tenth, &shapes[i], 10000);
        size_t small = convert(&tenth, "word"), large = convert(&page, "word");
        if (large > small * 11 + 100000)
            fail_msg("%s: %zu bytes for 10000, %zu for 100000",
                     shapes[i].before, small, large);
        cs_strbuf_clear(&page);
        cs_strbuf_clear(&tenth);
    }
}

static void test_table_of_ten_megabytes(void **state)
{
    struct cs_strbuf page CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)16 << 20);
    (void)state;
    cs_strbuf_puts(&page, "<table><tbody><tr><th>a</th><th>b</th></tr>");
    for (int i = 0; page.len < (size_t)10 << 20; i++)
        cs_strbuf_printf(&page, "<tr><td>row %d | x</td><td><p>y</p></td></tr>",
                         i);
    cs_strbuf_puts(&page, "<tr><td>last</td><td>row</td></tr></tbody></table>");
    (void)convert(&page, "\n| last | row |\n");
}

/* One row as wide as the page is long, and cells that claim to be so. */
static void test_wide_tables(void **state)
{
    const struct shape cells = {"<td>a</td>", "<td>b</td>"};
    const struct shape spans = {
        "<tr><td colspan='1000' rowspan='1000'>a</td></tr>", "<tr><td/></tr>"};
    struct cs_strbuf page;
    (void)state;
    fill(&page, &cells, 300000);
    (void)convert(&page, "word");
    cs_strbuf_reset(&page);
    cs_strbuf_puts(&page, "<table><tr><td>word</td>");
    for (int i = 0; i < 300000; i++)
        cs_strbuf_puts(&page, "<td>a</td>");
    cs_strbuf_puts(&page, "</tr><tr><td>b</td></tr></table>");
    (void)convert(&page, "word");
    cs_strbuf_clear(&page);
    fill(&page, &spans, 20000);
    cs_strbuf_splice(&page, 0, 0, "<table>", 7);
    cs_strbuf_puts(&page, "</table>");
    (void)convert(&page, "word");
    cs_strbuf_clear(&page);
}

static void test_million_entities(void **state)
{
    struct cs_strbuf page CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)32 << 20);
    (void)state;
    cs_strbuf_puts(&page, "<p title='");
    for (int i = 0; i < 100000; i++)
        cs_strbuf_puts(&page, "&eacute;");
    cs_strbuf_puts(&page, "'>");
    for (int i = 0; i < 1000000; i++)
        cs_strbuf_puts(&page, "&eacute;&amp;&#x41;");
    cs_strbuf_puts(&page, "word</p>");
    (void)convert(&page, "&A\xc3\xa9&Aword");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested_and_repeated),
        cmocka_unit_test(test_table_of_ten_megabytes),
        cmocka_unit_test(test_wide_tables),
        cmocka_unit_test(test_million_entities),
    };
    return cmocka_run_group_tests_name("storage_hostile", tests, NULL, NULL);
}
