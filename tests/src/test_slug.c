/*
 * test_slug.c - anchors of headings, and the links that they answer to.
 */
#include "tests/lib/test.h"

#include "src/markdown.h"
#include "src/slug.h"

static void test_slugs_are_those_of_github(void **state)
{
    static const char *const rows[][2] = {
        {"Set up", "set-up"},
        {"C++ & Go", "c--go"},
        {"snake_case - x", "snake_case---x"},
        {"1.5 (new!)", "15-new"},
        {"\xc3\x84rger", "\xc3\xa4rger"},
        {"\xec\x84\xa4\xec\xa0\x95 A", "\xec\x84\xa4\xec\xa0\x95-a"},
        {"\xe2\x80\x9cq\xe2\x80\x9d", "q"},
        {"", ""},
    };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        assert_string_equal(cs_slug_new(arena, rows[i][0]), rows[i][1]);
}

struct page {
    struct cs_arena *arena;
    struct cs_node *root;
};

static int make_page(void **state)
{
    static struct page page;
    page.arena = cs_arena_new(0);
    page.root = cs_node_add(page.arena, NULL, CS_NODE_DOCUMENT);
    *state = &page;
    return 0;
}

static int drop_page(void **state)
{
    cs_arena_free(((struct page *)*state)->arena);
    return 0;
}

static struct cs_node *add_leaf(struct page *page, struct cs_node *line,
                                enum cs_node_kind kind, const char *text)
{
    return cs_node_add_text(page->arena, line, kind, text, strlen(text));
}

static struct cs_node *add_heading(struct page *page, struct cs_node *parent,
                                   const char *text)
{
    struct cs_node *line = cs_node_add(page->arena, parent, CS_NODE_HEADING);
    line->level = 2;
    (void)add_leaf(page, line, CS_NODE_TEXT, text);
    return line;
}

static const struct cs_node *add_link(struct page *page, const char *anchor)
{
    struct cs_node *line =
        cs_node_add(page->arena, page->root, CS_NODE_PARAGRAPH);
    struct cs_node *leaf = add_leaf(page, line, CS_NODE_TEXT, "link");
    struct cs_ref *ref = cs_arena_alloc(page->arena, sizeof(*ref));
    struct cs_target *target = cs_arena_alloc(page->arena, sizeof(*target));
    ref->kind = CS_REF_SELF;
    ref->anchor = anchor;
    target->ref = ref;
    leaf->link = target;
    return leaf;
}

static void test_links_find_their_heading(void **state)
{
    static const char *const rows[][2] = {
        {"Set up", "set-up"},
        {"Set-up", "set-up"},
        {"setup", "set-up"},
        {"MyPage-Setup", "set-up"},
        {"My-Page-Setup", "set-up"},
        {"Set-up.1", "set-up-1"},
        {"Set-up.2", "Set-up.2"},
        {"nowhere", "nowhere"},
        {"in the table", "in the table"},
        {"--", "--"},
    };
    struct page *page = *state;
    const struct cs_node *links[CS_ARRAY_LEN(rows)];
    (void)add_heading(page, page->root, "Set \n up");
    (void)add_heading(page, page->root, "Set up");
    struct cs_node *table = cs_node_add(page->arena, page->root, CS_NODE_TABLE);
    (void)add_heading(page, table, "In the table");
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        links[i] = add_link(page, rows[i][0]);
    cs_slug_resolve(page->arena, page->root);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        assert_string_equal(links[i]->link->ref->anchor, rows[i][1]);
}

static void test_named_places_come_first(void **state)
{
    struct page *page = *state;
    struct cs_node *heading = add_heading(page, page->root, "Set up");
    struct cs_node *inside = add_leaf(page, heading, CS_NODE_ANCHOR, "in");
    struct cs_node *line =
        cs_node_add(page->arena, page->root, CS_NODE_PARAGRAPH);
    struct cs_node *named = add_leaf(page, line, CS_NODE_ANCHOR, "set up");
    struct cs_node *unused = add_leaf(page, line, CS_NODE_ANCHOR, "unused");
    const struct cs_node *links[] = {add_link(page, "set up"),
                                     add_link(page, "in")};
    cs_slug_resolve(page->arena, page->root);
    assert_string_equal(links[0]->link->ref->anchor, "set-up");
    assert_true(named->linked);
    assert_string_equal(links[1]->link->ref->anchor, "set-up");
    assert_false(inside->linked);
    assert_false(unused->linked);
}

/* A hundred thousand of each end soon only if the work is not their
 * product. */
static void test_many_links_to_many_headings(void **state)
{
    enum { MANY = 100000 };
    struct page *page = *state;
    const struct cs_node *last = NULL;
    for (int i = 0; i < MANY; i++) {
        const char *text = cs_arena_printf(page->arena, "part %d", i);
        (void)add_heading(page, page->root, text);
        last = add_link(page, text);
    }
    cs_slug_resolve(page->arena, page->root);
    assert_string_equal(last->link->ref->anchor, "part-99999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slugs_are_those_of_github),
        cmocka_unit_test_setup_teardown(test_links_find_their_heading,
                                        make_page, drop_page),
        cmocka_unit_test_setup_teardown(test_named_places_come_first, make_page,
                                        drop_page),
        cmocka_unit_test_setup_teardown(test_many_links_to_many_headings,
                                        make_page, drop_page),
    };
    return cmocka_run_group_tests_name("slug", tests, NULL, NULL);
}
