/*
 * removal.h - what was removed, and what people want removed.
 *
 * A document that is gone on the site leaves files and search at once. Until
 * it expires, a tombstone keeps its file, its source and its attachments (the
 * latter in <root>/.cs/trash/). Here is what `cs maintenance` does with
 * tombstones, and with documents that are to go without the site saying so.
 *
 * The functions that find take an index, may be used on one that is opened to
 * read, and are what a dry run shows of those that do.
 */
#ifndef CS_INDEX_STORE_REMOVAL_H
#define CS_INDEX_STORE_REMOVAL_H

#include "index/store/store.h"

/* Something found. Strings are borrowed for the call. */
struct cs_removal_item {
    int64_t tombstone; /* row, 0: none */
    int64_t document;  /* row of a document that is held, 0: none */
    const char *source;
    const char *id; /* "confluence:65601" */
    const char *title;
    const char *path;   /* from the folder of the source; may be NULL */
    const char *reason; /* trashed, gone, forbidden, moved, left, excluded */
    int64_t deleted;    /* when it was removed here; 0: it was not */
    int64_t bytes;      /* kept for it: file and source packed, attachments */
};
typedef enum cs_status cs_removal_fn(void *payload,
                                     const struct cs_removal_item *item,
                                     struct cs_error *err);

/* What a name on the command line means: a tombstone, a document, or both,
 * in one or more sources: "confluence:65601", "65601", an address, or a path
 * from the folder of a source. CS_ERR_NOT_FOUND when it means nothing. */
enum cs_status cs_removal_find(struct cs_index *index, const char *name,
                               cs_removal_fn *visit, void *payload,
                               struct cs_error *err);

/* Tombstones of a source (NULL: of all) older than `before`. */
enum cs_status cs_removal_find_expired(struct cs_index *index,
                                       const char *source, int64_t before,
                                       cs_removal_fn *visit, void *payload,
                                       struct cs_error *err);
/* Forget them, and remove from the trash what no tombstone names. */
enum cs_status cs_removal_expire(struct cs_store *store, const char *source,
                                 int64_t before, uint64_t *ret_n,
                                 struct cs_error *err);

/* What lies in the trash and no tombstone names: a document that came back
 * leaves it, or a run that was killed. Count it; remove it. */
enum cs_status cs_trash_count(struct cs_index *index, uint64_t *ret_n,
                              int64_t *ret_bytes, struct cs_error *err);
enum cs_status cs_trash_sweep(struct cs_store *store, struct cs_error *err);

/* Documents of containers that are no longer configured. */
enum cs_status cs_removal_find_left(struct cs_index *index,
                                    cs_removal_fn *visit, void *payload,
                                    struct cs_error *err);
/* Remove them, whatever their number; with tombstones if `keep`. */
enum cs_status cs_removal_prune_left(struct cs_store *store, bool keep,
                                     uint64_t *ret_n, struct cs_error *err);

/* Write what a tombstone keeps into the mirror: "<name> (restored).md" beside
 * where it lay, or in the folder of its space when that is gone, attachments
 * in "<name> (restored).assets/"; nothing is overwritten. The store forgets
 * it: the files are the user's. Appends the absolute path. CS_ERR_NOT_FOUND
 * when nothing is kept under that name, CS_ERR_USAGE when several are. */
enum cs_status cs_removal_restore(struct cs_store *store, const char *name,
                                  struct cs_strbuf *ret_path,
                                  struct cs_error *err);

/* A copy that `cs` made of the user's edits, and that it leaves alone. */
typedef void cs_removal_copy_fn(void *payload, const char *path);

/* Erase everything that is known of these, held or removed: rows, texts,
 * files, attachments, what the trash keeps, details of events. The database
 * file is written anew, so that none of their text is left in it. While
 * somebody reads, that cannot be done: CS_ERR_LOCKED, all else being done; the
 * call may be repeated. All names are looked up first: CS_ERR_NOT_FOUND erases
 * nothing. Copies of local edits are told, absolute. */
enum cs_status cs_removal_purge(struct cs_store *store,
                                const char *const *names, size_t n,
                                cs_removal_copy_fn *copy, void *payload,
                                struct cs_error *err);

/* Forget events before `before`, but the last `keep` of each document. */
enum cs_status cs_removal_prune_events(struct cs_store *store, int64_t before,
                                       unsigned keep, uint64_t *ret_n,
                                       struct cs_error *err);

#endif
