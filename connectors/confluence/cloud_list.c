/*
 * cloud_list.c - everything in a space: pages, archived pages, blog posts.
 *
 * The three listings run side by side, ordered by id, which does not shift
 * while pages are edited, and without texts. Any failure fails the whole: an
 * incomplete listing must count for nothing.
 */
#include "connectors/confluence/cloud_parents.h"

#include "src/url.h"

struct listing {
    struct cs_cloud *cloud;
    const struct cs_list_out *out;
    struct cs_arena *arena; /* strings of one row */
    struct cs_arena *kept;  /* ids that the labels are asked for by */
    struct cs_cloud_listed listed;
    struct cs_cloud_parents parents;
};

/* The listings of a space. */
static const struct kind {
    enum cs_item_kind kind;
    const char *path; /* after /spaces/{id} */
} kinds[] = {
    {CS_ITEM_PAGE, "/pages?status=current&sort=id&limit=250"},
    {CS_ITEM_PAGE, "/pages?status=archived&sort=id&limit=250"},
    {CS_ITEM_BLOG_POST, "/blogposts?status=current&sort=id&limit=250"},
};

static enum cs_status keep_archived(struct listing *listing, const char *id,
                                    struct cs_error *err)
{
    struct cs_cloud_listed *listed = &listing->listed;
    const char **wider =
        cs_arena_grow(listing->kept, listed->archived, listed->n_archived,
                      &listed->cap_archived, sizeof(*wider));
    if (!wider)
        return cs_arena_status(listing->kept, err);
    listed->archived = wider;
    listed->archived[listed->n_archived++] = cs_arena_strdup(listing->kept, id);
    return cs_arena_status(listing->kept, err);
}

static enum cs_status take_row(struct listing *listing, enum cs_item_kind kind,
                               const struct cs_json *row, struct cs_error *err)
{
    struct cs_item item;
    bool skip;
    cs_arena_clear(listing->arena);
    enum cs_status status = cs_cloud_item(&listing->cloud->site, row, kind,
                                          listing->arena, &item, &skip, err);
    if (status || skip)
        return status;
    item.parent_id = cs_cloud_parents_known(&listing->parents, item.parent_id);
    status = cs_idset_add(&listing->listed.ids, item.id, NULL, err);
    listing->listed.n_pages += kind == CS_ITEM_PAGE;
    listing->listed.n_blog_posts += kind == CS_ITEM_BLOG_POST;
    if (!status && listing->out->labels && item.status == CS_ITEM_ARCHIVED)
        status = keep_archived(listing, item.id, err);
    return status ? status
                  : listing->out->item(listing->out->payload, &item, err);
}

static enum cs_status drain(struct listing *listing, enum cs_item_kind kind,
                            struct cs_paging *paging, struct cs_error *err)
{
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        if (status || !more)
            break;
        status = cs_cloud_parents_climb(&listing->parents, &rows, SIZE_MAX,
                                        listing->out, err);
        while (!status && cs_json_next(&rows, &row))
            status = take_row(listing, kind, &row, err);
        status = cs_paging_blame(paging, status, err);
    }
    return status;
}

static enum cs_status open_all(struct listing *listing, const char *space_id,
                               struct cs_paging **pagings, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++) {
        cs_strbuf_reset(&path);
        cs_strbuf_puts(&path, "/wiki/api/v2/spaces/");
        cs_url_put_escaped(space_id, &path);
        cs_strbuf_puts(&path, kinds[i].path);
        status = cs_strbuf_status(&path, err);
        if (!status)
            status = cs_paging_open(&listing->cloud->paging, path.data, 0,
                                    &pagings[i], err);
    }
    return status;
}

static enum cs_status list_items(struct listing *listing, const char *space_id,
                                 struct cs_error *err)
{
    struct cs_paging *pagings[CS_ARRAY_LEN(kinds)] = {NULL};
    enum cs_status status = open_all(listing, space_id, pagings, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++)
        status = drain(listing, kinds[i].kind, pagings[i], err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        cs_paging_free(pagings[i]);
    return status;
}

enum cs_status cs_cloud_list(void *self, const struct cs_container *container,
                             const struct cs_list_out *out, bool *ret_labels,
                             struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_arena *kept CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct listing listing = {
        .cloud = cloud, .out = out, .arena = arena, .kept = kept};
    bool labels = false;
    if (!arena || !kept)
        return cs_error_no_memory(err);
    cs_cloud_parents_init(&listing.parents, cloud);
    enum cs_status status = list_items(&listing, container->id, err);
    if (!status)
        status =
            cs_cloud_parents_search(&listing.parents, container->key, out, err);
    if (!status && out->labels)
        status = cs_cloud_list_labels(cloud, container, &listing.listed, out,
                                      &labels, err);
    cs_cloud_parents_clear(&listing.parents);
    cs_idset_clear(&listing.listed.ids);
    if (status)
        return status;
    *ret_labels = labels;
    return CS_OK;
}
