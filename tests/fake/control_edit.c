/*
 * Changing the served site on order of a test; control.h lists the orders.
 *
 * As with the vendor, an edit or a new title makes a new version, while a
 * move, a label, a comment or an attachment does not. Trashing a page hangs
 * its children under its parent.
 */
#include "tests/fake/control.h"
#include "tests/fake/dc.h"
#include "tests/fake/order.h"

#include <stdlib.h>
#include <string.h>

static cJSON *read_order(struct fk_request *req)
{
    cJSON *o = fk_order_parse(&req->upload);

    if (!cJSON_IsObject(o)) {
        cJSON_Delete(o);
        fk_fail(req, 400, "CONTROL", "the body must be a JSON object");
        return NULL;
    }
    return o;
}

void fk_control_refuse(struct fk_request *req, const char *why)
{
    fk_fail(req, 400, "CONTROL", "%s", why);
}

void fk_control_done(struct fk_request *req, const struct fk_item *item)
{
    req->status = 200;
    fk_json_open(&req->body, '{');
    fk_json_kid(&req->body, "id", item->id);
    fk_json_kint(&req->body, "version", item->version.number);
    fk_json_kstr(&req->body, "status", item->status);
    fk_json_close(&req->body, '}');
}

/* The page the order names by `id`, or NULL after a 400. */
static struct fk_content *read_target(struct fk_request *req, const cJSON *o)
{
    struct fk_content *c = fk_site_content(req->site, fk_order_id(o, "id"));

    if (!c)
        fk_fail(req, 400, "CONTROL", "no such content");
    return c;
}

static void replace_text(char **at, const char *text)
{
    char *copy = fk_strdup(text);

    free(*at);
    *at = copy;
}

/* When the change happens: `when` of the order, or now, but never before the
 * version it follows. */
static int64_t change_time(const cJSON *o, int64_t after)
{
    int64_t t = fk_time_parse(fk_order_text(o, "when", NULL));

    if (t >= 0)
        return t;
    t = fk_time_now();
    return t > after ? t : after + 1;
}

void fk_control_next_version(struct fk_item *item, const cJSON *o)
{
    const char *author = fk_order_text(o, "author", NULL);

    if (author)
        replace_text(&item->version.author, author);
    item->version.number++;
    item->version.created = change_time(o, item->version.created);
}

/* Keep what is there as an old version and begin the next one. */
static void begin_version(struct fk_content *c, const cJSON *o)
{
    struct fk_old *old = fk_alloc(sizeof(*old));
    struct fk_version *v = &c->item.version;
    const char *author = fk_order_text(o, "author", NULL);

    old->next = c->old;
    old->version = *v;
    old->title = fk_strdup(c->item.title);
    old->body.json = fk_alloc(c->body.len + 1);
    old->body.len = c->body.len;
    if (c->body.len)
        memcpy(old->body.json, c->body.json, c->body.len);
    c->old = old;
    v->author = fk_strdup(author ? author : old->version.author);
    v->message = fk_strdup(fk_order_text(o, "message", NULL));
    v->number++;
    v->created = change_time(o, old->version.created);
    v->minor = fk_order_bool(o, "minor", false);
}

void fk_control_edit(struct fk_request *req)
{
    cJSON *o = read_order(req);
    struct fk_content *c = o ? read_target(req, o) : NULL;
    const char *body = fk_order_text(o, "body", NULL);
    const char *append = fk_order_text(o, "append", NULL);

    if (c) {
        begin_version(c, o);
        if (body)
            fk_dc_set_body(req->site, &c->body, body);
        if (append) {
            struct fk_buf text = {0};

            fk_buf_add(&text, c->body.json, c->body.len);
            fk_json_escape(&text, append, strlen(append));
            free(c->body.json);
            c->body.len = text.len;
            c->body.json = fk_buf_take(&text);
        }
        if (fk_order_text(o, "title", NULL))
            replace_text(&c->item.title, fk_order_text(o, "title", NULL));
        c->stale = fk_order_bool(o, "stale", false);
        fk_set_touch(&req->site->content);
        fk_control_done(req, &c->item);
    }
    cJSON_Delete(o);
}

/* Everything below goes to the space too. */
static void change_space(struct fk_site *site, struct fk_content *c,
                         struct fk_space *space, int depth)
{
    c->space = space;
    for (size_t i = 0; depth < 100 && i < site->content.count; i++)
        if (site->content.items[i]->owner == c->item.id)
            change_space(site, (struct fk_content *)site->content.items[i],
                         space, depth + 1);
}

static bool is_below(const struct fk_site *site, const struct fk_content *c,
                     uint64_t root)
{
    for (int depth = 0; c && depth < 100; depth++) {
        if (c->item.id == root)
            return true;
        c = fk_site_content(site, c->item.owner);
    }
    return false;
}

void fk_control_move(struct fk_request *req)
{
    cJSON *o = read_order(req);
    struct fk_content *c = o ? read_target(req, o) : NULL;
    const cJSON *parent = cJSON_GetObjectItem(o, "parent");
    const cJSON *position = cJSON_GetObjectItem(o, "position");
    struct fk_content *to =
        fk_site_content(req->site, fk_order_id(o, "parent"));
    struct fk_space *space =
        fk_site_space_by_key(req->site, fk_order_text(o, "space", NULL));

    if (c && ((fk_order_text(o, "space", NULL) && !space) ||
              (parent && !cJSON_IsNull(parent) && !to) ||
              (to && is_below(req->site, to, c->item.id)))) {
        fk_fail(req, 400, "CONTROL", "no such target");
    } else if (c) {
        if (to && !space)
            space = to->space;
        if (space && space != c->space) {
            c->item.owner = space->home;
            change_space(req->site, c, space, 0);
        }
        if (parent)
            c->item.owner = to ? to->item.id : 0;
        if (cJSON_IsNumber(position))
            c->item.position = position->valueint;
        fk_set_touch(&req->site->content);
        fk_control_done(req, &c->item);
    }
    cJSON_Delete(o);
}

static void adopt_children(struct fk_site *site, const struct fk_content *c)
{
    for (size_t i = 0; i < site->content.count; i++)
        if (site->content.items[i]->owner == c->item.id)
            site->content.items[i]->owner = c->item.owner;
}

void fk_control_purge(struct fk_site *site, struct fk_content *c)
{
    for (size_t i = site->attachments.count; i-- > 0;) {
        struct fk_item *item = site->attachments.items[i];

        if (item->owner == c->item.id) {
            fk_set_remove(&site->attachments, item);
            fk_attachment_free((struct fk_attachment *)item);
        }
    }
    for (size_t i = site->comments.count; i-- > 0;) {
        struct fk_comment *note = (struct fk_comment *)site->comments.items[i];

        if (note->content == c->item.id) {
            fk_set_remove(&site->comments, &note->item);
            fk_comment_free(note);
        }
    }
    fk_set_remove(&site->content, &c->item);
    fk_content_free(c);
}

void fk_control_delete(struct fk_request *req)
{
    cJSON *o = read_order(req);
    struct fk_content *c = NULL;

    if (o && !fk_site_content(req->site, fk_order_id(o, "id")) &&
        fk_control_delete_leaf(req, o)) {
        cJSON_Delete(o);
        return;
    }
    c = o ? read_target(req, o) : NULL;
    if (c) {
        adopt_children(req->site, c);
        fk_set_touch(&req->site->content);
        if (fk_order_bool(o, "linger", false)) {
            replace_text(&c->item.status, "deleted");
            fk_control_done(req, &c->item);
        } else if (fk_order_bool(o, "purge", false)) {
            replace_text(&c->item.status, "deleted");
            fk_control_done(req, &c->item);
            fk_control_purge(req->site, c);
        } else {
            replace_text(&c->item.status, fk_order_bool(o, "archive", false)
                                              ? "archived"
                                              : "trashed");
            fk_control_done(req, &c->item);
        }
    }
    cJSON_Delete(o);
}

void fk_control_restore(struct fk_request *req)
{
    cJSON *o = read_order(req);
    struct fk_item *file =
        fk_set_find(&req->site->attachments, fk_order_id(o, "id"));
    struct fk_content *c = o && !file ? read_target(req, o) : NULL;

    if (file) {
        replace_text(&file->status, "current");
        fk_set_touch(&req->site->attachments);
        fk_control_done(req, file);
    } else if (c) {
        replace_text(&c->item.status, "current");
        if (c->item.owner && !fk_site_content(req->site, c->item.owner))
            c->item.owner = c->space->home;
        fk_set_touch(&req->site->content);
        fk_control_done(req, &c->item);
    }
    cJSON_Delete(o);
}

/* Two pages exchange their titles, as nobody could by two retitles. */
void fk_control_swap(struct fk_request *req)
{
    cJSON *o = read_order(req);
    struct fk_content *a = fk_site_content(req->site, fk_order_id(o, "a"));
    struct fk_content *b = fk_site_content(req->site, fk_order_id(o, "b"));

    if (o && (!a || !b || a == b)) {
        fk_fail(req, 400, "CONTROL", "needs two contents, a and b");
    } else if (o) {
        char *title = a->item.title;

        begin_version(a, o);
        begin_version(b, o);
        a->item.title = b->item.title;
        b->item.title = title;
        fk_set_touch(&req->site->content);
        fk_control_done(req, &a->item);
    }
    cJSON_Delete(o);
}
