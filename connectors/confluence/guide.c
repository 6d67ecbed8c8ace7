/*
 * guide.c - an address out of what was pasted, and where tokens are made.
 */
#include "connectors/confluence/guide.h"

#include "connectors/confluence/dc_site.h"
#include "src/text.h"

#define CLOUD_TOKENS                                                           \
    "https://id.atlassian.com/manage-profile/security/api-tokens"
#define DC_TOKENS "/plugins/personalaccesstokens/usertokens.action"

/* "acme" is what people call https://acme.atlassian.net. */
static bool is_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return len > 0 && text[len] == '\0' && !cs_str_equal(text, "localhost");
}

static void describe_cloud(const struct cs_site *site,
                           struct cs_site_guide *ret)
{
    (void)snprintf(ret->url, sizeof(ret->url), "%s", site->wiki);
    (void)snprintf(ret->root, sizeof(ret->root), "%s", site->url);
    ret->proof = "/_edge/tenant_info";
    ret->title = "Confluence Cloud";
    ret->account = "Your e-mail address at Atlassian";
    ret->account_needed = true;
    ret->token = "API token";
    (void)snprintf(ret->token_url, sizeof(ret->token_url), "%s", CLOUD_TOKENS);
    ret->token_steps = "\"Create API token\", any name, then copy it.";
}

static enum cs_status describe_dc(const struct cs_site *site,
                                  enum cs_deployment deployment,
                                  struct cs_site_guide *ret,
                                  struct cs_error *err)
{
    int n = snprintf(ret->token_url, sizeof(ret->token_url), "%s%s", site->wiki,
                     DC_TOKENS);
    if (n < 0 || (size_t)n >= sizeof(ret->token_url))
        return cs_error_set(err, CS_ERR_CONFIG, "the address is too long");
    (void)snprintf(ret->url, sizeof(ret->url), "%s", site->wiki);
    (void)snprintf(ret->root, sizeof(ret->root), "%s", site->wiki);
    ret->title = deployment == CS_DEPLOYMENT_DATACENTER
                     ? "Confluence Data Center"
                     : "Confluence";
    ret->account = "User name (none with a personal access token)";
    ret->token = "Personal access token";
    ret->token_steps = "Your picture > Settings > Personal Access Tokens > "
                       "Create token.";
    return CS_OK;
}

enum cs_status cs_confluence_guide(const char *pasted,
                                   enum cs_deployment deployment,
                                   struct cs_site_guide *ret,
                                   struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SITE_URL_MAX);
    struct cs_site site;
    *ret = (struct cs_site_guide){.title = NULL};
    cs_strbuf_puts(&text, pasted);
    if (is_name(pasted))
        cs_strbuf_puts(&text, ".atlassian.net");
    if (text.status == CS_ERR_LIMIT)
        return cs_error_set(err, CS_ERR_CONFIG, "the address is too long");
    enum cs_status status = cs_strbuf_status(&text, err);
    if (!status)
        status = cs_dc_site_init(&site, text.data, err);
    if (status)
        return status;
    if (deployment == CS_DEPLOYMENT_CLOUD ||
        (deployment == CS_DEPLOYMENT_AUTO && site.is_atlassian)) {
        status = cs_site_init(&site, text.data, NULL, err);
        if (!status)
            describe_cloud(&site, ret);
        return status;
    }
    return describe_dc(&site, deployment, ret, err);
}
