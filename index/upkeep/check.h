/*
 * check.h - is the mirror what its index says, and what is there to be done?
 *
 * A table of tasks (tasks.c), each with a name that stays the same for ever.
 * The checks compare:
 *
 *     intents         file operations that a killed run left undone
 *     database        SQLite's own quick check of the file
 *     dangling-rows   rows and links that lead to nothing
 *     duplicate-paths two documents with one file
 *     index-integrity FTS5's own check against the texts
 *     index-entries   texts that are not in the full-text index, or only there
 *     lexicon         the terms that search knows and their df, against those
 *                     of the full-text index
 *     vectors         what ranking and filters know of the documents, against
 *                     their rows
 *     missing-files   documents whose file is gone, or was never published
 *     changed-files   files of ours with other bytes: local edits; left alone
 *     stage-files     staged files that no intent wants
 *     leftover-files  files that we wrote and that belong to no document;
 *                     removed only if their document has the same bytes
 *     foreign-files   everything else in the folder of a source: listed, never
 *                     touched
 *     completeness    listed = held = stored, space by space
 *
 * The chores are due now and then, and nothing is wrong when they are:
 *
 *     tombstones      removed documents that were kept long enough
 *     events          what `cs why` tells, after CS_EVENT_DAYS days; the last
 *                     CS_EVENTS_KEPT of each document stay
 *     old-logs        log files of more than CS_LOG_DAYS days
 *     merge           a full-text index in many pieces
 *     checkpoint      a write-ahead log that a killed run left
 *
 * These are run only by their names: optimize, reindex, links, stale,
 * duplicates.
 *
 * A dry run reads only. On an index that was opened to inspect (index.h) it
 * leaves no trace. While a sync is at work, what it has under way may be
 * reported.
 */
#ifndef CS_INDEX_UPKEEP_CHECK_H
#define CS_INDEX_UPKEEP_CHECK_H

#include "index/store/store.h"

#define CS_LOG_DAYS          30
#define CS_STALE_DAYS        365
#define CS_EVENT_DAYS        90
#define CS_EVENTS_KEPT       20
#define CS_KEEP_DELETED_DAYS 30 /* of a source that is not configured */

enum cs_check_mode { CS_CHECK_DRY_RUN, CS_CHECK_FIX };

/* Which tasks, when none is named. */
enum cs_check_set { CS_SET_ROUTINE, CS_SET_CHECKS, CS_SET_CHORES };

enum cs_check_severity {
    CS_CHECK_NOTE,    /* worth knowing; nothing is wrong */
    CS_CHECK_PROBLEM, /* the mirror is not what it should be */
    CS_CHECK_CHORE    /* nothing is wrong; something is to be done */
};

/* Strings are borrowed for the call; those that do not apply are NULL. */
struct cs_finding {
    const char *check; /* name in the table */
    enum cs_check_severity severity;
    const char *source;
    const char *path;    /* from the root, or absolute when it is elsewhere */
    const char *id;      /* "confluence:65601" */
    const char *message; /* what is so: "its file is gone" */
    const char *action;  /* what mends it: "write it again" */
    int64_t bytes;       /* written or removed by the action; 0: none */
    bool fixable;        /* by this program */
    bool fixed;          /* was done just now */
};

typedef void cs_finding_fn(void *payload, const struct cs_finding *finding);

/* How long a source keeps what was deleted. */
struct cs_check_keep {
    const char *source;
    int64_t ms;
};

struct cs_check_options {
    enum cs_check_mode mode;
    enum cs_check_set set;
    struct cs_store *store;  /* to fix with; on the same index */
    const char *const *only; /* names of tasks; none: those of the set */
    size_t n_only;
    int64_t document;   /* links: what leads here; 0: broken links, orphans */
    int64_t older_than; /* stale: milliseconds; 0: CS_STALE_DAYS */
    const struct cs_check_keep *keeps;
    size_t n_keeps;
    cs_finding_fn *found; /* in the order of the table; may be NULL */
    void *payload;
};

struct cs_check_summary {
    uint64_t notes;
    uint64_t problems; /* not mended, or not yet */
    uint64_t fixable;  /* of those, what a run would mend */
    uint64_t fixed;    /* problems mended */
    uint64_t due;      /* chores not done */
    uint64_t done;     /* chores done */
};

/* Add a finding to the summary that it belongs to. */
void cs_check_count(struct cs_check_summary *summary,
                    const struct cs_finding *finding);

/* Run the tasks. Findings are no failure. CS_ERR_USAGE for an unknown name;
 * a failure while mending ends the run. `*ret` is untouched on failure. */
enum cs_status cs_check_run(struct cs_index *index,
                            const struct cs_check_options *options,
                            struct cs_check_summary *ret, struct cs_error *err);

/* The names in the table; NULL behind its end. */
const char *cs_check_name(size_t i);

/* The chores, if the last time was a day ago; for the end of a sync. The time
 * is kept in a small file beside the database. `*ret_ran` says whether it was
 * time; `*ret` is as above. */
enum cs_status cs_check_routine(struct cs_index *index, struct cs_store *store,
                                const struct cs_check_keep *keeps,
                                size_t n_keeps, bool *ret_ran,
                                struct cs_check_summary *ret,
                                struct cs_error *err);

#endif
