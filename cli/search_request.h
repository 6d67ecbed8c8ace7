/*
 * search_request.h - from the command line to a request.
 *
 * "@name" in front of a query stands for a saved search: its words, in
 * parentheses, and whatever of its filters was not given anew.
 */
#ifndef CS_CLI_SEARCH_REQUEST_H
#define CS_CLI_SEARCH_REQUEST_H

#include "cli/saved.h"
#include "cli/search_print.h"
#include "src/arena.h"

struct cs_search_args {
    struct cs_search_output output;
    int64_t limit;
    const char *cursor, *since, *sort, *save, *forget;
    struct cs_search_filters filters;
    bool literal, regex, strict, no_collapse;
    bool saved, since_last, interactive;
};

struct cs_search_asked {
    struct cs_search_request request;
    size_t first;     /* rank of the first hit */
    const char *name; /* of the saved search, or NULL */
    struct cs_search_filters filters;
};

/* Neither words nor filters: no search. */
bool cs_search_is_nothing(const struct cs_search_args *args, int n_words);

/* Read the options and the words. Texts live in `arena` or are borrowed from
 * the command line; `ret` must not be moved. CS_ERR_USAGE. */
enum cs_status cs_search_ask(const struct cs_app *app,
                             const struct cs_search_args *args, int n_words,
                             char **words, struct cs_arena *arena,
                             struct cs_search_asked *ret, struct cs_error *err);

/* What `--save` keeps of these options. */
enum cs_status cs_search_to_save(const struct cs_search_args *args, int n_words,
                                 char **words, struct cs_arena *arena,
                                 struct cs_saved_search *ret,
                                 struct cs_error *err);

/* The cursor behind an answer, for people: it also tells the rank. `*ret` is
 * NULL when there is no next page. */
enum cs_status cs_search_next(const struct cs_search_asked *asked,
                              const struct cs_search_result *result,
                              struct cs_arena *arena, const char **ret,
                              struct cs_error *err);

#endif
