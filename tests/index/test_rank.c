/*
 * test_rank.c - which page comes first, and why.
 */
#include "tests/lib/test.h"

#include "tests/index/search_rig.h"

/* Pages that say other things, so that words of a test are rare. */
static void add_others(struct rig *rig)
{
    for (int i = 0; i < 30; i++) {
        char id[16], title[32], text[128];
        (void)snprintf(id, sizeof(id), "9%02d", i);
        (void)snprintf(title, sizeof(title), "Other %d", i);
        (void)snprintf(text, sizeof(text),
                       "Of quite another matter, number %d of many.\n", i);
        rig_page(rig, id, title, text);
    }
}

static void test_fields(void **state)
{
    struct rig *rig = *state;
    add_others(rig);
    rig_page(rig, "1", "Words of a page", "Some text with quorum in it.");
    rig_page(rig, "2", "The quorum", "Some text with words in it.");
    rig_page(rig, "3", "Words in a page", "# Quorum\n\nSome text in it.");
    rig_page(rig, "4", "Words on a page",
             "Some text.\n\n```\nquorum here\n```");
    (void)sample_page(rig->index, &(struct sample_page){.id = "5",
                                                        .title = "A page",
                                                        .label = "quorum",
                                                        .markdown = "Text."});
    rig_index(rig);
    const char *order = rig_find(rig, "quorum");
    assert_int_equal(rig->result->total, 5);
    assert_true(order[0] == '2' || order[0] == '5');
    assert_true(strchr(order, '2') < strchr(order, '3'));
    assert_true(strchr(order, '3') < strchr(order, '1'));
    assert_true(strchr(order, '5') < strchr(order, '1'));
}

static void test_the_title_is_the_query(void **state)
{
    struct rig *rig = *state;
    add_others(rig);
    rig_page(rig, "1", "Release process of the gateway",
             "The release process, release after release: process it.");
    rig_page(rig, "2", "Release process", "See elsewhere.");
    rig_page(rig, "3", "Process release", "See elsewhere.");
    rig_index(rig);
    assert_memory_equal(rig_find(rig, "release process"), "2 ", 2);
    assert_true(rig->result->hits[0].parts.exact > 1.4);
    assert_true(rig->result->hits[1].parts.exact < 1.1);
    assert_memory_equal(rig_find(rig, "process release"), "3 ", 2);
}

static void test_close_words(void **state)
{
    struct rig *rig = *state;
    add_others(rig);
    rig_page(rig, "1", "One",
             "The retry comes first and then, after a very long while of "
             "waiting for nothing at all, comes the budget.");
    rig_page(rig, "2", "Two",
             "The first that comes is, after a very long while of waiting for "
             "nothing at all, then the retry budget.");
    rig_index(rig);
    assert_string_equal(rig_find(rig, "retry budget"), "2 1");
    assert_true(rig->result->hits[0].parts.proximity > 0);
}

static void test_new_and_old(void **state)
{
    struct rig *rig = *state;
    const int64_t now = rig->box->clock.now_ms(rig->box->clock.ctx);
    const int64_t year = (int64_t)365 * 24 * 3600 * 1000;
    add_others(rig);
    const struct sample_page pages[] = {
        {.id = "1",
         .title = "A",
         .markdown = "the quorum is three",
         .updated = now - 5 * year},
        {.id = "2",
         .title = "B",
         .markdown = "the quorum is five",
         .updated = now - year / 100},
    };
    rig_add(rig, pages, 2);
    assert_string_equal(rig_find(rig, "quorum"), "2 1");
    assert_true(rig->result->hits[0].parts.recency <= 1.25);
    /* What a page is about counts for more. */
    rig_page(rig, "3", "Quorum", "Quorum, how large it is.");
    sample_exec(rig->index, "UPDATE document SET updated = 1000"
                            " WHERE vendor_id = '3'");
    rig_index(rig);
    assert_string_equal(rig_find(rig, "quorum"), "3 2 1");
}

static void test_archived_and_deprecated_come_last(void **state)
{
    struct rig *rig = *state;
    add_others(rig);
    static const struct sample_page pages[] = {
        {.id = "1", .title = "Quorum", .markdown = "the quorum, archived"},
        {.id = "2",
         .title = "Quorum",
         .markdown = "the quorum, deprecated",
         .label = "deprecated"},
        {.id = "3",
         .title = "Quorum",
         .markdown = "the quorum, current",
         .label = "fine"},
    };
    rig_add(rig, pages, CS_ARRAY_LEN(pages));
    sample_exec(rig->index, "UPDATE document SET status = 'archived'"
                            " WHERE vendor_id = '1'");
    rig_index(rig);
    assert_memory_equal(rig_find(rig, "quorum"), "3 ", 2);
    assert_true(rig->result->hits[1].parts.prior < 0.7);
    assert_true(rig->result->hits[2].parts.prior < 0.7);
}

/* getUserById in four spellings finds the page that has it; where it stands as
 * it was typed comes first. */
static void test_identifiers(void **state)
{
    struct rig *rig = *state;
    static const char *const queries[] = {
        "getUserById",    "get_user_by_id", "getuserbyid",
        "get user by id", "GetUserById",    "\"getUserById\"",
    };
    add_others(rig);
    rig_page(rig, "1", "API", "Call `getUserById` first.");
    rig_page(rig, "2", "Prose",
             "To get hold of a user, ask by mail; the id is in the reply.");
    rig_page(rig, "3", "Python", "Call get\\_user\\_by\\_id(7) first.");
    rig_page(rig, "4", "Words", "How to get user by id: you ask.");
    rig_index(rig);
    for (size_t i = 0; i < CS_ARRAY_LEN(queries); i++) {
        (void)rig_ids(rig, (struct cs_search_request){.text = queries[i]});
        bool found[5] = {false};
        for (size_t j = 0; j < rig->result->n; j++)
            found[rig->result->hits[j].document - 30] = true;
        if (!found[1] || !found[3])
            fail_msg("%s: %s", queries[i], rig->text);
    }
    assert_memory_equal(rig_find(rig, "getUserById"), "1 ", 2);
    assert_memory_equal(rig_find(rig, "get_user_by_id"), "3 ", 2);
    const char *prose = rig_find(rig, "get user by id");
    assert_true(prose[0] != '2');
}

static void test_codes(void **state)
{
    struct rig *rig = *state;
    add_others(rig);
    rig_page(rig, "1", "Oracle", "Fails with ORA-00942 at night.");
    rig_page(rig, "2", "Other", "Fails with ORA-00943 at night.");
    rig_page(rig, "3", "Version", "Since v1.2.3 of node.js it works.");
    rig_page(rig, "4", "Near", "Since v1.2.4 of node it works, ora 942.");
    rig_index(rig);
    assert_string_equal(rig_find(rig, "ORA-00942"), "1");
    assert_string_equal(rig_find(rig, "ora-00942"), "1");
    assert_string_equal(rig_find(rig, "ORA-00944"), "");
    assert_int_equal(rig->result->n_corrections, 0);
    assert_string_equal(rig_find(rig, "v1.2.3"), "3");
    assert_string_equal(rig_find(rig, "node.js"), "3");
    assert_int_equal(strlen(rig_find(rig, "node")), strlen("3 4"));
}

static void test_chinese_japanese_korean(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"\u8a2d\u8a08", "1"}, {"\u8a2d", "1"},
        {"\u8a08", "1 2"},     {"\u8a2d\u8a08\u30ec\u30d3\u30e5\u30fc", "1"},
        {"\u30d3\u30e5", "1"}, {"\u8a08\u753b", "2"},
        {"\u753b", "2"},       {"\ubc30\ud3ec", "3"},
        {"\ubc30", "3"},       {"\ud3ec", "3"},
        {"\u8a2d\u753b", ""},
    };
    rig_page(rig, "1", "A", "\u8a2d\u8a08\u30ec\u30d3\u30e5\u30fc\u306e");
    rig_page(rig, "2", "B", "\u8a08\u753b");
    rig_page(rig, "3", "C", "\ubc30\ud3ec\uc808\ucc28 v2");
    rig_index(rig);
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        const char *ids = rig_find(rig, cases[i].query);
        if (strlen(ids) != strlen(cases[i].ids) ||
            strspn(ids, cases[i].ids) != strlen(ids))
            fail_msg("%s: %s, not %s", cases[i].query, ids, cases[i].ids);
    }
}

static void test_near_duplicates_collapse(void **state)
{
    struct rig *rig = *state;
    static const char text[] =
        "The quorum of the cluster is three nodes out of five; when two of "
        "them fail at once, writes go on, and when a third one fails the "
        "cluster stops to take writes until an operator has looked at it.";
    add_others(rig);
    rig_page(rig, "1", "Quorum", text);
    rig_page(rig, "2", "Copy of quorum", text);
    rig_page(rig, "3", "Others", "The quorum of something else altogether.");
    rig_index(rig);
    assert_string_equal(rig_find(rig, "quorum"), "1 3");
    assert_int_equal(rig->result->total, 3);
    assert_int_equal(rig->result->hits[0].n_duplicates, 1);
    assert_string_equal(rig->result->hits[0].duplicates[0], "confluence:2");
    (void)rig_run(
        rig, (struct cs_search_request){.text = "quorum", .no_collapse = true});
    assert_int_equal(rig->result->n, 3);
    assert_string_equal(rig_find(rig, "near:1"), "2");
}

/* With facets asked for, documents go over the board; without, a single word
 * does not need it. A cursor may lead from one to the other. */
static void test_the_same_on_a_board_and_without(void **state)
{
    static const char *const queries[] = {"deploy", "depl*", "deploy*",
                                          "title:deploying", "the"};
    struct rig *rig = *state;
    for (int i = 0; i < 1100; i++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(999);
        char id[8];
        (void)snprintf(id, sizeof(id), "%d", i + 1);
        cs_strbuf_puts(&text, "The ");
        for (int j = 0; j < i % 9; j++)
            cs_strbuf_printf(&text, "%s%s",
                             j % 3 ? "deploys " : "deployed the ",
                             i % 5 ? "it. " : "\n# deploy\n\n");
        rig_page(rig, id, i % 4 ? "Page" : "Deploying it", text.data);
    }
    rig_index(rig);
    for (size_t q = 0; q < CS_ARRAY_LEN(queries); q++) {
        double scores[CS_SEARCH_LIMIT_MAX];
        struct cs_search_request request = {.text = queries[q], .limit = 50};
        const struct cs_search_result *result = rig_run(rig, request);
        size_t n = result->n;
        int64_t total = result->total;
        assert_true(n > 0);
        for (size_t i = 0; i < n; i++)
            scores[i] = result->hits[i].score;
        char *ids = strdup(rig_ids(rig, request));
        request.facets = true;
        result = rig_run(rig, request);
        assert_int_equal(result->n, n);
        assert_int_equal(result->total, total);
        for (size_t i = 0; i < n; i++)
            assert_memory_equal(&result->hits[i].score, &scores[i],
                                sizeof(scores[i]));
        assert_string_equal(rig_ids(rig, request), ids);
        free(ids);
    }
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_fields),
        TEST(test_the_title_is_the_query),
        TEST(test_close_words),
        TEST(test_new_and_old),
        TEST(test_archived_and_deprecated_come_last),
        TEST(test_identifiers),
        TEST(test_codes),
        TEST(test_chinese_japanese_korean),
        TEST(test_near_duplicates_collapse),
        TEST(test_the_same_on_a_board_and_without),
    };
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
