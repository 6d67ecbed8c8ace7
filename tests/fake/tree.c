/*
 * The content tree: ancestors, children, descendants, and the nodes that are
 * no pages (folders, whiteboards, databases, embeds).
 */
#include "tests/fake/order.h"
#include "tests/fake/paging.h"
#include "tests/fake/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 100

static void close_results(struct fk_request *req)
{
    fk_json_close(&req->body, ']');
    fk_json_key(&req->body, "_links");
    fk_json_open(&req->body, '{');
    fk_json_kstr(&req->body, "base", req->site->base);
    fk_buf_str(&req->body, "}}");
}

/* The nearest `limit` ancestors, the topmost of them first. */
void fk_tree_ancestors(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, false);
    const struct fk_content *line[MAX_DEPTH];
    long limit = fk_request_int(req, "limit", 25);
    long n = 0;

    if (!c)
        return;
    while (n < limit && n < MAX_DEPTH &&
           (c = fk_site_content(req->site, c->item.owner)))
        line[n++] = c;
    req->status = 200;
    fk_buf_str(&req->body, "{\"results\":[");
    while (n-- > 0) {
        fk_json_open(&req->body, '{');
        fk_json_kid(&req->body, "id", line[n]->item.id);
        fk_json_kstr(&req->body, "type", fk_kind_name(line[n]->kind));
        fk_json_close(&req->body, '}');
    }
    close_results(req);
}

static void write_position(struct fk_buf *out, int position)
{
    if (position == FK_NO_POSITION)
        fk_json_kstr(out, "childPosition", NULL);
    else
        fk_json_kint(out, "childPosition", position);
}

static void write_child(struct fk_request *req, const struct fk_item *item,
                        const void *ctx)
{
    const struct fk_content *c = (const struct fk_content *)item;
    struct fk_buf *out = &req->body;

    (void)ctx;
    fk_json_open(out, '{');
    fk_json_kid(out, "id", item->id);
    fk_json_kstr(out, "status", item->status);
    fk_json_kstr(out, "title", item->title);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kid(out, "spaceId", c->space->item.id);
    write_position(out, item->position);
    fk_json_close(out, '}');
}

static bool match_child(const struct fk_request *req,
                        const struct fk_item *item, const void *ctx)
{
    (void)ctx;
    return !fk_status_gone(item->status) &&
           fk_content_visible(req->site, (const struct fk_content *)item);
}

void fk_tree_children(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, false);
    struct fk_listing l = {.match = match_child, .write = write_child};
    struct fk_item **owned;

    if (!c)
        return;
    owned = fk_set_owned(req->site, &req->site->content, c->item.id, &l.count);
    fk_list_sort(req, "child-position", &l);
    /* The vendor's bug CONFCLOUD-84015: nothing from the second page on. */
    if (l.order == FK_BY_POSITION && fk_request_param(req, "cursor", 0))
        for (size_t i = 0; i < l.count; i++)
            if (owned[i]->position == FK_NO_POSITION)
                req->twist.empty = true;
    l.items = fk_list_sorted(owned, l.count, l.order);
    fk_list(req, &l);
    free(l.items);
}

struct subtree {
    struct fk_item **items; /* top to bottom */
    size_t count;
    uint64_t root;
};

static void collect(struct fk_request *req, struct subtree *t, uint64_t id,
                    long depth)
{
    size_t n;
    struct fk_item **owned =
        fk_set_owned(req->site, &req->site->content, id, &n);

    for (size_t i = 0; i < n; i++) {
        if (!match_child(req, owned[i], NULL))
            continue;
        t->items[t->count++] = owned[i];
        if (depth > 1)
            collect(req, t, owned[i]->id, depth - 1);
    }
}

static long depth_below(const struct fk_request *req,
                        const struct fk_content *c, uint64_t root)
{
    long depth = 0;

    for (; c && c->item.id != root && depth < MAX_DEPTH; depth++)
        c = fk_site_content(req->site, c->item.owner);
    return depth;
}

static void write_descendant(struct fk_request *req, const struct fk_item *item,
                             const void *ctx)
{
    const struct subtree *t = ctx;
    const struct fk_content *c = (const struct fk_content *)item;
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_kid(out, "id", item->id);
    fk_json_kstr(out, "status", item->status);
    fk_json_kstr(out, "title", item->title);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kid(out, "parentId", item->owner);
    fk_json_kint(out, "depth", depth_below(req, c, t->root));
    write_position(out, item->position);
    fk_json_close(out, '}');
}

/* Paged by id, so that a cursor stays good; parents need not come first when
 * ids say otherwise. */
void fk_tree_descendants(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, false);
    struct subtree t = {0};
    struct fk_listing l = {.write = write_descendant, .ctx = &t};

    if (!c)
        return;
    t.root = c->item.id;
    t.items = fk_alloc((req->site->content.count + 1) * sizeof(*t.items));
    collect(req, &t, t.root, fk_request_int(req, "depth", 2));
    l.items = fk_list_sorted(t.items, t.count, FK_BY_ID);
    l.count = t.count;
    fk_list(req, &l);
    free(l.items);
    free(t.items);
}

void fk_tree_node(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, true);
    const struct fk_content *parent;
    struct fk_buf *out = &req->body;

    if (!c)
        return;
    parent = fk_site_content(req->site, c->item.owner);
    req->status = 200;
    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kstr(out, "type", fk_kind_name(c->kind));
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "title", c->item.title);
    fk_json_kid(out, "spaceId", c->space->item.id);
    fk_json_kid(out, "parentId", c->item.owner);
    fk_json_kstr(out, "parentType", parent ? fk_kind_name(parent->kind) : NULL);
    if (c->item.position == FK_NO_POSITION)
        fk_json_kstr(out, "position", NULL);
    else
        fk_json_kint(out, "position", c->item.position);
    fk_json_kstr(out, "authorId", c->author);
    fk_json_kstr(out, "ownerId", c->author);
    fk_json_kint(out, "createdAt", c->item.created); /* a number, not a text */
    if (c->embed_url)
        fk_json_kstr(out, "embedUrl", c->embed_url);
    fk_json_key(out, "version");
    fk_write_version(out, &c->item.version);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "webui");
    fk_buf_str(out, "\"/spaces/");
    fk_buf_urlenc(out, c->space->item.key);
    fk_buf_fmt(out, "/%s/%llu\"}}", fk_kind_name(c->kind),
               (unsigned long long)c->item.id);
}

static const char *type_of(const struct fk_site *site, uint64_t id)
{
    const struct fk_content *c = fk_site_content(site, id);
    const struct fk_comment *note =
        (const struct fk_comment *)fk_set_find(&site->comments, id);

    if (c)
        return fk_content_visible(site, c) ? fk_kind_name(c->kind) : NULL;
    if (note)
        return note->is_inline ? "inline-comment" : "footer-comment";
    return fk_set_find(&site->attachments, id) ? "attachment" : NULL;
}

static void write_types(struct fk_request *req, const cJSON *ids)
{
    const cJSON *id;

    req->status = 200;
    fk_buf_str(&req->body, "{\"results\":{");
    cJSON_ArrayForEach (id, ids) {
        uint64_t n = fk_order_id_value(id);
        char key[24];

        (void)snprintf(key, sizeof(key), "%llu", (unsigned long long)n);
        fk_json_kstr(&req->body, key, type_of(req->site, n));
    }
    fk_buf_str(&req->body, "}}");
}

void fk_tree_types(struct fk_request *req)
{
    cJSON *root = fk_order_parse(&req->upload);
    const cJSON *ids = cJSON_GetObjectItem(root, "contentIds");
    int n = cJSON_GetArraySize(ids);
    bool fine = cJSON_IsArray(ids) && n >= 1 && n <= 100;
    const cJSON *id;

    cJSON_ArrayForEach (id, ids) {
        if (!fk_order_id_value(id))
            fine = false;
    }
    if (fine)
        write_types(req, ids);
    else
        fk_fail(req, 400, "INVALID_REQUEST_PARAMETER",
                "contentIds must be 1 to 100 ids");
    cJSON_Delete(root);
}
