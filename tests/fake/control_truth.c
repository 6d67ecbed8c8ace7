/*
 * The server's truth in one JSON document, for a test to compare a mirror
 * with: every space, page, label, file and comment, with the text as it is
 * stored and what the caller may see of it.
 */
#include "tests/fake/control.h"
#include "tests/fake/rest.h"

#include <string.h>
#include <zlib.h>

static void write_times(struct fk_buf *out, const struct fk_item *item)
{
    fk_json_kint(out, "version", item->version.number);
    fk_json_kstr(out, "editor", item->version.author);
    fk_json_ktime(out, "created", item->created);
    fk_json_ktime(out, "modified", item->version.created);
}

static void write_text(struct fk_buf *out, const struct fk_body *body)
{
    fk_json_key(out, "body");
    fk_buf_add(out, "\"", 1);
    if (body->json)
        fk_buf_add(out, body->json, body->len);
    fk_buf_add(out, "\"", 1);
}

static void write_file(struct fk_buf *out, const struct fk_attachment *a)
{
    fk_json_open(out, '{');
    fk_json_key(out, "id");
    fk_buf_fmt(out, "\"att%llu\"", (unsigned long long)a->item.id);
    fk_json_kstr(out, "status", a->item.status);
    fk_json_kstr(out, "title", a->item.title);
    fk_json_kstr(out, "mediaType", a->media_type);
    fk_json_kstr(out, "fileId", a->file_id);
    fk_json_kint(out, "size", (int64_t)a->size);
    fk_json_key(out, "crc32");
    fk_buf_fmt(out, "\"%08lx\"",
               crc32(0, (const Bytef *)a->data, (uInt)a->size));
    write_times(out, &a->item);
    fk_json_close(out, '}');
}

/* A comment with its answers. */
static void write_note(struct fk_request *req, const struct fk_comment *c,
                       int depth)
{
    struct fk_buf *out = &req->body;
    size_t n;
    struct fk_item **owned;

    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kid(out, "parentId", c->parent);
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "kind", c->is_inline ? "inline" : "footer");
    fk_json_kstr(out, "resolution", c->resolution);
    fk_json_kstr(out, "marker", c->marker);
    write_times(out, &c->item);
    write_text(out, &c->body);
    fk_json_key(out, "replies");
    fk_json_open(out, '[');
    owned = fk_set_owned(req->site, &req->site->comments, c->item.id, &n);
    for (size_t i = 0; depth < 100 && i < n; i++)
        write_note(req, (struct fk_comment *)owned[i], depth + 1);
    fk_buf_str(out, "]}");
}

static void write_leaves(struct fk_request *req, const struct fk_content *c)
{
    struct fk_buf *out = &req->body;
    size_t n;
    struct fk_item **owned =
        fk_set_owned(req->site, &req->site->attachments, c->item.id, &n);

    fk_json_key(out, "attachments");
    fk_json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        write_file(out, (struct fk_attachment *)owned[i]);
    fk_json_close(out, ']');
    owned = fk_set_owned(req->site, &req->site->comments, c->item.id, &n);
    fk_json_key(out, "comments");
    fk_json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        write_note(req, (struct fk_comment *)owned[i], 0);
    fk_json_close(out, ']');
}

static void write_labels(struct fk_request *req, const struct fk_content *c)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, "labels");
    fk_json_open(out, '[');
    for (size_t i = 0; i < c->label_count; i++) {
        const struct fk_label *l = (const struct fk_label *)fk_set_find(
            &req->site->labels, c->labels[i]);
        struct fk_buf text = {0};

        fk_buf_fmt(&text, "%s:%s", l->prefix, l->item.title);
        fk_json_str(out, text.data);
        fk_buf_clear(&text);
    }
    fk_json_close(out, ']');
}

static void write_content(struct fk_request *req, const struct fk_content *c)
{
    const struct fk_content *parent = fk_rest_parent(req->site, c);
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "title", c->item.title);
    fk_json_kstr(out, "space", c->space->item.key);
    fk_json_kid(out, "parentId", parent ? parent->item.id : 0);
    if (c->item.position != FK_NO_POSITION)
        fk_json_kint(out, "position", c->item.position);
    fk_json_kbool(out, "visible", fk_content_visible(req->site, c));
    fk_json_kstr(out, "author", c->author);
    fk_json_kstr(out, "readers", c->readers);
    write_times(out, &c->item);
    write_labels(req, c);
    write_text(out, &c->body);
    write_leaves(req, c);
    fk_json_close(out, '}');
}

static void write_spaces(struct fk_request *req)
{
    const struct fk_set *all = &req->site->spaces;
    struct fk_buf *out = &req->body;

    fk_json_key(out, "spaces");
    fk_json_open(out, '[');
    for (size_t i = 0; i < all->count; i++) {
        const struct fk_space *s = (struct fk_space *)all->items[i];

        fk_json_open(out, '{');
        fk_json_kid(out, "id", s->item.id);
        fk_json_kstr(out, "key", s->item.key);
        fk_json_kstr(out, "name", s->item.title);
        fk_json_kstr(out, "type", s->type);
        fk_json_kstr(out, "status", s->item.status);
        fk_json_kid(out, "home", s->home);
        fk_json_kbool(out, "visible", !s->item.hidden);
        fk_json_close(out, '}');
    }
    fk_json_close(out, ']');
}

static void write_users(struct fk_request *req)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, "users");
    fk_json_open(out, '[');
    for (size_t i = 0; i < req->site->user_count; i++) {
        const struct fk_user *u = &req->site->users[i];

        fk_json_open(out, '{');
        fk_json_kstr(out, "id", u->id);
        fk_json_kstr(out, "key", u->key);
        fk_json_kstr(out, "username", u->username);
        fk_json_kstr(out, "name", u->name);
        fk_json_kstr(out, "status", u->status);
        fk_json_close(out, '}');
    }
    fk_json_close(out, ']');
}

void fk_control_truth(struct fk_request *req)
{
    const struct fk_set *all = &req->site->content;
    const char *space = fk_request_text(req, "space", NULL);

    fk_json_open(&req->body, '{');
    write_spaces(req);
    write_users(req);
    fk_json_key(&req->body, "content");
    fk_json_open(&req->body, '[');
    for (size_t i = 0; i < all->count; i++) {
        const struct fk_content *c = (struct fk_content *)all->items[i];

        if (!space || strcmp(space, c->space->item.key) == 0)
            write_content(req, c);
    }
    fk_buf_str(&req->body, "]}");
    req->status = 200;
}
