/*
 * dc_fetch.c - a batch of documents: what was asked for, read and converted.
 */
#include "connectors/confluence/dc_aspects.h"
#include "connectors/confluence/dc_item.h"
#include "connectors/confluence/text.h"
#include "connectors/pipeline.h"

#define BATCHES_AHEAD 4

static enum cs_status note_user(struct cs_dc_people *people,
                                const struct cs_json *row, const char *member,
                                const char *key, struct cs_error *err)
{
    struct cs_json part;
    const char *name = NULL;
    if (cs_json_object(row, member, CS_JSON_OPTIONAL, &part, NULL))
        return CS_OK;
    const char *id = cs_dc_person(&part, key, &name);
    return cs_dc_people_note(people, id, name, err);
}

static enum cs_status note_people(struct cs_dc_people *people,
                                  const struct cs_dc_task *task,
                                  const struct cs_body *body,
                                  struct cs_error *err)
{
    enum cs_status status =
        note_user(people, &task->row, "history", "createdBy", err);
    if (!status)
        status = note_user(people, &task->row, "version", "by", err);
    for (size_t i = 0; i < body->n_places && !status; i++) {
        if (body->places[i].ref.kind == CS_REF_USER)
            status =
                cs_dc_people_note(people, body->places[i].ref.id, NULL, err);
    }
    return status;
}

static enum cs_status read_text(const struct cs_dc *dc, struct cs_dc_task *task,
                                struct cs_error *err)
{
    struct cs_document *doc = &task->doc;
    const char *format =
        cs_dc_site_below(&dc->site) ? CS_FORMAT_STORAGE : CS_DC_FORMAT_STORAGE;
    enum cs_status status = cs_text_read(&task->row, format, &doc->text, err);
    if (status)
        return status;
    doc->version = cs_dc_version(&task->row);
    if (doc->version <= 0)
        return cs_json_expected(&task->row, "a version", err);
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

static enum cs_status convert_text(struct cs_pipeline *line,
                                   struct cs_dc_task *task,
                                   const struct cs_address_page *page,
                                   struct cs_error *err)
{
    struct cs_text *text = &task->doc.text;
    enum cs_status status = read_text(line->self, task, err);
    return status ? status
                  : cs_text_convert(line->scratch, page, text->source,
                                    text->source_len, &text->body, &text->note,
                                    err);
}

static enum cs_status convert_comments(struct cs_pipeline *line,
                                       struct cs_dc_task *task,
                                       const struct cs_address_page *page,
                                       struct cs_error *err)
{
    const struct cs_dc *dc = line->self;
    struct cs_text *text = &task->doc.comments;
    enum cs_status status = cs_comments_text(line->scratch, page, task->notes,
                                             task->n_notes, text, err);
    task->doc.n_comments = (unsigned)task->n_notes;
    if (!status && text->source && !cs_dc_site_below(&dc->site))
        text->source_format = CS_DC_FORMAT_COMMENTS;
    return status;
}

/* Convert the texts of one document into the scratch arena. What is wrong with
 * them fails the document alone. */
static enum cs_status convert_texts(struct cs_pipeline *line,
                                    struct cs_dc_task *task,
                                    struct cs_error *err)
{
    const struct cs_dc *dc = line->self;
    const struct cs_address_page page = {.wiki = dc->site.wiki,
                                         .space = line->container->key,
                                         .id = task->want.id};
    enum cs_status status = CS_OK;
    if (task->failed)
        return CS_OK;
    if (task->want.aspects & CS_ASPECT_TEXT)
        status = convert_text(line, task, &page, &task->why);
    if (!status && (task->doc.aspects & CS_ASPECT_COMMENTS))
        status = convert_comments(line, task, &page, &task->why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (status) {
        task->failed = true;
        return CS_OK;
    }
    status = note_people(dc->people, task, &task->doc.text.body, err);
    return status
               ? status
               : note_people(dc->people, task, &task->doc.comments.body, err);
}

/* ---- the slots of the pipeline ---- */

static size_t ahead(const struct cs_pipeline *line)
{
    const struct cs_dc *dc = line->self;
    size_t max = (size_t)dc->config->jobs + 2;
    return dc->no_batches && max > BATCHES_AHEAD
               ? BATCHES_AHEAD /* of many requests each */
               : max;
}

static size_t size(const struct cs_pipeline *line)
{
    const struct cs_dc *dc = line->self;
    return dc->batch_size;
}

static enum cs_status open_batch(struct cs_pipeline *line,
                                 struct cs_pipeline_batch *batch,
                                 struct cs_error *err)
{
    return cs_dc_batch_open(line->self, batch, err);
}

static enum cs_status complete(CS_UNUSED struct cs_pipeline *line, void *batch,
                               struct cs_error *err)
{
    return cs_dc_batch_complete(batch, err);
}

static enum cs_status convert(struct cs_pipeline *line, void *own, size_t i,
                              struct cs_error *err)
{
    struct cs_dc_batch *batch = own;
    struct cs_dc_task *task = &batch->tasks[i];
    enum cs_status status = CS_OK;
    if (!task->failed && task->row.node)
        status = read_labels(batch, task, err);
    if (!status)
        status = cs_dc_aspects_take(line->self, batch->arena, task, err);
    return status ? status : convert_texts(line, task, err);
}

static enum cs_status tell_people(struct cs_pipeline *line,
                                  struct cs_error *err)
{
    const struct cs_dc *dc = line->self;
    return cs_dc_people_resolve(dc->people, line->io, err);
}

static struct cs_pipeline_end end_of(const void *own, size_t i)
{
    const struct cs_dc_batch *batch = own;
    const struct cs_dc_task *task = &batch->tasks[i];
    return (struct cs_pipeline_end){.id = task->want.id,
                                    .doc = &task->doc,
                                    .why = task->failed ? &task->why : NULL,
                                    .choked = task->server_error};
}

static void drop(void *own)
{
    cs_dc_batch_drop(own);
}

enum cs_status cs_dc_fetch(void *self, const struct cs_container *container,
                           const struct cs_fetch_io *io, struct cs_error *err)
{
    struct cs_dc *dc = self;
    struct cs_pipeline line = {.self = dc,
                               .http = dc->http,
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
    return cs_pipeline_run(&line, err);
}
