/*
 * cloud_fetch.c - a batch of documents: what was asked for, read and converted.
 */
#include "connectors/confluence/cloud_aspects.h"
#include "connectors/confluence/stub.h"
#include "connectors/confluence/text.h"
#include "connectors/pipeline.h"

/* All requests for what hangs on the documents are under way together. */
static enum cs_status complete(struct cs_pipeline *line, void *own,
                               struct cs_error *err)
{
    struct cs_cloud *cloud = line->self;
    struct cs_cloud_batch *batch = own;
    enum cs_status status = cs_cloud_batch_complete(batch, err);
    for (size_t i = 0; i < batch->n && !status; i++)
        status =
            cs_cloud_aspects_open(cloud, batch->arena, &batch->tasks[i], err);
    if (!status)
        cs_cloud_aspects_advance(batch->tasks, batch->n);
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (!batch->tasks[i].failed)
            status = cs_cloud_aspects_take(cloud, batch->arena,
                                           &batch->tasks[i], err);
    }
    return status;
}

/* ---- conversion ---- */

static enum cs_status read_row(struct cs_cloud_task *task,
                               const char **ret_author, const char **ret_editor,
                               struct cs_error *err)
{
    struct cs_json version;
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
        status = cs_text_read(row, CS_FORMAT_STORAGE, &doc->text, err);
    if (!status)
        doc->aspects |= CS_ASPECT_TEXT;
    return status;
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
static enum cs_status convert_text(struct cs_pipeline *line,
                                   const struct cs_address_page *page,
                                   struct cs_cloud_task *task,
                                   struct cs_error *err)
{
    const struct cs_cloud *cloud = line->self;
    const char *author = NULL, *editor = NULL;
    struct cs_text *text = &task->doc.text;
    if (!cs_cloud_has_text(task->want.kind)) {
        task->doc.version = task->want.version;
        task->doc.aspects |= CS_ASPECT_TEXT;
        return cs_stub_text(line->scratch, task->want.kind, task->want.url,
                            text, err);
    }
    enum cs_status status = read_row(task, &author, &editor, &task->why);
    if (!status)
        status =
            cs_text_convert(line->scratch, page, text->source, text->source_len,
                            &text->body, &text->note, &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->failed = true;
        return CS_OK;
    }
    return note_people(cloud->people, &text->body, author, editor, err);
}

/* Comments that can not be made into a text are left out. */
static enum cs_status convert_comments(struct cs_pipeline *line,
                                       const struct cs_address_page *page,
                                       struct cs_cloud_task *task,
                                       struct cs_error *err)
{
    const struct cs_cloud *cloud = line->self;
    struct cs_text *text = &task->doc.comments;
    enum cs_status status =
        cs_comments_text(line->scratch, page, task->comments, task->n_comments,
                         text, &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->doc.aspects &= ~(unsigned)CS_ASPECT_COMMENTS;
        task->failed = task->doc.aspects == 0;
        return CS_OK;
    }
    task->doc.n_comments = (unsigned)task->n_comments;
    return note_people(cloud->people, &text->body, NULL, NULL, err);
}

/* Convert what one document brings into the scratch arena. */
static enum cs_status convert(struct cs_pipeline *line, void *own, size_t i,
                              struct cs_error *err)
{
    const struct cs_cloud *cloud = line->self;
    const struct cs_cloud_batch *batch = own;
    struct cs_cloud_task *task = &batch->tasks[i];
    const struct cs_address_page page = {.wiki = cloud->site.wiki,
                                         .space = line->container->key,
                                         .id = task->want.id};
    enum cs_status status = CS_OK;
    if (task->failed)
        return CS_OK;
    task->server_error = false;
    task->doc.id = task->want.id;
    if (task->want.aspects & CS_ASPECT_TEXT)
        status = convert_text(line, &page, task, err);
    if (!status && !task->failed && (task->doc.aspects & CS_ASPECT_COMMENTS))
        status = convert_comments(line, &page, task, err);
    return status;
}

/* ---- the slots of the pipeline ---- */

static size_t ahead(const struct cs_pipeline *line)
{
    const struct cs_cloud *cloud = line->self;
    return (size_t)cloud->config->jobs + 2;
}

static size_t size(const struct cs_pipeline *line)
{
    const struct cs_cloud *cloud = line->self;
    return cloud->batch_size;
}

static enum cs_status open_batch(struct cs_pipeline *line,
                                 struct cs_pipeline_batch *batch,
                                 struct cs_error *err)
{
    return cs_cloud_batch_open(line->self, batch, err);
}

static enum cs_status tell_people(struct cs_pipeline *line,
                                  struct cs_error *err)
{
    const struct cs_cloud *cloud = line->self;
    return cs_people_resolve(cloud->people, line->io, err);
}

static struct cs_pipeline_end end_of(const void *own, size_t i)
{
    const struct cs_cloud_batch *batch = own;
    const struct cs_cloud_task *task = &batch->tasks[i];
    return (struct cs_pipeline_end){.id = task->want.id,
                                    .doc = &task->doc,
                                    .why = task->failed ? &task->why : NULL,
                                    .choked = task->server_error};
}

static void drop(void *own)
{
    cs_cloud_batch_drop(own);
}

enum cs_status cs_cloud_fetch(void *self, const struct cs_container *container,
                              const struct cs_fetch_io *io,
                              struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct cs_pipeline line = {.self = cloud,
                               .http = cloud->http,
                               .container = container,
                               .io = io,
                               .ahead = ahead,
                               .size = size,
                               .open = open_batch,
                               .complete = complete,
                               .convert = convert,
                               .people = tell_people,
                               .end = end_of,
                               .drop = drop};
    enum cs_status status = cs_pipeline_run(&line, err);
    cs_cloud_aspects_tell(cloud, io);
    return status;
}
