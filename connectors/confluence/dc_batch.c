/*
 * dc_batch.c - ask for many, halve, ask for each.
 */
#include "connectors/confluence/dc_batch.h"
#include "connectors/confluence/clients.h"

#include "connectors/confluence/dc_aspects.h"
#include "connectors/confluence/dc_item.h"
#include "src/text.h"
#include "src/url.h"

#define MANY_BYTES ((size_t)4 << 20) /* wants a smaller batch */
#define REFUSALS   2 /* after so many, one after the other, no more batches */

/* ---- opening ---- */

static const char *expansion(struct cs_dc_task *const *tasks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (tasks[i]->want.aspects & CS_ASPECT_TEXT)
            return "body.storage,version,history,metadata.labels";
    }
    return "version,metadata.labels";
}

static enum cs_status ask_many(struct cs_dc *dc,
                               struct cs_dc_task *const *tasks, size_t n,
                               struct cs_answer **ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/search?cql=id%20in%20(");
    for (size_t i = 0; i < n; i++) {
        cs_strbuf_puts(&path, i ? "," : "");
        cs_url_put_escaped(tasks[i]->want.id, &path);
    }
    cs_strbuf_printf(&path, ")&expand=%s&start=0&limit=%zu",
                     expansion(tasks, n), n);
    struct cs_answer_request request = {.path = path.data, .max_attempts = 1};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status : cs_answer_ask(dc->http, &request, ret, err);
}

/* "any" is what is there and what is in the trash; archived pages are neither.
 */
static enum cs_status ask_one(struct cs_dc *dc, struct cs_dc_task *task,
                              struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(task->want.id, &path);
    cs_strbuf_printf(&path, "?status=%s&expand=%s",
                     task->archived ? "archived" : "any", expansion(&task, 1));
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(dc->http, &request, &task->single, err);
}

static enum cs_status ask_ahead(struct cs_dc_batch *batch, struct cs_error *err)
{
    struct cs_dc *dc = batch->dc;
    enum cs_status status = CS_OK;
    if (batch->n_asked > 1 && !dc->no_batches)
        return ask_many(dc, batch->asked, batch->n_asked, &batch->coming, err);
    for (size_t i = 0; i < batch->n_asked && !status; i++)
        status = ask_one(dc, batch->asked[i], err);
    return status;
}

static enum cs_status make_tasks(struct cs_dc_batch *batch,
                                 const struct cs_want *wants,
                                 struct cs_error *err)
{
    batch->tasks =
        cs_arena_array(batch->arena, batch->n, sizeof(*batch->tasks));
    batch->asked =
        cs_arena_array(batch->arena, batch->n, sizeof(struct cs_dc_task *));
    if (!batch->tasks || !batch->asked)
        return cs_arena_status(batch->arena, err);
    for (size_t i = 0; i < batch->n; i++) {
        batch->tasks[i].want = wants[i];
        batch->tasks[i].doc.id = wants[i].id;
        if (wants[i].aspects & (CS_ASPECT_TEXT | CS_ASPECT_LABELS))
            batch->asked[batch->n_asked++] = &batch->tasks[i];
    }
    return CS_OK;
}

enum cs_status cs_dc_batch_open(struct cs_dc *dc,
                                struct cs_pipeline_batch *from,
                                struct cs_error *err)
{
    struct cs_dc_batch *batch = cs_arena_alloc(from->arena, sizeof(*batch));
    if (!batch)
        return cs_arena_status(from->arena, err);
    from->own = batch;
    batch->dc = dc;
    batch->arena = from->arena;
    batch->n = from->n;
    enum cs_status status = make_tasks(batch, from->wants, err);
    if (!status)
        status = ask_ahead(batch, err);
    for (size_t i = 0; i < batch->n && !status; i++)
        status = cs_dc_aspects_open(dc, &batch->tasks[i], err);
    return status;
}

void cs_dc_batch_drop(struct cs_dc_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; batch->tasks && i < batch->n; i++) {
        struct cs_dc_task *task = &batch->tasks[i];
        cs_answer_free(task->single);
        cs_answer_free(task->restrictions);
        cs_dc_paging_free(task->comments);
        cs_dc_paging_free(task->attachments);
    }
    cs_answer_free(batch->coming);
    for (size_t i = 0; i < batch->n_kept; i++)
        cs_answer_free(batch->kept[i]);
}

/* ---- many at a time ---- */

static enum cs_status keep(struct cs_dc_batch *batch, struct cs_answer *answer,
                           struct cs_error *err)
{
    struct cs_answer **kept =
        cs_arena_grow(batch->arena, batch->kept, batch->n_kept,
                      &batch->cap_kept, sizeof(struct cs_answer *));
    if (!kept) {
        cs_answer_free(answer);
        return cs_arena_status(batch->arena, err);
    }
    batch->kept = kept;
    batch->kept[batch->n_kept++] = answer;
    return CS_OK;
}

/* Rows that nobody asked for are ignored; of two rows of one id the first
 * counts. */
static size_t place_rows(struct cs_dc_task *const *tasks, size_t n,
                         const struct cs_json *rows)
{
    struct cs_json row = {.node = NULL};
    size_t placed = 0;
    while (cs_json_next(rows, &row)) {
        const char *id = NULL;
        if (cs_json_text(&row, "id", CS_JSON_REQUIRED, &id, NULL))
            continue;
        for (size_t i = 0; i < n; i++) {
            if (tasks[i]->row.node || strcmp(tasks[i]->want.id, id) != 0)
                continue;
            tasks[i]->row = cs_json_root(row.node);
            placed++;
            break;
        }
    }
    return placed;
}

static void adapt(struct cs_dc *dc, size_t bytes)
{
    if (bytes > MANY_BYTES)
        dc->batch_size = dc->batch_size > 1 ? dc->batch_size / 2 : 1;
    else if (bytes < MANY_BYTES / 2)
        dc->batch_size += dc->batch_size / 2 + 1;
    if (dc->batch_size > dc->batch_max)
        dc->batch_size = dc->batch_max;
}

/* Whether the server cut the answer to fewer rows than were asked for. */
static bool is_cut(const struct cs_json *root)
{
    struct cs_json links;
    const char *next = NULL;
    return !cs_json_object(root, "_links", CS_JSON_OPTIONAL, &links, NULL) &&
           !cs_json_text(&links, "next", CS_JSON_OPTIONAL, &next, NULL) && next;
}

/* What came, or why nothing did. `*ret_cut` tells how many rows the server
 * gives at most, 0 unknown.
 */
static enum cs_status read_many(struct cs_dc *dc, struct cs_answer *answer,
                                struct cs_dc_task *const *tasks, size_t n,
                                size_t *ret_cut, struct cs_error *err)
{
    struct cs_json root, rows;
    enum cs_status status = cs_answer_wait(answer, &root, err);
    if (!status)
        status = cs_answer_blame(
            answer,
            cs_json_array(&root, "results", CS_JSON_REQUIRED, &rows, err), err);
    if (status)
        return status;
    size_t placed = place_rows(tasks, n, &rows);
    dc->refusals = 0;
    *ret_cut = placed < n && is_cut(&root) ? placed : 0;
    if (*ret_cut)
        dc->batch_max = (unsigned)placed;
    adapt(dc, cs_answer_size(answer));
    return CS_OK;
}

static enum cs_status complete_many(struct cs_dc_batch *batch,
                                    struct cs_answer *answer,
                                    struct cs_dc_task **tasks, size_t n,
                                    struct cs_error *err);

static enum cs_status ask_half(struct cs_dc_batch *batch,
                               struct cs_dc_task **tasks, size_t n,
                               struct cs_error *err)
{
    struct cs_answer *answer = NULL;
    if (n < 2) /* to be asked for by itself */
        return CS_OK;
    enum cs_status status = ask_many(batch->dc, tasks, n, &answer, err);
    return status ? status : complete_many(batch, answer, tasks, n, err);
}

/* Ask once more for those that a cut answer left out. */
static enum cs_status ask_rest(struct cs_dc_batch *batch,
                               struct cs_dc_task **tasks, size_t n,
                               struct cs_error *err)
{
    struct cs_dc_task **rest =
        cs_arena_array(batch->arena, n, sizeof(struct cs_dc_task *));
    size_t n_rest = 0;
    if (!rest)
        return cs_arena_status(batch->arena, err);
    for (size_t i = 0; i < n; i++) {
        if (!tasks[i]->row.node)
            rest[n_rest++] = tasks[i];
    }
    return ask_half(batch, rest, n_rest, err);
}

/* Read one answer; where one document may have spoilt it, once more in halves,
 * and where the search itself refuses, leave all to be asked for one by one.
 * Takes over `answer`. No deeper than n. */
static enum cs_status complete_many(struct cs_dc_batch *batch,
                                    struct cs_answer *answer,
                                    struct cs_dc_task **tasks, size_t n,
                                    struct cs_error *err)
{
    struct cs_dc *dc = batch->dc;
    struct cs_error why = CS_ERROR_INIT;
    size_t cut = 0;
    enum cs_status status = read_many(dc, answer, tasks, n, &cut, &why);
    long http_status = cs_answer_http_status(answer);
    dc->no_batches = dc->no_batches || dc->refusals >= REFUSALS;
    if (!status) {
        status = keep(batch, answer, err);
        return status || !cut ? status : ask_rest(batch, tasks, n, err);
    }
    cs_answer_free(answer);
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, &why);
    if (http_status >= 400 && http_status < 500) {
        dc->no_batches = dc->no_batches || ++dc->refusals >= REFUSALS;
        return CS_OK;
    }
    dc->batch_size = n > 3 ? (unsigned)(n / 2) : 2;
    status = ask_half(batch, tasks, n / 2, err);
    return status ? status : ask_half(batch, tasks + n / 2, n - n / 2, err);
}

/* ---- one by one ---- */

static bool wants_single(const struct cs_dc_task *task)
{
    return !task->failed &&
           (!task->row.node || cs_dc_version(&task->row) < task->want.version);
}

static void set_failed(struct cs_dc_task *task, enum cs_status status,
                       const char *text)
{
    task->failed = true;
    task->row = (struct cs_json){.node = NULL};
    cs_error_set(&task->why, status, "%s", text);
}

static bool is_trashed(const struct cs_json *row)
{
    const char *word = NULL;
    return !cs_json_text(row, "status", CS_JSON_OPTIONAL, &word, NULL) &&
           cs_str_equal(word, "trashed");
}

/* A stale text is better than none. `*ret_again`: it may be archived. */
static enum cs_status take_one(struct cs_dc_task *task, bool *ret_again,
                               struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_answer_wait(task->single, &root, &why);
    long http_status = cs_answer_http_status(task->single);
    if (!status) {
        task->row = cs_json_root(root.node);
        if (is_trashed(&task->row))
            set_failed(task, CS_ERR_NOT_FOUND, "it is in the trash");
        return CS_OK;
    }
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, &why);
    bool absent = cs_dc_unsupported(http_status);
    if (absent && !task->archived) {
        *ret_again = task->archived = true;
        return CS_OK;
    }
    if (absent) {
        set_failed(task, CS_ERR_NOT_FOUND, "it is gone or may not be read");
    } else if (!task->row.node) {
        set_failed(task, status, why.message);
        task->server_error = http_status >= 500 || status == CS_ERR_LIMIT;
    }
    return CS_OK;
}

static enum cs_status take_round(struct cs_dc_batch *batch,
                                 struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < batch->n_asked && !status; i++) {
        struct cs_dc_task *task = batch->asked[i];
        bool again = false;
        if (!task->single || task->taken)
            continue;
        status = take_one(task, &again, err);
        task->taken = !again;
        if (again) {
            cs_answer_free(task->single);
            task->single = NULL;
        }
    }
    return status;
}

/* Ask for all that lack a good row, together; then for those that may be
 * archived, together. */
static enum cs_status ask_singles(struct cs_dc_batch *batch,
                                  struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (unsigned round = 0; round < 2 && !status; round++) {
        for (size_t i = 0; i < batch->n_asked && !status; i++) {
            struct cs_dc_task *task = batch->asked[i];
            if (!task->taken && !task->single && wants_single(task))
                status = ask_one(batch->dc, task, err);
        }
        if (!status)
            status = take_round(batch, err);
    }
    return status;
}

enum cs_status cs_dc_batch_complete(struct cs_dc_batch *batch,
                                    struct cs_error *err)
{
    struct cs_answer *coming = batch->coming;
    enum cs_status status = CS_OK;
    batch->coming = NULL;
    if (coming)
        status =
            complete_many(batch, coming, batch->asked, batch->n_asked, err);
    return status ? status : ask_singles(batch, err);
}
