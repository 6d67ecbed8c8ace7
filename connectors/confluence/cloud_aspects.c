/*
 * cloud_aspects.c - a row for each aspect: how to ask, how to read.
 */
#include "connectors/confluence/cloud_aspects.h"
#include "connectors/confluence/clients.h"

#include "connectors/confluence/cloud_restrictions.h"
#include "src/url.h"

#include <stdlib.h>

#define LABELS_MAX      1000  /* of one document */
#define ATTACHMENTS_MAX 20000 /* of one document */

/* A listing below /pages/{id} or /blogposts/{id}. */
static enum cs_status open_listing(struct cs_cloud *cloud,
                                   const struct cs_cloud_task *task,
                                   const char *suffix, struct cs_paging **ret,
                                   struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_strbuf_printf(&path, "/wiki/api/v2/%s/",
                     cs_cloud_collection(task->want.kind));
    cs_url_put_escaped(task->want.id, &path);
    cs_strbuf_puts(&path, suffix);
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_paging_open(&cloud->paging, path.data, 0, ret, err);
}

/* ---- labels ---- */

static enum cs_status open_labels(struct cs_cloud *cloud,
                                  struct cs_arena *arena,
                                  struct cs_cloud_task *task,
                                  struct cs_error *err)
{
    (void)arena;
    return open_listing(cloud, task, "/labels?limit=250&sort=id",
                        &task->label_paging, err);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum cs_status take_labels(struct cs_cloud *cloud,
                                  struct cs_arena *arena,
                                  struct cs_cloud_task *task,
                                  long *ret_http_status, struct cs_error *err)
{
    struct cs_cloud_label *labels = NULL;
    size_t n = 0;
    bool too_many;
    (void)cloud;
    enum cs_status status = cs_cloud_read_labels(
        task->label_paging, LABELS_MAX, arena, &labels, &n, &too_many, err);
    *ret_http_status = cs_paging_http_status(task->label_paging);
    if (status)
        return status;
    const char **names = cs_arena_array(arena, n + 1, sizeof(char *));
    if (!names)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++)
        names[i] = labels[i].name;
    qsort(names, n, sizeof(char *), compare_names);
    task->doc.labels = names;
    task->doc.n_labels = n;
    return CS_OK;
}

/* ---- comments ---- */

static enum cs_status open_comments(struct cs_cloud *cloud,
                                    struct cs_arena *arena,
                                    struct cs_cloud_task *task,
                                    struct cs_error *err)
{
    return cs_cloud_comments_open(cloud, arena, &task->want,
                                  &task->comment_reader, err);
}

static enum cs_status take_comments(struct cs_cloud *cloud,
                                    struct cs_arena *arena,
                                    struct cs_cloud_task *task,
                                    long *ret_http_status, struct cs_error *err)
{
    (void)cloud, (void)arena;
    return cs_cloud_comments_read(task->comment_reader, &task->comments,
                                  &task->n_comments, ret_http_status, err);
}

/* ---- attachments ---- */

static enum cs_status open_attachments(struct cs_cloud *cloud,
                                       struct cs_arena *arena,
                                       struct cs_cloud_task *task,
                                       struct cs_error *err)
{
    (void)arena;
    return open_listing(cloud, task,
                        "/attachments?status=current&status=archived&limit=250",
                        &task->attachment_paging, err);
}

struct attachments {
    const struct cs_site *site;
    struct cs_arena *arena;
    struct cs_idset seen;
    struct cs_attachment *rows;
    size_t n, cap;
};

static enum cs_status make_room(struct attachments *attachments,
                                struct cs_error *err)
{
    if (attachments->n >= ATTACHMENTS_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "more than %d attachments",
                            ATTACHMENTS_MAX);
    struct cs_attachment *rows =
        cs_arena_grow(attachments->arena, attachments->rows, attachments->n,
                      &attachments->cap, sizeof(*rows));
    if (!rows)
        return cs_arena_status(attachments->arena, err);
    attachments->rows = rows;
    return CS_OK;
}

/* Where a browser finds it: below the wiki, with or without its path. */
static const char *web_url(const struct attachments *attachments,
                           const char *link)
{
    if (!link || link[0] != '/')
        return NULL;
    if (strncmp(link, "/wiki/", 6) == 0)
        link += 5;
    return cs_arena_printf(attachments->arena, "%s%s", attachments->site->wiki,
                           link);
}

static enum cs_status read_attachment(struct attachments *attachments,
                                      const struct cs_json *row,
                                      struct cs_attachment *ret,
                                      struct cs_error *err)
{
    struct cs_json version;
    const char *link = NULL;
    enum cs_status status =
        cs_json_text(row, "id", CS_JSON_REQUIRED, &ret->id, err);
    if (!status)
        status = cs_json_text(row, "title", CS_JSON_REQUIRED, &ret->name, err);
    if (!status)
        status = cs_json_text(row, "mediaType", CS_JSON_OPTIONAL,
                              &ret->media_type, err);
    if (!status)
        status =
            cs_json_int(row, "fileSize", CS_JSON_OPTIONAL, -1, &ret->size, err);
    if (!status)
        status =
            cs_json_text(row, "downloadLink", CS_JSON_OPTIONAL, &link, err);
    if (!status)
        status =
            cs_json_object(row, "version", CS_JSON_REQUIRED, &version, err);
    if (!status)
        status = cs_json_int(&version, "number", CS_JSON_REQUIRED, 0,
                             &ret->version, err);
    if (status)
        return status;
    ret->updated = cs_cloud_time(&version, "createdAt");
    ret->id = cs_arena_strdup(attachments->arena, ret->id);
    ret->name = cs_arena_strdup(attachments->arena, ret->name);
    ret->media_type = cs_arena_strdup(attachments->arena, ret->media_type);
    ret->url = web_url(attachments, link);
    return cs_arena_status(attachments->arena, err);
}

static enum cs_status take_attachment(void *payload, const struct cs_json *row,
                                      bool *stop, struct cs_error *err)
{
    struct attachments *attachments = payload;
    struct cs_attachment attachment = {.id = NULL};
    bool fresh = true;
    (void)stop;
    enum cs_status status = make_room(attachments, err);
    if (!status)
        status = read_attachment(attachments, row, &attachment, err);
    if (!status)
        status = cs_idset_add(&attachments->seen, attachment.id, &fresh, err);
    if (!status && fresh)
        attachments->rows[attachments->n++] = attachment;
    return status;
}

static enum cs_status take_attachments(struct cs_cloud *cloud,
                                       struct cs_arena *arena,
                                       struct cs_cloud_task *task,
                                       long *ret_http_status,
                                       struct cs_error *err)
{
    struct attachments attachments = {.site = &cloud->site, .arena = arena};
    enum cs_status status = cs_paging_each(task->attachment_paging,
                                           take_attachment, &attachments, err);
    cs_idset_clear(&attachments.seen);
    *ret_http_status = cs_paging_http_status(task->attachment_paging);
    if (status)
        return status;
    task->doc.attachments = attachments.rows;
    task->doc.n_attachments = attachments.n;
    return CS_OK;
}

/* ---- restrictions ---- */

static enum cs_status open_restrictions(struct cs_cloud *cloud,
                                        struct cs_arena *arena,
                                        struct cs_cloud_task *task,
                                        struct cs_error *err)
{
    (void)arena;
    return cs_cloud_restrictions_open(cloud, task, err);
}

static enum cs_status take_restrictions(struct cs_cloud *cloud,
                                        struct cs_arena *arena,
                                        struct cs_cloud_task *task,
                                        long *ret_http_status,
                                        struct cs_error *err)
{
    (void)arena;
    return cs_cloud_restrictions_take(cloud, task, ret_http_status, err);
}

/* ---- all of them ---- */

static const struct aspect {
    unsigned aspect;
    enum cs_status (*open)(struct cs_cloud *cloud, struct cs_arena *arena,
                           struct cs_cloud_task *task, struct cs_error *err);
    enum cs_status (*take)(struct cs_cloud *cloud, struct cs_arena *arena,
                           struct cs_cloud_task *task, long *ret_http_status,
                           struct cs_error *err);
} aspects[] = {
    {CS_ASPECT_LABELS, open_labels, take_labels},
    {CS_ASPECT_COMMENTS, open_comments, take_comments},
    {CS_ASPECT_ATTACHMENTS, open_attachments, take_attachments},
    {CS_ASPECT_RESTRICTIONS, open_restrictions, take_restrictions},
};

enum cs_status cs_cloud_aspects_open(struct cs_cloud *cloud,
                                     struct cs_arena *arena,
                                     struct cs_cloud_task *task,
                                     struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (task->failed || !cs_cloud_has_text(task->want.kind))
        return CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(aspects) && !status; i++) {
        unsigned aspect = aspects[i].aspect;
        if (!(task->want.aspects & aspect & ~cloud->no_scope))
            continue;
        status = aspects[i].open(cloud, arena, task, err);
        task->asked |= status ? 0 : aspect;
    }
    return status;
}

void cs_cloud_aspects_advance(struct cs_cloud_task *tasks, size_t n)
{
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++) {
            bool its = false;
            if (tasks[i].comment_reader &&
                cs_cloud_comments_advance(tasks[i].comment_reader, &its))
                return;
            more = more || its;
        }
    }
}

/* One aspect that could not be had; false when the failure is the source's. */
static bool leave_out(struct cs_cloud *cloud, struct cs_cloud_task *task,
                      unsigned aspect, enum cs_status status, long http_status,
                      const struct cs_error *why)
{
    if (!cs_cloud_refused(http_status) &&
        !cs_client_may_be_document(status, http_status))
        return false;
    if (http_status == 401)
        cloud->no_scope |= aspect;
    else
        task->why = *why;
    return true;
}

enum cs_status cs_cloud_aspects_take(struct cs_cloud *cloud,
                                     struct cs_arena *arena,
                                     struct cs_cloud_task *task,
                                     struct cs_error *err)
{
    unsigned got = 0;
    cs_error_clear(&task->why);
    for (size_t i = 0; i < CS_ARRAY_LEN(aspects); i++) {
        struct cs_error why = CS_ERROR_INIT;
        long http_status = 0;
        if (!(task->asked & aspects[i].aspect))
            continue;
        enum cs_status status =
            aspects[i].take(cloud, arena, task, &http_status, &why);
        if (!status) {
            got |= aspects[i].aspect;
        } else if (!leave_out(cloud, task, aspects[i].aspect, status,
                              http_status, &why)) {
            return cs_error_pass(err, status, &why);
        }
    }
    cs_cloud_aspects_drop(task);
    task->doc.aspects |= got;
    task->failed = !got && task->why.status && !task->row.node;
    return CS_OK;
}

void cs_cloud_aspects_tell(struct cs_cloud *cloud, const struct cs_fetch_io *io)
{
    static const struct {
        unsigned aspect;
        const char *part, *scope;
    } parts[] = {
        {CS_ASPECT_LABELS, "labels", "read:label"},
        {CS_ASPECT_COMMENTS, "comments", "read:comment"},
        {CS_ASPECT_ATTACHMENTS, "attachments", "read:attachment"},
        {CS_ASPECT_RESTRICTIONS, "restrictions", "read:content-details"},
    };
    unsigned fresh = cloud->no_scope & ~cloud->told_scope;
    cloud->told_scope |= fresh;
    for (size_t i = 0; i < CS_ARRAY_LEN(parts); i++) {
        struct cs_error why = CS_ERROR_INIT;
        if (!(fresh & parts[i].aspect) || !io->lacking)
            continue;
        (void)cs_error_set(&why, CS_ERR_FORBIDDEN,
                           "left out, the token may not read them (HTTP 401)");
        cs_error_hint(&why,
                      "give it the scope %s:confluence, then cs sync "
                      "--full",
                      parts[i].scope);
        io->lacking(io->payload, parts[i].part, &why);
    }
}

void cs_cloud_aspects_drop(struct cs_cloud_task *task)
{
    cs_paging_free(task->label_paging);
    cs_paging_free(task->attachment_paging);
    cs_cloud_comments_free(task->comment_reader);
    cs_answer_free(task->restrictions);
    cs_answer_free(task->ancestors);
    task->ancestors = NULL;
    task->label_paging = task->attachment_paging = NULL;
    task->comment_reader = NULL;
    task->restrictions = NULL;
    task->asked = 0;
}
