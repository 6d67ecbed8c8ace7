/*
 * test_cloud_list.c - spaces, listings, folders and labels.
 */
#include "tests/connectors/cloud_rig.h"

static void test_a_small_space(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(LISTED("1", "Home", "null", "3") "," LISTED("2", "Plan", "\"1\"",
                                                          "1")),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = V2 "/footer-comments?*", .body = LIST("")},
        {.uri = V2 "/inline-comments?*", .body = LIST("")},
        {.uri = V2 "/attachments?*", .body = LIST("")},
        {.uri = IDS("2&id=1,2"),
         .body = LIST(
             BODY("2", "1", "<p>two</p>") "," BODY("1", "3", "<p>one</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(rig.summary.stored, 2);
    assert_string_equal(item(&rig, "1")->markdown, "one\n");
    assert_string_equal(item(&rig, "1")->source, "<p>one</p>");
    assert_string_equal(item(&rig, "1")->labels, "");
    assert_string_equal(item(&rig, "2")->parent_id, "1");
    assert_int_equal(item(&rig, "2")->updated, 1778051289101);
    assert_int_equal(item(&rig, "2")->position, -1);
    assert_non_null(strstr(item(&rig, "2")->url, "/wiki/spaces/ENG/pages/2"));
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Ada");
    assert_string_equal(memory_sink_person(&rig.memory, "u2"), "Bob");
    assert_int_equal(canned_count(&rig.canned, "POST"), 1);
    assert_ok(run(&rig), &rig.err); /* nothing changed: no text, no person */
    assert_int_equal(canned_count(&rig.canned, "body-format"), 1);
    assert_int_equal(canned_count(&rig.canned, "POST"), 1);
    close_rig(&rig);
}

static void test_t26_archived_and_blog_posts(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(""),
        ARCHIVED(
            "{\"id\":\"3\",\"status\":\"archived\",\"title\":\"Old\"," VERSION(
                "1", "u1") "}"),
        BLOGS(LISTED("4", "News", "null",
                     "2") ","
                          "{\"id\":\"5\",\"status\":\"trashed\",\"title\":"
                          "\"Gone\"," VERSION("1", "u1") "}"),
        NO_LABELS,
        USERS,
        {.uri = IDS("1&id=3"), .body = LIST(BODY("3", "1", "<p>old</p>"))},
        {.uri = V2 "/blogposts?body-format=storage&limit=1&id=4",
         .body = LIST(BODY("4", "2", "<p>news</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(item(&rig, "3")->status, CS_ITEM_ARCHIVED);
    assert_int_equal(item(&rig, "4")->kind, CS_ITEM_BLOG_POST);
    assert_string_equal(item(&rig, "4")->markdown, "news\n");
    assert_null(memory_sink_find(&rig.memory, "5"));
    close_rig(&rig);
}

#define BELOW(id, parent, type)                                                \
    "{\"id\":\"" id "\",\"title\":\"t\",\"parentId\":\"" parent                \
    "\",\"parentType\":\"" type "\"," VERSION("1", "u1") "}"

#define ROWS_BELOW                                                             \
    BELOW("1", "10", "folder")                                                 \
    "," BELOW("2", "10", "folder") "," BELOW("3", "12", "folder") "," BELOW(   \
        "4", "13", "whiteboard") "," BELOW("5", "14",                          \
                                           "folder") "," BELOW("6", "99",      \
                                                               "page")

static void test_t28_folders_are_climbed_once(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(ROWS_BELOW),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = V2 "/folders/10", .body = FOLDER("Ten", "\"11\"", "folder")},
        {.uri = V2 "/folders/11", .body = FOLDER("Eleven", "\"1\"", "page")},
        {.uri = V2 "/folders/12", .status = 401}, /* a token without scope */
        {.uri = V2 "/whiteboards/13", .body = FOLDER("W", "\"12\"", "folder")},
        /* 14 answers 404 */
        {.uri = V2 "/pages?*", .body = LIST("")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    (void)run(&rig);
    assert_int_equal(canned_count(&rig.canned, "/folders/10\n"), 1);
    assert_int_equal(item(&rig, "10")->kind, CS_ITEM_FOLDER);
    assert_string_equal(item(&rig, "10")->title, "Ten");
    assert_string_equal(item(&rig, "10")->parent_id, "11");
    assert_int_equal(item(&rig, "10")->created, 1746515289000);
    assert_string_equal(item(&rig, "11")->parent_id, "1");
    assert_string_equal(item(&rig, "1")->parent_id, "10");
    assert_null(item(&rig, "3")->parent_id);
    assert_string_equal(item(&rig, "4")->parent_id, "13");
    assert_null(item(&rig, "13")->parent_id);
    assert_null(item(&rig, "5")->parent_id);
    assert_string_equal(item(&rig, "6")->parent_id, "99");
    assert_null(memory_sink_find(&rig.memory, "12"));
    close_rig(&rig);
}

/* A folder on which the server chokes each time keeps nothing back: what hangs
 * below it hangs at the top. */
static void test_t28_folder_that_chokes(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(BELOW("1", "10", "folder")),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
        USERS,
        {.uri = V2 "/folders/10", .status = 500},
        {.uri = IDS("1&id=1"), .body = LIST(BODY("1", "1", "<p>1</p>"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_null(item(&rig, "1")->parent_id);
    close_rig(&rig);
}

static void test_t1_incomplete_listing_counts_for_nothing(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES(LISTED("1", "Home", "null", "1")),
        {.uri = V2 "/spaces/9/pages?status=archived*", .status = 403},
        BLOGS(""),
        NO_LABELS,
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_FORBIDDEN);
    assert_int_equal(rig.memory.listings, 0);
    assert_int_equal(canned_count(&rig.canned, "body-format"), 0);
    close_rig(&rig);
}

static void test_bad_row_fails_the_listing(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        PAGES("{\"id\":\"1\",\"title\":\"t\",\"version\":{\"number\":\"x\"}}"),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_PROTOCOL);
    assert_non_null(strstr(rig.err.message, "results[0].version.number: "
                                            "expected a number"));
    assert_int_equal(rig.memory.listings, 0);
    close_rig(&rig);
}

static void test_labels_by_label(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        USERS,
        TWO_BODIES,
        {.uri = V2 "/spaces/9/content/labels?*",
         .body =
             LIST(LABEL("51", "ops", "global") "," LABEL("52", "me", "my"))},
        {.uri = V2 "/labels/51/pages?limit=250&sort=id&space-id=9",
         .body = LIST("{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"77\"}")},
        {.uri = V2 "/labels/52/pages?*", .body = LIST("{\"id\":\"2\"}")},
        {.uri = V2 "/labels/5*", .body = LIST("")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_string_equal(item(&rig, "1")->labels, "ops");
    assert_string_equal(item(&rig, "2")->labels, "ops,my:me");
    assert_null(memory_sink_find(&rig.memory, "77"));
    assert_int_equal(canned_count(&rig.canned, "/pages/1/labels"), 0);
    /* Nothing is asked about blog posts where there are none. */
    assert_int_equal(canned_count(&rig.canned, "/labels/51/blogposts"), 0);
    close_rig(&rig);
}

/* Lists of labels and of what bears them may leave archived pages out. */
static void test_labels_of_archived_pages(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        {.uri = V2 "/spaces/9/pages?status=current*",
         .body = LIST(LISTED("1", "Home", "null", "1"))},
        ARCHIVED(
            "{\"id\":\"2\",\"status\":\"archived\",\"title\":\"Old\","
            "\"authorId\":\"u1\","
            "\"createdAt\":\"2025-01-02T03:04:05Z\"," VERSION("1", "u2") "}"),
        BLOGS(""),
        USERS,
        TWO_BODIES,
        {.uri = V2 "/spaces/9/content/labels?*",
         .body = LIST(LABEL("51", "ops", "global"))},
        {.uri = V2 "/labels/51/pages?*", .body = LIST("{\"id\":\"1\"}")},
        {.uri = V2 "/pages/2/labels?*",
         .body = LIST(LABEL("52", "old", "global"))},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_string_equal(item(&rig, "1")->labels, "ops");
    assert_string_equal(item(&rig, "2")->labels, "old");
    assert_int_equal(canned_count(&rig.canned, "/pages/1/labels"), 0);
    close_rig(&rig);
}

/* The listing of a space documents "my" and "team" only. */
static void test_labels_of_the_site(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        USERS,
        TWO_BODIES,
        {.uri = V2 "/spaces/9/content/labels?*",
         .body = LIST(LABEL("61", "later", "my"))},
        {.uri = V2 "/labels/61/pages?*", .body = LIST("{\"id\":\"1\"}")},
        {.uri = V2 "/labels?prefix=global*",
         .body = LIST(LABEL("51", "ops", "global"))},
        {.uri = V2 "/labels/51/pages?*", .body = LIST("{\"id\":\"2\"}")},
        {.uri = V2 "/labels/51/blogposts?*", .body = LIST("")},
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_string_equal(item(&rig, "1")->labels, "my:later");
    assert_string_equal(item(&rig, "2")->labels, "ops");
    close_rig(&rig);
}

static void test_labels_of_each_page(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        SPACE,
        TWO_PAGES,
        ARCHIVED(""),
        BLOGS(""),
        USERS,
        TWO_BODIES,
        {.uri = V2 "/spaces/9/content/labels?*", .status = 403},
        {.uri = V2 "/pages/1/labels?*",
         .body = LIST(
             LABEL("1", "zeta", "global") "," LABEL("2", "alpha", "global"))},
        /* page 2's labels answer 404 */
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(&rig), &rig.err);
    assert_string_equal(item(&rig, "1")->labels, "alpha,zeta");
    assert_null(item(&rig, "2")->labels);
    close_rig(&rig);
}

#define SPACE_ROW(id, key, type, status)                                       \
    "{\"id\":\"" id "\",\"key\":\"" key "\",\"type\":\"" type                  \
    "\",\"status\":\"" status "\"}"

static void test_all_spaces(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        {.uri = V2 "/spaces?status=current&limit=250",
         .body = LIST(SPACE_ROW("9", "ENG", "global", "current") "," SPACE_ROW(
             "10", "~5b1", "personal",
             "current") "," SPACE_ROW("11", "OLD", "global", "trashed"))},
        PAGES(""),
        ARCHIVED(""),
        BLOGS(""),
        NO_LABELS,
    };
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    rig.config.n_spaces = 0;
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(rig.memory.listings, 1);
    close_rig(&rig);
}

static void test_space_that_is_not_there(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME, {.uri = V2 "/spaces?*", .body = LIST("")}};
    struct rig rig;
    open_rig(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(&rig), CS_ERR_CONFIG);
    assert_string_equal(rig.err.message,
                        "space ENG: it was not found or may not be read");
    assert_true(rig.err.hint[0]);
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_space),
        cmocka_unit_test(test_t26_archived_and_blog_posts),
        cmocka_unit_test(test_t28_folders_are_climbed_once),
        cmocka_unit_test(test_t28_folder_that_chokes),
        cmocka_unit_test(test_t1_incomplete_listing_counts_for_nothing),
        cmocka_unit_test(test_bad_row_fails_the_listing),
        cmocka_unit_test(test_labels_by_label),
        cmocka_unit_test(test_labels_of_archived_pages),
        cmocka_unit_test(test_labels_of_the_site),
        cmocka_unit_test(test_labels_of_each_page),
        cmocka_unit_test(test_all_spaces),
        cmocka_unit_test(test_space_that_is_not_there),
    };
    return cmocka_run_group_tests_name("cloud_list", tests, NULL, NULL);
}
