/*
 * sink.h - where a connector's records go.
 *
 * The border between connectors/ and index/: the engine pushes records into a
 * sink and never learns what becomes of them; index/store implements it, tests
 * implement it with a few lines. A run of one source is
 *
 *     begin
 *       for each container: list_begin, list_add..., list_label..., list_end
 *       for each container that is no longer there: absent
 *       hint, suspect: what the source says may have changed
 *       doubtful -> the connector asks for each -> verdict; remove
 *       for each container: fetch_begin, then
 *         wanted -> the connector fetches -> put_person, put or fail ... commit
 *       wanted_files -> the connector downloads -> file_write..., file_end or
 *         file_fail ... commit
 *     end
 *
 * The sink compares a listing with what it holds, and so decides what is new,
 * changed, moved or missing; `wanted` hands out what must be fetched. A run
 * that was cut off anywhere is continued by the next one: what was committed
 * stays, what was not is wanted again.
 *
 * Nothing is removed because a listing lacks it. A complete listing makes it
 * doubtful; the connector asks for it by itself; and what the source says then
 * is a verdict, on which `remove` acts.
 *
 * Every slot must be filled. Strings passed in are copied by the sink; a
 * failure leaves the sink as of its last commit. Ids that the sink does not
 * hold are ignored, but where it says otherwise.
 */
#ifndef CS_SRC_SINK_H
#define CS_SRC_SINK_H

#include "src/arena.h"
#include "src/config.h"
#include "src/document.h"

/* The source that a run works on. */
struct cs_source_info {
    const char *name;     /* names its folder: "confluence" */
    const char *type;     /* the connector: "confluence" */
    const char *base_url; /* a name whose URL changes is another source */
    const char *folder;   /* its folder; NULL: `name`, below the root */
};

/* A step that a dry run would have taken. */
struct cs_planned_step {
    const char *action; /* "fetch", "move", "remove", "download", ... */
    const char *id;     /* vendor's id */
    const char *path;   /* from the folder of the source; may be NULL */
    const char *detail; /* where to, or why; may be NULL */
};

/* What the user wants of a run. Zero is: texts alone, and no brake. */
struct cs_run_options {
    unsigned aspects; /* those that the source can tell and the user wants */
    enum cs_attachments attachments;
    int64_t attachment_max_size;         /* bytes, 0: no limit */
    int64_t keep_deleted_ms;             /* 0: deleted is gone */
    unsigned brake_percent, brake_count; /* both 0: no brake */
    bool allow_deletions;                /* the brake is released */
    const char *only_container;          /* key: of others nothing is removed */
    bool dry_run;                        /* commit nothing */
    void (*planned)(void *payload, const struct cs_planned_step *step);
    void *payload;
};

/* How much a listing says. */
enum cs_list_scope {
    CS_LIST_COMPLETE, /* everything in the container: what lacks is missing */
    CS_LIST_CHANGES   /* these items are so; of others nothing is said */
};

/* What a listing meant for one container. */
struct cs_list_summary {
    uint64_t listed; /* items seen, folders not counted */
    uint64_t added, changed, moved, missing, returned;
    uint64_t wanted;   /* documents of which something is to be fetched now */
    uint64_t excluded; /* seen, and kept from the sink by whoever listed */
};

/* What is known of a container before it is listed. */
struct cs_container_state {
    int64_t listed; /* time of the last complete listing, 0: never */
    uint64_t count; /* documents in it */
    int64_t newest; /* the latest change that is known of, 0: none */
};

/* Why a container that is held was not listed. */
enum cs_absence {
    CS_ABSENCE_LEFT, /* no longer configured */
    CS_ABSENCE_GONE  /* configured, and the source does not show it */
};

/* One document of which something is to be fetched. */
struct cs_want {
    const char *id;
    enum cs_item_kind kind;
    int64_t version;
    unsigned aspects; /* what to bring; with TEXT more than this is welcome */
    const char *title, *url;
};

/* What the source says of one document, asked for by its id. */
enum cs_presence {
    CS_PRESENCE_UNKNOWN,   /* no answer: nothing follows */
    CS_PRESENCE_HERE,      /* it is there; `item` says how and where */
    CS_PRESENCE_TRASHED,   /* somebody deleted it: certain */
    CS_PRESENCE_GONE,      /* not found: deleted, hidden, or not yet there */
    CS_PRESENCE_FORBIDDEN, /* we may not see it */
    CS_PRESENCE_EXCLUDED,  /* it is there, and the user does not want it */
    CS_PRESENCES
};

struct cs_verdict {
    enum cs_presence presence;
    long http_status;           /* that said so, 0: none */
    const struct cs_item *item; /* HERE: the item as it is now */
    const char *container_id;   /* HERE: where it is; vendor's id */
};

/* What `remove` did. */
struct cs_removal_summary {
    uint64_t removed;
    uint64_t kept;   /* gone or forbidden for the first time: next time */
    uint64_t braked; /* would have been removed, were it not so many */
};

/* One attachment whose bytes are to be fetched. */
struct cs_file_want {
    const char *id;          /* of the attachment */
    const char *document_id; /* it hangs on this one */
    const char *name;
    const char *locator;
    int64_t size; /* as told, -1 unknown */
    int64_t version;
    int64_t have; /* so many bytes of this version are there already */
};

/* Totals of a run, for the summary and for the proof of completeness. */
struct cs_run_summary {
    uint64_t listed;  /* at the last complete listing, per source */
    uint64_t stored;  /* of those, with their current text in the database */
    uint64_t indexed; /* of those, in the full-text index */
    uint64_t on_disk; /* of those, with their file; if that was checked */
    bool disk_checked;
    uint64_t written, moved, removed; /* files, in this run */
    uint64_t failed;     /* documents that could not be fetched or converted */
    uint64_t failed_new; /* of those, not reported before */
    uint64_t missing;    /* held, but gone from the last listing */
    uint64_t conflicts;  /* local edits and foreign files met */
    uint64_t deleted;    /* documents, in this run */
    uint64_t braked;     /* documents that the brake kept */
    uint64_t left;       /* held, of containers no longer configured or shown */
    uint64_t files;      /* attachments held */
    uint64_t files_fetched;    /* in this run */
    uint64_t files_failed;     /* wanted, and could not be had */
    uint64_t files_failed_new; /* of those, not reported before */
    int64_t listed_at; /* the oldest complete listing among its containers */
};

struct cs_sink;

struct cs_sink_ops {
    /* Start a run. Fails with CS_ERR_CONFIG when the name is known with
     * another base URL. `options` is borrowed until the end. */
    enum cs_status (*begin)(struct cs_sink *sink,
                            const struct cs_source_info *source,
                            const struct cs_run_options *options,
                            struct cs_error *err);

    /* What is known of a container; zeros for one that is not. */
    enum cs_status (*state)(struct cs_sink *sink, const char *container_id,
                            struct cs_container_state *ret,
                            struct cs_error *err);

    /* Start the listing of a container; its row is made or updated. */
    enum cs_status (*list_begin)(struct cs_sink *sink,
                                 const struct cs_container *container,
                                 enum cs_list_scope scope,
                                 struct cs_error *err);
    /* One item of it, in any order, each id once or more. */
    enum cs_status (*list_add)(struct cs_sink *sink, const struct cs_item *item,
                               struct cs_error *err);
    /* A label of an item of it. Calls for all labels of a container must come
     * before list_end, or none. */
    enum cs_status (*list_label)(struct cs_sink *sink, const char *item_id,
                                 const char *label, struct cs_error *err);
    /* The end of the listing, in which everything was seen that its scope
     * promises. Commits renames, moves and new items; with `labels` the labels
     * too. Without a call of this, the listing counts for nothing. */
    enum cs_status (*list_end)(struct cs_sink *sink, bool labels,
                               struct cs_list_summary *ret_summary,
                               struct cs_error *err);

    /* Hand every container that is held to `visit`. */
    enum cs_status (*containers)(
        struct cs_sink *sink,
        enum cs_status (*visit)(void *payload,
                                const struct cs_container *container,
                                struct cs_error *err),
        void *payload, struct cs_error *err);
    /* One of them is not there any more. Its documents are kept. */
    enum cs_status (*absent)(struct cs_sink *sink, const char *container_id,
                             enum cs_absence absence, const char *why,
                             struct cs_error *err);

    /* These aspects of an item may have changed; NULL: of every item. They are
     * wanted until they were put. */
    enum cs_status (*hint)(struct cs_sink *sink, const char *item_id,
                           unsigned aspects, struct cs_error *err);
    /* The same for the `max` items that were looked at longest ago, and before
     * `older_than`. */
    enum cs_status (*sweep)(struct cs_sink *sink, size_t max,
                            int64_t older_than, struct cs_error *err);

    /* This item may be gone. */
    enum cs_status (*suspect)(struct cs_sink *sink, const char *item_id,
                              struct cs_error *err);
    /* Up to `max` items that a complete listing of this run lacked, or that
     * are suspect, and that were not handed out in this run; fewer than `max`
     * mean that these were the last. Strings live in `arena`. */
    enum cs_status (*doubtful)(struct cs_sink *sink, struct cs_arena *arena,
                               size_t max, struct cs_want *ret_wants,
                               size_t *ret_n, struct cs_error *err);
    enum cs_status (*verdict)(struct cs_sink *sink, const char *item_id,
                              const struct cs_verdict *verdict,
                              struct cs_error *err);
    /* Remove what the verdicts condemn, unless the brake holds. Commits. */
    enum cs_status (*remove)(struct cs_sink *sink,
                             struct cs_removal_summary *ret_summary,
                             struct cs_error *err);

    /* From here on `wanted` is about this container, listed before. */
    enum cs_status (*fetch_begin)(struct cs_sink *sink,
                                  const struct cs_container *container,
                                  struct cs_error *err);
    /* Up to `max` documents of it of which something is to be fetched and that
     * were not handed out since fetch_begin; fewer than `max` means that these
     * were the last. Strings live in `arena`. */
    enum cs_status (*wanted)(struct cs_sink *sink, struct cs_arena *arena,
                             size_t max, struct cs_want *ret_wants,
                             size_t *ret_n, struct cs_error *err);

    /* Ids of the people that are held: up to `max` of those behind `after` in
     * the order of ids (NULL: from the first); fewer than `max` mean that these
     * were the last. Strings live in `arena`. */
    enum cs_status (*people)(struct cs_sink *sink, const char *after,
                             struct cs_arena *arena, size_t max,
                             const char **ret_ids, size_t *ret_n,
                             struct cs_error *err);
    /* A person's name, before the documents that mention it. */
    enum cs_status (*put_person)(struct cs_sink *sink,
                                 const struct cs_person *person,
                                 struct cs_error *err);
    /* A document that was wanted. */
    enum cs_status (*put)(struct cs_sink *sink, const struct cs_document *doc,
                          struct cs_error *err);
    /* A wanted document that could not be had; tried again by the next run. */
    enum cs_status (*fail)(struct cs_sink *sink, const char *id,
                           const struct cs_error *why, struct cs_error *err);

    /* Up to `max` attachments whose bytes are wanted and that were not handed
     * out in this run; fewer than `max` mean that these were the last. Strings
     * live in `arena`. */
    enum cs_status (*wanted_files)(struct cs_sink *sink, struct cs_arena *arena,
                                   size_t max, struct cs_file_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err);
    /* Bytes of one, from `at` on: 0, what `have` said, or where the last call
     * for it ended. Several may be under way. */
    enum cs_status (*file_write)(struct cs_sink *sink, const char *id,
                                 int64_t at, const void *data, size_t len,
                                 struct cs_error *err);
    /* All bytes of it were written: `size` is checked against what is there. */
    enum cs_status (*file_end)(struct cs_sink *sink, const char *id,
                               int64_t size, struct cs_error *err);
    enum cs_status (*file_fail)(struct cs_sink *sink, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err);

    /* A text that the connector keeps from run to run, under a name; NULL when
     * there is none. It becomes lasting with the next commit, together with
     * what was put and hinted before. */
    enum cs_status (*cursor)(struct cs_sink *sink, const char *name,
                             struct cs_arena *arena, const char **ret_text,
                             struct cs_error *err);
    enum cs_status (*set_cursor)(struct cs_sink *sink, const char *name,
                                 const char *text, struct cs_error *err);

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
