/*
 * The searches of Cloud by CQL and the restrictions of content, which v2 does
 * not have. `start` is taken and has no effect, as with the vendor.
 */
#include "tests/fake/paging.h"
#include "tests/fake/rest.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

#define SEARCH_CAP 250
#define BODY_CAP   50
#define VIEW_CAP   25

static void write_found(struct fk_request *req, const struct fk_item *item,
                        const void *ctx)
{
    (void)ctx;
    fk_rest_content(req, (const struct fk_hit *)(const void *)item, "");
}

/* A result of /search: the content inside, and what a list shows of it. */
static void write_result(struct fk_request *req, const struct fk_item *item,
                         const void *ctx)
{
    const struct fk_hit *hit = (const struct fk_hit *)(const void *)item;
    struct fk_buf *out = &req->body;

    (void)ctx;
    fk_json_open(out, '{');
    fk_json_key(out, "content");
    fk_rest_content(req, hit, "none");
    fk_json_kstr(out, "title", item->title);
    fk_json_kstr(out, "excerpt", "");
    fk_json_key(out, "url");
    fk_buf_fmt(out, "\"/spaces/%s/pages/%llu\"", hit->page->space->item.key,
               (unsigned long long)item->id);
    fk_json_kstr(out, "entityType", "content");
    fk_json_ktime(out, "lastModified", item->version.created);
    fk_json_kstr(out, "friendlyLastModified", "recently");
    fk_json_key(out, "score");
    fk_buf_str(out, "0.0");
    fk_json_close(out, '}');
}

static bool match_space_status(const struct fk_request *req,
                               const struct fk_item *item, const void *ctx)
{
    const struct fk_hit *hit = (const struct fk_hit *)(const void *)item;

    (void)ctx;
    return fk_request_bool(req, "includeArchivedSpaces", false) ||
           strcmp(hit->page->space->item.status, "archived") != 0;
}

static long cap_of(const struct fk_request *req)
{
    if (fk_rest_expands(req, NULL, "body.export_view") ||
        fk_rest_expands(req, NULL, "body.styled_view"))
        return VIEW_CAP;
    return fk_rest_expands_body(req) ? BODY_CAP : SEARCH_CAP;
}

static void search(struct fk_request *req,
                   void (*write)(struct fk_request *req,
                                 const struct fk_item *item, const void *ctx))
{
    const char *text = fk_request_text(req, "cql", "");
    struct fk_buf why = {0};
    struct fk_cql *cql = fk_cql_parse(text, &why);
    struct fk_listing l = {.match = match_space_status, .write = write};
    struct fk_hit *hits;

    if (!cql) {
        fk_fail(req, 400, "CQL", "%s", why.data);
        fk_buf_clear(&why);
        return;
    }
    hits = fk_cql_run(req->site, cql, req->site->search_lag_ms, &l.count);
    l.items = fk_alloc((l.count + 1) * sizeof(struct fk_item *));
    for (size_t i = 0; i < l.count; i++) /* listings walk ascending arrays */
        l.items[i] = &hits[cql->descending ? l.count - 1 - i : i].item;
    l.order = cql->order;
    l.descending = cql->descending;
    l.cql = text;
    l.cap = cap_of(req);
    fk_list(req, &l);
    free(l.items);
    free(hits);
    fk_cql_free(cql);
}

void fk_rest_search(struct fk_request *req)
{
    search(req, write_result);
}

void fk_rest_content_search(struct fk_request *req)
{
    search(req, write_found);
}

static void write_people(struct fk_request *req, const char *ids)
{
    struct fk_buf *out = &req->body;
    long size = 0;

    fk_buf_str(out, "\"user\":{\"results\":[");
    while (ids && *ids) {
        char id[128];
        size_t n = strcspn(ids, ",");

        (void)snprintf(id, sizeof(id), "%.*s", (int)n, ids);
        fk_rest_person(req, id);
        ids += n + (ids[n] == ',');
        size++;
    }
    fk_buf_fmt(out, "],\"start\":0,\"limit\":100,\"size\":%ld}", size);
}

static void write_groups(struct fk_request *req, const char *names)
{
    struct fk_buf *out = &req->body;
    long size = 0;

    fk_buf_str(out, ",\"group\":{\"results\":[");
    while (names && *names) {
        size_t n = strcspn(names, ",");

        fk_json_open(out, '{');
        fk_json_kstr(out, "type", "group");
        fk_json_key(out, "name");
        fk_buf_fmt(out, "\"%.*s\"}", (int)n, names);
        names += n + (names[n] == ',');
        size++;
    }
    fk_buf_fmt(out, "],\"start\":0,\"limit\":100,\"size\":%ld}", size);
}

static void write_operation(struct fk_request *req, const char *operation,
                            const struct fk_content *c)
{
    bool read = strcmp(operation, "read") == 0;
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_kstr(out, "operation", operation);
    fk_json_key(out, "restrictions");
    fk_json_open(out, '{');
    write_people(req, read ? c->readers : c->writers);
    write_groups(req, read ? c->reader_groups : NULL);
    fk_json_close(out, '}');
    fk_json_key(out, "_expandable");
    fk_buf_fmt(out, "{\"content\":\"/rest/api/content/%llu\"}",
               (unsigned long long)c->item.id);
    fk_rest_self(req, "/rest/api/content/%llu/restriction/byOperation/%s",
                 (unsigned long long)c->item.id, operation);
    fk_json_close(out, '}');
}

static struct fk_content *restricted(struct fk_request *req)
{
    struct fk_content *c = fk_site_content(req->site, req->id);

    if (c && fk_content_visible(req->site, c) &&
        (!req->site->datacenter || c->kind <= FK_BLOGPOST)) {
        req->status = 200;
        return c;
    }
    fk_not_found(req, "The content");
    return NULL;
}

void fk_rest_restrictions(struct fk_request *req)
{
    const struct fk_content *c = restricted(req);

    if (!c)
        return;
    fk_json_open(&req->body, '{');
    fk_json_key(&req->body, "read");
    write_operation(req, "read", c);
    fk_json_key(&req->body, "update");
    write_operation(req, "update", c);
    fk_rest_self(req, "/rest/api/content/%llu/restriction/byOperation",
                 (unsigned long long)c->item.id);
    fk_json_close(&req->body, '}');
}

void fk_rest_restriction(struct fk_request *req)
{
    const struct fk_content *c = restricted(req);

    if (!c)
        return;
    if (strcmp(req->args[1], "read") != 0 &&
        strcmp(req->args[1], "update") != 0)
        fk_fail(req, 404, "NOT_FOUND", "No such operation");
    else
        write_operation(req, req->args[1], c);
}

/* Direct and inherited ones together, nearest first (Data Center only). */
void fk_rest_view_restrictions(struct fk_request *req)
{
    const struct fk_content *c = restricted(req);

    if (!c)
        return;
    fk_buf_str(&req->body, "{\"results\":[");
    for (; c; c = fk_rest_parent(req->site, c)) {
        if (!c->readers && !c->reader_groups)
            continue;
        write_operation(req, "read", c);
        req->body.len--;
        fk_json_key(&req->body, "content");
        fk_buf_fmt(&req->body, "{\"id\":\"%llu\"}}",
                   (unsigned long long)c->item.id);
    }
    fk_buf_str(&req->body, "],\"start\":0,\"limit\":50");
    fk_rest_self(req, "%s", "/rest/api/content");
    fk_json_close(&req->body, '}');
}
