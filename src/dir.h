/*
 * dir.h - a folder that names cannot leave.
 *
 * A struct cs_dir is a folder opened once. Names given to its functions are
 * relative; every component is opened without following links, so that no
 * name, whatever a remote title made of it, reaches anything outside. A name
 * that is not inside (cs_path_is_inside) is CS_ERR_INTERNAL.
 *
 * Folders are made 0700 and files 0600.
 */
#ifndef CS_SRC_DIR_H
#define CS_SRC_DIR_H

#include "src/hash.h"
#include "src/strbuf.h"

struct cs_dir;

/* Open the folder `path`, made if need be. Close with cs_dir_close(). */
enum cs_status cs_dir_open(const char *path, struct cs_dir **ret,
                           struct cs_error *err);
void cs_dir_close(struct cs_dir *dir);

/* The path it was opened by. */
const char *cs_dir_path(const struct cs_dir *dir);

enum cs_entry_kind {
    CS_ENTRY_NONE,    /* nothing there */
    CS_ENTRY_FILE,    /* a regular file */
    CS_ENTRY_DIR,     /* a folder */
    CS_ENTRY_OTHER,   /* a link, device, socket */
    CS_ENTRY_BLOCKED, /* a component above it is no folder */
};

/* What stands at `name`. Links are not followed. */
enum cs_status cs_dir_probe(struct cs_dir *dir, const char *name,
                            enum cs_entry_kind *ret_kind, struct cs_error *err);

/* The content hash of the regular file `name`; CS_ERR_NOT_FOUND when there is
 * no such file. */
enum cs_status cs_dir_hash(struct cs_dir *dir, const char *name,
                           struct cs_hash *ret_hash, struct cs_error *err);

/* The size of the regular file `name` in bytes; CS_ERR_NOT_FOUND. */
enum cs_status cs_dir_size(struct cs_dir *dir, const char *name,
                           int64_t *ret_size, struct cs_error *err);

/* Write bytes at `at` of `name`, which is made if need be and ends behind them;
 * no fsync. CS_ERR_INTERNAL when `at` is behind its end. */
enum cs_status cs_dir_write_at(struct cs_dir *dir, const char *name, int64_t at,
                               const void *data, size_t len,
                               struct cs_error *err);

/* Copy a file to another folder, which may be on another file system; the copy
 * is flushed. CS_ERR_NOT_FOUND when there is nothing to copy. */
enum cs_status cs_dir_copy(struct cs_dir *dir, const char *name,
                           struct cs_dir *to, const char *to_name,
                           struct cs_error *err);

/* Write `name` anew, making folders; no fsync. Not for files in place: a
 * reader could see half of it. */
enum cs_status cs_dir_write(struct cs_dir *dir, const char *name,
                            const char *data, size_t len, struct cs_error *err);

/* Rename a file, making folders for `to`. With `replace` a file at `to` goes;
 * without, `*ret_done` says false when something is at `to`, or a component
 * above it is no folder, and nothing was done. */
enum cs_status cs_dir_rename(struct cs_dir *dir, const char *from,
                             const char *to, bool replace, bool *ret_done,
                             struct cs_error *err);

/* Rename a whole folder, making folders for `to`, if nothing is at `to`; then
 * remove what became empty above `from`, as cs_dir_remove() does. */
enum cs_status cs_dir_move(struct cs_dir *dir, const char *from, const char *to,
                           bool *ret_done, struct cs_error *err);

/* Remove a file; then the folders above it that became empty, up to but not
 * including the first component. A missing file is fine. */
enum cs_status cs_dir_remove(struct cs_dir *dir, const char *name,
                             struct cs_error *err);

/* Flush the file system that holds it (syncfs). */
enum cs_status cs_dir_sync(struct cs_dir *dir, struct cs_error *err);

/* Called for every entry below; `name` is relative and borrowed. */
typedef enum cs_status cs_dir_walk_fn(void *payload, const char *name,
                                      enum cs_entry_kind kind,
                                      struct cs_error *err);

/* Visit everything below `below` (NULL: all), a folder before its content,
 * names sorted. Stops at the first failure. A missing `below` is empty. */
enum cs_status cs_dir_walk(struct cs_dir *dir, const char *below,
                           cs_dir_walk_fn *visit, void *payload,
                           struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_dir *, cs_dir_cleanup, cs_dir_close);

#endif
