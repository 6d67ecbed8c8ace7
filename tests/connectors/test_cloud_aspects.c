/*
 * test_cloud_aspects.c - labels, comments, attachments, restrictions, stubs.
 */
#include "tests/connectors/cloud_tape.h"

#define WRITTEN(n, who)                                                        \
    "\"version\":{\"number\":" n                                               \
    ",\"createdAt\":\"2026-05-06T07:08:09.101Z\",\"authorId\":\"" who "\"}"
#define COMMENT(id, n, who, more, text)                                        \
    "{\"id\":\"" id "\",\"status\":\"current\"," more                          \
    "\"body\":{\"storage\":{\"value\":\"<p>" text                              \
    "</p>\"}}," WRITTEN(n, who) "}"
#define QUERY "?body-format=storage&sort=created-date&limit=100"
#define PEOPLE                                                                 \
    {                                                                          \
        .uri = V2 "/users-bulk",                                               \
        .body = LIST("{\"accountId\":\"u1\",\"displayName\":\"Ada\"}")         \
    }

static void test_comments_and_their_replies(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        PEOPLE,
        {.uri = V2 "/pages/1/footer-comments" QUERY,
         .body =
             LIST(COMMENT("10", "1", "u1", "",
                          "Why?") ","
                                  "{\"id\":\"19\",\"status\":\"trashed\"}")},
        {.uri = V2 "/footer-comments/10/children" QUERY,
         .body =
             MORE(COMMENT("11", "2", "u1", "", "So."), V2 "/next?cursor=r")},
        {.uri = V2 "/next?cursor=r",
         .body = LIST(COMMENT("12", "1", "u1", "", "Or so."))},
        {.uri = V2 "/footer-comments/11/children" QUERY,
         .body = LIST(COMMENT("13", "1", "u1", "", "Ah."))},
        {.uri = V2 "/pages/1/inline-comments" QUERY,
         .body = LIST(COMMENT("9", "1", "u1",
                              "\"resolutionStatus\":\"resolved\","
                              "\"properties\":{\"inlineOriginalSelection\":"
                              "\"words\"},",
                              "Which?"))},
    };
    const struct cs_want wants[] = {{.id = "1", .aspects = CS_ASPECT_COMMENTS}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 1), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "person u1 Ada\n"
                        "document 1 4\n"
                        "## Comments\n\n"
                        "- **@u1**, 2026-05-06 (inline, resolved)\n\n"
                        "  > words\n\n"
                        "  Which?\n\n"
                        "- **@u1**, 2026-05-06\n\n"
                        "  Why?\n"
                        "  - **@u1**, 2026-05-06 (edited)\n\n"
                        "    So.\n"
                        "    - **@u1**, 2026-05-06\n\n"
                        "      Ah.\n\n"
                        "  - **@u1**, 2026-05-06\n\n"
                        "    Or so.\n");
    assert_int_equal(canned_count(&tape.canned, "/pages?"), 0);
    close_tape(&tape);
}

/* Replies are asked for as they are found, but not one document's after the
 * other's. */
static void test_replies_of_many_documents_together(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        PEOPLE,
        {.uri = V2 "/pages/1/footer-comments" QUERY,
         .body = LIST(COMMENT("10", "1", "u1", "", "Why?"))},
        {.uri = V2 "/footer-comments/10/children" QUERY,
         .after = "/20/children",
         .body = LIST(COMMENT("11", "1", "u1", "", "So."))},
        {.uri = V2 "/pages/2/footer-comments" QUERY,
         .body = LIST(COMMENT("20", "1", "u1", "", "When?"))},
        {.uri = V2 "/footer-comments/20/children" QUERY,
         .body = LIST(COMMENT("21", "1", "u1", "", "Now."))},
        {.uri = V2 "/footer-comments/11/children*", .status = 404},
        {.uri = V2 "*", .body = LIST()},
    };
    const struct cs_want wants[] = {{.id = "1", .aspects = CS_ASPECT_COMMENTS},
                                    {.id = "2", .aspects = CS_ASPECT_COMMENTS}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 2), &tape.err);
    assert_non_null(strstr(tape.text.data, "So."));
    assert_non_null(strstr(tape.text.data, "Now."));
    const char *of_second = strstr(tape.canned.log, "/20/children");
    const char *of_reply = strstr(tape.canned.log, "/11/children");
    assert_true(of_second && of_reply && of_second < of_reply);
    close_tape(&tape);
}

static void test_attachments_labels_restrictions(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = V2 "/blogposts/1/attachments?status=current&status=archived"
                   "&limit=250",
         .body =
             MORE("{\"id\":\"att1\",\"title\":\"a.png\",\"fileSize\":5,"
                  "\"downloadLink\":\"/download/a\"," WRITTEN("3", "u1") "}",
                  V2 "/next?cursor=a")},
        {.uri = V2 "/next?cursor=a",
         .body = LIST("{\"id\":\"att1\",\"title\":\"a.png\"," WRITTEN(
             "3", "u") "},{\"id\":\"att2\",\"title\":\"b\",\"downloadLink\":"
                       "\"/wiki/download/b\"," WRITTEN("1", "u") "}")},
        {.uri = V2 "/blogposts/1/labels?limit=250&sort=id",
         .body = LIST("{\"id\":\"1\",\"name\":\"ops\",\"prefix\":\"global\"}")},
        {.uri = "/wiki/rest/api/content/1/restriction/byOperation",
         .body = "{\"read\":{\"restrictions\":{\"user\":{\"results\":[]},"
                 "\"group\":{\"results\":[{\"name\":\"g\"}]}}},\"update\":"
                 "{\"restrictions\":{}}}"},
        {.uri = "/wiki/rest/api/content/2/restriction/byOperation",
         .body = "{\"read\":{\"restrictions\":{\"user\":{\"results\":[]}}}}"},
    };
    const struct cs_want wants[] = {
        {.id = "1",
         .kind = CS_ITEM_BLOG_POST,
         .aspects =
             CS_ASPECT_LABELS | CS_ASPECT_ATTACHMENTS | CS_ASPECT_RESTRICTIONS},
        {.id = "2", .aspects = CS_ASPECT_RESTRICTIONS}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 2), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "document 1 26 restricted\nlabel ops\n"
                        "file att1 a.png 5 v3 /wiki/download/a\n"
                        "file att2 b -1 v1 /wiki/download/b\n"
                        "document 2 16\n");
    close_tape(&tape);
}

/* What lies below a page that is not for everybody is not either; each ancestor
 * is asked for once, and one that may not be looked at counts as open. */
static void test_restrictions_from_above(void **state)
{
    (void)state;
#define CLOSED  "{\"read\":{\"restrictions\":{\"user\":{\"results\":[{}]}}}}"
#define OWN(id) "/wiki/rest/api/content/" id "/restriction/byOperation"
    static const struct canned_answer answers[] = {
        {.uri = OWN("1"), .body = "{}"},
        {.uri = OWN("2"), .body = "{}"},
        {.uri = OWN("3"), .body = "{}"},
        {.uri = OWN("4"), .body = "{}"},
        {.uri = OWN("20"), .body = CLOSED},
        {.uri = OWN("10"), .body = "{}"},
        {.uri = V2 "/pages/1/ancestors?limit=250",
         .body = LIST("{\"id\":\"10\",\"type\":\"page\"},"
                      "{\"id\":\"20\",\"type\":\"folder\"}")},
        {.uri = V2 "/pages/2/ancestors?limit=250",
         .body = LIST("{\"id\":\"10\"},{\"id\":\"20\"}")},
        {.uri = V2 "/pages/3/ancestors?limit=250",
         .body = LIST("{\"id\":\"10\"},{\"id\":\"30\"}")},
        {.uri = V2 "/pages/4/ancestors?limit=250", .status = 401},
        {.uri = OWN("5"), .body = "{}"},
        {.uri = V2 "/pages/5/ancestors?limit=250", .status = 500},
        {.uri = OWN("6"), .body = CLOSED},
    };
    const struct cs_want wants[] = {
        {.id = "1", .aspects = CS_ASPECT_RESTRICTIONS},
        {.id = "2", .aspects = CS_ASPECT_RESTRICTIONS},
        {.id = "3", .aspects = CS_ASPECT_RESTRICTIONS},
        {.id = "4", .aspects = CS_ASPECT_RESTRICTIONS},
        {.id = "5", .aspects = CS_ASPECT_RESTRICTIONS},
        {.id = "6", .aspects = CS_ASPECT_RESTRICTIONS}};
    char failed[32];
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 6), &tape.err);
    (void)snprintf(failed, sizeof(failed), "failed 5 %d\n",
                   (int)CS_ERR_NETWORK);
    const char *told = rewind_tape(&tape);
    assert_non_null(strstr(told, failed));
    assert_non_null(strstr(told, "document 6 16 restricted\n"));
    assert_int_equal(strncmp(told,
                             "document 1 16 restricted\n"
                             "document 2 16 restricted\n"
                             "document 3 16\ndocument 4 16\n",
                             78),
                     0);
    assert_int_equal(canned_count(&tape.canned, OWN("10")), 1);
    assert_int_equal(canned_count(&tape.canned, OWN("20")), 1);
    close_tape(&tape);
}

/* What is refused is left out, and what is not there fails its page alone. */
static void test_refused_aspects(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = V2 "/pages/1/labels*", .status = 403},
        {.uri = V2 "/pages/1/attachments*", .body = LIST("")},
        {.uri = V2 "/pages/2/attachments*", .status = 404},
        {.uri = V2 "/pages/3/attachments*", .body = LIST("")},
        {.uri = V2 "/pages/4/attachments*", .body = LIST("[]")},
    };
    const struct cs_want wants[] = {
        {.id = "1", .aspects = CS_ASPECT_LABELS | CS_ASPECT_ATTACHMENTS},
        {.id = "2", .aspects = CS_ASPECT_ATTACHMENTS},
        {.id = "3", .aspects = CS_ASPECT_ATTACHMENTS},
        {.id = "4", .aspects = CS_ASPECT_ATTACHMENTS}};
    char expected[128];
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 4), &tape.err);
    (void)snprintf(expected, sizeof(expected),
                   "document 1 8\nfailed 2 %d\ndocument 3 8\nfailed 4 %d\n",
                   (int)CS_ERR_NOT_FOUND, (int)CS_ERR_PROTOCOL);
    assert_string_equal(rewind_tape(&tape), expected);
    close_tape(&tape);
}

/* A token without the scope for files is not asked to try again, and its user
 * is told once. */
static void test_missing_scope(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = V2 "/pages/*", .status = 401},
    };
    const struct cs_want wants[] = {
        {.id = "1", .aspects = CS_ASPECT_ATTACHMENTS},
        {.id = "2", .aspects = CS_ASPECT_ATTACHMENTS}};
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_fetch(&tape, wants, 1), &tape.err);
    assert_ok(run_fetch(&tape, wants + 1, 1), &tape.err);
    assert_string_equal(rewind_tape(&tape),
                        "document 1 0\n"
                        "lacking attachments: give it the scope "
                        "read:attachment:confluence, then cs sync --full\n"
                        "document 2 0\n");
    assert_int_equal(canned_count(&tape.canned, "GET "), 1);
    close_tape(&tape);
}

static void test_stubs_need_no_request(void **state)
{
    (void)state;
    const struct cs_want wants[] = {
        {.id = "1",
         .kind = CS_ITEM_WHITEBOARD,
         .aspects = CS_ASPECT_TEXT,
         .url = "https://acme.example/wiki/w/1"},
        {.id = "2", .kind = CS_ITEM_EMBED, .aspects = CS_ASPECT_TEXT}};
    struct tape tape;
    open_tape(&tape, NULL, 0);
    assert_ok(run_fetch(&tape, wants, 2), &tape.err);
    assert_string_equal(
        rewind_tape(&tape),
        "document 1 1\nThis is a whiteboard: [open it in Confluence]"
        "(https://acme.example/wiki/w/1)\ndocument 2 1\nThis is an embed.\n");
    assert_int_equal(canned_count(&tape.canned, "GET "), 0);
    close_tape(&tape);
}

#define SPACE(rest) V2 "/spaces/9/" rest
#define SEARCH                                                                 \
    "/wiki/rest/api/content/search?limit=100&cql=type%20in%20%28whiteboard"    \
    "%2C%20database%2C%20embed%29%20and%20space%20%3D%20%22ENG%22"
#define EMPTY_SPACE                                                            \
    {.uri = SPACE("pages*"), .body = LIST("")},                                \
        {.uri = SPACE("blogposts*"), .body = LIST("")},                        \
        {.uri = SPACE("content/labels*"), .body = LIST("")},                   \
    {                                                                          \
        .uri = V2 "/labels*", .body = LIST("")                                 \
    }

/* What nothing hangs below is found by a search, whose pages are followed by
 * the rules of the older API (T6, T7). */
static void test_t7_stubs_are_found(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        EMPTY_SPACE,
        {.uri = SEARCH,
         .body = MORE("{\"id\":\"5\",\"type\":\"whiteboard\"},"
                      "{\"id\":\"6\",\"type\":\"page\"}",
                      "/rest/api/content/search?cursor=a==&limit=100")},
        {.uri = "/wiki/rest/api/content/search?cursor=a==&limit=100",
         .body = LIST("{\"id\":\"7\",\"type\":\"database\"},"
                      "{\"id\":\"5\",\"type\":\"whiteboard\"},"
                      "{\"id\":\"8\",\"type\":\"embed\"}")},
        {.uri = V2 "/whiteboards/5",
         .body = "{\"id\":\"5\",\"title\":\"W\",\"parentId\":\"f\","
                 "\"parentType\":\"folder\"," WRITTEN("2", "u") "}"},
        {.uri = V2 "/folders/f",
         .body = "{\"id\":\"f\",\"title\":\"F\",\"parentId\":null}"},
        {.uri = V2 "/databases/7",
         .body = "{\"id\":\"7\",\"title\":\"D\",\"parentId\":\"1\","
                 "\"parentType\":\"page\"}"},
        {.uri = V2 "/embeds/8",
         .body = "{\"id\":\"8\",\"title\":\"E\",\"status\":\"trashed\"}"},
    };
    struct tape tape;
    open_tape(&tape, answers, CS_ARRAY_LEN(answers));
    assert_ok(run_list(&tape), &tape.err);
    assert_string_equal(rewind_tape(&tape), "whiteboard 5 v2 <f\n"
                                            "database 7 v0 <1\n"
                                            "folder f v0 <\n");
    assert_int_equal(canned_count(&tape.canned, "/whiteboards/5"), 1);
    close_tape(&tape);
}

static void test_t12_a_refused_search_is_no_failure(void **state)
{
    (void)state;
    static const unsigned statuses[] = {400, 401, 403, 404, 500};
    for (size_t i = 0; i < CS_ARRAY_LEN(statuses); i++) {
        const struct canned_answer answers[] = {
            EMPTY_SPACE, {.uri = SEARCH, .status = statuses[i]}};
        struct tape tape;
        open_tape(&tape, answers, CS_ARRAY_LEN(answers));
        assert_ok(run_list(&tape), &tape.err);
        close_tape(&tape);
    }
}

static void test_sources_convert_again(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text, *expected;
    } rows[] = {
        {"comments", "[{\"id\":\"1\",\"body\":\"<p>x</p>\"}]",
         "## Comments\n\n- **Anonymous**\n\n  x\n"},
        {"stub", "database ", "This is a database.\n"},
        {"storage", "<p>x</p>", "x\n"},
    };
    const struct cs_connector *connector = cs_connector_find("confluence");
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_error err = CS_ERROR_INIT;
        struct cs_conversion_note note;
        struct cs_body body;
        const struct cs_convert_request request = {.base_url =
                                                       "https://acme.example",
                                                   .container_key = "ENG",
                                                   .id = "1",
                                                   .format = rows[i].format,
                                                   .text = rows[i].text,
                                                   .len = strlen(rows[i].text)};
        assert_ok(connector->convert(&request, arena, &body, &note, &err),
                  &err);
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(1 << 16);
        cs_body_render(&body, cs_resolve_canonical, NULL, &out);
        assert_string_equal(out.data, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comments_and_their_replies),
        cmocka_unit_test(test_replies_of_many_documents_together),
        cmocka_unit_test(test_attachments_labels_restrictions),
        cmocka_unit_test(test_restrictions_from_above),
        cmocka_unit_test(test_refused_aspects),
        cmocka_unit_test(test_missing_scope),
        cmocka_unit_test(test_stubs_need_no_request),
        cmocka_unit_test(test_t7_stubs_are_found),
        cmocka_unit_test(test_t12_a_refused_search_is_no_failure),
        cmocka_unit_test(test_sources_convert_again),
    };
    return cmocka_run_group_tests_name("cloud_aspects", tests, NULL, NULL);
}
