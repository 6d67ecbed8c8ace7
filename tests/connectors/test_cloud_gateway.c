/*
 * test_cloud_gateway.c - which root the credential is good at, and where it is
 * never sent.
 */
#include "tests/lib/test.h"

#include "connectors/registry.h"
#include "tests/lib/fake_clock.h"
#include "tests/lib/http_server.h"

/* A site and a gateway, which write down what they are sent. */
struct rig {
    struct http_server *site, *gateway;
    struct fake_clock clock;
    char site_url[64], gateway_url[64];
    char log[2048];
    bool site_takes, gateway_takes; /* the credential */
    unsigned takes;                 /* so often, 0: always */
    bool no_user_scope;             /* at the gateway */
    unsigned site_refuses;          /* status, 0: 401 */
    const char *tenant;             /* body of tenant_info */
    struct cs_source_config config;
    struct cs_error err;
};

static void note(struct rig *rig, const char *who,
                 const struct http_server_request *request)
{
    size_t len = strlen(rig->log);
    (void)snprintf(
        rig->log + len, sizeof(rig->log) - len, "%s %s%s\n", who, request->uri,
        !request->authorization                              ? ""
        : strncmp(request->authorization, "Bearer ", 7) == 0 ? " bearer"
                                                             : " basic");
}

static void answer_user(bool takes, unsigned refusal,
                        struct http_server_reply *reply)
{
    reply->status = takes ? 200 : refusal ? refusal : 401;
    reply->body = takes ? "{\"accountId\":\"u1\",\"displayName\":\"Ada\"}"
                        : "{\"code\":401}";
}

static void serve_site(void *payload, const struct http_server_request *request,
                       struct http_server_reply *reply)
{
    struct rig *rig = payload;
    note(rig, "site", request);
    if (strcmp(request->uri, "/_edge/tenant_info") == 0) {
        reply->body = rig->tenant;
        reply->status = rig->tenant ? 200 : 404;
        return;
    }
    answer_user(rig->site_takes, rig->site_refuses, reply);
    if (rig->takes && --rig->takes == 0)
        rig->site_takes = false;
}

static void serve_gateway(void *payload,
                          const struct http_server_request *request,
                          struct http_server_reply *reply)
{
    struct rig *rig = payload;
    bool user = strstr(request->uri, "/user/current") != NULL;
    note(rig, "gateway", request);
    answer_user(rig->gateway_takes && !(user && rig->no_user_scope), 0, reply);
}

static void open_rig(struct rig *rig)
{
    fake_clock_init(&rig->clock);
    rig->site = http_server_start(serve_site, rig);
    rig->gateway = http_server_start(serve_gateway, rig);
    (void)snprintf(rig->site_url, sizeof(rig->site_url), "http://127.0.0.1:%u",
                   http_server_port(rig->site));
    (void)snprintf(rig->gateway_url, sizeof(rig->gateway_url),
                   "http://127.0.0.1:%u", http_server_port(rig->gateway));
    rig->config.name = "confluence";
    rig->config.base_url = rig->site_url;
    rig->config.api_token = "s3cret";
    rig->config.jobs = 1;
    assert_int_equal(setenv("CONTEXT_SYNC_TEST_GATEWAY", rig->gateway_url, 1),
                     0);
}

static void close_rig(struct rig *rig)
{
    assert_int_equal(unsetenv("CONTEXT_SYNC_TEST_GATEWAY"), 0);
    http_server_stop(rig->site);
    http_server_stop(rig->gateway);
}

static enum cs_status check(struct rig *rig, struct cs_identity *identity)
{
    const struct cs_connector *connector = cs_connector_find("confluence");
    const struct cs_connector_env env = {.clock = &rig->clock.clock};
    void *client = NULL;
    assert_ok(connector->open(&rig->config, &env, &client, &rig->err),
              &rig->err);
    enum cs_status status = connector->check(client, identity, &rig->err);
    if (!status) /* once it is known nothing else is tried */
        status = connector->check(client, identity, &rig->err);
    assert_string_equal(connector->site(client), rig->site_url);
    connector->close(client);
    return status;
}

#define USER    "/wiki/rest/api/user/current"
#define TENANT  "{\"cloudId\":\"1-2\"}"
#define GATEWAY "gateway /ex/confluence/1-2"

static void test_roots(void **state)
{
    (void)state;
    static const struct {
        const char *cloud_id, *user;
        enum cs_deployment deployment;
        bool site_takes, gateway_takes, no_user_scope;
        unsigned site_refuses;
        const char *tenant;
        enum cs_status expected;
        const char *log;
    } rows[] = {
        /* a classic token */
        {NULL, "ada", CS_DEPLOYMENT_CLOUD, true, false, false, 0, TENANT, CS_OK,
         "site " USER " basic\nsite " USER " basic\n"},
        /* a scoped one */
        {NULL, "ada", CS_DEPLOYMENT_CLOUD, false, true, false, 0, TENANT, CS_OK,
         "site " USER " basic\nsite /_edge/tenant_info\n" GATEWAY USER
         " basic\n" GATEWAY USER " basic\n"},
        {NULL, NULL, CS_DEPLOYMENT_CLOUD, false, true, false, 403, TENANT,
         CS_OK,
         "site " USER " bearer\nsite /_edge/tenant_info\n" GATEWAY USER
         " bearer\n" GATEWAY USER " bearer\n"},
        /* the cloud id is known: the gateway first */
        {"1-2", NULL, CS_DEPLOYMENT_AUTO, false, true, false, 0, NULL, CS_OK,
         GATEWAY USER " bearer\n" GATEWAY USER " bearer\n"},
        {"1-2", "ada", CS_DEPLOYMENT_AUTO, true, false, false, 0, NULL, CS_OK,
         GATEWAY USER " basic\n" GATEWAY "/wiki/api/v2/spaces?limit=1 basic\n"
                      "site " USER " basic\nsite " USER " basic\n"},
        /* a token without the scope to say whose it is */
        {"1-2", "ada", CS_DEPLOYMENT_AUTO, false, true, true, 0, NULL, CS_OK,
         GATEWAY USER " basic\n" GATEWAY
                      "/wiki/api/v2/spaces?limit=1 basic\n" GATEWAY USER
                      " basic\n" GATEWAY "/wiki/api/v2/spaces?limit=1 basic\n"},
        /* refused at both */
        {NULL, "ada", CS_DEPLOYMENT_CLOUD, false, false, false, 0, TENANT,
         CS_ERR_AUTH,
         "site " USER " basic\nsite /_edge/tenant_info\n" GATEWAY USER
         " basic\n" GATEWAY "/wiki/api/v2/spaces?limit=1 basic\n"},
        /* no cloud id to be had */
        {NULL, "ada", CS_DEPLOYMENT_CLOUD, false, true, false, 0, NULL,
         CS_ERR_AUTH, "site " USER " basic\nsite /_edge/tenant_info\n"},
        {NULL, "ada", CS_DEPLOYMENT_CLOUD, false, true, false, 0, "{}",
         CS_ERR_AUTH, "site " USER " basic\nsite /_edge/tenant_info\n"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct rig rig = {.site_takes = rows[i].site_takes,
                          .gateway_takes = rows[i].gateway_takes,
                          .no_user_scope = rows[i].no_user_scope,
                          .site_refuses = rows[i].site_refuses,
                          .tenant = rows[i].tenant};
        struct cs_identity identity;
        open_rig(&rig);
        rig.config.cloud_id = rows[i].cloud_id;
        rig.config.username = rows[i].user;
        rig.config.deployment = rows[i].deployment;
        assert_int_equal(check(&rig, &identity), rows[i].expected);
        assert_string_equal(rig.log, rows[i].log);
        assert_null(strstr(rig.err.message, "s3cret"));
        close_rig(&rig);
    }
}

/* A site of which nobody said that it is the vendor's: nothing is asked of
 * another host, and the cloud id of nobody. */
static void test_no_other_host_on_a_guess(void **state)
{
    (void)state;
    struct rig rig = {.gateway_takes = true, .tenant = TENANT};
    struct cs_identity identity;
    open_rig(&rig);
    rig.config.username = "ada";
    assert_int_not_equal(check(&rig, &identity), CS_OK);
    assert_null(strstr(rig.log, "gateway"));
    assert_null(strstr(rig.log, "tenant_info"));
    close_rig(&rig);
}

/* A credential that was good at the site and is not any more has run out: the
 * gateway is not tried. Nor is it for a site that merely answers like one of
 * the vendor's. */
static void test_a_credential_that_ran_out(void **state)
{
    (void)state;
    static const enum cs_deployment deployments[] = {CS_DEPLOYMENT_CLOUD,
                                                     CS_DEPLOYMENT_AUTO};
    for (size_t i = 0; i < CS_ARRAY_LEN(deployments); i++) {
        struct rig rig = {.site_takes = true,
                          .takes = 1,
                          .gateway_takes = true,
                          .tenant = TENANT};
        struct cs_identity identity;
        open_rig(&rig);
        rig.config.username = "ada";
        rig.config.deployment = deployments[i];
        assert_int_equal(check(&rig, &identity), CS_ERR_AUTH);
        assert_null(strstr(rig.log, "gateway"));
        assert_null(strstr(rig.log, "tenant_info"));
        close_rig(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_no_other_host_on_a_guess),
        cmocka_unit_test(test_a_credential_that_ran_out),
    };
    return cmocka_run_group_tests_name("cloud_gateway", tests, NULL, NULL);
}
