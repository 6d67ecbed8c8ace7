/*
 * markdown.c - blocks, and the prefix that quotes and lists put before lines.
 */
#include "src/markdown_line.h"

#include "src/text.h"

static void put_blocks(struct cs_markdown_writer *w,
                       const struct cs_node *parent, bool in_item);

/* Leaf blocks */

static void put_heading(struct cs_markdown_writer *w,
                        const struct cs_node *node)
{
    cs_markdown_begin(w);
    cs_strbuf_fill(w->out, '#', node->level);
    cs_strbuf_putc(w->out, ' ');
    cs_markdown_put_line(w, node, CS_MARKDOWN_HEADING);
    size_t len = w->out->len, n = len;
    while (n > 0 && w->out->data[n - 1] == '#')
        n--;
    if (n < len && n > 0 && w->out->data[n - 1] == ' ')
        cs_strbuf_splice(w->out, len - 1, 0, "\\", 1); /* no closing "#" */
    cs_markdown_newline(w);
}

static void put_paragraph(struct cs_markdown_writer *w,
                          const struct cs_node *node)
{
    cs_markdown_begin(w);
    cs_markdown_put_line(w, node, CS_MARKDOWN_BLOCK);
    cs_markdown_newline(w);
}

static void put_code(struct cs_markdown_writer *w, const struct cs_node *node)
{
    size_t fence = cs_markdown_longest_run(node->text, node->len, '`') + 1;
    if (fence < 3)
        fence = 3;
    cs_markdown_begin(w);
    cs_strbuf_fill(w->out, '`', fence);
    if (node->language)
        cs_strbuf_puts(w->out, node->language);
    cs_markdown_newline(w);
    cs_markdown_put_lines(w, node->text, node->len);
    if (!w->fresh)
        cs_markdown_newline(w);
    cs_markdown_begin(w);
    cs_strbuf_fill(w->out, '`', fence);
    cs_markdown_newline(w);
}

static void put_markdown(struct cs_markdown_writer *w,
                         const struct cs_node *node)
{
    cs_markdown_put_lines(w, node->text, node->len);
    if (!w->fresh)
        cs_markdown_newline(w);
}

/* "- ---" would be one rule and no item. */
static void put_rule(struct cs_markdown_writer *w, const struct cs_node *node)
{
    (void)node;
    cs_markdown_begin(w);
    cs_strbuf_puts(w->out, w->list_depth ? "___" : "---");
    cs_markdown_newline(w);
}

/* Quotes */

/* GitHub draws an alert only at the top level. Elsewhere the word stands in
 * bold on a line of its own. */
static void put_alert(struct cs_markdown_writer *w, const struct cs_node *quote)
{
    bool drawn = w->depth == 1;
    bool text_follows = quote->first && quote->first->kind == CS_NODE_PARAGRAPH;
    cs_markdown_begin(w);
    if (drawn)
        cs_strbuf_printf(w->out, "[!%s]",
                         cs_markdown_alerts[quote->alert].word);
    else
        cs_strbuf_printf(w->out, "**%s**",
                         cs_markdown_alerts[quote->alert].label);
    cs_markdown_newline(w);
    if (quote->first && (!drawn || !text_follows))
        cs_markdown_newline(w);
}

static void put_quote(struct cs_markdown_writer *w, const struct cs_node *node)
{
    size_t before = w->prefix->len;
    unsigned lists = w->list_depth;
    cs_markdown_begin(w);
    cs_strbuf_puts(w->out, "> ");
    cs_strbuf_puts(w->prefix, "> ");
    w->depth++;
    w->list_depth = 0;
    if (node->alert)
        put_alert(w, node);
    put_blocks(w, node, false);
    w->depth--;
    w->list_depth = lists;
    cs_strbuf_truncate(w->prefix, before);
}

/* Lists */

static bool starts_with_text(const struct cs_node *item)
{
    return item->first && (item->first->kind != CS_NODE_PARAGRAPH ||
                           item->first->first != NULL);
}

/* A list that may stand right under a line of text: it must not be empty
 * where it begins, and a numbered one must begin with 1. */
static bool interrupts(const struct cs_node *list)
{
    return list->first && starts_with_text(list->first) &&
           (!list->list.ordered || list->list.start == 1);
}

/* A line that is one tag begins a block of HTML, which would go on to the next
 * blank line. */
static bool is_tag(const struct cs_node *line)
{
    const struct cs_node *image = NULL;
    for (const struct cs_node *at = line->first; at; at = at->next) {
        bool is_shown = at->kind == CS_NODE_ANCHOR
                            ? at->linked
                            : at->kind != CS_NODE_TEXT ||
                                  !cs_node_is_blank(at->text, at->len);
        if (is_shown && (image || at->kind != CS_NODE_IMAGE))
            return false;
        image = is_shown ? at : image;
    }
    return image && cs_markdown_is_sized(image) && !image->link;
}

/* Inside an item: may `b` follow `a` without a blank line, so that the list
 * stays tight? */
static bool sticks(const struct cs_node *a, const struct cs_node *b)
{
    return b->kind == CS_NODE_LIST &&
           (a->kind == CS_NODE_LIST ||
            (a->kind == CS_NODE_PARAGRAPH && interrupts(b) && !is_tag(a)));
}

static bool is_tight(const struct cs_node *list)
{
    for (const struct cs_node *item = list->first; item; item = item->next)
        for (const struct cs_node *at = item->first; at && at->next;
             at = at->next)
            if (!sticks(at, at->next))
                return false;
    return true;
}

static void put_item(struct cs_markdown_writer *w, const struct cs_node *item,
                     const char *marker)
{
    static const char *const boxes[] = {
        [CS_TASK_NONE] = "", [CS_TASK_OPEN] = "[ ] ", [CS_TASK_DONE] = "[x] "};
    size_t before = w->prefix->len;
    cs_markdown_begin(w);
    cs_strbuf_puts(w->out, marker);
    cs_strbuf_puts(w->out, boxes[item->task]);
    bool bare = item->first && item->first->kind != CS_NODE_PARAGRAPH;
    if (!item->first) {
        cs_strbuf_rtrim(w->out);
        cs_markdown_newline(w);
        return;
    }
    cs_strbuf_fill(w->prefix, ' ', strlen(marker));
    if (item->task && bare) {
        cs_strbuf_puts(w->out, "&nbsp;"); /* a box needs text beside it */
        cs_markdown_newline(w);
        cs_markdown_newline(w);
    }
    put_blocks(w, item, true);
    cs_strbuf_truncate(w->prefix, before);
}

static void put_list(struct cs_markdown_writer *w, const struct cs_node *list,
                     bool second)
{
    bool tight = is_tight(list);
    unsigned number = list->list.start;
    w->depth++;
    w->list_depth++;
    for (const struct cs_node *item = list->first; item; item = item->next) {
        char marker[24] = "- ";
        if (list->list.ordered)
            (void)snprintf(marker, sizeof(marker), "%u%c ", number++,
                           second ? ')' : '.');
        else if (second)
            marker[0] = '*';
        put_item(w, item, marker);
        if (item->next && !tight)
            cs_markdown_newline(w);
    }
    w->depth--;
    w->list_depth--;
}

/* Blocks */

/* A block that takes nothing but the writer and itself. */
typedef void put_fn(struct cs_markdown_writer *w, const struct cs_node *node);

static put_fn *const writers[] = {
    [CS_NODE_PARAGRAPH] = put_paragraph,
    [CS_NODE_HEADING] = put_heading,
    [CS_NODE_QUOTE] = put_quote,
    [CS_NODE_CODE] = put_code,
    [CS_NODE_MARKDOWN] = put_markdown,
    [CS_NODE_RULE] = put_rule,
    [CS_NODE_TABLE] = cs_markdown_put_table,
};

/* What was written last in a container. */
struct flow {
    const struct cs_node *before;
    bool second;    /* it was a list with the other marker */
    bool in_item;   /* where some blocks need no blank line between them */
    bool separated; /* the blank line is written already */
};

static void put_flow(struct cs_markdown_writer *w, const struct cs_node *parent,
                     struct flow *flow);

static void separate(struct cs_markdown_writer *w, struct flow *flow,
                     const struct cs_node *node)
{
    if (flow->before && !flow->separated &&
        !(flow->in_item && sticks(flow->before, node)))
        cs_markdown_newline(w);
    flow->separated = false;
}

/* A container that came out empty takes no line, so no blank line either. */
static bool is_nothing(const struct cs_node *node)
{
    if (node->kind != CS_NODE_LIST && node->kind != CS_NODE_TABLE &&
        node->kind != CS_NODE_PLACE && node->kind != CS_NODE_PART)
        return false;
    const struct cs_node *at = node->first;
    while (at && is_nothing(at))
        at = at->next;
    return !at;
}

/* Two lists in a row would be read as one: every second one changes its
 * marker. */
static bool is_second(const struct flow *flow, const struct cs_node *node)
{
    return flow->before && flow->before->kind == CS_NODE_LIST &&
           flow->before->list.ordered == node->list.ordered && !flow->second;
}

/* A place or a part is nothing but its blocks; where these stand at the left
 * margin, their bytes are remembered. A place goes before those in it. */
static void put_range(struct cs_markdown_writer *w, const struct cs_node *node,
                      struct flow *flow)
{
    bool at_margin = w->depth == 0;
    bool is_place = node->kind == CS_NODE_PLACE;
    separate(w, flow, node);
    flow->separated = true;
    size_t at = w->out->len, place = w->n_places;
    if (at_margin && is_place)
        cs_markdown_place(w, at, node->place.form, node->place.ref);
    put_flow(w, node, flow);
    if (at_margin && is_place && w->n_places > place)
        w->places[place].len = w->out->len - at;
    else if (at_margin && !is_place)
        cs_markdown_part(w, at, node->part.kind, node->part.name);
}

static void put_flow(struct cs_markdown_writer *w, const struct cs_node *parent,
                     struct flow *flow)
{
    for (const struct cs_node *at = parent->first; at; at = at->next) {
        if (is_nothing(at))
            continue;
        if (at->kind == CS_NODE_PLACE || at->kind == CS_NODE_PART) {
            put_range(w, at, flow);
            continue;
        }
        separate(w, flow, at);
        if (at->kind == CS_NODE_LIST) {
            flow->second = is_second(flow, at);
            put_list(w, at, flow->second);
        } else if ((size_t)at->kind < CS_ARRAY_LEN(writers) &&
                   writers[at->kind]) {
            writers[at->kind](w, at);
        }
        flow->before = at;
    }
}

static void put_blocks(struct cs_markdown_writer *w,
                       const struct cs_node *parent, bool in_item)
{
    struct flow flow = {.in_item = in_item};
    put_flow(w, parent, &flow);
}

/* Footnotes may have footnotes, which are added while these are written. */
static void put_footnotes(struct cs_markdown_writer *w)
{
    for (size_t i = 0; i < w->n_footnotes; i++) {
        struct cs_markdown_footnote footnote = w->footnotes[i];
        cs_markdown_newline(w);
        cs_markdown_begin(w);
        cs_strbuf_printf(
            w->out, footnote.in_html ? "<sup>%zu</sup> " : "[^%zu]: ", i + 1);
        if (!footnote.in_html)
            cs_strbuf_puts(w->prefix, "    ");
        w->depth++;
        put_blocks(w, footnote.node, false);
        w->depth--;
        cs_strbuf_truncate(w->prefix, 0);
    }
}

static enum cs_status finish(struct cs_markdown_writer *w,
                             struct cs_body *ret_body, struct cs_error *err)
{
    enum cs_status status = cs_strbuf_status(w->out, err);
    if (!status)
        status = cs_strbuf_status(w->line->scratch, err);
    if (!status)
        status = cs_strbuf_status(w->prefix, err);
    if (status)
        return status;
    char *text = cs_arena_strndup(w->arena, w->out->data, w->out->len);
    status = cs_arena_status(w->arena, err);
    if (status)
        return status;
    *ret_body = (struct cs_body){.markdown = text,
                                 .len = w->out->len,
                                 .places = w->places,
                                 .n_places = w->n_places,
                                 .parts = w->parts,
                                 .n_parts = w->n_parts};
    return CS_OK;
}

enum cs_status cs_markdown_write(struct cs_arena *arena,
                                 const struct cs_node *document,
                                 struct cs_body *ret_body, struct cs_error *err)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_MARKDOWN_MAX);
    struct cs_strbuf prefix CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)CS_NODE_DEPTH_MAX * 32);
    struct cs_strbuf scratch CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_MARKDOWN_MAX);
    struct cs_markdown_line line = {.scratch = &scratch};
    struct cs_markdown_writer w = {.arena = arena,
                                   .out = &out,
                                   .prefix = &prefix,
                                   .fresh = true,
                                   .line = &line};
    (void)cs_strbuf_reserve(&out, cs_arena_used(arena) / 8);
    put_blocks(&w, document, false);
    put_footnotes(&w);
    return finish(&w, ret_body, err);
}
