/*
 * expr_part.c - parts of a tree that is being built, and what is said about it.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

#include <stdarg.h>

static const char *const notes[CS_EXPR_NOTES] = {
    [CS_EXPR_NOTE_CUT] = "the query is too long: only its first 4096 bytes "
                         "count",
    [CS_EXPR_NOTE_LEAVES] = "only the first 64 words and values count",
    [CS_EXPR_NOTE_DEPTH] = "parentheses are nested too deep: the inner ones "
                           "are ignored",
    [CS_EXPR_NOTE_OPEN] = "a ( is not closed: it goes to the end",
    [CS_EXPR_NOTE_CLOSE] = "a ) without its ( is ignored",
    [CS_EXPR_NOTE_EMPTY] = "() holds nothing to search for",
    [CS_EXPR_NOTE_QUOTE] = "a quote is not closed: the phrase goes to the end",
    [CS_EXPR_NOTE_NO_SIDE] = "an operator has nothing on one side: ignored",
    [CS_EXPR_NOTE_NOT] = "NOT has nothing behind it: ignored",
    [CS_EXPR_NOTE_NEAR] = "NEAR and ADJ take words and phrases of one field: "
                          "read as AND",
    [CS_EXPR_NOTE_CHAIN] = "the first of several NEAR and ADJ in a row counts "
                           "for all",
    [CS_EXPR_NOTE_SLOP] = "a distance of more than 1000 words counts as 1000",
    [CS_EXPR_NOTE_MIXED] = "filters cannot stand beside words in an OR: they "
                           "hold for the whole query, one of them is enough",
    [CS_EXPR_NOTE_NEGATIVE] = "what is only excluded cannot stand beside words "
                              "in an OR: ignored",
};

/* Add a note unless it is there already. */
static void add_note(struct cs_arena *arena, const char **list, size_t *n,
                     const char *text)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i], text) == 0)
            return;
    list[*n] = cs_arena_strdup(arena, text);
    if (list[*n])
        (*n)++;
}

enum { NOTE_SIZE = 512, SHOWN_MAX = 80 };

int cs_expr_shown(const char *text, size_t len)
{
    return (int)(len > SHOWN_MAX ? cs_text_cut(text, len, SHOWN_MAX) : len);
}

/* Keep a note valid where it was cut. */
static void cut_note(char text[NOTE_SIZE], int wanted)
{
    if (wanted >= NOTE_SIZE)
        text[cs_text_cut(text, NOTE_SIZE - 1, NOTE_SIZE - 8)] = '\0';
}

void cs_expr_warn(struct cs_expr *expr, struct cs_arena *arena, const char *fmt,
                  ...)
{
    char text[NOTE_SIZE] = "";
    va_list args;
    if (expr->n_warnings == CS_EXPR_NOTES_MAX)
        return;
    va_start(args, fmt);
    cut_note(text, vsnprintf(text, sizeof(text), fmt, args));
    va_end(args);
    add_note(arena, expr->warnings, &expr->n_warnings, text);
}

void cs_expr_hint(struct cs_expr *expr, struct cs_arena *arena, const char *fmt,
                  ...)
{
    char text[NOTE_SIZE] = "";
    va_list args;
    if (expr->n_hints == CS_EXPR_NOTES_MAX)
        return;
    va_start(args, fmt);
    cut_note(text, vsnprintf(text, sizeof(text), fmt, args));
    va_end(args);
    add_note(arena, expr->hints, &expr->n_hints, text);
}

void cs_expr_note(struct cs_expr_parser *p, enum cs_expr_note note)
{
    unsigned bit = 1U << note;
    if (!(p->noted & bit))
        cs_expr_warn(p->expr, p->arena, "%s", notes[note]);
    p->noted |= bit;
}

struct cs_expr_part *cs_expr_part_new(struct cs_expr_parser *p,
                                      enum cs_expr_kind kind, size_t at,
                                      size_t end)
{
    struct cs_expr_part *part = cs_arena_alloc(p->arena, sizeof(*part));
    if (!part)
        return NULL;
    part->node.kind = kind;
    part->node.at = at;
    part->node.end = end;
    return part;
}

void cs_expr_add(struct cs_expr_list *list, struct cs_expr_part *part)
{
    if (!part)
        return;
    part->next = NULL;
    if (list->last)
        list->last->next = part;
    else
        list->first = part;
    list->last = part;
    list->n++;
}

struct cs_expr_part *cs_expr_join(struct cs_expr_parser *p,
                                  enum cs_expr_kind kind,
                                  const struct cs_expr_list *list)
{
    if (list->n < 2)
        return list->first;
    struct cs_expr_part *part =
        cs_expr_part_new(p, kind, list->first->node.at, list->last->node.end);
    if (part)
        part->first = list->first;
    return part;
}

struct cs_expr_part *cs_expr_negate(struct cs_expr_parser *p,
                                    struct cs_expr_part *part)
{
    if (!part)
        return NULL;
    struct cs_expr_part *not_part =
        cs_expr_part_new(p, CS_EXPR_NOT, part->node.at, part->node.end);
    if (not_part) {
        part->next = NULL;
        not_part->first = part;
    }
    return not_part;
}

const struct cs_expr_node *cs_expr_seal(struct cs_expr_part *part)
{
    if (!part)
        return NULL;
    part->node.first = part->first ? &part->first->node : NULL;
    for (struct cs_expr_part *c = part->first; c; c = c->next) {
        (void)cs_expr_seal(c);
        c->node.next = c->next ? &c->next->node : NULL;
    }
    return &part->node;
}

bool cs_expr_leaf_fits(struct cs_expr_parser *p)
{
    if (p->leaves == CS_EXPR_LEAVES_MAX) {
        cs_expr_note(p, CS_EXPR_NOTE_LEAVES);
        return false;
    }
    p->leaves++;
    return true;
}
