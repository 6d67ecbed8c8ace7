/*
 * expr_grammar.c - operators and parentheses, by recursive descent.
 *
 *     or    = and { ("OR" | "|") and }
 *     and   = unary { ["AND"] unary }
 *     unary = { "NOT" | "-" | "+" } near
 *     near  = term { ("NEAR" | "ADJ") ["/" digits] term }
 *     term  = ["="] ( "(" or ")" | field | leaf )
 *
 * Every function takes what it can and leaves the rest; only a parenthesis goes
 * one level deeper.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

static bool take_mark(struct cs_expr_parser *p, char mark)
{
    if (p->at == p->len || p->text[p->at] != mark ||
        !cs_expr_is_mark(p->text + p->at, p->len - p->at) ||
        cs_expr_blank_at(p, p->at + 1))
        return false;
    p->at++;
    return true;
}

struct cs_expr_part *cs_expr_parse_group(struct cs_expr_parser *p,
                                         const struct cs_expr_scope *scope)
{
    size_t start = p->at++;
    p->depth++;
    struct cs_expr_part *part = cs_expr_parse_or(p, scope);
    p->depth--;
    while (++start < p->at && cs_expr_blank_at(p, start))
        continue;
    if (start == p->at)
        cs_expr_note(p, CS_EXPR_NOTE_EMPTY);
    if (p->at < p->len)
        p->at++;
    else
        cs_expr_note(p, CS_EXPR_NOTE_OPEN);
    return part;
}

/* Behind NEAR (`operand`) no clause in Confluence's way can stand. */
static struct cs_expr_part *parse_term(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope,
                                       bool operand)
{
    struct cs_expr_scope inner = *scope;
    struct cs_expr_part *part = NULL;
    bool marked = p->at && strchr("-+", p->text[p->at - 1]);
    cs_expr_skip_blanks(p);
    if (take_mark(p, '='))
        marked = inner.exact = true;
    if (p->at == p->len || p->text[p->at] == ')' || p->text[p->at] == '|' ||
        (!marked && cs_expr_operator_at(p).op))
        return NULL;
    p->after_cql = false;
    if (p->text[p->at] == '(' && p->depth < CS_EXPR_DEPTH_MAX)
        return cs_expr_parse_group(p, &inner);
    if (p->text[p->at] == '(') {
        cs_expr_note(p, CS_EXPR_NOTE_DEPTH);
        p->ignored++;
        p->at++;
        return NULL;
    }
    if ((!operand && cs_expr_read_cql(p, &inner, &part)) ||
        cs_expr_read_field(p, &inner, &part))
        return part;
    return cs_expr_read_leaf(p, &inner);
}

static bool may_be_near(const struct cs_expr_part *a,
                        const struct cs_expr_part *b)
{
    bool leaves =
        (a->node.kind == CS_EXPR_WORD || a->node.kind == CS_EXPR_PHRASE) &&
        (b->node.kind == CS_EXPR_WORD || b->node.kind == CS_EXPR_PHRASE);
    return leaves && a->node.fields == b->node.fields;
}

/* What NEAR cannot join stays beside it, all of it wanted. */
static struct cs_expr_part *parse_near(struct cs_expr_parser *p,
                                       const struct cs_expr_scope *scope)
{
    struct cs_expr_list close = {0}, all = {0};
    struct cs_expr_operator first = {0};
    cs_expr_add(&close, parse_term(p, scope, false));
    for (;;) {
        cs_expr_skip_blanks(p);
        struct cs_expr_operator found = cs_expr_operator_at(p);
        if (found.op != CS_EXPR_OP_NEAR && found.op != CS_EXPR_OP_ADJ)
            break;
        p->at += found.len;
        struct cs_expr_part *right = parse_term(p, scope, true);
        if (found.too_far)
            cs_expr_note(p, CS_EXPR_NOTE_SLOP);
        if (!right || !close.last) {
            cs_expr_note(p, CS_EXPR_NOTE_NO_SIDE);
            cs_expr_add(&close, right);
        } else if (!may_be_near(close.last, right)) {
            cs_expr_note(p, CS_EXPR_NOTE_NEAR);
            cs_expr_add(&all, right);
        } else {
            if (close.n == 1)
                first = found;
            else if (first.op != found.op || first.slop != found.slop)
                cs_expr_note(p, CS_EXPR_NOTE_CHAIN);
            cs_expr_add(&close, right);
        }
    }
    struct cs_expr_part *part = cs_expr_join(p, CS_EXPR_NEAR, &close);
    if (part && close.n > 1) {
        part->node.slop = first.slop;
        part->node.ordered = first.op == CS_EXPR_OP_ADJ;
        part->node.fields = close.first->node.fields;
        for (struct cs_expr_part *c = close.first; c; c = c->next) {
            part->node.required = part->node.required || c->node.required;
            c->node.required = false;
        }
    }
    if (!all.n)
        return part;
    struct cs_expr_list both = {0};
    cs_expr_add(&both, part);
    cs_expr_add(&both, cs_expr_join(p, CS_EXPR_AND, &all));
    return cs_expr_join(p, CS_EXPR_AND, &both);
}

static void require(struct cs_expr_part *part)
{
    if (part->node.kind == CS_EXPR_AND)
        for (struct cs_expr_part *c = part->first; c; c = c->next)
            require(c);
    else
        part->node.required = part->node.kind != CS_EXPR_NOT;
}

/* People who paste a heading in capitals do not mean NOT, and those who paste
 * a command do not mean `-x`. */
static void hint_at_not(struct cs_expr_parser *p,
                        const struct cs_expr_part *part, bool word)
{
    const char *text = part ? part->node.text : NULL;
    if (!text || part->node.kind != CS_EXPR_WORD)
        return;
    bool capitals = true;
    for (const char *c = text; *c; c++)
        capitals = capitals && !(*c >= 'a' && *c <= 'z');
    if (word && capitals && strlen(text) > 1)
        cs_expr_hint(p->expr, p->arena,
                     "NOT excludes pages with '%s'; as text: \"not %s\"", text,
                     text);
    else if (!word && strlen(text) == 1)
        cs_expr_hint(p->expr, p->arena,
                     "-%s excludes pages with '%s'; as text: \"-%s\"", text,
                     text, text);
}

static struct cs_expr_part *parse_unary(struct cs_expr_parser *p,
                                        const struct cs_expr_scope *scope)
{
    bool negated = false, word = false;
    for (;;) {
        struct cs_expr_operator found = cs_expr_operator_at(p);
        if (found.op != CS_EXPR_OP_NOT)
            break;
        p->at += found.len;
        negated = !negated;
        word = true;
        cs_expr_skip_blanks(p);
    }
    bool minus = take_mark(p, '-'), plus = take_mark(p, '+');
    struct cs_expr_part *part = parse_near(p, scope);
    if (!part && word)
        cs_expr_note(p, CS_EXPR_NOTE_NOT);
    if (negated != minus) {
        hint_at_not(p, part, word);
        return cs_expr_negate(p, part);
    }
    if (part && plus)
        require(part);
    return part;
}

/* A ")" that ends no group is passed over. */
static bool take_stray(struct cs_expr_parser *p)
{
    if (p->at == p->len || p->text[p->at] != ')')
        return false;
    if (p->ignored)
        p->ignored--;
    else if (p->depth)
        return false;
    else
        cs_expr_note(p, CS_EXPR_NOTE_CLOSE);
    p->at++;
    return true;
}

static struct cs_expr_part *parse_and(struct cs_expr_parser *p,
                                      const struct cs_expr_scope *scope)
{
    struct cs_expr_list parts = {0};
    bool waiting = false; /* behind an AND */
    bool words_before = false;
    for (;;) {
        cs_expr_skip_blanks(p);
        if (take_stray(p))
            continue;
        if (p->at == p->len || p->text[p->at] == ')')
            break;
        struct cs_expr_operator found = cs_expr_operator_at(p);
        if (found.op == CS_EXPR_OP_OR)
            break;
        if (found.op == CS_EXPR_OP_AND) {
            if (waiting || !parts.n)
                cs_expr_note(p, CS_EXPR_NOTE_NO_SIDE);
            waiting = true;
            p->at += found.len;
            continue;
        }
        if (cs_expr_read_order_by(p))
            continue;
        struct cs_expr_part *part = parse_unary(p, scope);
        cs_expr_add(&parts, part);
        bool words = part && part->node.kind != CS_EXPR_FILTER;
        if (waiting && words && words_before)
            p->expr->conjunction = true;
        words_before = words;
        waiting = false;
    }
    if (waiting)
        cs_expr_note(p, CS_EXPR_NOTE_NO_SIDE);
    return cs_expr_join(p, CS_EXPR_AND, &parts);
}

struct cs_expr_part *cs_expr_parse_or(struct cs_expr_parser *p,
                                      const struct cs_expr_scope *scope)
{
    struct cs_expr_list parts = {0};
    for (;;) {
        struct cs_expr_part *part = parse_and(p, scope);
        cs_expr_add(&parts, part);
        struct cs_expr_operator found = cs_expr_operator_at(p);
        if (found.op != CS_EXPR_OP_OR)
            return cs_expr_join(p, CS_EXPR_OR, &parts);
        p->at += found.len;
        cs_expr_skip_blanks(p);
        size_t at = p->at;
        bool ends = at == p->len || p->text[at] == ')' ||
                    cs_expr_operator_at(p).op == CS_EXPR_OP_OR ||
                    cs_expr_operator_at(p).op == CS_EXPR_OP_AND;
        if (!part || ends)
            cs_expr_note(p, CS_EXPR_NOTE_NO_SIDE);
    }
}
