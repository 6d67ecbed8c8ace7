/*
 * search_field.h - the fields that a template may name, and the filters that
 * change them, as rows of two tables.
 */
#ifndef CS_CLI_SEARCH_FIELD_H
#define CS_CLI_SEARCH_FIELD_H

#include "cli/search_print.h"

enum cs_value_kind {
    CS_VALUE_TEXT,
    CS_VALUE_LIST,
    CS_VALUE_NUMBER,
    CS_VALUE_TIME
};

/* What a field of a hit holds. */
struct cs_value {
    enum cs_value_kind kind;
    const char *text; /* may be NULL */
    const char *const *items;
    size_t n;
    double number;
    int64_t time; /* 0: not known */
};

struct cs_search_field {
    const char *name;
    enum cs_value_kind kind;
    size_t at, n_at; /* of the member of the hit, and of a list's length */
    /* Not NULL: it is no plain member. `scratch` holds texts that it makes. */
    void (*get)(const struct cs_search_view *view, size_t i,
                struct cs_strbuf *scratch, struct cs_value *ret);
};

/* A value on its way through the filters. */
struct cs_flow {
    const struct cs_search_view *view;
    struct cs_value value;
    struct cs_strbuf *text; /* the value, as text */
    bool safe;              /* nothing of it can harm a terminal any more */
};

struct cs_filter {
    const char *name;
    bool number;   /* takes ":N" */
    bool for_time; /* only for times */
    void (*run)(struct cs_flow *flow, size_t number);
};

/* Tables, ended by a row without a name. */
extern const struct cs_search_field cs_search_fields[];
extern const struct cs_filter cs_search_filters[];

/* Read a field of hit `i`, and append it as it is without a filter. */
void cs_search_field_read(const struct cs_search_field *field,
                          const struct cs_search_view *view, size_t i,
                          struct cs_strbuf *scratch, struct cs_value *ret);
void cs_value_put(const struct cs_value *value, struct cs_strbuf *out);

#endif
