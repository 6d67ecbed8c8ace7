/*
 * git_exclude.h - keep a name out of a git repository, for this clone only.
 *
 * `.git/info/exclude` is what .gitignore is, but nobody commits it. A working
 * tree made by `git worktree` shares that of its repository (gitignore(5),
 * gitrepository-layout(5)).
 */
#ifndef CS_CLI_GIT_EXCLUDE_H
#define CS_CLI_GIT_EXCLUDE_H

#include "src/strbuf.h"

/* Add the line for `name` in the folder `dir` (absolute, no links in it), or
 * take it out. `*ret_changed` says whether there was something to do; the file
 * is appended to `file`, or nothing when `dir` is in no repository. */
enum cs_status cs_git_exclude(const char *dir, const char *name, bool add,
                              struct cs_strbuf *file, bool *ret_changed,
                              struct cs_error *err);

#endif
