/*
 * cloud_fetch.c - documents: many requests ahead, handed over in order.
 *
 * A line of batches is kept open, one more than there may be transfers in
 * flight, so that the next request starts the moment one ends. The first in the
 * line is completed, converted and handed over. Memory is bounded by the length
 * of the line and by the size of an answer, which the batch size adapts to.
 */
#include "connectors/confluence/cloud_aspects.h"
#include "connectors/confluence/stub.h"
#include "connectors/confluence/text.h"

#include <stdlib.h>

#define CHUNK_BYTES   ((size_t)8 << 20)   /* of converted texts at a time */
#define SCRATCH_MAX   ((size_t)512 << 20) /* for one text, all in all */
#define POLL_EVERY    8                   /* documents */
#define GIVE_UP_AFTER 25 /* documents in a row that the server chokes on */

struct fetch {
    struct cs_cloud *cloud;
    const struct cs_container *container;
    const struct cs_fetch_io *io;
    struct cs_arena *scratch; /* converted texts of a chunk */
    struct cs_cloud_batch *head, **tail;
    size_t n_open;
    bool last;       /* no more wants will come */
    unsigned choked; /* documents in a row */
    unsigned handed_over;
};

static enum cs_status open_ahead(struct fetch *fetch, struct cs_error *err)
{
    size_t max = (size_t)fetch->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    while (!fetch->last && fetch->n_open < max && !status) {
        struct cs_cloud_batch *batch = NULL;
        status = cs_cloud_batch_open(fetch->cloud, fetch->io, &batch,
                                     &fetch->last, err);
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
    struct cs_cloud_batch *batch = fetch->head;
    fetch->head = batch->next;
    if (!fetch->head)
        fetch->tail = &fetch->head;
    fetch->n_open--;
    cs_cloud_batch_free(batch);
}

/* ---- what hangs on the documents ---- */

static enum cs_status fetch_aspects(struct fetch *fetch,
                                    struct cs_cloud_batch *batch,
                                    struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < batch->n && !status; i++)
        status = cs_cloud_aspects_open(fetch->cloud, batch->arena,
                                       &batch->tasks[i], err);
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (!batch->tasks[i].failed)
            status = cs_cloud_aspects_take(fetch->cloud, batch->arena,
                                           &batch->tasks[i], err);
    }
    return status;
}

/* ---- conversion ---- */

static enum cs_status read_row(struct cs_cloud_task *task,
                               const char **ret_author, const char **ret_editor,
                               struct cs_error *err)
{
    struct cs_json version, body, storage;
    struct cs_document *doc = &task->doc;
    const struct cs_json *row = &task->row;
    enum cs_status status =
        cs_json_text(row, "authorId", CS_JSON_OPTIONAL, ret_author, err);
    if (!status)
        status =
            cs_json_object(row, "version", CS_JSON_REQUIRED, &version, err);
    if (!status)
        status = cs_json_text(&version, "authorId", CS_JSON_OPTIONAL,
                              ret_editor, err);
    if (!status)
        status = cs_json_int(&version, "number", CS_JSON_REQUIRED, 0,
                             &doc->version, err);
    if (!status)
        status = cs_json_object(row, "body", CS_JSON_REQUIRED, &body, err);
    if (!status)
        status =
            cs_json_object(&body, "storage", CS_JSON_REQUIRED, &storage, err);
    if (!status)
        status = cs_json_text(&storage, "value", CS_JSON_REQUIRED,
                              &doc->text.source, err);
    if (status)
        return status;
    doc->text.source_len = strlen(doc->text.source);
    doc->text.source_format = "storage";
    doc->aspects |= CS_ASPECT_TEXT;
    return CS_OK;
}

static enum cs_status note_people(struct cs_people *people,
                                  const struct cs_body *body,
                                  const char *author, const char *editor,
                                  struct cs_error *err)
{
    enum cs_status status = cs_people_note(people, author, err);
    if (!status)
        status = cs_people_note(people, editor, err);
    for (size_t i = 0; i < body->n_places && !status; i++) {
        if (body->places[i].ref.kind == CS_REF_USER)
            status = cs_people_note(people, body->places[i].ref.id, err);
    }
    return status;
}

/* What is wrong with the text or its row fails the document alone. */
static enum cs_status convert_text(struct fetch *fetch,
                                   const struct cs_address_page *page,
                                   struct cs_cloud_task *task,
                                   struct cs_error *err)
{
    const char *author = NULL, *editor = NULL;
    struct cs_text *text = &task->doc.text;
    if (!cs_cloud_has_text(task->want.kind)) {
        task->doc.version = task->want.version;
        task->doc.aspects |= CS_ASPECT_TEXT;
        return cs_stub_text(fetch->scratch, task->want.kind, task->want.url,
                            text, err);
    }
    enum cs_status status = read_row(task, &author, &editor, &task->why);
    if (!status)
        status = cs_text_convert(fetch->scratch, page, text->source,
                                 text->source_len, &text->body, &text->note,
                                 &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->failed = true;
        return CS_OK;
    }
    return note_people(fetch->cloud->people, &text->body, author, editor, err);
}

/* Comments that can not be made into a text are left out. */
static enum cs_status convert_comments(struct fetch *fetch,
                                       const struct cs_address_page *page,
                                       struct cs_cloud_task *task,
                                       struct cs_error *err)
{
    struct cs_text *text = &task->doc.comments;
    enum cs_status status =
        cs_comments_text(fetch->scratch, page, task->comments, task->n_comments,
                         text, &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->doc.aspects &= ~(unsigned)CS_ASPECT_COMMENTS;
        task->failed = task->doc.aspects == 0;
        return CS_OK;
    }
    task->doc.n_comments = (unsigned)task->n_comments;
    return note_people(fetch->cloud->people, &text->body, NULL, NULL, err);
}

/* Convert what one document brings into the scratch arena. */
static enum cs_status convert(struct fetch *fetch, struct cs_cloud_task *task,
                              struct cs_error *err)
{
    const struct cs_address_page page = {.wiki = fetch->cloud->site.wiki,
                                         .space = fetch->container->key,
                                         .id = task->want.id};
    enum cs_status status = CS_OK;
    task->server_error = false;
    task->doc.id = task->want.id;
    if (task->want.aspects & CS_ASPECT_TEXT)
        status = convert_text(fetch, &page, task, err);
    if (!status && !task->failed && (task->doc.aspects & CS_ASPECT_COMMENTS))
        status = convert_comments(fetch, &page, task, err);
    return status;
}

/* ---- handing over ---- */

static enum cs_status hand_over(struct fetch *fetch, struct cs_cloud_task *task,
                                struct cs_error *err)
{
    const struct cs_fetch_io *io = fetch->io;
    enum cs_status status =
        task->failed ? io->failed(io->payload, task->want.id, &task->why, err)
                     : io->document(io->payload, &task->doc, err);
    if (status)
        return status;
    fetch->choked = task->server_error ? fetch->choked + 1 : 0;
    if (fetch->choked >= GIVE_UP_AFTER) {
        if (err)
            *err = task->why;
        cs_error_prefix(err, "%u documents in a row failed, the last with",
                        fetch->choked);
        return task->why.status;
    }
    /* Transfers move only when they are given a turn. */
    if (++fetch->handed_over % POLL_EVERY == 0)
        status = cs_http_wait(fetch->cloud->http, SIZE_MAX, err);
    return status;
}

static enum cs_status flush(struct fetch *fetch, struct cs_cloud_task *tasks,
                            size_t n, struct cs_error *err)
{
    enum cs_status status =
        cs_people_resolve(fetch->cloud->people, fetch->io, err);
    for (size_t i = 0; i < n && !status; i++)
        status = hand_over(fetch, &tasks[i], err);
    cs_arena_clear(fetch->scratch);
    return status;
}

static enum cs_status finish(struct fetch *fetch, struct cs_cloud_batch *batch,
                             struct cs_error *err)
{
    size_t first = 0; /* converted, not handed over yet */
    enum cs_status status = cs_cloud_batch_complete(batch, err);
    if (!status)
        status = fetch_aspects(fetch, batch, err);
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (!batch->tasks[i].failed)
            status = convert(fetch, &batch->tasks[i], err);
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

enum cs_status cs_cloud_fetch(struct cs_cloud *cloud,
                              const struct cs_container *container,
                              const struct cs_fetch_io *io,
                              struct cs_error *err)
{
    struct cs_arena *scratch CS_CLEANUP(cs_arena_cleanup) =
        cs_arena_new(SCRATCH_MAX);
    struct fetch fetch = {
        .cloud = cloud, .container = container, .io = io, .scratch = scratch};
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
    cs_cloud_aspects_tell(cloud, io);
    return status;
}
