/*
 * claim.h - what the front matter of a file says of itself.
 *
 * A file that names a source and an id was once written by us, whatever became
 * of it since: after the loss of an index it is how a document knows its file.
 */
#ifndef CS_INDEX_STORE_CLAIM_H
#define CS_INDEX_STORE_CLAIM_H

#include "src/dir.h"

/* Empty texts when there is no front matter of ours. */
struct cs_claim {
    char source[256], id[256];
};

/* Read the head of a file, text that is changed by it. */
void cs_claim_parse(char *head, struct cs_claim *ret);

/* Read it from the regular file `name`, which need not be ours; links are not
 * followed. What is no file, or not ours to read, claims nothing; a file that
 * cannot be read for another reason is an error. */
enum cs_status cs_claim_read(struct cs_dir *dir, const char *name,
                             struct cs_claim *ret, struct cs_error *err);

#endif
