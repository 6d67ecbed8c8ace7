/*
 * test_cursor.c - pages of hits are one long answer, cut.
 */
#include "tests/lib/test.h"

#include "tests/index/search_rig.h"

enum { PAGES = 57 };

static int setup(void **state)
{
    int failed = rig_setup(state);
    if (failed)
        return failed;
    for (int i = 0; i < PAGES; i++) {
        char id[16], title[32], text[256];
        (void)snprintf(id, sizeof(id), "%d", 100 + i);
        (void)snprintf(title, sizeof(title), "%c page %d", 'a' + (i * 7) % 26,
                       i);
        (void)snprintf(
            text, sizeof(text), "words%s%s %s", i % 3 ? " words" : "",
            i % 5 ? "" : " and more of the same", i % 4 ? "gateway" : "");
        (void)sample_page(((struct rig *)*state)->index,
                          &(struct sample_page){.id = id,
                                                .title = title,
                                                .markdown = text,
                                                .updated = 1000 + i % 5});
    }
    rig_index(*state);
    return 0;
}

/* All pages of `limit`, in one string. */
static void page_through(struct rig *rig, struct cs_search_request request,
                         char *out, size_t size)
{
    char cursor[256] = "";
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < PAGES; i++) {
        request.cursor = cursor[0] ? cursor : NULL;
        const struct cs_search_result *result = rig_run(rig, request);
        assert_false(result->index_changed);
        for (size_t j = 0; j < result->n; j++)
            len += (size_t)snprintf(out + len, size - len, "%s ",
                                    result->hits[j].id);
        if (!result->next_cursor)
            return;
        assert_true(result->n > 0);
        (void)snprintf(cursor, sizeof(cursor), "%s", result->next_cursor);
    }
    fail_msg("it never ends");
}

static void test_pages_are_one_long_answer(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *text;
        enum cs_search_sort sort;
    } cases[] = {
        {"words", CS_SEARCH_RELEVANCE},
        {"words gateway", CS_SEARCH_RELEVANCE},
        {"more of gateway words here below", CS_SEARCH_RELEVANCE},
        {"gateway more page", CS_SEARCH_RELEVANCE},
        {"words", CS_SEARCH_UPDATED},
        {"words", CS_SEARCH_CREATED},
        {"words", CS_SEARCH_TITLE},
        {"space:ENG", CS_SEARCH_RELEVANCE},
        {"-gateway", CS_SEARCH_RELEVANCE},
        {"105", CS_SEARCH_RELEVANCE},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        char whole[4096], cut[4096];
        struct cs_search_request request = {
            .text = cases[i].text, .sort = cases[i].sort, .limit = 1000};
        page_through(rig, request, whole, sizeof(whole));
        for (request.limit = 1; request.limit < 20; request.limit += 3) {
            page_through(rig, request, cut, sizeof(cut));
            if (strcmp(cut, whole) != 0)
                fail_msg("%s by %lld:\n%s\n%s", cases[i].text,
                         (long long)request.limit, cut, whole);
        }
    }
}

static void test_orders(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "words",
                                                .limit = 3,
                                                .sort = CS_SEARCH_UPDATED}),
        "104 109 114");
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "words",
                                                .limit = 3,
                                                .sort = CS_SEARCH_TITLE}),
        "100 126 152");
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "words sort:title",
                                                .limit = 3}),
        "100 126 152");
}

static void test_the_index_changed_in_between(void **state)
{
    struct rig *rig = *state;
    char cursor[256], last[64];
    const struct cs_search_result *result =
        rig_run(rig, (struct cs_search_request){.text = "words", .limit = 5});
    (void)snprintf(cursor, sizeof(cursor), "%s", result->next_cursor);
    (void)snprintf(last, sizeof(last), "%s", result->hits[4].id);
    rig_page(rig, "200", "words words", "words and words and words");
    rig_index(rig);
    result = rig_run(rig, (struct cs_search_request){
                              .text = "words", .limit = 5, .cursor = cursor});
    assert_true(result->index_changed);
    assert_int_equal(result->n, 5);
    for (size_t i = 0; i < result->n; i++)
        assert_string_not_equal(result->hits[i].id, last);
}

/* The last one that was shown is gone: on from where it would be. */
static void test_the_last_one_went_in_between(void **state)
{
    struct rig *rig = *state;
    static const char *const texts[] = {"words", "gateway more page"};
    sample_exec(rig->index, "UPDATE document SET updated = id % 5 * 86400000");
    rig_index(rig);
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        char whole[4096], rest[4096], cursor[256], sql[128];
        struct cs_search_request request = {
            .text = texts[i], .sort = CS_SEARCH_UPDATED, .limit = 1000};
        page_through(rig, request, whole, sizeof(whole));
        request.limit = 20;
        const struct cs_search_result *result = rig_run(rig, request);
        (void)snprintf(cursor, sizeof(cursor), "%s", result->next_cursor);
        const char *last = result->hits[19].id;
        (void)snprintf(sql, sizeof(sql),
                       "DELETE FROM document WHERE vendor_id = '%s'",
                       strchr(last, ':') + 1);
        const char *behind = strstr(whole, last) + strlen(last) + 1;
        sample_exec(rig->index, sql);
        rig_index(rig);
        request.limit = 1000;
        request.cursor = cursor;
        result = rig_run(rig, request);
        assert_true(result->index_changed);
        rest[0] = '\0';
        for (size_t j = 0, len = 0; j < result->n; j++)
            len += (size_t)snprintf(rest + len, sizeof(rest) - len, "%s ",
                                    result->hits[j].id);
        assert_string_equal(rest, behind);
    }
}

static void test_what_is_no_cursor(void **state)
{
    struct rig *rig = *state;
    static const char *const wrong[] = {
        "",
        "x",
        "1.2.3",
        "0.0.0.0.0.0.0",
        "1.1.1.1.1.1.1.1",
        "99999999999999999999.1.1.1.1.1.1",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(wrong); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_search_result *result = NULL;
        const struct cs_search_request request = {.text = "words",
                                                  .cursor = wrong[i]};
        assert_int_equal(cs_search_run(rig->index, &request, &result, &err),
                         CS_ERR_USAGE);
    }
    struct cs_error err = CS_ERROR_INIT;
    struct cs_search_result *result = NULL;
    char cursor[256];
    (void)snprintf(
        cursor, sizeof(cursor), "%s",
        rig_run(rig, (struct cs_search_request){.text = "words"})->next_cursor);
    const struct cs_search_request other = {.text = "gateway",
                                            .cursor = cursor};
    assert_int_equal(cs_search_run(rig->index, &other, &result, &err),
                     CS_ERR_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_pages_are_one_long_answer),
        TEST(test_orders),
        TEST(test_the_index_changed_in_between),
        TEST(test_the_last_one_went_in_between),
        TEST(test_what_is_no_cursor),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
