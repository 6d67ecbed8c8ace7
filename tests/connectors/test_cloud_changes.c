/*
 * test_cloud_changes.c - newest first, until it is old; and probes by id.
 */
#include "tests/connectors/cloud_tape.h"

#define ROW(id, parent, day)                                                   \
    "{\"id\":\"" id "\",\"status\":\"current\",\"title\":\"t\",\"spaceId\":"   \
    "\"9\"," parent "\"version\":{\"number\":3,\"createdAt\":\"2026-05-" day   \
    "T00:00:00Z\"}}"
#define CHANGED V2 "/spaces/9/pages?status=current&status=archived&sort="
#define BLOGGED V2 "/spaces/9/blogposts?status=current&sort="
#define MAY_5   INT64_C(1777939200000)

static void test_reading_stops_at_what_is_old(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = CHANGED "-modified-date&limit=100",
         .body = MORE(ROW("1", "", "07") "," ROW("2", "", "06"),
                      V2 "/more?cursor=a")},
        {.uri = V2 "/more?cursor=a",
         .body = MORE(
             ROW("2", "", "06") "," ROW("3", "", "05") "," ROW(
                 "4", "\"parentId\":\"f4\",\"parentType\":\"folder\",", "04"),
             V2 "/more?cursor=b")},
        {.uri = BLOGGED "-modified-date&limit=100", .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_changes(&tape, MAY_5), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "page 1 v3 <\npage 2 v3 <\npage 3 v3 <\n");
    assert_int_equal(canned_count(&tape.canned, "cursor=b"), 0);
    assert_int_equal(canned_count(&tape.canned, "/folders/"), 0);
    close_tape(&tape);
}

static void test_no_change_is_one_answer_a_listing(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = CHANGED "-modified-date&limit=100",
         .body = MORE(ROW("1", "", "01"), V2 "/more?cursor=a")},
        {.uri = BLOGGED "-modified-date&limit=100",
         .body = MORE(ROW("2", "", "01"), V2 "/more?cursor=b")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_changes(&tape, MAY_5), &tape.err);
    assert_string_equal(rewind_tape(&tape), "");
    assert_int_equal(canned_count(&tape.canned, "GET "), 2);
    close_tape(&tape);
}

static void test_a_new_folder_above_a_change(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = CHANGED "-modified-date&limit=100",
         .body = LIST(
             ROW("1", "\"parentId\":\"f\",\"parentType\":\"folder\",", "07"))},
        {.uri = BLOGGED "-modified-date&limit=100",
         .body = LIST(ROW("2", "", "07"))},
        {.uri = V2 "/folders/f",
         .body = "{\"id\":\"f\",\"title\":\"F\",\"parentId\":null}"},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_changes(&tape, MAY_5), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "folder f v0 <\npage 1 v3 <f\nblogpost 2 v3 <\n");
    close_tape(&tape);
}

static void test_a_failing_listing_fails(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = CHANGED "-modified-date&limit=100",
         .body = LIST(ROW("1", "", "07"))},
        {.uri = BLOGGED "-modified-date&limit=100", .status = 403},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run_changes(&tape, MAY_5), CS_ERR_FORBIDDEN);
    close_tape(&tape);
}

/* The order is the site's: what is new behind something old is not missed. */
static void test_order_a_little_off(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = CHANGED "-modified-date&limit=100",
         .body = MORE(ROW("1", "", "01") "," ROW("2", "", "07"),
                      V2 "/more?cursor=a")},
        {.uri = V2 "/more?cursor=a",
         .body = MORE(ROW("3", "", "06") "," ROW("4", "", "02"),
                      V2 "/more?cursor=b")},
        {.uri = BLOGGED "-modified-date&limit=100", .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_changes(&tape, MAY_5), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "page 1 v3 <\npage 2 v3 <\npage 3 v3 <\n");
    assert_int_equal(canned_count(&tape.canned, "cursor=b"), 0);
    close_tape(&tape);
}

/* ---- probes ---- */

#define STATUS(id, status, space)                                              \
    "{\"id\":\"" id "\",\"status\":\"" status                                  \
    "\",\"title\":\"t\",\"spaceId\":\"" space                                  \
    "\",\"version\":{\"number\":1,\"createdAt\":\"2026-05-01T00:00:00Z\"}}"
#define PROBE   V2 "/pages?status=current&status=archived&status=trashed&limit="
#define ONE(id) V2 "/pages/" id "?status=current&status=archived&status=trashed"

/* T2: an answer of its own decides, and only what the site itself says. */
static void test_t2_verdicts(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME,
        {.uri = PROBE "250&id=1,2,3,4,5,6,7",
         .body = LIST(STATUS("1", "archived", "9") "," STATUS(
             "2", "trashed", "9") "," STATUS("99", "trashed", "9"))},
        {.uri = V2 "/blogposts?status=current&status=trashed&limit=250&id=8",
         .body = LIST("")},
        {.uri = ONE("3"), .body = STATUS("3", "current", "10")},
        {.uri = ONE("4"), .status = 404, .body = "{}"},
        {.uri = ONE("5"), .status = 403, .body = "{}"},
        {.uri = ONE("6"), .status = 404, .content_type = "text/html"},
        {.uri = ONE("7"), .status = 500},
        {.uri = V2 "/blogposts/8?status=current&status=trashed",
         .status = 401,
         .body = "{}"},
        {.uri = V2 "/whiteboards/9",
         .status = 404,
         .body = "{}",
         .content_type = "application/problem+json; charset=utf-8"},
    };
    const struct cs_want wants[] = {
        {.id = "1"},
        {.id = "2"},
        {.id = "3"},
        {.id = "4"},
        {.id = "5"},
        {.id = "6"},
        {.id = "7"},
        {.id = "8", .kind = CS_ITEM_BLOG_POST},
        {.id = "9", .kind = CS_ITEM_WHITEBOARD},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_probe(&tape, wants, CS_ARRAY_LEN(wants)), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "1 here 200 9\n2 trashed 200 9\n3 here 200 10\n"
                        "4 gone 404 \n5 forbidden 403 \n6 unknown 404 \n"
                        "7 unknown 500 \n8 forbidden 401 \n9 gone 404 \n");
    close_tape(&tape);
}

/* A credential that ran out makes no document forbidden. */
static void test_t2_credential_ran_out(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = "/wiki/*", .status = 401},
    };
    const struct cs_want wants[] = {{.id = "1"}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run_probe(&tape, wants, 1), CS_ERR_AUTH);
    assert_string_equal(rewind_tape(&tape), "");
    close_tape(&tape);
}

/* A batch that fails says nothing about any of its ids. */
static void test_t2_failing_batch(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = PROBE "250&id=1,2", .status = 500},
        {.uri = ONE("1"), .body = STATUS("1", "current", "9")},
        {.uri = ONE("2"), .body = STATUS("2", "deleted", "9")},
    };
    const struct cs_want wants[] = {{.id = "1"}, {.id = "2"}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_probe(&tape, wants, 2), &tape.err);
    assert_string_equal(rewind_tape(&tape), "1 here 200 9\n2 gone 200 9\n");
    close_tape(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_stops_at_what_is_old),
        cmocka_unit_test(test_no_change_is_one_answer_a_listing),
        cmocka_unit_test(test_a_new_folder_above_a_change),
        cmocka_unit_test(test_a_failing_listing_fails),
        cmocka_unit_test(test_order_a_little_off),
        cmocka_unit_test(test_t2_verdicts),
        cmocka_unit_test(test_t2_credential_ran_out),
        cmocka_unit_test(test_t2_failing_batch),
    };
    return cmocka_run_group_tests_name("cloud_changes", tests, NULL, NULL);
}
