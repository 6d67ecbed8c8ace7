/*
 * storage_format.c - the table of elements, and the way through the rooms.
 */
#include "connectors/confluence/storage_format.h"

#include "connectors/confluence/storage_reader.h"
#include "src/markdown.h"
#include "src/slug.h"

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

/* What a reader of the page sees, but Markdown has no form for. */
static void read_unseen(struct cs_storage_reader *r, const struct cs_xml *xml,
                        unsigned arg)
{
    (void)xml, (void)arg;
    cs_storage_set_outcome(r, CS_OUTCOME_DROPPED);
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
    r->parted = false;
    cs_storage_read_children(r, xml);
    if (!r->pinned)
        cs_storage_end_line(r);
    else
        cs_storage_part_line(r);
}

static void read_paragraph(struct cs_storage_reader *r,
                           const struct cs_xml *xml, unsigned arg)
{
    const struct cs_xml *outer = r->paragraph;
    r->paragraph = xml;
    read_block(r, xml, arg);
    r->paragraph = outer;
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
    {"a", cs_storage_read_a, 0, true},
    {"ac:adf-attribute", read_nothing, 0, false},
    {"ac:adf-content", read_inside, 0, false},
    {"ac:adf-extension", cs_storage_read_adf, 0, false},
    {"ac:adf-fallback", read_inside, 0, false},
    {"ac:adf-fragment-mark", read_nothing, 0, false},
    {"ac:adf-leaf", read_nothing, 0, false},
    {"ac:adf-mark", read_nothing, 0, false},
    {"ac:adf-node", read_inside, 0, false},
    {"ac:adf-parameter", read_nothing, 0, false},
    {"ac:caption", read_block, 0, false},
    {"ac:default-parameter", read_nothing, 0, false},
    {"ac:emoticon", cs_storage_read_emoticon, 0, true},
    {"ac:image", cs_storage_read_image, 0, true},
    {"ac:inline-comment-marker", read_inside, 0, true},
    {"ac:layout", read_block, 0, false},
    {"ac:layout-cell", read_block, 0, false},
    {"ac:layout-section", read_block, 0, false},
    {"ac:link", cs_storage_read_link, 0, true},
    {"ac:link-body", read_inside, 0, false},
    {"ac:macro", cs_storage_read_macro, 0, false},
    {"ac:parameter", read_nothing, 0, false},
    {"ac:placeholder", read_nothing, 0, false},
    {"ac:plain-text-body", read_inside, 0, false},
    {"ac:plain-text-link-body", read_inside, 0, false},
    {"ac:property", read_nothing, 0, false},
    {"ac:rich-text-body", read_inside, 0, false},
    {"ac:structured-macro", cs_storage_read_macro, 0, false},
    {"ac:task", read_block, 0, false},
    {"ac:task-body", read_block, 0, false},
    {"ac:task-id", read_nothing, 0, false},
    {"ac:task-list", cs_storage_read_tasks, 0, true},
    {"ac:task-status", read_nothing, 0, false},
    {"ac:task-uuid", read_nothing, 0, false},
    {"address", read_block, 0, false},
    {"article", read_block, 0, false},
    {"aside", read_block, 0, false},
    {"at:declarations", read_nothing, 0, false},
    {"at:var", cs_storage_read_variable, 0, true},
    {"b", read_mark, CS_MARK_STRONG, false},
    {"big", read_inside, 0, false},
    {"blockquote", cs_storage_read_quote, 0, true},
    {"body", read_inside, 0, false},
    {"br", read_break, 0, false},
    {"caption", read_block, 0, false},
    {"center", read_block, 0, false},
    {"cite", read_mark, CS_MARK_EM, false},
    {"code", read_mark, CS_MARK_CODE, false},
    {"col", read_nothing, 0, false},
    {"colgroup", read_nothing, 0, false},
    {"dd", cs_storage_read_definitions, 0, false},
    {"del", read_mark, CS_MARK_STRIKE, false},
    {"details", read_block, 0, false},
    {"dfn", read_mark, CS_MARK_EM, false},
    {"div", read_block, 0, false},
    {"dl", read_block, 0, true},
    {"dt", cs_storage_read_definitions, 1, false},
    {"em", read_mark, CS_MARK_EM, false},
    {"fab:link", read_inside, 0, true},
    {"fab:media", read_unseen, 0, true},
    {"fab:mention", read_inside, 0, true},
    {"fieldset", read_block, 0, false},
    {"figcaption", read_block, 0, false},
    {"figure", read_block, 0, false},
    {"font", read_inside, 0, false},
    {"footer", read_block, 0, false},
    {"h1", read_heading, 1, false},
    {"h2", read_heading, 2, false},
    {"h3", read_heading, 3, false},
    {"h4", read_heading, 4, false},
    {"h5", read_heading, 5, false},
    {"h6", read_heading, 6, false},
    {"head", read_nothing, 0, false},
    {"header", read_block, 0, false},
    {"hr", read_rule, 0, false},
    {"html", read_inside, 0, false},
    {"i", read_mark, CS_MARK_EM, false},
    {"img", cs_storage_read_img, 0, true},
    {"ins", read_mark, CS_MARK_UNDERLINE, false},
    {"kbd", read_mark, CS_MARK_KBD, false},
    {"li", cs_storage_read_item, 0, false},
    {"main", read_block, 0, false},
    {"mark", read_inside, 0, false},
    {"math", cs_storage_read_math, 0, true},
    {"nav", read_block, 0, false},
    {"ol", cs_storage_read_list, 1, true},
    {"p", read_paragraph, 0, false},
    {"pre", cs_storage_read_pre, 0, true},
    {"q", read_inside, 0, false},
    {"ri:attachment", cs_storage_read_resource, 0, true},
    {"ri:blog-post", cs_storage_read_resource, 0, true},
    {"ri:content-entity", cs_storage_read_resource, 0, true},
    {"ri:page", cs_storage_read_resource, 0, true},
    {"ri:space", cs_storage_read_resource, 0, true},
    {"ri:url", cs_storage_read_resource, 0, true},
    {"ri:user", cs_storage_read_resource, 0, true},
    {"s", read_mark, CS_MARK_STRIKE, false},
    {"samp", read_mark, CS_MARK_CODE, false},
    {"script", read_nothing, 0, false},
    {"section", read_block, 0, false},
    {"small", read_inside, 0, false},
    {"span", cs_storage_read_span, 0, false},
    {"strike", read_mark, CS_MARK_STRIKE, false},
    {"strong", read_mark, CS_MARK_STRONG, false},
    {"style", read_nothing, 0, false},
    {"sub", read_mark, CS_MARK_SUB, false},
    {"summary", read_block, 0, false},
    {"sup", read_mark, CS_MARK_SUP, false},
    {"svg", read_unseen, 0, true},
    {"table", cs_storage_read_table, 0, true},
    {"tbody", read_inside, 0, false},
    {"td", read_block, 0, false},
    {"template", read_nothing, 0, false},
    {"tfoot", read_inside, 0, false},
    {"th", read_block, 0, false},
    {"thead", read_inside, 0, false},
    {"time", cs_storage_read_time, 0, true},
    {"title", read_nothing, 0, false},
    {"tr", read_block, 0, false},
    {"tt", read_mark, CS_MARK_CODE, false},
    {"u", read_mark, CS_MARK_UNDERLINE, false},
    {"ul", cs_storage_read_list, 0, true},
    {"var", read_mark, CS_MARK_EM, false},
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
    struct cs_node *document = reader.block;
    if (document)
        cs_storage_read_children(&reader, source.root);
    cs_storage_count_flaws(&reader, &source);
    struct cs_conversion_note note = cs_storage_sum_up(&reader);
    note.recovered = source.recovered;
    if (reader.links_to_itself)
        cs_slug_resolve(arena, document);
    status = cs_arena_status(arena, err);
    if (!status)
        status = cs_markdown_write(arena, document, ret_body, err);
    if (!status && ret_note)
        *ret_note = note;
    return status;
}
