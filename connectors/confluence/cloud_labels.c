/*
 * cloud_labels.c - labels of a whole space, label by label.
 *
 * A space with 5,000 pages and 30 labels is read with 60 requests this way, and
 * shows labels that changed without a new version of the page. Asking page by
 * page would take 5,000.
 *
 * The listing of a space's labels is documented to give the prefixes "my" and
 * "team" only, while labels on pages are "global". Where it shows no global
 * label, the global labels of the site are tried besides, for an empty answer
 * would else be taken for pages without labels.
 *
 * Neither way is documented to cover archived pages: these are asked one by
 * one, or a page's labels would go when it is archived.
 */
#include "connectors/confluence/cloud.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define LABELS_ALWAYS    20   /* this many labels are always asked one by one */
#define ITEMS_PER_LABEL  25   /* beyond, one label for so many items */
#define SITE_LABELS_MAX  2000 /* kept for the run */
#define SPACE_LABELS_MAX 10000

static enum cs_status read_label(const struct cs_json *row,
                                 struct cs_arena *arena,
                                 struct cs_cloud_label *ret,
                                 struct cs_error *err)
{
    const char *id, *name, *prefix;
    enum cs_status status = cs_json_text(row, "id", CS_JSON_REQUIRED, &id, err);
    if (!status)
        status = cs_json_text(row, "name", CS_JSON_REQUIRED, &name, err);
    if (!status)
        status = cs_json_text(row, "prefix", CS_JSON_OPTIONAL, &prefix, err);
    if (status)
        return status;
    bool global = !prefix || !*prefix || strcmp(prefix, "global") == 0;
    ret->id = cs_arena_strdup(arena, id);
    ret->name = global ? cs_arena_strdup(arena, name)
                       : cs_arena_printf(arena, "%s:%s", prefix, name);
    return cs_arena_status(arena, err);
}

enum cs_status cs_cloud_read_labels(struct cs_paging *paging, size_t max,
                                    struct cs_arena *arena,
                                    struct cs_cloud_label **ret, size_t *ret_n,
                                    bool *ret_too_many, struct cs_error *err)
{
    struct cs_cloud_label *labels = NULL;
    size_t n = 0, cap = 0;
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more && n <= max) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row)) {
            struct cs_cloud_label *wider =
                cs_arena_grow(arena, labels, n, &cap, sizeof(*wider));
            if (!wider)
                return cs_arena_status(arena, err);
            labels = wider;
            status = read_label(&row, arena, &labels[n++], err);
        }
        status = cs_paging_blame(paging, status, err);
    }
    if (status)
        return status;
    *ret = labels;
    *ret_n = n;
    *ret_too_many = n > max;
    return CS_OK;
}

/* A whole listing of labels from a path. `ret_refused`: the site answers 4xx.
 */
static enum cs_status list_labels(struct cs_cloud *cloud, const char *path,
                                  size_t max, struct cs_arena *arena,
                                  struct cs_cloud_label **ret, size_t *ret_n,
                                  bool *ret_refused, struct cs_error *err)
{
    struct cs_paging *paging CS_CLEANUP(cs_paging_cleanup) = NULL;
    bool too_many = false;
    enum cs_status status =
        cs_paging_open(&cloud->paging, path, 0, &paging, err);
    if (status)
        return status;
    status =
        cs_cloud_read_labels(paging, max, arena, ret, ret_n, &too_many, err);
    bool refused = status && cs_cloud_refused(cs_paging_http_status(paging));
    *ret_refused = refused || too_many;
    return refused ? CS_OK : status;
}

static bool has_global(const struct cs_cloud_label *labels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strchr(labels[i].name, ':'))
            return true;
    }
    return false;
}

static enum cs_status know_site_labels(struct cs_cloud *cloud,
                                       struct cs_error *err)
{
    bool refused = false;
    if (cloud->site_labels_state != CS_SITE_LABELS_UNKNOWN)
        return CS_OK;
    enum cs_status status = list_labels(
        cloud, "/wiki/api/v2/labels?prefix=global&sort=id&limit=250",
        SITE_LABELS_MAX, cloud->run, &cloud->site_labels, &cloud->n_site_labels,
        &refused, err);
    if (status)
        return status;
    cloud->site_labels_state =
        refused ? CS_SITE_LABELS_NONE : CS_SITE_LABELS_KNOWN;
    return CS_OK;
}

/* ---- which items bear a label ---- */

struct search {
    struct cs_cloud *cloud;
    const char *space_id;
    const struct cs_cloud_listed *listed;
    const struct cs_list_out *out;
    const struct cs_cloud_label *labels;
    size_t n_labels;
    struct cs_paging **pagings; /* two for each label: pages, blog posts; then
                                 * one for each archived page */
    struct cs_arena *arena;     /* strings of one row */
    size_t n_open;
    bool refused;
};

static size_t n_pagings(const struct search *search)
{
    return 2 * search->n_labels + search->listed->n_archived;
}

/* The archived page that a listing is about; NULL: it is about a label. */
static const char *archived_page(const struct search *search, size_t i)
{
    size_t first = 2 * search->n_labels;
    return i < first ? NULL : search->listed->archived[i - first];
}

/* Labels are asked for pages and blog posts apart, and not for what the space
 * does not have. */
static bool is_needless(const struct search *search, size_t i)
{
    if (archived_page(search, i))
        return false;
    return (i % 2 ? search->listed->n_blog_posts : search->listed->n_pages) ==
           0;
}

static void put_label_path(const struct search *search, size_t i,
                           struct cs_strbuf *path)
{
    static const char *const collections[] = {"pages", "blogposts"};
    cs_strbuf_puts(path, "/wiki/api/v2/labels/");
    cs_url_put_escaped(search->labels[i / 2].id, path);
    cs_strbuf_printf(path,
                     "/%s?limit=250&sort=id&space-id=", collections[i % 2]);
    cs_url_put_escaped(search->space_id, path);
}

static enum cs_status open_one(struct search *search, size_t i,
                               struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    const char *page = archived_page(search, i);
    if (page) {
        cs_strbuf_puts(&path, "/wiki/api/v2/pages/");
        cs_url_put_escaped(page, &path);
        cs_strbuf_puts(&path, "/labels?limit=250&sort=id");
    } else {
        put_label_path(search, i, &path);
    }
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_paging_open(&search->cloud->paging, path.data, 0,
                                   &search->pagings[i], err);
}

static enum cs_status open_ahead(struct search *search, size_t at,
                                 struct cs_error *err)
{
    size_t max = at + 2 * (size_t)search->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    while (search->n_open < n_pagings(search) && search->n_open < max &&
           !status) {
        size_t i = search->n_open++;
        if (!is_needless(search, i))
            status = open_one(search, i, err);
    }
    return status;
}

/* A row is a page that has the label asked for, or a label of the page. */
static enum cs_status tell_row(struct search *search, size_t i,
                               const struct cs_json *row, struct cs_error *err)
{
    const char *id = archived_page(search, i);
    struct cs_cloud_label label = {.id = NULL};
    enum cs_status status;
    cs_arena_clear(search->arena);
    if (id) {
        status = read_label(row, search->arena, &label, err);
    } else {
        label = search->labels[i / 2];
        status = cs_json_text(row, "id", CS_JSON_REQUIRED, &id, err);
    }
    if (status || !cs_idset_has(&search->listed->ids, id))
        return status;
    return search->out->label(search->out->payload, id, label.name, err);
}

static enum cs_status drain(struct search *search, size_t i,
                            struct cs_error *err)
{
    struct cs_paging *paging = search->pagings[i];
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row))
            status = tell_row(search, i, &row, err);
        status = cs_paging_blame(paging, status, err);
    }
    if (status && cs_cloud_refused(cs_paging_http_status(paging))) {
        search->refused = true;
        status = CS_OK;
    }
    cs_paging_free(paging);
    search->pagings[i] = NULL;
    return status;
}

static enum cs_status tell_labels(struct search *search, struct cs_error *err)
{
    size_t n = n_pagings(search);
    enum cs_status status = CS_OK;
    search->pagings = calloc(n + 1, sizeof(struct cs_paging *));
    if (!search->pagings)
        return cs_error_no_memory(err);
    for (size_t i = 0; i < n && !status && !search->refused; i++) {
        status = open_ahead(search, i, err);
        if (!status && search->pagings[i])
            status = drain(search, i, err);
    }
    for (size_t i = 0; i < n; i++)
        cs_paging_free(search->pagings[i]);
    free(search->pagings);
    return status;
}

static enum cs_status add_site_labels(const struct cs_cloud *cloud,
                                      struct cs_arena *arena,
                                      const struct cs_cloud_label **ret,
                                      size_t *ret_n, struct cs_error *err)
{
    size_t n = *ret_n, more = cloud->n_site_labels;
    struct cs_cloud_label *both =
        cs_arena_array(arena, n + more + 1, sizeof(*both));
    if (!both)
        return cs_arena_status(arena, err);
    if (n)
        memcpy(both, *ret, n * sizeof(*both));
    if (more)
        memcpy(both + n, cloud->site_labels, more * sizeof(*both));
    *ret = both;
    *ret_n = n + more;
    return CS_OK;
}

/* The labels worth asking for one by one; `ret_all` false when there are too
 * many, or none can be trusted. */
static enum cs_status find_labels(struct cs_cloud *cloud, const char *space_id,
                                  size_t listed, struct cs_arena *arena,
                                  const struct cs_cloud_label **ret,
                                  size_t *ret_n, bool *ret_all,
                                  struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    size_t max = listed / ITEMS_PER_LABEL;
    struct cs_cloud_label *labels = NULL;
    bool refused = false;
    if (max < LABELS_ALWAYS)
        max = LABELS_ALWAYS;
    cs_strbuf_puts(&path, "/wiki/api/v2/spaces/");
    cs_url_put_escaped(space_id, &path);
    cs_strbuf_puts(&path, "/content/labels?sort=id&limit=250");
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = list_labels(cloud, path.data, SPACE_LABELS_MAX, arena, &labels,
                             ret_n, &refused, err);
    if (status)
        return status;
    *ret = labels;
    *ret_all = !refused && *ret_n <= max;
    if (!*ret_all || has_global(labels, *ret_n))
        return CS_OK;
    status = know_site_labels(cloud, err);
    if (!status)
        status = add_site_labels(cloud, arena, ret, ret_n, err);
    *ret_all =
        cloud->site_labels_state == CS_SITE_LABELS_KNOWN && *ret_n <= max;
    return status;
}

enum cs_status cs_cloud_list_labels(struct cs_cloud *cloud,
                                    const struct cs_container *container,
                                    const struct cs_cloud_listed *listed,
                                    const struct cs_list_out *out,
                                    bool *ret_all, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_arena *row CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct search search = {.cloud = cloud,
                            .space_id = container->id,
                            .listed = listed,
                            .arena = row,
                            .out = out};
    bool all = false;
    if (!arena || !row)
        return cs_error_no_memory(err);
    enum cs_status status =
        find_labels(cloud, container->id, listed->ids.n, arena, &search.labels,
                    &search.n_labels, &all, err);
    if (!status && all)
        status = tell_labels(&search, err);
    *ret_all = all && !search.refused;
    return status;
}
