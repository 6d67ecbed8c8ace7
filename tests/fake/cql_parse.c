/*
 * Reading a query into a tree; see cql.h.
 */
#include "tests/fake/cql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_DEPTH 40
#define MAX_TOKEN 1024

struct parser {
    const char *at;
    char token[MAX_TOKEN]; /* "" at the end */
    bool quoted;
    int depth;
    struct fk_buf *why;
};

static const struct {
    const char *name;
    enum fk_cql_field field;
} fields[] = {
    {"space", FK_CQL_SPACE},
    {"space.key", FK_CQL_SPACE},
    {"type", FK_CQL_TYPE},
    {"id", FK_CQL_ID},
    {"content", FK_CQL_ID},
    {"title", FK_CQL_TITLE},
    {"ancestor", FK_CQL_ANCESTOR},
    {"parent", FK_CQL_PARENT},
    {"label", FK_CQL_LABEL},
    {"created", FK_CQL_CREATED},
    {"lastmodified", FK_CQL_MODIFIED},
};

static const struct {
    const char *text;
    enum fk_cql_op op;
} operators[] = {
    {"=", FK_CQL_EQUAL},   {"!=", FK_CQL_UNEQUAL}, {"~", FK_CQL_CONTAINS},
    {"!~", FK_CQL_MISSES}, {">", FK_CQL_GREATER},  {">=", FK_CQL_AT_LEAST},
    {"<", FK_CQL_LESS},    {"<=", FK_CQL_AT_MOST},
};

static struct fk_cql_node *read_or(struct parser *p);

static void complain(struct parser *p, const char *what)
{
    if (!p->why->len)
        fk_buf_fmt(p->why, "Could not parse cql : %s at '%.80s'", what,
                   p->token);
}

/* A quoted text, its escapes resolved; false when it does not end. */
static bool read_quoted(struct parser *p)
{
    char quote = *p->at++;
    size_t n = 0;

    p->quoted = true;
    while (*p->at && *p->at != quote && n + 1 < sizeof(p->token)) {
        if (*p->at == '\\' && p->at[1])
            p->at++;
        p->token[n++] = *p->at++;
    }
    p->token[n] = '\0';
    if (*p->at != quote) {
        complain(p, "a text without end");
        return false;
    }
    p->at++;
    return true;
}

static void next_token(struct parser *p)
{
    size_t n;

    p->quoted = false;
    p->at += strspn(p->at, " \t\r\n");
    if (*p->at == '"' || *p->at == '\'') {
        (void)read_quoted(p);
        return;
    }
    if (*p->at && strchr("(),", *p->at))
        n = 1;
    else if (*p->at && strchr("=!<>~", *p->at))
        n = strspn(p->at, "=!<>~");
    else
        n = strcspn(p->at, " \t\r\n\"'(),=!<>~");
    if (n >= sizeof(p->token))
        n = sizeof(p->token) - 1;
    memcpy(p->token, p->at, n);
    p->token[n] = '\0';
    p->at += n;
}

static bool is_word(const struct parser *p, const char *word)
{
    return !p->quoted && strcasecmp(p->token, word) == 0;
}

static bool take(struct parser *p, const char *word)
{
    if (!is_word(p, word))
        return false;
    next_token(p);
    return true;
}

static void node_free(struct fk_cql_node *node)
{
    if (!node)
        return;
    node_free(node->left);
    node_free(node->right);
    for (size_t i = 0; i < node->value_count; i++)
        free(node->values[i]);
    free(node->values);
    free(node);
}

static void add_value(struct fk_cql_node *node, const char *text)
{
    node->values = fk_realloc(node->values,
                              (node->value_count + 1) * sizeof(*node->values));
    node->values[node->value_count++] = fk_strdup(text);
}

/* A list in brackets after `in`. */
static bool read_list(struct parser *p, struct fk_cql_node *node)
{
    if (!take(p, "(")) {
        complain(p, "a list was expected");
        return false;
    }
    do {
        if ((!p->quoted && strchr("(),", p->token[0])) ||
            node->value_count >= FK_CQL_MAX_VALUES) {
            complain(p, "a value was expected");
            return false;
        }
        add_value(node, p->token);
        next_token(p);
    } while (take(p, ","));
    if (take(p, ")"))
        return true;
    complain(p, "the list does not end");
    return false;
}

/* "2026-05-06 07:08", or now("-25h"). */
static bool read_date(struct parser *p, struct fk_cql_node *node)
{
    char function[MAX_TOKEN] = "";
    char text[MAX_TOKEN] = "";

    memcpy(text, p->token, sizeof(text));
    if (!p->quoted && isalpha((unsigned char)text[0])) {
        memcpy(function, text, sizeof(function));
        text[0] = '\0';
        next_token(p);
        if (!take(p, "(")) {
            complain(p, "a date was expected");
            return false;
        }
        if (p->quoted) {
            memcpy(text, p->token, sizeof(text));
            next_token(p);
        }
    }
    if (!fk_cql_date(*function ? function : NULL, text, &node->from,
                     &node->to)) {
        complain(p, "no date that can be read");
        return false;
    }
    next_token(p); /* the date, or the bracket that ends the function */
    return true;
}

/* What each field can be asked: vendor's table of operators. */
static bool operator_fits(const struct fk_cql_node *node)
{
    if (node->field == FK_CQL_CREATED || node->field == FK_CQL_MODIFIED)
        return node->op != FK_CQL_CONTAINS && node->op != FK_CQL_MISSES;
    if (node->op == FK_CQL_CONTAINS || node->op == FK_CQL_MISSES)
        return node->field == FK_CQL_TITLE;
    return node->op == FK_CQL_EQUAL || node->op == FK_CQL_UNEQUAL;
}

static bool read_operator(struct parser *p, struct fk_cql_node *node,
                          bool *ret_list)
{
    bool negated = take(p, "not");

    *ret_list = take(p, "in");
    if (*ret_list) {
        node->op = negated ? FK_CQL_UNEQUAL : FK_CQL_EQUAL;
        return true;
    }
    for (size_t i = 0; !negated && i < sizeof(operators) / sizeof(*operators);
         i++) {
        if (is_word(p, operators[i].text)) {
            node->op = operators[i].op;
            next_token(p);
            return operator_fits(node);
        }
    }
    return false;
}

static bool fill_term(struct parser *p, struct fk_cql_node *node)
{
    bool list;

    next_token(p);
    if (!read_operator(p, node, &list)) {
        complain(p, "this operator does not go with the field");
        return false;
    }
    if (list)
        return read_list(p, node);
    if (node->field == FK_CQL_CREATED || node->field == FK_CQL_MODIFIED)
        return read_date(p, node);
    if (!*p->token && !p->quoted) {
        complain(p, "a value was expected");
        return false;
    }
    add_value(node, p->token);
    next_token(p);
    return true;
}

static struct fk_cql_node *read_term(struct parser *p)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        struct fk_cql_node *node;

        if (!is_word(p, fields[i].name))
            continue;
        node = fk_alloc(sizeof(*node));
        node->field = fields[i].field;
        if (fill_term(p, node))
            return node;
        node_free(node);
        return NULL;
    }
    complain(p, "no field of this name");
    return NULL;
}

static struct fk_cql_node *join(enum fk_cql_field how, struct fk_cql_node *a,
                                struct fk_cql_node *b)
{
    struct fk_cql_node *node = fk_alloc(sizeof(*node));

    node->field = how;
    node->left = a;
    node->right = b;
    return node;
}

static struct fk_cql_node *read_unary(struct parser *p)
{
    struct fk_cql_node *node;

    if (++p->depth > MAX_DEPTH) {
        complain(p, "too deep");
        return NULL;
    }
    if (take(p, "not")) {
        node = read_unary(p);
        node = node ? join(FK_CQL_NOT, node, NULL) : NULL;
    } else if (take(p, "(")) {
        node = read_or(p);
        if (node && !take(p, ")")) {
            complain(p, "a bracket is missing");
            node_free(node);
            node = NULL;
        }
    } else {
        node = read_term(p);
    }
    p->depth--;
    return node;
}

static struct fk_cql_node *read_chain(
    struct parser *p, enum fk_cql_field how, const char *word,
    struct fk_cql_node *(*part)(struct parser *p))
{
    struct fk_cql_node *node = part(p);

    while (node && take(p, word)) {
        struct fk_cql_node *right = part(p);

        if (!right) {
            node_free(node);
            return NULL;
        }
        node = join(how, node, right);
    }
    return node;
}

static struct fk_cql_node *read_and(struct parser *p)
{
    return read_chain(p, FK_CQL_AND, "and", read_unary);
}

static struct fk_cql_node *read_or(struct parser *p)
{
    return read_chain(p, FK_CQL_OR, "or", read_and);
}

/* One order is enough; ties go by id. */
static bool read_order(struct parser *p, struct fk_cql *cql)
{
    static const struct {
        const char *name;
        enum fk_order order;
    } orders[] = {{"id", FK_BY_ID},
                  {"created", FK_BY_CREATED},
                  {"lastmodified", FK_BY_MODIFIED},
                  {"title", FK_BY_TITLE}};

    if (!take(p, "order"))
        return true;
    if (!take(p, "by"))
        return false;
    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
        if (!take(p, orders[i].name))
            continue;
        cql->order = orders[i].order;
        cql->descending = take(p, "desc");
        if (!cql->descending)
            (void)take(p, "asc");
        return true;
    }
    return false;
}

struct fk_cql *fk_cql_parse(const char *text, struct fk_buf *why)
{
    struct fk_cql *cql = fk_alloc(sizeof(*cql));
    struct parser p = {.at = text, .why = why};

    next_token(&p);
    if (is_word(&p, "not"))
        complain(&p, "a negation cannot be the first clause");
    else
        cql->root = read_or(&p);
    if (cql->root && (!read_order(&p, cql) || *p.token))
        complain(&p, "more than was expected");
    if (!why->len)
        return cql;
    fk_cql_free(cql);
    return NULL;
}

void fk_cql_free(struct fk_cql *cql)
{
    if (!cql)
        return;
    node_free(cql->root);
    free(cql);
}
