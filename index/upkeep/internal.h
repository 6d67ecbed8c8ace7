/*
 * internal.h - what the tasks share. Included by index/upkeep/ only.
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
    int64_t document;   /* row, or 0 */
    int64_t attachment; /* row, or 0 */
    const char *name;   /* of a file, in the folder of the source; or NULL */
    int step;           /* the finder's own word to its fixer */
    struct cs_check_item *next;
};

struct cs_check {
    struct cs_index *index;
    struct cs_db *db;
    const struct cs_check_options *options;
    struct cs_check_source *sources;
    size_t n_sources;

    /* of the running task */
    const char *check;
    struct cs_arena *arena;
    struct cs_check_item *first, *last;
    uint64_t n_items;

    /* of the run */
    bool entries_differ; /* the full-text index is known not to fit */
    bool damaged;        /* the file is known to be damaged */
};

typedef enum cs_status cs_check_find_fn(struct cs_check *check,
                                        struct cs_error *err);
typedef enum cs_status cs_check_fix_fn(struct cs_check *check,
                                       const struct cs_check_item *item,
                                       struct cs_error *err);

enum cs_check_kind { CS_KIND_CHECK, CS_KIND_CHORE, CS_KIND_NAMED };

struct cs_check_row {
    const char *name;
    enum cs_check_kind kind;
    cs_check_find_fn *find;
    cs_check_fix_fn *fix; /* NULL: reported only */
    bool fix_once;        /* one call mends all that was found */
};

/* tasks.c: the table. */
extern const struct cs_check_row cs_check_rows[];
extern const size_t cs_check_n_rows;

/* check.c: keep a finding; strings of `item` are copied, `path` is made from
 * source and name unless it is given, `id` from the document. */
enum cs_status cs_check_report(struct cs_check *check,
                               const struct cs_check_item *item,
                               struct cs_error *err);
/* check.c: the source of that row, or NULL. */
struct cs_check_source *cs_check_source_of(struct cs_check *check, int64_t row);

/* check_files.c: finders over the folders of the sources. */
cs_check_find_fn cs_check_find_missing;
cs_check_fix_fn cs_check_fix_missing;
cs_check_find_fn cs_check_find_changed;
cs_check_find_fn cs_check_find_stage;
cs_check_find_fn cs_check_find_leftover;
cs_check_find_fn cs_check_find_foreign;

/* check_rows.c: finders in the database. */
cs_check_find_fn cs_check_find_intents;
cs_check_find_fn cs_check_find_dangling;
cs_check_fix_fn cs_check_fix_dangling;
cs_check_find_fn cs_check_find_duplicates;
cs_check_fix_fn cs_check_fix_duplicates;
cs_check_find_fn cs_check_find_completeness;

/* check_index.c: the database file and the full-text index. */
cs_check_find_fn cs_check_find_database;
cs_check_find_fn cs_check_find_integrity;
cs_check_find_fn cs_check_find_entries;

/* lexicon.c: the words that search knows. */
cs_check_find_fn cs_check_find_lexicon;
cs_check_fix_fn cs_check_fix_lexicon;

/* vectors.c: what ranking and filters know. */
cs_check_find_fn cs_check_find_vectors;
cs_check_fix_fn cs_check_fix_vectors;

/* chores.c: what is due now and then, and optimize. */
cs_check_find_fn cs_check_find_logs;
cs_check_fix_fn cs_check_fix_logs;
cs_check_find_fn cs_check_find_merge;
cs_check_fix_fn cs_check_fix_merge;
cs_check_find_fn cs_check_find_unused;
cs_check_fix_fn cs_check_fix_unused;
cs_check_find_fn cs_check_find_checkpoint;
cs_check_fix_fn cs_check_fix_checkpoint;
cs_check_find_fn cs_check_find_optimize;
cs_check_fix_fn cs_check_fix_optimize;

/* history.c: what is kept for a time. */
cs_check_find_fn cs_check_find_expired;
cs_check_fix_fn cs_check_fix_expired;
cs_check_find_fn cs_check_find_trash;
cs_check_fix_fn cs_check_fix_trash;
cs_check_find_fn cs_check_find_events;
cs_check_fix_fn cs_check_fix_events;

/* fulltext.c: the full-text index built anew beside the old one, which goes on
 * answering until both are swapped. */
cs_check_find_fn cs_check_find_reindex;
cs_check_fix_fn cs_check_fix_reindex;
cs_check_fix_fn cs_check_fix_asked;

/* reports.c: lists for people. */
cs_check_find_fn cs_check_find_links;
cs_check_find_fn cs_check_find_stale;

/* alike.c: pages that say the same. */
cs_check_find_fn cs_check_find_alike;

#endif
