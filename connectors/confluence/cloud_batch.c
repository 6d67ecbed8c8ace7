/*
 * cloud_batch.c - ask, halve, ask again.
 */
#include "connectors/confluence/cloud_batch.h"
#include "connectors/confluence/clients.h"

#include "connectors/confluence/cloud_aspects.h"
#include "src/url.h"

#define MANY_BYTES                                                             \
    ((size_t)4 << 20) /* an answer that wants a smaller batch                  \
                       */

/* Its text is wanted, and has to be asked for. */
static bool wants_text(const struct cs_cloud_task *task)
{
    return (task->want.aspects & CS_ASPECT_TEXT) &&
           cs_cloud_has_text(task->want.kind);
}

/* Archived pages are shown only when asked for; blog posts have no archive. */
static const char *status_query(enum cs_item_kind kind)
{
    return kind == CS_ITEM_BLOG_POST ? "" : "&status=current&status=archived";
}

/* ---- opening ---- */

static enum cs_status open_span(struct cs_cloud *cloud,
                                struct cs_cloud_task **tasks, size_t n,
                                struct cs_paging **ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_item_kind kind = tasks[0]->want.kind;
    cs_strbuf_printf(&path, "/wiki/api/v2/%s?body-format=storage%s&limit=%zu",
                     cs_cloud_collection(kind), status_query(kind), n);
    for (size_t i = 0; i < n; i++) {
        cs_strbuf_puts(&path, i ? "," : "&id=");
        cs_url_put_escaped(tasks[i]->want.id, &path);
    }
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status =
            cs_paging_open(&cloud->paging, path.data, n > 1 ? 1 : 2, ret, err);
    if (!status)
        cs_paging_keep(*ret);
    return status;
}

static enum cs_status divide(struct cs_cloud_batch *batch, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t s = 0; s < CS_ARRAY_LEN(batch->spans) && !status; s++) {
        struct cs_cloud_span *span = &batch->spans[s];
        span->tasks = cs_arena_array(batch->arena, batch->n + 1,
                                     sizeof(struct cs_cloud_task *));
        if (!span->tasks)
            return cs_arena_status(batch->arena, err);
        for (size_t i = 0; i < batch->n; i++) {
            bool blog = batch->tasks[i].want.kind == CS_ITEM_BLOG_POST;
            if (blog == (s == 1) && wants_text(&batch->tasks[i]))
                span->tasks[span->n++] = &batch->tasks[i];
        }
        if (span->n)
            status = open_span(batch->cloud, span->tasks, span->n,
                               &span->paging, err);
    }
    return status;
}

enum cs_status cs_cloud_batch_open(struct cs_cloud *cloud,
                                   struct cs_pipeline_batch *from,
                                   struct cs_error *err)
{
    struct cs_cloud_batch *batch = cs_arena_alloc(from->arena, sizeof(*batch));
    if (!batch)
        return cs_arena_status(from->arena, err);
    from->own = batch;
    batch->cloud = cloud;
    batch->arena = from->arena;
    batch->n = from->n;
    batch->tasks = cs_arena_array(from->arena, from->n, sizeof(*batch->tasks));
    if (!batch->tasks)
        return cs_arena_status(from->arena, err);
    for (size_t i = 0; i < batch->n; i++)
        batch->tasks[i].want = from->wants[i];
    return divide(batch, err);
}

void cs_cloud_batch_drop(struct cs_cloud_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; batch->tasks && i < batch->n; i++) {
        cs_answer_free(batch->tasks[i].single);
        cs_cloud_aspects_drop(&batch->tasks[i]);
    }
    for (size_t s = 0; s < CS_ARRAY_LEN(batch->spans); s++)
        cs_paging_free(batch->spans[s].paging);
    for (size_t i = 0; i < batch->n_kept; i++)
        cs_paging_free(batch->kept[i]);
}

/* ---- completing ---- */

static enum cs_status keep(struct cs_cloud_batch *batch,
                           struct cs_paging *paging, struct cs_error *err)
{
    struct cs_paging **kept =
        cs_arena_grow(batch->arena, batch->kept, batch->n_kept,
                      &batch->cap_kept, sizeof(struct cs_paging *));
    if (!kept) {
        cs_paging_free(paging);
        return cs_arena_status(batch->arena, err);
    }
    batch->kept = kept;
    batch->kept[batch->n_kept++] = paging;
    return CS_OK;
}

static void set_failed(struct cs_cloud_task *task, const struct cs_error *why)
{
    task->failed = true;
    task->why = *why;
}

/* Rows nobody asked for are ignored; of two rows of one id the first counts. */
static void place_row(struct cs_cloud_task **tasks, size_t n,
                      const struct cs_json *row)
{
    const char *id;
    if (cs_json_text(row, "id", CS_JSON_REQUIRED, &id, NULL))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!tasks[i]->row.node && strcmp(tasks[i]->want.id, id) == 0) {
            tasks[i]->row = cs_json_root(row->node);
            return;
        }
    }
}

static enum cs_status read_rows(struct cs_paging *paging,
                                struct cs_cloud_task **tasks, size_t n,
                                struct cs_error *err)
{
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row))
            place_row(tasks, n, &row);
    }
    return status;
}

static void forget_rows(struct cs_cloud_task **tasks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        tasks[i]->row = (struct cs_json){.node = NULL};
}

static enum cs_status complete_span(struct cs_cloud_batch *batch,
                                    struct cs_cloud_task **tasks, size_t n,
                                    struct cs_paging *paging,
                                    struct cs_error *err);

static enum cs_status ask_span(struct cs_cloud_batch *batch,
                               struct cs_cloud_task **tasks, size_t n,
                               struct cs_error *err)
{
    struct cs_paging *paging;
    enum cs_status status = open_span(batch->cloud, tasks, n, &paging, err);
    return status ? status : complete_span(batch, tasks, n, paging, err);
}

/* Read one request to its end; on failure once more in halves. Takes over
 * `paging`. The recursion is as deep as the logarithm of the batch. */
static enum cs_status complete_span(struct cs_cloud_batch *batch,
                                    struct cs_cloud_task **tasks, size_t n,
                                    struct cs_paging *paging,
                                    struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = read_rows(paging, tasks, n, &why);
    long http_status = cs_paging_http_status(paging);
    size_t bytes = cs_paging_size(paging);
    if (!status) {
        unsigned *size = &batch->cloud->batch_size;
        if (bytes > MANY_BYTES)
            *size = *size > 1 ? *size / 2 : 1;
        else if (bytes < MANY_BYTES / 2 && *size < CS_CLOUD_BATCH_MAX)
            *size += *size / 2 + 1;
        if (*size > CS_CLOUD_BATCH_MAX)
            *size = CS_CLOUD_BATCH_MAX;
        return keep(batch, paging, err);
    }
    cs_paging_free(paging);
    forget_rows(tasks, n);
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, &why);
    if (n == 1) {
        tasks[0]->server_error =
            status != CS_ERR_NOT_FOUND && status != CS_ERR_FORBIDDEN;
        set_failed(tasks[0], &why);
        return CS_OK;
    }
    batch->cloud->batch_size = (unsigned)(n / 2);
    status = ask_span(batch, tasks, n / 2, err);
    return status ? status : ask_span(batch, tasks + n / 2, n - n / 2, err);
}

static bool is_stale(const struct cs_cloud_task *task)
{
    struct cs_json version;
    int64_t number;
    if (cs_json_object(&task->row, "version", CS_JSON_REQUIRED, &version,
                       NULL) ||
        cs_json_int(&version, "number", CS_JSON_REQUIRED, 0, &number, NULL))
        return false;
    return number < task->want.version;
}

static enum cs_status ask_single(struct cs_cloud *cloud,
                                 struct cs_cloud_task *task,
                                 struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_printf(&path, "/wiki/api/v2/%s/",
                     cs_cloud_collection(task->want.kind));
    cs_url_put_escaped(task->want.id, &path);
    cs_strbuf_printf(&path, "?body-format=storage%s",
                     status_query(task->want.kind));
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(cloud->http, &request, &task->single, err);
}

/* A stale text is better than none; an absent one has only this answer. */
static enum cs_status take_single(struct cs_cloud_task *task,
                                  struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_answer_wait(task->single, &root, &why);
    long http_status = cs_answer_http_status(task->single);
    if (!status) {
        task->row = root;
        return CS_OK;
    }
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, &why);
    if (status == CS_ERR_NOT_FOUND)
        cs_error_set(&why, CS_ERR_NOT_FOUND,
                     "it is gone or may not be read (HTTP %ld)", http_status);
    else if (task->row.node)
        return CS_OK;
    task->row = (struct cs_json){.node = NULL};
    task->server_error = http_status >= 500;
    set_failed(task, &why);
    return CS_OK;
}

static enum cs_status ask_again(struct cs_cloud_batch *batch,
                                struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < batch->n && !status; i++) {
        struct cs_cloud_task *task = &batch->tasks[i];
        if (wants_text(task) && !task->failed &&
            (!task->row.node || is_stale(task)))
            status = ask_single(batch->cloud, task, err);
    }
    for (size_t i = 0; i < batch->n && !status; i++) {
        if (batch->tasks[i].single)
            status = take_single(&batch->tasks[i], err);
    }
    return status;
}

enum cs_status cs_cloud_batch_complete(struct cs_cloud_batch *batch,
                                       struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t s = 0; s < CS_ARRAY_LEN(batch->spans) && !status; s++) {
        struct cs_cloud_span *span = &batch->spans[s];
        struct cs_paging *paging = span->paging;
        span->paging = NULL;
        if (paging)
            status = complete_span(batch, span->tasks, span->n, paging, err);
    }
    return status ? status : ask_again(batch, err);
}
