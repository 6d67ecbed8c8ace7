/*
 * test_body.c - filling in places, and the escaping of each form.
 */
#include "tests/lib/test.h"

#include "src/body.h"

static void check_escape(enum cs_place_form form, const char *text,
                         const char *want)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_place_escape(&out, form, text, strlen(text));
    assert_string_equal(out.data, want);
}

static void test_escapes(void **state)
{
    (void)state;
    check_escape(CS_PLACE_DESTINATION, "a b(c).md", "a%20b%28c%29.md");
    check_escape(CS_PLACE_DESTINATION, "https://e.org/?a=%20&b",
                 "https://e.org/?a=%20&b");
    check_escape(CS_PLACE_DESTINATION, "\xc3\xbc/\n", "\xc3\xbc/%0A");
    check_escape(CS_PLACE_DESTINATION, "a?x&copy;y", "a?x&amp;copy;y");
    check_escape(CS_PLACE_TEXT, "a*b_[c]", "a\\*b\\_\\[c\\]");
    check_escape(CS_PLACE_TEXT, "a\nb", "a b");
    check_escape(CS_PLACE_HTML_ATTR, "a\"<&>", "a&quot;&lt;&amp;&gt;");
    check_escape(CS_PLACE_HTML_TEXT, "x < y", "x &lt; y");
}

/* "See [Old]() and @ada." */
static const struct cs_place places[] = {
    {.at = 5,
     .len = 3,
     .form = CS_PLACE_TEXT,
     .ref = {.kind = CS_REF_PAGE, .space = "ENG", .title = "Old page"}},
    {.at = 10,
     .len = 0,
     .form = CS_PLACE_DESTINATION,
     .ref = {.kind = CS_REF_PAGE, .space = "ENG", .title = "Old page"}},
    {.at = 16,
     .len = 4,
     .form = CS_PLACE_TEXT,
     .ref = {.kind = CS_REF_USER, .id = "ada"}},
};
static const struct cs_body body = {.markdown = "See [Old]() and @ada.",
                                    .len = 21,
                                    .places = places,
                                    .n_places = 3};

static bool answer(void *payload, const struct cs_place *place,
                   struct cs_strbuf *out)
{
    const char *const *answers = payload;
    const char *text = answers[place - places];
    if (text)
        cs_strbuf_puts(out, text);
    return text != NULL;
}

static void check_render(const char *const *answers, const char *want)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_body_render(&body, answer, (void *)(uintptr_t)answers, &out);
    assert_string_equal(out.data, want);
}

static void test_render(void **state)
{
    static const char *const all[] = {"New", "../New page.md", "@Ada L."};
    static const char *const some[] = {NULL, "x", NULL};
    static const char *const none[] = {NULL, NULL, NULL};
    static const char *const empty[] = {"", "", ""};
    (void)state;
    check_render(all, "See [New](../New%20page.md) and @Ada L..");
    check_render(some, "See [Old](x) and @ada.");
    check_render(none, "See [Old]() and @ada.");
    check_render(empty, "See []() and .");
}

static void test_render_stops_at_the_ceiling(void **state)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(15);
    static const char *const all[] = {"New", "x", "@Ada"};
    (void)state;
    cs_body_render(&body, answer, (void *)(uintptr_t)all, &out);
    assert_int_equal(cs_strbuf_status(&out, NULL), CS_ERR_LIMIT);
}

static void test_canonical(void **state)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    struct cs_place place = {
        .form = CS_PLACE_DESTINATION,
        .ref = {.kind = CS_REF_ATTACHMENT, .id = "7", .file = "a b.png"}};
    (void)state;
    cs_body_render(&body, cs_resolve_canonical, NULL, &out);
    assert_string_equal(out.data,
                        "See [Old](cs:page/ENG/Old%20page) and @ada.");
    cs_strbuf_reset(&out);
    assert_true(cs_resolve_canonical(NULL, &place, &out));
    assert_string_equal(out.data, "cs:attachment/7/a%20b.png");
    cs_strbuf_reset(&out);
    place.ref = (struct cs_ref){.kind = CS_REF_SELF, .anchor = "A b"};
    assert_true(cs_resolve_canonical(NULL, &place, &out));
    assert_string_equal(out.data, "#A%20b");
    place.form = CS_PLACE_HTML_TEXT;
    assert_false(cs_resolve_canonical(NULL, &place, &out));
}

static void test_kind_names(void **state)
{
    (void)state;
    for (int i = 0; i < CS_REF_KINDS; i++)
        assert_int_equal(
            cs_ref_kind_from(cs_ref_kind_name((enum cs_ref_kind)i)), i);
    assert_int_equal(cs_ref_kind_from("nonsense"), CS_REF_KINDS);
    assert_int_equal(cs_ref_kind_from(NULL), CS_REF_KINDS);
    assert_string_equal(cs_ref_kind_name(CS_REF_KINDS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_render),
        cmocka_unit_test(test_render_stops_at_the_ceiling),
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_kind_names),
    };
    return cmocka_run_group_tests_name("body", tests, NULL, NULL);
}
