/*
 * search_filters.h - the filters of a search that are lists, as rows of a
 * table.
 *
 * They are given as options, kept with a saved search, put together with what
 * the command line says, and handed to the engine: all by these rows.
 */
#ifndef CS_CLI_SEARCH_FILTERS_H
#define CS_CLI_SEARCH_FILTERS_H

#include "cli/options.h"
#include "index/search/search.h"
#include "src/arena.h"

struct cs_search_filters {
    struct cs_option_list spaces, labels, authors, types, sources;
};

/* The first rows of a command whose record holds them in `filters`, and how
 * many hits it wants in `limit`. */
#define CS_SEARCH_FIRST_ROWS(record)                                           \
    {'n',                                                                      \
     "limit",                                                                  \
     CS_OPTION_NUMBER,                                                         \
     offsetof(record, limit),                                                  \
     "N",                                                                      \
     "at most N hits (default 10)",                                            \
     1,                                                                        \
     CS_SEARCH_LIMIT_MAX},                                                     \
        {0,                                                                    \
         "space",                                                              \
         CS_OPTION_WORDS,                                                      \
         offsetof(record, filters.spaces),                                     \
         "KEY,...",                                                            \
         "in these spaces",                                                    \
         0,                                                                    \
         0},                                                                   \
    {                                                                          \
        0, "label", CS_OPTION_WORDS, offsetof(record, filters.labels),         \
            "NAME,...", "with one of these labels", 0, 0                       \
    }

struct cs_search_filter {
    const char *option; /* "space" */
    const char *member; /* in JSON: "spaces" */
    size_t at;          /* of the list in struct cs_search_filters */
    size_t request_at;  /* of the list in struct cs_search_request */
};

/* Ended by a row without an option. */
extern const struct cs_search_filter cs_search_filter_rows[];

/* The list of a row. */
struct cs_option_list *cs_search_filter_list(
    struct cs_search_filters *filters, const struct cs_search_filter *row);
const struct cs_option_list *cs_search_filter_items(
    const struct cs_search_filters *filters,
    const struct cs_search_filter *row);

/* Nothing is filtered by them. */
bool cs_search_filters_empty(const struct cs_search_filters *filters);

/* Fill the lists that are empty with those of `saved`; texts are copied. */
void cs_search_filters_merge(struct cs_search_filters *filters,
                             const struct cs_search_filters *saved,
                             struct cs_arena *arena);

/* Set the lists of a request; they are borrowed from `filters`. */
void cs_search_filters_ask(const struct cs_search_filters *filters,
                           struct cs_search_request *request);

#endif
