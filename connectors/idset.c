/*
 * idset.c - open addressing with linear probing, at most three quarters full.
 */
#include "connectors/idset.h"

#include "src/hash.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

static uint64_t key_of(const char *id)
{
    struct cs_hash hash = cs_hash_of(id, strlen(id));
    uint64_t key;
    memcpy(&key, hash.bytes, sizeof(key));
    return key ? key : 1;
}

/* The slot that holds `key`, or the free one where it belongs. */
static uint64_t *find(uint64_t *slots, size_t cap, uint64_t key)
{
    size_t i = (size_t)key & (cap - 1);
    while (slots[i] && slots[i] != key)
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

static enum cs_status grow(struct cs_idset *set, struct cs_error *err)
{
    size_t cap = set->cap ? set->cap * 2 : FIRST_SLOTS;
    uint64_t *slots = calloc(cap, sizeof(*slots));
    if (!slots)
        return cs_error_no_memory(err);
    for (size_t i = 0; i < set->cap; i++) {
        if (set->slots[i])
            *find(slots, cap, set->slots[i]) = set->slots[i];
    }
    free(set->slots);
    set->slots = slots;
    set->cap = cap;
    return CS_OK;
}

enum cs_status cs_idset_add(struct cs_idset *set, const char *id, bool *ret_new,
                            struct cs_error *err)
{
    if (set->n >= set->cap / 4 * 3) {
        enum cs_status status = grow(set, err);
        if (status)
            return status;
    }
    uint64_t key = key_of(id), *slot = find(set->slots, set->cap, key);
    if (ret_new)
        *ret_new = *slot == 0;
    set->n += *slot == 0;
    *slot = key;
    return CS_OK;
}

bool cs_idset_has(const struct cs_idset *set, const char *id)
{
    return set->cap && *find(set->slots, set->cap, key_of(id)) != 0;
}

void cs_idset_clear(struct cs_idset *set)
{
    free(set->slots);
    *set = (struct cs_idset)CS_IDSET_INIT;
}
