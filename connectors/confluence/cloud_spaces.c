/*
 * cloud_spaces.c - which spaces there are. Personal ones have to be named.
 */
#include "connectors/confluence/cloud.h"
#include "connectors/confluence/spaces.h"
#include "src/text.h"

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

static enum cs_status take_space(void *payload, const struct cs_json *row,
                                 bool *stop, struct cs_error *err)
{
    struct cs_space_search *search = payload;
    const struct cs_cloud *cloud = search->self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_container space = {.id = NULL};
    bool personal, gone;
    (void)stop;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        read_space(row, &cloud->site, arena, &space, &personal, &gone, err);
    if (status || gone)
        return status;
    return cs_space_found(search, &space, personal, err);
}

static enum cs_status list_spaces(struct cs_space_search *search,
                                  const char *path, struct cs_error *err)
{
    const struct cs_cloud *cloud = search->self;
    struct cs_paging *paging CS_CLEANUP(cs_paging_cleanup) = NULL;
    enum cs_status status =
        cs_paging_open(&cloud->paging, path, 0, &paging, err);
    return status ? status : cs_paging_each(paging, take_space, search, err);
}

enum cs_status cs_cloud_containers(void *self, const char *only,
                                   cs_container_fn *found, void *payload,
                                   cs_missing_fn *missing, struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct cs_space_search search = {
        .self = cloud,
        .all = "/wiki/api/v2/spaces?status=current&limit=250",
        .by_key = "/wiki/api/v2/spaces?limit=250&keys=",
        .first = "",
        .other = ",",
        .hint = "check the space keys (upper and lower case count) and the "
                "account's permissions",
        .list = list_spaces,
        .config = cloud->config,
        .only = only,
        .found = found,
        .payload = payload,
        .missing = missing};
    return cs_space_find(&search, err);
}
