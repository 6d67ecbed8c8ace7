/*
 * test_guide.c - what people paste, and what they are then asked for.
 */
#include "tests/lib/test.h"

#include "connectors/registry.h"

static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *pasted;
        enum cs_deployment deployment;
        const char *url, *root;
        bool cloud;
    } rows[] = {
        {"https://acme.atlassian.net", CS_DEPLOYMENT_AUTO,
         "https://acme.atlassian.net/wiki", "https://acme.atlassian.net", true},
        {"https://acme.atlassian.net/wiki/spaces/ENG/pages/1/T?x=1#y",
         CS_DEPLOYMENT_AUTO, "https://acme.atlassian.net/wiki",
         "https://acme.atlassian.net", true},
        {"acme.atlassian.net/wiki/", CS_DEPLOYMENT_AUTO,
         "https://acme.atlassian.net/wiki", "https://acme.atlassian.net", true},
        {"acme", CS_DEPLOYMENT_AUTO, "https://acme.atlassian.net/wiki",
         "https://acme.atlassian.net", true},
        {"https://acme.atlassian.net/jira/your-work", CS_DEPLOYMENT_AUTO,
         "https://acme.atlassian.net/wiki", "https://acme.atlassian.net", true},
        {"http://127.0.0.1:80/wiki/x", CS_DEPLOYMENT_CLOUD,
         "http://127.0.0.1/wiki", "http://127.0.0.1", true},
        {"https://wiki.acme.com/display/ENG/Some+page", CS_DEPLOYMENT_AUTO,
         "https://wiki.acme.com", "https://wiki.acme.com", false},
        {"https://wiki.acme.com/confluence/pages/viewpage.action?pageId=1",
         CS_DEPLOYMENT_AUTO, "https://wiki.acme.com/confluence",
         "https://wiki.acme.com/confluence", false},
        {"wiki.acme.com:8443/confluence/", CS_DEPLOYMENT_AUTO,
         "https://wiki.acme.com:8443/confluence",
         "https://wiki.acme.com:8443/confluence", false},
        {"https://wiki.acme.com/wiki/spaces/ENG", CS_DEPLOYMENT_AUTO,
         "https://wiki.acme.com/wiki", "https://wiki.acme.com/wiki", false},
    };
    const struct cs_connector *connector = cs_connector_find("confluence");
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_site_guide guide;
        struct cs_error err = CS_ERROR_INIT;
        assert_ok(
            connector->guide(rows[i].pasted, rows[i].deployment, &guide, &err),
            &err);
        assert_string_equal(guide.url, rows[i].url);
        assert_string_equal(guide.root, rows[i].root);
        assert_int_equal(guide.account_needed, rows[i].cloud);
        assert_int_equal(guide.proof != NULL, rows[i].cloud);
        assert_non_null(strstr(guide.token_url, "okens"));
    }
}

static void test_no_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "ftp://acme.com",
                                      "https://", "https://u:p@acme.com",
                                      "a b",      "https://acme.com:99999/"};
    const struct cs_connector *connector = cs_connector_find("confluence");
    char *long_one = calloc(1, 5000);
    assert_non_null(long_one);
    memset(long_one, 'a', 4999);
    struct cs_site_guide guide;
    struct cs_error err = CS_ERROR_INIT;
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++) {
        assert_int_equal(
            connector->guide(bad[i], CS_DEPLOYMENT_AUTO, &guide, &err),
            CS_ERR_CONFIG);
        assert_true(err.message[0] != '\0');
    }
    assert_int_equal(
        connector->guide(long_one, CS_DEPLOYMENT_AUTO, &guide, &err),
        CS_ERR_CONFIG);
    free(long_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_no_addresses),
    };
    return cmocka_run_group_tests_name("guide", tests, NULL, NULL);
}
