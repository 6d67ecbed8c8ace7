/*
 * storage_adf.c - islands of the editor's own format in a page.
 *
 * An ac:adf-extension says everything twice: as ac:adf-node, whose
 * ac:adf-content is storage format again, and as ac:adf-fallback for readers
 * that do not know the node. The fallback counts only where the node shows
 * nothing.
 */
#include "connectors/confluence/storage_reader.h"

static void read_node(struct cs_storage_reader *r, const struct cs_xml *node);

static const char *attribute(struct cs_storage_reader *r,
                             const struct cs_xml *node, const char *key)
{
    for (const struct cs_xml *at = node->first; at; at = at->next) {
        const char *name =
            cs_xml_is(at, "ac:adf-attribute") ? cs_xml_get(at, "key") : NULL;
        if (name && strcmp(name, key) == 0)
            return cs_xml_text(r->arena, at, NULL);
    }
    return NULL;
}

static void read_contents(struct cs_storage_reader *r,
                          const struct cs_xml *node)
{
    for (const struct cs_xml *at = node->first; at; at = at->next) {
        if (cs_xml_is(at, "ac:adf-content"))
            cs_storage_read_children(r, at);
        else if (cs_xml_is(at, "ac:adf-node"))
            read_node(r, at);
    }
}

static void read_contents_into(struct cs_storage_reader *r,
                               struct cs_node *block, const struct cs_xml *node)
{
    struct cs_node *outer = r->block;
    cs_storage_end_line(r);
    r->block = block;
    r->depth++;
    read_contents(r, node);
    r->depth--;
    r->block = outer;
    cs_storage_end_line(r);
}

static void read_panel(struct cs_storage_reader *r, const struct cs_xml *node)
{
    static const struct {
        const char *type;
        enum cs_alert alert;
    } rows[] = {{"info", CS_ALERT_NOTE},       {"note", CS_ALERT_IMPORTANT},
                {"tip", CS_ALERT_TIP},         {"success", CS_ALERT_TIP},
                {"warning", CS_ALERT_WARNING}, {"error", CS_ALERT_CAUTION}};
    const char *type = attribute(r, node, "panel-type");
    enum cs_alert alert = CS_ALERT_NONE;
    for (size_t i = 0; type && i < CS_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].type, type) == 0)
            alert = rows[i].alert;
    struct cs_node *outer = r->block, *before = outer ? outer->last : NULL;
    struct cs_node *quote = cs_storage_add_quote(r, alert);
    if (!quote) {
        read_contents(r, node);
        return;
    }
    read_contents_into(r, quote, node);
    if (!quote->first)
        cs_node_drop_last(outer, before);
}

static void add_decision(struct cs_storage_reader *r, struct cs_node *list,
                         const struct cs_xml *node)
{
    struct cs_node *before = list->last, *outer = r->block;
    struct cs_node *item = cs_node_add(r->arena, list, CS_NODE_ITEM);
    size_t shown = r->shown;
    if (!item)
        return;
    r->block = item;
    r->depth++;
    cs_storage_add_word(r, "Decision:", CS_MARK_BIT(CS_MARK_STRONG));
    cs_storage_add_string(r, " ");
    size_t labelled = r->shown, pinned_at = r->pinned_at;
    r->pinned_at = r->shown;
    r->pinned++;
    read_contents(r, node);
    r->pinned--;
    r->pinned_at = pinned_at;
    r->depth--;
    r->block = outer;
    cs_storage_end_line(r);
    if (r->shown == labelled) {
        r->shown = shown;
        cs_node_drop_last(list, before);
    }
}

static void read_decisions(struct cs_storage_reader *r,
                           const struct cs_xml *node)
{
    struct cs_node *outer = r->block, *before = outer ? outer->last : NULL;
    struct cs_node *list =
        cs_storage_is_deep(r) ? NULL : cs_storage_add_block(r, CS_NODE_LIST);
    if (!list) {
        read_contents(r, node);
        return;
    }
    list->list.start = 1;
    r->depth++;
    for (const struct cs_xml *at = node->first; at; at = at->next)
        if (cs_xml_is(at, "ac:adf-node"))
            add_decision(r, list, at);
    r->depth--;
    if (!list->first)
        cs_node_drop_last(outer, before);
}

static void read_node(struct cs_storage_reader *r, const struct cs_xml *node)
{
    static const struct {
        const char *type;
        void (*read)(struct cs_storage_reader *r, const struct cs_xml *node);
    } rows[] = {{"panel", read_panel}, {"decision-list", read_decisions}};
    const char *type = cs_xml_get(node, "type");
    for (size_t i = 0; type && i < CS_ARRAY_LEN(rows); i++) {
        if (strcmp(type, rows[i].type) == 0) {
            rows[i].read(r, node);
            return;
        }
    }
    read_contents(r, node);
}

/* What an extension without any text calls itself. */
static void add_name(struct cs_storage_reader *r, const struct cs_xml *xml)
{
    const struct cs_xml *node = cs_xml_child(xml, "ac:adf-node");
    const char *name = node ? attribute(r, node, "extension-title") : NULL;
    if (node && !name)
        name = attribute(r, node, "extension-key");
    if (node && !name)
        name = cs_xml_get(node, "type");
    if (name)
        cs_storage_add_note(r, name, NULL, NULL);
}

/* Macros of apps are known by the last part of their key. */
static void count_island(struct cs_storage_reader *r, const struct cs_xml *xml,
                         enum cs_outcome outcome)
{
    const struct cs_xml *node = cs_xml_child(xml, "ac:adf-node");
    const char *type = node ? cs_xml_get(node, "type") : NULL;
    const char *key = type && strstr(type, "extension")
                          ? attribute(r, node, "extension-key")
                          : NULL;
    const char *slash = key ? strrchr(key, '/') : NULL;
    if (key)
        cs_storage_count(r, "macro", slash ? slash + 1 : key, outcome);
    else
        cs_storage_count(r, "element", "ac:adf-extension", outcome);
}

void cs_storage_read_adf(struct cs_storage_reader *r, const struct cs_xml *xml,
                         unsigned arg)
{
    size_t before = r->shown;
    enum cs_outcome outcome = CS_OUTCOME_RENDERED, *outer = r->outcome;
    (void)arg;
    r->outcome = &outcome;
    for (const struct cs_xml *at = xml->first; at; at = at->next)
        if (cs_xml_is(at, "ac:adf-node"))
            read_node(r, at);
        else if (!cs_xml_is(at, "ac:adf-fallback"))
            cs_storage_read(r, at);
    for (const struct cs_xml *at = xml->first; at && r->shown == before;
         at = at->next)
        if (cs_xml_is(at, "ac:adf-fallback"))
            cs_storage_read_children(r, at);
    if (r->shown == before)
        add_name(r, xml);
    r->outcome = outer;
    count_island(r, xml, outcome);
}
