/*
 * spaces.h - which of the configured spaces a site has.
 *
 * Those that are named are asked for by key, many a request; without names, or
 * with "*", all are listed. How is the client's.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_SPACES_H
#define CS_CONNECTORS_CONFLUENCE_SPACES_H

#include "connectors/connector.h"
#include "src/arena.h"

struct cs_space_search {
    /* The client's side. */
    void *self;
    const char *all;           /* the path that lists all spaces */
    const char *by_key;        /* the path to which keys are appended... */
    const char *first, *other; /* ...with these in front of them */
    const char *hint;          /* for a key that is not found */
    /* List what `path` gives: cs_space_found() for each row. */
    enum cs_status (*list)(struct cs_space_search *search, const char *path,
                           struct cs_error *err);

    /* The slot's arguments. */
    const struct cs_source_config *config;
    const char *only;
    cs_container_fn *found;
    void *payload;
    cs_missing_fn *missing;

    /* For cs_space_find() alone. */
    const char *const *keys; /* asked for by name; NULL: all */
    size_t n_keys;
    bool *seen; /* one for each key */
};

/* Find them. CS_ERR_CONFIG when `only` is not among those configured. */
enum cs_status cs_space_find(struct cs_space_search *search,
                             struct cs_error *err);

/* A space that was listed: handed on when it was asked for. One that
 * `is_special` has to be asked for by name. */
enum cs_status cs_space_found(struct cs_space_search *search,
                              const struct cs_container *space, bool is_special,
                              struct cs_error *err);

#endif
