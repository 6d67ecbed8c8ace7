/*
 * store.h - the writer of a mirror: rows, full-text index and files together.
 *
 * A store is a sink (src/sink.h) on an index that was opened for writing. Its
 * transaction:
 *
 *  1. BEGIN; rows, links and full-text entries are written as they come.
 *  2. When a batch is full: the files of all documents that it touched are
 *     rendered into the source's .stage folder, one intent row a file
 *     operation; COMMIT. Until here nothing in the mirror has changed, and a
 *     failure rolls everything back.
 *  3. The intents are carried out: renames from the stage into place, removals
 *     of files that moved away; then one syncfs. The intent rows go with the
 *     next commit.
 *
 * Whatever kills the process, the next cs_store_open() carries out the intents
 * that are left. Doing one twice does no harm, and a staged file that was lost
 * is rendered again from its rows.
 */
#ifndef CS_INDEX_STORE_STORE_H
#define CS_INDEX_STORE_STORE_H

#include "index/index.h"
#include "src/sink.h"

struct cs_store;

/* Open a store on `index` (borrowed, opened for writing) and replay what is
 * left from a killed run. The caller frees it with cs_store_close(). */
enum cs_status cs_store_open(struct cs_index *index, struct cs_store **ret,
                             struct cs_error *err);

/* The same for dry runs: what a killed run left undone is left so. */
enum cs_status cs_store_open_to_plan(struct cs_index *index,
                                     struct cs_store **ret,
                                     struct cs_error *err);

/* Roll back what was not committed, and free. NULL is legal. */
void cs_store_close(struct cs_store *store);

/* The sink to push documents into; borrowed. */
struct cs_sink *cs_store_sink(struct cs_store *store);

/* Carry out all intents that are left, of all sources. */
enum cs_status cs_store_replay(struct cs_store *store, struct cs_error *err);

/* mend.c: write a document's file again as its row says it should be, because
 * it was lost. A file of the user's own that stands there is kept aside. Joins
 * the open batch: commit through the sink when all are told. */
enum cs_status cs_store_reemit(struct cs_store *store, int64_t document,
                               struct cs_error *err);

/* mend.c: links of this document that lead to no row are resolved anew, and its
 * file is written again. */
enum cs_status cs_store_refresh(struct cs_store *store, int64_t document,
                                struct cs_error *err);
/* mend.c: documents that share the file `path` get one each. */
enum cs_status cs_store_part(struct cs_store *store, int64_t source,
                             const char *path, struct cs_error *err);

/* assets.c: an attachment's file was lost: the next sync fetches it, and until
 * then what shows it links to the site. */
enum cs_status cs_store_refetch(struct cs_store *store, int64_t attachment,
                                struct cs_error *err);
/* intent.c: does the file `name` (".stage/...") bear a name that the stage of
 * `source` gives, and does an intent or an unfinished download need it? */
enum cs_status cs_store_judge_staged(struct cs_db *db, int64_t source,
                                     const char *name, bool *ret_ours,
                                     bool *ret_needed, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_store *, cs_store_cleanup, cs_store_close);

#endif
