/*
 * document.c - names of kinds and states, as stored and shown.
 */
#include "src/document.h"

#include "src/text.h"

static const char *const kind_names[CS_ITEM_KINDS] = {
    [CS_ITEM_PAGE] = "page",         [CS_ITEM_BLOG_POST] = "blogpost",
    [CS_ITEM_FOLDER] = "folder",     [CS_ITEM_WHITEBOARD] = "whiteboard",
    [CS_ITEM_DATABASE] = "database", [CS_ITEM_EMBED] = "embed",
};

static const char *const status_names[CS_ITEM_STATUSES] = {
    [CS_ITEM_CURRENT] = "current",
    [CS_ITEM_ARCHIVED] = "archived",
};

static const char *const outcome_names[CS_OUTCOMES] = {
    [CS_OUTCOME_RENDERED] = "rendered",
    [CS_OUTCOME_DEGRADED] = "degraded",
    [CS_OUTCOME_KEPT_RAW] = "kept-raw",
    [CS_OUTCOME_DROPPED] = "dropped",
};

const char *cs_outcome_name(enum cs_outcome outcome)
{
    return (size_t)outcome < CS_OUTCOMES ? outcome_names[outcome] : "unknown";
}

const char *cs_item_kind_name(enum cs_item_kind kind)
{
    return (size_t)kind < CS_ITEM_KINDS ? kind_names[kind] : "unknown";
}

enum cs_item_kind cs_item_kind_from(const char *name)
{
    return (enum cs_item_kind)cs_str_find(kind_names, CS_ITEM_KINDS, name);
}

const char *cs_item_status_name(enum cs_item_status status)
{
    return (size_t)status < CS_ITEM_STATUSES ? status_names[status] : "unknown";
}

enum cs_item_status cs_item_status_from(const char *name)
{
    return (enum cs_item_status)cs_str_find(status_names, CS_ITEM_STATUSES,
                                            name);
}
