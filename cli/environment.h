/*
 * environment.h - another environment, for as long as something is tried in it.
 *
 * What a timer's run would find is best learned by looking as it would look:
 * configuration, references in it and commands all read the variables of the
 * process.
 */
#ifndef CS_CLI_ENVIRONMENT_H
#define CS_CLI_ENVIRONMENT_H

#include "src/arena.h"

/* Variables as "NAME=value"; all of it lives in `arena`. A failed allocation is
 * sticky there. */
struct cs_environment {
    struct cs_arena *arena;
    const char **items; /* with a final NULL */
    size_t n, room;
};

/* Take over the lines that `systemctl show-environment` prints; values with
 * unusual characters stand there as $'...'. */
void cs_environment_parse(struct cs_environment *env, const char *text);

/* A copy in the same arena, which can then go its own way. */
void cs_environment_copy(const struct cs_environment *env,
                         struct cs_environment *ret);

/* The value of a variable, or NULL. */
const char *cs_environment_get(const struct cs_environment *env,
                               const char *name);

/* Set one; a NULL value takes it away. */
void cs_environment_set(struct cs_environment *env, const char *name,
                        const char *value);

/* Make it the environment of this process. What is returned was it before, and
 * is for cs_environment_leave(). */
char **cs_environment_enter(const struct cs_environment *env);
void cs_environment_leave(char **before);

#endif
