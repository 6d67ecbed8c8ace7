/*
 * Spaces: the list and the single space.
 */
#include "tests/fake/paging.h"
#include "tests/fake/routes.h"

#include <stdio.h>
#include <string.h>

struct fk_space *fk_request_space(struct fk_request *req)
{
    struct fk_space *s = fk_site_space(req->site, req->id);

    if (s && !s->item.hidden)
        return s;
    fk_not_found(req, "The space");
    return NULL;
}

static void write_description(struct fk_request *req, const struct fk_space *s)
{
    const char *format = fk_request_text(req, "description-format", NULL);
    struct fk_buf *out = &req->body;

    fk_json_key(out, "description");
    fk_json_open(out, '{');
    if (format) {
        fk_json_key(out, format);
        fk_json_open(out, '{');
        fk_json_kstr(out, "representation", format);
        fk_json_kstr(out, "value", s->description ? s->description : "");
        fk_json_close(out, '}');
    }
    fk_json_close(out, '}');
}

static void write_space(struct fk_request *req, const struct fk_item *item,
                        const void *ctx)
{
    const struct fk_space *s = (const struct fk_space *)item;
    struct fk_buf *out = &req->body;

    (void)ctx;
    fk_json_open(out, '{');
    fk_json_kid(out, "id", item->id);
    fk_json_kstr(out, "key", item->key);
    fk_json_kstr(out, "name", item->title);
    fk_json_kstr(out, "type", s->type);
    fk_json_kstr(out, "status", item->status);
    fk_json_kstr(out, "authorId", s->author);
    fk_json_kstr(out, "spaceOwnerId", s->author);
    fk_json_ktime(out, "createdAt", item->created);
    fk_json_kid(out, "homepageId", s->home);
    fk_json_kstr(out, "currentActiveAlias", item->key);
    write_description(req, s);
    fk_json_kstr(out, "icon", NULL);
    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "webui");
    fk_buf_str(out, "\"/spaces/");
    fk_json_escape(out, item->key, strlen(item->key));
    fk_buf_str(out, "\"}}");
}

static bool match_space(const struct fk_request *req,
                        const struct fk_item *item, const void *ctx)
{
    const struct fk_space *s = (const struct fk_space *)item;
    const char *type = fk_request_text(req, "type", NULL);
    const char *status = fk_request_text(req, "status", NULL);
    char id[24];

    (void)ctx;
    (void)snprintf(id, sizeof(id), "%llu", (unsigned long long)item->id);
    return !item->hidden && (!type || strcmp(type, s->type) == 0) &&
           (!status || strcmp(status, item->status) == 0) &&
           fk_request_has(req, "ids", id, id) &&
           fk_request_has(req, "keys", item->key, item->key) &&
           !fk_request_param(req, "labels", 0);
}

void fk_spaces_list(struct fk_request *req)
{
    struct fk_listing l = {.count = req->site->spaces.count,
                           .match = match_space,
                           .write = write_space};

    fk_list_sort(req, "id", &l);
    l.items = fk_set_view(req->site, &req->site->spaces, l.order);
    fk_list(req, &l);
}

void fk_spaces_get(struct fk_request *req)
{
    struct fk_space *s = fk_request_space(req);

    if (!s)
        return;
    req->status = 200;
    write_space(req, &s->item, NULL);
    req->body.len--; /* reopen the object for what single answers add */
    if (fk_request_bool(req, "include-labels", false)) {
        fk_json_key(&req->body, "labels");
        fk_buf_str(&req->body, "{\"results\":[],\"meta\":{\"hasMore\":false},"
                               "\"_links\":{}}");
    }
    fk_json_close(&req->body, '}');
}
