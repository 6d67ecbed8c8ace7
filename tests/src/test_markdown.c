/*
 * test_markdown.c - the writer on trees made by hand: escaping by context,
 * delimiters, lists, tables. Whole pages: tests/fixtures/storage.
 */
#include "tests/lib/test.h"

#include "src/markdown.h"

enum {
    B = CS_MARK_BIT(CS_MARK_STRONG),
    I = CS_MARK_BIT(CS_MARK_EM),
    S = CS_MARK_BIT(CS_MARK_STRIKE),
    C = CS_MARK_BIT(CS_MARK_CODE)
};

/* One leaf: "\n" is a break. */
struct leaf {
    const char *text;
    unsigned marks;
};

static void add_leaf(struct cs_arena *arena, struct cs_node *line,
                     const char *text, unsigned marks)
{
    bool is_break = strcmp(text, "\n") == 0;
    struct cs_node *leaf =
        cs_node_add_text(arena, line, is_break ? CS_NODE_BREAK : CS_NODE_TEXT,
                         text, strlen(text));
    leaf->marks = (uint16_t)marks;
}

static void check_document(struct cs_arena *arena, const struct cs_node *root,
                           const char *want)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    assert_ok(cs_markdown_write(arena, root, &body, &err), &err);
    assert_string_equal(body.markdown, want);
    assert_int_equal(body.len, strlen(want));
}

/* A paragraph of up to eight leaves becomes one text. */
static void check_line(const struct leaf leaves[8], const char *want)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *line = cs_node_add(arena, root, CS_NODE_PARAGRAPH);
    for (size_t i = 0; i < 8 && leaves[i].text; i++)
        add_leaf(arena, line, leaves[i].text, leaves[i].marks);
    check_document(arena, root, cs_arena_printf(arena, "%s\n", want));
}

static void check_text(const char *text, const char *want)
{
    check_line((struct leaf[8]){{text, 0}}, want);
}

static void test_plain_text_stays(void **state)
{
    static const char *const texts[] = {"2 * 3",      "snake_case_name",
                                        "a < b > c",  "array[0] = x",
                                        "AT&T & Co.", "C:\\dir",
                                        "~5 %",       "a #b",
                                        "1.5 (x)",    "{y} |z|",
                                        "wow!",       "https://e.org/a_b",
                                        "-1",         "+1",
                                        "#tag",       "=",
                                        "1986 was",   "a - b",
                                        "x^2",        "\xed\x95\x9c_\xea\xb5"};
    (void)state;
    for (size_t i = 0; i + 1 < CS_ARRAY_LEN(texts); i++)
        check_text(texts[i], texts[i]);
}

static void test_markup_is_escaped(void **state)
{
    static const char *const rows[][2] = {
        {"*a*", "\\*a\\*"},
        {"_a_", "\\_a\\_"},
        {"a `b`", "a \\`b\\`"},
        {"see [a](b)", "see \\[a](b)"},
        {"[a]: b", "\\[a]: b"},
        {"see ![a](b)", "see !\\[a](b)"},
        {"<b>", "\\<b>"},
        {"</b>", "\\</b>"},
        {"&amp; &#1;", "\\&amp; \\&#1;"},
        {"~~a~~", "\\~\\~a\\~\\~"},
        {"a\\*", "a\\\\\\*"},
        {"# a", "\\# a"},
        {"- a", "\\- a"},
        {"+ a", "\\+ a"},
        {"> a", "\\> a"},
        {"1. a", "1\\. a"},
        {"12) a", "12\\) a"},
        {"---", "\\---"},
        {"- - -", "\\- - -"},
        {"www.e.org/*a*", "www\\.e.org/\\*a\\*"},
        {"https://e.org/*", "<https://e.org/*>"},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        check_text(rows[i][0], rows[i][1]);
}

static void test_second_line_of_a_paragraph(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"a", 0}, {"\n", 0}, {"===", 0}}, "a\\\n\\===");
    check_line((struct leaf[8]){{"a", 0}, {"\n", 0}, {"- b", 0}}, "a\\\n\\- b");
    check_line((struct leaf[8]){{"a|b", 0}, {"\n", 0}, {"---|---", 0}},
               "a|b\\\n\\---|---");
    check_line((struct leaf[8]){{"https://e.org", 0}, {"\n", 0}, {"b", 0}},
               "<https://e.org>\\\nb");
}

static void test_white_space(void **state)
{
    (void)state;
    check_text("  a \t\n b\xc2\xa0\xc2\xa0"
               "c\xe2\x80\x8b"
               "d ",
               "a b cd");
    check_line((struct leaf[8]){{"\n", 0}, {"a", 0}, {" ", 0}, {"\n", 0}}, "a");
    check_line((struct leaf[8]){{"a ", B}, {"b", 0}}, "**a** b");
    check_line((struct leaf[8]){{"a", 0},
                                {"\xc2\xa0"
                                 "b",
                                 B}},
               "a **b**");
}

static void test_neighbours_are_one(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"a", B}, {"b", B}, {" ", 0}, {"c", B}},
               "**ab c**");
    check_line((struct leaf[8]){{"a", C}, {"b", C}}, "`ab`");
    check_line((struct leaf[8]){{"a", C}, {" ", 0}, {"b", C}}, "`a` `b`");
}

static void test_nesting(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"a ", B}, {"b", B | I}}, "**a *b***");
    check_line((struct leaf[8]){{"b", B | I}, {" a", I}}, "***b** a*");
    check_line((struct leaf[8]){{"a", B | I | S}}, "***~~a~~***");
    check_line((struct leaf[8]){{"a", B | C}}, "**`a`**");
}

/* Where CommonMark would print the asterisks there must be none. */
static void test_delimiters_that_would_fail(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"(a)", B}, {"b", 0}}, "<strong>(a)</strong>b");
    check_line((struct leaf[8]){{"a", 0}, {"\"b\"", I}, {" c", 0}},
               "a<em>\"b\"</em> c");
    check_line((struct leaf[8]){{"(a)", B}, {" b", 0}}, "**(a)** b");
    check_line((struct leaf[8]){{"(a)", B}, {".", 0}}, "**(a)**.");
    check_line((struct leaf[8]){{"a", 0}, {"b", B}, {"c", 0}}, "a**b**c");
    check_line((struct leaf[8]){{"a", I}, {"b", B}}, "*a*<strong>b</strong>");
    check_line((struct leaf[8]){{"x", 0}, {"`", S | C}, {"y", 0}},
               "x<del>`` ` ``</del>y");
}

/* Found by tests/fuzz/fuzz_markdown.c. */
static void test_delimiters_beside_each_other(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{": ~", I}}, "*: \\~*");
    check_line((struct leaf[8]){{"a", 0}, {"1.", B | I}, {"a", B}},
               "a<strong><em>1.</em>a</strong>");
    check_line((struct leaf[8]){{"a ", B}, {"b", B | S}, {"c", S | I}},
               "**a ~~b~~**<em>~~c~~</em>");
    check_line((struct leaf[8]){{"www.e.org>", B}, {"x", S | I}},
               "<strong>www.e.org></strong>*~~x~~*");
}

/* A span that shows nothing of its own must not hide what begins there. */
static void test_markup_spread_over_leaves(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"1", 0}, {". a", 0}}, "1\\. a");
    check_line((struct leaf[8]){{"-", 0}, {"-", 0}, {"-", 0}}, "\\---");
    check_line((struct leaf[8]){{"#", 0}, {"#", 0}}, "\\##");
    check_line((struct leaf[8]){{"&", 0}, {"lt;", 0}}, "\\&lt;");
    check_line((struct leaf[8]){{"http:", 0}, {"//e.org/a_b_", 0}},
               "<http://e.org/a_b_>");
}

static void test_code_spans(void **state)
{
    (void)state;
    check_line((struct leaf[8]){{"a`b", C}}, "``a`b``");
    check_line((struct leaf[8]){{"`", C}}, "`` ` ``");
    check_line((struct leaf[8]){{"*_[<&\\", C}}, "`*_[<&\\`");
    check_line((struct leaf[8]){{" a\n b ", C}}, "`a b`");
}

static struct cs_node *paragraph(struct cs_arena *arena, struct cs_node *parent,
                                 const char *text)
{
    struct cs_node *line = cs_node_add(arena, parent, CS_NODE_PARAGRAPH);
    add_leaf(arena, line, text, 0);
    return line;
}

static struct cs_node *list(struct cs_arena *arena, struct cs_node *parent,
                            bool ordered, unsigned start)
{
    struct cs_node *node = cs_node_add(arena, parent, CS_NODE_LIST);
    node->list.ordered = ordered;
    node->list.start = start;
    return node;
}

static void test_lists(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *outer = list(arena, root, true, 99);
    (void)state;
    struct cs_node *item = cs_node_add(arena, outer, CS_NODE_ITEM);
    (void)paragraph(arena, item, "a");
    struct cs_node *inner = list(arena, item, false, 1);
    (void)paragraph(arena, cs_node_add(arena, inner, CS_NODE_ITEM), "b");
    item = cs_node_add(arena, outer, CS_NODE_ITEM);
    (void)paragraph(arena, item, "c");
    inner = list(arena, item, true, 1);
    (void)paragraph(arena, cs_node_add(arena, inner, CS_NODE_ITEM), "d");
    check_document(arena, root, "99. a\n    - b\n100. c\n     1. d\n");
}

static void test_empty_containers_take_no_line(void **state)
{
    static const enum cs_node_kind kinds[] = {CS_NODE_LIST, CS_NODE_TABLE,
                                              CS_NODE_PLACE, CS_NODE_PART};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        (void)cs_node_add(arena, root, kinds[i]);
    (void)paragraph(arena, root, "a");
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        (void)cs_node_add(arena, root, kinds[i]);
    check_document(arena, root, "a\n");
}

static void test_alert_only_at_the_top(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *quote = cs_node_add(arena, root, CS_NODE_QUOTE);
    (void)state;
    quote->alert = CS_ALERT_TIP;
    (void)paragraph(arena, quote, "a");
    struct cs_node *inner = cs_node_add(arena, quote, CS_NODE_QUOTE);
    inner->alert = CS_ALERT_TIP;
    (void)paragraph(arena, inner, "b");
    check_document(arena, root, "> [!TIP]\n> a\n>\n> > **Tip**\n> >\n> > b\n");
}

static void test_fences(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    static const char code[] = "\n````\n\n  x";
    (void)state;
    struct cs_node *quote = cs_node_add(arena, root, CS_NODE_QUOTE);
    struct cs_node *node =
        cs_node_add_text(arena, quote, CS_NODE_CODE, code, sizeof(code) - 1);
    node->language = "c";
    check_document(arena, root, "> `````c\n>\n> ````\n>\n>   x\n> `````\n");
}

static void test_heading(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *line = cs_node_add(arena, root, CS_NODE_HEADING);
    (void)state;
    line->level = 3;
    add_leaf(arena, line, "a", 0);
    add_leaf(arena, line, "\n", 0);
    add_leaf(arena, line, "b #", 0);
    check_document(arena, root, "### a b \\#\n");
}

static void test_places_are_where_they_say(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_node *root = cs_node_add(arena, NULL, CS_NODE_DOCUMENT);
    struct cs_node *line = paragraph(arena, root, "a ");
    struct cs_ref ref = {.kind = CS_REF_PAGE, .title = "T"};
    struct cs_target target = {.ref = &ref};
    struct cs_error err = CS_ERROR_INIT;
    struct cs_body body;
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct cs_node *name =
            cs_node_add_text(arena, line, CS_NODE_NAME, "T*", 2);
        name->ref = &ref;
        name->link = &target;
        add_leaf(arena, line, " ", 0);
    }
    assert_ok(cs_markdown_write(arena, root, &body, &err), &err);
    assert_int_equal(body.n_places, 101);
    for (size_t i = 0; i < 100; i++)
        assert_memory_equal(body.markdown + body.places[i].at, "T\\*", 3);
    assert_memory_equal(body.markdown + body.places[100].at - 1, "()", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_markup_is_escaped),
        cmocka_unit_test(test_second_line_of_a_paragraph),
        cmocka_unit_test(test_white_space),
        cmocka_unit_test(test_neighbours_are_one),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_delimiters_that_would_fail),
        cmocka_unit_test(test_delimiters_beside_each_other),
        cmocka_unit_test(test_markup_spread_over_leaves),
        cmocka_unit_test(test_code_spans),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_empty_containers_take_no_line),
        cmocka_unit_test(test_alert_only_at_the_top),
        cmocka_unit_test(test_fences),
        cmocka_unit_test(test_heading),
        cmocka_unit_test(test_places_are_where_they_say),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
