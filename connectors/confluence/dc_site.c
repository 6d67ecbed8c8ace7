/*
 * dc_site.c - cut off what the browser showed.
 */
#include "connectors/confluence/dc_site.h"

#include "src/text.h"
#include "src/url.h"

/* First parts of Confluence's own addresses. */
static bool is_own(const char *part, size_t len)
{
    static const char *const names[] = {
        "display",  "pages", "spaces", "rest",   "plugins",
        "download", "label", "users",  "people", "admin",
        "labels",   "x",     "s",      "login",  "homepage"};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        if (strlen(names[i]) == len && strncmp(names[i], part, len) == 0)
            return true;
    }
    return (len > 7 && strncmp(part + len - 7, ".action", 7) == 0) ||
           (len > 4 && strncmp(part + len - 4, ".jsp", 4) == 0);
}

/* How much of a path is the root's: up to the first part of Confluence's own,
 * and no further than "/wiki". */
static size_t root_len(const char *path)
{
    size_t end = strcspn(path, "?#"), at = 0;
    while (at < end) {
        size_t from = at + 1;
        size_t len = strcspn(path + from, "/?#");
        if (is_own(path + from, len))
            break;
        at = from + len;
        if (len == 4 && strncmp(path + from, "wiki", 4) == 0)
            break;
    }
    while (at > 0 && path[at - 1] == '/')
        at--;
    return at;
}

static void copy_all(struct cs_site *site, const char *root,
                     const struct cs_origin *origin)
{
    size_t len = strlen(root);
    memcpy(site->wiki, root, len + 1);
    memcpy(site->api, root, len + 1);
    memcpy(site->url, root, len + 1);
    if (cs_str_ends(root, "/wiki"))
        site->url[len - 5] = '\0';
    const char *authority = strstr(site->api, "://") + 3;
    site->api_path = authority + strcspn(authority, "/");
    site->is_atlassian = cs_str_ends(origin->host, ".atlassian.net");
}

enum cs_status cs_dc_site_init(struct cs_site *site, const char *base_url,
                               struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SITE_URL_MAX - 1);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_origin origin;
    enum cs_status status = cs_site_read(
        base_url, "https://wiki.acme.com/confluence", &origin, &path, err);
    if (status)
        return status;
    cs_origin_put(&origin, &text);
    cs_strbuf_put(&text, path.data, root_len(path.data));
    status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_strbuf_status(&text, err);
    if (!status)
        copy_all(site, text.data, &origin);
    return status;
}

bool cs_dc_site_below(const struct cs_site *site)
{
    return strcmp(site->url, site->wiki) != 0;
}
