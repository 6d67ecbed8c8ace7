/*
 * download.h - the bytes of attachments: which are wanted, and their way into
 * the stage.
 */
#ifndef CS_INDEX_STORE_DOWNLOAD_H
#define CS_INDEX_STORE_DOWNLOAD_H

#include "index/store/internal.h"

/* Decide which attachments of the source are wanted, by the options of the run
 * and the references in all texts; once, until something changes either. What
 * is wanted no more goes with the next commit. */
enum cs_status cs_download_plan(struct cs_store *store, struct cs_error *err);

/* What the sink's slots for files do, within a batch. */
enum cs_status cs_download_wanted(struct cs_store *store,
                                  struct cs_arena *arena, size_t max,
                                  struct cs_file_want *ret_wants, size_t *ret_n,
                                  struct cs_error *err);
enum cs_status cs_download_write(struct cs_store *store, const char *id,
                                 int64_t at, const void *data, size_t len,
                                 struct cs_error *err);
enum cs_status cs_download_end(struct cs_store *store, const char *id,
                               int64_t size, struct cs_error *err);
enum cs_status cs_download_fail(struct cs_store *store, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err);

/* Where the bytes of a version are gathered. */
void cs_download_part_name(int64_t attachment, int64_t version,
                           char buf[CS_STAGE_NAME_SIZE]);

#endif
