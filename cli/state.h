/*
 * state.h - the little that is kept for one user from run to run, in
 * $XDG_STATE_HOME/context-sync, or ~/.local/state/context-sync.
 *
 *     last       ids of the last answer on a terminal, for `cs open 3`
 *     searches   saved searches, see saved.h
 *
 * Files have mode 0600. No query is kept that nobody asked to save.
 */
#ifndef CS_CLI_STATE_H
#define CS_CLI_STATE_H

#include "cli/app.h"
#include "index/reader.h"
#include "index/search/search.h"

/* Append the path of a file there. CS_ERR_CONFIG without a home folder. */
enum cs_status cs_state_path(const char *name, struct cs_strbuf *out,
                             struct cs_error *err);

/* Remember the hits of an answer, the first of which has the number `first`.
 * Best effort: without it, `cs open 3` does not work. */
void cs_state_keep_hits(const struct cs_app *app,
                        const struct cs_search_result *result, size_t first);

/* Find the document called `name`, which may be the number of a hit of the last
 * answer; otherwise as cs_reader_find(). */
enum cs_status cs_state_find(const struct cs_app *app, struct cs_arena *arena,
                             const char *name, struct cs_reader_document *ret,
                             struct cs_error *err);

#endif
