/*
 * cloud_comments.c - a queue of listings that grows while it is worked off.
 */
#include "connectors/confluence/cloud_comments.h"

#include "src/url.h"

#include <stdlib.h>

#define COMMENTS_MAX 20000

/* The two kinds, and where they are found. */
static const struct kind {
    const char *collection;
    bool is_inline;
} kinds[] = {{"footer-comments", false}, {"inline-comments", true}};

/* The comments of the document, or the replies to one of them. */
struct listing {
    struct listing *next;
    const struct kind *kind;
    const char *parent_id; /* NULL: of the document */
    struct cs_paging *paging;
};

struct cs_cloud_comments {
    struct cs_cloud *cloud;
    struct cs_arena *arena;
    const struct cs_want *want;
    struct listing *head, **tail;
    struct listing *next;  /* the first that was not read yet */
    struct listing *ahead; /* the first that was not opened yet */
    size_t open;
    struct cs_idset seen;
    struct cs_comment *rows;
    size_t n, cap;
    long http_status; /* of the last answer */
    struct cs_error why;
};

static enum cs_status add_listing(struct cs_cloud_comments *comments,
                                  const struct kind *kind,
                                  const char *parent_id, struct cs_error *err)
{
    struct listing *listing = cs_arena_alloc(comments->arena, sizeof(*listing));
    if (!listing)
        return cs_arena_status(comments->arena, err);
    listing->kind = kind;
    listing->parent_id = parent_id;
    *comments->tail = listing;
    comments->tail = &listing->next;
    if (!comments->next)
        comments->next = listing;
    if (!comments->ahead)
        comments->ahead = listing;
    return CS_OK;
}

static enum cs_status open_listing(struct cs_cloud_comments *comments,
                                   struct listing *listing,
                                   struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    const char *collection = listing->kind->collection;
    cs_strbuf_puts(&path, "/wiki/api/v2/");
    if (listing->parent_id) {
        cs_strbuf_printf(&path, "%s/", collection);
        cs_url_put_escaped(listing->parent_id, &path);
        cs_strbuf_puts(&path, "/children");
    } else {
        cs_strbuf_printf(&path, "%s/",
                         cs_cloud_collection(comments->want->kind));
        cs_url_put_escaped(comments->want->id, &path);
        cs_strbuf_printf(&path, "/%s", collection);
    }
    cs_strbuf_puts(&path, "?body-format=storage&sort=created-date&limit=100");
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_paging_open(&comments->cloud->paging, path.data, 0,
                                   &listing->paging, err);
}

static enum cs_status open_ahead(struct cs_cloud_comments *comments,
                                 struct cs_error *err)
{
    size_t max = 2 * (size_t)comments->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    while (comments->ahead && comments->open < max && !status) {
        status = open_listing(comments, comments->ahead, err);
        comments->ahead = comments->ahead->next;
        comments->open++;
    }
    return status;
}

enum cs_status cs_cloud_comments_open(struct cs_cloud *cloud,
                                      struct cs_arena *arena,
                                      const struct cs_want *want,
                                      struct cs_cloud_comments **ret,
                                      struct cs_error *err)
{
    struct cs_cloud_comments *comments = calloc(1, sizeof(*comments));
    if (!comments)
        return cs_error_no_memory(err);
    comments->cloud = cloud;
    comments->arena = arena;
    comments->want = want;
    comments->tail = &comments->head;
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++)
        status = add_listing(comments, &kinds[i], NULL, err);
    if (!status)
        status = open_ahead(comments, err);
    if (status) {
        cs_cloud_comments_free(comments);
        return status;
    }
    *ret = comments;
    return CS_OK;
}

void cs_cloud_comments_free(struct cs_cloud_comments *comments)
{
    if (!comments)
        return;
    for (struct listing *at = comments->head; at; at = at->next)
        cs_paging_free(at->paging);
    cs_idset_clear(&comments->seen);
    free(comments);
}

/* ---- rows ---- */

static enum cs_status make_room(struct cs_cloud_comments *comments,
                                struct cs_error *err)
{
    if (comments->n >= COMMENTS_MAX)
        return cs_error_set(err, CS_ERR_LIMIT, "more than %d comments",
                            COMMENTS_MAX);
    struct cs_comment *rows =
        cs_arena_grow(comments->arena, comments->rows, comments->n,
                      &comments->cap, sizeof(*rows));
    if (!rows)
        return cs_arena_status(comments->arena, err);
    comments->rows = rows;
    return CS_OK;
}

static enum cs_status read_version(const struct cs_json *row,
                                   struct cs_comment *ret, struct cs_error *err)
{
    struct cs_json version;
    int64_t number;
    enum cs_status status =
        cs_json_object(row, "version", CS_JSON_OPTIONAL, &version, err);
    if (!status)
        status =
            cs_json_int(&version, "number", CS_JSON_OPTIONAL, 1, &number, err);
    if (!status)
        status = cs_json_text(&version, "authorId", CS_JSON_OPTIONAL,
                              &ret->author_id, err);
    if (!status) {
        ret->edited = number > 1;
        ret->updated = cs_cloud_time(&version, "createdAt");
    }
    return status;
}

static enum cs_status read_body(const struct cs_json *row,
                                struct cs_comment *ret, struct cs_error *err)
{
    struct cs_json body, storage;
    enum cs_status status =
        cs_json_object(row, "body", CS_JSON_OPTIONAL, &body, err);
    if (!status)
        status =
            cs_json_object(&body, "storage", CS_JSON_OPTIONAL, &storage, err);
    if (!status)
        status =
            cs_json_text(&storage, "value", CS_JSON_OPTIONAL, &ret->body, err);
    return status;
}

static enum cs_status read_inline(const struct cs_json *row,
                                  struct cs_comment *ret, struct cs_error *err)
{
    struct cs_json properties;
    enum cs_status status = cs_json_text(
        row, "resolutionStatus", CS_JSON_OPTIONAL, &ret->resolution, err);
    if (!status)
        status = cs_json_object(row, "properties", CS_JSON_OPTIONAL,
                                &properties, err);
    if (!status)
        status = cs_json_text(&properties, "inlineOriginalSelection",
                              CS_JSON_OPTIONAL, &ret->selection, err);
    return status;
}

/* Of a reply only the first comment of its thread is about a part of the
 * page. */
static enum cs_status read_comment(const struct listing *listing,
                                   const struct cs_json *row,
                                   struct cs_comment *ret, bool *ret_skip,
                                   struct cs_error *err)
{
    const char *state;
    enum cs_status status =
        cs_json_text(row, "id", CS_JSON_REQUIRED, &ret->id, err);
    if (!status)
        status = cs_json_text(row, "status", CS_JSON_OPTIONAL, &state, err);
    if (!status)
        status = read_version(row, ret, err);
    if (!status)
        status = read_body(row, ret, err);
    if (!status && listing->kind->is_inline && !listing->parent_id) {
        ret->is_inline = true;
        status = read_inline(row, ret, err);
    }
    if (status)
        return status;
    ret->parent_id = listing->parent_id;
    *ret_skip = state && strcmp(state, "current") != 0 &&
                strcmp(state, "archived") != 0;
    return CS_OK;
}

/* Borrowed strings of the answer must outlive it. */
static void keep_strings(struct cs_comment *comment, struct cs_arena *arena)
{
    comment->id = cs_arena_strdup(arena, comment->id);
    comment->author_id = cs_arena_strdup(arena, comment->author_id);
    comment->resolution = cs_arena_strdup(arena, comment->resolution);
    comment->selection = cs_arena_strdup(arena, comment->selection);
    comment->body = cs_arena_strdup(arena, comment->body);
}

struct reader {
    struct cs_cloud_comments *comments;
    const struct listing *listing;
};

static enum cs_status take_row(void *payload, const struct cs_json *row,
                               bool *stop, struct cs_error *err)
{
    const struct reader *reader = payload;
    struct cs_cloud_comments *comments = reader->comments;
    struct cs_comment comment = {.id = NULL};
    bool skip, fresh;
    (void)stop;
    enum cs_status status =
        read_comment(reader->listing, row, &comment, &skip, err);
    if (!status)
        status = cs_idset_add(&comments->seen, comment.id, &fresh, err);
    if (status || skip || !fresh)
        return status;
    status = make_room(comments, err);
    if (status)
        return status;
    keep_strings(&comment, comments->arena);
    status = cs_arena_status(comments->arena, err);
    if (status)
        return status;
    comments->rows[comments->n++] = comment;
    return add_listing(comments, reader->listing->kind, comment.id, err);
}

static enum cs_status read_listing(struct cs_cloud_comments *comments,
                                   struct listing *listing,
                                   struct cs_error *err)
{
    struct reader reader = {.comments = comments, .listing = listing};
    enum cs_status status = open_ahead(comments, err);
    if (status)
        return status;
    status = cs_paging_each(listing->paging, take_row, &reader, err);
    comments->http_status = cs_paging_http_status(listing->paging);
    cs_paging_free(listing->paging);
    listing->paging = NULL;
    comments->open--;
    if (status == CS_ERR_NOT_FOUND && listing->parent_id) {
        cs_error_clear(err); /* deleted meanwhile: it has no replies */
        status = CS_OK;
    }
    return status;
}

enum cs_status cs_cloud_comments_advance(struct cs_cloud_comments *comments,
                                         bool *ret_more)
{
    struct cs_error *why = &comments->why;
    struct listing *const *end = comments->tail; /* replies come behind it */
    bool last = false;
    enum cs_status status = why->status;
    while (comments->next && !last && !status) {
        struct listing *listing = comments->next;
        status = read_listing(comments, listing, why);
        comments->next = listing->next;
        last = end == &listing->next;
    }
    if (!status)
        status = open_ahead(comments, why);
    *ret_more = !status && comments->next;
    return status;
}

enum cs_status cs_cloud_comments_read(struct cs_cloud_comments *comments,
                                      struct cs_comment **ret, size_t *ret_n,
                                      long *ret_http_status,
                                      struct cs_error *err)
{
    bool more = true;
    enum cs_status status = CS_OK;
    while (more)
        status = cs_cloud_comments_advance(comments, &more);
    *ret_http_status = comments->http_status;
    if (status) {
        if (err)
            *err = comments->why;
        return status;
    }
    *ret = comments->rows;
    *ret_n = comments->n;
    return CS_OK;
}
