/*
 * memory_sink_files.c - attachments and their bytes.
 */
#include "tests/lib/memory_sink_parts.h"

#include <stdlib.h>

struct memory_file *memory_sink_file(struct memory_sink *memory, const char *id)
{
    for (size_t i = 0; i < memory->n_files; i++) {
        if (strcmp(memory->files[i].id, id) == 0)
            return &memory->files[i];
    }
    return NULL;
}

static void drop_file(struct memory_sink *memory, struct memory_file *file)
{
    char *const texts[] = {file->id,      file->document_id, file->name,
                           file->locator, file->bytes,       file->why};
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++)
        free(texts[i]);
    *file = memory->files[--memory->n_files];
}

void memory_drop_files(struct memory_sink *memory, const char *document_id)
{
    for (size_t i = memory->n_files; i-- > 0;) {
        if (strcmp(memory->files[i].document_id, document_id) == 0)
            drop_file(memory, &memory->files[i]);
    }
}

static bool listed(const struct cs_document *doc, const char *id)
{
    for (size_t i = 0; i < doc->n_attachments; i++) {
        if (strcmp(doc->attachments[i].id, id) == 0)
            return true;
    }
    return false;
}

static void put_file(struct memory_sink *memory, const char *document_id,
                     const struct cs_attachment *attachment)
{
    struct memory_file *file = memory_sink_file(memory, attachment->id);
    if (!file) {
        memory->files =
            memory_grow(memory->files, memory->n_files, sizeof(*file));
        file = &memory->files[memory->n_files++];
        *file = (struct memory_file){.id = memory_copy(attachment->id)};
    }
    memory_replace(&file->document_id, document_id);
    memory_replace(&file->name, attachment->name);
    memory_replace(&file->locator, attachment->locator);
    file->size = attachment->size;
    file->version = attachment->version;
}

void memory_put_files(struct memory_sink *memory, const struct cs_document *doc)
{
    for (size_t i = memory->n_files; i-- > 0;) {
        struct memory_file *file = &memory->files[i];
        if (strcmp(file->document_id, doc->id) == 0 && !listed(doc, file->id))
            drop_file(memory, file);
    }
    for (size_t i = 0; i < doc->n_attachments; i++)
        put_file(memory, doc->id, &doc->attachments[i]);
}

static bool is_wanted(const struct memory_sink *memory,
                      const struct memory_file *file)
{
    int64_t max = memory->options.attachment_max_size;
    return memory->options.attachments != CS_ATTACHMENTS_NONE &&
           file->held != file->version && file->handed_in != memory->run &&
           (max == 0 || file->size <= max);
}

static enum cs_status sink_wanted_files(struct cs_sink *sink,
                                        struct cs_arena *arena, size_t max,
                                        struct cs_file_want *ret_wants,
                                        size_t *ret_n, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    size_t n = 0;
    for (size_t i = 0; i < memory->n_files && n < max; i++) {
        struct memory_file *file = &memory->files[i];
        if (!is_wanted(memory, file))
            continue;
        file->handed_in = memory->run;
        if (file->partial != file->version)
            file->len = 0;
        ret_wants[n++] = (struct cs_file_want){
            .id = cs_arena_strdup(arena, file->id),
            .document_id = cs_arena_strdup(arena, file->document_id),
            .name = cs_arena_strdup(arena, file->name),
            .locator = cs_arena_strdup(arena, file->locator),
            .size = file->size,
            .version = file->version,
            .have = (int64_t)file->len};
    }
    *ret_n = n;
    return memory_enter(sink, "wanted_files", err);
}

static enum cs_status sink_file_write(struct cs_sink *sink, const char *id,
                                      int64_t at, const void *data, size_t len,
                                      struct cs_error *err)
{
    struct memory_file *file = memory_sink_file(memory_self(sink), id);
    if (!file)
        return memory_enter(sink, "file_write", err);
    if (at != 0 && (size_t)at != file->len)
        return cs_error_set(err, CS_ERR_INTERNAL, "%s: bytes at %lld of %zu",
                            id, (long long)at, file->len);
    file->len = (size_t)at;
    char *more = realloc(file->bytes, file->len + len + 1);
    if (!more)
        abort();
    memcpy(more + file->len, data, len);
    file->bytes = more;
    file->len += len;
    file->bytes[file->len] = '\0';
    file->partial = file->version;
    return memory_enter(sink, "file_write", err);
}

static enum cs_status sink_file_end(struct cs_sink *sink, const char *id,
                                    int64_t size, struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_file *file = memory_sink_file(memory, id);
    if (file && (int64_t)file->len != size)
        return cs_error_set(err, CS_ERR_INTERNAL, "%s: %zu bytes, not %lld", id,
                            file->len, (long long)size);
    if (file) {
        file->held = file->version;
        file->partial = 0;
        memory_replace(&file->why, NULL);
        memory->files_fetched++;
    }
    return memory_enter(sink, "file_end", err);
}

static enum cs_status sink_file_fail(struct cs_sink *sink, const char *id,
                                     const struct cs_error *why,
                                     struct cs_error *err)
{
    struct memory_sink *memory = memory_self(sink);
    struct memory_file *file = memory_sink_file(memory, id);
    if (file)
        memory_replace(&file->why, why->message);
    memory->files_failed++;
    return memory_enter(sink, "file_fail", err);
}

void memory_file_ops(struct cs_sink_ops *ops)
{
    ops->wanted_files = sink_wanted_files;
    ops->file_write = sink_file_write;
    ops->file_end = sink_file_end;
    ops->file_fail = sink_file_fail;
}
