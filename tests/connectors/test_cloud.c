/*
 * test_cloud.c - texts: batches, poison, stale and missing pages, people.
 */
#include "tests/connectors/cloud_rig.h"

#define FOUR_PAGES                                                             \
    PAGES(LISTED("1", "a", "null", "1") "," LISTED(                            \
        "2", "b", "null", "1") "," LISTED("3", "c", "null",                    \
                                          "1") "," LISTED("4", "d", "null",    \
                                                          "1"))

static void test_t13_poisoned_page_is_isolated(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        FOUR_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("4&id=1,2,3,4"), .status = 500},
        {.uri = IDS("2&id=1,2"),
         .body =
             LIST(BODY("1", "1", "<p>1</p>") "," BODY("2", "1", "<p>2</p>"))},
        {.uri = IDS("2&id=3,4"), .status = 500},
        {.uri = IDS("1&id=3"), .status = 500},
        {.uri = IDS("1&id=4"), .body = LIST(BODY("4", "1", "<p>4</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PARTIAL);
    assert_int_equal(rig.troubles, 1);
    assert_non_null(strstr(rig.trouble, "page 3: "));
    assert_non_null(strstr(rig.trouble, "HTTP 500"));
    assert_int_equal(rig.summary.stored, 3);
    assert_int_equal(canned_count(&rig.canned, "id=1,2,3,4\n"), 1);
    close_rig(&rig);
}

/* A page that may not be asked for together with others (its ancestor is a
 * draft) makes the whole request a 404. */
static void test_t14_batch_that_is_not_found(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("2&id=1,2"), .status = 404},
        {.uri = IDS("1&id=1"), .status = 404},
        {.uri = IDS("1&id=2"), .body = LIST(BODY("2", "1", "<p>2</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PARTIAL);
    assert_int_equal(rig.troubles, 1);
    assert_non_null(strstr(rig.trouble, "page 1: "));
    assert_string_equal(item(&rig, "2")->markdown, "2\n");
    close_rig(&rig);
}

static void test_page_that_is_gone(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("2&id=1,2"), .body = LIST(BODY("1", "1", "<p>1</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PARTIAL);
    assert_int_equal(canned_count(&rig.canned, "/pages/2?body-format"), 1);
    assert_non_null(strstr(item(&rig, "2")->why, "gone"));
    close_rig(&rig);
}

static void test_t12_left_out_but_there(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("2&id=1,2"),
         .body = "{\"results\":[],\"_links\":{\"next\":\"" V2
                 "/pages?cursor=x\"}}"},
        {.uri = V2 "/pages?cursor=x", .body = LIST(BODY("1", "1", "<p>1</p>"))},
        {.uri = V2 "/pages/2?*", .body = BODY("2", "1", "<p>2</p>")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(rig.summary.stored, 2);
    close_rig(&rig);
}

static void test_stale_text(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(LISTED("1", "a", "null", "5") "," LISTED("2", "b", "null", "5")),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("2&id=1,2"),
         .body = LIST(
             BODY("1", "4", "<p>old</p>") "," BODY("2", "4", "<p>old</p>"))},
        {.uri = V2 "/pages/1?*", .body = BODY("1", "5", "<p>new</p>")},
        {.uri = V2 "/pages/2?*", .body = BODY("2", "4", "<p>old</p>")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PARTIAL); /* 2 is still old */
    assert_string_equal(item(&rig, "1")->markdown, "new\n");
    assert_int_equal(item(&rig, "1")->stored, 5);
    assert_string_equal(item(&rig, "2")->markdown, "old\n");
    assert_int_equal(item(&rig, "2")->stored, 4);
    close_rig(&rig);
}

static void test_text_without_a_body(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = IDS("2&id=1,2"),
         .body = LIST(
             LISTED("1", "a", "null", "1") "," BODY("2", "1", "<p>2</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PARTIAL);
    assert_string_equal(item(&rig, "1")->why, "body: expected an object");
    assert_string_equal(item(&rig, "2")->markdown, "2\n");
    close_rig(&rig);
}

static void test_people(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(LISTED("1", "a", "null", "1")),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        {.uri = IDS("1&id=1"),
         .body = LIST(BODY("1", "1",
                           "<p><ac:link><ri:user ri:account-id=\\\"u3\\\"/>"
                           "</ac:link></p>"))},
        {.uri = V2 "/users-bulk",
         .body = LIST("{\"accountId\":\"u1\",\"displayName\":\"Ada\"},"
                      "{\"accountId\":\"u2\",\"displayName\":\"\"}")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(
        canned_count(&rig.canned, "{\"accountIds\":[\"u1\",\"u2\",\"u3\"]}"),
        1);
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Ada");
    assert_string_equal(memory_sink_person(&rig.memory, "u2"), "u2");
    assert_string_equal(memory_sink_person(&rig.memory, "u3"), "u3");
    close_rig(&rig);
}

static void test_site_that_hides_people(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,         SPACE,
        TWO_PAGES,  ARCHIVED(""),
        BLOGS(""),  NO_LABELS,
        TWO_BODIES, {.uri = V2 "/users-bulk", .status = 401},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(rig.memory.n_people, 0);
    assert_int_equal(rig.summary.stored, 2);
    close_rig(&rig);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        struct canned_answer me;
        enum cs_status status;
    } rows[] = {
        {{.uri = "/wiki/rest/*", .status = 401}, CS_ERR_AUTH},
        {{.uri = "/wiki/rest/*", .status = 404}, CS_ERR_CONFIG},
        {{.uri = "/wiki/rest/*", .body = "<html>", .content_type = "text/html"},
         CS_ERR_AUTH},
        {{.uri = "/wiki/rest/*", .body = "{\"type\":\"anonymous\"}"},
         CS_ERR_AUTH},
        {{.uri = "/wiki/rest/*", .body = "[]"}, CS_ERR_AUTH},
        {{.uri = "/wiki/rest/*", .body = "x"}, CS_ERR_PROTOCOL},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct rig rig;
        open_rig(&rig, &rows[i].me, 1);
        assert_int_equal(run(&rig), rows[i].status);
        assert_int_equal(rig.memory.ended, 1);
        assert_null(strstr(rig.err.message, "s3cret"));
        close_rig(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t13_poisoned_page_is_isolated),
        cmocka_unit_test(test_t14_batch_that_is_not_found),
        cmocka_unit_test(test_page_that_is_gone),
        cmocka_unit_test(test_t12_left_out_but_there),
        cmocka_unit_test(test_stale_text),
        cmocka_unit_test(test_text_without_a_body),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_site_that_hides_people),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("cloud", tests, NULL, NULL);
}
