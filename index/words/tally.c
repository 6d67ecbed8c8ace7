/*
 * tally.c - a hash table of terms. A word of a text costs two reads of memory
 * here: a slot, and behind it the term with its counts.
 */
#include "index/words/tally.h"

#include "index/words/chunk.h"
#include "src/arena.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS_MIN = 1 << 12 };

struct term {
    int64_t df;
    uint32_t document; /* that counted it last */
    uint32_t len;
    char text[];
};

struct slot {
    uint64_t hash;
    struct term *term; /* NULL: free */
};

struct cs_tally {
    struct slot *slots;
    size_t n_slots; /* a power of two */
    size_t n;
    struct cs_arena *terms;
    struct cs_tally_change *changes;
    size_t max_changes;
    uint32_t document;
    int sign;
    bool failed;
};

struct cs_tally *cs_tally_new(void)
{
    struct cs_tally *tally = calloc(1, sizeof(*tally));
    if (!tally)
        return NULL;
    tally->n_slots = SLOTS_MIN;
    tally->slots = calloc(SLOTS_MIN, sizeof(struct slot));
    tally->terms = cs_arena_new(0);
    if (tally->slots && tally->terms)
        return tally;
    cs_tally_free(tally);
    return NULL;
}

void cs_tally_free(struct cs_tally *tally)
{
    if (!tally)
        return;
    free(tally->slots);
    free(tally->changes);
    cs_arena_free(tally->terms);
    free(tally);
}

void cs_tally_clear(struct cs_tally *tally)
{
    if (tally->n > 0)
        memset(tally->slots, 0, tally->n_slots * sizeof(struct slot));
    cs_arena_clear(tally->terms);
    tally->n = 0;
    tally->document = 0;
    tally->failed = false;
}

void cs_tally_document(struct cs_tally *tally, int sign)
{
    tally->document++;
    tally->sign = sign;
}

bool cs_tally_is_empty(const struct cs_tally *tally)
{
    return tally->n == 0;
}

static struct slot *free_slot(struct slot *slots, size_t n, uint64_t hash)
{
    size_t i = (size_t)hash & (n - 1);
    while (slots[i].term)
        i = (i + 1) & (n - 1);
    return &slots[i];
}

static bool grow(struct cs_tally *tally)
{
    size_t n = 2 * tally->n_slots;
    struct slot *slots = calloc(n, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < tally->n_slots; i++)
        if (tally->slots[i].term)
            *free_slot(slots, n, tally->slots[i].hash) = tally->slots[i];
    free(tally->slots);
    tally->slots = slots;
    tally->n_slots = n;
    return true;
}

static void insert(struct cs_tally *tally, uint64_t hash, const char *text,
                   size_t len)
{
    if (tally->n >= tally->n_slots / 2 && !grow(tally)) {
        tally->failed = true;
        return;
    }
    struct term *term = cs_arena_take(tally->terms, sizeof(*term) + len);
    if (!term) {
        tally->failed = true;
        return;
    }
    term->df = tally->sign;
    term->document = tally->document;
    term->len = (uint32_t)len;
    memcpy(term->text, text, len);
    struct slot *slot = free_slot(tally->slots, tally->n_slots, hash);
    slot->hash = hash;
    slot->term = term;
    tally->n++;
}

void cs_tally_add(struct cs_tally *tally, const char *term, size_t len)
{
    if (len == 0 || len > CS_TERM_MAX || tally->failed)
        return;
    uint64_t hash = XXH3_64bits(term, len);
    size_t mask = tally->n_slots - 1;
    for (size_t i = (size_t)hash & mask; tally->slots[i].term;
         i = (i + 1) & mask) {
        struct term *found = tally->slots[i].term;
        if (tally->slots[i].hash != hash || found->len != len ||
            memcmp(found->text, term, len) != 0)
            continue;
        if (found->document != tally->document) {
            found->document = tally->document;
            found->df += tally->sign;
        }
        return;
    }
    insert(tally, hash, term, len);
}

enum cs_status cs_tally_status(const struct cs_tally *tally,
                               struct cs_error *err)
{
    return tally->failed ? cs_error_no_memory(err) : CS_OK;
}

static int by_term(const void *left, const void *right)
{
    const struct cs_tally_change *a = left, *b = right;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return cs_term_compare(a->term, a->len, b->term, b->len);
}

/* The first eight bytes as a number that is ordered as they are. */
static uint64_t order_of(const char *term, size_t len)
{
    uint64_t order = 0;
    for (size_t i = 0; i < sizeof(order); i++)
        order = order << 8 | (i < len ? (unsigned char)term[i] : 0);
    return order;
}

enum cs_status cs_tally_changes(struct cs_tally *tally,
                                const struct cs_tally_change **ret,
                                size_t *ret_n, struct cs_error *err)
{
    enum cs_status status = cs_tally_status(tally, err);
    if (status)
        return status;
    if (tally->n > tally->max_changes) {
        void *more =
            realloc(tally->changes, tally->n * sizeof(struct cs_tally_change));
        if (!more)
            return cs_error_no_memory(err);
        tally->changes = more;
        tally->max_changes = tally->n;
    }
    size_t n = 0;
    for (size_t i = 0; i < tally->n_slots; i++) {
        const struct term *term = tally->slots[i].term;
        if (term && term->df != 0)
            tally->changes[n++] = (struct cs_tally_change){
                .term = term->text,
                .len = term->len,
                .df = term->df,
                .order = order_of(term->text, term->len)};
    }
    if (n > 0)
        qsort(tally->changes, n, sizeof(struct cs_tally_change), by_term);
    *ret = tally->changes;
    *ret_n = n;
    return CS_OK;
}
