/*
 * internal.h - what the rooms of the store share: its state, and who does
 * what. Included by index/store/ only.
 *
 *   store.c    the sink: order of calls, batches, totals
 *   listing.c  a complete listing against what is held
 *   watch.c    what is known before, and what to look at again; cursors
 *   batch.c    the open transaction, walks over rows
 *   commit.c   the end of a batch
 *   record.c   one document's rows
 *   entry.c    its full-text entry
 *   tree.c     the paths of a container (on layout.c, pure)
 *   links.c    references: resolved, stored, followed when targets change
 *   linked.c   a text with what its places lead to
 *   fill.c     a text with its places filled in
 *   report.c   lists and tables made of other documents
 *   render.c   a document's file as bytes
 *   reconvert.c  all texts made again from their stored sources
 *   stage.c    files before the commit
 *   adopt.c    files of ours that the rows have forgotten (claim.c reads them)
 *   publish.c  files after it, and replay
 *   run.c      the end of a run: totals, its row, .sync_state
 *
 * Temporary tables of the connection: listing and listing_label (what the
 * running listing told), fresh (documents that got a new title or place by
 * it), relabelled (that got other labels), relayout
 * (containers to be laid out anew), to_index (documents whose full-text entry
 * is still to be written), fresh_person (who got a new name), dirty
 * (documents whose file must be looked at before the commit).
 */
#ifndef CS_INDEX_STORE_INTERNAL_H
#define CS_INDEX_STORE_INTERNAL_H

#include "index/store/render.h"
#include "index/store/store.h"
#include "src/dir.h"

#include <zstd.h>

struct cs_store {
    struct cs_sink sink; /* first: a sink is cast back to its store */
    struct cs_index *index;
    struct cs_db *db;

    /* the source of the run, or of the intent being carried out */
    int64_t source; /* row, 0: none */
    struct cs_run_options options;
    struct cs_dir *dir;
    int64_t started;

    /* the container being listed, later the one being fetched */
    int64_t container;
    enum cs_list_scope scope;
    struct cs_arena *listing_arena;
    struct cs_container listing;
    int64_t last_wanted; /* row handed out last */

    /* the open batch */
    bool in_batch;
    size_t batch_documents, batch_bytes;
    int64_t published; /* intents up to this row are carried out */

    ZSTD_CCtx *zstd;
    uint64_t failed, failed_new;
    struct cs_store_counts counts;
};

/* batch.c: make sure that a transaction is open; roll the open one back. */
enum cs_status cs_batch_begin(struct cs_store *store, struct cs_error *err);
void cs_batch_abort(struct cs_store *store);
/* batch.c: make `source` the current one and open its folder. */
enum cs_status cs_batch_use_source(struct cs_store *store, int64_t source,
                                   struct cs_error *err);
/* batch.c: the document's file must be looked at before the commit. */
enum cs_status cs_batch_touch(struct cs_store *store, int64_t document,
                              struct cs_error *err);
/* batch.c: run `sql` that selects rows ("i" bound to `arg`), and call `visit`
 * for each; the rows are read to the end first. */
typedef enum cs_status cs_batch_visit_fn(struct cs_store *store, int64_t row,
                                         struct cs_error *err);
enum cs_status cs_batch_each(struct cs_store *store, const char *sql,
                             int64_t arg, cs_batch_visit_fn *visit,
                             struct cs_error *err);

/* commit.c: the end of the open batch, if there is one. */
enum cs_status cs_commit_batch(struct cs_store *store, struct cs_error *err);

/* listing.c: the four slots of the sink that make a listing. */
enum cs_status cs_listing_begin(struct cs_sink *sink,
                                const struct cs_container *container,
                                enum cs_list_scope scope, struct cs_error *err);
enum cs_status cs_listing_add(struct cs_sink *sink, const struct cs_item *item,
                              struct cs_error *err);
enum cs_status cs_listing_label(struct cs_sink *sink, const char *item_id,
                                const char *label, struct cs_error *err);
enum cs_status cs_listing_end(struct cs_sink *sink, bool labels,
                              struct cs_list_summary *ret_summary,
                              struct cs_error *err);

/* watch.c: slots of the sink. */
enum cs_status cs_watch_state(struct cs_sink *sink, const char *container_id,
                              struct cs_container_state *ret,
                              struct cs_error *err);
enum cs_status cs_watch_containers(
    struct cs_sink *sink,
    enum cs_status (*visit)(void *payload, const struct cs_container *container,
                            struct cs_error *err),
    void *payload, struct cs_error *err);
enum cs_status cs_watch_hint(struct cs_sink *sink, const char *item_id,
                             unsigned aspects, struct cs_error *err);
enum cs_status cs_watch_sweep(struct cs_sink *sink, size_t max,
                              int64_t older_than, struct cs_error *err);
enum cs_status cs_watch_cursor(struct cs_sink *sink, const char *name,
                               struct cs_arena *arena, const char **ret_text,
                               struct cs_error *err);
enum cs_status cs_watch_set_cursor(struct cs_sink *sink, const char *name,
                                   const char *text, struct cs_error *err);
/* watch.c: of the listed documents whose text changed, all other aspects are
 * wanted too; labels only if the listing did not tell them. */
enum cs_status cs_watch_changed(struct cs_store *store, bool labels,
                                struct cs_error *err);
/* watch.c: these aspects of a document have been put. */
enum cs_status cs_watch_looked(struct cs_store *store, int64_t document,
                               unsigned aspects, struct cs_error *err);

/* run.c: the sink's end. */
enum cs_status cs_run_end(struct cs_sink *sink, enum cs_status outcome,
                          struct cs_run_summary *ret_summary,
                          struct cs_error *err);

/* record.c: the sink's put and put_person. */
enum cs_status cs_record_put(struct cs_store *store,
                             const struct cs_document *doc,
                             struct cs_error *err);
enum cs_status cs_record_put_person(struct cs_store *store,
                                    const struct cs_person *person,
                                    struct cs_error *err);

/* entry.c: take a full-text entry out, before its rows change; put it in,
 * after; write those that were put in. */
enum cs_status cs_entry_remove(struct cs_store *store, int64_t document,
                               struct cs_error *err);
enum cs_status cs_entry_put(struct cs_store *store, int64_t document,
                            struct cs_error *err);
enum cs_status cs_entry_write(struct cs_store *store, struct cs_error *err);

/* tree.c: compute the paths of a container anew; documents whose path changed
 * and those that link to them are touched. Adds the moved ones to
 * `*ret_moved`. */
enum cs_status cs_tree_layout(struct cs_store *store, int64_t container,
                              uint64_t *ret_moved, struct cs_error *err);

/* adopt.c: does the file at `path` name this document in its front matter? Then
 * it is the document's from now on, with bytes that nobody knows: what differs
 * is kept aside. So a mirror whose index was lost finds its files again. */
enum cs_status cs_claim_adopt(struct cs_store *store, int64_t document,
                              const char *path, int64_t *ret_own,
                              struct cs_error *err);

/* stage.c: render the files of all touched documents into the stage and write
 * their intents. */
enum cs_status cs_stage_files(struct cs_store *store, struct cs_error *err);
/* stage.c: where a document's file is staged, relative to its source. */
#define CS_STAGE_NAME_SIZE 64
void cs_stage_name(int64_t document, char buf[CS_STAGE_NAME_SIZE]);

/* stage.c: remove what a run that was killed before its commit left in the
 * stage of the current source. No intent may be left. */
enum cs_status cs_stage_sweep(struct cs_store *store, struct cs_error *err);

/* publish.c: carry out the intents of the current source that are left.
 * `fresh_stage`: the staged files were written by this process, just now. */
enum cs_status cs_publish(struct cs_store *store, bool fresh_stage,
                          struct cs_error *err);

#endif
