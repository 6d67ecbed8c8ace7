/*
 * test_fill.c - files that show other documents, and change with them.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

#define HOME                                                                   \
    {                                                                          \
        .id = "1", .title = "Home", .text = "home", .version = 1               \
    }

static const char *read_page(struct sandbox *box, const char *name,
                             struct cs_strbuf *buf)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "wiki/ENG/%s.md", name);
    const char *text = strstr(sandbox_read(box, path, buf), "---\n\n");
    assert_non_null(text);
    return text + 5;
}

static void test_include_follows_its_page(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct script_page pages[] = {
        HOME,
        {.id = "2",
         .title = "A",
         .parent = "1",
         .text = "a",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "B"},
        {.id = "3",
         .title = "B",
         .parent = "2",
         .text = "b",
         .version = 1,
         .link_title = "Home"},
        {.id = "4",
         .title = "C",
         .parent = "3",
         .text = "c",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "A"},
    };
    SCRIPT_RUN(box, pages);
    /* links lead away from the file they stand in, not from where they came */
    assert_string_equal(read_page(box, "A", &buf), "a\n\nb [see](Home.md)\n");
    assert_string_equal(read_page(box, "A/B", &buf), "b [see](../Home.md)\n");
    assert_string_equal(read_page(box, "A/B/C", &buf),
                        "c\n\na\n\nb [see](../../Home.md)\n");
    pages[2].text = "new";
    pages[2].version = 2;
    struct cs_run_summary summary = SCRIPT_RUN(box, pages);
    assert_int_equal(summary.written, 3);
    assert_string_equal(read_page(box, "A/B/C", &buf),
                        "c\n\na\n\nnew [see](../../Home.md)\n");
}

static void test_cycles_end_with_the_link(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const struct script_page pages[] = {
        HOME,
        {.id = "2",
         .title = "A",
         .parent = "1",
         .text = "a",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "B"},
        {.id = "3",
         .title = "B",
         .parent = "1",
         .text = "b",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "A"},
        {.id = "4",
         .title = "Self",
         .parent = "1",
         .text = "s",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "Self"},
        {.id = "5",
         .title = "None",
         .parent = "1",
         .text = "n",
         .version = 1,
         .form = CS_PLACE_INCLUDE,
         .link_title = "Nowhere"},
    };
    SCRIPT_RUN(box, pages);
    assert_string_equal(read_page(box, "A", &buf), "a\n\nb\n\n*see there*\n");
    assert_string_equal(read_page(box, "Self", &buf), "s\n\n*see there*\n");
    assert_string_equal(read_page(box, "None", &buf), "n\n\n*see there*\n");
}

static void test_excerpt_by_name(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const struct script_page pages[] = {
        HOME,
        {.id = "2",
         .title = "Terms",
         .parent = "1",
         .text = "short",
         .version = 1,
         .link_title = "Home",
         .excerpt = "intro"},
        {.id = "3",
         .title = "Named",
         .parent = "1",
         .text = "n",
         .version = 1,
         .form = CS_PLACE_EXCERPT,
         .link_title = "Terms",
         .query = "intro"},
        {.id = "4",
         .title = "Any",
         .parent = "1",
         .text = "a",
         .version = 1,
         .form = CS_PLACE_EXCERPT,
         .link_title = "Terms",
         .query = ""},
        {.id = "5",
         .title = "Wrong",
         .parent = "1",
         .text = "w",
         .version = 1,
         .form = CS_PLACE_EXCERPT,
         .link_title = "Terms",
         .query = "outro"},
    };
    SCRIPT_RUN(box, pages);
    assert_non_null(strstr(read_page(box, "Named", &buf), "n\n\nshort"));
    assert_non_null(strstr(read_page(box, "Any", &buf), "a\n\nshort"));
    assert_string_equal(read_page(box, "Wrong", &buf), "w\n\n*see there*\n");
}

static void test_children_in_order_and_in_levels(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct script_page pages[] = {
        HOME,
        {.id = "2",
         .title = "Top",
         .parent = "1",
         .text = "t",
         .version = 1,
         .form = CS_PLACE_CHILDREN,
         .query = "2"},
        {.id = "3", .title = "Z [x]", .parent = "2", .text = "z", .version = 1},
        {.id = "4", .title = "Folder", .parent = "2", .version = 1},
        {.id = "5", .title = "In it", .parent = "4", .text = "i", .version = 1},
        {.id = "6", .title = "Deep", .parent = "5", .text = "d", .version = 1},
        {.id = "7",
         .title = "Few",
         .parent = "1",
         .text = "f",
         .version = 1,
         .form = CS_PLACE_CHILDREN,
         .link_title = "Top",
         .query = ",1"},
    };
    SCRIPT_RUN(box, pages);
    assert_string_equal(read_page(box, "Few", &buf),
                        "f\n\n- Folder\n  - [In it](Top/Folder/In%20it.md)\n"
                        "    - [Deep](Top/Folder/In%20it/Deep.md)\n");
    assert_string_equal(read_page(box, "Top", &buf),
                        "t\n\n- Folder\n  - [In it](Top/Folder/In%20it.md)\n"
                        "- [Z \\[x\\]](Top/Z%20%5Bx%5D.md)\n");
    pages[2].title = "New";
    pages[2].version = 2;
    SCRIPT_RUN(box, pages);
    assert_non_null(strstr(read_page(box, "Top", &buf), "- [New](Top/New.md)"));
}

static void test_labelled_pages_and_their_properties(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct script_page pages[] = {
        HOME,
        {.id = "2",
         .title = "List",
         .parent = "1",
         .text = "l",
         .version = 1,
         .form = CS_PLACE_LABELLED,
         .query = "svc"},
        {.id = "3",
         .title = "Table",
         .parent = "1",
         .text = "t",
         .version = 1,
         .form = CS_PLACE_REPORT,
         .query = "svc"},
        {.id = "4",
         .title = "Pay",
         .parent = "1",
         .label = "svc",
         .version = 1,
         .properties = "",
         .text = "| | |\n| --- | --- |\n| **Owner** | Ada |\n| Tier | 1 |"},
        {.id = "5",
         .title = "Ship",
         .parent = "1",
         .label = "svc",
         .version = 1,
         .properties = "",
         .text = "| Owner | Bob \\| Co |\n| --- | --- |\n"},
        {.id = "6",
         .title = "Other",
         .parent = "1",
         .label = "svcs",
         .version = 1,
         .text = "no"},
    };
    SCRIPT_RUN(box, pages);
    assert_string_equal(read_page(box, "List", &buf),
                        "l\n\n- [Pay](Pay.md)\n- [Ship](Ship.md)\n");
    assert_string_equal(read_page(box, "Table", &buf),
                        "t\n\n| Title | Owner | Tier |\n| --- | --- | --- |\n"
                        "| [Pay](Pay.md) | Ada | 1 |\n"
                        "| [Ship](Ship.md) | Bob \\| Co |  |\n");
    pages[5].label = "svc";
    SCRIPT_RUN(box, pages);
    assert_non_null(strstr(read_page(box, "List", &buf), "[Other](Other.md)"));
}

static void test_many_levels_of_includes_stay_bounded(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    enum { N = 20 };
    static char ids[N + 1][8], titles[N + 1][8];
    struct script_page pages[N];
    for (int i = 0; i <= N; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "%d", i + 1);
        (void)snprintf(titles[i], sizeof(titles[i]), "P%d", i);
    }
    for (int i = 0; i < N; i++)
        pages[i] = (struct script_page){.id = ids[i],
                                        .title = titles[i],
                                        .text = titles[i],
                                        .version = 1,
                                        .form = CS_PLACE_INCLUDE,
                                        .link_title = titles[i + 1]};
    script_run(box, pages, N);
    const char *text = read_page(box, "P0", &buf);
    assert_non_null(strstr(text, "P8"));
    assert_null(strstr(text, "P9"));
    assert_non_null(strstr(text, "*see there*"));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_include_follows_its_page),
        TEST(test_cycles_end_with_the_link),
        TEST(test_excerpt_by_name),
        TEST(test_children_in_order_and_in_levels),
        TEST(test_labelled_pages_and_their_properties),
        TEST(test_many_levels_of_includes_stay_bounded),
    };
    return cmocka_run_group_tests_name("fill", tests, NULL, NULL);
}
