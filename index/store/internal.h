/*
 * internal.h - what the rooms of the store share: its state, and who does
 * what. Included by index/store/ only.
 *
 * A run:
 *   store.c    the sink: order of calls, totals
 *   batch.c    the open transaction, begun and ended
 *   listing.c  a listing, gathered
 *   compare.c  what it told against what is held
 *   watch.c    what is known before, and what to look at again; cursors
 *   doubt.c    what listings lack, and what the source says of it
 *   run.c      the end of a run: totals, its row, .sync_state
 *   dry_run.c  what a dry run tells
 *   mend.c     what upkeep asks for
 *
 * What is gone:
 *   removal.c  what the source found gone is removed, unless the brake holds
 *   erase.c    documents taken out, and what others showed of them
 *   tombstone.c, trash.c  what is kept of them
 *   retired.c, expire.c, restore.c, purge.c  what removal.h offers
 *
 * Rows:
 *   record.c   one document's rows
 *   comments.c  its comments
 *   attachment.c  what hangs on it
 *   entry.c    its full-text entry
 *   event.c    what happened to it
 *   pack.c     what is kept compressed
 *   walk.c, touch.c  steps for rows; files to be looked at
 *
 * Texts:
 *   links.c    references: resolved, stored, followed when targets change
 *   linked.c   a text with what its places lead to
 *   fill.c     a text with its places filled in
 *   report.c   lists and tables made of other documents
 *   render.c   a document's file as bytes
 *   reconvert.c  all texts made again from their stored sources
 *
 * Files:
 *   tree.c     the paths of a container (on layout.c, pure)
 *   download.c  the bytes of attachments: wanted, gathered
 *   stage.c    files before the commit
 *   assets.c   those of attachments
 *   obstacle.c  what stands in their way
 *   shift.c    whole folders renamed
 *   intent.c   file operations, written down
 *   adopt.c    files of ours that the rows have forgotten (claim.c reads them)
 *   publish.c  files after it, and replay
 *   presence.c files that somebody deleted
 *
 * Temporary tables of the connection: listing and listing_label (what the
 * running listing told), fresh (documents that got a new title or place by
 * it), relabelled (that got other labels), relayout
 * (containers to be laid out anew), to_index (documents whose full-text entry
 * is still to be written, with the text of the one that they have), to_vector
 * (words/vector_write.h),
 * fresh_person (who got a new name), dirty (documents whose file must be looked
 * at before the commit), arrived (attachments whose bytes are in the stage),
 * turned (attachments that are wanted now, or no more), shift (folders that got
 * other names), emptied (containers that lost documents; `again`: lay them out
 * anew), leaving (documents being taken out), bereft (documents that linked to
 * those), lost (documents whose file is not there); and of the run: complete
 * (containers listed completely), judged (documents with a first verdict), here
 * (items that verdicts found), condemned (documents to be removed).
 */
#ifndef CS_INDEX_STORE_INTERNAL_H
#define CS_INDEX_STORE_INTERNAL_H

#include "index/store/render.h"
#include "index/store/store.h"
#include "index/words/fts.h"
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
    int64_t run; /* row that it gets at its end */

    /* the container being listed, later the one being fetched */
    int64_t container;
    enum cs_list_scope scope;
    struct cs_arena *listing_arena;
    struct cs_container listing;
    int64_t last_wanted, last_doubtful; /* rows handed out last */

    /* the open batch */
    bool in_batch;
    size_t batch_documents, batch_bytes;
    int64_t published; /* intents up to this row are carried out */
    bool unpublished;  /* carrying out the others failed */

    bool converting;   /* a known source may give another text */
    bool planned;      /* it was decided which attachments are wanted */
    bool files_seen;   /* it was looked whether their files are there */
    int64_t last_file; /* attachment handed out last */
    ZSTD_CCtx *zstd;
    struct cs_fts_watch watch; /* counts words while entries are written */
    uint64_t failed, failed_new;
    uint64_t files_fetched, files_failed; /* attachments, in this run */
    uint64_t files_failed_new;            /* of those, not told before */
    uint64_t doubted, deleted, braked;    /* documents, in this run */
    struct {
        uint64_t written, moved, removed, conflicts;
    } counts; /* file operations since the store was opened */
};

/* batch.c: make sure that a transaction is open; roll the open one back. */
enum cs_status cs_batch_begin(struct cs_store *store, struct cs_error *err);
void cs_batch_abort(struct cs_store *store);
/* batch.c: the end of the open batch, if there is one. */
enum cs_status cs_batch_commit(struct cs_store *store, struct cs_error *err);
/* batch.c: end it like that after CS_OK, else roll back and return `status`. */
enum cs_status cs_batch_settle(struct cs_store *store, enum cs_status status,
                               struct cs_error *err);
/* batch.c: a dry run starts, and ends: whatever it did is undone. */
enum cs_status cs_batch_begin_dry(struct cs_store *store, struct cs_error *err);
void cs_batch_end_dry(struct cs_store *store);
/* batch.c: make `source` the current one and open its folder. */
enum cs_status cs_batch_use_source(struct cs_store *store, int64_t source,
                                   struct cs_error *err);

/* touch.c: the document's file must be looked at before the commit. */
enum cs_status cs_touch_document(struct cs_store *store, int64_t document,
                                 struct cs_error *err);
/* touch.c: lists and tables made of other documents are to be looked at. */
enum cs_status cs_touch_blocks(struct cs_store *store, struct cs_error *err);
/* touch.c: files that show documents which were touched: those that include
 * one, at any depth, and all lists and tables of the source. */
enum cs_status cs_touch_dependents(struct cs_store *store,
                                   struct cs_error *err);
/* touch.c: the files of whoever shows this attachment must be looked at
 * before the commit. */
enum cs_status cs_touch_attachment(struct cs_store *store, int64_t attachment,
                                   struct cs_error *err);

/* walk.c: run `sql` that selects rows ("i" bound to `arg`), and call `visit`
 * for each; the rows are read to the end first. */
typedef enum cs_status cs_walk_fn(struct cs_store *store, int64_t row,
                                  struct cs_error *err);
enum cs_status cs_walk_rows(struct cs_store *store, const char *sql,
                            int64_t arg, cs_walk_fn *visit,
                            struct cs_error *err);

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

/* compare.c: take in what temp.listing tells of the current container. With
 * `rehomed` all paths are computed anew. Adds to `summary`. */
enum cs_status cs_compare_apply(struct cs_store *store, bool labels,
                                bool rehomed, struct cs_list_summary *summary,
                                struct cs_error *err);

/* doubt.c: slots of the sink. */
enum cs_status cs_doubt_absent(struct cs_sink *sink, const char *container_id,
                               enum cs_absence absence, const char *why,
                               struct cs_error *err);
enum cs_status cs_doubt_suspect(struct cs_sink *sink, const char *item_id,
                                struct cs_error *err);
enum cs_status cs_doubt_next(struct cs_sink *sink, struct cs_arena *arena,
                             size_t max, struct cs_want *ret_wants,
                             size_t *ret_n, struct cs_error *err);
enum cs_status cs_doubt_verdict(struct cs_sink *sink, const char *item_id,
                                const struct cs_verdict *said,
                                struct cs_error *err);

/* removal.c: the slot `remove`. */
enum cs_status cs_removal_run(struct cs_sink *sink,
                              struct cs_removal_summary *ret_summary,
                              struct cs_error *err);
/* removal.c: take out the documents in temp.leaving, with tombstones if the
 * options keep them, and events. */
enum cs_status cs_removal_leave(struct cs_store *store, struct cs_error *err);

/* tombstone.c: one for each document in temp.leaving. */
enum cs_status cs_tombstones_put(struct cs_store *store, struct cs_error *err);

/* trash.c: the folder, made if need be. */
enum cs_status cs_trash_open(struct cs_store *store, struct cs_dir **ret,
                             struct cs_error *err);

/* erase.c: take out the documents in temp.leaving and folders that are left
 * without a document in the containers of temp.emptied; empties both. Adds to
 * `*ret_moved` the documents that stay and get another path. */
enum cs_status cs_erase_leaving(struct cs_store *store, uint64_t *ret_moved,
                                struct cs_error *err);

/* event.c: the head of a statement that inserts events by SELECT, and the
 * event of one document. `detail` may be NULL. */
#define CS_EVENT_INSERT                                                        \
    "INSERT INTO event(source, vendor_id, run, at, what, detail)"
enum cs_status cs_event_note(struct cs_store *store, int64_t document,
                             const char *what, const char *detail,
                             struct cs_error *err);

/* dry_run.c: tell that a document's file would be written, in a dry run. */
enum cs_status cs_dry_run_write(struct cs_store *store, int64_t document,
                                struct cs_error *err);
/* dry_run.c: tell a step to whoever asked for a plan. */
void cs_dry_run_tell(struct cs_store *store, const char *action, const char *id,
                     const char *path, const char *detail);

/* pack.c: compress into `out`, and back; what it held is gone. */
enum cs_status cs_pack(struct cs_store *store, const char *data, size_t len,
                       struct cs_strbuf *out, struct cs_error *err);
enum cs_status cs_unpack(const void *packed, size_t len, struct cs_strbuf *out,
                         struct cs_error *err);

/* watch.c: read rows of id, vendor_id, kind, version, title, url, aspects. */
enum cs_status cs_watch_read_wants(struct cs_query *query,
                                   struct cs_arena *arena, size_t max,
                                   int64_t *last_row, struct cs_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err);
/* watch.c: slots of the sink. */
enum cs_status cs_watch_fetch_begin(struct cs_sink *sink,
                                    const struct cs_container *container,
                                    struct cs_error *err);
enum cs_status cs_watch_wanted(struct cs_sink *sink, struct cs_arena *arena,
                               size_t max, struct cs_want *ret_wants,
                               size_t *ret_n, struct cs_error *err);
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
enum cs_status cs_watch_people(struct cs_sink *sink, const char *after,
                               struct cs_arena *arena, size_t max,
                               const char **ret_ids, size_t *ret_n,
                               struct cs_error *err);
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

/* presence.c: count the documents with a current text whose file is there, if
 * a listing of this run was complete; files that are lost are written again by
 * the next commit. */
enum cs_status cs_presence_check(struct cs_store *store, bool *ret_checked,
                                 uint64_t *ret_n, struct cs_error *err);

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

/* comments.c: are these the comments that are stored? Store them. */
enum cs_status cs_comments_known(struct cs_store *store, int64_t document,
                                 const struct cs_document *doc, bool *ret_known,
                                 struct cs_error *err);
enum cs_status cs_comments_put(struct cs_store *store, int64_t document,
                               const struct cs_document *doc,
                               struct cs_error *err);

/* entry.c: take a full-text entry out, before its rows change; put it in,
 * after; carry out both, at the end of the batch, and write the vectors. */
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

/* assets.c: attachments of the source whose file somebody deleted are held no
 * more, and wanted again. */
enum cs_status cs_assets_presence(struct cs_store *store, struct cs_error *err);

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
