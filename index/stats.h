/*
 * stats.h - what a mirror holds, in numbers, for `cs status`.
 */
#ifndef CS_INDEX_STATS_H
#define CS_INDEX_STATS_H

#include "index/index.h"
#include "src/arena.h"

#define CS_STATS_FAILURES_MAX 20

/* A document whose newest text could not be had. */
struct cs_stats_failure {
    const char *id; /* "confluence:65601" */
    const char *title;
    const char *reason;
    int64_t since;
};

/* Folders are not counted anywhere. Times are 0 when it never happened. */
struct cs_stats_source {
    const char *name, *type, *base_url;
    const char *folder;    /* absolute */
    int64_t documents;     /* rows */
    int64_t listed;        /* at the last complete listings */
    int64_t listed_at;     /* when the oldest of those was */
    int64_t stored;        /* listed, with their current text */
    int64_t indexed;       /* of those stored, in the full-text index */
    int64_t on_disk;       /* of those stored, with a file where it should be */
    int64_t pending;       /* text still to be fetched, not failed */
    int64_t failed;        /* text could not be had */
    int64_t missing;       /* held, but gone from the last listing */
    int64_t left;          /* held, of spaces no longer configured or shown */
    int64_t deleted;       /* removed, and can still be restored */
    int64_t files;         /* attachments that are held */
    int64_t files_pending; /* wanted, and still to be fetched */
    int64_t files_failed;  /* of those, such that could not be had */
    int64_t last_start, last_success;
    const char *last_outcome; /* status name, NULL before the first end */
    const struct cs_stats_failure *failures; /* the oldest */
    size_t n_failures;
};

struct cs_stats_space {
    const char *source, *key, *name, *url;
    int64_t documents; /* rows, folders not counted */
    int64_t listed;    /* when it was last listed completely; 0: never */
    int64_t left;      /* no longer configured, since; 0: it is */
    int64_t gone;      /* not shown by the site, since; 0: it is */
    const char *gone_why;
};

struct cs_stats {
    const struct cs_stats_source *sources; /* by name */
    size_t n_sources;
    const struct cs_stats_space *spaces; /* by source and key */
    size_t n_spaces;
    int64_t documents;      /* of all sources */
    int64_t database_bytes; /* with its write-ahead log */
    int64_t intents;        /* file operations still to be done */
};

/* How many of the documents of a source that are stored have their file: a look
 * at each of them. 0 for a source that is not known. */
enum cs_status cs_stats_on_disk(struct cs_index *index, const char *source,
                                int64_t *ret, struct cs_error *err);

/* When the source that succeeded longest ago did so; 0: one never did. */
enum cs_status cs_stats_last_success(struct cs_index *index, int64_t *ret,
                                     struct cs_error *err);

/* Count; everything lives in `arena`. */
enum cs_status cs_stats_read(struct cs_index *index, struct cs_arena *arena,
                             struct cs_stats *ret, struct cs_error *err);

#endif
