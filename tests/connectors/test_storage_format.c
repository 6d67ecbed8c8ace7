/*
 * test_storage_format.c - places, notes, limits and hostile pages; what the
 * Markdown looks like is in tests/fixtures/storage.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/storage_format.h"
#include "connectors/confluence/storage_reader.h"
#include "src/text.h"

struct rig {
    struct cs_arena *arena;
    struct cs_body body;
    struct cs_conversion_note note;
    struct cs_error err;
};

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    if (rig)
        rig->arena = cs_arena_new(0);
    *state = rig;
    return rig && rig->arena ? 0 : -1;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    cs_arena_free(rig->arena);
    free(rig);
    return 0;
}

static void convert(struct rig *rig, const char *xhtml)
{
    static const struct cs_storage_options options = {
        .space_key = "ENG", .site_url = "https://acme.example/wiki/"};
    assert_ok(cs_storage_convert(rig->arena, xhtml, strlen(xhtml), &options,
                                 &rig->body, &rig->note, &rig->err),
              &rig->err);
}

static const struct cs_place *place(const struct rig *rig, size_t i)
{
    assert_true(i < rig->body.n_places);
    return &rig->body.places[i];
}

static void test_link_without_text_has_two_places(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<p>See <ac:link><ri:page ri:content-title='Run [book]' "
                 "ri:space-key='OPS'/></ac:link>.</p>");
    assert_string_equal(rig->body.markdown, "See [Run \\[book\\]]().\n");
    assert_int_equal(rig->body.n_places, 2);
    const struct cs_place *text = place(rig, 0), *target = place(rig, 1);
    assert_int_equal(text->form, CS_PLACE_TEXT);
    assert_memory_equal(rig->body.markdown + text->at, "Run \\[book\\]",
                        text->len);
    assert_int_equal(target->form, CS_PLACE_DESTINATION);
    assert_int_equal(target->len, 0);
    assert_int_equal(target->at, text->at + text->len + 2);
    assert_string_equal(target->ref.space, "OPS");
    assert_string_equal(target->ref.title, "Run [book]");
}

static void test_mention_is_a_text_place(void **state)
{
    struct rig *rig = *state;
    convert(rig,
            "<p>Ask <ac:link><ri:user ri:account-id='5_b'/></ac:link></p>");
    assert_string_equal(rig->body.markdown, "Ask @5\\_b\n");
    const struct cs_place *who = place(rig, 0);
    assert_int_equal(who->ref.kind, CS_REF_USER);
    assert_string_equal(who->ref.id, "5_b");
    assert_int_equal(who->at, 4);
    assert_int_equal(who->len, 5);
}

static void test_table_as_html_has_html_places(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<table><tr><td><ul><li><ac:link><ri:page ri:content-title="
                 "'A'/></ac:link><ac:image><ri:attachment ri:filename='b.png'"
                 "/></ac:image></li></ul></td></tr></table>");
    assert_int_equal(rig->body.n_places, 3);
    assert_int_equal(place(rig, 0)->form, CS_PLACE_HTML_ATTR);
    assert_int_equal(place(rig, 1)->form, CS_PLACE_HTML_TEXT);
    assert_int_equal(place(rig, 2)->form, CS_PLACE_HTML_ATTR);
    assert_string_equal(place(rig, 2)->ref.file, "b.png");
    assert_non_null(strstr(rig->body.markdown, "<a href=\"\">A</a>"));
}

static void test_urls_of_the_site_become_references(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<p><a href='https://acme.example/wiki/spaces/OPS/pages/42/"
                 "Old+name#Steps'>steps</a> <a href='#top'>top</a> "
                 "<a href='https://other.example/wiki/spaces/OPS'>o</a></p>");
    assert_string_equal(
        rig->body.markdown,
        "[steps]() [top]() [o](https://other.example/wiki/spaces/OPS)\n");
    assert_string_equal(place(rig, 0)->ref.id, "42");
    assert_string_equal(place(rig, 0)->ref.anchor, "steps");
    assert_int_equal(place(rig, 1)->ref.kind, CS_REF_SELF);
}

static void test_space_of_the_page_itself(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<p><ac:link><ri:space ri:space-key='@self'/></ac:link></p>");
    assert_string_equal(place(rig, 0)->ref.space, "ENG");
}

/* The best name known is kept in the range; what the store knows replaces it
 * without another conversion. */
static bool rename_all(void *payload, const struct cs_place *at,
                       struct cs_strbuf *out)
{
    (void)payload;
    bool text = at->form == CS_PLACE_TEXT;
    cs_strbuf_puts(out, text ? "New *name*" : "../New name.md");
    return true;
}

static void test_places_can_be_filled_in_anew(void **state)
{
    struct rig *rig = *state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    convert(rig, "<p><ac:link><ri:page ri:content-title='Old'/></ac:link></p>");
    cs_body_render(&rig->body, rename_all, NULL, &out);
    assert_string_equal(out.data, "[New \\*name\\*](../New%20name.md)\n");
}

static void test_note_counts(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<p>fine <strong>page</strong></p>");
    assert_int_equal(rig->note.degraded + rig->note.kept_raw +
                         rig->note.dropped + rig->note.recovered,
                     0);
    convert(rig, "<ac:structured-macro ac:name='acme'/><p><blink>x</blink></p>"
                 "<ac:image/>");
    assert_int_equal(rig->note.degraded, 1);
    assert_int_equal(rig->note.kept_raw, 1);
    assert_int_equal(rig->note.dropped, 1);
    assert_false(rig->note.recovered);
    convert(rig, "<p>a & b</p>");
    assert_true(rig->note.recovered);
}

static void test_unknown_entity_is_no_error(void **state)
{
    struct rig *rig = *state;
    convert(rig, "<p>&nosuch; &uuml;</p>");
    assert_string_equal(rig->body.markdown, "\\&nosuch; \xc3\xbc\n");
    assert_false(rig->note.recovered);
}

static void test_source_too_large(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(cs_storage_convert(rig->arena, "", CS_XML_SOURCE_MAX + 1,
                                        NULL, &rig->body, NULL, &rig->err),
                     CS_ERR_LIMIT);
    assert_non_null(strstr(rig->err.message, "32 MB"));
}

static void test_arena_too_small(void **state)
{
    struct rig *rig = *state;
    static const char xhtml[] = "<p>a <b>b</b></p><ul><li>c</li></ul>";
    size_t refused = 0;
    for (size_t max = 1; max < 20000; max += 97) {
        struct cs_arena *arena = cs_arena_new(max);
        enum cs_status status = cs_storage_convert(
            arena, xhtml, sizeof(xhtml) - 1, NULL, &rig->body, NULL, &rig->err);
        assert_true(status == CS_OK || status == CS_ERR_LIMIT);
        refused += status != CS_OK;
        cs_arena_free(arena);
    }
    assert_true(refused > 10 && refused < 200);
}

static char *repeat(const char *before, const char *middle, const char *after,
                    size_t n)
{
    struct cs_strbuf text = CS_STRBUF_INIT((size_t)64 << 20);
    for (size_t i = 0; i < n; i++)
        cs_strbuf_puts(&text, before);
    cs_strbuf_puts(&text, middle);
    for (size_t i = 0; i < n; i++)
        cs_strbuf_puts(&text, after);
    return cs_strbuf_take(&text);
}

/* These take hours when anything is quadratic, and overflow the stack when
 * anything recurses without a bound. */
static void test_hostile_pages(void **state)
{
    static const char *const pages[][2] = {
        {"<p>", "</p>"},
        {"<b>", "</b>"},
        {"<ul><li>", "</li></ul>"},
        {"<blockquote>", "</blockquote>"},
        {"<table><tr><td>", "</td></tr></table>"},
        {"<ac:structured-macro ac:name='info'><ac:rich-text-body>",
         "</ac:rich-text-body></ac:structured-macro>"},
        {"<b>a</b><i>b</i>", ""},
        {"<a href='x'>a<b>c</b></a><b>b</b>", ""},
        {"<code>`a</code>", ""},
        {"<td colspan='1000' rowspan='1000'>x</td>", ""},
        {"[", "]("},
        {"*a", " b*"},
        {"~a", "`"},
        {"http://a.b/*c*", ""},
        {"<", "&"},
        {"<a b='<a'", ""},
        {"<!--", ""},
        {"<![CDATA[", ""},
        {"<br/>", "x"},
        {"</b>", ""},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(pages); i++) {
        char *page = repeat(pages[i][0], "x", pages[i][1], 50000);
        assert_non_null(page);
        convert(rig, page);
        assert_true(cs_text_valid(rig->body.markdown, rig->body.len));
        assert_non_null(strchr(rig->body.markdown, 'x'));
        free(page);
        cs_arena_clear(rig->arena);
    }
}

/* bsearch() finds nothing in a table that is out of order. */
static void test_every_element_is_found(void **state)
{
    static const char *const names[] = {
        "a",    "ac:adf-extension", "ac:task-uuid", "at:var", "br", "h6", "li",
        "math", "ri:user",          "tt",           "ul",     "var"};
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        const struct cs_storage_element *row = cs_storage_classify(names[i]);
        assert_non_null(row);
        assert_string_equal(row->name, names[i]);
    }
    assert_null(cs_storage_classify("blink"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_link_without_text_has_two_places,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_mention_is_a_text_place, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_table_as_html_has_html_places,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_urls_of_the_site_become_references,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_space_of_the_page_itself, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_places_can_be_filled_in_anew,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_note_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unknown_entity_is_no_error, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_source_too_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_arena_too_small, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile_pages, setup, teardown),
        cmocka_unit_test(test_every_element_is_found),
    };
    return cmocka_run_group_tests_name("storage_format", tests, NULL, NULL);
}
