/*
 * site.c - from what was pasted to the roots.
 */
#include "connectors/confluence/site.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

/* The gateway, and what puts another one on this machine in its place. */
static const char gateway[] = "https://api.atlassian.com";
static const char test_variable[] = "CONTEXT_SYNC_TEST_GATEWAY";

/* The path before "/wiki" as a whole segment; a page's address has more behind
 * it. Without one, a path counts only where it can be a prefix of a proxy. */
static size_t prefix_len(const char *path, bool is_atlassian)
{
    size_t len = strcspn(path, "?#");
    for (size_t i = 0; i + 5 <= len; i++) {
        bool segment = strncmp(path + i, "/wiki", 5) == 0 &&
                       (i + 5 == len || path[i + 5] == '/');
        if (segment)
            return i;
    }
    while (len > 0 && path[len - 1] == '/')
        len--;
    return is_atlassian ? 0 : len;
}

static enum cs_status copy(char out[CS_SITE_URL_MAX],
                           const struct cs_strbuf *from, struct cs_error *err)
{
    if (from->status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (from->status || from->len >= CS_SITE_URL_MAX)
        return cs_error_set(err, CS_ERR_CONFIG,
                            "the base URL or the cloud id is too long");
    memcpy(out, from->data, from->len + 1);
    return CS_OK;
}

/* A site on this machine is its own gateway, or a test names another one there.
 * Nothing in the environment can lead a credential to another machine. */
static const char *find_gateway(const struct cs_site *site,
                                const struct cs_origin *origin)
{
    struct cs_origin other;
    const char *named = getenv(test_variable);
    if (named && *named && cs_url_origin(named, &other, NULL) == CS_OK &&
        cs_origin_is_loopback(&other))
        return named;
    return cs_origin_is_loopback(origin) ? site->url : gateway;
}

enum cs_status cs_site_enter(struct cs_site *site, const char *cloud_id,
                             struct cs_error *err)
{
    struct cs_strbuf api CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SITE_URL_MAX);
    struct cs_origin origin;
    enum cs_status status = cs_url_origin(site->url, &origin, err);
    if (status)
        return status;
    site->at_gateway = cloud_id && *cloud_id;
    if (site->at_gateway) {
        cs_strbuf_puts(&api, find_gateway(site, &origin));
        cs_strbuf_puts(&api, "/ex/confluence/");
        cs_url_put_escaped(cloud_id, &api);
    } else {
        cs_strbuf_puts(&api, site->url);
    }
    status = copy(site->api, &api, err);
    if (status)
        return status;
    const char *authority = strstr(site->api, "://") + 3;
    site->api_path = authority + strcspn(authority, "/");
    return CS_OK;
}

enum cs_status cs_site_read(const char *base_url, const char *example,
                            struct cs_origin *ret_origin,
                            struct cs_strbuf *ret_path, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SITE_URL_MAX - 1);
    struct cs_error why = CS_ERROR_INIT;
    if (!strstr(base_url, "://"))
        cs_strbuf_puts(&text, "https://");
    cs_strbuf_puts(&text, base_url);
    cs_strbuf_rtrim(&text);
    enum cs_status status = cs_strbuf_status(&text, &why);
    if (!status)
        status = cs_url_origin(text.data, ret_origin, &why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        (void)cs_error_set(err, CS_ERR_CONFIG, "base URL \"%.200s\": %s",
                           base_url, why.message);
        cs_error_hint(err, "write it as %s", example);
        return CS_ERR_CONFIG;
    }
    cs_url_put_path(text.data, ret_path);
    return CS_OK;
}

enum cs_status cs_site_init(struct cs_site *site, const char *base_url,
                            const char *cloud_id, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SITE_URL_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_origin origin;
    enum cs_status status = cs_site_read(base_url, "https://acme.atlassian.net",
                                         &origin, &path, err);
    if (status)
        return status;
    site->is_atlassian = cs_str_ends(origin.host, ".atlassian.net");
    cs_origin_put(&origin, &text);
    cs_strbuf_put(&text, path.data, prefix_len(path.data, site->is_atlassian));
    if (path.status)
        text.status = path.status;
    status = copy(site->url, &text, err);
    cs_strbuf_puts(&text, "/wiki");
    if (!status)
        status = copy(site->wiki, &text, err);
    return status ? status : cs_site_enter(site, cloud_id, err);
}
