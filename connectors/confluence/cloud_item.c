/*
 * cloud_item.c - rows of version 2 turned into records.
 *
 * The vendor's description says which members are always there; these readers
 * believe it only where nothing could be done without the member.
 */
#include "connectors/confluence/cloud.h"

#include "src/clock.h"

/* The kinds of content: the vendor's word, and the collection to ask. */
static const struct cs_cloud_kind {
    enum cs_item_kind kind;
    const char *type, *collection;
} kinds[] = {
    {CS_ITEM_PAGE, "page", "pages"},
    {CS_ITEM_BLOG_POST, "blogpost", "blogposts"},
    {CS_ITEM_FOLDER, "folder", "folders"},
    {CS_ITEM_WHITEBOARD, "whiteboard", "whiteboards"},
    {CS_ITEM_DATABASE, "database", "databases"},
    {CS_ITEM_EMBED, "embed", "embeds"},
};

const char *cs_cloud_parent_collection(const char *parent_type,
                                       enum cs_item_kind *ret_kind)
{
    for (size_t i = 0; parent_type && i < CS_ARRAY_LEN(kinds); i++) {
        if (cs_cloud_has_text(kinds[i].kind) ||
            strcmp(kinds[i].type, parent_type) != 0)
            continue;
        *ret_kind = kinds[i].kind;
        return kinds[i].collection;
    }
    return NULL;
}

const char *cs_cloud_collection(enum cs_item_kind kind)
{
    size_t i = 0;
    while (i + 1 < CS_ARRAY_LEN(kinds) && kinds[i].kind != kind)
        i++;
    return kinds[i].collection;
}

bool cs_cloud_has_text(enum cs_item_kind kind)
{
    return kind == CS_ITEM_PAGE || kind == CS_ITEM_BLOG_POST;
}

const char *cs_cloud_web_url(const struct cs_site *site,
                             const struct cs_json *row, struct cs_arena *arena)
{
    struct cs_json links;
    const char *webui = NULL;
    if (cs_json_object(row, "_links", CS_JSON_OPTIONAL, &links, NULL) ||
        cs_json_text(&links, "webui", CS_JSON_OPTIONAL, &webui, NULL))
        return NULL;
    if (!webui || webui[0] != '/')
        return NULL;
    return cs_arena_printf(arena, "%s%s", site->wiki, webui);
}

int64_t cs_cloud_time(const struct cs_json *row, const char *key)
{
    const char *text;
    int64_t ms = 0;
    if (cs_json_text(row, key, CS_JSON_OPTIONAL, &text, NULL) == CS_OK) {
        if (!text || cs_time_parse(text, &ms, NULL))
            return 0;
        return ms;
    }
    if (cs_json_int(row, key, CS_JSON_OPTIONAL, 0, &ms, NULL))
        return 0;
    return ms;
}

int64_t cs_cloud_version_time(const struct cs_json *row)
{
    struct cs_json version;
    if (cs_json_object(row, "version", CS_JSON_OPTIONAL, &version, NULL))
        return 0;
    return cs_cloud_time(&version, "createdAt");
}

/* Folders may come without a version; a page never does. */
static enum cs_status read_version(const struct cs_json *row, bool required,
                                   struct cs_item *item, struct cs_error *err)
{
    enum cs_json_need need = required ? CS_JSON_REQUIRED : CS_JSON_OPTIONAL;
    struct cs_json version;
    enum cs_status status = cs_json_object(row, "version", need, &version, err);
    if (!status)
        status = cs_json_int(&version, "number", need, 0, &item->version, err);
    if (!status)
        status = cs_json_text(&version, "authorId", CS_JSON_OPTIONAL,
                              &item->editor_id, err);
    if (!status)
        item->updated = cs_cloud_time(&version, "createdAt");
    return status;
}

static enum cs_status read_place(const struct cs_json *row,
                                 struct cs_item *item, struct cs_error *err)
{
    enum cs_status status =
        cs_json_text(row, "parentId", CS_JSON_OPTIONAL, &item->parent_id, err);
    if (!status)
        status = cs_json_int(row, "position", CS_JSON_OPTIONAL, -1,
                             &item->position, err);
    return status;
}

static enum cs_status read_status(const struct cs_json *row,
                                  struct cs_item *item, bool *ret_skip,
                                  struct cs_error *err)
{
    const char *word;
    enum cs_status status =
        cs_json_text(row, "status", CS_JSON_OPTIONAL, &word, err);
    if (status)
        return status;
    bool archived = word && strcmp(word, "archived") == 0;
    item->status = archived ? CS_ITEM_ARCHIVED : CS_ITEM_CURRENT;
    *ret_skip = word && !archived && strcmp(word, "current") != 0;
    return CS_OK;
}

enum cs_status cs_cloud_item(const struct cs_site *site,
                             const struct cs_json *row, enum cs_item_kind kind,
                             struct cs_arena *arena, struct cs_item *ret,
                             bool *ret_skip, struct cs_error *err)
{
    struct cs_item item = {.kind = kind, .position = -1};
    bool skip = false;
    enum cs_status status =
        cs_json_text(row, "id", CS_JSON_REQUIRED, &item.id, err);
    if (!status && !*item.id)
        status = cs_json_expected(row, "an id that is not empty", err);
    if (!status)
        status = read_status(row, &item, &skip, err);
    if (!status)
        status = cs_json_text(row, "title", CS_JSON_OPTIONAL, &item.title, err);
    if (!status && kind != CS_ITEM_BLOG_POST)
        status = read_place(row, &item, err);
    if (!status)
        status = cs_json_text(row, "authorId", CS_JSON_OPTIONAL,
                              &item.author_id, err);
    if (!status)
        status = read_version(row, cs_cloud_has_text(kind), &item, err);
    if (status)
        return status;
    if (!item.title)
        item.title = "";
    item.created = cs_cloud_time(row, "createdAt");
    item.url = cs_cloud_web_url(site, row, arena);
    *ret = item;
    *ret_skip = skip;
    return cs_arena_status(arena, err);
}
