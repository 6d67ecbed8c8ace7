/*
 * recover.h - a new index from what can be read of a damaged one.
 *
 * The lasting tables are copied row by row around what cannot be read, derived
 * ones are built anew, and rows that lost what they belong to are left out. A
 * text that does not give the file which was written from it is not believed.
 * The damaged file is kept beside the new one. What is missing then, the next
 * sync fetches: every space is listed anew, and files of the mirror whose rows
 * were lost are known again by their front matter.
 */
#ifndef CS_INDEX_UPKEEP_RECOVER_H
#define CS_INDEX_UPKEEP_RECOVER_H

#include "index/index.h"
#include "src/path.h"

struct cs_recover_options {
    const char *root;
    const char *index_dir; /* NULL: <root>/.cs */
    const struct cs_clock *clock;
    bool dry_run; /* look only */
    /* How many rows of a table were saved, and whether those were all that it
     * had; may be NULL. */
    void (*saved)(void *payload, const char *table, int64_t rows, bool whole);
    void *payload;
};

struct cs_recover_summary {
    int64_t bytes;          /* of the damaged file */
    int64_t distrusted;     /* texts that the next sync fetches again */
    char kept[CS_PATH_MAX]; /* where the damaged file is now */
};

/* CS_ERR_NO_INDEX when there is none, CS_ERR_LOCKED, CS_ERR_NEWER. A file so
 * damaged that nothing can be read gives an empty index. */
enum cs_status cs_recover_run(const struct cs_recover_options *options,
                              struct cs_recover_summary *ret,
                              struct cs_error *err);

#endif
