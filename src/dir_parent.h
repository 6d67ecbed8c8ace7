/*
 * dir_parent.h - what the rooms behind dir.h share. Included by them only.
 */
#ifndef CS_SRC_DIR_PARENT_H
#define CS_SRC_DIR_PARENT_H

#include "src/dir.h"

/* Open the folder that `name` is in; `*ret_leaf` is its last component, within
 * `name`. The descriptor stays the dir's own. Returns it or -errno; a name
 * that would lead outside is EINVAL. */
int cs_dir_open_parent(struct cs_dir *dir, const char *name, bool make,
                       const char **ret_leaf);

/* The failure of an operation on `name`, with its whole path. */
enum cs_status cs_dir_fail(const struct cs_dir *dir, const char *name,
                           int errnum, struct cs_error *err);

#endif
