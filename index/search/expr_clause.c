/*
 * expr_clause.c - is this a clause in Confluence's way? Fields, operators, and
 * where blanks may stand.
 */
#include "index/search/expr_clause.h"

#include "index/words/fields.h"
#include "src/text.h"

#include <strings.h>

static const struct cs_expr_clause_field cql_fields[] = {
    {"text", false, 0, 0},
    {"sitesearch", false, 0, 0},
    {"title", false, 1U << CS_FIELD_TITLE, 0},
    {"space", true, 0, CS_EXPR_SPACE},
    {"space.key", true, 0, CS_EXPR_SPACE},
    {"type", true, 0, CS_EXPR_TYPE},
    {"label", true, 0, CS_EXPR_LABEL},
    {"creator", true, 0, CS_EXPR_AUTHOR},
    {"author", true, 0, CS_EXPR_AUTHOR},
    {"contributor", true, 0, CS_EXPR_EDITOR},
    {"lastmodifier", true, 0, CS_EXPR_EDITOR},
    {"lastmodified", true, 0, CS_EXPR_UPDATED},
    {"updated", true, 0, CS_EXPR_UPDATED},
    {"created", true, 0, CS_EXPR_CREATED},
    {"ancestor", true, 0, CS_EXPR_IN},
    {"parent", true, 0, CS_EXPR_IN},
    {"id", true, 0, CS_EXPR_ID},
    {"content", true, 0, CS_EXPR_ID},
};

/* Longer ones first. */
static const struct cs_expr_clause_operator cql_operators[] = {
    {.name = "!=", .negated = true},
    {.name = "!~", .negated = true, .contains = true},
    {.name = ">=", .compare = ">="},
    {.name = "<=", .compare = "<="},
    {.name = ">", .compare = ">"},
    {.name = "<", .compare = "<"},
    {.name = "="},
    {.name = "~", .contains = true},
};

size_t cs_expr_clause_word_len(const struct cs_expr_parser *p, size_t at)
{
    size_t n = 0;
    while (at + n < p->len &&
           (cs_ascii_is_alnum(p->text[at + n]) || p->text[at + n] == '.'))
        n++;
    return n;
}

bool cs_expr_clause_is_word(const struct cs_expr_parser *p, size_t at, size_t n,
                            const char *word)
{
    return n && (p->text[at] | 0x20) == word[0] && strlen(word) == n &&
           strncasecmp(p->text + at, word, n) == 0;
}

size_t cs_expr_clause_after_blanks(const struct cs_expr_parser *p, size_t at)
{
    while (at < p->len && p->text[at] == ' ')
        at++;
    return at;
}

static const struct cs_expr_clause_field *find_field(
    const struct cs_expr_parser *p, size_t at, size_t n)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(cql_fields); i++)
        if (cs_expr_clause_is_word(p, at, n, cql_fields[i].name))
            return &cql_fields[i];
    return NULL;
}

/* "in (", "not in (". */
static bool read_in(const struct cs_expr_parser *p, size_t at,
                    struct cs_expr_clause *ret)
{
    size_t n = cs_expr_clause_word_len(p, at);
    bool negated = cs_expr_clause_is_word(p, at, n, "not");
    if (negated) {
        at = cs_expr_clause_after_blanks(p, at + n);
        n = cs_expr_clause_word_len(p, at);
    }
    size_t value = cs_expr_clause_after_blanks(p, at + n);
    if (!cs_expr_clause_is_word(p, at, n, "in") || value == p->len ||
        p->text[value] != '(')
        return false;
    ret->op =
        (struct cs_expr_clause_operator){.negated = negated, .list = true};
    ret->value = value;
    return true;
}

bool cs_expr_clause_is_time(const struct cs_expr_clause_field *field)
{
    return field->is_filter && cs_expr_filter_is_time(field->filter);
}

/* `title~` is a word with typos and `title =x` a word before another one, so
 * an operator has blanks on both sides or on none, unless a quote follows. */
static bool read_symbol(const struct cs_expr_parser *p, size_t name_end,
                        struct cs_expr_clause *ret)
{
    size_t at = cs_expr_clause_after_blanks(p, name_end);
    for (size_t i = 0; i < CS_ARRAY_LEN(cql_operators); i++) {
        const struct cs_expr_clause_operator *op = &cql_operators[i];
        size_t n = strlen(op->name);
        if (p->len - at < n || memcmp(p->text + at, op->name, n) != 0)
            continue;
        size_t value = cs_expr_clause_after_blanks(p, at + n);
        if (value == p->len || strchr("=~<>|)", p->text[value]))
            return false;
        bool quoted = cs_expr_quote_at(p, value) > 0;
        bool before = at > name_end, behind = value > at + n;
        if (op->compare
                ? !cs_expr_clause_is_time(ret->field)
                : !quoted && (before != behind || (op->contains && !before)))
            return false;
        ret->op = *op;
        ret->value = value;
        return true;
    }
    return false;
}

bool cs_expr_clause_at(const struct cs_expr_parser *p, size_t at,
                       struct cs_expr_clause *ret)
{
    if (at >= p->len || !strchr("tscaluipTSCALUIP", p->text[at]))
        return false;
    size_t n = cs_expr_clause_word_len(p, at);
    if (n < 2 || n > 16 || at + n == p->len ||
        !strchr(" =!<>~", p->text[at + n]))
        return false;
    ret->field = find_field(p, at, n);
    return ret->field &&
           (read_symbol(p, at + n, ret) ||
            read_in(p, cs_expr_clause_after_blanks(p, at + n), ret));
}

bool cs_expr_is_clause_at(const struct cs_expr_parser *p, size_t at)
{
    struct cs_expr_clause clause = {0};
    return cs_expr_clause_at(p, at, &clause);
}

bool cs_expr_is_clause_word(const char *text)
{
    const struct cs_expr_parser p = {.text = text, .len = strlen(text)};
    return cs_expr_clause_is_word(&p, 0, p.len, "order") ||
           find_field(&p, 0, p.len);
}
