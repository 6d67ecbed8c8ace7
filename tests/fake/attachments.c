/*
 * Attachments: lists, single answers, and the two ways to their bytes. The
 * REST download call answers with a redirect to the media port, which takes
 * no credential; the browser's path answers 401 for API tokens.
 */
#include "tests/fake/paging.h"
#include "tests/fake/rest.h"
#include "tests/fake/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct fk_content *owner_of(const struct fk_site *site,
                                         const struct fk_item *item)
{
    return fk_site_content(site, item->owner);
}

void fk_write_download_path(struct fk_buf *out, const struct fk_item *file)
{
    fk_buf_fmt(out, "/download/attachments/%llu/",
               (unsigned long long)file->owner);
    fk_buf_urlenc(out, file->title);
    fk_buf_fmt(out, "?version=%d&modificationDate=%lld&cacheVersion=1&api=v2",
               file->version.number, (long long)file->version.created);
}

static void write_download_link(struct fk_buf *out, const char *key,
                                const struct fk_item *item)
{
    fk_json_key(out, key);
    fk_buf_add(out, "\"", 1);
    fk_write_download_path(out, item);
    fk_buf_add(out, "\"", 1);
}

static void write_webui(struct fk_buf *out, const struct fk_item *item)
{
    fk_buf_fmt(out,
               "\"/pages/viewpageattachments.action?pageId=%llu"
               "&preview=%%2F%llu%%2F%llu\"",
               (unsigned long long)item->owner, (unsigned long long)item->owner,
               (unsigned long long)item->id);
}

static void write_attachment(struct fk_request *req, const struct fk_item *item,
                             const void *ctx)
{
    const struct fk_attachment *a = (const struct fk_attachment *)item;
    const struct fk_content *c = owner_of(req->site, item);
    struct fk_buf *out = &req->body;

    (void)ctx;
    fk_json_open(out, '{');
    fk_json_key(out, "id");
    fk_buf_fmt(out, "\"att%llu\"", (unsigned long long)item->id);
    fk_json_kstr(out, "status", item->status);
    fk_json_kstr(out, "title", item->title);
    fk_json_ktime(out, "createdAt", item->created);
    fk_json_kid(out, c && c->kind == FK_BLOGPOST ? "blogPostId" : "pageId",
                item->owner);
    fk_json_kstr(out, "mediaType", a->media_type);
    fk_json_kstr(out, "mediaTypeDescription", NULL);
    fk_json_kstr(out, "comment", a->comment ? a->comment : "");
    fk_json_kstr(out, "fileId", a->file_id);
    fk_json_kint(out, "fileSize", (int64_t)a->size);
    fk_json_key(out, "webuiLink");
    write_webui(out, item);
    write_download_link(out, "downloadLink", item);
    fk_json_key(out, "version");
    fk_write_version(out, &item->version);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "webui");
    write_webui(out, item);
    write_download_link(out, "download", item);
    fk_json_close(out, '}');
    fk_json_close(out, '}');
}

static bool match_attachment(const struct fk_request *req,
                             const struct fk_item *item, const void *ctx)
{
    const struct fk_attachment *a = (const struct fk_attachment *)item;
    const struct fk_content *c = owner_of(req->site, item);
    const char *type = fk_request_text(req, "mediaType", NULL);
    const char *name = fk_request_text(req, "filename", NULL);

    (void)ctx;
    return fk_request_has(req, "status", "current,archived", item->status) &&
           (!type || strcmp(type, a->media_type) == 0) &&
           (!name || strcmp(name, item->title) == 0) && c &&
           !fk_status_gone(c->item.status) && fk_content_visible(req->site, c);
}

void fk_attachments_list(struct fk_request *req)
{
    struct fk_listing l = {.count = req->site->attachments.count,
                           .default_limit = 50,
                           .match = match_attachment,
                           .write = write_attachment};

    fk_list_sort(req, "id", &l);
    l.items = fk_set_view(req->site, &req->site->attachments, l.order);
    fk_list(req, &l);
}

void fk_attachments_of(struct fk_request *req)
{
    struct fk_listing l = {.default_limit = 50,
                           .match = match_attachment,
                           .write = write_attachment};
    struct fk_item **owned;

    if (!fk_request_content(req, (enum fk_kind)req->route->arg, true))
        return;
    owned = fk_set_owned(req->site, &req->site->attachments, req->id, &l.count);
    fk_list_sort(req, "id", &l);
    l.items = fk_list_sorted(owned, l.count, l.order);
    fk_list(req, &l);
    free(l.items);
}

static void empty_list(struct fk_request *req)
{
    struct fk_listing none = {.count = 0};

    fk_list(req, &none);
}

/* Attachments of the fake carry no labels. */
void fk_attachments_with_label(struct fk_request *req)
{
    if (fk_set_find(&req->site->labels, req->id))
        empty_list(req);
    else
        fk_not_found(req, "The label");
}

/* "att99" or "99" -> the attachment, or NULL. */
static struct fk_attachment *find_attachment(struct fk_request *req,
                                             const char *id)
{
    struct fk_item *item;

    if (strncmp(id, "att", 3) == 0)
        id += 3;
    item = fk_set_find(&req->site->attachments, strtoull(id, NULL, 10));
    if (item && owner_of(req->site, item) &&
        fk_content_visible(req->site, owner_of(req->site, item)))
        return (struct fk_attachment *)item;
    fk_not_found(req, "The attachment");
    return NULL;
}

void fk_attachments_labels(struct fk_request *req)
{
    if (find_attachment(req, req->args[0]))
        empty_list(req);
}

void fk_attachments_get(struct fk_request *req)
{
    const struct fk_attachment *a = find_attachment(req, req->args[0]);

    if (!a)
        return;
    req->status = 200;
    write_attachment(req, &a->item, NULL);
    if (fk_request_bool(req, "include-labels", false)) {
        req->body.len--;
        fk_write_labels(req, NULL, 0);
        fk_json_close(&req->body, '}');
    }
}

void fk_attachments_redirect(struct fk_request *req,
                             const struct fk_attachment *a)
{
    const char *front = req->site->media
                            ? req->site->media
                            : fk_server_options(req->server)->media_url;

    req->status = 302;
    if (front)
        fk_buf_str(&req->location, front);
    else
        fk_buf_fmt(&req->location, "http://127.0.0.1:%u",
                   fk_server_media_port(req->server));
    fk_buf_fmt(&req->location, "/file/%s/binary?token=fake.%llu.jwt",
               a->file_id, (unsigned long long)a->item.id);
    fk_buf_str(&req->location, "&client=fake&name=");
    fk_buf_urlenc(&req->location, a->item.title);
}

void fk_attachments_download(struct fk_request *req)
{
    const struct fk_attachment *a = find_attachment(req, req->args[1]);
    const struct fk_attachment *wanted;
    long version;

    if (!a)
        return;
    if (a->item.owner != req->id || strcmp(a->item.status, "trashed") == 0) {
        fk_not_found(req, "The attachment");
        return;
    }
    version = fk_request_int(req, "version", a->item.version.number);
    for (wanted = a; wanted && wanted->item.version.number != version;)
        wanted = wanted->before;
    if (!wanted) {
        fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
                "There is no version %ld of this attachment", version);
        return;
    }
    fk_attachments_redirect(req, wanted);
}

void fk_attachments_browser(struct fk_request *req)
{
    fk_html(req, 401, "Unauthorized");
    req->challenge = "OAuth realm=\"https://acme.example/wiki\"";
}

/* The part of the bytes that a Range header asks for; false after a 416. */
static bool pick_range(struct fk_request *req, const struct fk_attachment *a,
                       size_t *ret_from, size_t *ret_to)
{
    const char *range = fk_request_header(req, "Range");
    const char *same = fk_request_header(req, "If-Range");
    unsigned long long from = 0;
    unsigned long long to = a->size ? a->size - 1 : 0;
    int n;

    if (!range || (same && !strstr(same, a->file_id)))
        return true;
    n = sscanf(range, "bytes=%llu-%llu", &from, &to);
    if (n < 1)
        return true;
    if (from >= a->size || to < from) {
        fk_html(req, 416, "Range Not Satisfiable");
        fk_header(req, "Content-Range", "bytes */%zu", a->size);
        return false;
    }
    *ret_from = (size_t)from;
    *ret_to = to + 1 < a->size ? (size_t)to + 1 : a->size;
    req->status = 206;
    fk_header(req, "Content-Range", "bytes %zu-%zu/%zu", *ret_from, *ret_to - 1,
              a->size);
    return true;
}

void fk_attachments_send(struct fk_request *req, const struct fk_attachment *a)
{
    size_t from = 0;
    size_t to = a->size;

    req->status = 200;
    if (!pick_range(req, a, &from, &to))
        return;
    req->plain = true;
    req->content_type = a->media_type;
    fk_header(req, "Accept-Ranges", "bytes");
    fk_header(req, "ETag", "\"%s\"", a->file_id);
    if (to > from)
        fk_buf_add(&req->body, a->data + from, to - from);
}

/* On the media port, without credential: the bytes themselves. */
void fk_attachments_media(struct fk_request *req)
{
    const struct fk_set *all = &req->site->attachments;
    const char *token = fk_request_text(req, "token", "");
    uint64_t id = 0;

    if (strncmp(token, "fake.", 5) != 0) {
        fk_html(req, 403, "Forbidden");
        return;
    }
    id = strtoull(token + 5, NULL, 10);
    for (struct fk_attachment *a = (struct fk_attachment *)fk_set_find(all, id);
         a; a = a->before) {
        if (strcmp(a->file_id, req->args[0]) == 0) {
            fk_attachments_send(req, a);
            return;
        }
    }
    fk_html(req, 404, "Not Found");
}
