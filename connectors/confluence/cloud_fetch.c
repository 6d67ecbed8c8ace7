/*
 * cloud_fetch.c - texts: many requests ahead, handed over in order.
 *
 * A line of batches is kept open, one more than there may be transfers in
 * flight, so that the next request starts the moment one ends. The first in the
 * line is completed, converted and handed over. Memory is bounded by the length
 * of the line and by the size of an answer, which the batch size adapts to.
 */
#include "connectors/confluence/cloud_batch.h"

#include "connectors/confluence/text.h"

#include <stdlib.h>

#define CHUNK_BYTES   ((size_t)8 << 20)   /* of converted texts at a time */
#define SCRATCH_MAX   ((size_t)512 << 20) /* for one text, all in all */
#define LABELS_MAX    1000                /* of one document */
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

/* ---- labels, where the listing did not bring them ---- */

static enum cs_status ask_labels(struct cs_cloud *cloud,
                                 struct cs_cloud_task *task,
                                 struct cs_error *err)
{
    char path[256];
    bool blog = task->want.kind == CS_ITEM_BLOG_POST;
    int n = snprintf(path, sizeof(path),
                     "/wiki/api/v2/%s/%s/labels?limit=250&sort=id",
                     blog ? "blogposts" : "pages", task->want.id);
    if (n < 0 || (size_t)n >= sizeof(path))
        return cs_error_set(err, CS_ERR_PROTOCOL, "an id of %zu bytes",
                            strlen(task->want.id));
    return cs_paging_open(&cloud->paging, path, 0, &task->label_paging, err);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A document whose labels the site refuses is handed over without them. */
static enum cs_status take_labels(struct cs_arena *arena,
                                  struct cs_cloud_task *task,
                                  struct cs_error *err)
{
    struct cs_cloud_label *labels = NULL;
    size_t n = 0;
    bool too_many;
    enum cs_status status = cs_cloud_read_labels(
        task->label_paging, LABELS_MAX, arena, &labels, &n, &too_many, err);
    if (status && cs_cloud_refused(cs_paging_http_status(task->label_paging)))
        return CS_OK;
    if (status)
        return status;
    const char **names = cs_arena_array(arena, n + 1, sizeof(char *));
    if (!names)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++)
        names[i] = labels[i].name;
    qsort(names, n, sizeof(char *), compare_names);
    task->doc.aspects |= CS_ASPECT_LABELS;
    task->doc.labels = names;
    task->doc.n_labels = n;
    return CS_OK;
}

static bool wants_labels(const struct cs_cloud_task *task)
{
    return !task->failed && (task->want.aspects & CS_ASPECT_LABELS);
}

static enum cs_status fetch_labels(struct fetch *fetch,
                                   struct cs_cloud_batch *batch,
                                   struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (wants_labels(&batch->tasks[i]))
            status = ask_labels(fetch->cloud, &batch->tasks[i], err);
    }
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (wants_labels(&batch->tasks[i]))
            status = take_labels(batch->arena, &batch->tasks[i], err);
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
    doc->id = task->want.id;
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

/* Convert one text into the scratch arena. What is wrong with the text or its
 * row fails the document alone. */
static enum cs_status convert(struct fetch *fetch, struct cs_cloud_task *task,
                              struct cs_error *err)
{
    const char *author = NULL, *editor = NULL;
    struct cs_text *text = &task->doc.text;
    const struct cs_address_page page = {.wiki = fetch->cloud->site.wiki,
                                         .space = fetch->container->key,
                                         .id = task->want.id};
    task->server_error = false;
    enum cs_status status = read_row(task, &author, &editor, &task->why);
    if (!status)
        status = cs_text_convert(fetch->scratch, &page, text->source,
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
        status = fetch_labels(fetch, batch, err);
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
    return status;
}
