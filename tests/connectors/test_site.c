/*
 * test_site.c - what people paste as the address of their site.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/site.h"

static void test_site_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *base, *cloud_id, *url, *api, *api_path;
    } rows[] = {
        {"https://acme.atlassian.net", NULL, "https://acme.atlassian.net",
         "https://acme.atlassian.net", ""},
        {"https://Acme.atlassian.net/wiki/", "", "https://acme.atlassian.net",
         "https://acme.atlassian.net", ""},
        {"acme.atlassian.net", NULL, "https://acme.atlassian.net",
         "https://acme.atlassian.net", ""},
        {"https://acme.atlassian.net/wiki/spaces/ENG/pages/1/T?x=/wiki#y", NULL,
         "https://acme.atlassian.net", "https://acme.atlassian.net", ""},
        {"https://acme.atlassian.net/jira/software", NULL,
         "https://acme.atlassian.net", "https://acme.atlassian.net", ""},
        {"https://acme.atlassian.net", "1-2", "https://acme.atlassian.net",
         "https://api.atlassian.com/ex/confluence/1-2", "/ex/confluence/1-2"},
        {"http://127.0.0.1:8090/wiki", "1-2", "http://127.0.0.1:8090",
         "http://127.0.0.1:8090/ex/confluence/1-2", "/ex/confluence/1-2"},
        {"https://proxy.acme.test/cf/wiki/x", NULL,
         "https://proxy.acme.test/cf", "https://proxy.acme.test/cf", "/cf"},
        {"https://wiki.acme.test/wikis/", NULL, "https://wiki.acme.test/wikis",
         "https://wiki.acme.test/wikis", "/wikis"},
        {"https://acme.test:443/wiki\n", NULL, "https://acme.test",
         "https://acme.test", ""},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_site site;
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(cs_site_init(&site, rows[i].base, rows[i].cloud_id, &err),
                  &err);
        assert_string_equal(site.url, rows[i].url);
        assert_string_equal(site.api, rows[i].api);
        assert_string_equal(site.api_path, rows[i].api_path);
    }
    static const char *const bad[] = {"", "ftp://acme.test", "https://",
                                      "https://u:p@acme.test", "http://a b"};
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++) {
        struct cs_site site;
        assert_int_equal(cs_site_init(&site, bad[i], NULL, NULL),
                         CS_ERR_CONFIG);
    }
}

/* The environment can lead nothing to another machine. */
static void test_gateway_for_tests(void **state)
{
    (void)state;
    static const struct {
        const char *named, *api;
    } rows[] = {
        {"http://127.0.0.1:99", "http://127.0.0.1:99/ex/confluence/1"},
        {"https://evil.example", "https://api.atlassian.com/ex/confluence/1"},
        {"", "https://api.atlassian.com/ex/confluence/1"},
    };
    struct cs_site site;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_site_init(&site, "https://a.atlassian.net", NULL, &err), &err);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        (void)setenv("CONTEXT_SYNC_TEST_GATEWAY", rows[i].named, 1);
        assert_ok(cs_site_enter(&site, "1", &err), &err);
        assert_string_equal(site.api, rows[i].api);
        assert_true(site.at_gateway);
    }
    (void)unsetenv("CONTEXT_SYNC_TEST_GATEWAY");
    assert_ok(cs_site_enter(&site, NULL, &err), &err);
    assert_string_equal(site.api, "https://a.atlassian.net");
    assert_string_equal(site.api_path, "");
    assert_false(site.at_gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site_addresses),
        cmocka_unit_test(test_gateway_for_tests),
    };
    return cmocka_run_group_tests_name("site", tests, NULL, NULL);
}
