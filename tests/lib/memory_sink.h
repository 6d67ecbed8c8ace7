/*
 * memory_sink.h - a cs_sink that keeps everything in memory, for tests.
 *
 * It follows the contract of src/sink.h: a listing counts only when it ends,
 * what is not stored in its listed version is wanted, and nothing is handed
 * out twice in a run. The contents stay from run to run, so a second run wants
 * only what changed.
 */
#ifndef CS_TESTS_LIB_MEMORY_SINK_H
#define CS_TESTS_LIB_MEMORY_SINK_H

#include "src/sink.h"

struct memory_item {
    char *id, *container, *title, *parent_id, *url, *author_id;
    enum cs_item_kind kind;
    enum cs_item_status status;
    int64_t version, position, created, updated;
    char *labels; /* "a,b", in the order told; NULL: not looked at */

    int64_t stored; /* version of the text, 0: none */
    char *markdown; /* rendered with canonical references */
    char *source;
    char *why;                           /* of the last failure */
    unsigned listed_in, handed_in, puts; /* run numbers; how often */
};

struct memory_person {
    char *id, *name;
};

struct memory_sink {
    struct cs_sink sink; /* hand out &memory.sink */
    struct memory_item *items;
    size_t n_items, cap_items, hint;
    struct memory_person *people;
    size_t n_people;
    char *base_url;        /* as begin had it */
    char *container;       /* being listed or fetched */
    unsigned run, list;    /* numbers of the run and of the listing */
    unsigned lists_before; /* the run */
    unsigned begun, ended, commits, listings, person_calls;
    uint64_t failed;
    enum cs_status outcome;

    const char *break_at; /* name of a slot that shall fail */
    enum cs_status break_with;
};

void memory_sink_init(struct memory_sink *memory);
void memory_sink_clear(struct memory_sink *memory);

/* NULL when there is none. */
struct memory_item *memory_sink_find(struct memory_sink *memory,
                                     const char *id);
const char *memory_sink_person(const struct memory_sink *memory,
                               const char *id);

/* Items seen in the last listing of their container; of these, the ones with
 * the listed version stored. */
size_t memory_sink_listed(const struct memory_sink *memory);
size_t memory_sink_stored(const struct memory_sink *memory);

#endif
