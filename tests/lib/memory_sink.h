/*
 * memory_sink.h - a cs_sink that keeps everything in memory, for tests.
 *
 * It follows the contract of src/sink.h: a listing counts only when it ends,
 * what is not stored in its listed version is wanted, and nothing is handed
 * out twice in a run. The contents stay from run to run, so a second run wants
 * only what changed. Where it is simpler than a store: what is put or set is
 * lasting at once, and every attachment is wanted unless the policy is "none".
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
    char *told;   /* the same, by the listing that runs */

    int64_t stored; /* version of the text, 0: none */
    char *markdown; /* rendered with canonical references */
    char *source;
    char *comments; /* the same; NULL: not looked at */
    unsigned n_comments;
    bool restricted;
    char *why;                           /* of the last failure */
    unsigned listed_in, handed_in, puts; /* run numbers; how often */

    unsigned made_in;  /* number of the listing that first told it */
    unsigned reload;   /* aspects still to be fetched */
    unsigned looked;   /* number of the run that had all aspects */
    unsigned brought;  /* aspects of all puts */
    bool suspect;      /* somebody said so */
    unsigned missing;  /* run whose listing lacked it, 0: none */
    unsigned asked_in; /* run in which it was handed out as doubtful */
    unsigned verdicts; /* runs that found it gone or forbidden, in a row */
    enum cs_presence presence; /* the last verdict */
    const char *condemned;     /* why, or NULL */
};

struct memory_file {
    char *id, *document_id, *name, *locator;
    int64_t size, version, held; /* version of the bytes, 0: none */
    char *bytes;
    size_t len;
    int64_t partial; /* version of bytes that are not complete, 0: none */
    char *why;
    unsigned handed_in;
};

struct memory_container {
    char *id, *key, *name;
    unsigned listed_in; /* run of the last complete listing, 0: never */
    bool absent;        /* and in which way: */
    enum cs_absence absence;
    char *why;
};

struct memory_cursor {
    char *name, *text;
};

struct memory_person {
    char *id, *name;
};

struct memory_sink {
    struct cs_sink sink; /* hand out &memory.sink */
    struct cs_sink_ops ops;
    struct memory_item *items;
    size_t n_items, hint;
    struct memory_person *people;
    size_t n_people;
    struct memory_file *files;
    size_t n_files;
    struct memory_container *containers;
    size_t n_containers;
    struct memory_cursor *cursors;
    size_t n_cursors;
    struct cs_run_options options; /* of the run */
    char *base_url;                /* as begin had it */
    char *container;               /* key of that being listed or fetched */
    enum cs_list_scope scope;
    unsigned run, list; /* numbers of the run and of the listing */
    unsigned begun, ended, commits, listings, person_calls;
    unsigned hints, hinted_all, suspects, verdicts, removals, swept;
    size_t sweep_max; /* of the last sweep */
    int64_t sweep_older_than;
    uint64_t failed, deleted, braked, files_fetched, files_failed;
    enum cs_status outcome;
    /* What `state` says of each container, unless 0. */
    struct cs_container_state state;

    const char *break_at; /* name of a slot that shall fail */
    enum cs_status break_with;
};

void memory_sink_init(struct memory_sink *memory);
void memory_sink_clear(struct memory_sink *memory);

/* NULL when there is none. */
struct memory_item *memory_sink_find(struct memory_sink *memory,
                                     const char *id);
struct memory_file *memory_sink_file(struct memory_sink *memory,
                                     const char *id);
/* By key. */
struct memory_container *memory_sink_container(struct memory_sink *memory,
                                               const char *key);
const char *memory_sink_cursor(const struct memory_sink *memory,
                               const char *name);
const char *memory_sink_person(const struct memory_sink *memory,
                               const char *id);

#endif
