/*
 * search_saved.h - what `cs search` does with saved searches themselves.
 */
#ifndef CS_CLI_SEARCH_SAVED_H
#define CS_CLI_SEARCH_SAVED_H

#include "cli/search_request.h"

/* --save, --forget and --saved. */
enum cs_status cs_search_save(struct cs_app *app,
                              const struct cs_search_args *args, int n_words,
                              char **words, struct cs_error *err);
enum cs_status cs_search_forget(const char *name, struct cs_error *err);
enum cs_status cs_search_list_saved(struct cs_app *app, bool json,
                                    struct cs_error *err);

/* --since-last: read up to where a search was read, and note up to where it is
 * read now. */
enum cs_status cs_search_read_mark(const struct cs_app *app, const char *name,
                                   int64_t *ret_generation,
                                   struct cs_error *err);
enum cs_status cs_search_write_mark(const struct cs_app *app, const char *name,
                                    int64_t generation, struct cs_error *err);

#endif
