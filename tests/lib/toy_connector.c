/*
 * toy_connector.c - the smallest connector that keeps the contract.
 */
#include "tests/lib/toy_connector.h"

#include <stdlib.h>

struct toy {
    const struct toy_site *site;
    const struct cs_connector_env *env;
};

struct cs_source_config toy_source(const struct toy_site *site)
{
    return (struct cs_source_config){
        .name = "toy",
        .type = "toy",
        .base_url = "https://toy.test",
        .api_token = (const char *)(const void *)site,
        .jobs = 2,
    };
}

static enum cs_status toy_open(const struct cs_source_config *config,
                               const struct cs_connector_env *env,
                               void **ret_self, struct cs_error *err)
{
    struct toy *toy = calloc(1, sizeof(*toy));
    if (!toy)
        return cs_error_no_memory(err);
    toy->site = (const void *)config->api_token;
    toy->env = env;
    *ret_self = toy;
    return CS_OK;
}

static void toy_close(void *self)
{
    free(self);
}

static enum cs_status fail(enum cs_status status, const char *where,
                           struct cs_error *err)
{
    return status ? cs_error_set(err, status, "the toy failed at %s", where)
                  : CS_OK;
}

static enum cs_status toy_check(void *self, struct cs_identity *ret_identity,
                                struct cs_error *err)
{
    const struct toy *toy = self;
    (void)snprintf(ret_identity->name, sizeof(ret_identity->name), "Toy");
    (void)snprintf(ret_identity->id, sizeof(ret_identity->id), "toy");
    return fail(toy->site->check_fails, "check", err);
}

static enum cs_status toy_containers(
    void *self, const char *only, cs_container_fn *found, void *payload,
    void (*missing)(void *payload, const char *key, const struct cs_error *why),
    struct cs_error *err)
{
    const struct toy *toy = self;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < toy->site->n_spaces && !status; i++) {
        const struct toy_space *space = &toy->site->spaces[i];
        struct cs_container container = {
            .id = space->key, .key = space->key, .name = space->key};
        struct cs_error why = CS_ERROR_INIT;
        if (only && strcmp(only, space->key) != 0)
            continue;
        (void)cs_error_set(&why, CS_ERR_NOT_FOUND, "space %s was not found",
                           space->key);
        if (space->missing)
            missing(payload, space->key, &why);
        else
            status = found(payload, &container, err);
    }
    return status;
}

static const struct toy_space *find_space(const struct toy *toy,
                                          const struct cs_container *container)
{
    const struct toy_space *space = toy->site->spaces;
    while (strcmp(space->key, container->key) != 0)
        space++;
    return space;
}

static enum cs_status toy_list(void *self, const struct cs_container *container,
                               const struct cs_list_out *out, bool *ret_labels,
                               struct cs_error *err)
{
    const struct toy *toy = self;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < toy->site->n_documents && !status; i++) {
        const struct toy_document *doc = &toy->site->documents[i];
        struct cs_item item = {.id = doc->id,
                               .kind = doc->kind,
                               .title = doc->title,
                               .position = -1,
                               .version = doc->version};
        if (strcmp(doc->space, container->key) != 0)
            continue;
        status = out->item(out->payload, &item, err);
        if (!status && doc->label)
            status = out->label(out->payload, doc->id, doc->label, err);
    }
    *ret_labels = true;
    return status ? status
                  : fail(find_space(toy, container)->list_fails, "list", err);
}

static const struct toy_document *find_document(const struct toy *toy,
                                                const char *id)
{
    const struct toy_document *doc = toy->site->documents;
    while (strcmp(doc->id, id) != 0)
        doc++;
    return doc;
}

static enum cs_status deliver(const struct toy_document *doc,
                              const struct cs_fetch_io *io,
                              struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    if (fail(doc->fetch_fails, "a document", &why))
        return io->failed(io->payload, doc->id, &why, err);
    struct cs_document made = {
        .id = doc->id,
        .version = doc->version,
        .aspects = CS_ASPECT_TEXT,
        .text = {.body = {.markdown = doc->text, .len = strlen(doc->text)},
                 .source = doc->text,
                 .source_len = strlen(doc->text),
                 .source_format = "markdown"},
    };
    return io->document(io->payload, &made, err);
}

static enum cs_status toy_fetch(void *self,
                                const struct cs_container *container,
                                const struct cs_fetch_io *io,
                                struct cs_error *err)
{
    const struct toy *toy = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_want wants[2];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (!status && n == CS_ARRAY_LEN(wants)) {
        status =
            io->next(io->payload, arena, CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++) {
            if (!toy->site->forgets)
                status = deliver(find_document(toy, wants[i].id), io, err);
        }
    }
    return status ? status
                  : fail(find_space(toy, container)->fetch_fails, "fetch", err);
}

const struct cs_connector toy_connector = {
    .type = "toy",
    .title = "Toy",
    .noun = "space",
    .aspects = CS_ASPECT_TEXT,
    .list_rows = 100,
    .open = toy_open,
    .close = toy_close,
    .check = toy_check,
    .containers = toy_containers,
    .list = toy_list,
    .fetch = toy_fetch,
};
