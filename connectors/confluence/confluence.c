/*
 * confluence.c - the vtable; picks the client for the kind of site.
 *
 * Where neither the configuration nor the host says what a site is, it is asked
 * once, at the configured address and nowhere else: both kinds tell who we are
 * at the same path, in different words.
 */
#include "connectors/confluence/confluence.h"

#include "connectors/confluence/clients.h"
#include "connectors/confluence/comments.h"
#include "connectors/confluence/dc.h"
#include "connectors/confluence/guide.h"
#include "connectors/confluence/stub.h"
#include "connectors/confluence/text.h"

#include <stdlib.h>

struct confluence {
    const struct cs_source_config *config;
    const struct cs_connector_env *env;
    const struct cs_connector *client; /* as far as is known */
    void *self;                        /* the client's */
    bool guessed;                      /* it was not asked yet */
    char site[CS_SITE_URL_MAX];
};

static enum cs_status open_client(struct confluence *confluence,
                                  const struct cs_connector *client,
                                  struct cs_error *err)
{
    void *self = NULL;
    enum cs_status status =
        client->open(confluence->config, confluence->env, &self, err);
    if (status)
        return status;
    if (confluence->self)
        confluence->client->close(confluence->self);
    confluence->client = client;
    confluence->self = self;
    return CS_OK;
}

/* What the configuration and the host say, without a question. */
static const struct cs_connector *known_client(
    const struct cs_source_config *config, const struct cs_site *site)
{
    switch (config->deployment) {
    case CS_DEPLOYMENT_CLOUD: return &cs_cloud_client;
    case CS_DEPLOYMENT_DATACENTER: return &cs_dc_client;
    case CS_DEPLOYMENT_AUTO: break;
    }
    bool gateway = config->cloud_id && *config->cloud_id;
    return site->is_atlassian || gateway ? &cs_cloud_client : NULL;
}

static void confluence_close(void *self)
{
    struct confluence *confluence = self;
    if (!confluence)
        return;
    if (confluence->self)
        confluence->client->close(confluence->self);
    free(confluence);
}

static enum cs_status confluence_open(const struct cs_source_config *config,
                                      const struct cs_connector_env *env,
                                      void **ret_self, struct cs_error *err)
{
    struct cs_site site;
    enum cs_status status =
        cs_dc_site_init(&site, config->base_url ? config->base_url : "", err);
    if (status)
        return status;
    struct confluence *confluence = calloc(1, sizeof(*confluence));
    if (!confluence)
        return cs_error_no_memory(err);
    const struct cs_connector *client = known_client(config, &site);
    confluence->config = config;
    confluence->env = env;
    confluence->guessed = !client;
    status = open_client(confluence, client ? client : &cs_dc_client, err);
    if (status) {
        confluence_close(confluence);
        return status;
    }
    /* What names the site must not depend on what is found there. */
    const char *name = client ? client->site(confluence->self) : site.url;
    memcpy(confluence->site, name, strlen(name) + 1);
    *ret_self = confluence;
    return CS_OK;
}

static const char *confluence_site(void *self)
{
    const struct confluence *confluence = self;
    return confluence->site;
}

static enum cs_status no_confluence(const struct confluence *confluence,
                                    struct cs_error *err)
{
    cs_error_set(err, CS_ERR_CONFIG, "there is no Confluence at %s",
                 confluence->site);
    cs_error_hint(err, "check the base URL; a Data Center may need the path "
                       "below which it runs, such as /confluence");
    return CS_ERR_CONFIG;
}

static enum cs_status confluence_check(void *self,
                                       struct cs_identity *ret_identity,
                                       struct cs_error *err)
{
    struct confluence *confluence = self;
    bool cloud = false;
    if (!confluence->guessed)
        return confluence->client->check(confluence->self, ret_identity, err);
    enum cs_status status =
        cs_dc_ask(confluence->self, ret_identity, &cloud, err);
    if (status || !cloud) {
        confluence->guessed = status != CS_OK;
        return status;
    }
    status = open_client(confluence, &cs_cloud_client, err);
    if (status)
        return status;
    confluence->guessed = false;
    status = confluence->client->check(confluence->self, ret_identity, err);
    return status == CS_ERR_CONFIG ? no_confluence(confluence, err) : status;
}

static enum cs_status confluence_containers(void *self, const char *only,
                                            cs_container_fn *found,
                                            void *payload,
                                            cs_missing_fn *missing,
                                            struct cs_error *err)
{
    struct confluence *confluence = self;
    return confluence->client->containers(confluence->self, only, found,
                                          payload, missing, err);
}

static enum cs_status confluence_list(void *self,
                                      const struct cs_container *container,
                                      const struct cs_list_out *out,
                                      bool *ret_labels, struct cs_error *err)
{
    struct confluence *confluence = self;
    return confluence->client->list(confluence->self, container, out,
                                    ret_labels, err);
}

/* A complete listing tells the changes too. */
static enum cs_status confluence_changes(void *self,
                                         const struct cs_container *container,
                                         int64_t since,
                                         const struct cs_list_out *out,
                                         struct cs_error *err)
{
    struct confluence *confluence = self;
    bool labels = false;
    if (!confluence->client->changes)
        return confluence->client->list(confluence->self, container, out,
                                        &labels, err);
    return confluence->client->changes(confluence->self, container, since, out,
                                       err);
}

static enum cs_status confluence_hints(void *self,
                                       const struct cs_container *containers,
                                       size_t n, const struct cs_hint_io *io,
                                       struct cs_error *err)
{
    struct confluence *confluence = self;
    if (!confluence->client->hints)
        return CS_OK;
    return confluence->client->hints(confluence->self, containers, n, io, err);
}

static enum cs_status confluence_probe(void *self, const struct cs_want *wants,
                                       size_t n, cs_verdict_fn *verdict,
                                       void *payload, struct cs_error *err)
{
    struct confluence *confluence = self;
    static const struct cs_verdict unknown = {.presence = CS_PRESENCE_UNKNOWN};
    enum cs_status status = CS_OK;
    if (confluence->client->probe)
        return confluence->client->probe(confluence->self, wants, n, verdict,
                                         payload, err);
    for (size_t i = 0; i < n && !status; i++)
        status = verdict(payload, wants[i].id, &unknown, err);
    return status;
}

static enum cs_status confluence_fetch(void *self,
                                       const struct cs_container *container,
                                       const struct cs_fetch_io *io,
                                       struct cs_error *err)
{
    struct confluence *confluence = self;
    return confluence->client->fetch(confluence->self, container, io, err);
}

static enum cs_status confluence_names(void *self, const char *const *ids,
                                       size_t n, cs_person_fn *person,
                                       void *payload, struct cs_error *err)
{
    struct confluence *confluence = self;
    return confluence->client->names(confluence->self, ids, n, person, payload,
                                     err);
}

static enum cs_status confluence_download(void *self,
                                          const struct cs_download_io *io,
                                          struct cs_error *err)
{
    struct confluence *confluence = self;
    if (!confluence->client->download)
        return CS_OK;
    return confluence->client->download(confluence->self, io, err);
}

/* The formats of sources, and whether the site's pages lie below "/wiki". */
static const struct format {
    const char *name;
    bool below;
    enum cs_status (*convert)(struct cs_arena *arena,
                              const struct cs_address_page *page,
                              const char *source, size_t len,
                              struct cs_body *ret_body,
                              struct cs_conversion_note *ret_note,
                              struct cs_error *err);
} formats[] = {
    {CS_FORMAT_STORAGE, true, cs_text_convert},
    {CS_DC_FORMAT_STORAGE, false, cs_text_convert},
    {CS_FORMAT_COMMENTS, true, cs_comments_convert},
    {CS_DC_FORMAT_COMMENTS, false, cs_comments_convert},
    {CS_FORMAT_STUB, true, cs_stub_convert},
};

static enum cs_status confluence_convert(
    const struct cs_convert_request *request, struct cs_arena *arena,
    struct cs_body *ret_body, struct cs_conversion_note *ret_note,
    struct cs_error *err)
{
    struct cs_site site;
    size_t i = 0;
    while (i < CS_ARRAY_LEN(formats) &&
           strcmp(formats[i].name, request->format) != 0)
        i++;
    if (i == CS_ARRAY_LEN(formats))
        return cs_error_set(err, CS_ERR_PARSE, "no format \"%.40s\"",
                            request->format);
    enum cs_status status = cs_site_init(&site, request->base_url, NULL, err);
    if (status)
        return status;
    const struct cs_address_page page = {.wiki = formats[i].below ? site.wiki
                                                                  : site.url,
                                         .space = request->container_key,
                                         .id = request->id};
    return formats[i].convert(arena, &page, request->text, request->len,
                              ret_body, ret_note, err);
}

const struct cs_connector cs_confluence_connector = {
    .type = "confluence",
    .title = "Confluence",
    .noun = "space",
    .aspects = CS_ASPECT_TEXT | CS_ASPECT_LABELS | CS_ASPECT_COMMENTS |
               CS_ASPECT_ATTACHMENTS | CS_ASPECT_RESTRICTIONS,
    .list_rows = CS_DC_LIST_LIMIT,
    .guide = cs_confluence_guide,
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
    .names = confluence_names,
    .download = confluence_download,
    .convert = confluence_convert,
};
