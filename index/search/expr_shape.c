/*
 * expr_shape.c - words apart from filters, NOTs where they may stand.
 *
 * First the tree is taken apart. In an AND that is exact; where words and
 * filters are alternatives, the filters are lifted out, with a note. Then each
 * tree gets the shape that expr.h promises.
 */
#include "index/search/expr_parts.h"

/* The two trees of a part; either may be NULL. */
struct apart {
    struct cs_expr_part *words, *filters;
};

enum { HAS_WORDS = 1, HAS_FILTERS = 2 };

static unsigned contents(const struct cs_expr_part *part)
{
    unsigned found = 0;
    if (part->node.kind == CS_EXPR_FILTER)
        return HAS_FILTERS;
    if (!part->first)
        return HAS_WORDS;
    for (const struct cs_expr_part *c = part->first; c; c = c->next)
        found |= contents(c);
    return found;
}

/* Join, and keep what was said of the whole. */
static struct cs_expr_part *join(struct cs_expr_parser *p,
                                 enum cs_expr_kind kind,
                                 const struct cs_expr_list *list, bool required)
{
    struct cs_expr_part *part = cs_expr_join(p, kind, list);
    if (!part || !required)
        return part;
    if (part->node.kind == CS_EXPR_AND)
        for (struct cs_expr_part *c = part->first; c; c = c->next)
            c->node.required = c->node.kind != CS_EXPR_NOT;
    else
        part->node.required = part->node.kind != CS_EXPR_NOT;
    return part;
}

/* Put the children of parts of this kind in their place. */
static void add_flat(struct cs_expr_list *list, enum cs_expr_kind kind,
                     struct cs_expr_part *part)
{
    struct cs_expr_part *next;
    if (!part || part->node.kind != kind || part->node.required) {
        cs_expr_add(list, part);
        return;
    }
    for (struct cs_expr_part *c = part->first; c; c = next) {
        next = c->next;
        add_flat(list, kind, c);
    }
}

static bool is_negative(const struct cs_expr_part *part)
{
    return part->node.kind == CS_EXPR_NOT ||
           (part->node.kind == CS_EXPR_AND &&
            part->first->node.kind == CS_EXPR_NOT);
}

/* These take parts in their final shape and give such. A negative part is a NOT
 * of a positive one, or an AND of such NOTs. */
static struct cs_expr_part *make_not(struct cs_expr_parser *p,
                                     struct cs_expr_part *part);

/* Positive ones first. */
static struct cs_expr_part *make_and(struct cs_expr_parser *p,
                                     const struct cs_expr_list *parts)
{
    struct cs_expr_list flat = {0}, positive = {0}, negative = {0};
    struct cs_expr_part *next;
    for (struct cs_expr_part *c = parts->first; c; c = next) {
        next = c->next;
        add_flat(&flat, CS_EXPR_AND, c);
    }
    for (struct cs_expr_part *c = flat.first; c; c = next) {
        next = c->next;
        cs_expr_add(c->node.kind == CS_EXPR_NOT ? &negative : &positive, c);
    }
    for (struct cs_expr_part *c = negative.first; c; c = next) {
        next = c->next;
        cs_expr_add(&positive, c);
    }
    return cs_expr_join(p, CS_EXPR_AND, &positive);
}

/* Beside positive parts negative ones are dropped. */
static struct cs_expr_part *make_or(struct cs_expr_parser *p,
                                    const struct cs_expr_list *parts,
                                    bool required)
{
    struct cs_expr_list positive = {0}, negative = {0};
    struct cs_expr_part *next;
    for (struct cs_expr_part *c = parts->first; c; c = next) {
        next = c->next;
        if (is_negative(c))
            cs_expr_add(&negative, c);
        else
            add_flat(&positive, CS_EXPR_OR, c);
    }
    if (positive.n) {
        if (negative.n)
            cs_expr_note(p, CS_EXPR_NOTE_NEGATIVE);
        return join(p, CS_EXPR_OR, &positive, required);
    }
    for (struct cs_expr_part *c = negative.first; c; c = next) {
        next = c->next; /* not a, or not b: not both */
        cs_expr_add(&positive, make_not(p, c));
    }
    if (negative.n < 2)
        return negative.n ? make_not(p, positive.first) : NULL;
    return make_not(p, make_and(p, &positive));
}

static struct cs_expr_part *make_not(struct cs_expr_parser *p,
                                     struct cs_expr_part *part)
{
    struct cs_expr_list parts = {0};
    struct cs_expr_part *next;
    if (!part)
        return NULL;
    if (part->node.kind == CS_EXPR_NOT)
        return part->first;
    bool or_part = part->node.kind == CS_EXPR_OR;
    if (!or_part && !is_negative(part))
        return cs_expr_negate(p, part);
    for (struct cs_expr_part *c = part->first; c; c = next) {
        next = c->next;
        cs_expr_add(&parts, or_part ? cs_expr_negate(p, c) : c->first);
    }
    if (or_part)
        return cs_expr_join(p, CS_EXPR_AND, &parts);
    return make_or(p, &parts, false);
}

/* What must not be there cannot be required. */
static void relax(struct cs_expr_part *part)
{
    part->node.required = false;
    for (struct cs_expr_part *c = part->first; c; c = c->next)
        relax(c);
}

static struct cs_expr_part *tidy(struct cs_expr_parser *p,
                                 struct cs_expr_part *part)
{
    struct cs_expr_list parts = {0};
    struct cs_expr_part *next;
    if (!part || !part->first || part->node.kind == CS_EXPR_NEAR)
        return part;
    if (part->node.kind == CS_EXPR_NOT)
        relax(part->first);
    for (struct cs_expr_part *c = part->first; c; c = next) {
        next = c->next;
        cs_expr_add(&parts, tidy(p, c));
    }
    if (part->node.kind == CS_EXPR_NOT)
        return make_not(p, parts.first);
    if (part->node.kind == CS_EXPR_OR)
        return make_or(p, &parts, part->node.required);
    return make_and(p, &parts);
}

/* May the values of `b` stand beside those of `a` in one filter? With AND, that
 * is so for what a page has only one of, and for what it must not have. */
static bool may_merge(enum cs_expr_kind kind, const struct cs_expr_part *a,
                      const struct cs_expr_part *b)
{
    if (a->node.kind != CS_EXPR_FILTER || b->node.kind != CS_EXPR_FILTER ||
        a->node.filter != b->node.filter || a->node.negated != b->node.negated)
        return false;
    if (kind == CS_EXPR_OR)
        return !a->node.negated;
    return a->node.negated || cs_expr_filter_is_single(a->node.filter);
}

static struct cs_expr_part *join_filters(struct cs_expr_parser *p,
                                         enum cs_expr_kind kind,
                                         const struct cs_expr_list *parts)
{
    struct cs_expr_list flat = {0}, merged = {0};
    struct cs_expr_part *next, *same;
    for (struct cs_expr_part *c = parts->first; c; c = next) {
        next = c->next;
        add_flat(&flat, kind, c);
    }
    for (struct cs_expr_part *c = flat.first; c; c = next) {
        next = c->next;
        for (same = merged.first; same && !may_merge(kind, same, c);)
            same = same->next;
        if (same)
            cs_expr_values_join(same, c);
        else
            cs_expr_add(&merged, c);
    }
    return cs_expr_join(p, kind, &merged);
}

/* Filters alone, with negation moved to the leaves. */
static struct cs_expr_part *filters_of(struct cs_expr_parser *p,
                                       struct cs_expr_part *part, bool negated)
{
    struct cs_expr_list parts = {0};
    struct cs_expr_part *next;
    if (part->node.kind == CS_EXPR_FILTER) {
        part->node.negated = part->node.negated != negated;
        part->node.required = false;
        return part;
    }
    if (part->node.kind == CS_EXPR_NOT)
        return filters_of(p, part->first, !negated);
    for (struct cs_expr_part *c = part->first; c; c = next) {
        next = c->next;
        cs_expr_add(&parts, filters_of(p, c, negated));
    }
    bool all = (part->node.kind == CS_EXPR_AND) != negated;
    return join_filters(p, all ? CS_EXPR_AND : CS_EXPR_OR, &parts);
}

static struct apart take_apart(struct cs_expr_parser *p,
                               struct cs_expr_part *part, bool negated)
{
    struct cs_expr_list words = {0}, filters = {0};
    struct cs_expr_part *next;
    unsigned found = contents(part);
    if (!(found & HAS_FILTERS))
        return (struct apart){negated ? cs_expr_negate(p, part) : part, NULL};
    if (!(found & HAS_WORDS))
        return (struct apart){NULL, filters_of(p, part, negated)};
    if (part->node.kind == CS_EXPR_NOT)
        return take_apart(p, part->first, !negated);
    bool all = (part->node.kind == CS_EXPR_AND) != negated;
    bool required = part->node.required && !negated;
    for (struct cs_expr_part *c = part->first; c; c = next) {
        next = c->next;
        c->next = NULL;
        struct apart inner = take_apart(p, c, negated);
        cs_expr_add(&words, inner.words);
        cs_expr_add(&filters, inner.filters);
    }
    if (!all)
        cs_expr_note(p, CS_EXPR_NOTE_MIXED);
    enum cs_expr_kind kind = all ? CS_EXPR_AND : CS_EXPR_OR;
    return (struct apart){join(p, kind, &words, required),
                          join_filters(p, kind, &filters)};
}

static void count(struct cs_expr *expr, const struct cs_expr_node *node,
                  bool negated)
{
    if (!node->first) {
        expr->n_leaves++;
        expr->n_words += node->kind == CS_EXPR_WORD && !negated;
    }
    for (const struct cs_expr_node *c = node->first; c; c = c->next)
        count(expr, c, negated || node->kind == CS_EXPR_NOT);
}

static bool is_plain_word(const struct cs_expr_node *node)
{
    return node->kind == CS_EXPR_WORD && !node->fields && !node->exact &&
           !node->prefix && !node->fuzzy && !node->required;
}

static bool is_plain(const struct cs_expr_node *root)
{
    if (!root || root->kind != CS_EXPR_AND)
        return root && is_plain_word(root);
    for (const struct cs_expr_node *c = root->first; c; c = c->next)
        if (!is_plain_word(c))
            return false;
    return true;
}

void cs_expr_shape(struct cs_expr_parser *p, struct cs_expr_part *part)
{
    struct apart apart = {0};
    struct cs_expr *expr = p->expr;
    if (part)
        apart = take_apart(p, part, false);
    struct cs_expr_part *words = tidy(p, apart.words);
    if (words)
        expr->only_negative = is_negative(words);
    if (apart.filters && apart.filters->node.kind != CS_EXPR_AND) {
        struct cs_expr_part *all = cs_expr_part_new(
            p, CS_EXPR_AND, apart.filters->node.at, apart.filters->node.end);
        if (!all)
            return;
        apart.filters->next = NULL;
        all->first = apart.filters;
        apart.filters = all;
    }
    if (words)
        words->next = NULL;
    expr->root = cs_expr_seal(words);
    expr->filters = cs_expr_seal(apart.filters);
    if (expr->root)
        count(expr, expr->root, false);
    expr->plain = is_plain(expr->root);
}
