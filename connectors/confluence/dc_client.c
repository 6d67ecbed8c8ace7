/*
 * dc_client.c - the client of Data Center as a table of slots.
 */
#include "connectors/confluence/clients.h"

#include "connectors/confluence/dc.h"

static enum cs_status open_dc(const struct cs_source_config *config,
                              const struct cs_connector_env *env,
                              void **ret_self, struct cs_error *err)
{
    struct cs_dc *dc;
    enum cs_status status = cs_dc_open(config, env, &dc, err);
    if (!status)
        *ret_self = dc;
    return status;
}

static void close_dc(void *self)
{
    cs_dc_close(self);
}

static const char *site(void *self)
{
    const struct cs_dc *dc = self;
    return dc->site.url;
}

static enum cs_status check(void *self, struct cs_identity *ret_identity,
                            struct cs_error *err)
{
    return cs_dc_check(self, ret_identity, err);
}

static enum cs_status containers(void *self, const char *only,
                                 cs_container_fn *found, void *payload,
                                 void (*missing)(void *payload, const char *key,
                                                 const struct cs_error *why),
                                 struct cs_error *err)
{
    return cs_dc_containers(self, only, found, payload, missing, err);
}

static enum cs_status list(void *self, const struct cs_container *container,
                           const struct cs_list_out *out, bool *ret_labels,
                           struct cs_error *err)
{
    return cs_dc_list(self, container, out, ret_labels, err);
}

static enum cs_status changes(void *self, const struct cs_container *container,
                              int64_t since, const struct cs_list_out *out,
                              struct cs_error *err)
{
    return cs_dc_changes(self, container, since, out, err);
}

static enum cs_status hints(void *self, const struct cs_container *spaces,
                            size_t n, const struct cs_hint_io *io,
                            struct cs_error *err)
{
    return cs_dc_hints(self, spaces, n, io, err);
}

static enum cs_status probe(void *self, const struct cs_want *wants, size_t n,
                            cs_verdict_fn *verdict, void *payload,
                            struct cs_error *err)
{
    return cs_dc_probe(self, wants, n, verdict, payload, err);
}

static enum cs_status fetch(void *self, const struct cs_container *container,
                            const struct cs_fetch_io *io, struct cs_error *err)
{
    return cs_dc_fetch(self, container, io, err);
}

static enum cs_status names(void *self, const char *const *ids, size_t n,
                            cs_person_fn *person, void *payload,
                            struct cs_error *err)
{
    const struct cs_dc *dc = self;
    const struct cs_fetch_io io = {.person = person, .payload = payload};
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = cs_dc_people_note(dc->people, ids[i], NULL, err);
    return status ? status : cs_dc_people_resolve(dc->people, &io, err);
}

static enum cs_status download(void *self, const struct cs_download_io *io,
                               struct cs_error *err)
{
    return cs_dc_download(self, io, err);
}

const struct cs_connector cs_dc_client = {
    .type = "confluence",
    .title = "Confluence Data Center",
    .open = open_dc,
    .close = close_dc,
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
