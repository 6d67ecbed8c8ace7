/*
 * internal.h - what the checks share. Included by index/upkeep/ only.
 *
 * A finder looks and reports; it changes nothing. What it reports is kept until
 * it has returned, then the fixer is called: never while a statement or a
 * folder is being read.
 */
#ifndef CS_INDEX_UPKEEP_INTERNAL_H
#define CS_INDEX_UPKEEP_INTERNAL_H

#include "index/upkeep/check.h"
#include "src/arena.h"
#include "src/dir.h"

/* A source and its folder, opened; `dir` is NULL when there is none. */
struct cs_check_source {
    int64_t row;
    const char *name;
    const char *folder; /* as stored */
    struct cs_dir *dir;
};

/* A finding with what its fixer needs. */
struct cs_check_item {
    struct cs_finding finding;
    struct cs_check_source *source;
    int64_t document; /* row, or 0 */
    const char *name; /* of a file, in the folder of the source; or NULL */
    struct cs_check_item *next;
};

struct cs_check {
    struct cs_index *index;
    struct cs_db *db;
    const struct cs_check_options *options;
    struct cs_check_source *sources;
    size_t n_sources;

    /* of the running check */
    const char *check;
    struct cs_arena *arena;
    struct cs_check_item *first, *last;
    uint64_t n_items;
};

/* Keep a finding; strings of `item` are copied, `path` is made from source and
 * name, `id` from the document. */
enum cs_status cs_check_report(struct cs_check *check,
                               const struct cs_check_item *item,
                               struct cs_error *err);

/* check_files.c: finders over the folders of the sources. */
enum cs_status cs_check_find_missing(struct cs_check *check,
                                     struct cs_error *err);
enum cs_status cs_check_find_changed(struct cs_check *check,
                                     struct cs_error *err);
enum cs_status cs_check_find_stage(struct cs_check *check,
                                   struct cs_error *err);
enum cs_status cs_check_find_leftover(struct cs_check *check,
                                      struct cs_error *err);
enum cs_status cs_check_find_foreign(struct cs_check *check,
                                     struct cs_error *err);

/* check_rows.c: finders in the database. */
enum cs_status cs_check_find_intents(struct cs_check *check,
                                     struct cs_error *err);
enum cs_status cs_check_find_database(struct cs_check *check,
                                      struct cs_error *err);
enum cs_status cs_check_find_integrity(struct cs_check *check,
                                       struct cs_error *err);
enum cs_status cs_check_find_entries(struct cs_check *check,
                                     struct cs_error *err);
enum cs_status cs_check_find_completeness(struct cs_check *check,
                                          struct cs_error *err);

#endif
