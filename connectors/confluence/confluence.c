/*
 * confluence.c - the vtable; picks the client for the kind of site.
 *
 * There is one client so far, for Cloud. It is assumed for any address unless
 * the configuration says otherwise.
 */
#include "connectors/confluence/confluence.h"
#include "connectors/confluence/site.h"
#include "connectors/confluence/text.h"

#include "connectors/confluence/cloud.h"

static enum cs_status confluence_open(const struct cs_source_config *config,
                                      const struct cs_connector_env *env,
                                      void **ret_self, struct cs_error *err)
{
    struct cs_cloud *cloud;
    if (config->deployment == CS_DEPLOYMENT_DATACENTER) {
        cs_error_set(err, CS_ERR_CONFIG,
                     "Confluence Data Center is not supported by this version");
        cs_error_hint(err, "set deployment = cloud, or CONFLUENCE_DEPLOYMENT");
        return CS_ERR_CONFIG;
    }
    enum cs_status status = cs_cloud_open(config, env, &cloud, err);
    if (!status)
        *ret_self = cloud;
    return status;
}

static void confluence_close(void *self)
{
    cs_cloud_close(self);
}

static const char *confluence_site(void *self)
{
    const struct cs_cloud *cloud = self;
    return cloud->site.url;
}

static enum cs_status confluence_check(void *self,
                                       struct cs_identity *ret_identity,
                                       struct cs_error *err)
{
    return cs_cloud_check(self, ret_identity, err);
}

static enum cs_status confluence_containers(
    void *self, const char *only, cs_container_fn *found, void *payload,
    void (*missing)(void *payload, const char *key, const struct cs_error *why),
    struct cs_error *err)
{
    return cs_cloud_containers(self, only, found, payload, missing, err);
}

static enum cs_status confluence_list(void *self,
                                      const struct cs_container *container,
                                      const struct cs_list_out *out,
                                      bool *ret_labels, struct cs_error *err)
{
    return cs_cloud_list(self, container, out, ret_labels, err);
}

static enum cs_status confluence_changes(void *self,
                                         const struct cs_container *container,
                                         int64_t since,
                                         const struct cs_list_out *out,
                                         struct cs_error *err)
{
    return cs_cloud_changes(self, container, since, out, err);
}

static enum cs_status confluence_hints(void *self,
                                       const struct cs_container *containers,
                                       size_t n, const struct cs_hint_io *io,
                                       struct cs_error *err)
{
    return cs_cloud_hints(self, containers, n, io, err);
}

static enum cs_status confluence_probe(void *self, const struct cs_want *wants,
                                       size_t n, cs_verdict_fn *verdict,
                                       void *payload, struct cs_error *err)
{
    return cs_cloud_probe(self, wants, n, verdict, payload, err);
}

static enum cs_status confluence_fetch(void *self,
                                       const struct cs_container *container,
                                       const struct cs_fetch_io *io,
                                       struct cs_error *err)
{
    return cs_cloud_fetch(self, container, io, err);
}

static enum cs_status confluence_convert(
    const struct cs_convert_request *request, struct cs_arena *arena,
    struct cs_body *ret_body, struct cs_conversion_note *ret_note,
    struct cs_error *err)
{
    struct cs_site site;
    if (strcmp(request->format, "storage") != 0)
        return cs_error_set(err, CS_ERR_PARSE, "no format \"%.40s\"",
                            request->format);
    enum cs_status status = cs_site_init(&site, request->base_url, NULL, err);
    if (status)
        return status;
    const struct cs_address_page page = {
        .wiki = site.wiki, .space = request->container_key, .id = request->id};
    return cs_text_convert(arena, &page, request->text, request->len, ret_body,
                           ret_note, err);
}

const struct cs_connector cs_confluence_connector = {
    .type = "confluence",
    .title = "Confluence",
    .noun = "space",
    .aspects = CS_ASPECT_TEXT | CS_ASPECT_LABELS,
    .list_rows = CS_CLOUD_LIST_LIMIT,
    .open = confluence_open,
    .close = confluence_close,
    .site = confluence_site,
    .check = confluence_check,
    .containers = confluence_containers,
    .list = confluence_list,
    .changes = confluence_changes,
    .hints = confluence_hints,
    .probe = confluence_probe,
    .fetch = confluence_fetch,
    .convert = confluence_convert,
};
