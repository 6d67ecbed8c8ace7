/*
 * test_links.c - addresses of a site as references.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/links.h"

#define SITE "https://acme.example/wiki"

struct row {
    const char *url;
    const char *want; /* in canonical form; NULL: stays a URL */
};

static const struct row rows[] = {
    {SITE "/spaces/ENG/pages/65601/Run+book", "cs:page/ENG/65601"},
    {SITE "/spaces/ENG/pages/65601", "cs:page/ENG/65601"},
    {SITE "/spaces/ENG/pages/65601#Steps", "cs:page/ENG/65601#Steps"},
    {SITE "/spaces/~712020/pages/7/Mine?src=search", "cs:page/~712020/7"},
    {SITE "/spaces/ENG/blog/2026/05/06/99/News",
     "cs:blog/ENG/2026%2F05%2F06/99"},
    {SITE "/spaces/ENG/overview", "cs:space/ENG"},
    {SITE "/spaces/ENG", "cs:space/ENG"},
    {SITE "/display/ENG/Run+book%3F", "cs:page/ENG/Run%20book%3F"},
    {SITE "/display/ENG/a%FFb", "cs:page/ENG/a%25FFb"},
    {SITE "/display/ENG/2026/05/06/Big+news",
     "cs:blog/ENG/2026%2F05%2F06/Big%20news"},
    {SITE "/display/~ada", "cs:user/ada"},
    {SITE "/display/ENG", "cs:space/ENG"},
    {SITE "/people/557058:ab", "cs:user/557058:ab"},
    {SITE "/pages/viewpage.action?pageId=42&focusedCommentId=7", "cs:page/42"},
    {SITE "/pages/viewpage.action?spaceKey=ENG&title=A+b", "cs:page/ENG/A%20b"},
    {SITE "/spaces/viewspace.action?key=ENG", "cs:space/ENG"},
    {SITE "/x/QQAB", "cs:content/65601"},
    {SITE "/download/attachments/42/a%20b.pdf?version=1",
     "cs:attachment/42/a%20b.pdf"},
    {SITE "/download/thumbnails/42/c.png", "cs:attachment/42/c.png"},
    {SITE "/download/attachments/embedded-page/ENG/Run+book/d.png",
     "cs:attachment/ENG/Run%20book/d.png"},
    {SITE "/spaces/ENG/blog/99", "cs:blog/ENG/99"},
    {SITE "/spaces/ENG/folder/8", "cs:content/ENG/8"},
    {"/wiki/spaces/ENG/pages/5", "cs:page/ENG/5"},
    {"HTTPS://Acme.Example/wiki/spaces/ENG/pages/5", "cs:page/ENG/5"},
    {"#Top", "#Top"},
    {"https://acme.example/wikis/spaces/ENG/pages/5", NULL},
    {"https://acme.example.org/wiki/spaces/ENG/pages/5", NULL},
    {"http://acme.example/wiki/spaces/ENG/pages/5", NULL},
    {SITE "/spaces/ENG/pages/edit-v2/5", NULL},
    {SITE "/spaces/ENG/pages/12x", NULL},
    {SITE "/pages/viewpage.action", NULL},
    {SITE "/pages/viewpage.action?pageId=x", NULL},
    {SITE "/x/!!", NULL},
    {SITE, NULL},
    {SITE "/", NULL},
    {"//acme.example/wiki/spaces/ENG/pages/5", NULL},
    {"mailto:ada@acme.example", NULL},
    {"#", NULL},
    {"", NULL},
};

static void check(struct cs_arena *arena, const char *url, const char *site,
                  const char *want)
{
    struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    struct cs_place place = {.form = CS_PLACE_DESTINATION};
    bool found = cs_link_parse(arena, url, site, &place.ref);
    if (!want && found)
        fail_msg("%s became a reference", url);
    if (!want)
        return;
    if (!found)
        fail_msg("%s became none", url);
    assert_true(cs_resolve_canonical(NULL, &place, &got));
    assert_string_equal(got.data, want);
}

static void test_shapes(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        check(arena, rows[i].url, SITE, rows[i].want);
        check(arena, rows[i].url, SITE "/", rows[i].want);
    }
}

/* A target that is not mirrored keeps the address that its author gave. */
static void test_addresses_are_kept(void **state)
{
    static const char *const urls[][2] = {
        {SITE "/spaces/ENG/pages/5/Run+book?src=a#Steps", NULL},
        {SITE "/x/QQAB", NULL},
        {SITE "/display/ENG/2026/05/06/Big+news", NULL},
        {SITE "/pages/viewpage.action?pageId=42&focusedCommentId=7", NULL},
        {SITE "/download/attachments/42/a%20b.pdf?version=1", NULL},
        {"HTTPS://Acme.Example/wiki/display/ENG", NULL},
        {"/wiki/x/QQAB#a", SITE "/x/QQAB#a"},
    };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_ref ref;
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(urls); i++) {
        assert_true(cs_link_parse(arena, urls[i][0], SITE, &ref));
        assert_string_equal(ref.url, urls[i][1] ? urls[i][1] : urls[i][0]);
    }
    assert_true(cs_link_parse(arena, "#a", SITE, &ref));
    assert_null(ref.url);
}

static void test_site_without_a_path(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    check(arena, "https://wiki.example/display/ENG", "https://wiki.example",
          "cs:space/ENG");
    check(arena, "/display/ENG", "https://wiki.example", "cs:space/ENG");
    check(arena, "https://wiki.example:8090/display/ENG",
          "https://wiki.example", NULL);
}

static void test_without_a_site_only_anchors(void **state)
{
    (void)state;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    check(arena, "#a%20b", NULL, "#a%20b");
    check(arena, "/display/ENG", NULL, NULL);
    check(arena, SITE "/display/ENG", "", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_addresses_are_kept),
        cmocka_unit_test(test_site_without_a_path),
        cmocka_unit_test(test_without_a_site_only_anchors),
    };
    return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
