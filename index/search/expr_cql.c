/*
 * expr_cql.c - what people are used to from Confluence.
 *
 *     space = DEV and title ~ "x" and lastmodified > now("-7d")
 *     type = page AND label in ("a", "b") order by lastmodified desc
 *
 * A clause is read where a term may start: a known field, an operator, a value.
 * Each is taken for what it means here, and a hint shows how it is written.
 */
#include "index/search/expr_clause.h"

#include "src/text.h"

enum { VALUE_MAX = 256, VALUES_MAX = 32, HINT_MAX = 160 };

/* One value as Confluence has it. */
struct value {
    char text[VALUE_MAX];
    bool call;   /* a function and its argument: now("-7d") */
    bool phrase; /* \"...\" inside the quotes */
};

/* False: it is full, and ends here. */
static bool put_char(struct value *value, size_t *len, char c)
{
    if (*len + 1 == sizeof(value->text))
        return false;
    value->text[(*len)++] = c;
    return true;
}

/* What was cut in the middle of a character ends before it, and the text goes
 * on behind it. */
static void finish(struct cs_expr_parser *p, struct value *value, size_t len)
{
    value->text[len] = '\0';
    if (len + 1 == sizeof(value->text))
        value->text[cs_text_cut(value->text, len, len - 4)] = '\0';
    while (p->at < p->len && ((unsigned char)p->text[p->at] & 0xc0) == 0x80)
        p->at++;
}

/* In quotes, with backslashes before quotes inside. */
static void read_string(struct cs_expr_parser *p, struct value *value)
{
    size_t len = 0;
    char quote = p->text[p->at] == '\'' ? '\'' : '"';
    bool ascii = p->text[p->at] == quote;
    p->at += ascii ? 1 : cs_expr_quote_at(p, p->at);
    for (; p->at < p->len; p->at++) {
        size_t n = ascii ? p->text[p->at] == quote : cs_expr_quote_at(p, p->at);
        if (n) {
            p->at += n;
            finish(p, value, len);
            return;
        }
        char c = p->text[p->at];
        if (c == '\\' && p->at + 1 < p->len &&
            strchr("\"'\\", p->text[p->at + 1])) {
            p->at++;
            value->phrase = true;
            c = ' ';
        }
        if (!put_char(value, &len, c))
            break;
    }
    finish(p, value, len);
}

static void read_value(struct cs_expr_parser *p, struct value *value)
{
    size_t len = 0;
    bool open = false;
    *value = (struct value){0};
    if (p->text[p->at] == '\'' || cs_expr_quote_at(p, p->at)) {
        read_string(p, value);
        return;
    }
    for (; p->at < p->len; p->at++) {
        char c = p->text[p->at];
        if (!open && (cs_expr_blank_at(p, p->at) || strchr("|),", c)))
            break;
        if (c == '(')
            open = value->call = true;
        if (!put_char(value, &len, c))
            break;
        if (c == ')') {
            p->at++;
            break;
        }
    }
    finish(p, value, len);
}

/* `now("-7d")` as "7d", `startOfMonth("-1M")` as "last-month": what comes from
 * a function, as it is written here. */
static bool call_to_time(const struct value *value, char *out, size_t size)
{
    static const struct {
        const char *name, *time, *before;
    } calls[] = {{"now", "now", NULL},
                 {"startofday", "today", "yesterday"},
                 {"startofweek", "this-week", "last-week"},
                 {"startofmonth", "this-month", "last-month"},
                 {"startofyear", "this-year", "last-year"}};
    size_t n = strcspn(value->text, "(");
    const char *argument = value->text + n + strspn(value->text + n, "(\"' ");
    size_t len = strcspn(argument, ")\"' ");
    for (size_t i = 0; i < CS_ARRAY_LEN(calls); i++) {
        if (strlen(calls[i].name) != n ||
            strncasecmp(value->text, calls[i].name, n) != 0)
            continue;
        bool before = calls[i].before && len == 3 && argument[1] == '1';
        const char *time = before ? calls[i].before : calls[i].time;
        if (len && (*argument != '-' || len > 20 || (i > 0 && !before)))
            return false;
        if (len && !before)
            (void)snprintf(out, size, "%.*s", (int)len - 1, argument + 1);
        else
            (void)snprintf(out, size, "%s", time);
        return true;
    }
    return false;
}

/* A time with its comparison, as it is written here. What a function gives is
 * a point: later than the start of a month means in that month or later. */
static bool time_text(const struct cs_expr_clause *clause,
                      const struct value *value, char *out, size_t size)
{
    char time[VALUE_MAX];
    const char *compare = clause->op.compare ? clause->op.compare : "";
    if (value->call && !call_to_time(value, time, sizeof(time)))
        return false;
    if (!value->call)
        (void)snprintf(time, sizeof(time), "%s", value->text);
    bool ago = cs_ascii_is_digit(time[0]) && strlen(time) < 5 &&
               !cs_ascii_is_digit(time[strlen(time) - 1]);
    if (ago && *compare)
        (void)snprintf(out, size, *compare == '>' ? "%s.." : "..%s", time);
    else if (value->call && *compare)
        (void)snprintf(out, size, *compare == '>' ? ">=%s" : "<%s", time);
    else
        (void)snprintf(out, size, "%s%s", compare, time);
    return true;
}

/* NULL, with a warning, when there is no such value. */
static struct cs_expr_part *filter_part(struct cs_expr_parser *p,
                                        struct cs_expr_clause *clause,
                                        const struct value *value, size_t at)
{
    char text[VALUE_MAX + 8];
    enum cs_expr_filter filter = clause->field->filter;
    struct cs_expr_piece piece = {at, p->at};
    (void)snprintf(text, sizeof(text), "%s", value->text);
    if (value->call && (!cs_expr_clause_is_time(clause->field) ||
                        !time_text(clause, value, text, sizeof(text)))) {
        clause->unknown = true;
        cs_expr_warn(p->expr, p->arena, "%.*s is not known here: ignored",
                     cs_expr_shown(text, strlen(text)), text);
        return NULL;
    }
    if (cs_expr_clause_is_time(clause->field))
        (void)time_text(clause, value, text, sizeof(text));
    struct cs_expr_part *part =
        cs_expr_value_part(p, filter, piece, text, false);
    if (!part && *text)
        cs_expr_warn_value(p, filter, text, "read as text");
    return part;
}

/* The words of a value; operators and quotes in it are none. A parser of its
 * own reads it, whose leaves are counted on. */
static struct cs_expr_part *words_part(struct cs_expr_parser *p,
                                       const struct cs_expr_clause *clause,
                                       const struct value *value)
{
    struct cs_expr_scope scope = {.fields = clause->field->fields};
    struct cs_expr_list words = {0};
    struct cs_expr_parser inner = *p;
    char *text = cs_arena_strdup(p->arena, value->text);
    for (char *c = text; c && *c; c++)
        if (strchr("\"|()\\", *c))
            *c = ' ';
    inner.text = text ? text : "";
    inner.len = strlen(inner.text);
    inner.at = inner.quotes_end = 0;
    if (!clause->op.contains || value->phrase) {
        cs_expr_add(&words,
                    cs_expr_phrase(&inner, &scope,
                                   (struct cs_expr_piece){0, inner.len}));
    } else {
        while (inner.at < inner.len) {
            struct cs_expr_piece piece = cs_expr_read_word(&inner, false);
            if (piece.end > piece.at)
                cs_expr_add(&words, cs_expr_word(&inner, &scope, piece));
            else if (cs_expr_quote_at(&inner, inner.at))
                inner.at += cs_expr_quote_at(&inner, inner.at);
            else
                inner.at += cs_expr_blank_at(&inner, inner.at);
        }
    }
    p->leaves = inner.leaves;
    p->noted = inner.noted;
    return cs_expr_join(p, CS_EXPR_AND, &words);
}

static void set_place(struct cs_expr_part *part, size_t at, size_t end)
{
    part->node.at = at;
    part->node.end = end;
    for (struct cs_expr_part *c = part->first; c; c = c->next)
        set_place(c, at, end);
}

/* One value, or a list of them in parentheses. */
static struct cs_expr_part *read_values(struct cs_expr_parser *p,
                                        struct cs_expr_clause *clause)
{
    struct cs_expr_list parts = {0};
    bool list = clause->op.list;
    p->at += list;
    for (size_t n = 0; p->at < p->len && n < VALUES_MAX; n++) {
        struct value value;
        p->at = list ? cs_expr_clause_after_blanks(p, p->at) : p->at;
        size_t at = p->at;
        if (p->at == p->len || p->text[p->at] == ')')
            break;
        read_value(p, &value);
        struct cs_expr_part *part = clause->field->is_filter == false
                                        ? words_part(p, clause, &value)
                                        : filter_part(p, clause, &value, at);
        if (part && parts.n && part->node.kind == CS_EXPR_FILTER &&
            part->node.filter == parts.first->node.filter)
            cs_expr_values_join(parts.first, part);
        else
            cs_expr_add(&parts, part);
        p->at = list ? cs_expr_clause_after_blanks(p, p->at) : p->at;
        if (!list || p->at == p->len || p->text[p->at] != ',')
            break;
        p->at++;
    }
    if (list && p->at < p->len && p->text[p->at] == ')')
        p->at++;
    return cs_expr_join(p, CS_EXPR_OR, &parts);
}

/* Times are shown as they would be typed, not as what they come to. */
static void put_hint(struct cs_expr_parser *p, struct cs_expr_part *part,
                     size_t at)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_EXPR_BYTES_MAX);
    size_t len = p->at - at;
    const struct cs_expr_node *node = part ? &part->node : NULL;
    if (!node || p->expr->n_hints == CS_EXPR_NOTES_MAX || len > HINT_MAX)
        return;
    if (node->kind == CS_EXPR_FILTER && cs_expr_filter_is_time(node->filter))
        cs_strbuf_printf(&out, "%s%s:%s", node->negated ? "-" : "",
                         cs_expr_filter_name(node->filter), node->values->text);
    else
        cs_expr_print_node(cs_expr_seal(part), &out);
    cs_expr_hint(p->expr, p->arena, "Confluence's %.*s is written %s", (int)len,
                 p->text + at, out.data);
}

bool cs_expr_read_cql(struct cs_expr_parser *p,
                      const struct cs_expr_scope *scope,
                      struct cs_expr_part **ret)
{
    struct cs_expr_clause clause = {0};
    size_t at = p->at;
    if (scope->filtered || !cs_expr_clause_at(p, at, &clause))
        return false;
    p->at = clause.value;
    struct cs_expr_part *part = read_values(p, &clause);
    if (!part && !clause.unknown) { /* text, such as `type = string` */
        p->at = at;
        return false;
    }
    p->cql = p->after_cql = true;
    *ret = part;
    if (!part)
        return true;
    set_place(part, at, p->at);
    if (clause.op.negated && part->node.kind == CS_EXPR_FILTER)
        part->node.negated = true;
    else if (clause.op.negated)
        part = cs_expr_negate(p, part);
    put_hint(p, part, at);
    *ret = part;
    return true;
}

/* "lastmodified desc" at `*at`; moves behind it. */
static bool read_order(struct cs_expr_parser *p, size_t *at,
                       enum cs_expr_sort *ret_sort, bool *ret_direction,
                       bool *ret_ascending)
{
    size_t n = cs_expr_clause_word_len(p, *at);
    *ret_sort = cs_expr_sort_from(p->text + *at, n);
    *at = cs_expr_clause_after_blanks(p, *at + n);
    n = cs_expr_clause_word_len(p, *at);
    *ret_ascending = cs_expr_clause_is_word(p, *at, n, "asc");
    *ret_direction =
        *ret_ascending || cs_expr_clause_is_word(p, *at, n, "desc");
    if (*ret_direction)
        *at = cs_expr_clause_after_blanks(p, *at + n);
    return *ret_sort && (*at == p->len || p->text[*at] == ',');
}

/* Without a clause or a direction it may be a text on SQL. The first counts. */
bool cs_expr_read_order_by(struct cs_expr_parser *p)
{
    size_t n = cs_expr_clause_word_len(p, p->at), at = p->at;
    enum cs_expr_sort sort;
    bool direction, ascending;
    if (!cs_expr_clause_is_word(p, at, n, "order"))
        return false;
    at = cs_expr_clause_after_blanks(p, at + n);
    n = cs_expr_clause_word_len(p, at);
    if (!cs_expr_clause_is_word(p, at, n, "by"))
        return false;
    at = cs_expr_clause_after_blanks(p, at + n);
    if (!read_order(p, &at, &sort, &direction, &ascending) ||
        (!direction && !p->cql))
        return false;
    const char *name = cs_expr_sort_name(sort);
    if (direction && ascending != (sort == CS_EXPR_SORT_TITLE))
        cs_expr_warn(p->expr, p->arena, "sort:%s has one order only: %s", name,
                     ascending ? "newest first" : "from A to Z");
    cs_expr_hint(p->expr, p->arena, "Confluence's order by is written sort:%s",
                 name);
    p->expr->sort = sort;
    p->at = p->len;
    return true;
}
