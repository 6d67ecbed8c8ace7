/*
 * expr_dump.c - trees in prefix form; the shape that they must have.
 */
#include "tests/lib/expr_dump.h"

#include "index/words/fields.h"
#include "src/text.h"

static const char *const kinds[CS_EXPR_KINDS] = {
    [CS_EXPR_AND] = "and", [CS_EXPR_OR] = "or", [CS_EXPR_NOT] = "not"};

static void put_marks(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    bool exact = node->exact && node->kind != CS_EXPR_PHRASE;
    if (!(node->required || exact || node->prefix || node->fuzzy ||
          node->fields || (node->slop && node->kind == CS_EXPR_PHRASE)))
        return;
    cs_strbuf_putc(out, '{');
    for (unsigned i = 0; i < CS_FIELDS; i++)
        if (node->fields & 1U << i)
            cs_strbuf_puts(out, cs_field_name((enum cs_field)i));
    cs_strbuf_puts(out, node->required ? "+" : "");
    cs_strbuf_puts(out, exact ? "=" : "");
    cs_strbuf_puts(out, node->prefix ? "*" : "");
    if (node->fuzzy)
        cs_strbuf_printf(out, "~%u", node->fuzzy);
    if (node->slop && node->kind == CS_EXPR_PHRASE)
        cs_strbuf_printf(out, "~%u", node->slop);
    cs_strbuf_putc(out, '}');
}

static void put_time(int64_t ms, struct cs_strbuf *out)
{
    char text[CS_TIME_TEXT_SIZE];
    if (ms == INT64_MIN || ms == INT64_MAX)
        return;
    cs_time_format(ms, text);
    if (ms % 1000)
        cs_strbuf_printf(out, "%s+%d", text, (int)(ms % 1000));
    else if (cs_str_ends(text, "T00:00:00Z"))
        cs_strbuf_put(out, text, 10);
    else
        cs_strbuf_puts(out, text);
}

static void put_filter(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    const char *border = "=";
    cs_strbuf_printf(out, "%s%s", node->negated ? "-" : "",
                     cs_expr_filter_name(node->filter));
    for (const struct cs_expr_value *v = node->values; v; v = v->next) {
        cs_strbuf_puts(out, border);
        border = ",";
        if (cs_expr_filter_is_time(node->filter)) {
            put_time(v->from_ms, out);
            cs_strbuf_puts(out, "..");
            put_time(v->to_ms, out);
        } else {
            cs_strbuf_printf(out, "%s%s", v->text, v->prefix ? "{*}" : "");
        }
    }
}

static void put(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    if (node->kind == CS_EXPR_FILTER) {
        put_filter(node, out);
        return;
    }
    if (node->kind == CS_EXPR_REGEX)
        cs_strbuf_printf(out, "/%s/%u", node->text, node->regex_flags);
    else if (node->kind == CS_EXPR_PHRASE)
        cs_strbuf_printf(out, "\"%s\"", node->text);
    else if (node->kind == CS_EXPR_WORD)
        cs_strbuf_puts(out, node->text);
    else if (node->kind == CS_EXPR_NEAR)
        cs_strbuf_printf(out, "(%s/%u", node->ordered ? "adj" : "near",
                         node->slop);
    else
        cs_strbuf_printf(out, "(%s", kinds[node->kind]);
    for (const struct cs_expr_node *c = node->first; c; c = c->next) {
        cs_strbuf_putc(out, ' ');
        put(c, out);
    }
    if (node->first)
        cs_strbuf_putc(out, ')');
    put_marks(node, out);
}

void expr_dump(const struct cs_expr *expr, struct cs_strbuf *out)
{
    if (expr->root)
        put(expr->root, out);
    if (expr->filters)
        for (const struct cs_expr_node *c = expr->filters->first; c;
             c = c->next) {
            cs_strbuf_puts(out, out->len ? " & " : "& ");
            put(c, out);
        }
    if (expr->sort)
        cs_strbuf_printf(out, "%s^%s", out->len ? " " : "",
                         cs_expr_sort_name(expr->sort));
}

static size_t children(const struct cs_expr_node *node)
{
    size_t n = 0;
    for (const struct cs_expr_node *c = node->first; c; c = c->next)
        n++;
    return n;
}

static const char *check_leaf(const struct cs_expr_node *node)
{
    if (node->kind == CS_EXPR_FILTER)
        return "a filter among words";
    if (!node->text || !*node->text ||
        !cs_text_valid(node->text, strlen(node->text)))
        return "text of a leaf";
    if ((node->kind == CS_EXPR_REGEX) != (node->n_tokens == 0))
        return "tokens of a leaf";
    return NULL;
}

static const char *check_words(const struct cs_expr_node *node, bool top);

static const char *check_children(const struct cs_expr_node *node, bool top)
{
    bool negative = false;
    for (const struct cs_expr_node *c = node->first; c; c = c->next) {
        bool not_node = c->kind == CS_EXPR_NOT;
        if (c->kind == node->kind && !c->required)
            return "nested in its like";
        if (not_node && node->kind != CS_EXPR_AND)
            return "a NOT outside of AND";
        if (not_node && c == node->first && !top)
            return "an AND of NOTs inside";
        if (negative && !not_node)
            return "a NOT that is not last";
        if (node->kind == CS_EXPR_NEAR && c->kind != CS_EXPR_WORD &&
            c->kind != CS_EXPR_PHRASE)
            return "a child of NEAR";
        negative = negative || not_node;
        const char *wrong = check_words(c, false);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static const char *check_words(const struct cs_expr_node *node, bool top)
{
    size_t n = children(node);
    if (node->kind >= CS_EXPR_WORD)
        return n ? "a leaf with children" : check_leaf(node);
    if (node->kind == CS_EXPR_NOT ? n != 1 : n < 2)
        return "number of children";
    return check_children(node, top);
}

static const char *check_filters(const struct cs_expr_node *node, bool top)
{
    if (node->kind == CS_EXPR_FILTER)
        return !node->values            ? "a filter without values"
               : !node->values->text[0] ? "an empty value"
                                        : NULL;
    if (node->kind != CS_EXPR_AND && node->kind != CS_EXPR_OR)
        return "words among filters";
    if (children(node) < (top ? 1 : 2))
        return "number of filters";
    for (const struct cs_expr_node *c = node->first; c; c = c->next) {
        const char *wrong = check_filters(c, false);
        if (c->kind == node->kind)
            return "filters nested in their like";
        if (wrong)
            return wrong;
    }
    return NULL;
}

const char *expr_misshapen(const struct cs_expr *expr)
{
    const char *wrong = expr->root ? check_words(expr->root, true) : NULL;
    if (wrong || !expr->filters)
        return wrong;
    if (expr->filters->kind != CS_EXPR_AND)
        return "filters are no AND";
    return check_filters(expr->filters, true);
}
