/*
 * idset.h - a set of ids that only answers "seen before?".
 *
 * Listings of a hundred thousand items must remember which ids, folders and
 * cursors they have met. The set keeps 64 bits of each id's hash, not the id:
 * about 16 bytes an entry. Two ids of one hash would be taken for one, which
 * with a million ids happens once in some ten million runs.
 */
#ifndef CS_CONNECTORS_IDSET_H
#define CS_CONNECTORS_IDSET_H

#include "src/error.h"

struct cs_idset {
    uint64_t *slots; /* 0: free */
    size_t cap, n;
};

#define CS_IDSET_INIT                                                          \
    {                                                                          \
        .slots = NULL                                                          \
    }

/* Add an id. `ret_new` (may be NULL) tells whether it was not there yet.
 * Fails only with CS_ERR_NO_MEMORY. */
enum cs_status cs_idset_add(struct cs_idset *set, const char *id, bool *ret_new,
                            struct cs_error *err);

bool cs_idset_has(const struct cs_idset *set, const char *id);

/* Free what it holds; it is empty then. Fits CS_CLEANUP. */
void cs_idset_clear(struct cs_idset *set);

#endif
