/*
 * Labels: of the site, of one page, of a space and of what a space holds.
 */
#include "tests/fake/paging.h"
#include "tests/fake/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fk_write_label(struct fk_request *req, const struct fk_item *item,
                    const void *ctx)
{
    const struct fk_label *l = (const struct fk_label *)item;

    (void)ctx;
    fk_json_open(&req->body, '{');
    fk_json_kid(&req->body, "id", item->id);
    fk_json_kstr(&req->body, "name", item->title);
    fk_json_kstr(&req->body, "prefix", l->prefix);
    fk_json_close(&req->body, '}');
}

void fk_write_labels(struct fk_request *req, const uint64_t *labels,
                     size_t count)
{
    struct fk_buf *out = &req->body;

    fk_json_key(out, "labels");
    fk_json_open(out, '{');
    fk_json_key(out, "results");
    fk_json_open(out, '[');
    for (size_t i = 0; i < count && i < 50; i++)
        fk_write_label(req, fk_set_find(&req->site->labels, labels[i]), NULL);
    fk_json_close(out, ']');
    fk_json_key(out, "meta");
    fk_json_open(out, '{');
    fk_json_kbool(out, "hasMore", count > 50);
    fk_json_close(out, '}');
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "self");
    fk_buf_str(out, "\"");
    fk_json_escape(out, req->path, strlen(req->path));
    fk_buf_str(out, "/labels\"}}");
}

static bool match_label(const struct fk_request *req,
                        const struct fk_item *item, const void *ctx)
{
    const struct fk_label *l = (const struct fk_label *)item;
    const uint64_t *wanted = ctx; /* 0-ended list, or NULL for all */
    char id[24];

    (void)snprintf(id, sizeof(id), "%llu", (unsigned long long)item->id);
    if (!fk_request_has(req, "prefix", l->prefix, l->prefix) ||
        !fk_request_has(req, "label-id", id, id))
        return false;
    if (!wanted)
        return true;
    for (; *wanted; wanted++)
        if (*wanted == item->id)
            return true;
    return false;
}

static void list_labels(struct fk_request *req, const uint64_t *wanted)
{
    struct fk_listing l = {.count = req->site->labels.count,
                           .match = match_label,
                           .write = fk_write_label,
                           .ctx = wanted};

    fk_list_sort(req, "id", &l);
    l.items = fk_set_view(req->site, &req->site->labels, l.order);
    fk_list(req, &l);
}

void fk_labels_list(struct fk_request *req)
{
    list_labels(req, NULL);
}

void fk_labels_of_content(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, true);
    uint64_t *wanted;

    if (!c)
        return;
    wanted = fk_alloc((c->label_count + 1) * sizeof(*wanted));
    if (c->label_count)
        memcpy(wanted, c->labels, c->label_count * sizeof(*wanted));
    list_labels(req, wanted);
    free(wanted);
}

/* Spaces of the fake carry no labels of their own. */
void fk_labels_of_space(struct fk_request *req)
{
    static const uint64_t none[] = {0};

    if (fk_request_space(req))
        list_labels(req, none);
}

/* The vendor describes only the prefixes my and team here; without the
 * parameter every label used in the space is listed. */
void fk_labels_of_space_content(struct fk_request *req)
{
    const struct fk_space *s = fk_request_space(req);
    const struct fk_set *all = &req->site->content;
    uint64_t *wanted;
    size_t n = 0;

    if (!s)
        return;
    wanted = fk_alloc((req->site->labels.count + 1) * sizeof(*wanted));
    for (size_t k = 0; k < req->site->labels.count; k++) {
        uint64_t id = req->site->labels.items[k]->id;

        for (size_t i = 0; i < all->count; i++) {
            const struct fk_content *c = (struct fk_content *)all->items[i];

            if (c->space == s && fk_content_has_label(c, id) &&
                fk_content_visible(req->site, c)) {
                wanted[n++] = id;
                break;
            }
        }
    }
    list_labels(req, wanted);
    free(wanted);
}
