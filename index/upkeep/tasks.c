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
    {"intents", "file operations left undone", CS_KIND_CHECK,
     cs_check_find_intents, fix_replay, true},
    {"database", "the database file", CS_KIND_CHECK, cs_check_find_database,
     NULL, false},
    {"duplicate-paths", "documents that share a file", CS_KIND_CHECK,
     cs_check_find_duplicates, cs_check_fix_duplicates, false},
    {"dangling-rows", "rows and links that lead to nothing", CS_KIND_CHECK,
     cs_check_find_dangling, cs_check_fix_dangling, false},
    {"index-entries", "texts and full-text entries, one for one", CS_KIND_CHECK,
     cs_check_find_entries, cs_check_fix_reindex, true},
    {"index-integrity", "the full-text index against the texts", CS_KIND_CHECK,
     cs_check_find_integrity, cs_check_fix_reindex, true},
    {"lexicon",
     "the words of the full-text index, and how many documents"
     " have each",
     CS_KIND_CHECK, cs_check_find_lexicon, cs_check_fix_lexicon, true},
    {"vectors", "what ranking and filters know of the documents", CS_KIND_CHECK,
     cs_check_find_vectors, cs_check_fix_vectors, true},
    {"missing-files", "documents without their file", CS_KIND_CHECK,
     cs_check_find_missing, cs_check_fix_missing, false},
    {"changed-files", "files edited by hand", CS_KIND_CHECK,
     cs_check_find_changed, NULL, false},
    {"stage-files", "staged files that nothing wants", CS_KIND_CHECK,
     cs_check_find_stage, fix_remove, false},
    {"leftover-files", "files of ours that belong to no document",
     CS_KIND_CHECK, cs_check_find_leftover, fix_remove, false},
    {"foreign-files", "files of others", CS_KIND_CHECK, cs_check_find_foreign,
     NULL, false},
    {"completeness", "what was listed is held and stored", CS_KIND_CHECK,
     cs_check_find_completeness, NULL, false},

    {"tombstones", "removed documents past their time", CS_KIND_CHORE,
     cs_check_find_expired, cs_check_fix_expired, true},
    {"events", "events past their time", CS_KIND_CHORE, cs_check_find_events,
     cs_check_fix_events, true},
    {"old-logs", "log files past their time", CS_KIND_CHORE, cs_check_find_logs,
     cs_check_fix_logs, false},
    {"merge", "pieces of the full-text index", CS_KIND_CHORE,
     cs_check_find_merge, cs_check_fix_merge, true},
    {"unused", "unused pages of the database file", CS_KIND_CHORE,
     cs_check_find_unused, cs_check_fix_unused, true},
    {"checkpoint", "the write-ahead log", CS_KIND_CHORE,
     cs_check_find_checkpoint, cs_check_fix_checkpoint, true},

    {"optimize", "make the index small and quick", CS_KIND_NAMED,
     cs_check_find_optimize, cs_check_fix_optimize, false},
    {"reindex", "build the full-text index anew", CS_KIND_NAMED,
     cs_check_find_reindex, cs_check_fix_asked, true},
    {"links", "broken links, orphans, backlinks", CS_KIND_NAMED,
     cs_check_find_links, NULL, false},
    {"stale", "pages not updated for long", CS_KIND_NAMED, cs_check_find_stale,
     NULL, false},
    {"duplicates", "pages that say the same, or nearly", CS_KIND_NAMED,
     cs_check_find_alike, NULL, false},
};

const size_t cs_check_n_rows = CS_ARRAY_LEN(cs_check_rows);

const char *cs_check_name(size_t i)
{
    return i < cs_check_n_rows ? cs_check_rows[i].name : NULL;
}

const char *cs_check_title(size_t i)
{
    return i < cs_check_n_rows ? cs_check_rows[i].title : NULL;
}
