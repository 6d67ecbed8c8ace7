/*
 * Content of a Data Center: listings, single answers, children, search.
 */
#include "tests/fake/dc.h"
#include "tests/fake/server.h"

#include <stdlib.h>
#include <string.h>

struct hits {
    struct fk_hit *rows;
    size_t count;
    size_t cap;
};

static void add_hit(struct hits *h, struct fk_hit hit)
{
    if (h->count == h->cap) {
        h->cap = h->cap ? h->cap * 2 : 256;
        h->rows = fk_realloc(h->rows, h->cap * sizeof(*h->rows));
    }
    h->rows[h->count++] = hit;
}

/* "any" is what is there and what is in the trash. */
static bool status_fits(const struct fk_request *req, const char *status)
{
    if (fk_request_has(req, "status", "current", status))
        return true;
    return fk_request_has(req, "status", "current", "any") &&
           (strcmp(status, "current") == 0 || strcmp(status, "trashed") == 0);
}

static bool content_fits(const struct fk_request *req,
                         const struct fk_content *c, const struct fk_space *s,
                         const char *types)
{
    const char *title = fk_request_text(req, "title", NULL);

    return c->kind <= FK_BLOGPOST && (!s || c->space == s) &&
           fk_word_in(types, ',', fk_kind_name(c->kind)) &&
           (!title || strcmp(title, c->item.title) == 0) &&
           status_fits(req, c->item.status);
}

static void collect_leaves(const struct fk_request *req, struct hits *h,
                           const struct fk_space *s, const char *types)
{
    const struct fk_set *notes = &req->site->comments;
    const struct fk_set *files = &req->site->attachments;

    for (size_t i = 0; fk_word_in(types, ',', "comment") && i < notes->count;
         i++) {
        struct fk_hit hit =
            fk_hit_note(req->site, (struct fk_comment *)notes->items[i]);

        if (hit.page && (!s || hit.page->space == s) &&
            !fk_status_gone(hit.page->item.status) &&
            status_fits(req, hit.item.status))
            add_hit(h, hit);
    }
    for (size_t i = 0; fk_word_in(types, ',', "attachment") && i < files->count;
         i++) {
        struct fk_hit hit =
            fk_hit_file(req->site, (struct fk_attachment *)files->items[i]);

        if (hit.page && (!s || hit.page->space == s) &&
            !fk_status_gone(hit.page->item.status) &&
            status_fits(req, hit.item.status))
            add_hit(h, hit);
    }
}

static int by_id(const void *a, const void *b)
{
    const struct fk_hit *left = a;
    const struct fk_hit *right = b;

    return (left->item.id > right->item.id) - (left->item.id < right->item.id);
}

static void collect(const struct fk_request *req, struct hits *h,
                    const struct fk_space *s, const char *types)
{
    const struct fk_set *all = &req->site->content;

    for (size_t i = 0; i < all->count; i++) {
        const struct fk_content *c = (struct fk_content *)all->items[i];

        if (content_fits(req, c, s, types))
            add_hit(h, fk_hit_content(c));
    }
    collect_leaves(req, h, s, types);
    if (h->count)
        qsort(h->rows, h->count, sizeof(*h->rows), by_id);
}

/* The space asked for; false after a 404. NULL when none was asked for. */
static bool pick_space(struct fk_request *req, const struct fk_space **ret)
{
    const char *key = fk_request_text(req, "spaceKey", NULL);

    *ret = fk_site_space_by_key(req->site, key);
    if (!key || (*ret && !(*ret)->item.hidden))
        return true;
    fk_fail(req, 404, "", "No space with key : %.100s", key);
    return false;
}

void fk_dc_content_list(struct fk_request *req)
{
    struct hits h = {0};
    const struct fk_space *s;

    if (!pick_space(req, &s))
        return;
    collect(req, &h, s, fk_request_text(req, "type", "page"));
    fk_dc_list(req, h.rows, h.count, 25);
    free(h.rows);
}

void fk_dc_space_content(struct fk_request *req)
{
    const struct fk_space *s = fk_site_space_by_key(req->site, req->args[0]);
    struct hits h = {0};

    if (!s || s->item.hidden) {
        fk_fail(req, 404, "", "No space with key : %s", req->args[0]);
        return;
    }
    collect(req, &h, s, req->args[1]);
    fk_dc_list(req, h.rows, h.count, 25);
    free(h.rows);
}

void fk_dc_content_scan(struct fk_request *req)
{
    struct hits h = {0};
    const struct fk_space *s;

    if (req->site->dc->no_scan ||
        req->site->dc->version < 7.18) { /* to it, "scan" is an id */
        fk_fail(req, 404, "", "No content found with id: ContentId{id=scan}");
        return;
    }
    if (!pick_space(req, &s))
        return;
    collect(req, &h, s,
            fk_request_text(req, "type", "page,blogpost,comment,attachment"));
    fk_dc_scan(req, h.rows, h.count);
    free(h.rows);
}

static void no_content(struct fk_request *req)
{
    fk_fail(req, 404, "", "No content found with id: ContentId{id=%.40s}",
            req->args[0]);
}

/* The thing the path names, seen or not; false after a 404. */
static bool find_hit(struct fk_request *req, struct fk_hit *ret)
{
    const char *text = req->args[0];
    bool file = strncmp(text, "att", 3) == 0;
    uint64_t id = strtoull(file ? text + 3 : text, NULL, 10);
    struct fk_item *item = fk_set_find(&req->site->attachments, id);

    *ret = (struct fk_hit){0};
    if (file && item) {
        *ret = fk_hit_file(req->site, (struct fk_attachment *)item);
    } else if (!file && (item = fk_set_find(&req->site->content, id))) {
        struct fk_content *c = (struct fk_content *)item;

        if (c->kind <= FK_BLOGPOST)
            *ret = fk_hit_content(c);
    } else if (!file && (item = fk_set_find(&req->site->comments, id))) {
        *ret = fk_hit_note(req->site, (struct fk_comment *)item);
    }
    if (ret->page && fk_content_visible(req->site, ret->page))
        return true;
    if (ret->page && fk_content_forbidden(req->site, ret->page))
        fk_fail(req, 403, "", "The caller may not view this content");
    else
        no_content(req);
    return false;
}

static bool number_exists(const struct fk_hit *hit, long number)
{
    const struct fk_old *old = hit->content ? hit->content->old : NULL;

    if (number == hit->item.version.number)
        return true;
    while (old && old->version.number != number)
        old = old->next;
    return old != NULL;
}

void fk_dc_content_get(struct fk_request *req)
{
    struct fk_hit hit;

    if (!find_hit(req, &hit))
        return;
    if (!fk_request_has(req, "status", "current", "any") &&
        !fk_request_has(req, "status", "current", "historical") &&
        !fk_request_has(req, "status", "current", hit.item.status)) {
        no_content(req);
        return;
    }
    if (fk_request_param(req, "version", 0) &&
        !number_exists(&hit, fk_request_int(req, "version", 0))) {
        no_content(req);
        return;
    }
    req->status = 200;
    fk_rest_content(req, &hit, "history,space,version");
    if (req->status == 404) /* by itself it is found, below a draft too */
        req->status = 200;
    (void)fk_dc_failed(req);
}

void fk_dc_content_search(struct fk_request *req)
{
    struct fk_buf why = {0};
    struct fk_cql *cql = fk_cql_parse(fk_request_text(req, "cql", ""), &why);
    struct fk_hit *hits;
    size_t count;
    size_t kept = 0;

    if (!cql) {
        fk_fail(req, 400, "", "%s", why.data);
        fk_buf_clear(&why);
        return;
    }
    hits = fk_cql_run(req->site, cql, req->site->search_lag_ms, &count);
    for (size_t i = 0; i < count; i++)
        if (!hits[i].content || hits[i].content->kind <= FK_BLOGPOST)
            hits[kept++] = hits[i];
    fk_dc_list(req, hits, kept, 25);
    free(hits);
    fk_cql_free(cql);
}

static bool location_fits(const struct fk_request *req,
                          const struct fk_comment *c)
{
    const char *place =
        !c->is_inline                                             ? "footer"
        : c->resolution && strcmp(c->resolution, "resolved") == 0 ? "resolved"
                                                                  : "inline";

    return !fk_request_param(req, "location", 0) ||
           !*fk_request_text(req, "location", "") ||
           fk_request_has(req, "location", NULL, place);
}

/* Roots alone, or with depth=all the whole lot in one flat list. */
void fk_dc_comments(struct fk_request *req)
{
    const struct fk_set *all = &req->site->comments;
    bool deep = req->route->arg ||
                strcmp(fk_request_text(req, "depth", ""), "all") == 0;
    struct fk_hit parent;
    struct hits h = {0};

    if (!find_hit(req, &parent))
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct fk_comment *c = (struct fk_comment *)all->items[i];

        if ((deep && parent.content ? c->content == parent.item.id
                                    : c->item.owner == parent.item.id) &&
            location_fits(req, c))
            add_hit(&h, fk_hit_note(req->site, c));
    }
    fk_dc_list(req, h.rows, h.count, 25);
    free(h.rows);
}

void fk_dc_files(struct fk_request *req)
{
    const char *name = fk_request_text(req, "filename", NULL);
    const char *type = fk_request_text(req, "mediaType", NULL);
    struct fk_hit parent;
    struct hits h = {0};
    struct fk_item **owned;
    size_t n;

    if (!find_hit(req, &parent))
        return;
    owned =
        fk_set_owned(req->site, &req->site->attachments, parent.item.id, &n);
    for (size_t i = 0; i < n; i++) {
        const struct fk_attachment *a = (struct fk_attachment *)owned[i];

        if (strcmp(a->item.status, "current") == 0 &&
            (!name || strcmp(name, a->item.title) == 0) &&
            (!type || strcmp(type, a->media_type) == 0))
            add_hit(&h, fk_hit_file(req->site, a));
    }
    fk_dc_list(req, h.rows, h.count, 50);
    free(h.rows);
}

/* Direct children that are pages; what a folder holds counts as the page's. */
void fk_dc_child_pages(struct fk_request *req)
{
    const struct fk_set *all = &req->site->content;
    struct fk_hit parent;
    struct hits h = {0};

    if (!find_hit(req, &parent))
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct fk_content *c = (struct fk_content *)all->items[i];

        if (c->kind == FK_PAGE && strcmp(c->item.status, "current") == 0 &&
            fk_rest_parent(req->site, c) == parent.content)
            add_hit(&h, fk_hit_content(c));
    }
    fk_dc_list(req, h.rows, h.count, 25);
    free(h.rows);
}

static void write_label_row(struct fk_request *req, size_t i, const void *ctx)
{
    const uint64_t *labels = ctx;

    fk_write_label(req, fk_set_find(&req->site->labels, labels[i]), NULL);
}

void fk_dc_content_labels(struct fk_request *req)
{
    const char *prefix = fk_request_text(req, "prefix", NULL);
    struct fk_hit hit;
    uint64_t *labels;
    size_t n = 0;

    if (!find_hit(req, &hit))
        return;
    labels = fk_alloc((hit.content ? hit.content->label_count + 1 : 1) *
                      sizeof(*labels));
    for (size_t i = 0; hit.content && i < hit.content->label_count; i++) {
        const struct fk_label *l = (const struct fk_label *)fk_set_find(
            &req->site->labels, hit.content->labels[i]);

        if (!prefix || strcmp(prefix, l->prefix) == 0)
            labels[n++] = l->item.id;
    }
    fk_dc_rows(req, n, 200, write_label_row, labels);
    free(labels);
}
