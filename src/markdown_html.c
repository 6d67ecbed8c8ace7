/*
 * markdown_html.c - tables whose cells hold blocks, as HTML throughout.
 *
 * A blank line would end the HTML for a Markdown parser, so there is none: in
 * preformatted text the line end that would make one is written "&#10;".
 */
#include "src/markdown_writer.h"

#include "src/text.h"

static void put_block(struct cs_markdown_writer *w, const struct cs_node *node);

static void put_children(struct cs_markdown_writer *w,
                         const struct cs_node *parent)
{
    for (const struct cs_node *at = parent->first; at; at = at->next)
        put_block(w, at);
}

static void put_code(struct cs_markdown_writer *w, const struct cs_node *node)
{
    size_t len = node->len;
    while (len > 0 && node->text[len - 1] == '\n')
        len--;
    cs_strbuf_puts(w->out, "<pre><code");
    if (node->language)
        cs_strbuf_printf(w->out, " class=\"language-%s\"", node->language);
    cs_strbuf_putc(w->out, '>');
    for (size_t i = 0; i < len; i++) {
        char c = node->text[i];
        size_t blank = 0;
        if (c != '\n') {
            cs_place_escape(w->out, CS_PLACE_HTML_TEXT, &c, 1);
            continue;
        }
        while (i + 1 + blank < len && strchr(" \t", node->text[i + 1 + blank]))
            blank++;
        if (i == 0 ||
            (i + 1 + blank < len && node->text[i + 1 + blank] == '\n')) {
            cs_strbuf_puts(w->out, "&#10;");
        } else {
            cs_markdown_newline(w);
            cs_markdown_begin(w);
        }
    }
    cs_strbuf_puts(w->out, "</code></pre>");
}

static void put_tagged(struct cs_markdown_writer *w, const char *tag,
                       const struct cs_node *node)
{
    cs_strbuf_printf(w->out, "<%s>", tag);
    if (node->kind == CS_NODE_PARAGRAPH || node->kind == CS_NODE_HEADING)
        cs_markdown_put_line(w, node, CS_MARKDOWN_HTML);
    else
        put_children(w, node);
    cs_strbuf_printf(w->out, "</%s>", tag);
}

/* Text alone in its container needs no paragraph around it. */
static void put_contents(struct cs_markdown_writer *w,
                         const struct cs_node *node)
{
    const struct cs_node *first = node->first;
    if (first && first->kind == CS_NODE_PARAGRAPH &&
        (!first->next || first->next->kind == CS_NODE_LIST)) {
        cs_markdown_put_line(w, first, CS_MARKDOWN_HTML);
        for (first = first->next; first; first = first->next)
            put_block(w, first);
    } else {
        put_children(w, node);
    }
}

static void put_list(struct cs_markdown_writer *w, const struct cs_node *list)
{
    static const char *const boxes[] = {[CS_TASK_NONE] = "",
                                        [CS_TASK_OPEN] = "\xe2\x98\x90 ",
                                        [CS_TASK_DONE] = "\xe2\x98\x91 "};
    if (list->list.ordered && list->list.start != 1)
        cs_strbuf_printf(w->out, "<ol start=\"%u\">", list->list.start);
    else
        cs_strbuf_puts(w->out, list->list.ordered ? "<ol>" : "<ul>");
    for (const struct cs_node *item = list->first; item; item = item->next) {
        cs_strbuf_puts(w->out, "<li>");
        cs_strbuf_puts(w->out, boxes[item->task]);
        put_contents(w, item);
        cs_strbuf_puts(w->out, "</li>");
    }
    cs_strbuf_puts(w->out, list->list.ordered ? "</ol>" : "</ul>");
}

static void put_quote(struct cs_markdown_writer *w, const struct cs_node *quote)
{
    const char *label = cs_markdown_alerts[quote->alert].label;
    cs_strbuf_puts(w->out, "<blockquote>");
    if (label)
        cs_strbuf_printf(w->out, "<p><strong>%s</strong></p>", label);
    if (label)
        put_children(w, quote);
    else
        put_contents(w, quote);
    cs_strbuf_puts(w->out, "</blockquote>");
}

static void put_cell(struct cs_markdown_writer *w, const struct cs_node *cell)
{
    static const char *const aligns[] = {[CS_ALIGN_NONE] = "",
                                         [CS_ALIGN_CENTER] = "center",
                                         [CS_ALIGN_RIGHT] = "right"};
    const char *tag = cell->cell.header ? "th" : "td";
    cs_strbuf_printf(w->out, "<%s", tag);
    if (cell->cell.colspan > 1)
        cs_strbuf_printf(w->out, " colspan=\"%u\"", cell->cell.colspan);
    if (cell->cell.rowspan > 1)
        cs_strbuf_printf(w->out, " rowspan=\"%u\"", cell->cell.rowspan);
    if (cell->cell.align)
        cs_strbuf_printf(w->out, " align=\"%s\"", aligns[cell->cell.align]);
    cs_strbuf_putc(w->out, '>');
    put_contents(w, cell);
    cs_strbuf_printf(w->out, "</%s>", tag);
}

static void put_rows(struct cs_markdown_writer *w, const struct cs_node *table,
                     bool lines)
{
    for (const struct cs_node *row = table->first; row; row = row->next) {
        cs_strbuf_puts(w->out, "<tr>");
        for (const struct cs_node *cell = row->first; cell; cell = cell->next) {
            if (lines) {
                cs_markdown_newline(w);
                cs_markdown_begin(w);
            }
            put_cell(w, cell);
        }
        if (lines) {
            cs_markdown_newline(w);
            cs_markdown_begin(w);
        }
        cs_strbuf_puts(w->out, "</tr>");
        if (lines) {
            cs_markdown_newline(w);
            cs_markdown_begin(w);
        }
    }
}

static void put_block(struct cs_markdown_writer *w, const struct cs_node *node)
{
    static const char *const headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
    switch (node->kind) {
    case CS_NODE_PARAGRAPH: put_tagged(w, "p", node); break;
    case CS_NODE_HEADING:
        put_tagged(w, headings[(node->level - 1) % 6], node);
        break;
    case CS_NODE_LIST: put_list(w, node); break;
    case CS_NODE_QUOTE: put_quote(w, node); break;
    case CS_NODE_CODE:
    case CS_NODE_MARKDOWN: put_code(w, node); break;
    case CS_NODE_RULE: cs_strbuf_puts(w->out, "<hr>"); break;
    case CS_NODE_PLACE:
    case CS_NODE_PART: put_children(w, node); break;
    case CS_NODE_TABLE:
        cs_strbuf_puts(w->out, "<table>");
        put_rows(w, node, false);
        cs_strbuf_puts(w->out, "</table>");
        break;
    default: break;
    }
}

void cs_markdown_put_html_table(struct cs_markdown_writer *w,
                                const struct cs_node *table)
{
    cs_markdown_begin(w);
    cs_strbuf_puts(w->out, "<table>");
    cs_markdown_newline(w);
    cs_markdown_begin(w);
    put_rows(w, table, true);
    cs_strbuf_puts(w->out, "</table>");
    cs_markdown_newline(w);
}
