/*
 * dc_spaces.c - which spaces there are. Personal and archived ones have to be
 * named.
 */
#include "connectors/confluence/dc.h"
#include "connectors/confluence/spaces.h"
#include "src/text.h"

struct dc_spaces {
    struct cs_dc *dc;
    struct cs_idset told; /* spaces come twice on some servers */
};

static enum cs_status read_space(const struct cs_json *row,
                                 const struct cs_site *site,
                                 struct cs_arena *arena,
                                 struct cs_container *ret, bool *ret_special,
                                 struct cs_error *err)
{
    struct cs_json home;
    const char *type = NULL, *state = NULL;
    enum cs_status status =
        cs_json_text(row, "key", CS_JSON_REQUIRED, &ret->key, err);
    if (!status)
        status = cs_json_text(row, "name", CS_JSON_OPTIONAL, &ret->name, err);
    if (!status)
        status = cs_json_text(row, "type", CS_JSON_OPTIONAL, &type, err);
    if (!status)
        status = cs_json_text(row, "status", CS_JSON_OPTIONAL, &state, err);
    if (!status)
        status = cs_json_object(row, "homepage", CS_JSON_OPTIONAL, &home, err);
    if (status)
        return status;
    ret->id = cs_dc_id(row, "id", arena);
    ret->home_id = cs_dc_id(&home, "id", arena);
    ret->url = cs_dc_web_url(site, row, arena);
    if (!ret->id)
        ret->id = ret->key;
    if (!ret->name)
        ret->name = ret->key;
    *ret_special =
        cs_str_equal(type, "personal") || cs_str_equal(state, "archived");
    return cs_arena_status(arena, err);
}

static enum cs_status take_space(void *payload, const struct cs_json *row,
                                 bool *stop, struct cs_error *err)
{
    struct cs_space_search *search = payload;
    struct dc_spaces *spaces = search->self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_container space = {.id = NULL};
    bool special = false, fresh = true;
    (void)stop;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        read_space(row, &spaces->dc->site, arena, &space, &special, err);
    if (!status)
        status = cs_idset_add(&spaces->told, space.id, &fresh, err);
    if (status || !fresh)
        return status;
    return cs_space_found(search, &space, special, err);
}

static enum cs_status list_spaces(struct cs_space_search *search,
                                  const char *path, struct cs_error *err)
{
    const struct dc_spaces *spaces = search->self;
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    enum cs_status status =
        cs_dc_list_open(spaces->dc, path, NULL, true, &paging, err);
    return status ? status : cs_dc_paging_each(paging, take_space, search, err);
}

enum cs_status cs_dc_containers(void *self, const char *only,
                                cs_container_fn *found, void *payload,
                                cs_missing_fn *missing, struct cs_error *err)
{
    struct dc_spaces spaces = {.dc = self};
    struct cs_space_search search = {
        .self = &spaces,
        .all = "/rest/api/space?type=global&status=current&expand=homepage",
        .by_key = "/rest/api/space?expand=homepage",
        .first = "&spaceKey=",
        .other = "&spaceKey=",
        .hint = "check the space keys and the account's permissions",
        .list = list_spaces,
        .config = spaces.dc->config,
        .only = only,
        .found = found,
        .payload = payload,
        .missing = missing};
    enum cs_status status = cs_space_find(&search, err);
    cs_idset_clear(&spaces.told);
    return status;
}
