/*
 * dc_item.h - rows of Data Center's REST API as records.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_DC_ITEM_H
#define CS_CONNECTORS_CONFLUENCE_DC_ITEM_H

#include "connectors/confluence/dc.h"

/* What cs_dc_item() reads, apart from labels. */
#define CS_DC_EXPAND_SMALL "version,history,space"
#define CS_DC_EXPAND       CS_DC_EXPAND_SMALL ",ancestors"

/* A row of content, read. */
struct cs_dc_row {
    struct cs_item item;
    const char *space_id; /* NULL: not told */
    bool trashed;
    bool skip;         /* neither page nor blog post, or a draft */
    bool no_ancestors; /* they were not told: the parent is unknown */
};

/* Strings are borrowed from the row or made in `arena`. CS_ERR_PARSE for a row
 * that is not as it must be. */
enum cs_status cs_dc_item(const struct cs_site *site, const struct cs_json *row,
                          struct cs_arena *arena, struct cs_dc_row *ret,
                          struct cs_error *err);

/* The number of its version; 0 when there is none. */
int64_t cs_dc_version(const struct cs_json *row);

/* A time with any offset, 0 unknown. */
int64_t cs_dc_time(const struct cs_json *row, const char *key);

/* Who is meant by a user in an answer: the key by which texts mention people,
 * else the name of the account. NULL for nobody; `ret_name` (may be NULL) is
 * what is shown. */
const char *cs_dc_person(const struct cs_json *row, const char *key,
                         const char **ret_name);

/* The labels of `row` as names ("prefix:" in front where it is not global),
 * sorted, in `arena`: from its expansion, or, when that was cut, by a request
 * of their own. `*ret_known` is false when the row does not tell labels at
 * all, or the server refuses the others. */
enum cs_status cs_dc_labels(struct cs_dc *dc, const struct cs_json *row,
                            const char *id, struct cs_arena *arena,
                            const char *const **ret, size_t *ret_n,
                            bool *ret_known, struct cs_error *err);

#endif
