/*
 * Orders about what hangs on a page: attachments and comments. Neither makes
 * a new version of the page.
 */
#include "tests/fake/control.h"
#include "tests/fake/dc.h"

#include <stdlib.h>
#include <string.h>

static void replace_text(char **at, const char *text)
{
    char *copy = fk_strdup(text);

    free(*at);
    *at = copy;
}

static void set_file(struct fk_attachment *a, const cJSON *o)
{
    struct fk_buf id = {0};

    fk_buf_fmt(&id, "0f3c0000-0000-4000-8000-%08x%04x", (unsigned)a->item.id,
               (unsigned)a->item.version.number);
    free(a->file_id);
    a->file_id = fk_buf_take(&id);
    free(a->data);
    a->data = fk_strdup(fk_order_text(o, "data", ""));
    a->size = strlen(a->data);
    if (fk_order_int(o, "repeat", 1) > 1) {
        struct fk_buf all = {0};

        for (int i = fk_order_int(o, "repeat", 1); i > 0; i--)
            fk_buf_add(&all, a->data, a->size);
        free(a->data);
        a->size = all.len;
        a->data = fk_buf_take(&all);
    }
}

/* What was there stays as the version before: its bytes and its number. */
static void keep_before(struct fk_attachment *a)
{
    struct fk_attachment *old = fk_alloc(sizeof(*old));

    old->item.id = a->item.id;
    old->item.owner = a->item.owner;
    old->item.title = fk_strdup(a->item.title);
    old->item.version.number = a->item.version.number;
    old->media_type = fk_strdup(a->media_type);
    old->file_id = a->file_id;
    old->data = a->data;
    old->size = a->size;
    old->before = a->before;
    a->file_id = NULL;
    a->data = NULL;
    a->before = old;
}

static struct fk_attachment *find_file(struct fk_site *site, const cJSON *o)
{
    const char *title = fk_order_text(o, "title", "");
    size_t n = 0;
    struct fk_item **owned =
        fk_set_owned(site, &site->attachments, fk_order_id(o, "content"), &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(owned[i]->title, title) == 0)
            return (struct fk_attachment *)owned[i];
    return NULL;
}

/* A new version when the page has a file of that name, else a new file. */
void fk_control_attach(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    uint64_t owner = fk_order_id(o, "content");
    struct fk_attachment *a = find_file(req->site, o);

    if (!fk_site_content(req->site, owner) || !*fk_order_text(o, "title", "") ||
        fk_order_int(o, "repeat", 1) > 1 << 20) {
        fk_control_refuse(req, "needs content and title");
        cJSON_Delete(o);
        return;
    }
    if (a) {
        keep_before(a);
        fk_control_next_version(&a->item, o);
        replace_text(&a->item.status, "current");
    } else {
        a = fk_alloc(sizeof(*a));
        fk_control_fill(req->site, &a->item, o);
        a->item.owner = owner;
        a->media_type = fk_strdup(fk_order_text(o, "mediaType", "text/plain"));
        a->comment = fk_strdup(fk_order_text(o, "comment", ""));
        fk_set_add(&req->site->attachments, &a->item);
    }
    set_file(a, o);
    fk_set_touch(&req->site->attachments);
    fk_control_done(req, &a->item);
    cJSON_Delete(o);
}

static void edit_comment(struct fk_request *req, struct fk_comment *c,
                         const cJSON *o)
{
    const char *body = fk_order_text(o, "body", NULL);
    const char *resolution = fk_order_text(o, "resolution", NULL);

    if (body) {
        fk_dc_set_body(req->site, &c->body, body);
        fk_control_next_version(&c->item, o);
    }
    if (resolution) { /* as with the vendor, that makes no version */
        replace_text(&c->resolution, resolution);
        replace_text(&c->resolver,
                     fk_order_text(o, "author", req->site->account));
        c->resolved = fk_order_time(o, "when", fk_time_now());
    }
    fk_set_touch(&req->site->comments);
    fk_control_done(req, &c->item);
}

static void add_comment(struct fk_request *req, const cJSON *o)
{
    const char *body = fk_order_text(o, "body", "<p>Comment.</p>");
    struct fk_comment *c = fk_alloc(sizeof(*c));
    const struct fk_comment *above;

    fk_control_fill(req->site, &c->item, o);
    c->parent = fk_order_id(o, "parent");
    above = (struct fk_comment *)fk_set_find(&req->site->comments, c->parent);
    c->content = above ? above->content : fk_order_id(o, "content");
    c->item.owner = c->parent ? c->parent : c->content;
    c->is_inline = above ? above->is_inline : fk_order_bool(o, "inline", false);
    c->marker = fk_strdup(fk_order_text(o, "marker", NULL));
    c->selection = fk_strdup(fk_order_text(o, "selection", NULL));
    fk_dc_set_body(req->site, &c->body, body);
    fk_set_add(&req->site->comments, &c->item);
    fk_control_done(req, &c->item);
}

void fk_control_comment(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    const struct fk_set *all = &req->site->comments;
    struct fk_item *edited = fk_set_find(all, fk_order_id(o, "id"));
    uint64_t parent = fk_order_id(o, "parent");

    if (edited)
        edit_comment(req, (struct fk_comment *)edited, o);
    else if (parent ? !fk_set_find(all, parent)
                    : !fk_site_content(req->site, fk_order_id(o, "content")))
        fk_control_refuse(req, "needs content, parent, or a comment's id");
    else
        add_comment(req, o);
    cJSON_Delete(o);
}

static void drop_comment(struct fk_site *site, struct fk_comment *gone)
{
    for (size_t i = 0; i < site->comments.count; i++) {
        struct fk_comment *c = (struct fk_comment *)site->comments.items[i];

        if (c->parent != gone->item.id)
            continue;
        c->parent = gone->parent;
        c->item.owner = gone->item.owner;
    }
    fk_set_remove(&site->comments, &gone->item);
    fk_comment_free(gone);
}

bool fk_control_delete_leaf(struct fk_request *req, const cJSON *o)
{
    uint64_t id = fk_order_id(o, "id");
    struct fk_item *file = fk_set_find(&req->site->attachments, id);
    struct fk_item *note = fk_set_find(&req->site->comments, id);

    if (file && fk_order_bool(o, "trash", false)) {
        replace_text(&file->status, "trashed");
        fk_set_touch(&req->site->attachments);
    } else if (file) {
        fk_set_remove(&req->site->attachments, file);
        fk_attachment_free((struct fk_attachment *)file);
    } else if (note) {
        drop_comment(req->site, (struct fk_comment *)note);
    } else {
        return false;
    }
    req->status = 200;
    fk_buf_str(&req->body, "{\"ok\":true}");
    return true;
}
