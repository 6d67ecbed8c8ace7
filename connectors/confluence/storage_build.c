/*
 * storage_build.c - lines begin and end here, and nothing empty is made.
 */
#include "connectors/confluence/storage_reader.h"

#include "src/markdown.h"
#include "src/text.h"

void cs_storage_end_line(struct cs_storage_reader *r)
{
    r->line = NULL;
}

void cs_storage_part_line(struct cs_storage_reader *r)
{
    struct cs_node *last = r->line ? r->line->last : NULL;
    while (last && last->kind == CS_NODE_TEXT && last->len > 0 &&
           cs_ascii_is_space(last->text[last->len - 1]))
        last->len--;
    r->parted = true;
}

bool cs_storage_is_deep(const struct cs_storage_reader *r)
{
    return r->depth + 2 > CS_NODE_DEPTH_MAX;
}

struct cs_node *cs_storage_add_block(struct cs_storage_reader *r,
                                     enum cs_node_kind kind)
{
    cs_storage_end_line(r);
    return cs_node_add(r->arena, r->block, kind);
}

static bool begin_line(struct cs_storage_reader *r)
{
    if (r->line)
        return true;
    bool heading = r->heading && !r->in_cell;
    r->line = cs_node_add(r->arena, r->block,
                          heading ? CS_NODE_HEADING : CS_NODE_PARAGRAPH);
    if (r->line && heading)
        r->line->level = r->heading;
    return r->line != NULL;
}

static void put_anchor(struct cs_storage_reader *r)
{
    (void)cs_node_add_text(r->arena, r->line, CS_NODE_ANCHOR, r->anchor,
                           strlen(r->anchor));
    r->anchor = NULL;
}

void cs_storage_add_anchor(struct cs_storage_reader *r, const char *name)
{
    if (!name)
        return;
    r->anchor = name;
    if (r->line)
        put_anchor(r);
}

static bool is_blank_text(enum cs_node_kind kind, const char *text, size_t len)
{
    return kind == CS_NODE_TEXT && cs_node_is_blank(text, len);
}

struct cs_node *cs_storage_add_leaf(struct cs_storage_reader *r,
                                    enum cs_node_kind kind, const char *text,
                                    size_t len)
{
    if (!begin_line(r))
        return NULL;
    if (r->parted && kind != CS_NODE_BREAK && !is_blank_text(kind, text, len)) {
        r->parted = false;
        if (r->pinned && r->shown > r->pinned_at)
            cs_storage_add_text(r, " ", 1);
    }
    if (r->anchor)
        put_anchor(r);
    struct cs_node *leaf = cs_node_add_text(r->arena, r->line, kind, text, len);
    if (leaf) {
        leaf->marks = r->marks;
        leaf->link = r->link;
        r->shown++;
    }
    return leaf;
}

static bool ends_in_break(const struct cs_storage_reader *r)
{
    const struct cs_node *last = r->line ? r->line->last : NULL;
    return last && last->kind == CS_NODE_BREAK;
}

void cs_storage_add_text(struct cs_storage_reader *r, const char *text,
                         size_t len)
{
    if (len == 0)
        return;
    bool blank = cs_node_is_blank(text, len);
    if (blank && (!r->line || ends_in_break(r) || (r->parted && r->pinned)))
        return;
    (void)cs_storage_add_leaf(r, CS_NODE_TEXT, text, len);
    if (blank)
        r->shown--;
}

void cs_storage_add_string(struct cs_storage_reader *r, const char *text)
{
    if (text)
        cs_storage_add_text(r, text, strlen(text));
}

void cs_storage_add_word(struct cs_storage_reader *r, const char *text,
                         unsigned marks)
{
    if (!text || cs_node_is_blank(text, strlen(text)))
        return;
    struct cs_node *leaf =
        cs_storage_add_leaf(r, CS_NODE_TEXT, text, strlen(text));
    if (leaf) {
        leaf->marks |= (uint16_t)marks;
        leaf->apart = true;
    }
}

void cs_storage_add_break(struct cs_storage_reader *r)
{
    if (!r->line)
        return;
    if (ends_in_break(r) && !r->pinned) {
        cs_storage_end_line(r);
        return;
    }
    if (cs_storage_add_leaf(r, CS_NODE_BREAK, NULL, 0))
        r->shown--;
}

void cs_storage_add_title(struct cs_storage_reader *r, const char *title)
{
    if (!title || cs_node_is_blank(title, strlen(title)))
        return;
    cs_storage_end_line(r);
    uint16_t marks = r->marks;
    r->marks |= CS_MARK_BIT(CS_MARK_STRONG);
    cs_storage_add_string(r, title);
    r->marks = marks;
    cs_storage_end_line(r);
}

/* Only what an info string may hold: no blanks, no backticks. */
static const char *clean_language(struct cs_arena *arena, const char *language)
{
    size_t n = 0;
    if (!language || !(n = strlen(language)) || n > 40)
        return NULL;
    char *clean = cs_arena_strdup(arena, language);
    n = 0;
    for (const char *p = language; clean && *p; p++) {
        if (cs_ascii_is_alnum(*p) || strchr("+#.-_", *p))
            clean[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
        else if (n && (*p == ' ' || *p == '/'))
            clean[n++] = '-';
    }
    if (clean)
        clean[n] = '\0';
    return n ? clean : NULL;
}

void cs_storage_add_code(struct cs_storage_reader *r, const char *text,
                         size_t len, const char *language)
{
    if (!text || cs_node_is_blank(text, len))
        return;
    struct cs_node *code = cs_storage_add_block(r, CS_NODE_CODE);
    if (!code)
        return;
    code->text = text;
    code->len = len;
    code->language = clean_language(r->arena, language);
    r->shown++;
}

struct cs_node *cs_storage_add_quote(struct cs_storage_reader *r,
                                     enum cs_alert alert)
{
    cs_storage_end_line(r);
    if (cs_storage_is_deep(r)) {
        cs_storage_set_outcome(r, CS_OUTCOME_DEGRADED);
        return NULL;
    }
    struct cs_node *quote = cs_storage_add_block(r, CS_NODE_QUOTE);
    if (quote)
        quote->alert = alert;
    return quote;
}

/* Reading */

const char *cs_storage_text(struct cs_storage_reader *r,
                            const struct cs_xml *xml)
{
    size_t len = 0;
    const char *text = cs_xml_text(r->arena, xml, &len);
    if (!text || cs_node_is_blank(text, len))
        return NULL;
    for (; cs_ascii_is_space(*text); len--)
        text++;
    while (len > 0 && cs_ascii_is_space(text[len - 1]))
        len--;
    return cs_arena_strndup(r->arena, text, len);
}

static void read_counted(struct cs_storage_reader *r, const struct cs_xml *xml,
                         const struct cs_storage_element *row)
{
    enum cs_outcome outcome = CS_OUTCOME_RENDERED, *outer = r->outcome;
    r->outcome = &outcome;
    row->read(r, xml, row->arg);
    r->outcome = outer;
    cs_storage_count(r, "element", row->name, outcome);
}

void cs_storage_read(struct cs_storage_reader *r, const struct cs_xml *xml)
{
    if (!xml->name) {
        cs_storage_add_text(r, xml->text, xml->len);
        return;
    }
    const struct cs_storage_element *row = xml->name->class;
    if (row && row->counted) {
        read_counted(r, xml, row);
    } else if (row) {
        row->read(r, xml, row->arg);
    } else {
        cs_storage_count(r, "element", xml->name->text, CS_OUTCOME_KEPT_RAW);
        cs_storage_read_children(r, xml);
    }
}

void cs_storage_read_children(struct cs_storage_reader *r,
                              const struct cs_xml *xml)
{
    if (!xml->name)
        return;
    for (const struct cs_xml *at = xml->first; at; at = at->next)
        cs_storage_read(r, at);
}

void cs_storage_read_into(struct cs_storage_reader *r, struct cs_node *block,
                          const struct cs_xml *xml)
{
    struct cs_node *outer = r->block;
    unsigned pinned = r->pinned;
    uint8_t heading = r->heading;
    const struct cs_xml *paragraph = r->paragraph;
    if (!block)
        return;
    r->block = block;
    r->line = NULL;
    r->pinned = 0;
    r->heading = 0;
    r->paragraph = NULL;
    r->depth++;
    cs_storage_read_children(r, xml);
    r->depth--;
    r->block = outer;
    r->line = NULL;
    r->pinned = pinned;
    r->heading = heading;
    r->paragraph = paragraph;
}

void cs_storage_read_inline(struct cs_storage_reader *r,
                            const struct cs_xml *xml)
{
    size_t pinned_at = r->pinned_at;
    r->pinned_at = r->shown;
    r->pinned++;
    cs_storage_read_children(r, xml);
    r->pinned--;
    r->pinned_at = pinned_at;
}
