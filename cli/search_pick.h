/*
 * search_pick.h - `cs search -i`: search as you type, and open what is chosen.
 *
 * With fzf on PATH, the index ranks and fzf only displays; without it, a plain
 * dialogue does: words search, a number opens.
 */
#ifndef CS_CLI_SEARCH_PICK_H
#define CS_CLI_SEARCH_PICK_H

#include "cli/search_request.h"

/* CS_ERR_USAGE without a terminal. */
enum cs_status cs_search_pick(struct cs_app *app,
                              const struct cs_search_asked *asked,
                              struct cs_error *err);

/* The words to run fzf with, ended by NULL, in `arena`, and in
 * `*ret_first` the command that fills its first list; `self` is this program.
 * Commands are for sh. */
enum cs_status cs_search_fzf(const struct cs_app *app,
                             const struct cs_search_asked *asked,
                             const char *self, struct cs_arena *arena,
                             const char ***ret_words, const char **ret_first,
                             struct cs_error *err);

/* search_dialogue.c: the plain one. */
enum cs_status cs_search_dialogue(struct cs_app *app,
                                  const struct cs_search_asked *asked,
                                  FILE *input, struct cs_error *err);

#endif
