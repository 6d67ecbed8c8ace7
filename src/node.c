/*
 * node.c - making and chaining nodes.
 */
#include "src/node.h"

#include "src/text.h"

struct cs_node *cs_node_add(struct cs_arena *arena, struct cs_node *parent,
                            enum cs_node_kind kind)
{
    struct cs_node *node = cs_arena_alloc(arena, sizeof(*node));
    if (!node)
        return NULL;
    node->kind = kind;
    if (!parent)
        return node;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

struct cs_node *cs_node_add_text(struct cs_arena *arena, struct cs_node *parent,
                                 enum cs_node_kind kind, const char *text,
                                 size_t len)
{
    struct cs_node *node = cs_node_add(arena, parent, kind);
    if (node) {
        node->text = text;
        node->len = len;
    }
    return node;
}

void cs_node_drop_last(struct cs_node *parent, struct cs_node *before)
{
    if (before)
        before->next = NULL;
    else
        parent->first = NULL;
    parent->last = before;
}

bool cs_node_is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f) {
            i++;
            continue;
        }
        if ((unsigned char)text[i] < 0x80)
            return false;
        uint32_t rune;
        i += cs_text_decode(text + i, len - i, &rune);
        if (!cs_rune_is_space(rune) && !cs_rune_is_zero_width(rune) &&
            rune >= 0xa0)
            return false; /* U+0080 to U+009F are controls */
    }
    return true;
}
