/*
 * cloud_parents.c - a queue that grows upwards while it is worked off.
 */
#include "connectors/confluence/cloud_parents.h"

#include "src/url.h"

struct parent {
    struct parent *next;
    const char *id, *collection;
    enum cs_item_kind kind;
    struct cs_answer *answer;
    struct cs_item item;
    bool good;
};

struct queue {
    struct cs_arena *arena;
    struct parent *head, **tail;
    struct parent *ahead; /* the first that was not asked for yet */
    size_t in_flight;
};

static void queue_clear(struct queue *queue)
{
    for (struct parent *at = queue->head; at; at = at->next)
        cs_answer_free(at->answer);
    cs_arena_free(queue->arena);
}

void cs_cloud_parents_init(struct cs_cloud_parents *parents,
                           struct cs_cloud *cloud)
{
    *parents = (struct cs_cloud_parents){.cloud = cloud};
}

void cs_cloud_parents_clear(struct cs_cloud_parents *parents)
{
    cs_idset_clear(&parents->asked);
    cs_idset_clear(&parents->broken);
}

const char *cs_cloud_parents_known(const struct cs_cloud_parents *parents,
                                   const char *id)
{
    return id && !cs_idset_has(&parents->broken, id) ? id : NULL;
}

/* Queue what a row names, unless it is a page or was met before. */
static enum cs_status add_named(struct cs_cloud_parents *parents,
                                struct queue *queue, const struct cs_json *row,
                                const char *id_key, const char *type_key,
                                struct cs_error *err)
{
    const char *id = NULL, *type = NULL;
    enum cs_item_kind kind;
    bool fresh;
    enum cs_status status =
        cs_json_text(row, id_key, CS_JSON_OPTIONAL, &id, err);
    if (!status)
        status = cs_json_text(row, type_key, CS_JSON_OPTIONAL, &type, err);
    const char *collection =
        status ? NULL : cs_cloud_parent_collection(type, &kind);
    if (status || !id || !collection)
        return status;
    status = cs_idset_add(&parents->asked, id, &fresh, err);
    if (status || !fresh)
        return status;
    struct parent *parent = cs_arena_alloc(queue->arena, sizeof(*parent));
    char *copy = cs_arena_strdup(queue->arena, id);
    if (!parent || !copy)
        return cs_arena_status(queue->arena, err);
    parent->id = copy;
    parent->collection = collection;
    parent->kind = kind;
    *queue->tail = parent;
    queue->tail = &parent->next;
    if (!queue->ahead)
        queue->ahead = parent;
    return CS_OK;
}

static enum cs_status add_parent_of(struct cs_cloud_parents *parents,
                                    struct queue *queue,
                                    const struct cs_json *row,
                                    struct cs_error *err)
{
    return add_named(parents, queue, row, "parentId", "parentType", err);
}

static enum cs_status ask_ahead(struct cs_cloud_parents *parents,
                                struct queue *queue, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    size_t max = 2 * (size_t)parents->cloud->config->jobs + 2;
    enum cs_status status = CS_OK;
    while (queue->ahead && queue->in_flight < max && !status) {
        struct parent *parent = queue->ahead;
        cs_strbuf_reset(&path);
        cs_strbuf_printf(&path, "/wiki/api/v2/%s/", parent->collection);
        cs_url_put_escaped(parent->id, &path);
        struct cs_answer_request request = {.path = path.data};
        status = cs_strbuf_status(&path, err);
        if (!status)
            status = cs_answer_ask(parents->cloud->http, &request,
                                   &parent->answer, err);
        queue->ahead = parent->next;
        queue->in_flight++;
    }
    return status;
}

/* Borrowed strings of the answer must outlive it. */
static void keep_strings(struct parent *parent, struct cs_arena *arena)
{
    struct cs_item *item = &parent->item;
    item->id = parent->id;
    item->url = cs_arena_strdup(arena, item->url);
    item->title = cs_arena_strdup(arena, item->title);
    item->parent_id = cs_arena_strdup(arena, item->parent_id);
    item->author_id = cs_arena_strdup(arena, item->author_id);
    item->editor_id = cs_arena_strdup(arena, item->editor_id);
}

/* A failure that says something about this parent, not about the network. A
 * server that chokes on it each time (500) must not keep back the space. */
static bool is_broken(enum cs_status status, long http_status)
{
    return cs_cloud_refused(http_status) || http_status == 500 ||
           status == CS_ERR_PROTOCOL || status == CS_ERR_PARSE;
}

static enum cs_status take(struct cs_cloud_parents *parents,
                           struct queue *queue, struct parent *parent,
                           struct cs_error *err)
{
    struct cs_json root;
    bool skip = false;
    enum cs_status status = cs_answer_wait(parent->answer, &root, err);
    if (!status)
        status = cs_cloud_item(&parents->cloud->site, &root, parent->kind,
                               queue->arena, &parent->item, &skip, err);
    if (!status)
        status = add_parent_of(parents, queue, &root, err);
    parent->good = !status && !skip;
    if (parent->good)
        keep_strings(parent, queue->arena);
    if (is_broken(status, cs_answer_http_status(parent->answer)))
        status = CS_OK;
    if (!status && !parent->good)
        status = cs_idset_add(&parents->broken, parent->id, NULL, err);
    cs_answer_free(parent->answer);
    parent->answer = NULL;
    queue->in_flight--;
    return status ? status : cs_arena_status(queue->arena, err);
}

/* Work the queue off, and tell what was found. */
static enum cs_status climb(struct cs_cloud_parents *parents,
                            struct queue *queue, const struct cs_list_out *out,
                            struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (struct parent *at = queue->head; at && !status; at = at->next) {
        status = ask_ahead(parents, queue, err);
        if (!status)
            status = take(parents, queue, at, err);
    }
    for (struct parent *at = queue->head; at && !status; at = at->next) {
        at->item.parent_id =
            cs_cloud_parents_known(parents, at->item.parent_id);
        if (at->good)
            status = out->item(out->payload, &at->item, err);
    }
    return status;
}

enum cs_status cs_cloud_parents_climb(struct cs_cloud_parents *parents,
                                      const struct cs_json *rows, size_t n,
                                      const struct cs_list_out *out,
                                      struct cs_error *err)
{
    struct queue queue CS_CLEANUP(queue_clear) = {.arena = cs_arena_new(0)};
    struct cs_json row = {.node = NULL};
    enum cs_status status = CS_OK;
    queue.tail = &queue.head;
    if (!queue.arena)
        return cs_error_no_memory(err);
    for (; !status && n > 0 && cs_json_next(rows, &row); n--)
        status = add_parent_of(parents, &queue, &row, err);
    return status ? status : climb(parents, &queue, out, err);
}

/* ---- what nothing hangs below ---- */

/* A search in one space. Its index may lag, and a token may lack the scope for
 * it; what it does not show is asked for by itself before it is gone. */
static enum cs_status open_search(struct cs_cloud *cloud, const char *space_key,
                                  struct cs_paging **ret, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    struct cs_strbuf cql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_strbuf_puts(&cql, "type in (whiteboard, database, embed) and space = "
                         "\"");
    for (const char *at = space_key; *at; at++) {
        if (*at == '"' || *at == '\\')
            cs_strbuf_putc(&cql, '\\');
        cs_strbuf_putc(&cql, *at);
    }
    cs_strbuf_puts(&cql, "\"");
    cs_strbuf_puts(&path, "/wiki/rest/api/content/search?limit=100&cql=");
    cs_url_put_escaped(cql.data, &path);
    enum cs_status status = cs_strbuf_status(&cql, err);
    if (!status)
        status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_paging_open(&cloud->paging, path.data, 2, ret, err);
}

static enum cs_status read_search(struct cs_cloud_parents *parents,
                                  struct queue *queue, struct cs_paging *paging,
                                  struct cs_error *err)
{
    struct cs_json rows;
    bool more = true;
    enum cs_status status = CS_OK;
    while (!status && more) {
        struct cs_json row = {.node = NULL};
        status = cs_paging_next(paging, &rows, &more, err);
        while (!status && more && cs_json_next(&rows, &row))
            status = add_named(parents, queue, &row, "id", "type", err);
        status = cs_paging_blame(paging, status, err);
    }
    return status;
}

enum cs_status cs_cloud_parents_search(struct cs_cloud_parents *parents,
                                       const char *space_key,
                                       const struct cs_list_out *out,
                                       struct cs_error *err)
{
    struct queue queue CS_CLEANUP(queue_clear) = {.arena = cs_arena_new(0)};
    struct cs_paging *paging CS_CLEANUP(cs_paging_cleanup) = NULL;
    struct cs_error why = CS_ERROR_INIT;
    queue.tail = &queue.head;
    if (!queue.arena)
        return cs_error_no_memory(err);
    enum cs_status status =
        open_search(parents->cloud, space_key, &paging, &why);
    if (!status)
        status = read_search(parents, &queue, paging, &why);
    if (status == CS_ERR_CANCELLED || status == CS_ERR_NO_MEMORY)
        return cs_error_pass(err, status, &why);
    return climb(parents, &queue, out, err);
}
