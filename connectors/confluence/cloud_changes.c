/*
 * cloud_changes.c - what was edited lately: listings by time, newest first.
 *
 * The site has no filter by time, but it sorts by it, so reading stops with the
 * first answer that ends with what is older than was asked for. Items shift
 * towards the end while they are read, so one may come twice; whoever is edited
 * meanwhile comes to the front and is seen by the next run. Moves and labels
 * leave no trace here: the complete listing sees them.
 */
#include "connectors/confluence/cloud_parents.h"

#include "src/url.h"

struct changes {
    struct cs_cloud *cloud;
    const struct cs_list_out *out;
    int64_t since;
    struct cs_arena *arena; /* strings of one row */
    struct cs_cloud_parents parents;
    struct cs_idset told;
};

/* The listings, after /spaces/{id}. Without a change one answer each is all
 * that is read, so it is not a long one. */
static const struct kind {
    enum cs_item_kind kind;
    const char *path;
} kinds[] = {
    {CS_ITEM_PAGE,
     "/pages?status=current&status=archived&sort=-modified-date&limit=100"},
    {CS_ITEM_BLOG_POST,
     "/blogposts?status=current&sort=-modified-date&limit=100"},
};

/* Rows up to the last one that is new enough; `ret_end` when it is not the last
 * of the page. A row without a time may be anything. What stands among new ones
 * is told as well: the order is the site's, and may be a little off. */
static size_t count_new(const struct changes *changes,
                        const struct cs_json *rows, bool *ret_end)
{
    struct cs_json row = {.node = NULL};
    size_t n = 0;
    *ret_end = false;
    for (size_t at = 1; cs_json_next(rows, &row); at++) {
        int64_t time = cs_cloud_version_time(&row);
        *ret_end = time && time < changes->since;
        if (!*ret_end)
            n = at;
    }
    return n;
}

static enum cs_status take_row(struct changes *changes, enum cs_item_kind kind,
                               const struct cs_json *row, struct cs_error *err)
{
    struct cs_item item;
    bool skip, fresh;
    cs_arena_clear(changes->arena);
    enum cs_status status = cs_cloud_item(&changes->cloud->site, row, kind,
                                          changes->arena, &item, &skip, err);
    if (status || skip)
        return status;
    status = cs_idset_add(&changes->told, item.id, &fresh, err);
    if (status || !fresh)
        return status;
    item.parent_id = cs_cloud_parents_known(&changes->parents, item.parent_id);
    return changes->out->item(changes->out->payload, &item, err);
}

static enum cs_status read_changes(struct changes *changes,
                                   enum cs_item_kind kind,
                                   struct cs_paging *paging,
                                   struct cs_error *err)
{
    struct cs_json rows;
    bool more = true, end = false;
    enum cs_status status = CS_OK;
    while (!status && more && !end) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        if (status || !more)
            break;
        size_t n = count_new(changes, &rows, &end);
        status = cs_cloud_parents_climb(&changes->parents, &rows, n,
                                        changes->out, err);
        for (; !status && n > 0 && cs_json_next(&rows, &row); n--)
            status = take_row(changes, kind, &row, err);
        status = cs_paging_blame(paging, status, err);
    }
    return status;
}

static enum cs_status open_one(struct cs_cloud *cloud, const char *space_id,
                               const struct kind *kind, struct cs_paging **ret,
                               struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/wiki/api/v2/spaces/");
    cs_url_put_escaped(space_id, &path);
    cs_strbuf_puts(&path, kind->path);
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_paging_open(&cloud->paging, path.data, 0, ret, err);
    if (!status)
        cs_paging_lazy(*ret);
    return status;
}

enum cs_status cs_cloud_changes(void *self,
                                const struct cs_container *container,
                                int64_t since, const struct cs_list_out *out,
                                struct cs_error *err)
{
    struct cs_cloud *cloud = self;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct changes changes = {
        .cloud = cloud, .out = out, .since = since, .arena = arena};
    struct cs_paging *pagings[CS_ARRAY_LEN(kinds)] = {NULL};
    enum cs_status status = CS_OK;
    if (!arena)
        return cs_error_no_memory(err);
    cs_cloud_parents_init(&changes.parents, cloud);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++)
        status = open_one(cloud, container->id, &kinds[i], &pagings[i], err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds) && !status; i++)
        status = read_changes(&changes, kinds[i].kind, pagings[i], err);
    for (size_t i = 0; i < CS_ARRAY_LEN(kinds); i++)
        cs_paging_free(pagings[i]);
    cs_cloud_parents_clear(&changes.parents);
    cs_idset_clear(&changes.told);
    return status;
}
