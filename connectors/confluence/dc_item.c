/*
 * dc_item.c - members that may be text, number, word or missing.
 */
#include "connectors/confluence/dc_item.h"

#include "src/text.h"
#include "src/url.h"

#include <stdlib.h>

#define LABELS_MAX 1000 /* of one document */

int64_t cs_dc_time(const struct cs_json *row, const char *key)
{
    const char *text = NULL;
    int64_t ms = 0;
    if (cs_json_text(row, key, CS_JSON_OPTIONAL, &text, NULL) || !text ||
        cs_time_parse(text, &ms, NULL))
        return 0;
    return ms;
}

int64_t cs_dc_version(const struct cs_json *row)
{
    struct cs_json version;
    int64_t number = 0;
    if (cs_json_object(row, "version", CS_JSON_REQUIRED, &version, NULL) ||
        cs_json_int(&version, "number", CS_JSON_REQUIRED, 0, &number, NULL))
        return 0;
    return number;
}

static const char *text_of(const struct cs_json *row, const char *key)
{
    const char *text = NULL;
    if (cs_json_text(row, key, CS_JSON_OPTIONAL, &text, NULL))
        return NULL;
    return text && *text ? text : NULL;
}

const char *cs_dc_person(const struct cs_json *row, const char *key,
                         const char **ret_name)
{
    struct cs_json user;
    if (cs_json_object(row, key, CS_JSON_OPTIONAL, &user, NULL))
        return NULL;
    const char *id = text_of(&user, "userKey");
    if (!id)
        id = text_of(&user, "username");
    const char *name = text_of(&user, "displayName");
    if (ret_name)
        *ret_name = name ? name : id;
    return id;
}

/* ---- an item ---- */

static void read_status(const struct cs_json *row, struct cs_dc_row *ret)
{
    const char *type = text_of(row, "type"), *status = text_of(row, "status");
    bool archived = cs_str_equal(status, "archived");
    ret->trashed = cs_str_equal(status, "trashed");
    ret->item.status = archived ? CS_ITEM_ARCHIVED : CS_ITEM_CURRENT;
    ret->item.kind = CS_ITEM_PAGE;
    if (cs_str_equal(type, "blogpost"))
        ret->item.kind = CS_ITEM_BLOG_POST;
    else if (type && strcmp(type, "page") != 0)
        ret->skip = true;
    if (status && !archived && strcmp(status, "current") != 0)
        ret->skip = true;
}

/* The last of the ancestors, top first, that can be in the mirror. */
static enum cs_status read_parent(const struct cs_json *row,
                                  struct cs_arena *arena, struct cs_dc_row *ret,
                                  struct cs_error *err)
{
    struct cs_json ancestors, at = {.node = NULL};
    enum cs_status status =
        cs_json_array(row, "ancestors", CS_JSON_OPTIONAL, &ancestors, err);
    if (status)
        return status;
    ret->no_ancestors = !ancestors.node && ret->item.kind == CS_ITEM_PAGE;
    while (ancestors.node && cs_json_next(&ancestors, &at)) {
        const char *word = text_of(&at, "status");
        const char *id = cs_dc_id(&at, "id", arena);
        bool shown = !word || strcmp(word, "current") == 0 ||
                     strcmp(word, "archived") == 0;
        if (id && shown)
            ret->item.parent_id = id;
    }
    return CS_OK;
}

/* Pages that nobody has put in order have the word "none" here. */
static int64_t read_position(const struct cs_json *row)
{
    struct cs_json extensions;
    int64_t position = -1;
    if (cs_json_object(row, "extensions", CS_JSON_OPTIONAL, &extensions,
                       NULL) ||
        cs_json_int(&extensions, "position", CS_JSON_OPTIONAL, -1, &position,
                    NULL))
        return -1;
    return position < 0 ? -1 : position;
}

static enum cs_status read_version(const struct cs_json *row,
                                   struct cs_item *item, struct cs_error *err)
{
    struct cs_json version, history;
    enum cs_status status =
        cs_json_object(row, "version", CS_JSON_REQUIRED, &version, err);
    if (!status)
        status = cs_json_int(&version, "number", CS_JSON_REQUIRED, 0,
                             &item->version, err);
    if (!status)
        status =
            cs_json_object(row, "history", CS_JSON_OPTIONAL, &history, err);
    if (status)
        return status;
    item->updated = cs_dc_time(&version, "when");
    item->editor_id = cs_dc_person(&version, "by", NULL);
    item->created = cs_dc_time(&history, "createdDate");
    item->author_id = cs_dc_person(&history, "createdBy", NULL);
    return CS_OK;
}

enum cs_status cs_dc_item(const struct cs_site *site, const struct cs_json *row,
                          struct cs_arena *arena, struct cs_dc_row *ret,
                          struct cs_error *err)
{
    struct cs_dc_row made = {.item = {.position = -1}};
    struct cs_json space;
    made.item.id = cs_dc_id(row, "id", arena);
    if (!made.item.id)
        return cs_json_expected(row, "an id", err);
    read_status(row, &made);
    enum cs_status status =
        cs_json_text(row, "title", CS_JSON_OPTIONAL, &made.item.title, err);
    if (!status)
        status = read_parent(row, arena, &made, err);
    if (!status && !made.skip)
        status = read_version(row, &made.item, err);
    if (!status)
        status = cs_json_object(row, "space", CS_JSON_OPTIONAL, &space, err);
    if (status)
        return status;
    made.space_id = cs_dc_id(&space, "id", arena);
    if (!made.space_id)
        made.space_id = text_of(&space, "key");
    made.item.position = read_position(row);
    made.item.url = cs_dc_web_url(site, row, arena);
    if (!made.item.title)
        made.item.title = "";
    *ret = made;
    return cs_arena_status(arena, err);
}

/* ---- labels ---- */

struct names {
    struct cs_arena *arena;
    const char **names;
    size_t n;
};

static enum cs_status add_label(void *payload, const struct cs_json *row,
                                bool *stop, struct cs_error *err)
{
    struct names *names = payload;
    const char *prefix = text_of(row, "prefix"), *name = NULL;
    enum cs_status status =
        cs_json_text(row, "name", CS_JSON_REQUIRED, &name, err);
    if (status)
        return status;
    bool global = !prefix || strcmp(prefix, "global") == 0;
    names->names[names->n] =
        global ? cs_arena_strdup(names->arena, name)
               : cs_arena_printf(names->arena, "%s:%s", prefix, name);
    *stop = ++names->n == LABELS_MAX;
    return cs_arena_status(names->arena, err);
}

/* Whether an expansion holds all: a list that was cut has a next address; one
 * without addresses is cut when it is full. */
static bool is_whole(const struct cs_json *labels)
{
    struct cs_json links;
    const char *next = NULL;
    int64_t size = 0, limit = 0;
    if (cs_json_object(labels, "_links", CS_JSON_OPTIONAL, &links, NULL) ||
        cs_json_text(&links, "next", CS_JSON_OPTIONAL, &next, NULL) ||
        cs_json_int(labels, "size", CS_JSON_OPTIONAL, 0, &size, NULL) ||
        cs_json_int(labels, "limit", CS_JSON_OPTIONAL, 0, &limit, NULL))
        return false;
    return !next && (links.node || limit == 0 || size < limit);
}

static enum cs_status read_nested(const struct cs_json *row,
                                  struct names *names, bool *ret_known,
                                  bool *ret_whole, struct cs_error *err)
{
    struct cs_json metadata, labels, rows, at = {.node = NULL};
    bool stop = false;
    enum cs_status status =
        cs_json_object(row, "metadata", CS_JSON_OPTIONAL, &metadata, err);
    if (!status)
        status =
            cs_json_object(&metadata, "labels", CS_JSON_OPTIONAL, &labels, err);
    if (!status)
        status =
            cs_json_array(&labels, "results", CS_JSON_OPTIONAL, &rows, err);
    if (status)
        return status;
    *ret_known = rows.node != NULL;
    *ret_whole = rows.node && is_whole(&labels);
    while (!status && *ret_whole && !stop && cs_json_next(&rows, &at))
        status = add_label(names, &at, &stop, err);
    return status;
}

static enum cs_status ask_labels(struct cs_dc *dc, const char *id,
                                 struct names *names, bool *ret_known,
                                 struct cs_error *err)
{
    struct cs_dc_paging *paging CS_CLEANUP(cs_dc_paging_cleanup) = NULL;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_URL_MAX);
    cs_strbuf_puts(&path, "/rest/api/content/");
    cs_url_put_escaped(id, &path);
    cs_strbuf_puts(&path, "/label");
    enum cs_status status = cs_strbuf_status(&path, err);
    if (!status)
        status = cs_dc_list_open(dc, path.data, NULL, false, &paging, err);
    if (status)
        return status;
    status = cs_dc_paging_each(paging, add_label, names, err);
    *ret_known = status == CS_OK;
    bool refused = status == CS_ERR_FORBIDDEN ||
                   cs_dc_unsupported(cs_dc_paging_http_status(paging));
    return refused ? CS_OK : status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum cs_status cs_dc_labels(struct cs_dc *dc, const struct cs_json *row,
                            const char *id, struct cs_arena *arena,
                            const char *const **ret, size_t *ret_n,
                            bool *ret_known, struct cs_error *err)
{
    bool known = false, whole = false;
    struct names names = {
        .arena = arena,
        .names = cs_arena_array(arena, LABELS_MAX, sizeof(char *))};
    if (!names.names)
        return cs_arena_status(arena, err);
    enum cs_status status = read_nested(row, &names, &known, &whole, err);
    if (!status && known && !whole)
        status = ask_labels(dc, id, &names, &known, err);
    if (status)
        return status;
    qsort(names.names, names.n, sizeof(char *), compare_names);
    *ret = names.names;
    *ret_n = names.n;
    *ret_known = known;
    return CS_OK;
}
