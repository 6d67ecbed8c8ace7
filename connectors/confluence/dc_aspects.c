/*
 * dc_aspects.c - three calls, each read into one member of a document.
 */
#include "connectors/confluence/dc_aspects.h"
#include "connectors/confluence/clients.h"

#include "connectors/confluence/dc_item.h"
#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define COMMENTS_MAX    20000 /* of one document */
#define ATTACHMENTS_MAX 20000
#define NESTING_MAX     16 /* of an answer about restrictions */

#define COMMENT_EXPAND                                                         \
    "body.storage,version,history,extensions.inlineProperties,"                \
    "extensions.resolution"

/* ---- asking ---- */

static enum cs_status open_listing(struct cs_dc *dc, const char *id,
                                   const char *rest, const char *small_rest,
                                   struct cs_dc_paging **ret,
                                   struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf small CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(id, &path);
    cs_strbuf_puts(&small, path.data);
    cs_strbuf_puts(&path, rest);
    cs_strbuf_puts(&small, small_rest);
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_strbuf_status(&small, err);
    return status ? status
                  : cs_dc_list_open(dc, path.data, small.data, false, ret, err);
}

static enum cs_status ask_restrictions(struct cs_dc *dc,
                                       struct cs_dc_task *task,
                                       const char *call, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(task->want.id, &path);
    cs_strbuf_printf(&path, "/restriction/%s", call);
    struct cs_answer_request request = {.path = path.data, .max_attempts = 2};
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_answer_ask(dc->http, &request, &task->restrictions, err);
}

#define COMMENTS_CALL                                                          \
    "/child/comment?depth=all&location=footer&location=inline"                 \
    "&location=resolved&expand=" COMMENT_EXPAND

enum cs_status cs_dc_aspects_open(struct cs_dc *dc, struct cs_dc_task *task,
                                  struct cs_error *err)
{
    unsigned aspects = task->want.aspects;
    bool noted = dc->config->restrictions && (aspects & CS_ASPECT_TEXT);
    const char *id = task->want.id;
    enum cs_status status = CS_OK;
    if (aspects & CS_ASPECT_COMMENTS)
        status = open_listing(dc, id, COMMENTS_CALL ",ancestors", COMMENTS_CALL,
                              &task->comments, err);
    if (!status && (aspects & CS_ASPECT_ATTACHMENTS))
        status = open_listing(dc, id, "/child/attachment?expand=version", "",
                              &task->attachments, err);
    if (!status && (noted || (aspects & CS_ASPECT_RESTRICTIONS)))
        status = ask_restrictions(dc, task, "relevantViewRestrictions", err);
    return status;
}

/* ---- comments ---- */

struct notes {
    struct cs_dc *dc;
    struct cs_arena *arena;
    struct cs_comment *rows;
    size_t n, cap;
};

static const char *text_at(const struct cs_json *row, const char *outer,
                           const char *inner, const char *name)
{
    struct cs_json first, second;
    const char *text = NULL;
    if (cs_json_object(row, outer, CS_JSON_OPTIONAL, &first, NULL))
        return NULL;
    if (!inner)
        second = first;
    else if (cs_json_object(&first, inner, CS_JSON_OPTIONAL, &second, NULL))
        return NULL;
    if (cs_json_text(&second, name, CS_JSON_OPTIONAL, &text, NULL))
        return NULL;
    return text && *text ? text : NULL;
}

/* The last comment above this one. */
static const char *answered(const struct cs_json *row, struct cs_arena *arena)
{
    struct cs_json ancestors, at = {.node = NULL};
    const char *parent = NULL;
    if (cs_json_array(row, "ancestors", CS_JSON_OPTIONAL, &ancestors, NULL) ||
        !ancestors.node)
        return NULL;
    while (cs_json_next(&ancestors, &at)) {
        const char *type = NULL, *id = cs_dc_id(&at, "id", arena);
        (void)cs_json_text(&at, "type", CS_JSON_OPTIONAL, &type, NULL);
        if (id && (!type || strcmp(type, "comment") == 0))
            parent = id;
    }
    return parent;
}

static enum cs_status note_author(struct cs_dc *dc, const struct cs_json *row,
                                  struct cs_comment *comment,
                                  struct cs_error *err)
{
    struct cs_json history, version;
    const char *name = NULL;
    if (!cs_json_object(row, "history", CS_JSON_OPTIONAL, &history, NULL)) {
        comment->author_id = cs_dc_person(&history, "createdBy", &name);
        comment->created = cs_dc_time(&history, "createdDate");
    }
    if (!cs_json_object(row, "version", CS_JSON_OPTIONAL, &version, NULL)) {
        comment->updated = cs_dc_time(&version, "when");
        comment->edited = cs_dc_version(row) > 1;
        if (!comment->author_id && !history.node)
            comment->author_id = cs_dc_person(&version, "by", &name);
    }
    return cs_dc_people_note(dc->people, comment->author_id, name, err);
}

static bool is_gone(const struct cs_json *row)
{
    const char *word = NULL;
    return !cs_json_text(row, "status", CS_JSON_OPTIONAL, &word, NULL) &&
           word && strcmp(word, "current") != 0;
}

static enum cs_status take_comment(void *payload, const struct cs_json *row,
                                   bool *stop, struct cs_error *err)
{
    struct notes *notes = payload;
    struct cs_arena *arena = notes->arena;
    struct cs_comment made = {.id = cs_dc_id(row, "id", arena)};
    (void)stop;
    if (!made.id)
        return cs_json_expected(row, "an id", err);
    if (is_gone(row))
        return CS_OK;
    if (notes->n == COMMENTS_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "more than %d comments",
                            COMMENTS_MAX);
    enum cs_status status = note_author(notes->dc, row, &made, err);
    if (status)
        return status;
    const char *location = text_at(row, "extensions", NULL, "location");
    const char *state = text_at(row, "extensions", "resolution", "status");
    const char *selection =
        text_at(row, "extensions", "inlineProperties", "originalSelection");
    made.is_inline = selection || cs_str_equal(location, "inline") ||
                     cs_str_equal(location, "resolved");
    if (!state && cs_str_equal(location, "resolved"))
        state = "resolved";
    made.id = cs_arena_strdup(arena, made.id);
    made.parent_id = cs_arena_strdup(arena, answered(row, arena));
    made.author_id = cs_arena_strdup(arena, made.author_id);
    made.resolution = made.is_inline ? cs_arena_strdup(arena, state) : NULL;
    made.selection = cs_arena_strdup(arena, selection);
    made.body =
        cs_arena_strdup(arena, text_at(row, "body", "storage", "value"));
    notes->rows =
        cs_arena_grow(arena, notes->rows, notes->n, &notes->cap, sizeof(made));
    if (notes->rows)
        notes->rows[notes->n++] = made;
    return cs_arena_status(arena, err);
}

/* ---- attachments ---- */

struct files {
    struct cs_dc *dc;
    struct cs_arena *arena;
    struct cs_attachment *rows;
    size_t n, cap;
};

static int64_t size_of(const struct cs_json *row)
{
    struct cs_json extensions;
    int64_t size = -1;
    if (cs_json_object(row, "extensions", CS_JSON_OPTIONAL, &extensions,
                       NULL) ||
        cs_json_int(&extensions, "fileSize", CS_JSON_OPTIONAL, -1, &size, NULL))
        return -1;
    return size;
}

static enum cs_status take_attachment(void *payload, const struct cs_json *row,
                                      bool *stop, struct cs_error *err)
{
    struct files *files = payload;
    struct cs_arena *arena = files->arena;
    const char *title = NULL, *media, *locator;
    struct cs_attachment made = {.id = cs_dc_id(row, "id", arena)};
    struct cs_json version;
    (void)stop;
    if (!made.id)
        return cs_json_expected(row, "an id", err);
    enum cs_status status =
        cs_json_text(row, "title", CS_JSON_REQUIRED, &title, err);
    if (status || is_gone(row))
        return status;
    if (files->n == ATTACHMENTS_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "more than %d attachments",
                            ATTACHMENTS_MAX);
    media = text_at(row, "metadata", NULL, "mediaType");
    if (!media)
        media = text_at(row, "extensions", NULL, "mediaType");
    locator = text_at(row, "_links", NULL, "download");
    made.id = cs_arena_strdup(arena, made.id);
    made.name = cs_arena_strdup(arena, title);
    made.media_type = cs_arena_strdup(arena, media);
    made.size = size_of(row);
    made.version = cs_dc_version(row);
    if (!cs_json_object(row, "version", CS_JSON_OPTIONAL, &version, NULL))
        made.updated = cs_dc_time(&version, "when");
    made.locator = cs_arena_strdup(arena, locator);
    made.url = cs_dc_web_url(&files->dc->site, row, arena);
    files->rows =
        cs_arena_grow(arena, files->rows, files->n, &files->cap, sizeof(made));
    if (files->rows)
        files->rows[files->n++] = made;
    return cs_arena_status(arena, err);
}

/* ---- restrictions ---- */

static bool holds_people(const cJSON *list)
{
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(list, "results");
    return cJSON_GetArraySize(results) > 0;
}

/* Whether somebody is named as allowed to read, at whatever depth a version
 * puts that. Who may write is another matter. */
static bool names_readers(const cJSON *node, unsigned depth)
{
    if (depth == NESTING_MAX)
        return false;
    for (const cJSON *at = node ? node->child : NULL; at; at = at->next) {
        const char *key = at->string ? at->string : "";
        if (strcmp(key, "update") == 0 || strcmp(key, "content") == 0)
            continue;
        bool who = strcmp(key, "user") == 0 || strcmp(key, "group") == 0;
        if (who ? holds_people(at) : names_readers(at, depth + 1))
            return true;
    }
    return false;
}

/* ---- reading ---- */

/* What became of one aspect: had, or left out for this document. */
static enum cs_status outcome(struct cs_dc_task *task, unsigned aspect,
                              enum cs_status status, long http_status,
                              const struct cs_error *why, struct cs_error *err)
{
    if (!status) {
        task->doc.aspects |= aspect;
        return CS_OK;
    }
    if (!cs_client_may_be_document(status, http_status))
        return cs_error_pass(err, status, why);
    task->why = *why;
    task->server_error = http_status >= 500;
    return CS_OK;
}

static enum cs_status read_comments(struct cs_dc *dc, struct cs_arena *arena,
                                    struct cs_dc_task *task,
                                    struct cs_error *err)
{
    struct notes notes = {.dc = dc, .arena = arena};
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        cs_dc_paging_each(task->comments, take_comment, &notes, &why);
    task->notes = notes.rows;
    task->n_notes = notes.n;
    return outcome(task, CS_ASPECT_COMMENTS, status,
                   cs_dc_paging_http_status(task->comments), &why, err);
}

static enum cs_status read_attachments(struct cs_dc *dc, struct cs_arena *arena,
                                       struct cs_dc_task *task,
                                       struct cs_error *err)
{
    struct files files = {.dc = dc, .arena = arena};
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status =
        cs_dc_paging_each(task->attachments, take_attachment, &files, &why);
    task->doc.attachments = files.rows;
    task->doc.n_attachments = files.n;
    return outcome(task, CS_ASPECT_ATTACHMENTS, status,
                   cs_dc_paging_http_status(task->attachments), &why, err);
}

/* Old versions tell only what stands on the page itself. */
static enum cs_status read_restrictions(struct cs_dc *dc,
                                        struct cs_dc_task *task,
                                        struct cs_error *err)
{
    struct cs_json root;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_answer_wait(task->restrictions, &root, &why);
    long http_status = cs_answer_http_status(task->restrictions);
    if (status && cs_dc_unsupported(http_status)) {
        cs_answer_free(task->restrictions);
        task->restrictions = NULL;
        status = ask_restrictions(dc, task, "byOperation", err);
        if (status)
            return status;
        status = cs_answer_wait(task->restrictions, &root, &why);
        http_status = cs_answer_http_status(task->restrictions);
    }
    if (!status)
        task->doc.restricted = names_readers(root.node, 0);
    return outcome(task, CS_ASPECT_RESTRICTIONS, status, http_status, &why,
                   err);
}

enum cs_status cs_dc_aspects_take(struct cs_dc *dc, struct cs_arena *arena,
                                  struct cs_dc_task *task, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    if (task->comments && !task->failed)
        status = read_comments(dc, arena, task, err);
    if (!status && task->attachments && !task->failed)
        status = read_attachments(dc, arena, task, err);
    if (!status && task->restrictions && !task->failed)
        status = read_restrictions(dc, task, err);
    if (!status && !task->row.node && !task->doc.aspects && task->why.status)
        task->failed = true;
    return status;
}
