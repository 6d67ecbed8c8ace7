/*
 * sink.h - where a connector's records go.
 *
 * The border between connectors/ and index/: the engine pushes records into a
 * sink and never learns what becomes of them; index/store implements it, tests
 * implement it with a few lines. A run of one source is
 *
 *     begin
 *       for each container: list_begin, list_add..., list_label..., list_end
 *       for each container: fetch_begin, then
 *         wanted -> the connector fetches -> put_person, put or fail ... commit
 *     end
 *
 * The sink compares a complete listing with what it holds, and so decides what
 * is new, changed, moved or missing; `wanted` hands out the ids whose text must
 * be fetched. A run that was cut off anywhere is continued by the next one:
 * what was committed stays, what was not is wanted again.
 *
 * Every slot must be filled. Strings passed in are copied by the sink; a
 * failure leaves the sink as of its last commit.
 */
#ifndef CS_SRC_SINK_H
#define CS_SRC_SINK_H

#include "src/arena.h"
#include "src/document.h"

/* The source that a run works on. */
struct cs_source_info {
    const char *name;     /* names its folder: "confluence" */
    const char *type;     /* the connector: "confluence" */
    const char *base_url; /* a name whose URL changes is another source */
    const char *folder;   /* its folder; NULL: `name`, below the root */
};

/* What a listing meant for one container. */
struct cs_list_summary {
    uint64_t listed; /* items seen, folders not counted */
    uint64_t added, changed, moved, missing, returned;
    uint64_t wanted; /* texts to be fetched now */
};

/* One text to be fetched. */
struct cs_want {
    const char *id;
    enum cs_item_kind kind;
    int64_t version;
};

/* Totals of a run, for the summary and for the proof of completeness. */
struct cs_run_summary {
    uint64_t listed;  /* at the last complete listing, per source */
    uint64_t stored;  /* of those, with their current text in the database */
    uint64_t indexed; /* of those, in the full-text index */
    uint64_t written, moved, removed; /* files, in this run */
    uint64_t failed;     /* documents that could not be fetched or converted */
    uint64_t failed_new; /* of those, not reported before */
    uint64_t missing;    /* held, but gone from the last listing */
    uint64_t conflicts;  /* local edits and foreign files met */
};

struct cs_sink;

struct cs_sink_ops {
    /* Start a run. Fails with CS_ERR_CONFIG when the name is known with
     * another base URL. */
    enum cs_status (*begin)(struct cs_sink *sink,
                            const struct cs_source_info *source,
                            struct cs_error *err);

    /* Start the listing of a container; its row is made or updated. */
    enum cs_status (*list_begin)(struct cs_sink *sink,
                                 const struct cs_container *container,
                                 struct cs_error *err);
    /* One item of it, in any order, each id once or more. */
    enum cs_status (*list_add)(struct cs_sink *sink, const struct cs_item *item,
                               struct cs_error *err);
    /* A label of an item of it. Calls for all labels of a container must come
     * before list_end, or none. */
    enum cs_status (*list_label)(struct cs_sink *sink, const char *item_id,
                                 const char *label, struct cs_error *err);
    /* The end of the listing, in which everything was seen. Commits renames,
     * moves and new items; with `labels` the labels too. Without a call of
     * this, the listing counts for nothing. */
    enum cs_status (*list_end)(struct cs_sink *sink, bool labels,
                               struct cs_list_summary *ret_summary,
                               struct cs_error *err);

    /* From here on `wanted` is about this container, listed before. */
    enum cs_status (*fetch_begin)(struct cs_sink *sink,
                                  const struct cs_container *container,
                                  struct cs_error *err);
    /* Up to `max` texts of it that are to be fetched and were not handed out
     * since fetch_begin; fewer than `max` means that these were the last.
     * Strings live in `arena`. */
    enum cs_status (*wanted)(struct cs_sink *sink, struct cs_arena *arena,
                             size_t max, struct cs_want *ret_wants,
                             size_t *ret_n, struct cs_error *err);

    /* A person's name, before the documents that mention it. */
    enum cs_status (*put_person)(struct cs_sink *sink,
                                 const struct cs_person *person,
                                 struct cs_error *err);
    /* A text that was wanted. */
    enum cs_status (*put)(struct cs_sink *sink, const struct cs_document *doc,
                          struct cs_error *err);
    /* A wanted text that could not be had; tried again by the next run. */
    enum cs_status (*fail)(struct cs_sink *sink, const char *id,
                           const struct cs_error *why, struct cs_error *err);

    /* Make all that was put lasting: rows, index and files together. The sink
     * also commits by itself when a batch is full. */
    enum cs_status (*commit)(struct cs_sink *sink, struct cs_error *err);

    /* The end of the run with its outcome. Commits. */
    enum cs_status (*end)(struct cs_sink *sink, enum cs_status outcome,
                          struct cs_run_summary *ret_summary,
                          struct cs_error *err);
};

/* An implementation puts this at the start of its own struct. */
struct cs_sink {
    const struct cs_sink_ops *ops;
};

#endif
