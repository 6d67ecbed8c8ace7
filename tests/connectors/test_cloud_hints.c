/*
 * test_cloud_hints.c - feeds of comments and attachments, trash, marks.
 */
#include "tests/connectors/cloud_tape.h"

#include "connectors/confluence/cloud_mark.h"

#define C(id, owner, n, time)                                                  \
    "{\"id\":\"" id "\",\"status\":\"current\"," owner                         \
    "\"version\":{\"number\":" n ",\"createdAt\":\"2026-05-07T" time           \
    ":00Z\"}}"
#define ON(page)      "\"pageId\":\"" page "\","
#define REPLY(parent) "\"parentCommentId\":\"" parent "\","
#define FOOTER        V2 "/footer-comments?sort=-modified-date&limit=250"
#define INLINE        V2 "/inline-comments?sort=-modified-date&limit=250"
#define FILES         V2 "/attachments?status=current*"
#define TRASH         V2 "/pages?status=trashed*"
#define BLOG_TRASH    V2 "/blogposts?status=trashed*"

static void test_t10_first_reading_and_no_change(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER,
         .body = MORE(C("c1", ON("1"), "1", "12:00"), V2 "/next?cursor=f")},
        {.uri = V2 "/next?cursor=f",
         .body = LIST(C("c2", "\"blogPostId\":\"2\",", "1", "02:00"))},
        {.uri = INLINE, .body = LIST(C("c3", ON("1"), "1", "10:00"))},
        {.uri = FILES, .body = LIST(C("att4", ON("3"), "2", "09:00"))},
        {.uri = TRASH, .body = LIST(C("7", "", "2", "09:00"))},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "hint 1 4\nhint 2 4\nhint 1 4\nhint 3 8\nsuspect 7\n");
    assert_int_equal(canned_count(&tape.canned, "GET "), 6);
    assert_int_equal(canned_count(&tape.canned, "space-id=9"), 2);
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "suspect 7\n");
    assert_int_equal(canned_count(&tape.canned, "cursor=f"), 2);
    close_tape(&tape);
}

#define OLD1 C("c2", ON("2"), "1", "10:00")
#define OLD5 OLD1 "," OLD1 "," OLD1 "," OLD1 "," OLD1
#define OLD  OLD5 "," OLD5 "," OLD5 "," OLD5 "," OLD5

static void test_t11_what_is_new_in_the_overlap(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER,
         .body = LIST(
             C("c1", ON("1"), "1", "12:00") "," C("c2", ON("2"), "1", "10:00")),
         .times = 1},
        /* late: older than the newest that was seen; c1 was edited */
        {.uri = FOOTER,
         .body = MORE(C("c1", ON("1"), "2", "12:30") "," C("c5", ON("5"), "1",
                                                           "11:30") "," OLD,
                      V2 "/next?cursor=x")},
        {.uri = INLINE, .body = LIST("")},
        {.uri = FILES, .body = LIST("")},
        {.uri = TRASH, .body = LIST("")},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 1 4\nhint 2 4\n");
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 1 4\nhint 5 4\n");
    assert_int_equal(canned_count(&tape.canned, "cursor=x"), 0);
    close_tape(&tape);
}

/* An old comment that is resolved comes to the front with its old version, and
 * hides nothing of what stands behind it. */
static void test_resolved_comments(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER, .body = LIST("")},
        {.uri = INLINE,
         .body = LIST(
             C("c2", ON("2"), "1", "10:00") "," C("c1", ON("1"), "1", "02:00")),
         .times = 1},
        {.uri = INLINE,
         .body = LIST(C(
             "c1",
             ON("1") "\"resolutionStatus\":\"resolved\","
                     "\"resolutionLastModifiedAt\":"
                     "\"2026-05-07T11:00:00Z\",",
             "1", "02:00") "," C("c0", ON("7"), "1",
                                 "01:00") "," C("c3", ON("3"), "1",
                                                "10:30") "," C("c2", ON("2"),
                                                               "1", "10:00"))},
        {.uri = FILES, .body = LIST("")},
        {.uri = TRASH, .body = LIST("")},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 2 4\nhint 1 4\n");
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 1 4\nhint 3 4\n");
    close_tape(&tape);
}

static void test_replies_find_their_page(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER,
         .body = LIST(C("c3", REPLY("c2"), "1", "12:00") "," C(
             "c4", REPLY("c2"), "1", "11:00") "," C("c9", REPLY("c8"), "1",
                                                    "10:00"))},
        {.uri = V2 "/footer-comments/c2",
         .body = C("c2", REPLY("c1"), "1", "09:00")},
        {.uri = V2 "/footer-comments/c1",
         .body = C("c1", ON("1"), "1", "08:00")},
        {.uri = INLINE, .body = LIST("")},
        {.uri = FILES, .body = LIST("")},
        {.uri = TRASH, .body = LIST("")},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 1 4\n");
    assert_int_equal(canned_count(&tape.canned, "/footer-comments/c2"), 1);
    assert_int_equal(canned_count(&tape.canned, "/footer-comments/c8"), 1);
    close_tape(&tape);
}

/* One document is held: asking for it is cheaper than reading a long feed. */
static void test_a_long_feed_is_given_up(void **state)
{
    (void)state;
    struct cs_strbuf rows CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    cs_strbuf_puts(&rows, "{\"results\":[");
    for (int i = 0; i < 250; i++)
        cs_strbuf_puts(&rows, i ? "," C("c1", ON("77"), "1", "12:00")
                                : C("c1", ON("77"), "1", "12:00"));
    cs_strbuf_puts(&rows, "],\"_links\":{\"next\":\"" V2 "/next?cursor=f\"}}");
    const struct canned_answer answers[] = {
        {.uri = FOOTER, .body = rows.data},
        {.uri = INLINE, .body = LIST("")},
        {.uri = FILES, .body = LIST("")},
        {.uri = TRASH, .body = LIST("")},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    tape.documents = 0;
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint 77 4\nhint * 4\n");
    assert_ok(run_hints(&tape), &tape.err);
    assert_int_equal(canned_count(&tape.canned, "cursor=f"), 0);
    close_tape(&tape);
}

/* T4: a feed that fails is told, its mark stays, and the others go on. */
static void test_t4_a_failing_feed(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER,
         .body = MORE(C("c1", ON("1"), "1", "12:00"), V2 "/next?cursor=f")},
        {.uri = V2 "/next?cursor=f", .body = "[]"},
        {.uri = INLINE, .body = LIST(C("c3", ON("3"), "1", "10:00"))},
        {.uri = FILES, .status = 403}, /* a token without that scope */
        {.uri = TRASH, .body = LIST(C("7", "", "2", "09:00"))},
        {.uri = BLOG_TRASH, .status = 403},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run_hints(&tape), CS_ERR_PROTOCOL);
    assert_string_equal(rewind_tape(&tape),
                        "hint 1 4\nhint 3 4\nhint * 8\nsuspect 7\n");
    assert_int_equal(find_cursor(&tape, "cloud.footer")->len, 0);
    assert_int_not_equal(find_cursor(&tape, "cloud.inline")->len, 0);
    assert_int_not_equal(find_cursor(&tape, "cloud.trash")->len, 0);
    close_tape(&tape);
}

/* T4: a feed that is refused is no empty one. Each document is asked for what
 * hangs on it, the first time. */
static void test_t4_a_feed_that_is_refused(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = FOOTER, .status = 404},
        {.uri = INLINE, .body = LIST(C("c3", ON("3"), "1", "10:00"))},
        {.uri = FILES, .status = 401},
        {.uri = TRASH, .status = 403},
        {.uri = BLOG_TRASH, .status = 403},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "hint * 4\nhint 3 4\nhint * 8\n");
    assert_ok(run_hints(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "");
    close_tape(&tape);
}

/* Of the trash one answer is always looked at, whatever its times; more only
 * while they are new, and the first time never. */
static void test_the_trash(void **state)
{
    (void)state;
    struct cs_strbuf rows CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    cs_strbuf_puts(&rows, "{\"results\":[");
    for (int i = 0; i < 249; i++)
        cs_strbuf_puts(&rows, C("1", "", "1", "02:00") ",");
    cs_strbuf_puts(&rows, C("2", "", "1", "00:30"));
    cs_strbuf_puts(&rows, "],\"_links\":{\"next\":\"" V2 "/next?cursor=t\"}}");
    const struct canned_answer answers[] = {
        {.uri = FOOTER, .body = LIST("")},
        {.uri = INLINE, .body = LIST("")},
        {.uri = FILES, .body = LIST("")},
        {.uri = TRASH, .body = rows.data, .times = 1},
        {.uri = TRASH,
         .body = MORE(C("3", "", "1", "12:00"), V2 "/next?cursor=u")},
        {.uri = V2 "/next?cursor=u", .body = rows.data},
        {.uri = BLOG_TRASH, .body = LIST("")},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_hints(&tape), &tape.err);
    assert_non_null(strstr(rewind_tape(&tape), "suspect 2\n"));
    assert_int_equal(canned_count(&tape.canned, "cursor=t"), 0);
    assert_ok(run_hints(&tape), &tape.err);
    assert_non_null(strstr(rewind_tape(&tape), "suspect 3\n"));
    assert_int_equal(canned_count(&tape.canned, "cursor=u"), 1);
    assert_int_equal(canned_count(&tape.canned, "cursor=t"), 0);
    close_tape(&tape);
}

static void test_marks(void **state)
{
    (void)state;
    static struct cs_cloud_reading reading;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_CLOUD_MARK_MAX);
    static const char *const broken[] = {"",    "1",    "2 5",
                                         "1 x", "1 -5", "1 5 g"};
    for (size_t i = 0; i < CS_ARRAY_LEN(broken); i++) {
        cs_cloud_reading_begin(&reading, broken[i]);
        assert_int_equal(reading.before.floor, 0);
    }
    /* More in one hour than a mark holds: it ends where its keys end. */
    cs_cloud_reading_begin(&reading, NULL);
    for (int i = 0; i < 2 * CS_CLOUD_MARK_KEYS; i++) {
        char id[16];
        (void)snprintf(id, sizeof(id), "%d", i);
        assert_int_equal(
            cs_cloud_reading_take(&reading, INT64_C(9000000) - i, id),
            CS_CLOUD_NEWS_FRESH);
    }
    cs_cloud_reading_put(&reading, &text);
    assert_int_equal(text.status, CS_OK);
    cs_cloud_reading_begin(&reading, text.data);
    assert_int_equal(reading.before.n, CS_CLOUD_MARK_KEYS);
    assert_int_equal(reading.before.floor, 9000000 - CS_CLOUD_MARK_KEYS + 1);
    assert_int_equal(cs_cloud_reading_take(&reading, 9000000, "0"),
                     CS_CLOUD_NEWS_KNOWN);
    assert_int_equal(cs_cloud_reading_take(&reading, 8000000, "x"),
                     CS_CLOUD_NEWS_END);
    assert_int_equal(cs_cloud_reading_take(&reading, 0, "x"),
                     CS_CLOUD_NEWS_FRESH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_t10_first_reading_and_no_change),
        cmocka_unit_test(test_t11_what_is_new_in_the_overlap),
        cmocka_unit_test(test_resolved_comments),
        cmocka_unit_test(test_replies_find_their_page),
        cmocka_unit_test(test_a_long_feed_is_given_up),
        cmocka_unit_test(test_t4_a_failing_feed),
        cmocka_unit_test(test_t4_a_feed_that_is_refused),
        cmocka_unit_test(test_the_trash),
        cmocka_unit_test(test_marks),
    };
    return cmocka_run_group_tests_name("cloud_hints", tests, NULL, NULL);
}
