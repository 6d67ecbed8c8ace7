/*
 * Pages and blog posts: lists, single answers, old versions.
 */
#include "tests/fake/paging.h"
#include "tests/fake/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fk_write_version(struct fk_buf *out, const struct fk_version *version)
{
    fk_json_open(out, '{');
    fk_json_kint(out, "number", version->number);
    fk_json_ktime(out, "createdAt", version->created);
    fk_json_kstr(out, "message", version->message ? version->message : "");
    fk_json_kbool(out, "minorEdit", version->minor);
    fk_json_kstr(out, "authorId", version->author);
    fk_json_kbool(out, "ncsStepVersionPresent", false);
    fk_json_close(out, '}');
}

/* A document of one paragraph with the text between the tags. */
static void write_adf(struct fk_buf *out, const struct fk_body *body)
{
    struct fk_buf doc = {0};
    bool tag = false;
    size_t text_at;

    fk_buf_str(&doc, "{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":"
                     "\"paragraph\",\"content\":[{\"type\":\"text\","
                     "\"text\":\"");
    text_at = doc.len;
    for (size_t i = 0; i < body->len; i++) {
        char c = body->json[i];

        if (c == '<' || c == '>')
            tag = c == '<';
        else if (!tag)
            fk_buf_add(&doc, &c, 1);
    }
    if (doc.len == text_at)
        fk_buf_str(&doc, " ");
    fk_buf_str(&doc, "\"}]}]}");
    fk_json_escape(out, doc.data, doc.len);
    fk_buf_clear(&doc);
}

void fk_write_body(struct fk_buf *out, const struct fk_body *body,
                   const char *format)
{
    fk_json_key(out, "body");
    fk_json_open(out, '{');
    if (format) {
        fk_json_key(out, format);
        fk_json_open(out, '{');
        fk_json_kstr(out, "representation", format);
        fk_json_key(out, "value");
        fk_buf_add(out, "\"", 1);
        if (strcmp(format, "atlas_doc_format") == 0)
            write_adf(out, body);
        else if (body->json)
            fk_buf_add(out, body->json, body->len);
        fk_buf_add(out, "\"", 1);
        fk_json_close(out, '}');
    }
    fk_json_close(out, '}');
}

/* /x/ and the id in base64 of its little-endian bytes, as short as it goes. */
static void write_tiny(struct fk_buf *out, uint64_t id)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                 "rstuvwxyz0123456789_-";
    char code[16] = "";
    size_t len = 0;

    for (int i = 0; i < 9 && id; i += 3, id >>= 24) {
        unsigned v = (unsigned)(id & 255) << 16 |
                     (unsigned)(id >> 8 & 255) << 8 |
                     (unsigned)(id >> 16 & 255);

        for (int shift = 18; shift >= 0; shift -= 6)
            code[len++] = digits[v >> shift & 63];
    }
    while (len && code[len - 1] == 'A')
        len--;
    fk_buf_fmt(out, "\"/x/%.*s\"", (int)len, code);
}

static void write_page_links(struct fk_request *req, const struct fk_content *c)
{
    struct fk_buf *out = &req->body;
    const char *place = c->kind == FK_BLOGPOST ? "blog" : "pages";
    unsigned long long id = c->item.id;

    fk_json_key(out, "_links");
    fk_json_open(out, '{');
    fk_json_key(out, "editui");
    fk_buf_fmt(out, "\"/pages/resumedraft.action?draftId=%llu\"", id);
    fk_json_key(out, "webui");
    fk_buf_str(out, "\"/spaces/");
    fk_buf_urlenc(out, c->space->item.key);
    fk_buf_fmt(out, "/%s/%llu/", place, id);
    fk_buf_urlenc(out, c->item.title);
    fk_buf_str(out, "\"");
    fk_json_key(out, "tinyui");
    write_tiny(out, id);
    fk_json_close(out, '}');
}

/* Parent and position, null where the vendor sends null. */
static void write_place(struct fk_request *req, const struct fk_content *c)
{
    const struct fk_content *parent = fk_site_content(req->site, c->item.owner);
    struct fk_buf *out = &req->body;

    fk_json_kid(out, "parentId", c->item.owner);
    fk_json_kstr(out, "parentType",
                 !c->item.owner ? NULL
                 : parent       ? fk_kind_name(parent->kind)
                                : "page");
    if (c->item.position == FK_NO_POSITION)
        fk_json_kstr(out, "position", NULL);
    else
        fk_json_kint(out, "position", c->item.position);
    fk_json_kstr(out, "ownerId", c->author);
    fk_json_kstr(out, "lastOwnerId", NULL);
}

/* Everything but the closing brace, so that single answers can add to it. */
static void open_page(struct fk_request *req, const struct fk_content *c,
                      const struct fk_version *version,
                      const struct fk_body *body)
{
    struct fk_buf *out = &req->body;

    fk_json_open(out, '{');
    fk_json_kid(out, "id", c->item.id);
    fk_json_kstr(out, "status", c->item.status);
    fk_json_kstr(out, "title", c->item.title);
    fk_json_kid(out, "spaceId", c->space->item.id);
    if (c->kind == FK_PAGE)
        write_place(req, c);
    fk_json_kstr(out, "authorId", c->author);
    fk_json_ktime(out, "createdAt", c->item.created);
    if (c->kind == FK_PAGE)
        fk_json_kstr(out, "subtype", c->subtype);
    if (fk_request_bool(req, "include-version", true)) {
        fk_json_key(out, "version");
        fk_write_version(out, version);
    }
    fk_write_body(out, body, fk_request_text(req, "body-format", NULL));
    fk_json_key(out, "extraFieldOfTheDay");
    fk_buf_str(out, "{\"nested\":[1,2.5e3,null,{\"a\":\"\\u00e9\"}]}");
    write_page_links(req, c);
}

static void write_page(struct fk_request *req, const struct fk_item *item,
                       const void *ctx)
{
    const struct fk_content *c = (const struct fk_content *)item;

    (void)ctx;
    if (c->poison == 2 ||
        (c->poison && fk_request_param(req, "body-format", 0)))
        req->status = 500;
    if (c->old && c->stale && fk_request_param(req, "body-format", 0)) {
        fk_site_content(req->site, item->id)->stale = false;
        open_page(req, c, &c->old->version, &c->old->body);
    } else {
        open_page(req, c, &item->version, &c->body);
    }
    fk_json_close(&req->body, '}');
}

struct page_filter {
    enum fk_kind kind;
    uint64_t space; /* 0 = any */
    uint64_t label; /* 0 = any */
    const char *statuses;
};

static bool status_fits(const struct fk_request *req, const char *fallback,
                        const char *status)
{
    return fk_request_has(req, "status", fallback, status);
}

static bool listed_in_path(const struct fk_request *req, const char *name,
                           uint64_t id)
{
    char text[24];

    if (!fk_request_param(req, name, 0))
        return true;
    (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
    return fk_request_has(req, name, NULL, text);
}

static bool subtype_fits(const struct fk_request *req,
                         const struct fk_content *c)
{
    const char *wanted = fk_request_text(req, "subtype", NULL);

    return !wanted || strcmp(wanted, c->subtype ? c->subtype : "page") == 0;
}

static bool match_page(const struct fk_request *req, const struct fk_item *item,
                       const void *ctx)
{
    const struct fk_content *c = (const struct fk_content *)item;
    const struct page_filter *f = ctx;
    const char *title;

    if (c->kind != f->kind || (f->space && c->space->item.id != f->space) ||
        !status_fits(req, f->statuses, item->status) ||
        (f->label && !fk_content_has_label(c, f->label)))
        return false;
    title = fk_request_text(req, "title", NULL);
    if (title && strcmp(title, item->title) != 0)
        return false;
    if (strcmp(fk_request_text(req, "depth", "all"), "root") == 0 &&
        item->owner != 0 && item->id != c->space->home)
        return false;
    return listed_in_path(req, "id", item->id) &&
           listed_in_path(req, "space-id", c->space->item.id) &&
           subtype_fits(req, c) && fk_content_visible(req->site, c);
}

static void list_pages(struct fk_request *req, struct page_filter *filter,
                       bool empty_page)
{
    struct fk_listing l = {.count = req->site->content.count,
                           .empty_page = empty_page,
                           .match = match_page,
                           .write = write_page,
                           .ctx = filter};

    filter->kind = (enum fk_kind)req->route->arg;
    filter->statuses = filter->kind == FK_PAGE ? "current,archived" : "current";
    fk_list_sort(req, "id", &l);
    l.items = fk_set_view(req->site, &req->site->content, l.order);
    fk_list(req, &l);
}

/* With ids given, only those are looked at. */
static void list_by_ids(struct fk_request *req)
{
    struct page_filter filter = {.kind = (enum fk_kind)req->route->arg};
    struct fk_item **items = fk_alloc(FK_MAX_PARAMS * sizeof(*items));
    struct fk_listing l = {
        .match = match_page, .write = write_page, .ctx = &filter};
    const struct fk_param *p;

    filter.statuses = filter.kind == FK_PAGE ? "current,archived" : "current";
    for (size_t i = 0; (p = fk_request_param(req, "id", i)); i++) {
        for (const char *v = p->value; v; v = strchr(v, ',')) {
            struct fk_item *item;

            v += *v == ',';
            item = fk_set_find(&req->site->content, strtoull(v, NULL, 10));
            if (item && l.count < FK_MAX_PARAMS)
                items[l.count++] = item;
        }
    }
    fk_list_sort(req, "id", &l);
    l.items = fk_list_sorted(items, l.count, l.order);
    fk_list(req, &l);
    free(l.items);
    free(items);
}

void fk_pages_list(struct fk_request *req)
{
    struct page_filter filter = {0};

    if (fk_request_param(req, "id", 0))
        list_by_ids(req);
    else
        list_pages(req, &filter, false);
}

void fk_pages_in_space(struct fk_request *req)
{
    struct page_filter filter = {.space = req->id};

    if (fk_request_space(req))
        list_pages(req, &filter, true);
}

void fk_pages_with_label(struct fk_request *req)
{
    struct page_filter filter = {.label = req->id};

    if (fk_set_find(&req->site->labels, req->id))
        list_pages(req, &filter, false);
    else
        fk_not_found(req, "The label");
}

struct fk_content *fk_request_content(struct fk_request *req, enum fk_kind kind,
                                      bool trashed)
{
    struct fk_content *c = fk_site_content(req->site, req->id);

    if (c && c->kind == kind && fk_content_visible(req->site, c) &&
        (trashed || !fk_status_gone(c->item.status)))
        return c;
    if (c && c->kind == kind && !fk_content_visible(req->site, c) &&
        fk_content_forbidden(req->site, c))
        fk_fail(req, 403, "FORBIDDEN", "Current user not permitted");
    else
        fk_not_found(req, fk_kind_name(kind));
    return NULL;
}

static const struct fk_old *find_old(const struct fk_content *c, long number)
{
    const struct fk_old *old = c->old;

    while (old && old->version.number != number)
        old = old->next;
    return old;
}

static void write_includes(struct fk_request *req, const struct fk_content *c)
{
    static const char *const empty[][2] = {
        {"include-properties", "properties"},
        {"include-operations", "operations"},
        {"include-likes", "likes"},
        {"include-versions", "versions"},
        {"include-collaborators", "collaborators"},
        {"include-direct-children", "directChildren"},
    };

    if (fk_request_bool(req, "include-labels", false))
        fk_write_labels(req, c->labels, c->label_count);
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        if (!fk_request_bool(req, empty[i][0], false))
            continue;
        fk_json_key(&req->body, empty[i][1]);
        fk_buf_str(&req->body, "{\"results\":[],\"meta\":{\"hasMore\":false},"
                               "\"_links\":{}}");
    }
}

static void answer_page(struct fk_request *req, struct fk_content *c)
{
    long wanted = fk_request_int(req, "version", c->item.version.number);
    const struct fk_old *old = NULL;
    bool with_body = fk_request_param(req, "body-format", 0);

    if (with_body && c->old && c->stale) { /* only ever set back to false */
        c->stale = false;
        old = c->old;
    } else if (wanted != c->item.version.number) {
        old = find_old(c, wanted);
        if (!old) {
            fk_not_found(req, "The version");
            return;
        }
    }
    req->status = 200;
    open_page(req, c, old ? &old->version : &c->item.version,
              old ? &old->body : &c->body);
    write_includes(req, c);
    fk_json_close(&req->body, '}');
}

void fk_pages_get(struct fk_request *req)
{
    struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, true);

    if (!c)
        return;
    if (!status_fits(req, "current,archived,trashed", c->item.status))
        fk_not_found(req, fk_kind_name(c->kind));
    else if (c->poison == 2 ||
             (c->poison && fk_request_param(req, "body-format", 0)))
        fk_fail(req, 500, "INTERNAL_SERVER_ERROR", "Internal Server Error");
    else
        answer_page(req, c);
}

static void write_page_version(struct fk_request *req,
                               const struct fk_content *c,
                               const struct fk_version *v,
                               const struct fk_body *body)
{
    fk_write_version(&req->body, v);
    req->body.len--;
    fk_json_key(&req->body, "page");
    fk_json_open(&req->body, '{');
    fk_json_kid(&req->body, "id", c->item.id);
    fk_json_kstr(&req->body, "title", c->item.title);
    fk_write_body(&req->body, body, fk_request_text(req, "body-format", NULL));
    fk_buf_str(&req->body, "}}");
}

/* Newest first; all in one answer, for the fake keeps few. */
void fk_pages_versions(struct fk_request *req)
{
    const struct fk_content *c =
        fk_request_content(req, (enum fk_kind)req->route->arg, false);

    if (!c)
        return;
    req->status = 200;
    fk_buf_str(&req->body, "{\"results\":[");
    write_page_version(req, c, &c->item.version, &c->body);
    for (const struct fk_old *o = c->old; o; o = o->next)
        write_page_version(req, c, &o->version, &o->body);
    fk_buf_str(&req->body, "],\"_links\":{}}");
}
