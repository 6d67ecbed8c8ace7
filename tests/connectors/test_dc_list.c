/*
 * test_dc_list.c - everything in a space, and what changed in it.
 */
#include "tests/connectors/dc_rig.h"

#define EXPAND                                                                 \
    "&expand=version,history,space,ancestors,metadata.labels&limit=200"
#define SCAN_PAGES                                                             \
    DC "/content/scan?type=page&status=current&spaceKey=ENG" EXPAND
#define BY_START                                                               \
    DC "/content?type=page&status=current&spaceKey=ENG"                        \
       "&expand=version,history,space,ancestors,metadata.labels&"
#define NO_SCAN                                                                \
    {                                                                          \
        .uri = DC "/content/scan*", .status = 404                              \
    }

#define ELSEWHERE                                                              \
    "{\"id\":\"7\",\"type\":\"page\",\"status\":\"current\",\"title\":\"x\","  \
    "\"space\":{\"id\":8,\"key\":\"OPS\"},\"version\":{\"number\":1}}"

static void test_records(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        {.uri = SCAN_PAGES "&cursor=c%3A2",
         .body = DC_LIST(
             DC_HEAD("3", "page", "current", "C", "3")
                 DC_UNDER(DC_ID("1") "," DC_ID("2"))
                     DC_LABELS("{\"prefix\":\"my\",\"name\":\"own\"},"
                               "{\"prefix\":\"global\",\"name\":\"b\"}") "}")},
        {.uri = SCAN_PAGES,
         .body = DC_MORE(
             DC_PAGE("1", "Home", "", "1") "," DC_HEAD(
                 "2", "page", "current", "B", "2") DC_UNDER(DC_ID("1"))
                 DC_LABELS("") ",\"extensions\":{\"position\":4}}," ELSEWHERE,
             "/rest/api/content/scan?limit=200&cursor=c%3A2")},
        {.uri = DC_SCAN("page&status=archived"),
         .body = DC_LIST(DC_HEAD("4", "page", "archived", "Old", "1") DC_UNDER(
             DC_ID("1") ",{\"id\":\"9\","
                        "\"status\":\"draft\"}") DC_LABELS("") "}")},
        {.uri = DC_SCAN("blogpost"),
         .body = DC_LIST(DC_HEAD("5", "blogpost", "current", "News", "1")
                             DC_LABELS("") "}")},
        DC_NO_HINTS,
    };
    struct rig rig;
    char base[128], url[160];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    (void)run(&rig);
    assert_int_equal(rig.memory.n_items, 5);
    (void)snprintf(url, sizeof(url), "%s/display/ENG/3", base);
    const struct memory_item *page = item(&rig, "3");
    assert_string_equal(page->title, "C");
    assert_string_equal(page->parent_id, "2");
    assert_string_equal(page->labels, "b,my:own");
    assert_string_equal(page->url, url);
    assert_string_equal(page->author_id, "k1");
    assert_int_equal(page->version, 3);
    assert_int_equal(page->position, -1);
    assert_int_equal(page->created, 1735787045000);
    assert_int_equal(page->updated, 1778051289101);
    assert_int_equal(item(&rig, "2")->position, 4);
    assert_null(item(&rig, "1")->parent_id);
    assert_int_equal(item(&rig, "4")->status, CS_ITEM_ARCHIVED);
    assert_string_equal(item(&rig, "4")->parent_id, "1");
    assert_int_equal(item(&rig, "5")->kind, CS_ITEM_BLOG_POST);
    close_rig(&rig);
}

/* Labels in a row are a list that may be cut. */
static void test_cut_labels(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_PAGES(DC_HEAD("1", "page", "current", "A", "1") DC_UNDER(
            "") ",\"metadata\":{\"labels\":{\"results\":[{\"name\":\"a\"}],"
                "\"_links\":{\"next\":\"/rest/api/content/1/label?start=1\"}}}"
                "}"),
        DC_NO_OTHERS,
        {.uri = DC "/content/1/label?start=0&limit=200",
         .body = DC_LIST("{\"id\":1,\"name\":\"b\"},{\"id\":2,\"name\":"
                         "\"a\"}")},
        DC_NO_HINTS,
    };
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    (void)run(&rig);
    assert_string_equal(item(&rig, "1")->labels, "a,b");
    close_rig(&rig);
}

/* T5, T15: an old server has no scan, and cuts its pages to two rows. */
static void test_old_server(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        NO_SCAN,
        {.uri = BY_START "start=0&limit=200",
         .body =
             DC_MORE(DC_PAGE("1", "A", "", "1") "," DC_PAGE("2", "B", "", "1"),
                     "/rest/api/content?limit=200&start=200")},
        {.uri = BY_START "start=2&limit=200",
         .body = DC_LIST(DC_PAGE("3", "C", "", "1"))},
        {.uri = DC "/content?type=page&status=archived*", .status = 400},
        {.uri = DC "/content?type=blogpost*", .body = DC_LIST("")},
        DC_NO_HINTS,
    };
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    (void)run(&rig);
    assert_int_equal(rig.memory.n_items, 3);
    assert_int_equal(rig.memory.listings, 1);
    close_rig(&rig);
}

/* T14: below a draft, only without its ancestors; then it is asked for them. */
static void test_t14_draft_ancestor(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        NO_SCAN,
        {.uri = DC "/content?type=page&status=current&spaceKey=ENG&expand="
                   "version,history,space&start=0&limit=1",
         .body = DC_LIST(DC_HEAD("2", "page", "current", "B", "1") "}")},
        {.uri = BY_START "*", .status = 404},
        {.uri = DC "/content/2?status=any&expand=version,ancestors",
         .body = DC_PAGE("2", "B", DC_ID("1"), "1")},
        {.uri = DC "/content?type=page&status=archived*", .body = DC_LIST("")},
        {.uri = DC "/content?type=blogpost*", .body = DC_LIST("")},
        DC_NO_HINTS,
    };
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    (void)run(&rig);
    assert_string_equal(item(&rig, "2")->parent_id, "1");
    close_rig(&rig);
}

/* T1, T4: a listing that fails anywhere counts for nothing. */
static void test_t4_broken_listing(void **state)
{
    (void)state;
    static const struct canned_answer broken[] = {
        {.uri = SCAN_PAGES "&cursor=c", .body = "{\"results\":[{}]}"},
        {.uri = SCAN_PAGES "&cursor=c",
         .body = DC_MORE("", "/rest/api/content/scan?cursor=c")},
        {.uri = SCAN_PAGES "&cursor=c", .status = 403},
        {.uri = SCAN_PAGES "&cursor=c", .body = "{}"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(broken); i++) {
        const struct canned_answer answers[] = {
            DC_ME,
            DC_SPACE,
            broken[i],
            {.uri = SCAN_PAGES,
             .body = DC_MORE(DC_PAGE("1", "A", "", "1"),
                             "/rest/api/content/scan?cursor=c")},
            DC_NO_OTHERS,
            DC_NO_HINTS,
        };
        struct rig rig;
        char base[128];
        open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
        assert_int_not_equal(run(&rig), CS_OK);
        assert_int_equal(rig.memory.listings, 0);
        assert_int_equal(rig.memory.verdicts, 0);
        close_rig(&rig);
    }
}

/* ---- changes ---- */

#define CHANGED(hours, expand)                                                 \
    DC "/content/search?cql=space%20%3D%20%22ENG%22%20and%20type%20in%20%28"   \
       "page%2C%20blogpost%29%20and%20lastmodified%20%3E%3D%20now%28%"         \
       "22-" hours "h%22%29%20order%20by%20lastmodified%20desc&expand="        \
       "version,history,space" expand "&start=0&limit=200"

#define FIRST_RUN                                                              \
    DC_ME, DC_SPACE,                                                           \
        {.uri = DC_SCAN("page&status=current"),                                \
         .body = DC_LIST(DC_PAGE("1", "A", "", "1")),                          \
         .times = 1},                                                          \
        DC_NO_OTHERS, DC_NO_HINTS

/* A run that lists, then one that asks what changed. The clock of the machine
 * stands elsewhere than the server's, which counts. */
static void run_changes(struct rig *rig, const struct canned_answer *answers,
                        size_t n)
{
    char base[128];
    int64_t now = cs_clock_now(cs_clock_system());
    open_dc(rig, base, answers, n);
    (void)run(rig);
    rig->canned.log_len = 0;
    rig->config.reconcile_interval_ms = INT64_C(24) * 3600 * 1000;
    rig->memory.state = (struct cs_container_state){
        .listed = rig->canned.clock.wall_ms - 3600000,
        .count = 100000,
        .newest = now - 5400000};
    (void)run(rig);
}

/* T11: whole hours that have passed by the server's clock, and a day more. */
static void test_t11_changes(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        FIRST_RUN,
        {.uri = CHANGED("28", ",ancestors"),
         .body = DC_LIST(DC_PAGE("1", "A", "", "2") "," DC_HEAD(
             "2", "page", "trashed", "B", "1") "}")},
    };
    struct rig rig;
    run_changes(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(canned_count(&rig.canned, "/content/scan"), 0);
    assert_int_equal(rig.memory.n_items, 1);
    assert_int_equal(item(&rig, "1")->version, 2);
    close_rig(&rig);
}

/* T12: a search that is refused is no answer: the content is asked. */
static void test_t12_no_search(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        FIRST_RUN,
        {.uri = DC "/content/search?cql=space*", .status = 400},
        DC_PAGES(DC_PAGE("1", "A", "", "2")),
    };
    struct rig rig;
    run_changes(&rig, answers, CS_ARRAY_LEN(answers));
    assert_int_equal(item(&rig, "1")->version, 2);
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_cut_labels),
        cmocka_unit_test(test_old_server),
        cmocka_unit_test(test_t14_draft_ancestor),
        cmocka_unit_test(test_t4_broken_listing),
        cmocka_unit_test(test_t11_changes),
        cmocka_unit_test(test_t12_no_search),
    };
    return cmocka_run_group_tests_name("dc_list", tests, NULL, NULL);
}
