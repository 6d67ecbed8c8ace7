/*
 * expr_print.c - trees to text that gives the same trees again.
 */
#include "index/search/expr_parts.h"

#include "index/words/fields.h"
#include "src/text.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* What an operand stands in: the looser ones need parentheses. */
enum place { IN_OR, IN_AND, IN_NOT };

static void put(const struct cs_expr_node *node, enum place place,
                struct cs_strbuf *out);

static void put_list(const struct cs_expr_node *node, const char *between,
                     enum place place, struct cs_strbuf *out)
{
    for (const struct cs_expr_node *c = node->first; c; c = c->next) {
        put(c, place, out);
        if (c->next)
            cs_strbuf_puts(out, between);
    }
}

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cs_ascii_casecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* A field with an operator, such as `space=`, takes what comes next. */
static bool ends_in_operator(const char *text, size_t len)
{
    char more[64];
    if (len > sizeof(more) / 2)
        return false;
    int n = snprintf(more, sizeof(more), "%s \"x", text);
    const struct cs_expr_parser p = {.text = more, .len = (size_t)n};
    return cs_expr_is_clause_at(&p, 0);
}

/* Would the word and what comes behind it be read as one of Confluence's
 * clauses? */
static bool opens_clause(const struct cs_expr_node *node)
{
    static const char *const words[] = {"in", "not", "by"};
    const struct cs_expr_node *next = node->next;
    if (next && next->kind == CS_EXPR_NEAR)
        next = next->first;
    return next && next->kind == CS_EXPR_WORD && next->text &&
           (strchr("=~<>!", next->text[0]) ||
            is_one_of(next->text, words, CS_ARRAY_LEN(words))) &&
           cs_expr_is_clause_word(node->text);
}

/* A path is none when what follows its next slash ends no pattern. */
static bool opens_pattern(const char *text, size_t len)
{
    if (*text != '/')
        return false;
    size_t end = cs_expr_pattern_len(text, len);
    return end == len || !text[end + 1 + strspn(text + end + 1, "isx")];
}

/* Would a word be read as something else where a term may start? */
static bool needs_escape(const struct cs_expr_node *node)
{
    const char *text = node->text;
    size_t len = strlen(text), open = 0;
    const struct cs_expr_parser p = {.text = text, .len = len};
    if (strchr("\\(", *text) || text[len - 1] == ':' ||
        opens_pattern(text, len) || cs_expr_is_mark(text, len) ||
        cs_expr_field_len(text, len) || cs_expr_is_operator(text, len) ||
        cs_expr_is_clause_at(&p, 0) || ends_in_operator(text, len) ||
        opens_clause(node) ||
        (node->fields && (strchr(text, ',') || strchr(":/", *text))))
        return true;
    for (size_t i = 0; i < len; i++) {
        open += text[i] == '(';
        if (text[i] == '|' || cs_expr_quote_at(&p, i) ||
            (text[i] == ')' && !open--))
            return true;
    }
    return false;
}

/* A mark or punctuation at the end that was meant as it is. */
static bool needs_end(const struct cs_expr_node *node)
{
    size_t len = strlen(node->text);
    char last = node->text[len - 1];
    bool digit = last == '1' || last == '2';
    if (node->prefix || node->fuzzy)
        return false;
    return strchr(",;:!?.(*\\~", last) ||
           (digit && len > 1 && node->text[len - 2] == '~');
}

/* `marked`: a mark stands before it, and two of them could be something else.
 */
static void put_word(const struct cs_expr_node *node, bool marked,
                     struct cs_strbuf *out)
{
    if (needs_escape(node) || (marked && strchr("-+=>~", *node->text)))
        cs_strbuf_putc(out, '\\');
    cs_strbuf_puts(out, node->text);
    if (needs_end(node))
        cs_strbuf_putc(out, '\\');
    if (node->prefix)
        cs_strbuf_putc(out, '*');
    if (node->fuzzy)
        cs_strbuf_printf(out, "~%u", node->fuzzy);
}

static void put_phrase(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "\"%s\"%s", node->text, node->prefix ? "*" : "");
    if (node->slop)
        cs_strbuf_printf(out, "~%u", node->slop);
}

/* Slashes of a pattern that was given as a whole are not escaped yet. */
static void put_regex(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    static const char flags[] = "isx"; /* by bits */
    cs_strbuf_putc(out, '/');
    for (const char *c = node->text; *c; c++) {
        if (*c == '/')
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, *c);
        if (*c == '\\' && c[1])
            cs_strbuf_putc(out, *++c);
    }
    cs_strbuf_putc(out, '/');
    for (unsigned i = 0; flags[i]; i++)
        if (node->regex_flags & 1U << i)
            cs_strbuf_putc(out, flags[i]);
}

static void put_fields(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    for (unsigned i = 0; i < CS_FIELDS; i++)
        if (node->fields & 1U << i)
            cs_strbuf_printf(out, "%s:", cs_expr_text_field_name(1U << i));
}

static void put_leaf(const struct cs_expr_node *node, bool marked,
                     struct cs_strbuf *out)
{
    if (node->exact && node->kind == CS_EXPR_WORD)
        cs_strbuf_putc(out, '=');
    put_fields(node, out);
    if (node->kind == CS_EXPR_WORD)
        put_word(node, !node->fields && (marked || node->exact), out);
    else if (node->kind == CS_EXPR_PHRASE)
        put_phrase(node, out);
    else
        put_regex(node, out);
}

/* A date where a day begins, else as exact as needed, or, when `last`, to the
 * millisecond: the end of a range is as long as it is exact. */
static void put_time(int64_t ms, bool last, struct cs_strbuf *out)
{
    char text[CS_TIME_TEXT_SIZE];
    if (ms % DAY_MS == 0 && !last) {
        cs_time_format_date(ms, text);
        cs_strbuf_puts(out, text);
        return;
    }
    int64_t part = (ms % 1000 + 1000) % 1000;
    cs_time_format(ms - part, text);
    text[strlen(text) - 1] = '\0'; /* the Z */
    cs_strbuf_puts(out, text);
    if (part || last)
        cs_strbuf_printf(out, ".%03d", (int)part);
    cs_strbuf_putc(out, 'Z');
}

static void put_range(const struct cs_expr_value *value, struct cs_strbuf *out)
{
    int64_t from = value->from_ms, to = value->to_ms;
    if (from == INT64_MIN) {
        cs_strbuf_putc(out, '<');
        put_time(to, false, out);
        return;
    }
    bool days = from % DAY_MS == 0 && to % DAY_MS == 0;
    put_time(from, false, out);
    if (days && to - from == DAY_MS)
        return;
    cs_strbuf_puts(out, "..");
    if (to != INT64_MAX)
        put_time(days ? to - DAY_MS : to - 1, !days, out);
}

static bool is_bare(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!cs_ascii_is_alnum(*c) && !strchr("_-./:@~%+#", *c))
            return false;
    return !strchr("/:", *text);
}

static void put_filter(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    cs_strbuf_printf(out, "%s%s:", node->negated ? "-" : "",
                     cs_expr_filter_name(node->filter));
    bool quote = node->values->next && !cs_expr_filter_is_list(node->filter);
    for (const struct cs_expr_value *v = node->values; v; v = v->next) {
        if (cs_expr_filter_is_time(node->filter))
            put_range(v, out);
        else
            cs_strbuf_printf(out, quote || !is_bare(v->text) ? "\"%s\"" : "%s",
                             v->text);
        cs_strbuf_puts(out, v->prefix ? "*" : "");
        cs_strbuf_puts(out, v->next ? "," : "");
    }
}

static void put_near(const struct cs_expr_node *node, bool marked,
                     struct cs_strbuf *out)
{
    for (const struct cs_expr_node *c = node->first; c; c = c->next) {
        put_leaf(c, marked && c == node->first, out);
        if (c->next)
            cs_strbuf_printf(out, " %s/%u ", node->ordered ? "ADJ" : "NEAR",
                             node->slop);
    }
}

static bool needs_parentheses(const struct cs_expr_node *node, enum place place)
{
    if (node->kind == CS_EXPR_OR)
        return place > IN_OR || node->required;
    return node->kind == CS_EXPR_AND && place > IN_AND;
}

static void put(const struct cs_expr_node *node, enum place place,
                struct cs_strbuf *out)
{
    bool parentheses = needs_parentheses(node, place);
    bool marked = place == IN_NOT || node->required;
    if (node->required)
        cs_strbuf_putc(out, '+');
    if (parentheses)
        cs_strbuf_putc(out, '(');
    if (node->kind == CS_EXPR_AND) {
        put_list(node, " ", IN_AND, out);
    } else if (node->kind == CS_EXPR_OR) {
        put_list(node, " OR ", IN_OR, out);
    } else if (node->kind == CS_EXPR_NOT) {
        cs_strbuf_putc(out, '-');
        put(node->first, IN_NOT, out);
    } else if (node->kind == CS_EXPR_NEAR) {
        put_near(node, marked, out);
    } else if (node->kind == CS_EXPR_FILTER) {
        put_filter(node, out);
    } else {
        put_leaf(node, marked, out);
    }
    if (parentheses)
        cs_strbuf_putc(out, ')');
}

void cs_expr_print_node(const struct cs_expr_node *node, struct cs_strbuf *out)
{
    if (node)
        put(node, IN_OR, out);
}

void cs_expr_print(const struct cs_expr *expr, struct cs_strbuf *out)
{
    bool more = expr->filters || expr->sort;
    if (expr->root)
        put(expr->root, more ? IN_AND : IN_OR, out);
    if (expr->root && expr->filters)
        cs_strbuf_putc(out, ' ');
    if (expr->filters)
        put(expr->filters, IN_AND, out);
    if (expr->sort)
        cs_strbuf_printf(out, "%ssort:%s",
                         expr->root || expr->filters ? " " : "",
                         cs_expr_sort_name(expr->sort));
}
