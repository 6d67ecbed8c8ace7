/*
 * dc_spaces.c - which spaces there are.
 *
 * Those that are named are asked for by key, whatever their kind or status;
 * without names it is the current global ones.
 */
#include "connectors/confluence/dc.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define KEYS_PER_REQUEST 50

/* Who is asked for what while the listings of spaces run. */
struct space_search {
    struct cs_dc *dc;
    const char *const *keys; /* asked for by name; NULL: all */
    size_t n_keys;
    bool *found;          /* one for each key */
    struct cs_idset told; /* spaces come twice on some servers */
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
    struct space_search *search = payload;
    struct cs_container space = {.id = NULL};
    bool special = false, fresh = true;
    (void)stop;
    cs_arena_clear(search->arena);
    enum cs_status status = read_space(row, &search->dc->site, search->arena,
                                       &space, &special, err);
    if (!status)
        status = cs_idset_add(&search->told, space.id, &fresh, err);
    if (status || !fresh || (!search->keys && special))
        return status;
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
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    enum cs_status status =
        cs_dc_list_open(search->dc, path, NULL, true, &paging, err);
    return status ? status : cs_dc_paging_each(paging, take_space, search, err);
}

static enum cs_status search_keys(struct space_search *search,
                                  struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < search->n_keys && !status;) {
        cs_strbuf_reset(&path);
        cs_strbuf_puts(&path, "/rest/api/space?expand=homepage");
        for (size_t n = 0; n < KEYS_PER_REQUEST && i < search->n_keys; n++) {
            cs_strbuf_puts(&path, "&spaceKey=");
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
        cs_error_hint(&why, "check the space keys and the account's "
                            "permissions");
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

enum cs_status cs_dc_containers(struct cs_dc *dc, const char *only,
                                cs_container_fn *found, void *payload,
                                void (*missing)(void *payload, const char *key,
                                                const struct cs_error *why),
                                struct cs_error *err)
{
    const struct cs_source_config *config = dc->config;
    bool all = !only && is_configured(config, "*");
    enum cs_status status = check_only(config, only, err);
    if (status)
        return status;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct space_search search = {
        .dc = dc, .fn = found, .payload = payload, .arena = arena};
    if (!arena)
        return cs_error_no_memory(err);
    search.keys = all ? NULL : only ? &only : config->spaces;
    search.n_keys = all ? 0 : only ? 1 : config->n_spaces;
    search.found = calloc(search.n_keys + 1, sizeof(*search.found));
    if (!search.found)
        return cs_error_no_memory(err);
    status = all ? list_spaces(&search,
                               "/rest/api/space?type=global&status=current"
                               "&expand=homepage",
                               err)
                 : search_keys(&search, err);
    if (!status)
        tell_missing(&search, missing);
    free(search.found);
    cs_idset_clear(&search.told);
    return status;
}
