/*
 * Adding things to the served site and marking them: new pages, labels,
 * comments, attachments, permissions, poison.
 */
#include "tests/fake/control.h"
#include "tests/fake/order.h"

#include <stdlib.h>
#include <string.h>

static void refuse(struct fk_request *req, const char *why)
{
    fk_fail(req, 400, "CONTROL", "%s", why);
}

static void done(struct fk_request *req, uint64_t id, int version)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kid(&req->body, "id", id);
    fk_json_kint(&req->body, "version", version);
    fk_json_close(&req->body, '}');
}

static void fill_item(struct fk_site *site, struct fk_item *item,
                      const cJSON *o)
{
    const cJSON *position = cJSON_GetObjectItem(o, "position");
    int64_t when = fk_time_parse(fk_order_text(o, "when", NULL));
    uint64_t id = fk_order_id(o, "id");

    item->id = id ? id : fk_site_new_id(site);
    item->title = fk_strdup(fk_order_text(o, "title", "Untitled"));
    item->status = fk_strdup(fk_order_text(o, "status", "current"));
    item->created = when >= 0 ? when : fk_time_now();
    item->position =
        cJSON_IsNumber(position) ? position->valueint : FK_NO_POSITION;
    item->version = (struct fk_version){
        .number = 1,
        .created = item->created,
        .author = fk_strdup(fk_order_text(o, "author", site->account)),
        .message = fk_strdup(fk_order_text(o, "message", "")),
    };
}

void fk_control_create(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *parent =
        fk_site_content(req->site, fk_order_id(o, "parent"));
    struct fk_space *space =
        fk_site_space_by_key(req->site, fk_order_text(o, "space", NULL));
    enum fk_kind kind = FK_PAGE;
    struct fk_content *c;

    if (!space && parent)
        space = parent->space;
    if (!space || !fk_kind_parse(fk_order_text(o, "type", "page"), &kind) ||
        fk_site_content(req->site, fk_order_id(o, "id"))) {
        refuse(req, "unknown space or type, or the id is taken");
    } else {
        const char *body = fk_order_text(o, "body", "<p>New.</p>");

        c = fk_alloc(sizeof(*c));
        fill_item(req->site, &c->item, o);
        c->kind = kind;
        c->space = space;
        c->author = fk_strdup(c->item.version.author);
        c->item.owner = parent                ? parent->item.id
                        : kind == FK_BLOGPOST ? 0
                                              : space->home;
        fk_body_set(&c->body, body, strlen(body));
        fk_set_add(&req->site->content, &c->item);
        done(req, c->item.id, 1);
    }
    cJSON_Delete(o);
}

void fk_control_label(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));
    const char *add = fk_order_text(o, "add", NULL);
    const char *drop = fk_order_text(o, "remove", NULL);
    const char *prefix = fk_order_text(o, "prefix", "global");

    if (!c || (!add && !drop)) {
        refuse(req, "needs id and add or remove");
    } else {
        if (add)
            fk_content_add_label(
                c, fk_site_label(req->site, prefix, add)->item.id);
        if (drop)
            fk_content_drop_label(
                c, fk_site_label(req->site, prefix, drop)->item.id);
        done(req, c->item.id, c->item.version.number);
    }
    cJSON_Delete(o);
}

void fk_control_rename_user(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_user *u = fk_site_user(req->site, fk_order_text(o, "id", NULL));
    char *name = fk_strdup(fk_order_text(o, "name", NULL));
    char *status = fk_strdup(fk_order_text(o, "status", NULL));

    if (!u || (!name && !status)) {
        free(name);
        free(status);
        refuse(req, "needs the id of a user and a name or status");
    } else {
        if (name) {
            free(u->name);
            u->name = name;
        }
        if (status) {
            free(u->status);
            u->status = status;
        }
        req->status = 200;
        fk_buf_str(&req->body, "{\"ok\":true}");
    }
    cJSON_Delete(o);
}

void fk_control_hide(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));
    struct fk_space *s =
        fk_site_space_by_key(req->site, fk_order_text(o, "space", NULL));
    struct fk_item *item = c ? &c->item : s ? &s->item : NULL;

    if (!item) {
        refuse(req, "needs the id of content or the key of a space");
    } else {
        item->hidden = fk_order_bool(o, "hidden", true);
        req->site->any_hidden = true;
        done(req, item->id, item->version.number);
    }
    cJSON_Delete(o);
}

void fk_control_poison(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));

    if (!c) {
        refuse(req, "no such content");
    } else {
        c->poison = !fk_order_bool(o, "poison", true)   ? 0
                    : fk_order_bool(o, "always", false) ? 2
                                                        : 1;
        done(req, c->item.id, c->item.version.number);
    }
    cJSON_Delete(o);
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
}

/* A new version when the page has a file of that name, else a new file. */
void fk_control_attach(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    uint64_t owner = fk_order_id(o, "content");
    const char *title = fk_order_text(o, "title", "");
    struct fk_attachment *a = NULL;
    size_t n = 0;
    struct fk_item **owned =
        fk_set_owned(req->site, &req->site->attachments, owner, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(owned[i]->title, title) == 0)
            a = (struct fk_attachment *)owned[i];
    if (!fk_site_content(req->site, owner) || !*title) {
        refuse(req, "needs content and title");
    } else {
        if (a) {
            a->item.version.number++;
            a->item.version.created = fk_time_now();
        } else {
            a = fk_alloc(sizeof(*a));
            fill_item(req->site, &a->item, o);
            a->item.owner = owner;
            a->media_type =
                fk_strdup(fk_order_text(o, "mediaType", "text/plain"));
            fk_set_add(&req->site->attachments, &a->item);
        }
        set_file(a, o);
        fk_set_touch(&req->site->attachments);
        done(req, a->item.id, a->item.version.number);
    }
    cJSON_Delete(o);
}

void fk_control_comment(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    const char *body = fk_order_text(o, "body", "<p>Comment.</p>");
    struct fk_item *edited =
        fk_set_find(&req->site->comments, fk_order_id(o, "id"));
    struct fk_comment *c = (struct fk_comment *)edited;

    if (!c && !fk_site_content(req->site, fk_order_id(o, "content"))) {
        refuse(req, "needs content, or the id of a comment");
    } else if (c) {
        fk_body_set(&c->body, body, strlen(body));
        c->item.version.number++;
        c->item.version.created = fk_time_now();
        fk_set_touch(&req->site->comments);
        done(req, c->item.id, c->item.version.number);
    } else {
        c = fk_alloc(sizeof(*c));
        fill_item(req->site, &c->item, o);
        c->content = fk_order_id(o, "content");
        c->parent = fk_order_id(o, "parent");
        c->item.owner = c->parent ? c->parent : c->content;
        c->is_inline = fk_order_bool(o, "inline", false);
        c->marker = fk_strdup(fk_order_text(o, "marker", NULL));
        c->selection = fk_strdup(fk_order_text(o, "selection", NULL));
        fk_body_set(&c->body, body, strlen(body));
        fk_set_add(&req->site->comments, &c->item);
        done(req, c->item.id, 1);
    }
    cJSON_Delete(o);
}
