/*
 * check.h - is the mirror what its index says, and can it be mended?
 *
 * A table of checks, each with a name that stays the same for ever:
 *
 *     intents         file operations that a killed run left undone
 *     database        SQLite's own quick check of the file
 *     index-integrity FTS5's own check against the texts; only when fixing,
 *                     for it is a write statement
 *     index-entries   texts that are not in the full-text index, or only there
 *     missing-files   documents whose file is gone, or was never published
 *     changed-files   files of ours with other bytes: local edits; left alone
 *     stage-files     staged files that no intent wants
 *     leftover-files  files that we wrote and that belong to no document;
 *                     removed only if their document has the same bytes
 *     foreign-files   everything else in the folder of a source: listed, never
 *                     touched
 *     completeness    listed = held = stored, space by space
 *
 * A dry run reads only. Of the database's files it changes neither the file
 * nor its write-ahead log; SQLite may make an empty log and its shared memory
 * ("-wal", "-shm") beside them while it reads and takes them away after, or
 * rebuild the shared memory that a killed run left. While a sync is at work,
 * what it has under way may be reported.
 */
#ifndef CS_INDEX_UPKEEP_CHECK_H
#define CS_INDEX_UPKEEP_CHECK_H

#include "index/store/store.h"

enum cs_check_mode { CS_CHECK_DRY_RUN, CS_CHECK_FIX };

enum cs_check_severity {
    CS_CHECK_NOTE,   /* worth knowing; nothing is wrong */
    CS_CHECK_PROBLEM /* the mirror is not what it should be */
};

/* Strings are borrowed for the call; those that do not apply are NULL. */
struct cs_finding {
    const char *check; /* name in the table */
    enum cs_check_severity severity;
    const char *source;
    const char *path;    /* from the root, or absolute when the source's folder
                          * is elsewhere */
    const char *id;      /* "confluence:65601" */
    const char *message; /* what is so: "the file is gone" */
    const char *action;  /* what mends it: "write it again" */
    bool fixable;        /* by this program */
    bool fixed;          /* was mended just now */
};

typedef void cs_finding_fn(void *payload, const struct cs_finding *finding);

struct cs_check_options {
    enum cs_check_mode mode;
    struct cs_store *store;  /* to fix with; on the same index */
    const char *const *only; /* names of checks; none: all */
    size_t n_only;
    cs_finding_fn *found; /* in the order of the table; may be NULL */
    void *payload;
};

struct cs_check_summary {
    uint64_t notes;
    uint64_t problems; /* not mended */
    uint64_t fixed;
};

/* Run the checks. Findings are no failure. CS_ERR_USAGE for an unknown name;
 * a failure while mending ends the run. `*ret` is untouched on failure. */
enum cs_status cs_check_run(struct cs_index *index,
                            const struct cs_check_options *options,
                            struct cs_check_summary *ret, struct cs_error *err);

/* The table, for help and completion; NULL behind its end. */
const char *cs_check_name(size_t i);
const char *cs_check_title(size_t i);

#endif
