/*
 * config_variables.h - what the environment says of the configuration.
 *
 * A run that does not see the shell's environment, such as one of a timer, may
 * mean another mirror or have no token. These functions find the variables that
 * make the difference.
 */
#ifndef CS_SRC_CONFIG_VARIABLES_H
#define CS_SRC_CONFIG_VARIABLES_H

#include "src/config.h"

/* The source that variables are about. */
#define CS_CONFIG_DEFAULT_SOURCE "confluence"

struct cs_config_variable {
    const char *name;   /* "CONFLUENCE_BASE_URL" */
    const char *key;    /* "base_url" */
    const char *source; /* whose key it is; NULL: of the mirror */
    bool list;          /* empty counts as set */
};

/* The variables one after the other; false behind the last. */
bool cs_config_variable(size_t i, struct cs_config_variable *ret);

/* Does the key of variable `i` have the same value in both? */
bool cs_config_variable_same(size_t i, const struct cs_config *a,
                             const struct cs_config *b);

/* The path that the key of variable `i` has, absolute, or NULL when it is none
 * of a path. Borrowed from `config`. */
const char *cs_config_variable_path(size_t i, const struct cs_config *config);

#endif
