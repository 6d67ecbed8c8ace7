/*
 * test_node.c - chaining, dropping, and what counts as blank.
 */
#include "tests/lib/test.h"

#include "src/node.h"

static void test_children_stay_in_order(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    (void)state;
    struct cs_node *a = cs_node_add(arena, root, CS_NODE_PARAGRAPH);
    struct cs_node *b = cs_node_add(arena, root, CS_NODE_RULE);
    struct cs_node *text = cs_node_add_text(arena, a, CS_NODE_TEXT, "hi", 2);
    assert_ptr_equal(root->first, a);
    assert_ptr_equal(a->next, b);
    assert_ptr_equal(root->last, b);
    assert_null(b->next);
    assert_ptr_equal(a->first, text);
    assert_int_equal(text->len, 2);
    assert_int_equal(text->marks, 0);
}

static void test_drop_last(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    (void)state;
    struct cs_node *a = cs_node_add(arena, root, CS_NODE_RULE);
    (void)cs_node_add(arena, root, CS_NODE_RULE);
    cs_node_drop_last(root, a);
    assert_ptr_equal(root->last, a);
    assert_null(a->next);
    cs_node_drop_last(root, NULL);
    assert_null(root->first);
    assert_null(root->last);
    struct cs_node *c = cs_node_add(arena, root, CS_NODE_RULE);
    assert_ptr_equal(root->first, c);
}

static void test_out_of_memory(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(10);
    (void)state;
    assert_null(cs_node_add(arena, NULL, CS_NODE_DOCUMENT));
    assert_null(cs_node_add_text(arena, NULL, CS_NODE_TEXT, "x", 1));
}

static void test_blank(void **state)
{
    static const char *const blank[] = {"",
                                        " \t\r\n",
                                        "\xc2\xa0",
                                        "\xe2\x80\x8b",
                                        "\xe3\x80\x80 ",
                                        "\xef\xbb\xbf",
                                        "\xc2\x85",
                                        "\x7f\x01"};
    static const char *const text[] = {
        "a", " a", "\xc3\xa9", "\xe2\x80\xa6", "\xc2\xa0.", "_"};
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(blank); i++)
        assert_true(cs_node_is_blank(blank[i], strlen(blank[i])));
    for (size_t i = 0; i < CS_ARRAY_LEN(text); i++)
        assert_false(cs_node_is_blank(text[i], strlen(text[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_stay_in_order),
        cmocka_unit_test(test_drop_last),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_blank),
    };
    return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
