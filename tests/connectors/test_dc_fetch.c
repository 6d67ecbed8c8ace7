/*
 * test_dc_fetch.c - texts, what hangs on them, and what is gone.
 */
#include "tests/connectors/dc_rig.h"

#define ONE(id)   DC "/content/" id "?status=any&*"
#define SHELF(id) DC "/content/" id "?status=archived&*"
#define BOTH_PAGES                                                             \
    DC_PAGES(DC_PAGE("1", "A", "", "1") "," DC_PAGE("2", "B", "", "1"))
#define ALL_PAGES                                                              \
    DC_PAGES(                                                                  \
        DC_PAGE("1", "A", "", "1") "," DC_PAGE("2", "B", "", "1") "," DC_PAGE( \
            "3", "C", "", "1") "," DC_PAGE("4", "D", "", "1"))
#define START DC_ME, DC_SPACE, DC_NO_OTHERS, DC_NO_HINTS, DC_NO_ASPECTS

struct dc_rig {
    struct rig rig;
    char base[128];
};

static struct rig *open_fetch(struct dc_rig *dc,
                              const struct canned_answer *answers, size_t n)
{
    open_dc(&dc->rig, dc->base, answers, n);
    dc->rig.config.attachments = CS_ATTACHMENTS_NONE;
    return &dc->rig;
}

static void test_many_at_once(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        START,
        BOTH_PAGES,
        {.uri = DC "/content/search?cql=id%20in%20(1,2)&expand=body.storage,"
                   "version,history,metadata.labels&start=0&limit=2",
         .body = DC_LIST(
             DC_BODY("2", "1", "<p>2</p>") "," DC_BODY("1", "1", "<p>1</p>"))}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(rig), &rig->err);
    assert_string_equal(item(rig, "1")->markdown, "1\n");
    assert_string_equal(item(rig, "2")->markdown, "2\n");
    assert_int_equal(canned_count(&rig->canned, "/content/1?"), 0);
    close_rig(rig);
}

/* T13: halved until the page that spoils the answer stands alone. */
static void test_t13_poisoned_page(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        START,
        ALL_PAGES,
        {.uri = DC_MANY("1,2,3,4"), .status = 500},
        {.uri = DC_MANY("1,2"),
         .body = DC_LIST(
             DC_BODY("1", "1", "<p>1</p>") "," DC_BODY("2", "1", "<p>2</p>"))},
        {.uri = DC_MANY("3,4"), .status = 500},
        {.uri = ONE("3"), .status = 500},
        {.uri = ONE("4"), .body = DC_BODY("4", "1", "<p>4</p>")}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(rig), CS_ERR_PARTIAL);
    assert_int_equal(rig->summary.stored, 3);
    assert_non_null(strstr(item(rig, "3")->why, "HTTP 500"));
    assert_int_equal(canned_count(&rig->canned, "/content/1?"), 0);
    assert_int_equal(canned_count(&rig->canned, "/content/2?"), 0);
    close_rig(rig);
}

/* T14: a 404 for many says nothing of any of them. */
static void test_t14_many_not_found(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        START,
        BOTH_PAGES,
        {.uri = DC_MANY("1,2"), .status = 404},
        {.uri = ONE("1"), .body = DC_BODY("1", "1", "<p>1</p>")},
        {.uri = ONE("2"), .body = DC_BODY("2", "1", "<p>2</p>")}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(rig), &rig->err);
    assert_int_equal(rig->summary.stored, 2);
    close_rig(rig);
}

/* T12: what the search leaves out is asked for by itself; what that does not
 * find may be archived, in the trash, or gone. An old text is asked for once
 * more. */
static void test_t12_left_out(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        START,
        DC_PAGES(DC_PAGE("1", "A", "", "5") "," DC_PAGE(
            "2", "B", "", "1") "," DC_PAGE("3", "C", "",
                                           "1") "," DC_PAGE("4", "D", "", "1")),
        {.uri = DC_MANY("1,2,3,4"),
         .body = DC_LIST(DC_BODY("1", "4", "<p>old</p>"))},
        {.uri = ONE("1"), .body = DC_BODY("1", "5", "<p>new</p>")},
        {.uri = SHELF("2"), .body = DC_BODY("2", "1", "<p>shelf</p>")},
        {.uri = ONE("3"),
         .body = DC_HEAD("3", "page", "trashed", "C", "1") "}"}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(run(rig), CS_ERR_PARTIAL);
    assert_string_equal(item(rig, "1")->markdown, "new\n");
    assert_string_equal(item(rig, "2")->markdown, "shelf\n");
    assert_string_equal(item(rig, "3")->why, "it is in the trash");
    assert_string_equal(item(rig, "4")->why, "it is gone or may not be read");
    close_rig(rig);
}

/* The server gives fewer at a time than were asked for: the rest follows. */
static void test_t5_cut_batch(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        START,
        ALL_PAGES,
        {.uri = DC_MANY("1,2,3,4"),
         .body = DC_MORE(
             DC_BODY("1", "1", "<p>1</p>") "," DC_BODY("3", "1", "<p>3</p>"),
             "/rest/api/content/search?start=4")},
        {.uri = DC_MANY("2,4"),
         .body = DC_LIST(
             DC_BODY("2", "1", "<p>2</p>") "," DC_BODY("4", "1", "<p>4</p>"))}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(rig), &rig->err);
    assert_int_equal(rig->summary.stored, 4);
    assert_int_equal(canned_count(&rig->canned, "status=any"), 0);
    close_rig(rig);
}

static void test_people(void **state)
{
    (void)state;
#define KEY "ff80808154a1b2c30154a1b2c3d40001"
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_NO_OTHERS,
        DC_NO_HINTS,
        DC_PAGES(DC_PAGE("1", "A", "", "1")),
        {.uri = ONE("1"),
         .body = DC_BODY("1", "1",
                         "<p><ac:link><ri:user ri:userkey=\\\"" KEY
                         "\\\"/></ac:link><ac:link><ri:user ri:username="
                         "\\\"jo.d\\\"/></ac:link><ac:link><ri:user "
                         "ri:userkey=\\\"k2\\\"/></ac:link></p>")},
        {.uri = DC "/user?key=" KEY, .body = DC_WHO("x", "Mara")},
        {.uri = DC "/user?username=jo.d", .status = 404}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    assert_ok(run(rig), &rig->err);
    assert_string_equal(memory_sink_person(&rig->memory, KEY), "Mara");
    assert_string_equal(memory_sink_person(&rig->memory, "jo.d"), "jo.d");
    assert_string_equal(memory_sink_person(&rig->memory, "k1"), "Ada");
    assert_string_equal(memory_sink_person(&rig->memory, "k2"), "Bob");
    assert_int_equal(canned_count(&rig->canned, "/user?"), 2);
    close_rig(rig);
}

#define NOTE(id, extra)                                                        \
    "{\"id\":\"" id "\",\"type\":\"comment\",\"status\":\"current\","          \
    "\"version\":{\"number\":1},\"history\":{\"createdDate\":\"2026-05-0" id   \
    "T07:08:09Z\",\"createdBy\":" DC_WHO(                                      \
        "k3", "Cy") "},\"body\":{"                                             \
                    "\"storage\":{\"value\":\"<p>n" id "</p>\"}}" extra "}"

static void test_comments(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_NO_OTHERS,
        DC_PAGES(DC_PAGE("1", "A", "", "1")),
        {.uri = DC "/content/search?cql=type%20%3D%20comment*",
         .body = DC_LIST("{\"id\":\"8\",\"container\":{\"id\":\"1\","
                         "\"type\":\"page\"}}")},
        DC_NO_HINTS,
        {.uri = ONE("1"), .body = DC_BODY("1", "1", "<p>1</p>")},
        {.uri = DC "/content/1/child/comment?depth=all&location=footer&"
                   "location=inline&location=resolved&*",
         .body = DC_LIST(NOTE(
             "2",
             ",\"ancestors\":[{\"id\":\"1\",\"type\":\"comment\"}"
             "]") "," NOTE("1",
                           ",\"extensions\":{\"location\":"
                           "\"footer\"}") "," NOTE("3",
                                                   ",\"extensions\":{"
                                                   "\"location\":\"inline\","
                                                   "\"inlineProperties\":{"
                                                   "\"originalSelection\":"
                                                   "\"sel\"},"
                                                   "\"resolution\":{\"status\":"
                                                   "\"resolved\"}}"))},
        {.uri = DC "/user?*", .status = 404}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    rig->config.comments = true;
    assert_ok(run(rig), &rig->err);
    const char *text = item(rig, "1")->comments;
    assert_int_equal(item(rig, "1")->n_comments, 3);
    assert_non_null(strstr(text, "## Comments"));
    const char *first = strstr(text, "n1"), *second = strstr(text, "n2");
    assert_true(first && second && first < second);
    assert_non_null(strstr(text, "n3"));
    assert_non_null(strstr(text, "sel"));
    assert_non_null(strstr(text, "esolved"));
    assert_string_equal(memory_sink_person(&rig->memory, "k3"), "Cy");
    close_rig(rig);
}

static void test_attachments(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_NO_OTHERS,
        DC_PAGES(DC_PAGE("1", "A", "", "1")),
        {.uri = DC "/content/search?cql=type%20%3D%20attachment*",
         .body = DC_LIST("{\"id\":\"att8\",\"container\":{\"id\":\"1\"}},"
                         "{\"id\":\"att9\",\"container\":{\"id\":77}}")},
        DC_NO_HINTS,
        {.uri = ONE("1"), .body = DC_BODY("1", "1", "<p>1</p>")},
        {.uri = DC "/content/1/child/attachment?expand=version&*",
         .body = DC_LIST(
             "{\"id\":\"att8\",\"type\":\"attachment\",\"status\":\"current\","
             "\"title\":\"n.png\",\"version\":{\"number\":3,\"when\":"
             "\"2026-05-06T07:08:09Z\"},\"metadata\":{\"mediaType\":"
             "\"image/png\"},\"extensions\":{\"fileSize\":12},\"_links\":{"
             "\"download\":\"/download/attachments/1/n.png?version=3\"}}")}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    rig->config.attachments = CS_ATTACHMENTS_ALL;
    (void)run(rig);
    assert_int_equal(rig->memory.n_files, 1);
    const struct memory_file *file = memory_sink_file(&rig->memory, "att8");
    assert_non_null(file);
    assert_string_equal(file->document_id, "1");
    assert_string_equal(file->name, "n.png");
    assert_int_equal(file->size, 12);
    assert_int_equal(file->version, 3);
    assert_string_equal(file->locator,
                        "/download/attachments/1/n.png?version=3");
    close_rig(rig);
}

/* T19: from the configured host alone, whatever the locator says. */
static void test_t19_downloads(void **state)
{
    (void)state;
#define FILE_ROW(id, link)                                                     \
    "{\"id\":\"" id "\",\"title\":\"" id ".txt\",\"version\":{\"number\":2},"  \
    "\"extensions\":{\"fileSize\":3},\"_links\":{" link "}}"
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_NO_OTHERS,
        DC_PAGES(DC_PAGE("1", "A", "", "1")),
        {.uri = DC "/content/search?cql=type%20%3D%20attachment*",
         .body = DC_LIST("{\"id\":\"a\",\"container\":{\"id\":\"1\"}}")},
        DC_NO_HINTS,
        {.uri = ONE("1"), .body = DC_BODY("1", "1", "<p>1</p>")},
        {.uri = DC "/content/1/child/attachment?*",
         .body =
             DC_LIST(FILE_ROW("a",
                              "\"download\":\"/download/a?version=2\"") "," //
                     FILE_ROW("b", "\"download\":"
                                   "\"http://127.0.0.2:1/confluence/download/b "
                                   "c\"") "," FILE_ROW("d", ""))},
        {.uri = "/confluence/download/a?version=2", .body = "aaa"},
        {.uri = "/confluence/download/b%20c", .body = "bbb"},
        {.uri = "/confluence/download/attachments/1/d.txt?version=2",
         .body = "ddd"},
        {.uri = DC "/user?*", .status = 404}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    rig->config.attachments = CS_ATTACHMENTS_ALL;
    assert_ok(run(rig), &rig->err);
    assert_int_equal(rig->memory.files_fetched, 3);
    assert_string_equal(memory_sink_file(&rig->memory, "b")->bytes, "bbb");
    close_rig(rig);
}

static void test_restrictions(void **state)
{
    (void)state;
#define WHO(user)                                                              \
    "{\"restrictions\":{\"user\":{\"results\":[" user                          \
    "]},\"group\":{\"results\":[]}}}"
    static const struct {
        struct canned_answer view, by;
        bool restricted;
    } rows[] = {
        {{.uri = DC "/content/1/restriction/relevantViewRestrictions",
          .body = "{\"results\":[" WHO("{\"username\":\"u\"}") "]}"},
         {.uri = "-"},
         true},
        {{.uri = DC "/content/1/restriction/relevantViewRestrictions",
          .body = "{\"results\":[]}"},
         {.uri = "-"},
         false},
        {{.uri = "-"},
         {.uri = DC "/content/1/restriction/byOperation",
          .body = "{\"read\":" WHO("") ",\"update\":" WHO("{}") "}"},
         false},
        {{.uri = "-"},
         {.uri = DC "/content/1/restriction/byOperation",
          .body = "{\"read\":" WHO("{}") "}"},
         true},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        const struct canned_answer answers[] = {
            rows[i].view,
            rows[i].by,
            START,
            DC_PAGES(DC_PAGE("1", "A", "", "1")),
            {.uri = ONE("1"), .body = DC_BODY("1", "1", "<p>1</p>")}};
        struct dc_rig dc;
        struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
        rig->config.restrictions = true;
        assert_ok(run(rig), &rig->err);
        assert_int_equal(item(rig, "1")->restricted, rows[i].restricted);
        close_rig(rig);
    }
}

/* ---- probes ---- */

static void test_t2_probes(void **state)
{
    (void)state;
    static const struct {
        struct canned_answer any, shelf;
        enum cs_presence presence;
    } rows[] = {
        {{.uri = ONE("2"), .status = 404},
         {.uri = SHELF("2"), .status = 404},
         CS_PRESENCE_GONE},
        {{.uri = ONE("2"), .status = 404},
         {.uri = SHELF("2"),
          .body = DC_HEAD("2", "page", "archived", "B", "1") DC_UNDER("") "}"},
         CS_PRESENCE_HERE},
        {{.uri = ONE("2"),
          .body = DC_HEAD("2", "page", "trashed", "B", "1") "}"},
         {.uri = "-"},
         CS_PRESENCE_TRASHED},
        {{.uri = ONE("2"), .status = 403}, {.uri = "-"}, CS_PRESENCE_FORBIDDEN},
        {{.uri = ONE("2"), .status = 500}, {.uri = "-"}, CS_PRESENCE_UNKNOWN},
        {{.uri = ONE("2"), .status = 400}, {.uri = "-"}, CS_PRESENCE_UNKNOWN},
        {{.uri = ONE("2"), .body = "{}"}, {.uri = "-"}, CS_PRESENCE_UNKNOWN},
        {{.uri = ONE("2"), .body = DC_HEAD("2", "page", "draft", "B", "1") "}"},
         {.uri = "-"},
         CS_PRESENCE_UNKNOWN},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        const struct canned_answer answers[] = {
            DC_ME,
            DC_SPACE,
            DC_NO_OTHERS,
            DC_NO_HINTS,
            {.uri = DC_SCAN("page&status=current"),
             .body = DC_LIST(
                 DC_PAGE("1", "A", "", "1") "," DC_PAGE("2", "B", "", "1")),
             .times = 1},
            DC_PAGES(DC_PAGE("1", "A", "", "1")),
            {.uri = DC_MANY("1,2"),
             .body = DC_LIST(DC_BODY("1", "1", "<p>1</p>") "," DC_BODY(
                 "2", "1", "<p>2</p>"))},
            rows[i].any,
            rows[i].shelf};
        struct dc_rig dc;
        struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
        assert_ok(run(rig), &rig->err);
        (void)run(rig);
        assert_int_equal(rig->memory.verdicts, 1);
        if (rows[i].presence == CS_PRESENCE_TRASHED)
            assert_null(memory_sink_find(&rig->memory, "2"));
        else
            assert_int_equal(item(rig, "2")->presence, rows[i].presence);
        close_rig(rig);
    }
}

/* The trash is shown to some: what lies in it is asked for. */
static void test_trash(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        {.uri = DC "/space/ENG/trash?expand=version&limit=200",
         .body = DC_LIST("{\"id\":\"2\"},{\"id\":\"99\"}")},
        START,
        BOTH_PAGES,
        {.uri = DC_MANY("1,2"),
         .body = DC_LIST(
             DC_BODY("1", "1", "<p>1</p>") "," DC_BODY("2", "1", "<p>2</p>"))},
        {.uri = ONE("2"),
         .body = DC_HEAD("2", "page", "trashed", "B", "1") "}"}};
    struct dc_rig dc;
    struct rig *rig = open_fetch(&dc, answers, CS_ARRAY_LEN(answers));
    (void)run(rig);
    assert_null(memory_sink_find(&rig->memory, "2"));
    assert_int_equal(rig->memory.verdicts, 1);
    close_rig(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_t13_poisoned_page),
        cmocka_unit_test(test_t14_many_not_found),
        cmocka_unit_test(test_t12_left_out),
        cmocka_unit_test(test_t5_cut_batch),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_attachments),
        cmocka_unit_test(test_t19_downloads),
        cmocka_unit_test(test_restrictions),
        cmocka_unit_test(test_t2_probes),
        cmocka_unit_test(test_trash),
    };
    return cmocka_run_group_tests_name("dc_fetch", tests, NULL, NULL);
}
