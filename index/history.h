/*
 * history.h - what became of one document, and why, for `cs why`.
 *
 * Events are kept for a while (index/store/removal.h prunes them); the state
 * says what is so now, whatever is still known of how it came to be.
 */
#ifndef CS_INDEX_HISTORY_H
#define CS_INDEX_HISTORY_H

#include "index/index.h"
#include "src/arena.h"

/* The last so many events are told. */
#define CS_HISTORY_MAX 200

enum cs_history_state {
    CS_HISTORY_HERE,     /* held, and listed */
    CS_HISTORY_MISSING,  /* held, but the last complete listing lacked it */
    CS_HISTORY_REMOVED,  /* a tombstone tells of it */
    CS_HISTORY_FORGOTTEN /* there are events, and nothing else */
};

/* What happened: listed, restored, changed, renamed, moved, missing, verdict,
 * fetched, failed, braked, removed, given back, purged. */
struct cs_history_event {
    int64_t at;
    int64_t run; /* row; 0: not in a run */
    const char *what;
    const char *detail; /* "version 6 -> 7"; NULL: there is none */
};

/* Names that are not known are NULL, times 0. */
struct cs_history {
    enum cs_history_state state;
    const char *id; /* "confluence:65601" */
    const char *source, *vendor_id;
    const char *title, *url;
    const char *path;   /* absolute; of its file, or where that was */
    const char *space;  /* key */
    int64_t since;      /* missing or removed, since */
    const char *reason; /* removed: trashed, gone, forbidden, moved, ... */
    int64_t http_status;
    bool restorable;     /* removed: `cs maintenance restore` brings it back;
                            until `since` + keep_deleted of its source */
    const char *verdict; /* missing: what the source said when asked */
    const char *failure; /* why its newest text could not be had */
    int64_t left, gone;  /* its container is not configured, not shown, since */
    const char *gone_why; /* what the source said of the container */
    const struct cs_history_event *events; /* oldest first */
    size_t n_events;
};

/* `name` is anything that cs_reader_find() knows, or what is left of a document
 * that was removed: its id, its address, its path. Strings live in `arena`.
 * CS_ERR_NOT_FOUND, CS_ERR_USAGE when several fit. */
enum cs_status cs_history_load(struct cs_index *index, struct cs_arena *arena,
                               const char *name, struct cs_history *ret,
                               struct cs_error *err);

#endif
