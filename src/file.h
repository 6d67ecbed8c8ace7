/*
 * file.h - whole files, read and replaced in one step.
 *
 * Folders are made 0700 and files 0600. Files inside the mirror, whose names
 * come from elsewhere, go through dir.h instead.
 */
#ifndef CS_SRC_FILE_H
#define CS_SRC_FILE_H

#include "src/strbuf.h"

/* Read a whole file of at most the buffer's maximum. CS_ERR_NOT_FOUND when it
 * does not exist. */
enum cs_status cs_file_read(const char *path, struct cs_strbuf *ret_data,
                            struct cs_error *err);

/* Replace a file in one step: temporary file beside it, fsync, rename. Readers
 * see the old content or the new. */
enum cs_status cs_file_write(const char *path, const char *data, size_t len,
                             struct cs_error *err);

/* Make a folder and those above it, 0700. An existing one is fine. */
enum cs_status cs_file_make_dirs(const char *path, struct cs_error *err);

/* The same for the folder that a file lies in. */
enum cs_status cs_file_make_dirs_of(const char *path, struct cs_error *err);

/* CS_ERR_CONFIG when `path` lies on a file system where locks and shared
 * memory cannot be relied on: NFS, SMB/CIFS, 9p, FUSE (as folders that are
 * synchronised elsewhere often are), and others. */
enum cs_status cs_file_check_local(const char *path, struct cs_error *err);

#endif
