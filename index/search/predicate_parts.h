/*
 * predicate_parts.h - what the files of the predicate share.
 */
#ifndef CS_INDEX_SEARCH_PREDICATE_PARTS_H
#define CS_INDEX_SEARCH_PREDICATE_PARTS_H

#include "index/search/predicate.h"
#include "index/search/rows.h"

#define CS_TEST_NUMBERS 65536 /* of containers and authors in a vector */

/* How a filter is tested. A document suits when any of the parts that are set
 * says so. */
struct cs_test {
    bool always;  /* nothing is known that it could test */
    bool negated; /* it must not suit */
    struct cs_rows containers, authors; /* by number; no bits: not asked */
    struct cs_rows documents;
    uint8_t flags, flags_set;    /* these flags have these values */
    bool by_flags, by_flags_too; /* flags; and a second pair */
    uint8_t flags_2, flags_set_2;
    unsigned fields;                   /* any of these fields is not empty */
    int64_t from_ms, to_ms;            /* changed in here, if to_ms is not 0 */
    const struct cs_expr_value *times; /* more ranges of that kind */
    int64_t after_generation;
};

struct cs_predicate_maker {
    struct cs_index *index;
    struct cs_db *db;
    struct cs_arena *arena;
    struct cs_expr *expr; /* gets warnings */
};

/* Fill the test of one filter. */
enum cs_status cs_predicate_resolve(struct cs_predicate_maker *maker,
                                    const struct cs_expr_node *filter,
                                    struct cs_test *test, struct cs_error *err);

/* Sets of documents: by people, by the tree of pages, by what they are like. */
enum cs_status cs_predicate_people(struct cs_predicate_maker *maker,
                                   const struct cs_expr_node *filter,
                                   struct cs_test *test, struct cs_error *err);
enum cs_status cs_predicate_below(struct cs_predicate_maker *maker,
                                  const char *name, struct cs_rows *rows,
                                  struct cs_error *err);
enum cs_status cs_predicate_parents(struct cs_predicate_maker *maker,
                                    struct cs_rows *rows, struct cs_error *err);
enum cs_status cs_predicate_near_to(struct cs_predicate_maker *maker,
                                    const char *name, struct cs_rows *rows,
                                    struct cs_error *err);
/* The documents that `name` may mean: an id, a URL, a path, a title. */
enum cs_status cs_predicate_named(struct cs_predicate_maker *maker,
                                  const char *name, struct cs_rows *rows,
                                  struct cs_error *err);

#endif
