/*
 * expr_clause.h - a clause in Confluence's way, up to its value; for
 * expr_cql.c.
 */
#ifndef CS_INDEX_SEARCH_EXPR_CLAUSE_H
#define CS_INDEX_SEARCH_EXPR_CLAUSE_H

#include "index/search/expr_parts.h"

struct cs_expr_clause_field {
    const char *name;
    bool is_filter;
    unsigned fields; /* of words */
    enum cs_expr_filter filter;
};

struct cs_expr_clause_operator {
    const char *name;
    bool negated, contains, list;
    const char *compare; /* for times */
};

struct cs_expr_clause {
    const struct cs_expr_clause_field *field;
    struct cs_expr_clause_operator op;
    size_t value; /* where it begins */
    bool unknown; /* a function that is none here */
};

/* The clause at a place of the text. */
bool cs_expr_clause_at(const struct cs_expr_parser *p, size_t at,
                       struct cs_expr_clause *ret);

/* Do times go with it? */
bool cs_expr_clause_is_time(const struct cs_expr_clause_field *field);

/* The bytes of the word at a place; is it this one, whatever its case; the
 * place behind blanks. */
size_t cs_expr_clause_word_len(const struct cs_expr_parser *p, size_t at);
bool cs_expr_clause_is_word(const struct cs_expr_parser *p, size_t at, size_t n,
                            const char *word);
size_t cs_expr_clause_after_blanks(const struct cs_expr_parser *p, size_t at);

#endif
