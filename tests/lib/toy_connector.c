/*
 * toy_connector.c - the smallest connector that keeps the contract.
 */
#include "tests/lib/toy_connector.h"

#include <stdlib.h>

struct toy {
    const struct toy_site *site;
    const struct cs_connector_env *env;
    struct toy_calls *calls;
    struct toy_calls ignored;
};

struct cs_source_config toy_source(const struct toy_site *site)
{
    return (struct cs_source_config){
        .name = "toy",
        .type = "toy",
        .base_url = "https://toy.test",
        .cloud_id = (const char *)(const void *)site,
        .api_token = "toy-token",
        .jobs = 2,
        .comments = true,
    };
}

static enum cs_status toy_open(const struct cs_source_config *config,
                               const struct cs_connector_env *env,
                               void **ret_self, struct cs_error *err)
{
    struct toy *toy = calloc(1, sizeof(*toy));
    if (!toy)
        return cs_error_no_memory(err);
    toy->site = (const void *)config->cloud_id;
    toy->env = env;
    toy->calls = toy->site->calls ? toy->site->calls : &toy->ignored;
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
    toy->calls->check++;
    (void)snprintf(ret_identity->name, sizeof(ret_identity->name), "Toy");
    (void)snprintf(ret_identity->id, sizeof(ret_identity->id), "toy");
    return fail(toy->site->check_fails, "check", err);
}

static enum cs_status toy_containers(
    void *self, const char *only, cs_container_fn *found, void *payload,
    cs_missing_fn *missing,
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

static struct cs_item item_of(const struct toy_document *doc)
{
    return (struct cs_item){.id = doc->id,
                            .kind = doc->kind,
                            .title = doc->title,
                            .position = -1,
                            .version = doc->version,
                            .updated = doc->updated};
}

static enum cs_status tell(const struct toy *toy,
                           const struct cs_container *container, int64_t since,
                           bool labels, const struct cs_list_out *out,
                           struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < toy->site->n_documents && !status; i++) {
        const struct toy_document *doc = &toy->site->documents[i];
        const struct cs_item item = item_of(doc);
        if (strcmp(doc->space, container->key) != 0 || doc->unlisted ||
            doc->updated < since)
            continue;
        status = out->item(out->payload, &item, err);
        if (!status && doc->label && labels)
            status = out->label(out->payload, doc->id, doc->label, err);
    }
    return status;
}

static enum cs_status toy_list(void *self, const struct cs_container *container,
                               const struct cs_list_out *out, bool *ret_labels,
                               struct cs_error *err)
{
    const struct toy *toy = self;
    toy->calls->lists++;
    enum cs_status status =
        tell(toy, container, INT64_MIN, !toy->site->no_list_labels, out, err);
    *ret_labels = !toy->site->no_list_labels;
    return status ? status
                  : fail(find_space(toy, container)->list_fails, "list", err);
}

static enum cs_status toy_changes(void *self,
                                  const struct cs_container *container,
                                  int64_t since, const struct cs_list_out *out,
                                  struct cs_error *err)
{
    const struct toy *toy = self;
    toy->calls->changes++;
    toy->calls->since = since;
    enum cs_status status = tell(toy, container, since, false, out, err);
    return status ? status : fail(toy->site->changes_fail, "changes", err);
}

/* The whole feed each time; the cursor counts how often it was told. */
static enum cs_status toy_hints(void *self,
                                const struct cs_container *containers, size_t n,
                                const struct cs_hint_io *io,
                                struct cs_error *err)
{
    const struct toy *toy = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct toy_calls *calls = toy->calls;
    const char *cursor = NULL;
    char next[32];
    (void)containers;
    calls->hints++;
    calls->hint_aspects = io->aspects;
    calls->hint_documents = io->documents;
    calls->hint_containers = n;
    enum cs_status status =
        io->cursor(io->payload, "feed", arena, &cursor, err);
    (void)snprintf(calls->cursor, sizeof(calls->cursor), "%s",
                   cursor ? cursor : "");
    for (size_t i = 0; i < toy->site->n_feed && !status; i++) {
        const struct toy_hint *hint = &toy->site->feed[i];
        status = hint->aspects ? io->hint(io->payload, hint->id,
                                          hint->aspects & io->aspects, err)
                               : io->suspect(io->payload, hint->id, err);
    }
    if (!status)
        status = fail(toy->site->hints_fail, "hints", err);
    (void)snprintf(next, sizeof(next), "told %u", calls->hints);
    return status ? status : io->set_cursor(io->payload, "feed", next, err);
}

static const struct toy_document *find_document(const struct toy *toy,
                                                const char *id)
{
    for (size_t i = 0; i < toy->site->n_documents; i++) {
        if (strcmp(toy->site->documents[i].id, id) == 0)
            return &toy->site->documents[i];
    }
    return NULL;
}

static enum cs_status toy_probe(void *self, const struct cs_want *wants,
                                size_t n, cs_verdict_fn *verdict, void *payload,
                                struct cs_error *err)
{
    const struct toy *toy = self;
    enum cs_status status = fail(toy->site->probe_fails, "probe", err);
    for (size_t i = 0; i < n && !status; i++) {
        const struct toy_document *doc = find_document(toy, wants[i].id);
        const struct cs_item item = doc ? item_of(doc) : (struct cs_item){0};
        struct cs_verdict said = {.presence = CS_PRESENCE_GONE};
        if (doc)
            said.presence = doc->unlisted ? doc->presence : CS_PRESENCE_HERE;
        if (said.presence == CS_PRESENCE_HERE) {
            said.item = &item;
            said.container_id = doc->space;
        }
        toy->calls->probes++;
        status = verdict(payload, wants[i].id, &said, err);
    }
    return status;
}

static struct cs_text text_of(const char *text)
{
    return (struct cs_text){.body = {.markdown = text, .len = strlen(text)},
                            .source = text,
                            .source_len = strlen(text),
                            .source_format = "markdown"};
}

static struct cs_attachment attachment_of(const struct toy_file *file)
{
    return (struct cs_attachment){.id = file->id,
                                  .name = file->name,
                                  .size = (int64_t)strlen(file->data),
                                  .version = file->version};
}

/* All of what is wanted, and the labels with every text. */
static enum cs_status deliver(const struct toy *toy,
                              const struct toy_document *doc, unsigned aspects,
                              const struct cs_fetch_io *io,
                              struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    struct cs_attachment attachments[8];
    if (fail(doc->fetch_fails, "a document", &why))
        return io->failed(io->payload, doc->id, &why, err);
    struct cs_document made = {
        .id = doc->id,
        .version = doc->version,
        .aspects = aspects,
        .labels = &doc->label,
        .n_labels = doc->label ? 1 : 0,
        .attachments = attachments,
        .n_comments = doc->comments ? 1 : 0,
        .text = text_of(doc->text),
        .comments = text_of(doc->comments ? doc->comments : ""),
    };
    for (size_t i = 0; i < toy->site->n_files; i++) {
        if (strcmp(toy->site->files[i].document, doc->id) == 0)
            attachments[made.n_attachments++] =
                attachment_of(&toy->site->files[i]);
    }
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
    toy->calls->fetches++;
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = CS_OK;
    while (!status && n == CS_ARRAY_LEN(wants)) {
        status =
            io->next(io->payload, arena, CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++) {
            if (!toy->site->forgets)
                status = deliver(toy, find_document(toy, wants[i].id),
                                 wants[i].aspects, io, err);
        }
    }
    return status ? status
                  : fail(find_space(toy, container)->fetch_fails, "fetch", err);
}

static const struct toy_file *find_file(const struct toy *toy, const char *id)
{
    const struct toy_file *file = toy->site->files;
    while (strcmp(file->id, id) != 0)
        file++;
    return file;
}

/* The first half, and the other one unless it shall fail. */
static enum cs_status send(const struct toy *toy,
                           const struct cs_file_want *want,
                           const struct cs_download_io *io,
                           struct cs_error *err)
{
    const struct toy_file *file = find_file(toy, want->id);
    size_t len = strlen(file->data), have = (size_t)want->have;
    size_t half = have > len / 2 ? have : len / 2;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = io->write(io->payload, want->id, want->have,
                                      file->data + have, half - have, err);
    if (!status && fail(file->fails, "a file", &why))
        return io->failed(io->payload, want->id, &why, err);
    if (!status)
        status = io->write(io->payload, want->id, (int64_t)half,
                           file->data + half, len - half, err);
    return status ? status : io->end(io->payload, want->id, (int64_t)len, err);
}

static enum cs_status toy_download(void *self, const struct cs_download_io *io,
                                   struct cs_error *err)
{
    const struct toy *toy = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_file_want wants[2];
    size_t n = CS_ARRAY_LEN(wants);
    enum cs_status status = fail(toy->site->download_fails, "download", err);
    toy->calls->downloads++;
    while (!status && n == CS_ARRAY_LEN(wants)) {
        status =
            io->next(io->payload, arena, CS_ARRAY_LEN(wants), wants, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            status = send(toy, &wants[i], io, err);
    }
    return status;
}

const struct cs_connector toy_connector = {
    .type = "toy",
    .title = "Toy",
    .noun = "space",
    .aspects = CS_ASPECT_TEXT | CS_ASPECT_LABELS | CS_ASPECT_COMMENTS |
               CS_ASPECT_ATTACHMENTS,
    .list_rows = 100,
    .open = toy_open,
    .close = toy_close,
    .check = toy_check,
    .containers = toy_containers,
    .list = toy_list,
    .changes = toy_changes,
    .hints = toy_hints,
    .probe = toy_probe,
    .fetch = toy_fetch,
    .download = toy_download,
};
