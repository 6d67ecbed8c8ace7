/*
 * cloud_client.c - the client of Cloud as a table of slots.
 */
#include "connectors/confluence/clients.h"

#include "connectors/confluence/cloud.h"

static enum cs_status open_cloud(const struct cs_source_config *config,
                                 const struct cs_connector_env *env,
                                 void **ret_self, struct cs_error *err)
{
    struct cs_cloud *cloud;
    enum cs_status status = cs_cloud_open(config, env, &cloud, err);
    if (!status)
        *ret_self = cloud;
    return status;
}

static void close_cloud(void *self)
{
    cs_cloud_close(self);
}

static const char *site(void *self)
{
    const struct cs_cloud *cloud = self;
    return cloud->site.url;
}

static enum cs_status check(void *self, struct cs_identity *ret_identity,
                            struct cs_error *err)
{
    return cs_cloud_check(self, ret_identity, err);
}

static enum cs_status containers(void *self, const char *only,
                                 cs_container_fn *found, void *payload,
                                 void (*missing)(void *payload, const char *key,
                                                 const struct cs_error *why),
                                 struct cs_error *err)
{
    return cs_cloud_containers(self, only, found, payload, missing, err);
}

static enum cs_status list(void *self, const struct cs_container *container,
                           const struct cs_list_out *out, bool *ret_labels,
                           struct cs_error *err)
{
    return cs_cloud_list(self, container, out, ret_labels, err);
}

static enum cs_status changes(void *self, const struct cs_container *container,
                              int64_t since, const struct cs_list_out *out,
                              struct cs_error *err)
{
    return cs_cloud_changes(self, container, since, out, err);
}

static enum cs_status hints(void *self, const struct cs_container *spaces,
                            size_t n, const struct cs_hint_io *io,
                            struct cs_error *err)
{
    return cs_cloud_hints(self, spaces, n, io, err);
}

static enum cs_status probe(void *self, const struct cs_want *wants, size_t n,
                            cs_verdict_fn *verdict, void *payload,
                            struct cs_error *err)
{
    return cs_cloud_probe(self, wants, n, verdict, payload, err);
}

static enum cs_status fetch(void *self, const struct cs_container *container,
                            const struct cs_fetch_io *io, struct cs_error *err)
{
    return cs_cloud_fetch(self, container, io, err);
}

static enum cs_status names(void *self, const char *const *ids, size_t n,
                            cs_person_fn *person, void *payload,
                            struct cs_error *err)
{
    const struct cs_cloud *cloud = self;
    const struct cs_fetch_io io = {.person = person, .payload = payload};
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = cs_people_note(cloud->people, ids[i], err);
    return status ? status : cs_people_resolve(cloud->people, &io, err);
}

static enum cs_status download(void *self, const struct cs_download_io *io,
                               struct cs_error *err)
{
    return cs_cloud_download(self, io, err);
}

const struct cs_connector cs_cloud_client = {
    .type = "confluence",
    .title = "Confluence Cloud",
    .open = open_cloud,
    .close = close_cloud,
    .site = site,
    .check = check,
    .containers = containers,
    .list = list,
    .changes = changes,
    .hints = hints,
    .probe = probe,
    .fetch = fetch,
    .names = names,
    .download = download,
};
