/*
 * storage_format.c - the table of elements, and the way through the rooms.
 */
#include "connectors/confluence/storage_format.h"

#include "connectors/confluence/storage_reader.h"
#include "src/markdown.h"

#include <stdlib.h>

/* Elements that need nothing but the reader */

static void read_inside(struct cs_storage_reader *r, const struct cs_xml *xml,
                        unsigned arg)
{
    (void)arg;
    cs_storage_read_children(r, xml);
}

static void read_nothing(struct cs_storage_reader *r, const struct cs_xml *xml,
                         unsigned arg)
{
    (void)r, (void)xml, (void)arg;
}

/* A paragraph or anything else that begins and ends a line. Where the line
 * must go on, a break stands for both. */
static void read_block(struct cs_storage_reader *r, const struct cs_xml *xml,
                       unsigned arg)
{
    (void)arg;
    if (!r->pinned)
        cs_storage_end_line(r);
    else if (r->shown > r->pinned_at)
        cs_storage_add_break(r);
    cs_storage_read_children(r, xml);
    if (!r->pinned)
        cs_storage_end_line(r);
}

static void read_paragraph(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    bool outer = r->in_paragraph;
    r->in_paragraph = true;
    read_block(r, xml, arg);
    r->in_paragraph = outer;
}

static void read_mark(struct cs_storage_reader *r, const struct cs_xml *xml,
                      unsigned mark)
{
    uint16_t marks = r->marks;
    /* a heading is bold by itself */
    if (mark != CS_MARK_STRONG || !r->heading)
        r->marks |= (uint16_t)CS_MARK_BIT(mark);
    cs_storage_read_children(r, xml);
    r->marks = marks;
}

static void read_heading(struct cs_storage_reader *r, const struct cs_xml *xml,
                         unsigned level)
{
    uint16_t marks = r->marks;
    cs_storage_end_line(r);
    if (r->in_cell)
        r->marks |= CS_MARK_BIT(CS_MARK_STRONG);
    r->heading = (uint8_t)level;
    cs_storage_read_inline(r, xml);
    r->heading = 0;
    r->marks = marks;
    cs_storage_end_line(r);
}

static void read_break(struct cs_storage_reader *r, const struct cs_xml *xml,
                       unsigned arg)
{
    (void)arg;
    cs_storage_add_break(r);
    cs_storage_read_children(r, xml);
}

static void read_rule(struct cs_storage_reader *r, const struct cs_xml *xml,
                      unsigned arg)
{
    (void)xml, (void)arg;
    if (cs_storage_add_block(r, CS_NODE_RULE))
        r->shown++;
}

static const struct cs_storage_element elements[] = {
    {"a", cs_storage_read_a, 0},
    {"ac:adf-attribute", read_nothing, 0},
    {"ac:adf-content", read_inside, 0},
    {"ac:adf-extension", cs_storage_read_adf, 0},
    {"ac:adf-fallback", read_inside, 0},
    {"ac:adf-fragment-mark", read_nothing, 0},
    {"ac:adf-leaf", read_nothing, 0},
    {"ac:adf-mark", read_nothing, 0},
    {"ac:adf-node", read_inside, 0},
    {"ac:adf-parameter", read_nothing, 0},
    {"ac:caption", read_block, 0},
    {"ac:default-parameter", read_nothing, 0},
    {"ac:emoticon", cs_storage_read_emoticon, 0},
    {"ac:image", cs_storage_read_image, 0},
    {"ac:inline-comment-marker", read_inside, 0},
    {"ac:layout", read_block, 0},
    {"ac:layout-cell", read_block, 0},
    {"ac:layout-section", read_block, 0},
    {"ac:link", cs_storage_read_link, 0},
    {"ac:link-body", read_inside, 0},
    {"ac:macro", cs_storage_read_macro, 0},
    {"ac:parameter", read_nothing, 0},
    {"ac:placeholder", read_nothing, 0},
    {"ac:plain-text-body", read_inside, 0},
    {"ac:plain-text-link-body", read_inside, 0},
    {"ac:property", read_nothing, 0},
    {"ac:rich-text-body", read_inside, 0},
    {"ac:structured-macro", cs_storage_read_macro, 0},
    {"ac:task", read_block, 0},
    {"ac:task-body", read_block, 0},
    {"ac:task-id", read_nothing, 0},
    {"ac:task-list", cs_storage_read_tasks, 0},
    {"ac:task-status", read_nothing, 0},
    {"ac:task-uuid", read_nothing, 0},
    {"address", read_block, 0},
    {"article", read_block, 0},
    {"aside", read_block, 0},
    {"at:declarations", read_nothing, 0},
    {"at:var", cs_storage_read_variable, 0},
    {"b", read_mark, CS_MARK_STRONG},
    {"big", read_inside, 0},
    {"blockquote", cs_storage_read_quote, 0},
    {"body", read_inside, 0},
    {"br", read_break, 0},
    {"caption", read_block, 0},
    {"center", read_block, 0},
    {"cite", read_mark, CS_MARK_EM},
    {"code", read_mark, CS_MARK_CODE},
    {"col", read_nothing, 0},
    {"colgroup", read_nothing, 0},
    {"dd", cs_storage_read_definitions, 0},
    {"del", read_mark, CS_MARK_STRIKE},
    {"details", read_block, 0},
    {"dfn", read_mark, CS_MARK_EM},
    {"div", read_block, 0},
    {"dl", read_block, 0},
    {"dt", cs_storage_read_definitions, 1},
    {"em", read_mark, CS_MARK_EM},
    {"fab:link", read_inside, 0},
    {"fab:media", read_nothing, 0},
    {"fab:mention", read_inside, 0},
    {"fieldset", read_block, 0},
    {"figcaption", read_block, 0},
    {"figure", read_block, 0},
    {"font", read_inside, 0},
    {"footer", read_block, 0},
    {"h1", read_heading, 1},
    {"h2", read_heading, 2},
    {"h3", read_heading, 3},
    {"h4", read_heading, 4},
    {"h5", read_heading, 5},
    {"h6", read_heading, 6},
    {"head", read_nothing, 0},
    {"header", read_block, 0},
    {"hr", read_rule, 0},
    {"html", read_inside, 0},
    {"i", read_mark, CS_MARK_EM},
    {"img", cs_storage_read_img, 0},
    {"ins", read_mark, CS_MARK_UNDERLINE},
    {"kbd", read_mark, CS_MARK_KBD},
    {"li", cs_storage_read_item, 0},
    {"main", read_block, 0},
    {"mark", read_inside, 0},
    {"math", cs_storage_read_math, 0},
    {"nav", read_block, 0},
    {"ol", cs_storage_read_list, 1},
    {"p", read_paragraph, 0},
    {"pre", cs_storage_read_pre, 0},
    {"q", read_inside, 0},
    {"ri:attachment", cs_storage_read_resource, 0},
    {"ri:blog-post", cs_storage_read_resource, 0},
    {"ri:content-entity", cs_storage_read_resource, 0},
    {"ri:page", cs_storage_read_resource, 0},
    {"ri:space", cs_storage_read_resource, 0},
    {"ri:url", cs_storage_read_resource, 0},
    {"ri:user", cs_storage_read_resource, 0},
    {"s", read_mark, CS_MARK_STRIKE},
    {"samp", read_mark, CS_MARK_CODE},
    {"script", read_nothing, 0},
    {"section", read_block, 0},
    {"small", read_inside, 0},
    {"span", cs_storage_read_span, 0},
    {"strike", read_mark, CS_MARK_STRIKE},
    {"strong", read_mark, CS_MARK_STRONG},
    {"style", read_nothing, 0},
    {"sub", read_mark, CS_MARK_SUB},
    {"summary", read_block, 0},
    {"sup", read_mark, CS_MARK_SUP},
    {"svg", read_nothing, 0},
    {"table", cs_storage_read_table, 0},
    {"tbody", read_inside, 0},
    {"td", read_block, 0},
    {"template", read_nothing, 0},
    {"tfoot", read_inside, 0},
    {"th", read_block, 0},
    {"thead", read_inside, 0},
    {"time", cs_storage_read_time, 0},
    {"title", read_nothing, 0},
    {"tr", read_block, 0},
    {"tt", read_mark, CS_MARK_CODE},
    {"u", read_mark, CS_MARK_UNDERLINE},
    {"ul", cs_storage_read_list, 0},
    {"var", read_mark, CS_MARK_EM},
};

static int compare_element(const void *name, const void *row)
{
    return strcmp(name, ((const struct cs_storage_element *)row)->name);
}

const void *cs_storage_classify(const char *name)
{
    return bsearch(name, elements, CS_ARRAY_LEN(elements), sizeof(elements[0]),
                   compare_element);
}

static const char *const prefixes[] = {"ac", "ri", "at", "fab", NULL};

const struct cs_xml_options cs_storage_xml_options = {
    .classify = cs_storage_classify, .prefixes = prefixes};

static void count_recovery(struct cs_storage_reader *r,
                           const struct cs_xml_result *source)
{
    if (source->recovered)
        cs_storage_count(r, "recovery", "malformed markup",
                         CS_OUTCOME_DEGRADED);
    if (source->flattened)
        cs_storage_count(r, "recovery", "deep nesting", CS_OUTCOME_DEGRADED);
    if (source->lost_text)
        cs_storage_count(r, "recovery", "lost text", CS_OUTCOME_DROPPED);
}

enum cs_status cs_storage_convert(struct cs_arena *arena, const char *xhtml,
                                  size_t len,
                                  const struct cs_storage_options *options,
                                  struct cs_body *ret_body,
                                  struct cs_conversion_note *ret_note,
                                  struct cs_error *err)
{
    struct cs_xml_result source;
    enum cs_status status =
        cs_xml_parse(arena, xhtml, len, &cs_storage_xml_options, &source, err);
    if (status)
        return status;
    struct cs_storage_reader reader = {
        .arena = arena,
        .options = options,
        .block = cs_node_add(arena, NULL, CS_NODE_DOCUMENT)};
    const struct cs_node *document = reader.block;
    if (document)
        cs_storage_read_children(&reader, source.root);
    count_recovery(&reader, &source);
    struct cs_conversion_note note = cs_storage_sum_up(&reader);
    note.recovered = source.recovered;
    status = cs_arena_status(arena, err);
    if (!status)
        status = cs_markdown_write(arena, document, ret_body, err);
    if (!status && ret_note)
        *ret_note = note;
    return status;
}
