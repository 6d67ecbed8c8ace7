/*
 * expr_operator.c - AND, OR, NOT, NEAR and ADJ in a text, in all their forms.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

#include <strings.h>

static const struct {
    const char *name;
    enum cs_expr_op op;
} operators[] = {{"AND", CS_EXPR_OP_AND}, {"OR", CS_EXPR_OP_OR},
                 {"NOT", CS_EXPR_OP_NOT}, {"NEAR", CS_EXPR_OP_NEAR},
                 {"ADJ", CS_EXPR_OP_ADJ}, {"&&", CS_EXPR_OP_AND}};

/* Small letters beside a clause in Confluence's way. */
static const struct {
    const char *name;
    enum cs_expr_op op;
} small_operators[] = {
    {"and", CS_EXPR_OP_AND}, {"or", CS_EXPR_OP_OR}, {"not", CS_EXPR_OP_NOT}};

/* Behind a word that is an operator comes a blank, a border or the end. */
static bool ends_at(const struct cs_expr_parser *p, size_t at)
{
    return at == p->len || cs_expr_blank_at(p, at) || cs_expr_quote_at(p, at) ||
           p->text[at] == '(' || p->text[at] == ')';
}

/* "/5" behind NEAR and ADJ. */
static void read_slop(const struct cs_expr_parser *p,
                      struct cs_expr_operator *found)
{
    size_t at = p->at + found->len + 1;
    unsigned slop = 0;
    if (at >= p->len || p->text[at - 1] != '/' ||
        !cs_ascii_is_digit(p->text[at]))
        return;
    for (; at < p->len && cs_ascii_is_digit(p->text[at]); at++)
        if (slop <= CS_EXPR_SLOP_MAX)
            slop = slop * 10 + (unsigned)(p->text[at] - '0');
    found->too_far = slop > CS_EXPR_SLOP_MAX;
    found->slop = found->too_far ? CS_EXPR_SLOP_MAX : slop;
    found->len = at - p->at;
}

/* Words of Confluence's own language count beside its clauses only: "and" is a
 * word that people search with. */
static struct cs_expr_operator small_operator(const struct cs_expr_parser *p)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(small_operators); i++) {
        size_t n = strlen(small_operators[i].name);
        if ((p->text[p->at] | 0x20) != small_operators[i].name[0] ||
            p->len - p->at < n || !ends_at(p, p->at + n) ||
            strncasecmp(p->text + p->at, small_operators[i].name, n) != 0)
            continue;
        size_t next = p->at + n;
        while (next < p->len &&
               (p->text[next] == '(' || cs_expr_blank_at(p, next)))
            next++;
        if (p->after_cql || cs_expr_is_clause_at(p, next))
            return (struct cs_expr_operator){.op = small_operators[i].op,
                                             .len = n};
    }
    return (struct cs_expr_operator){0};
}

struct cs_expr_operator cs_expr_operator_at(const struct cs_expr_parser *p)
{
    size_t left = p->len - p->at;
    const char *text = p->text + p->at;
    if (!left || !strchr("AONaon&|", text[0]))
        return (struct cs_expr_operator){0};
    if (text[0] == '|')
        return (struct cs_expr_operator){
            .op = CS_EXPR_OP_OR, .len = left > 1 && text[1] == '|' ? 2 : 1};
    for (size_t i = 0; i < CS_ARRAY_LEN(operators); i++) {
        size_t n = strlen(operators[i].name);
        if (operators[i].name[0] != text[0] || left < n ||
            memcmp(text, operators[i].name, n) != 0)
            continue;
        struct cs_expr_operator found = {
            .op = operators[i].op, .len = n, .slop = CS_EXPR_SLOP_DEFAULT};
        if (found.op == CS_EXPR_OP_NEAR || found.op == CS_EXPR_OP_ADJ)
            read_slop(p, &found);
        if (ends_at(p, p->at + found.len))
            return found;
    }
    return small_operator(p);
}

bool cs_expr_is_operator(const char *word, size_t len)
{
    const struct cs_expr_parser p = {.text = word, .len = len};
    return cs_expr_operator_at(&p).op != CS_EXPR_OP_NONE;
}
