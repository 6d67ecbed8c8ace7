/*
 * storage_block.c - lists, tasks, tables, quotes, preformatted text.
 */
#include "connectors/confluence/storage_reader.h"

#include "src/text.h"

#include <stdlib.h>

/* Blocks that hold nothing are taken back. `before` is what was last in the
 * block before `node` was added. */
static void drop_if_empty(struct cs_node *parent, struct cs_node *before,
                          const struct cs_node *node)
{
    if (parent && node && !node->first && parent->last == node)
        cs_node_drop_last(parent, before);
}

/* Lists */

static unsigned read_start(const struct cs_xml *xml)
{
    const char *text = cs_xml_get(xml, "start");
    char *end = NULL;
    if (!text || !cs_ascii_is_digit(text[0]))
        return 1;
    unsigned long start = strtoul(text, &end, 10);
    return *end == '\0' && start < 100000000 ? (unsigned)start : 1;
}

static struct cs_node *add_list(struct cs_storage_reader *r, bool ordered,
                                unsigned start)
{
    struct cs_node *list = cs_storage_add_block(r, CS_NODE_LIST);
    if (list) {
        list->list.ordered = ordered;
        list->list.start = start;
    }
    return list;
}

/* An item from the children of `xml`. An empty one keeps its number, but an
 * empty bullet says nothing. */
static void add_item(struct cs_storage_reader *r, struct cs_node *list,
                     const struct cs_xml *xml, enum cs_task task)
{
    struct cs_node *before = list->last;
    struct cs_node *item = cs_node_add(r->arena, list, CS_NODE_ITEM);
    if (!item)
        return;
    item->task = task;
    cs_storage_read_into(r, item, xml);
    if (!list->list.ordered)
        drop_if_empty(list, before, item);
}

/* What stands in a list without being an item: a list belongs to the item
 * before, everything else becomes an item. */
static void add_stray(struct cs_storage_reader *r, struct cs_node *list,
                      const struct cs_xml *parent, const struct cs_xml *child)
{
    if (!child->name && cs_node_is_blank(child->text, child->len))
        return;
    struct cs_xml alone = *child;
    alone.next = NULL;
    struct cs_xml holder = {.name = parent->name, .first = &alone};
    bool nested = cs_xml_is(child, "ul") || cs_xml_is(child, "ol") ||
                  cs_xml_is(child, "ac:task-list");
    if (list->last && nested)
        cs_storage_read_into(r, list->last, &holder);
    else
        add_item(r, list, &holder, CS_TASK_NONE);
}

/* An item without a bullet that holds only lists: that is how the editor
 * indents a list below the item before. */
static bool is_indent(const struct cs_xml *item)
{
    const char *style = cs_xml_get(item, "style");
    if (!style || !strstr(style, "list-style") || !strstr(style, "none"))
        return false;
    for (const struct cs_xml *at = item->first; at; at = at->next)
        if (at->name ? !cs_xml_is(at, "ul") && !cs_xml_is(at, "ol")
                     : !cs_node_is_blank(at->text, at->len))
            return false;
    return true;
}

static void add_child(struct cs_storage_reader *r, struct cs_node *list,
                      const struct cs_xml *parent, const struct cs_xml *child)
{
    if (!cs_xml_is(child, "li"))
        add_stray(r, list, parent, child);
    else if (list->last && is_indent(child))
        cs_storage_read_into(r, list->last, child);
    else
        add_item(r, list, child, CS_TASK_NONE);
}

void cs_storage_read_list(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned ordered)
{
    struct cs_node *before = r->block ? r->block->last : NULL;
    if (cs_storage_is_deep(r)) {
        cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
        cs_storage_read_children(r, xml);
        return;
    }
    struct cs_node *list = add_list(r, ordered, read_start(xml));
    if (!list)
        return;
    r->depth++;
    for (const struct cs_xml *at = xml->first; at; at = at->next)
        add_child(r, list, xml, at);
    r->depth--;
    drop_if_empty(r->block, before, list);
}

/* An item outside any list, or one too deep. */
void cs_storage_read_item(struct cs_storage_reader *r, const struct cs_xml *xml,
                          unsigned arg)
{
    (void)arg;
    cs_storage_end_line(r);
    if (cs_storage_is_deep(r)) {
        cs_storage_read_children(r, xml);
        cs_storage_end_line(r);
        return;
    }
    struct cs_node *before = r->block ? r->block->last : NULL;
    struct cs_node *list = before;
    if (!list || list->kind != CS_NODE_LIST || list->list.ordered)
        list = add_list(r, false, 1);
    if (!list)
        return;
    r->depth++;
    add_item(r, list, xml, CS_TASK_NONE);
    r->depth--;
    drop_if_empty(r->block, before, list);
}

/* Tasks */

static enum cs_task read_state(struct cs_storage_reader *r,
                               const struct cs_xml *task)
{
    const struct cs_xml *status = cs_xml_child(task, "ac:task-status");
    const char *text = status ? cs_xml_text(r->arena, status, NULL) : NULL;
    return text && strstr(text, "incomplete") == NULL &&
                   strstr(text, "complete")
               ? CS_TASK_DONE
               : CS_TASK_OPEN;
}

static void add_task(struct cs_storage_reader *r, struct cs_node *list,
                     const struct cs_xml *task)
{
    bool any = false;
    for (const struct cs_xml *at = task->first; at; at = at->next) {
        if (cs_xml_is(at, "ac:task-body")) {
            add_item(r, list, at, read_state(r, task));
            any = true;
        } else if (any && cs_xml_is(at, "ac:task-list")) {
            add_stray(r, list, task, at);
        }
    }
}

void cs_storage_read_tasks(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    struct cs_node *before = r->block ? r->block->last : NULL;
    if (cs_storage_is_deep(r)) {
        cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
        cs_storage_read_children(r, xml);
        return;
    }
    struct cs_node *list = add_list(r, false, 1);
    if (!list)
        return;
    r->depth++;
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        if (cs_xml_is(at, "ac:task"))
            add_task(r, list, at);
        else if (cs_xml_is(at, "ac:task-body"))
            add_item(r, list, at, CS_TASK_OPEN);
        else
            add_stray(r, list, xml, at);
    }
    r->depth--;
    drop_if_empty(r->block, before, list);
}

/* Tables */

enum { SPAN_MAX = 1000 };

static uint16_t read_span(const struct cs_xml *cell, const char *name)
{
    const char *text = cs_xml_get(cell, name);
    char *end = NULL;
    if (!text || !cs_ascii_is_digit(text[0]))
        return 1;
    unsigned long span = strtoul(text, &end, 10);
    if (*end != '\0' || span < 1)
        return 1;
    return span < SPAN_MAX ? (uint16_t)span : SPAN_MAX;
}

/* From the element itself, or from the paragraphs in it when all agree. */
static enum cs_align read_align(const struct cs_xml *xml)
{
    static const char *const words[] = {[CS_ALIGN_NONE] = "left",
                                        [CS_ALIGN_CENTER] = "center",
                                        [CS_ALIGN_RIGHT] = "right"};
    static const char property[] = "text-align:";
    const char *style = cs_xml_get(xml, "style");
    const char *value = style ? strstr(style, property) : NULL;
    value = value ? value + sizeof(property) - 1 : cs_xml_get(xml, "align");
    while (value && cs_ascii_is_space(*value))
        value++;
    for (unsigned i = 0; value && i < CS_ARRAY_LEN(words); i++)
        if (strncasecmp(value, words[i], strlen(words[i])) == 0)
            return (enum cs_align)i;
    enum cs_align align = CS_ALIGN_NONE;
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        if (!at->name && cs_node_is_blank(at->text, at->len))
            continue;
        enum cs_align inner =
            cs_xml_is(at, "p") ? read_align(at) : CS_ALIGN_NONE;
        if (inner == CS_ALIGN_NONE || (align && inner != align))
            return CS_ALIGN_NONE;
        align = inner;
    }
    return align;
}

static void add_cell(struct cs_storage_reader *r, struct cs_node *row,
                     const struct cs_xml *xml, bool header)
{
    struct cs_node *cell = cs_node_add(r->arena, row, CS_NODE_CELL);
    if (!cell)
        return;
    cell->cell.header = header;
    cell->cell.colspan = read_span(xml, "colspan");
    cell->cell.rowspan = read_span(xml, "rowspan");
    cell->cell.align = read_align(xml);
    cs_storage_read_into(r, cell, xml);
}

static void add_row(struct cs_storage_reader *r, struct cs_node *table,
                    const struct cs_xml *xml)
{
    struct cs_node *row = cs_node_add(r->arena, table, CS_NODE_ROW);
    for (const struct cs_xml *at = xml->first; row && at; at = at->next) {
        bool header = cs_xml_is(at, "th");
        if (header || cs_xml_is(at, "td"))
            add_cell(r, row, at, header);
        else if (at->name || !cs_node_is_blank(at->text, at->len))
            cs_storage_read(r, at);
    }
}

/* Rows, at any depth of thead, tbody and what else wraps them; everything
 * else goes in front of the table. */
static void add_rows(struct cs_storage_reader *r, struct cs_node *table,
                     const struct cs_xml *xml)
{
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        if (cs_xml_is(at, "tr"))
            add_row(r, table, at);
        else if (cs_xml_is(at, "thead") || cs_xml_is(at, "tbody") ||
                 cs_xml_is(at, "tfoot"))
            add_rows(r, table, at);
        else if (at->name || !cs_node_is_blank(at->text, at->len))
            cs_storage_read(r, at);
    }
}

static bool has_text(const struct cs_node *table)
{
    for (const struct cs_node *row = table->first; row; row = row->next)
        for (const struct cs_node *cell = row->first; cell; cell = cell->next)
            if (cell->first)
                return true;
    return false;
}

void cs_storage_read_table(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    cs_storage_end_line(r);
    if (cs_storage_is_deep(r)) {
        cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
        cs_storage_read_children(r, xml);
        return;
    }
    struct cs_node *table = cs_node_add(r->arena, NULL, CS_NODE_TABLE);
    if (!table)
        return;
    bool in_cell = r->in_cell;
    r->in_cell = true;
    r->depth += 2;
    add_rows(r, table, xml);
    r->depth -= 2;
    r->in_cell = in_cell;
    cs_storage_end_line(r);
    if (has_text(table) && r->block) {
        if (r->block->last)
            r->block->last->next = table;
        else
            r->block->first = table;
        r->block->last = table;
    }
}

/* Others */

void cs_storage_read_quote(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    (void)arg;
    struct cs_node *before = r->block ? r->block->last : NULL;
    struct cs_node *quote = cs_storage_add_quote(r, CS_ALERT_NONE);
    if (!quote) {
        cs_storage_read_children(r, xml);
        return;
    }
    cs_storage_read_into(r, quote, xml);
    drop_if_empty(r->block, before, quote);
}

/* The text of preformatted elements, with <br> as a line end. */
static void put_pre(struct cs_strbuf *out, const struct cs_xml *xml)
{
    for (const struct cs_xml *at = xml->first; at; at = at->next) {
        if (!at->name)
            cs_strbuf_put(out, at->text, at->len);
        else if (cs_xml_is(at, "br"))
            cs_strbuf_putc(out, '\n');
        else
            put_pre(out, at);
    }
}

void cs_storage_read_pre(struct cs_storage_reader *r, const struct cs_xml *xml,
                         unsigned arg)
{
    (void)arg;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_XML_SOURCE_MAX);
    put_pre(&text, xml);
    const struct cs_xml *code = cs_xml_child(xml, "code");
    const char *language = code ? cs_xml_get(code, "class") : NULL;
    if (language && !cs_str_starts(language, "language-"))
        language = NULL;
    const char *copy = cs_arena_strbuf(r->arena, &text);
    cs_storage_add_code(r, copy, text.len,
                        language ? language + strlen("language-") : NULL);
}

/* <dl>: a term is bold, what it means is quoted under it. */
void cs_storage_read_definitions(struct cs_storage_reader *r,
                                 const struct cs_xml *xml, unsigned term)
{
    cs_storage_end_line(r);
    uint16_t marks = r->marks;
    if (term)
        r->marks |= CS_MARK_BIT(CS_MARK_STRONG);
    cs_storage_read_children(r, xml);
    r->marks = marks;
    cs_storage_end_line(r);
}
