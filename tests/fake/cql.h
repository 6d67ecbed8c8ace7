/*
 * Confluence's query language, as much of it as a mirror can need: space,
 * type, id, title, ancestor, parent, label, created and lastmodified, with
 * and, or, not, lists, dates and `order by`.
 *
 * As with the vendor, a date has no seconds and no zone and is read in the
 * zone of the account that asks (the process's TZ), a query may not begin
 * with "not", and `ancestor` knows pages only.
 */
#ifndef FAKE_CQL_H
#define FAKE_CQL_H

#include "tests/fake/model.h"

#define FK_CQL_MAX_VALUES 500

enum fk_cql_field {
    FK_CQL_SPACE,
    FK_CQL_TYPE,
    FK_CQL_ID,
    FK_CQL_TITLE,
    FK_CQL_ANCESTOR,
    FK_CQL_PARENT,
    FK_CQL_LABEL,
    FK_CQL_CREATED,
    FK_CQL_MODIFIED,
    FK_CQL_AND,
    FK_CQL_OR,
    FK_CQL_NOT
};

enum fk_cql_op {
    FK_CQL_EQUAL,
    FK_CQL_UNEQUAL,
    FK_CQL_CONTAINS,
    FK_CQL_MISSES,
    FK_CQL_GREATER,
    FK_CQL_AT_LEAST,
    FK_CQL_LESS,
    FK_CQL_AT_MOST
};

struct fk_cql_node {
    enum fk_cql_field field;
    enum fk_cql_op op;
    struct fk_cql_node *left; /* of and, or, not */
    struct fk_cql_node *right;
    char **values;
    size_t value_count;
    int64_t from; /* a date: [from, to) in ms since 1970 */
    int64_t to;
};

struct fk_cql {
    struct fk_cql_node *root;
    enum fk_order order;
    bool descending;
};

/* One thing that a search may find. `item` is a shallow copy, so that hits of
 * different sorts can be ordered and paged together. */
struct fk_hit {
    struct fk_item item;
    const struct fk_content *content; /* one of these three is set */
    const struct fk_attachment *file;
    const struct fk_comment *note;
    const struct fk_content *page; /* itself, or what it belongs to */
};

/* Parse; NULL after saying in `why` what is wrong. */
struct fk_cql *fk_cql_parse(const char *text, struct fk_buf *why);
void fk_cql_free(struct fk_cql *cql);

/* Read a date literal or a function of time ("now(\"-25h\")" comes as name
 * and argument). False when it is neither. */
bool fk_cql_date(const char *function, const char *text, int64_t *ret_from,
                 int64_t *ret_to);

bool fk_cql_match(const struct fk_site *site, const struct fk_cql_node *node,
                  const struct fk_hit *hit);

/* What is searched: everything visible and not trashed that is older than
 * `lag_ms`, in the order of the query; the caller frees. A query without an
 * order is answered by id. */
struct fk_hit *fk_cql_run(const struct fk_site *site, const struct fk_cql *cql,
                          int64_t lag_ms, size_t *ret_count);

/* Fill in a hit for any of the three sorts. */
struct fk_hit fk_hit_content(const struct fk_content *c);
struct fk_hit fk_hit_file(const struct fk_site *site,
                          const struct fk_attachment *a);
struct fk_hit fk_hit_note(const struct fk_site *site,
                          const struct fk_comment *c);

/* "page", "attachment", "comment", ... */
const char *fk_hit_type(const struct fk_hit *hit);

#endif
