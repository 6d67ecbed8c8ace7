/*
 * test_dc.c - which kind of site it is, who we are, which spaces there are.
 */
#include "tests/connectors/dc_rig.h"

#include "connectors/confluence/dc_site.h"

static void test_roots(void **state)
{
    (void)state;
    static const struct {
        const char *base, *wiki, *url;
    } rows[] = {
        {"https://w.acme.com", "https://w.acme.com", "https://w.acme.com"},
        {"w.acme.com/", "https://w.acme.com", "https://w.acme.com"},
        {"https://w.acme.com/confluence/", "https://w.acme.com/confluence",
         "https://w.acme.com/confluence"},
        {"https://w.acme.com/wiki", "https://w.acme.com/wiki",
         "https://w.acme.com"},
        {"https://w.acme.com/wiki/spaces/ENG/overview",
         "https://w.acme.com/wiki", "https://w.acme.com"},
        {"https://w.acme.com/display/ENG/The+wiki", "https://w.acme.com",
         "https://w.acme.com"},
        {"https://w.acme.com/a/b/pages/viewpage.action?pageId=7",
         "https://w.acme.com/a/b", "https://w.acme.com/a/b"},
        {"https://w.acme.com/confluence/dashboard.action#all",
         "https://w.acme.com/confluence", "https://w.acme.com/confluence"},
        {"http://127.0.0.1:8090/confluence/x/AbC?y=/z",
         "http://127.0.0.1:8090/confluence",
         "http://127.0.0.1:8090/confluence"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_site site;
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(cs_dc_site_init(&site, rows[i].base, &err), &err);
        assert_string_equal(site.wiki, rows[i].wiki);
        assert_string_equal(site.api, rows[i].wiki);
        assert_string_equal(site.url, rows[i].url);
        assert_string_equal(site.api_path,
                            strstr(rows[i].wiki, "://") + 3 +
                                strcspn(strstr(rows[i].wiki, "://") + 3, "/"));
    }
    struct cs_site site;
    assert_int_equal(cs_dc_site_init(&site, "ftp://x", NULL), CS_ERR_CONFIG);
}

static void test_found_without_being_told(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        DC_SPACE,
        DC_PAGES(DC_PAGE("1", "Home", "", "1")),
        DC_NO_OTHERS,
        DC_NO_HINTS,
        {.uri = DC "/content/1?*", .body = DC_BODY("1", "1", "<p>1</p>")},
        {.uri = DC "/content/1/child/*", .body = DC_LIST("")},
    };
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    rig.config.comments = true;
    assert_ok(run(&rig), &rig.err);
    assert_string_equal(item(&rig, "1")->markdown, "1\n");
    assert_string_equal(memory_sink_person(&rig.memory, "k1"), "Ada");
    assert_string_equal(rig.memory.base_url, base);
    assert_int_equal(canned_count(&rig.canned, "GET " DC "/user/current\n"), 1);
    assert_int_equal(canned_count(&rig.canned, "/wiki/"), 0);
    assert_int_equal(canned_count(&rig.canned, "tenant_info"), 0);
    close_rig(&rig);
}

static void test_a_refusal_is_final(void **state)
{
    (void)state;
    static const struct canned_answer refuse[] = {{.uri = "*", .status = 401}};
    static const enum cs_deployment told[] = {CS_DEPLOYMENT_AUTO,
                                              CS_DEPLOYMENT_DATACENTER};
    for (size_t i = 0; i < CS_ARRAY_LEN(told); i++) {
        struct rig rig;
        char base[128];
        open_dc(&rig, base, refuse, 1);
        rig.config.deployment = told[i];
        assert_int_equal(run(&rig), CS_ERR_AUTH);
        assert_string_equal(rig.canned.log, "GET " DC "/user/current\n");
        assert_non_null(strstr(rig.err.hint, "personal access token"));
        close_rig(&rig);
    }
}

static void test_cloud_below_wiki(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        ME, {.uri = "/wiki/api/v2/*", .status = 401}};
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    (void)snprintf(base, sizeof(base), "%s/wiki/spaces/ENG", rig.canned.url);
    assert_int_equal(run(&rig), CS_ERR_AUTH);
    assert_int_equal(canned_count(&rig.canned, V2 "/spaces?"), 1);
    assert_int_equal(canned_count(&rig.canned, "/rest/api/space"), 0);
    assert_string_equal(rig.memory.base_url, rig.canned.url);
    close_rig(&rig);
}

static void test_who_we_are(void **state)
{
    (void)state;
    static const struct {
        struct canned_answer me;
        enum cs_status status;
        const char *message;
    } rows[] = {
        {{.uri = "*", .status = 404}, CS_ERR_CONFIG, "there is no Confluence"},
        {{.uri = "*", .body = "<html>", .content_type = "text/html"},
         CS_ERR_AUTH,
         "login page"},
        {{.uri = "*", .body = "{\"type\":\"anonymous\"}"},
         CS_ERR_AUTH,
         "anonymous"},
        {{.uri = "*", .status = 403}, CS_ERR_FORBIDDEN, "403"},
        {{.uri = "*", .body = "x"}, CS_ERR_PROTOCOL, "user/current"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct rig rig;
        char base[128];
        open_dc(&rig, base, &rows[i].me, 1);
        assert_int_equal(run(&rig), rows[i].status);
        assert_non_null(strstr(rig.err.message, rows[i].message));
        assert_null(strstr(rig.err.message, "s3cret"));
        close_rig(&rig);
    }
}

static void test_no_data_center_there(void **state)
{
    (void)state;
    struct rig rig;
    char base[128];
    open_dc(&rig, base, NULL, 0);
    rig.config.deployment = CS_DEPLOYMENT_DATACENTER;
    assert_int_equal(run(&rig), CS_ERR_CONFIG);
    assert_non_null(strstr(rig.err.message, "is no Confluence Data Center"));
    assert_non_null(strstr(rig.err.hint, "/confluence"));
    close_rig(&rig);
}

#define SPACE_ROW(id, key, type)                                               \
    "{\"id\":" id ",\"key\":\"" key "\",\"type\":\"" type "\"}"
#define ALL DC "/space?type=global&status=current&expand=homepage&"

/* A start beyond the end shows a space again, with a next address: the end. */
static void test_all_spaces(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        {.uri = ALL "start=0&limit=200",
         .body = DC_MORE(
             SPACE_ROW("1", "A", "global") "," SPACE_ROW("2", "~u", "personal"),
             "/rest/api/space?limit=200&start=200")},
        {.uri = ALL "start=2&limit=200",
         .body = DC_MORE(SPACE_ROW("3", "B", "global") "," SPACE_ROW(
                             "4", "OLD", "global\",\"status\":\"archived"),
                         "/rest/api/space?limit=200&start=202")},
        {.uri = ALL "*",
         .body = DC_MORE(SPACE_ROW("3", "B", "global"),
                         "/rest/api/space?limit=200&start=900")},
        {.uri = DC "/content/s*", .body = DC_LIST("")},
        {.uri = DC "/space/*", .status = 403},
    };
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    rig.config.n_spaces = 0;
    assert_ok(run(&rig), &rig.err);
    assert_int_equal(rig.memory.n_containers, 2);
    assert_int_equal(rig.memory.listings, 2);
    assert_int_equal(canned_count(&rig.canned, "GET " ALL), 3);
    close_rig(&rig);
}

static void test_named_spaces(void **state)
{
    (void)state;
    static const struct canned_answer answers[] = {
        DC_ME,
        {.uri = DC "/space?expand=homepage&spaceKey=eng&spaceKey=~u"
                   "&spaceKey=GONE*",
         .body = DC_LIST(SPACE_ROW("1", "ENG", "global") "," SPACE_ROW(
             "2", "~u", "personal"))},
        {.uri = DC "/content/s*", .body = DC_LIST("")},
        {.uri = DC "/space/*", .status = 404},
    };
    static const char *const keys[] = {"eng", "~u", "GONE"};
    struct rig rig;
    char base[128];
    open_dc(&rig, base, answers, CS_ARRAY_LEN(answers));
    rig.config.spaces = keys;
    rig.config.n_spaces = 3;
    assert_int_equal(run(&rig), CS_ERR_PARTIAL);
    assert_int_equal(rig.memory.n_containers, 2);
    assert_int_equal(rig.troubles, 1);
    assert_non_null(strstr(rig.trouble, "space GONE"));
    close_rig(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_found_without_being_told),
        cmocka_unit_test(test_a_refusal_is_final),
        cmocka_unit_test(test_cloud_below_wiki),
        cmocka_unit_test(test_who_we_are),
        cmocka_unit_test(test_no_data_center_there),
        cmocka_unit_test(test_all_spaces),
        cmocka_unit_test(test_named_spaces),
    };
    return cmocka_run_group_tests_name("dc", tests, NULL, NULL);
}
