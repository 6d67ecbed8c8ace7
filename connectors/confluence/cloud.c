/*
 * cloud.c - open and close, and the table of slots.
 */
#include "connectors/confluence/cloud.h"
#include "connectors/confluence/clients.h"

#include <stdlib.h>

enum cs_status cs_cloud_http(const struct cs_cloud *cloud, const char *base_url,
                             const struct cs_credential *credential,
                             struct cs_http **ret, struct cs_error *err)
{
    return cs_client_http(cloud->config, cloud->env, base_url, credential, ret,
                          err);
}

enum cs_status cs_cloud_connect(struct cs_cloud *cloud, struct cs_error *err)
{
    struct cs_http *http = NULL;
    enum cs_status status =
        cs_cloud_http(cloud, cloud->site.api, cloud->credential, &http, err);
    if (status)
        return status;
    cs_people_free(cloud->people);
    cs_http_free(cloud->http);
    cloud->http = http;
    cloud->paging = (struct cs_paging_site){
        .http = http, .base_path = cloud->site.api_path, .context = "/wiki"};
    cloud->people = cs_people_new(http);
    return cloud->people ? CS_OK : cs_error_no_memory(err);
}

enum cs_status cs_cloud_open(const struct cs_source_config *config,
                             const struct cs_connector_env *env,
                             struct cs_cloud **ret, struct cs_error *err)
{
    struct cs_cloud *cloud = calloc(1, sizeof(*cloud));
    if (!cloud)
        return cs_error_no_memory(err);
    cloud->config = config;
    cloud->env = env;
    cloud->batch_size = CS_CLOUD_BATCH_MAX;
    cloud->run = cs_arena_new(0);
    enum cs_status status = cloud->run ? CS_OK : cs_error_no_memory(err);
    if (!status)
        status =
            cs_site_init(&cloud->site, config->base_url ? config->base_url : "",
                         config->cloud_id, err);
    if (!status)
        status = cs_credential_of(cloud->config, &cloud->credential, err);
    if (!status)
        status = cs_cloud_connect(cloud, err);
    if (status) {
        cs_cloud_close(cloud);
        return status;
    }
    *ret = cloud;
    return CS_OK;
}

void cs_cloud_close(void *self)
{
    struct cs_cloud *cloud = self;
    if (!cloud)
        return;
    cs_people_free(cloud->people);
    cs_http_free(cloud->http);
    cs_credential_free(cloud->credential);
    cs_arena_free(cloud->run);
    cs_idset_clear(&cloud->closed);
    cs_idset_clear(&cloud->open);
    free(cloud);
}

bool cs_cloud_refused(long http_status)
{
    return http_status >= 400 && http_status < 500 && http_status != 429 &&
           http_status != 408;
}

/* ---- the slots ---- */

static enum cs_status open_slot(const struct cs_source_config *config,
                                const struct cs_connector_env *env,
                                void **ret_self, struct cs_error *err)
{
    struct cs_cloud *cloud;
    enum cs_status status = cs_cloud_open(config, env, &cloud, err);
    if (!status)
        *ret_self = cloud;
    return status;
}

static const char *site_slot(void *self)
{
    const struct cs_cloud *cloud = self;
    return cloud->site.url;
}

static enum cs_status names_slot(void *self, const char *const *ids, size_t n,
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

const struct cs_connector cs_cloud_client = {
    .type = "confluence",
    .title = "Confluence Cloud",
    .open = open_slot,
    .close = cs_cloud_close,
    .site = site_slot,
    .check = cs_cloud_check,
    .containers = cs_cloud_containers,
    .list = cs_cloud_list,
    .changes = cs_cloud_changes,
    .hints = cs_cloud_hints,
    .probe = cs_cloud_probe,
    .fetch = cs_cloud_fetch,
    .names = names_slot,
    .download = cs_cloud_download,
};
