/*
 * test_comments.c - comments as one text: order, nesting, and the way back.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/comments.h"

#define MAY_6 INT64_C(1778051289101)
#define DAY   INT64_C(86400000)

static const struct cs_address_page page = {
    .wiki = "https://acme.example/wiki", .space = "ENG", .id = "1"};

static const char *render(struct cs_arena *arena, const struct cs_body *body)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    cs_body_render(body, cs_resolve_canonical, NULL, &out);
    return cs_arena_strdup(arena, out.data);
}

static const char *text_of(struct cs_arena *arena, struct cs_comment *comments,
                           size_t n, struct cs_text *text)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_comments_text(arena, &page, comments, n, text, &err), &err);
    return render(arena, &text->body);
}

static const struct cs_comment sample[] = {
    {.id = "10", .author_id = "u1", .updated = MAY_6, .body = "<p>Why?</p>"},
    {.id = "9",
     .author_id = "u2",
     .updated = MAY_6 + DAY,
     .is_inline = true,
     .resolution = "resolved",
     .selection = "the old\nway",
     .edited = true,
     .body = "<h1>No</h1><p>See <ac:link><ri:page ri:content-title=\"Plan\"/>"
             "</ac:link></p>"},
    {.id = "12", .parent_id = "11", .body = "<p>Twice.</p>"},
    {.id = "11",
     .parent_id = "10",
     .author_id = "u2",
     .updated = MAY_6,
     .body = "<p>Because.</p><ul><li>a</li></ul>"},
    {.id = "13", .parent_id = "77", .author_id = "u1", .body = "<p>Lost"},
};
static const char expected[] =
    "## Comments\n"
    "\n"
    "- **@u2**, 2026-05-07 (inline, resolved, edited)\n"
    "\n"
    "  > the old way\n"
    "\n"
    "  **No**\n"
    "\n"
    "  See [Plan](cs:page/Plan)\n"
    "\n"
    "- **@u1**, 2026-05-06\n"
    "\n"
    "  Why?\n"
    "  - **@u2**, 2026-05-06\n"
    "\n"
    "    Because.\n"
    "    - a\n"
    "    * **Anonymous**\n"
    "\n"
    "      Twice.\n"
    "\n"
    "- **@u1**\n"
    "\n"
    "  Lost\n";

static void test_what_it_looks_like(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_comment comments[CS_ARRAY_LEN(sample)];
    struct cs_text text;
    memcpy(comments, sample, sizeof(sample));
    assert_string_equal(text_of(arena, comments, CS_ARRAY_LEN(sample), &text),
                        expected);
    assert_true(text.note.recovered);
    assert_string_equal(text.source_format, "comments");
}

static void test_any_order_gives_the_same(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_comment comments[CS_ARRAY_LEN(sample)];
    struct cs_text one, two;
    size_t n = CS_ARRAY_LEN(sample);
    memcpy(comments, sample, sizeof(sample));
    (void)text_of(arena, comments, n, &one);
    for (size_t i = 0; i < n; i++)
        comments[i] = sample[n - 1 - i];
    (void)text_of(arena, comments, n, &two);
    assert_string_equal(one.source, two.source);
}

static void test_again_from_the_source(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_comment comments[CS_ARRAY_LEN(sample)];
    struct cs_error err = CS_ERROR_INIT;
    struct cs_text text;
    struct cs_body body;
    memcpy(comments, sample, sizeof(sample));
    const char *first = text_of(arena, comments, CS_ARRAY_LEN(sample), &text);
    assert_ok(cs_comments_convert(arena, &page, text.source, text.source_len,
                                  &body, NULL, &err),
              &err);
    assert_string_equal(render(arena, &body), first);
    assert_int_equal(
        cs_comments_convert(arena, &page, "{}", 2, &body, NULL, &err),
        CS_ERR_PARSE);
    assert_int_equal(
        cs_comments_convert(arena, &page, "[{}]", 4, &body, NULL, &err),
        CS_ERR_PARSE);
}

static void test_none(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_text text;
    assert_string_equal(text_of(arena, NULL, 0, &text), "");
    assert_int_equal(text.source_len, 0);
}

/* Long chains of answers nest to a limit, rings of them hang on nothing. */
static void test_hostile(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_comment *comments = cs_arena_array(arena, N, sizeof(*comments));
    struct cs_text text;
    size_t found = 0;
    for (unsigned i = 0; i < N; i++)
        comments[i] = (struct cs_comment){
            .id = cs_arena_printf(arena, "%u", i),
            .parent_id = i ? cs_arena_printf(arena, "%u", i - 1) : NULL,
            .body = "<p>!</p>"};
    const char *markdown = text_of(arena, comments, N, &text);
    for (const char *at = markdown; (at = strstr(at, "Anonymous")); at++)
        found++;
    assert_int_equal(found, N);
    comments[0].parent_id = comments[1].id;
    assert_string_equal(text_of(arena, comments, 2, &text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_looks_like),
        cmocka_unit_test(test_any_order_gives_the_same),
        cmocka_unit_test(test_again_from_the_source),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests_name("comments", tests, NULL, NULL);
}
