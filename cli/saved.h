/*
 * saved.h - searches under a name, and up to where each has been read.
 *
 * They live in the file `searches` of the user's state (state.h), JSON with the
 * schema cs.searches/1. Names are letters, digits, '-', '_' and '.'.
 */
#ifndef CS_CLI_SAVED_H
#define CS_CLI_SAVED_H

#include "cli/search_filters.h"

#define CS_SAVED_NAME_MAX 64

/* Absent texts are NULL. Strings that are read belong to the struct cs_saved,
 * those that are written are copied. */
struct cs_saved_search {
    const char *name, *query;
    const char *sort, *since; /* as the options have them */
    enum cs_search_mode mode;
    struct cs_search_filters filters;
};

struct cs_saved;

/* Read them; to `change` them, nobody else does until they are closed. A file
 * that does not exist holds none. CS_ERR_PARSE for one that is damaged. */
enum cs_status cs_saved_open(bool change, struct cs_saved **ret,
                             struct cs_error *err);
void cs_saved_close(struct cs_saved *saved);

size_t cs_saved_count(const struct cs_saved *saved);
void cs_saved_at(const struct cs_saved *saved, size_t i,
                 struct cs_saved_search *ret);
bool cs_saved_find(const struct cs_saved *saved, const char *name,
                   struct cs_saved_search *ret);

/* Add it, in place of one of the same name. CS_ERR_USAGE for a bad name. */
enum cs_status cs_saved_put(struct cs_saved *saved,
                            const struct cs_saved_search *search,
                            struct cs_error *err);
/* False when there is none of that name. */
bool cs_saved_forget(struct cs_saved *saved, const char *name);

/* The generation of the index at `root` up to which a search has been read; 0:
 * not at all, or no search of that name. */
int64_t cs_saved_mark(const struct cs_saved *saved, const char *name,
                      const char *root);
void cs_saved_set_mark(struct cs_saved *saved, const char *name,
                       const char *root, int64_t generation);

/* Write what was changed. */
enum cs_status cs_saved_commit(struct cs_saved *saved, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_saved *, cs_saved_cleanup, cs_saved_close);

#endif
