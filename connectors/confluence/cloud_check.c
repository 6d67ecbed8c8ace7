/*
 * cloud_check.c - who we are, and at which root the credential is good.
 *
 * A token does not tell its kind. Classic tokens work at the site, scoped ones
 * and OAuth only at the vendor's gateway, below the site's cloud id; so where
 * one root refuses the credential the other is tried, once. It goes to the
 * gateway only for a site that is the vendor's by its name, or by the user's
 * word (deployment = cloud, or a cloud id). The cloud id is asked for at the
 * site, without the credential.
 */
#include "connectors/confluence/cloud.h"

#include "src/text.h"

static enum cs_status read_identity(const struct cs_answer *answer,
                                    const struct cs_json *root,
                                    struct cs_identity *ret,
                                    struct cs_error *err)
{
    const char *type, *name, *id;
    enum cs_status status =
        cs_json_text(root, "type", CS_JSON_OPTIONAL, &type, err);
    if (!status)
        status =
            cs_json_text(root, "displayName", CS_JSON_OPTIONAL, &name, err);
    if (!status)
        status = cs_json_text(root, "accountId", CS_JSON_OPTIONAL, &id, err);
    if (status)
        return cs_answer_blame(answer, status, err);
    if (!id || cs_str_equal(type, "anonymous")) {
        cs_error_set(err, CS_ERR_AUTH,
                     "the site takes us for an anonymous visitor");
        cs_error_hint(err, "check the user name and the API token");
        return CS_ERR_AUTH;
    }
    cs_text_copy(ret->name, sizeof(ret->name), name ? name : id);
    cs_text_copy(ret->id, sizeof(ret->id), id);
    ret->site_ms = cs_answer_date(answer);
    return CS_OK;
}

static enum cs_status ask(struct cs_cloud *cloud, const char *path,
                          struct cs_answer **ret, struct cs_json *ret_root,
                          struct cs_error *err)
{
    struct cs_answer_request request = {.path = path};
    enum cs_status status = cs_answer_ask(cloud->http, &request, ret, err);
    return status ? status : cs_answer_wait(*ret, ret_root, err);
}

/* A scoped token may lack the scope to say whose it is, and yet read. */
static enum cs_status ask_identity(struct cs_cloud *cloud,
                                   struct cs_identity *ret,
                                   struct cs_error *err)
{
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_answer *spaces CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_json root;
    enum cs_status status =
        ask(cloud, "/wiki/rest/api/user/current", &answer, &root, err);
    if (!status)
        return read_identity(answer, &root, ret, err);
    if (!cloud->site.at_gateway || !answer ||
        cs_answer_http_status(answer) != 401 ||
        ask(cloud, "/wiki/api/v2/spaces?limit=1", &spaces, &root, NULL))
        return status;
    *ret = (struct cs_identity){.name = "an account without a name",
                                .site_ms = cs_answer_date(spaces)};
    return CS_OK;
}

/* ---- the other root ---- */

static bool is_refusal(enum cs_status status)
{
    return status == CS_ERR_AUTH || status == CS_ERR_FORBIDDEN;
}

static bool may_change_root(const struct cs_cloud *cloud)
{
    const struct cs_source_config *config = cloud->config;
    bool named = config->cloud_id && *config->cloud_id;
    return !cloud->rooted && (cloud->site.is_atlassian || named ||
                              config->deployment == CS_DEPLOYMENT_CLOUD);
}

/* The cloud id as the site tells it to anybody. */
static enum cs_status ask_cloud_id(struct cs_cloud *cloud,
                                   const char **ret_cloud_id,
                                   struct cs_error *err)
{
    struct cs_http *http CS_CLEANUP(cs_http_cleanup) = NULL;
    struct cs_answer *answer CS_CLEANUP(cs_answer_cleanup) = NULL;
    struct cs_answer_request request = {.path = "/_edge/tenant_info"};
    struct cs_json root;
    const char *id = NULL;
    enum cs_status status =
        cs_cloud_http(cloud, cloud->site.url, NULL, &http, err);
    if (!status)
        status = cs_answer_ask(http, &request, &answer, err);
    if (!status)
        status = cs_answer_wait(answer, &root, err);
    if (!status)
        status = cs_json_text(&root, "cloudId", CS_JSON_REQUIRED, &id, err);
    if (status)
        return status;
    *ret_cloud_id = cs_arena_strdup(cloud->run, id);
    return cs_arena_status(cloud->run, err);
}

/* From the gateway to the site, or from the site to the gateway. */
static enum cs_status change_root(struct cs_cloud *cloud, struct cs_error *err)
{
    const char *cloud_id = NULL;
    enum cs_status status =
        cloud->site.at_gateway ? CS_OK : ask_cloud_id(cloud, &cloud_id, err);
    if (!status)
        status = cs_site_enter(&cloud->site, cloud_id, err);
    return status ? status : cs_cloud_connect(cloud, err);
}

/* Say more than the HTTP layer can: it knows no vendor. */
static enum cs_status explain(const struct cs_cloud *cloud,
                              enum cs_status status, struct cs_error *err)
{
    if (status == CS_ERR_AUTH && cloud->site.is_atlassian)
        cs_error_hint(err, "check the user name; renew the API token at "
                           "https://id.atlassian.com/manage-profile/security/"
                           "api-tokens");
    if (status != CS_ERR_NOT_FOUND)
        return status;
    cs_error_set(err, CS_ERR_CONFIG, "%s is no Confluence Cloud site",
                 cloud->site.url);
    cs_error_hint(err, "check the base URL; for a Data Center set deployment "
                       "= datacenter");
    return CS_ERR_CONFIG;
}

enum cs_status cs_cloud_check(void *self, struct cs_identity *ret_identity,
                              struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = ask_identity(cloud, ret_identity, err);
    bool changed = is_refusal(status) && may_change_root(cloud) &&
                   change_root(cloud, &why) == CS_OK;
    if (changed)
        status = ask_identity(cloud, ret_identity, err);
    if (why.status == CS_ERR_CANCELLED || why.status == CS_ERR_NO_MEMORY)
        return cs_error_pass(err, why.status, &why);
    cloud->rooted = cloud->rooted || !status;
    return status ? explain(cloud, status, err) : CS_OK;
}
