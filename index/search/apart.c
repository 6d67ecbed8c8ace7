/*
 * apart.c - one word for each part of a compound.
 */
#include "index/search/apart.h"

#include "index/words/split.h"

#include <utf8proc.h>

struct apart {
    struct cs_arena *arena;
    struct cs_expr_node *first, *last;
    size_t n;
    bool any; /* something was taken apart */
};

static void add(struct apart *apart, const struct cs_expr_node *node)
{
    struct cs_expr_node *copy =
        apart->n < CS_EXPR_LEAVES_MAX
            ? cs_arena_alloc(apart->arena, sizeof(*copy))
            : NULL;
    if (!copy)
        return;
    *copy = *node;
    copy->next = NULL;
    if (apart->last)
        apart->last->next = copy;
    else
        apart->first = copy;
    apart->last = copy;
    apart->n++;
}

/* Hiragana alone is grammar more often than not; one character that stands for
 * the end of a run is in the pair before it. */
static bool is_telling(const struct cs_expr_token *token)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)token->text;
    utf8proc_ssize_t left = (utf8proc_ssize_t)token->len, took = 0;
    size_t n = 0;
    bool other = false;
    for (; left > 0; at += took, left -= took, n++) {
        utf8proc_int32_t c = 0;
        took = utf8proc_iterate(at, left, &c);
        if (took <= 0)
            return false;
        other |= c < 0x3041 || c > 0x309f;
    }
    return other && (n > 1 || !token->pair);
}

static void add_token(struct apart *apart, const struct cs_expr_node *node,
                      const struct cs_expr_token *token)
{
    struct cs_expr_node part = *node;
    part.text = cs_arena_strndup(apart->arena, token->text, token->len);
    part.tokens = token;
    part.n_tokens = 1;
    if (part.text)
        add(apart, &part);
}

static void add_parts(struct apart *apart, const struct cs_expr_node *node)
{
    size_t n = 0, telling = 0;
    for (size_t i = 0; i < node->n_tokens; i++)
        if (!node->tokens[i].whole) {
            n++;
            telling += is_telling(&node->tokens[i]);
        }
    if (n < 2 || node->text[strcspn(node->text, "0123456789")]) {
        add(apart, node);
        return;
    }
    apart->any = true;
    for (size_t i = 0; i < node->n_tokens; i++)
        if (!node->tokens[i].whole &&
            (telling == 0 || is_telling(&node->tokens[i])))
            add_token(apart, node, &node->tokens[i]);
}

bool cs_expr_apart(struct cs_arena *arena, const struct cs_expr *expr,
                   struct cs_expr *ret)
{
    struct apart apart = {.arena = arena};
    if (!expr->plain || !expr->root)
        return false;
    if (expr->root->kind == CS_EXPR_WORD)
        add_parts(&apart, expr->root);
    else
        for (const struct cs_expr_node *node = expr->root->first; node;
             node = node->next)
            add_parts(&apart, node);
    struct cs_expr_node *list = cs_arena_alloc(arena, sizeof(*list));
    if (!list || !apart.any || apart.n == 0)
        return false;
    *list = (struct cs_expr_node){
        .kind = CS_EXPR_AND, .first = apart.first, .end = expr->root->end};
    *ret = *expr;
    ret->root = apart.n == 1 ? apart.first : list;
    ret->n_words = ret->n_leaves = apart.n;
    return true;
}
