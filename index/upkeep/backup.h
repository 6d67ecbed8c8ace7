/*
 * backup.h - a copy of the database, taken while others read and write.
 *
 * The copy is one file without a log, made under a temporary name beside its
 * place, opened and checked, flushed and renamed: whoever looks sees the old
 * backup or the new one.
 */
#ifndef CS_INDEX_UPKEEP_BACKUP_H
#define CS_INDEX_UPKEEP_BACKUP_H

#include "index/db.h"

#include <signal.h>

struct cs_backup_options {
    const char *path; /* where to */
    bool dry_run;     /* look whether it could be written, and how large */
    const volatile sig_atomic_t *cancel; /* may be NULL */
};

/* Write it, mode 0600. A file that is there is replaced only if it is a backup:
 * else CS_ERR_USAGE. `*ret_bytes` is the size. */
enum cs_status cs_backup_write(struct cs_db *db,
                               const struct cs_backup_options *options,
                               int64_t *ret_bytes, struct cs_error *err);

/* Copy the database into a file that must not be there. */
enum cs_status cs_backup_copy(struct cs_db *db, const char *path,
                              const volatile sig_atomic_t *cancel,
                              struct cs_error *err);

#endif
