/*
 * spaces.c - asked for by key, or all; what is missing is told.
 */
#include "connectors/confluence/spaces.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define KEYS_PER_REQUEST 50

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

enum cs_status cs_space_found(struct cs_space_search *search,
                              const struct cs_container *space, bool is_special,
                              struct cs_error *err)
{
    size_t i = 0;
    if (!search->keys)
        return is_special ? CS_OK : search->found(search->payload, space, err);
    while (i < search->n_keys &&
           cs_ascii_casecmp(search->keys[i], space->key) != 0)
        i++;
    if (i == search->n_keys || search->seen[i])
        return CS_OK;
    search->seen[i] = true;
    return search->found(search->payload, space, err);
}

static enum cs_status search_keys(struct cs_space_search *search,
                                  struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < search->n_keys && !status;) {
        cs_strbuf_reset(&path);
        cs_strbuf_puts(&path, search->by_key);
        for (size_t n = 0; n < KEYS_PER_REQUEST && i < search->n_keys; n++) {
            cs_strbuf_puts(&path, n ? search->other : search->first);
            cs_url_put_escaped(search->keys[i++], &path);
        }
        status = cs_strbuf_status(&path, err);
        if (!status)
            status = search->list(search, path.data, err);
    }
    return status;
}

static void tell_missing(const struct cs_space_search *search)
{
    for (size_t i = 0; i < search->n_keys; i++) {
        struct cs_error why = CS_ERROR_INIT;
        if (search->seen[i])
            continue;
        cs_error_set(&why, CS_ERR_NOT_FOUND,
                     "it was not found or may not be read");
        cs_error_hint(&why, "%s", search->hint);
        search->missing(search->payload, search->keys[i], &why);
    }
}

enum cs_status cs_space_find(struct cs_space_search *search,
                             struct cs_error *err)
{
    const struct cs_source_config *config = search->config;
    enum cs_status status = check_only(config, search->only, err);
    if (status)
        return status;
    if (!search->only && is_configured(config, "*"))
        return search->list(search, search->all, err);
    search->keys = search->only ? &search->only : config->spaces;
    search->n_keys = search->only ? 1 : config->n_spaces;
    search->seen = calloc(search->n_keys, sizeof(*search->seen));
    if (!search->seen)
        return cs_error_no_memory(err);
    status = search_keys(search, err);
    if (!status)
        tell_missing(search);
    free(search->seen);
    return status;
}
