/*
 * Footer and inline comments: of the site, of a page or blog post (roots
 * only, as the vendor does), and the replies below one comment.
 */
#include "tests/fake/paging.h"
#include "tests/fake/routes.h"

#include <stdlib.h>
#include <string.h>

#define ARG_INLINE(arg) (((arg)&1) != 0)
#define ARG_BLOG(arg)   (((arg)&2) != 0)

static void write_inline(struct fk_buf *out, const struct fk_comment *c)
{
    fk_json_kstr(out, "resolutionStatus",
                 c->resolution ? c->resolution : "open");
    fk_json_kstr(out, "resolutionLastModifierId", c->resolver);
    if (c->resolver)
        fk_json_ktime(out, "resolutionLastModifiedAt", c->resolved);
    fk_json_key(out, "properties");
    fk_json_open(out, '{');
    fk_json_kstr(out, "inlineMarkerRef", c->marker);
    fk_json_kstr(out, "inlineOriginalSelection", c->selection);
    fk_json_kstr(out, "inline-marker-ref", c->marker);
    fk_json_close(out, '}');
}

static void write_comment(struct fk_request *req, const struct fk_item *item,
                          const void *ctx)
{
    const struct fk_comment *c = (const struct fk_comment *)item;
    const struct fk_content *page = fk_site_content(req->site, c->content);
    struct fk_buf *out = &req->body;

    (void)ctx;
    fk_json_open(out, '{');
    fk_json_kid(out, "id", item->id);
    fk_json_kstr(out, "status", item->status);
    fk_json_kstr(out, "title", item->title);
    if (req->route->handler != fk_comments_children) /* not said there */
        fk_json_kid(out,
                    page && page->kind == FK_BLOGPOST ? "blogPostId" : "pageId",
                    c->content);
    if (c->parent)
        fk_json_kid(out, "parentCommentId", c->parent);
    fk_json_key(out, "version");
    fk_write_version(out, &item->version);
    fk_write_body(out, &c->body, fk_request_text(req, "body-format", NULL));
    if (c->is_inline)
        write_inline(out, c);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "webui");
    fk_buf_fmt(out,
               "\"/pages/viewpage.action?pageId=%llu"
               "&focusedCommentId=%llu\"",
               (unsigned long long)c->content, (unsigned long long)item->id);
    fk_json_close(out, '}');
    fk_json_close(out, '}');
}

static bool match_comment(const struct fk_request *req,
                          const struct fk_item *item, const void *ctx)
{
    const struct fk_comment *c = (const struct fk_comment *)item;
    const struct fk_content *page = fk_site_content(req->site, c->content);
    const char *open = c->resolution ? c->resolution : "open";

    (void)ctx;
    return c->is_inline == ARG_INLINE(req->route->arg) && page &&
           !fk_status_gone(page->item.status) &&
           fk_content_visible(req->site, page) &&
           fk_request_has(req, "status", "current", item->status) &&
           fk_request_has(req, "resolution-status", open, open);
}

static void list_owned(struct fk_request *req, uint64_t owner)
{
    struct fk_listing l = {.match = match_comment, .write = write_comment};
    struct fk_item **owned =
        fk_set_owned(req->site, &req->site->comments, owner, &l.count);

    fk_list_sort(req, "created-date", &l);
    l.items = fk_list_sorted(owned, l.count, l.order);
    fk_list(req, &l);
    free(l.items);
}

void fk_comments_list(struct fk_request *req)
{
    struct fk_listing l = {.count = req->site->comments.count,
                           .empty_page = true,
                           .match = match_comment,
                           .write = write_comment};

    fk_list_sort(req, "created-date", &l);
    l.items = fk_set_view(req->site, &req->site->comments, l.order);
    fk_list(req, &l);
}

void fk_comments_of(struct fk_request *req)
{
    enum fk_kind kind = ARG_BLOG(req->route->arg) ? FK_BLOGPOST : FK_PAGE;

    if (fk_request_content(req, kind, true))
        list_owned(req, req->id);
}

static struct fk_comment *request_comment(struct fk_request *req)
{
    struct fk_comment *c =
        (struct fk_comment *)fk_set_find(&req->site->comments, req->id);
    const struct fk_content *page =
        c ? fk_site_content(req->site, c->content) : NULL;

    if (page && c->is_inline == ARG_INLINE(req->route->arg) &&
        !fk_status_gone(page->item.status) &&
        fk_content_visible(req->site, page))
        return c;
    fk_not_found(req, "The comment");
    return NULL;
}

void fk_comments_children(struct fk_request *req)
{
    if (request_comment(req))
        list_owned(req, req->id);
}

void fk_comments_get(struct fk_request *req)
{
    const struct fk_comment *c = request_comment(req);

    if (!c)
        return;
    req->status = 200;
    write_comment(req, &c->item, NULL);
}

/* Attachments of the fake have no comments. */
void fk_comments_of_attachment(struct fk_request *req)
{
    struct fk_listing none = {.count = 0};

    fk_list(req, &none);
}
