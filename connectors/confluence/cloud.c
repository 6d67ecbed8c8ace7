/*
 * cloud.c - open and close, which spaces there are.
 */
#include "connectors/confluence/cloud.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define KEYS_PER_REQUEST 50
#define MAX_ANSWER       ((size_t)64 << 20)

enum cs_status cs_cloud_http(const struct cs_cloud *cloud, const char *base_url,
                             const struct cs_credential *credential,
                             struct cs_http **ret, struct cs_error *err)
{
    const struct cs_source_config *config = cloud->config;
    const struct cs_http_options options = {
        .base_url = base_url,
        .credential = credential,
        .clock = cloud->env->clock,
        .cancel = cloud->env->cancel,
        .ca_file = cloud->env->ca_file ? cloud->env->ca_file : config->ca_file,
        .client_cert = config->client_cert,
        .client_key = config->client_key,
        .allow_http = config->allow_http,
        .jobs = config->jobs,
        .max_rps = config->max_rps,
        .patient = cloud->env->patient,
        .max_body = MAX_ANSWER,
        .paused = cloud->env->paused,
        .payload = cloud->env->payload,
    };
    return cs_http_new(&options, ret, err);
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

void cs_cloud_close(struct cs_cloud *cloud)
{
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

/* ---- spaces ---- */

/* Who is asked for what while the listings of spaces run. */
struct space_search {
    struct cs_cloud *cloud;
    const char *const *keys; /* asked for by name; NULL: all */
    size_t n_keys;
    bool *found; /* one for each key */
    cs_container_fn *fn;
    void *payload;
    struct cs_arena *arena;
};

/* The place of `key` among those asked for; n_keys when it is none of them. */
static size_t find_key(const struct space_search *search, const char *key)
{
    size_t i = 0;
    while (i < search->n_keys && cs_ascii_casecmp(search->keys[i], key) != 0)
        i++;
    return i;
}

static enum cs_status read_space(const struct cs_json *row,
                                 const struct cs_site *site,
                                 struct cs_arena *arena,
                                 struct cs_container *ret, bool *ret_personal,
                                 bool *ret_gone, struct cs_error *err)
{
    const char *type, *state;
    enum cs_status status =
        cs_json_text(row, "id", CS_JSON_REQUIRED, &ret->id, err);
    if (!status)
        status = cs_json_text(row, "key", CS_JSON_REQUIRED, &ret->key, err);
    if (!status)
        status = cs_json_text(row, "name", CS_JSON_OPTIONAL, &ret->name, err);
    if (!status)
        status = cs_json_text(row, "homepageId", CS_JSON_OPTIONAL,
                              &ret->home_id, err);
    if (!status)
        status = cs_json_text(row, "type", CS_JSON_OPTIONAL, &type, err);
    if (!status)
        status = cs_json_text(row, "status", CS_JSON_OPTIONAL, &state, err);
    if (status)
        return status;
    if (!ret->name)
        ret->name = ret->key;
    ret->url = cs_cloud_web_url(site, row, arena);
    *ret_personal = cs_str_equal(type, "personal");
    *ret_gone = cs_str_equal(state, "trashed");
    return cs_arena_status(arena, err);
}

static enum cs_status take_space(struct space_search *search,
                                 const struct cs_json *row,
                                 struct cs_error *err)
{
    struct cs_container space = {.id = NULL};
    bool personal, gone;
    cs_arena_clear(search->arena);
    enum cs_status status = read_space(row, &search->cloud->site, search->arena,
                                       &space, &personal, &gone, err);
    if (status)
        return status;
    if (gone || (!search->keys && personal))
        return CS_OK;
    if (search->keys) {
        size_t i = find_key(search, space.key);
        if (i == search->n_keys || search->found[i])
            return CS_OK;
        search->found[i] = true;
    }
    return search->fn(search->payload, &space, err);
}

static enum cs_status list_spaces(struct space_search *search, const char *path,
                                  struct cs_error *err)
{
    struct cs_paging *paging CS_CLEANUP(cs_paging_cleanup) = NULL;
    struct cs_json rows;
    bool more = true;
    enum cs_status status =
        cs_paging_open(&search->cloud->paging, path, 0, &paging, err);
    while (!status && more) {
        status = cs_paging_next(paging, &rows, &more, err);
        struct cs_json row = {.node = NULL};
        while (!status && more && cs_json_next(&rows, &row))
            status =
                cs_paging_blame(paging, take_space(search, &row, err), err);
    }
    return status;
}

static enum cs_status search_keys(struct space_search *search,
                                  struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < search->n_keys && !status;) {
        cs_strbuf_reset(&path);
        cs_strbuf_puts(&path, "/wiki/api/v2/spaces?limit=250&keys=");
        for (size_t n = 0; n < KEYS_PER_REQUEST && i < search->n_keys; n++) {
            cs_strbuf_puts(&path, n ? "," : "");
            cs_url_put_escaped(search->keys[i++], &path);
        }
        status = cs_strbuf_status(&path, err);
        if (!status)
            status = list_spaces(search, path.data, err);
    }
    return status;
}

static void tell_missing(const struct space_search *search,
                         void (*missing)(void *payload, const char *key,
                                         const struct cs_error *why))
{
    for (size_t i = 0; i < search->n_keys; i++) {
        struct cs_error why = CS_ERROR_INIT;
        if (search->found[i])
            continue;
        cs_error_set(&why, CS_ERR_NOT_FOUND,
                     "it was not found or may not be read");
        cs_error_hint(&why,
                      "check the space keys (upper and lower case count) and "
                      "the account's permissions");
        missing(search->payload, search->keys[i], &why);
    }
}

/* True when the configuration names `key`, or names none at all. */
static bool is_configured(const struct cs_source_config *config,
                          const char *key)
{
    bool any = config->n_spaces == 0;
    for (size_t i = 0; i < config->n_spaces && !any; i++)
        any = cs_ascii_casecmp(config->spaces[i], key) == 0 ||
              strcmp(config->spaces[i], "*") == 0;
    return any;
}

static enum cs_status check_only(const struct cs_source_config *config,
                                 const char *only, struct cs_error *err)
{
    if (!only || is_configured(config, only))
        return CS_OK;
    cs_error_set(err, CS_ERR_CONFIG,
                 "space %s is not among the configured spaces", only);
    cs_error_hint(err, "add it to CONFLUENCE_SPACE_KEYS or to spaces in the "
                       "configuration");
    return CS_ERR_CONFIG;
}

enum cs_status cs_cloud_containers(struct cs_cloud *cloud, const char *only,
                                   cs_container_fn *found, void *payload,
                                   void (*missing)(void *payload,
                                                   const char *key,
                                                   const struct cs_error *why),
                                   struct cs_error *err)
{
    const struct cs_source_config *config = cloud->config;
    bool all = !only && is_configured(config, "*");
    enum cs_status status = check_only(config, only, err);
    if (status)
        return status;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct space_search search = {
        .cloud = cloud, .fn = found, .payload = payload, .arena = arena};
    if (!arena)
        return cs_error_no_memory(err);
    if (all)
        return list_spaces(&search,
                           "/wiki/api/v2/spaces?status=current&limit=250", err);
    search.keys = only ? &only : config->spaces;
    search.n_keys = only ? 1 : config->n_spaces;
    search.found = calloc(search.n_keys, sizeof(*search.found));
    if (!search.found)
        return cs_error_no_memory(err);
    status = search_keys(&search, err);
    if (!status)
        tell_missing(&search, missing);
    free(search.found);
    return status;
}
