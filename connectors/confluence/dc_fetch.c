/*
 * dc_fetch.c - texts: many requests ahead, handed over in order.
 *
 * A line of batches is kept open, so that the next request starts the moment
 * one ends. The first in the line is completed, converted and handed over.
 * Memory is bounded by the length of the line and by the size of an answer,
 * which the batch size adapts to.
 */
#include "connectors/confluence/dc_aspects.h"
#include "connectors/confluence/dc_item.h"
#include "connectors/confluence/text.h"

#include <stdlib.h>

#define BATCHES_AHEAD 4
#define CHUNK_BYTES   ((size_t)8 << 20)   /* of converted texts at a time */
#define SCRATCH_MAX   ((size_t)512 << 20) /* for one text, all in all */
#define POLL_EVERY    8                   /* documents */
#define GIVE_UP_AFTER 25 /* documents in a row that the server chokes on */

struct fetch {
    struct cs_dc *dc;
    const struct cs_container *container;
    const struct cs_fetch_io *io;
    struct cs_arena *scratch; /* converted texts of a chunk */
    struct cs_dc_batch *head, **tail;
    size_t n_open;
    bool last;       /* no more wants will come */
    unsigned choked; /* documents in a row */
    unsigned handed_over;
};

static enum cs_status open_ahead(struct fetch *fetch, struct cs_error *err)
{
    size_t max = (size_t)fetch->dc->config->jobs + 2;
    enum cs_status status = CS_OK;
    if (fetch->dc->no_batches && max > BATCHES_AHEAD)
        max = BATCHES_AHEAD; /* of many requests each */
    while (!fetch->last && fetch->n_open < max && !status) {
        struct cs_dc_batch *batch = NULL;
        status =
            cs_dc_batch_open(fetch->dc, fetch->io, &batch, &fetch->last, err);
        if (status || !batch)
            break;
        *fetch->tail = batch;
        fetch->tail = &batch->next;
        fetch->n_open++;
    }
    return status;
}

static void drop_head(struct fetch *fetch)
{
    struct cs_dc_batch *batch = fetch->head;
    fetch->head = batch->next;
    if (!fetch->head)
        fetch->tail = &fetch->head;
    fetch->n_open--;
    cs_dc_batch_free(batch);
}

/* ---- reading and converting ---- */

static enum cs_status note_user(struct fetch *fetch, const struct cs_json *row,
                                const char *member, const char *key,
                                struct cs_error *err)
{
    struct cs_json part;
    const char *name = NULL;
    if (cs_json_object(row, member, CS_JSON_OPTIONAL, &part, NULL))
        return CS_OK;
    const char *id = cs_dc_person(&part, key, &name);
    return cs_dc_people_note(fetch->dc->people, id, name, err);
}

static enum cs_status note_people(struct fetch *fetch,
                                  const struct cs_dc_task *task,
                                  const struct cs_body *body,
                                  struct cs_error *err)
{
    enum cs_status status =
        note_user(fetch, &task->row, "history", "createdBy", err);
    if (!status)
        status = note_user(fetch, &task->row, "version", "by", err);
    for (size_t i = 0; i < body->n_places && !status; i++) {
        if (body->places[i].ref.kind == CS_REF_USER)
            status = cs_dc_people_note(fetch->dc->people,
                                       body->places[i].ref.id, NULL, err);
    }
    return status;
}

static enum cs_status read_text(const struct cs_dc *dc, struct cs_dc_task *task,
                                struct cs_error *err)
{
    struct cs_json body, storage;
    struct cs_document *doc = &task->doc;
    enum cs_status status =
        cs_json_object(&task->row, "body", CS_JSON_REQUIRED, &body, err);
    if (!status)
        status =
            cs_json_object(&body, "storage", CS_JSON_REQUIRED, &storage, err);
    if (!status)
        status = cs_json_text(&storage, "value", CS_JSON_REQUIRED,
                              &doc->text.source, err);
    if (status)
        return status;
    doc->version = cs_dc_version(&task->row);
    if (doc->version <= 0)
        return cs_json_expected(&task->row, "a version", err);
    doc->text.source_len = strlen(doc->text.source);
    doc->text.source_format =
        cs_dc_site_below(&dc->site) ? CS_FORMAT_STORAGE : CS_DC_FORMAT_STORAGE;
    doc->aspects |= CS_ASPECT_TEXT;
    return CS_OK;
}

static enum cs_status read_labels(struct cs_dc_batch *batch,
                                  struct cs_dc_task *task, struct cs_error *err)
{
    bool known = false;
    struct cs_document *doc = &task->doc;
    enum cs_status status =
        cs_dc_labels(batch->dc, &task->row, task->want.id, batch->arena,
                     &doc->labels, &doc->n_labels, &known, err);
    if (!status && known)
        doc->aspects |= CS_ASPECT_LABELS;
    return status;
}

static enum cs_status convert_text(struct fetch *fetch, struct cs_dc_task *task,
                                   const struct cs_address_page *page,
                                   struct cs_error *err)
{
    struct cs_text *text = &task->doc.text;
    enum cs_status status = read_text(fetch->dc, task, err);
    return status ? status
                  : cs_text_convert(fetch->scratch, page, text->source,
                                    text->source_len, &text->body, &text->note,
                                    err);
}

static enum cs_status convert_comments(struct fetch *fetch,
                                       struct cs_dc_task *task,
                                       const struct cs_address_page *page,
                                       struct cs_error *err)
{
    struct cs_text *text = &task->doc.comments;
    enum cs_status status = cs_comments_text(fetch->scratch, page, task->notes,
                                             task->n_notes, text, err);
    task->doc.n_comments = (unsigned)task->n_notes;
    if (!status && text->source && !cs_dc_site_below(&fetch->dc->site))
        text->source_format = CS_DC_FORMAT_COMMENTS;
    return status;
}

/* Convert the texts of one document into the scratch arena. What is wrong with
 * them fails the document alone. */
static enum cs_status convert(struct fetch *fetch, struct cs_dc_task *task,
                              struct cs_error *err)
{
    const struct cs_address_page page = {.wiki = fetch->dc->site.wiki,
                                         .space = fetch->container->key,
                                         .id = task->want.id};
    enum cs_status status = CS_OK;
    if (task->failed)
        return CS_OK;
    if (task->want.aspects & CS_ASPECT_TEXT)
        status = convert_text(fetch, task, &page, &task->why);
    if (!status && (task->doc.aspects & CS_ASPECT_COMMENTS))
        status = convert_comments(fetch, task, &page, &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->failed = true;
        return CS_OK;
    }
    status = note_people(fetch, task, &task->doc.text.body, err);
    return status ? status
                  : note_people(fetch, task, &task->doc.comments.body, err);
}

/* ---- handing over ---- */

static enum cs_status hand_over(struct fetch *fetch, struct cs_dc_task *task,
                                struct cs_error *err)
{
    const struct cs_fetch_io *io = fetch->io;
    enum cs_status status =
        task->failed ? io->failed(io->payload, task->want.id, &task->why, err)
                     : io->document(io->payload, &task->doc, err);
    if (status)
        return status;
    bool choked = task->failed && task->server_error;
    fetch->choked = choked ? fetch->choked + 1 : 0;
    if (fetch->choked >= GIVE_UP_AFTER) {
        if (err)
            *err = task->why;
        cs_error_prefix(err, "%u documents in a row failed, the last with",
                        fetch->choked);
        return task->why.status;
    }
    /* Transfers move only when they are given a turn. */
    if (++fetch->handed_over % POLL_EVERY == 0)
        status = cs_http_wait(fetch->dc->http, SIZE_MAX, err);
    return status;
}

static enum cs_status flush(struct fetch *fetch, struct cs_dc_task *tasks,
                            size_t n, struct cs_error *err)
{
    enum cs_status status =
        cs_dc_people_resolve(fetch->dc->people, fetch->io, err);
    for (size_t i = 0; i < n && !status; i++)
        status = hand_over(fetch, &tasks[i], err);
    cs_arena_clear(fetch->scratch);
    return status;
}

static enum cs_status finish(struct fetch *fetch, struct cs_dc_batch *batch,
                             struct cs_error *err)
{
    size_t first = 0; /* converted, not handed over yet */
    enum cs_status status = cs_dc_batch_complete(batch, err);
    for (size_t i = 0; i < batch->n && !status; i++) {
        struct cs_dc_task *task = &batch->tasks[i];
        if (!task->failed && task->row.node)
            status = read_labels(batch, task, err);
        if (!status)
            status = cs_dc_aspects_take(fetch->dc, batch->arena, task, err);
        if (!status)
            status = convert(fetch, task, err);
        /* An arena that refused once gives nothing until it is cleared. */
        bool full = cs_arena_used(fetch->scratch) > CHUNK_BYTES ||
                    cs_arena_status(fetch->scratch, NULL);
        if (!status && full) {
            status = flush(fetch, batch->tasks + first, i + 1 - first, err);
            first = i + 1;
        }
    }
    if (!status)
        status = flush(fetch, batch->tasks + first, batch->n - first, err);
    return status;
}

enum cs_status cs_dc_fetch(struct cs_dc *dc,
                           const struct cs_container *container,
                           const struct cs_fetch_io *io, struct cs_error *err)
{
    struct cs_arena *scratch CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(SCRATCH_MAX);
    struct fetch fetch = {
        .dc = dc, .container = container, .io = io, .scratch = scratch};
    fetch.tail = &fetch.head;
    if (!scratch)
        return cs_error_no_memory(err);
    enum cs_status status = open_ahead(&fetch, err);
    while (!status && fetch.head) {
        status = finish(&fetch, fetch.head, err);
        drop_head(&fetch);
        if (!status)
            status = open_ahead(&fetch, err);
    }
    while (fetch.head)
        drop_head(&fetch);
    return status;
}
