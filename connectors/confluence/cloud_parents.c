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

/* Queue the parent of a row, unless it is a page or was met before. */
static enum cs_status add_parent_of(struct cs_cloud_parents *parents,
                                    struct queue *queue,
                                    const struct cs_json *row,
                                    struct cs_error *err)
{
    const char *id = NULL, *type = NULL;
    bool fresh;
    enum cs_status status =
        cs_json_text(row, "parentId", CS_JSON_OPTIONAL, &id, err);
    if (!status)
        status = cs_json_text(row, "parentType", CS_JSON_OPTIONAL, &type, err);
    enum cs_item_kind kind;
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

/* A failure that says something about this parent, not about the network. */
static bool is_broken(enum cs_status status, long http_status)
{
    return cs_cloud_refused(http_status) || status == CS_ERR_PROTOCOL ||
           status == CS_ERR_PARSE;
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
    for (struct parent *at = queue.head; at && !status; at = at->next) {
        status = ask_ahead(parents, &queue, err);
        if (!status)
            status = take(parents, &queue, at, err);
    }
    for (struct parent *at = queue.head; at && !status; at = at->next) {
        at->item.parent_id =
            cs_cloud_parents_known(parents, at->item.parent_id);
        if (at->good)
            status = out->item(out->payload, &at->item, err);
    }
    return status;
}
