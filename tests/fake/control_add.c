/*
 * Adding things to the served site and marking them: new pages, labels,
 * comments, attachments, permissions, poison.
 */
#include "tests/fake/control.h"
#include "tests/fake/dc.h"
#include "tests/fake/order.h"

#include <stdlib.h>
#include <string.h>

void fk_control_fill(struct fk_site *site, struct fk_item *item, const cJSON *o)
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
        fk_control_refuse(req, "unknown space or type, or the id is taken");
    } else {
        const char *body = fk_order_text(o, "body", "<p>New.</p>");

        c = fk_alloc(sizeof(*c));
        fk_control_fill(req->site, &c->item, o);
        c->kind = kind;
        c->space = space;
        c->author = fk_strdup(c->item.version.author);
        c->item.owner = parent                ? parent->item.id
                        : kind == FK_BLOGPOST ? 0
                                              : space->home;
        fk_dc_set_body(req->site, &c->body, body);
        fk_set_add(&req->site->content, &c->item);
        fk_control_done(req, &c->item);
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
        fk_control_refuse(req, "needs id and add or remove");
    } else {
        if (add)
            fk_content_add_label(
                c, fk_site_label(req->site, prefix, add)->item.id);
        if (drop)
            fk_content_drop_label(
                c, fk_site_label(req->site, prefix, drop)->item.id);
        fk_control_done(req, &c->item);
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
        fk_control_refuse(req, "needs the id of a user and a name or status");
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

void fk_control_poison(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));

    if (!c) {
        fk_control_refuse(req, "no such content");
    } else {
        c->poison = !fk_order_bool(o, "poison", true)   ? 0
                    : fk_order_bool(o, "always", false) ? 2
                                                        : 1;
        fk_control_done(req, &c->item);
    }
    cJSON_Delete(o);
}
