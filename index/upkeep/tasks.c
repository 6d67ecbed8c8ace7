/*
 * tasks.c - the table of tasks, and the fixers that are one call.
 *
 * The order is that of running: the index is mended before the files that are
 * rendered from it.
 */
#include "index/upkeep/internal.h"

static enum cs_status fix_replay(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    (void)item;
    return cs_store_replay(check->options->store, err);
}

static enum cs_status fix_remove(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    (void)check;
    return cs_dir_remove(item->source->dir, item->name, err);
}

const struct cs_check_row cs_check_rows[] = {
    {"intents", CS_KIND_CHECK, cs_check_find_intents, fix_replay, true},
    {"database", CS_KIND_CHECK, cs_check_find_database, NULL, false},
    {"duplicate-paths", CS_KIND_CHECK, cs_check_find_duplicates,
     cs_check_fix_duplicates, false},
    {"dangling-rows", CS_KIND_CHECK, cs_check_find_dangling,
     cs_check_fix_dangling, false},
    {"index-entries", CS_KIND_CHECK, cs_check_find_entries,
     cs_check_fix_reindex, true},
    {"index-integrity", CS_KIND_CHECK, cs_check_find_integrity,
     cs_check_fix_reindex, true},
    {"lexicon", CS_KIND_CHECK, cs_check_find_lexicon, cs_check_fix_lexicon,
     true},
    {"vectors", CS_KIND_CHECK, cs_check_find_vectors, cs_check_fix_vectors,
     true},
    {"missing-files", CS_KIND_CHECK, cs_check_find_missing,
     cs_check_fix_missing, false},
    {"changed-files", CS_KIND_CHECK, cs_check_find_changed, NULL, false},
    {"stage-files", CS_KIND_CHECK, cs_check_find_stage, fix_remove, false},
    {"leftover-files", CS_KIND_CHECK, cs_check_find_leftover, fix_remove,
     false},
    {"foreign-files", CS_KIND_CHECK, cs_check_find_foreign, NULL, false},
    {"completeness", CS_KIND_CHECK, cs_check_find_completeness, NULL, false},

    {"tombstones", CS_KIND_CHORE, cs_check_find_expired, cs_check_fix_expired,
     true},
    {"trash", CS_KIND_CHORE, cs_check_find_trash, cs_check_fix_trash, true},
    {"events", CS_KIND_CHORE, cs_check_find_events, cs_check_fix_events, true},
    {"old-logs", CS_KIND_CHORE, cs_check_find_logs, cs_check_fix_logs, false},
    {"merge", CS_KIND_CHORE, cs_check_find_merge, cs_check_fix_merge, true},
    {"unused", CS_KIND_CHORE, cs_check_find_unused, cs_check_fix_unused, true},
    {"checkpoint", CS_KIND_CHORE, cs_check_find_checkpoint,
     cs_check_fix_checkpoint, true},

    {"optimize", CS_KIND_NAMED, cs_check_find_optimize, cs_check_fix_optimize,
     false},
    {"reindex", CS_KIND_NAMED, cs_check_find_reindex, cs_check_fix_asked, true},
    {"links", CS_KIND_NAMED, cs_check_find_links, NULL, false},
    {"stale", CS_KIND_NAMED, cs_check_find_stale, NULL, false},
    {"duplicates", CS_KIND_NAMED, cs_check_find_alike, NULL, false},
};

const size_t cs_check_n_rows = CS_ARRAY_LEN(cs_check_rows);

const char *cs_check_name(size_t i)
{
    return i < cs_check_n_rows ? cs_check_rows[i].name : NULL;
}
