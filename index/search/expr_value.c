/*
 * expr_value.c - what filters take: names, times, anything.
 */
#include "index/search/expr_parts.h"

#include "src/document.h"
#include "src/text.h"

/* `list`: commas part values. `single`: a page has one of them at most, so that
 * `space:A space:B` can only mean either. */
static const struct filter_traits {
    bool list, single, time, named;
} traits[CS_EXPR_FILTERS] = {
    [CS_EXPR_SPACE] = {.list = true, .single = true},
    [CS_EXPR_AUTHOR] = {.list = true, .single = true},
    [CS_EXPR_EDITOR] = {.list = true, .single = true},
    [CS_EXPR_LABEL] = {.list = true},
    [CS_EXPR_TYPE] = {.list = true, .single = true, .named = true},
    [CS_EXPR_SOURCE] = {.list = true, .single = true},
    [CS_EXPR_LANG] = {.list = true, .single = true},
    [CS_EXPR_STATUS] = {.list = true, .single = true, .named = true},
    [CS_EXPR_UPDATED] = {.list = true, .time = true},
    [CS_EXPR_CREATED] = {.list = true, .time = true},
    [CS_EXPR_ID] = {.list = true, .single = true},
    [CS_EXPR_HAS] = {.list = true, .named = true},
    [CS_EXPR_IS] = {.named = true},
};

/* Values that are names, other words for them, and the filter they belong to.
 * More types and states: src/document.h. */
static const struct {
    enum cs_expr_filter typed_in;
    const char *typed;
    enum cs_expr_filter filter;
    const char *value;
} values[] = {
    {CS_EXPR_TYPE, "blog", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_TYPE, "post", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_HAS, "attachment", CS_EXPR_HAS, "attachment"},
    {CS_EXPR_HAS, "attachments", CS_EXPR_HAS, "attachment"},
    {CS_EXPR_HAS, "code", CS_EXPR_HAS, "code"},
    {CS_EXPR_HAS, "comment", CS_EXPR_HAS, "comment"},
    {CS_EXPR_HAS, "comments", CS_EXPR_HAS, "comment"},
    {CS_EXPR_HAS, "label", CS_EXPR_HAS, "label"},
    {CS_EXPR_HAS, "labels", CS_EXPR_HAS, "label"},
    {CS_EXPR_HAS, "child", CS_EXPR_HAS, "child"},
    {CS_EXPR_HAS, "children", CS_EXPR_HAS, "child"},
    {CS_EXPR_IS, "deprecated", CS_EXPR_IS, "deprecated"},
    {CS_EXPR_IS, "personal", CS_EXPR_IS, "personal"},
    {CS_EXPR_IS, "archived", CS_EXPR_STATUS, "archived"},
    {CS_EXPR_IS, "current", CS_EXPR_STATUS, "current"},
    {CS_EXPR_IS, "page", CS_EXPR_TYPE, "page"},
    {CS_EXPR_IS, "blog", CS_EXPR_TYPE, "blogpost"},
    {CS_EXPR_IS, "blogpost", CS_EXPR_TYPE, "blogpost"},
};

bool cs_expr_filter_is_time(enum cs_expr_filter filter)
{
    return traits[filter].time;
}

bool cs_expr_filter_is_single(enum cs_expr_filter filter)
{
    return traits[filter].single;
}

bool cs_expr_filter_is_list(enum cs_expr_filter filter)
{
    return traits[filter].list;
}

/* A name from the table, or NULL. */
static const char *find_value(enum cs_expr_filter typed_in, const char *text,
                              enum cs_expr_filter *ret_filter)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(values); i++)
        if (values[i].typed_in == typed_in &&
            cs_ascii_casecmp(values[i].typed, text) == 0) {
            *ret_filter = values[i].filter;
            return values[i].value;
        }
    enum cs_item_kind kind = cs_item_kind_from(text);
    enum cs_item_status status = cs_item_status_from(text);
    if (typed_in == CS_EXPR_TYPE && kind < CS_ITEM_KINDS)
        return cs_item_kind_name(kind);
    if (typed_in == CS_EXPR_STATUS && status < CS_ITEM_STATUSES)
        return cs_item_status_name(status);
    return NULL;
}

/* "<7d" reads as "younger" to some. */
static void hint_at_age(struct cs_expr_parser *p, enum cs_expr_filter filter,
                        const char *text)
{
    const char *age = text + strspn(text, "<>=");
    if (age == text || !cs_ascii_is_digit(*age) || strlen(age) > 6)
        return;
    size_t digits = strspn(age, "0123456789");
    if (strlen(age) - digits != 1)
        return;
    const char *name = cs_expr_filter_name(filter);
    if (*text == '<')
        cs_expr_hint(p->expr, p->arena,
                     "%s:%s is a time before %s ago; since then: %s:%s", name,
                     text, age, name, age);
    else
        cs_expr_hint(p->expr, p->arena,
                     "%s:%s is a time after %s ago; before that: %s:..%s", name,
                     text, age, name, age);
}

/* Values hold no quote, so that they can be shown in quotes. */
static char *copy_value(struct cs_expr_parser *p, const char *text)
{
    char *copy = cs_arena_strdup(p->arena, text);
    for (char *c = copy; c && *c; c++)
        if (*c == '"')
            *c = ' ';
    return copy;
}

struct cs_expr_part *cs_expr_value_part(struct cs_expr_parser *p,
                                        enum cs_expr_filter filter,
                                        struct cs_expr_piece piece,
                                        const char *text, bool prefix)
{
    struct cs_expr_value value = {.prefix = prefix};
    if (!cs_expr_leaf_fits(p))
        return NULL;
    p->leaves--; /* not yet */
    value.text = traits[filter].named ? find_value(filter, text, &filter)
                                      : copy_value(p, text);
    if (!value.text || !value.text[strspn(value.text, " ")])
        return NULL;
    if (traits[filter].named || traits[filter].time)
        value.prefix = false;
    if (traits[filter].time) {
        if (!cs_expr_time_range(text, p->now_ms, &value.from_ms, &value.to_ms))
            return NULL;
        hint_at_age(p, filter, text);
    }
    p->leaves++;
    struct cs_expr_value *copy = cs_arena_alloc(p->arena, sizeof(*copy));
    struct cs_expr_part *part =
        cs_expr_part_new(p, CS_EXPR_FILTER, piece.at, piece.end);
    if (!copy || !part)
        return NULL;
    *copy = value;
    part->node.filter = filter;
    part->node.values = part->last_value = copy;
    return part;
}

void cs_expr_values_join(struct cs_expr_part *part, struct cs_expr_part *more)
{
    part->last_value->next = more->node.values;
    part->last_value = more->last_value;
    if (more->node.end > part->node.end)
        part->node.end = more->node.end;
}

void cs_expr_warn_value(struct cs_expr_parser *p, enum cs_expr_filter filter,
                        const char *value, const char *then)
{
    const char *name = cs_expr_filter_name(filter);
    if (p->noted & 1U << CS_EXPR_NOTE_LEAVES ||
        p->unknown++ >= CS_EXPR_NOTES_MAX)
        return;
    int shown = cs_expr_shown(value, strlen(value));
    if (traits[filter].time)
        cs_expr_warn(p->expr, p->arena,
                     "%s:%.*s is no time (2025, 2025-03-31, 7d, yesterday, "
                     "2025-03..2025-05): %s",
                     name, shown, value, then);
    else
        cs_expr_warn(p->expr, p->arena, "there is no %s:%.*s: %s", name, shown,
                     value, then);
}
