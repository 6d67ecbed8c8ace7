/*
 * lock.h - one writer for each mirror.
 *
 * An flock on a small file that names its holder. The kernel drops the lock
 * with the process, so a stale file is no lock.
 */
#ifndef CS_SRC_LOCK_H
#define CS_SRC_LOCK_H

#include "src/clock.h"

struct cs_lock;

/* Take the lock or fail at once: CS_ERR_LOCKED names pid and start of the
 * holder. The caller frees it with cs_lock_free(), which releases it. */
enum cs_status cs_lock_take(const char *path, const struct cs_clock *clock,
                            struct cs_lock **ret, struct cs_error *err);

/* Keep writers out for as long as somebody looks: any number of lookers may
 * hold it. Nothing is written into the file. CS_ERR_LOCKED while there is a
 * writer, CS_ERR_NOT_FOUND when there never was one. */
enum cs_status cs_lock_share(const char *path, struct cs_lock **ret,
                             struct cs_error *err);
void cs_lock_free(struct cs_lock *lock);

CS_DEFINE_CLEANUP(struct cs_lock *, cs_lock_cleanup, cs_lock_free);

#endif
