/*
 * One page, file or comment in the shape of `/rest/api`; see rest.h.
 */
#include "tests/fake/rest.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

const struct fk_content *fk_rest_parent(const struct fk_site *site,
                                        const struct fk_content *c)
{
    for (int depth = 0; c && depth < 100; depth++) {
        c = fk_site_content(site, c->item.owner);
        if (c && (c->kind == FK_PAGE || !site->datacenter))
            return c;
    }
    return NULL;
}

static void write_ancestor(struct fk_request *req, const struct fk_content *c)
{
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "title", c->item.title);
    fk_json_close(out, '}');
    if (req->site->datacenter && strcmp(c->item.status, "draft") == 0)
        req->status = 404; /* the vendor loses the whole answer */
}

static void write_ancestors(struct fk_request *req, const struct fk_content *c)
{
    const struct fk_content *line[100];
    size_t n = 0;

    while (n < 100 && (c = fk_rest_parent(req->site, c)))
        line[n++] = c;
    fk_json_key(&req->body, "ancestors");
    fk_json_open(&req->body, '[');
    while (n-- > 0)
        write_ancestor(req, line[n]);
    fk_json_close(&req->body, ']');
}

/* Of a reply: the comments that it answers, topmost first. */
static void write_note_ancestors(struct fk_request *req,
                                 const struct fk_comment *c)
{
    uint64_t line[100];
    size_t n = 0;

    while (c && c->parent && n < 100) {
        line[n++] = c->parent;
        c = (struct fk_comment *)fk_set_find(&req->site->comments, c->parent);
    }
    fk_json_key(&req->body, "ancestors");
    fk_json_open(&req->body, '[');
    while (n-- > 0) {
        fk_json_open(&req->body, '{');
        fk_json_kid(&req->body, "id", line[n]);
        fk_json_kstr(&req->body, "type", "comment");
        fk_json_close(&req->body, '}');
    }
    fk_json_close(&req->body, ']');
}

static void write_bodies(struct fk_request *req, const struct fk_body *body)
{
    static const char *const names[] = {"storage",     "view",   "export_view",
                                        "styled_view", "editor", "editor2"};
    struct fk_buf *out = &req->body;

    fk_json_key(out, "body");
    fk_json_open(out, '{');
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char full[32];

        (void)snprintf(full, sizeof(full), "body.%s", names[i]);
        if (!fk_rest_expands(req, NULL, full))
            continue;
        fk_json_key(out, names[i]);
        fk_json_open(out, '{');
        fk_json_key(out, "value");
        fk_buf_add(out, "\"", 1);
        if (body->json)
            fk_buf_add(out, body->json, body->len);
        fk_buf_add(out, "\"", 1);
        fk_json_kstr(out, "representation", names[i]);
        fk_json_close(out, '}');
    }
    fk_json_close(out, '}');
}

static void write_label_list(struct fk_request *req, const struct fk_content *c)
{
    size_t shown =
        c->label_count < FK_NESTED_LABELS ? c->label_count : FK_NESTED_LABELS;
    unsigned long long id = c->item.id;
    struct fk_buf *out = &req->body;

    if (req->site->nested_rows && shown > req->site->nested_rows)
        shown = req->site->nested_rows;
    fk_json_key(out, "labels");
    fk_buf_str(out, "{\"results\":[");
    for (size_t i = 0; i < shown; i++)
        fk_write_label(req, fk_set_find(&req->site->labels, c->labels[i]),
                       NULL);
    fk_json_close(out, ']');
    fk_json_kint(out, "start", 0);
    fk_json_kint(out, "limit", (int64_t)shown);
    fk_json_kint(out, "size", (int64_t)shown);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    if (shown < c->label_count) {
        fk_json_key(out, "next");
        fk_buf_fmt(out, "\"/rest/api/content/%llu/label?limit=%zu&start=%zu\"",
                   id, shown, shown);
    }
    fk_json_key(out, "self");
    fk_buf_fmt(out, "\"%s/rest/api/content/%llu/label\"}}", req->site->base,
               id);
}

/* Files or comments of a page inside the page: the first rows and a next. */
static void write_nested(struct fk_request *req, const struct fk_content *c,
                         const char *name, struct fk_set *set)
{
    struct fk_buf *out = &req->body;
    size_t limit =
        req->site->nested_rows ? req->site->nested_rows : FK_NESTED_ROWS;
    size_t n;
    struct fk_item **owned = fk_set_owned(req->site, set, c->item.id, &n);
    size_t shown = n < limit ? n : limit;

    fk_json_key(out, name);
    fk_buf_str(out, "{\"results\":[");
    for (size_t i = 0; i < shown; i++) {
        struct fk_hit hit =
            set == &req->site->attachments
                ? fk_hit_file(req->site, (struct fk_attachment *)owned[i])
                : fk_hit_note(req->site, (struct fk_comment *)owned[i]);

        fk_rest_content(req, &hit, "none");
    }
    fk_json_close(out, ']');
    fk_json_kint(out, "start", 0);
    fk_json_kint(out, "limit", (int64_t)limit);
    fk_json_kint(out, "size", (int64_t)shown);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    if (shown < n) {
        fk_json_key(out, "next");
        fk_buf_fmt(out,
                   "\"/rest/api/content/%llu/child/%s?limit=%zu&start=%zu\"",
                   (unsigned long long)c->item.id, name, limit, limit);
    }
    fk_buf_str(out, "}}");
}

static void write_children(struct fk_request *req, const struct fk_content *c,
                           const char *fallback)
{
    bool files = fk_rest_expands(req, fallback, "children.attachment");
    bool notes = fk_rest_expands(req, fallback, "children.comment");

    if (!files && !notes)
        return;
    fk_json_key(&req->body, "children");
    fk_json_open(&req->body, '{');
    if (files)
        write_nested(req, c, "attachment", &req->site->attachments);
    if (notes)
        write_nested(req, c, "comment", &req->site->comments);
    fk_json_close(&req->body, '}');
}

static void write_history(struct fk_request *req, const struct fk_hit *hit,
                          const char *fallback)
{
    const struct fk_content *c = hit->content;
    struct fk_buf *out = &req->body;

    fk_json_key(out, "history");
    fk_json_open(out, '{');
    fk_json_kbool(out, "latest", true);
    fk_json_key(out, "createdBy");
    fk_rest_person(req, c ? c->author : hit->item.version.author);
    fk_rest_time(req, "createdDate", hit->item.created);
    if (fk_rest_expands(req, fallback, "history.lastUpdated"))
        fk_rest_version(req, "lastUpdated", &hit->item.version);
    fk_json_close(out, '}');
}

static void write_note_extensions(struct fk_request *req,
                                  const struct fk_comment *c,
                                  const char *fallback)
{
    struct fk_buf *out = &req->body;
    const char *state = c->resolution ? c->resolution : "open";

    fk_json_kstr(out, "location", c->is_inline ? "inline" : "footer");
    if (c->is_inline &&
        fk_rest_expands(req, fallback, "extensions.inlineProperties")) {
        fk_json_key(out, "inlineProperties");
        fk_json_open(out, '{');
        fk_json_kstr(out, "originalSelection", c->selection);
        fk_json_kstr(out, "markerRef", c->marker);
        fk_json_close(out, '}');
    }
    if (c->is_inline &&
        fk_rest_expands(req, fallback, "extensions.resolution")) {
        fk_json_key(out, "resolution");
        fk_json_open(out, '{');
        fk_json_kstr(out, "status", state);
        if (c->resolver) {
            fk_json_key(out, "lastModifier");
            fk_rest_person(req, c->resolver);
            fk_rest_time(req, "lastModifiedDate", c->resolved);
        }
        fk_json_close(out, '}');
    }
}

static void write_extensions(struct fk_request *req, const struct fk_hit *hit,
                             const char *fallback)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, "extensions");
    fk_json_open(out, '{');
    if (hit->note) {
        write_note_extensions(req, hit->note, fallback);
    } else if (hit->file) {
        fk_json_kstr(out, "mediaType", hit->file->media_type);
        fk_json_kint(out, "fileSize", (int64_t)hit->file->size);
        fk_json_kstr(out, "comment",
                     hit->file->comment ? hit->file->comment : "");
        if (!req->site->datacenter)
            fk_json_kstr(out, "fileId", hit->file->file_id);
    } else if (hit->content->kind == FK_PAGE) {
        fk_json_key(out, "position");
        if (hit->item.position == FK_NO_POSITION)
            fk_json_raw(out, "\"none\"");
        else
            fk_buf_fmt(out, "%d", hit->item.position);
    }
    fk_json_close(out, '}');
}

static void write_metadata(struct fk_request *req, const struct fk_hit *hit,
                           const char *fallback)
{
    struct fk_buf *out = &req->body;
    bool labels = fk_rest_expands(req, fallback, "metadata.labels");

    if (!hit->file && !labels)
        return;
    fk_json_key(out, "metadata");
    fk_json_open(out, '{');
    if (hit->file) {
        fk_json_kstr(out, "mediaType", hit->file->media_type);
        fk_json_kstr(out, "comment",
                     hit->file->comment ? hit->file->comment : "");
    }
    if (labels && hit->content)
        write_label_list(req, hit->content);
    fk_json_close(out, '}');
}

/* Plain titles stand in the address; others are named by their id. */
static void write_display(struct fk_buf *out, const struct fk_content *c)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -";
    const char *title = c->item.title;

    if (c->kind != FK_PAGE || title[strspn(title, plain)] != '\0') {
        fk_buf_fmt(out, "\"/pages/viewpage.action?pageId=%llu\"",
                   (unsigned long long)c->item.id);
        return;
    }
    fk_buf_fmt(out, "\"/display/%s/", c->space->item.key);
    for (; *title; title++)
        fk_buf_add(out, *title == ' ' ? "+" : title, 1);
    fk_buf_add(out, "\"", 1);
}

static void write_links(struct fk_request *req, const struct fk_hit *hit)
{
    struct fk_buf *out = &req->body;
    unsigned long long id = hit->item.id;

    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "webui");
    if (hit->content && req->site->datacenter)
        write_display(out, hit->content);
    else if (hit->content)
        fk_buf_fmt(out, "\"/spaces/%s/%s/%llu\"", hit->page->space->item.key,
                   hit->content->kind == FK_BLOGPOST ? "blog" : "pages", id);
    else
        fk_buf_fmt(out, "\"/pages/viewpage.action?pageId=%llu&focused=%llu\"",
                   (unsigned long long)hit->page->item.id, id);
    if (hit->file) {
        fk_json_key(out, "download");
        fk_buf_add(out, "\"", 1);
        fk_write_download_path(out, &hit->item);
        fk_buf_add(out, "\"", 1);
    }
    fk_json_key(out, "self");
    fk_buf_fmt(out, "\"%s/rest/api/content/%s%llu\"}", req->site->base,
               hit->file ? "att" : "", id);
}

/* The version to show: asked for by number, or stale once by order. */
static const struct fk_old *pick_old(struct fk_request *req,
                                     const struct fk_content *c)
{
    long wanted = fk_request_int(req, "version", c->item.version.number);
    struct fk_content *changed = fk_site_content(req->site, c->item.id);
    const struct fk_old *old = c->old;

    if (old && c->stale && fk_rest_expands_body(req)) {
        changed->stale = false; /* only ever set back, as in pages.c */
        return old;
    }
    while (old && old->version.number != wanted)
        old = old->next;
    return old;
}

static void write_body_part(struct fk_request *req, const struct fk_hit *hit,
                            const struct fk_old *old)
{
    if (hit->content)
        write_bodies(req, old ? &old->body : &hit->content->body);
    else if (hit->note)
        write_bodies(req, &hit->note->body);
}

static void write_container(struct fk_request *req, const struct fk_hit *hit)
{
    struct fk_hit page = fk_hit_content(hit->page);

    fk_json_key(&req->body, "container");
    fk_rest_content(req, &page, "none");
}

static void write_expanded(struct fk_request *req, const struct fk_hit *hit,
                           const char *fallback)
{
    const struct fk_old *old =
        hit->content ? pick_old(req, hit->content) : NULL;
    struct fk_buf *out = &req->body;

    if (fk_rest_expands(req, fallback, "space")) {
        fk_json_key(out, "space");
        fk_rest_space(req, hit->page->space, "none");
    }
    if (fk_rest_expands(req, fallback, "history"))
        write_history(req, hit, fallback);
    if (fk_rest_expands(req, fallback, "version"))
        fk_rest_version(req, "version",
                        old ? &old->version : &hit->item.version);
    if (fk_rest_expands(req, fallback, "ancestors")) {
        if (hit->note)
            write_note_ancestors(req, hit->note);
        else if (hit->content)
            write_ancestors(req, hit->content);
    }
    if (!hit->content && fk_rest_expands(req, fallback, "container"))
        write_container(req, hit);
    if (fk_rest_expands_body(req) && strcmp(fallback, "none") != 0)
        write_body_part(req, hit, old);
    write_metadata(req, hit, fallback);
    write_extensions(req, hit, fallback);
    if (hit->content)
        write_children(req, hit->content, fallback);
}

void fk_rest_content(struct fk_request *req, const struct fk_hit *hit,
                     const char *fallback)
{
    struct fk_buf *out = &req->body;

    if (hit->content && (hit->content->poison == 2 ||
                         (hit->content->poison && fk_rest_expands_body(req))))
        req->status = 500;
    fk_json_open(out, '{');
    fk_json_key(out, "id");
    fk_buf_fmt(out, "\"%s%llu\"", hit->file ? "att" : "",
               (unsigned long long)hit->item.id);
    fk_json_kstr(out, "type", fk_hit_type(hit));
    fk_json_kstr(out, "status", hit->item.status);
    fk_json_kstr(out, "title", hit->item.title);
    if (strcmp(fallback, "none") != 0)
        write_expanded(req, hit, fallback);
    write_links(req, hit);
    fk_json_key(out, "_expandable");
    fk_buf_str(out, "{\"operations\":\"\"}}");
}
