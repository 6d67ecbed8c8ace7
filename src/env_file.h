/*
 * env_file.h - the KEY=value lines of a file that a shell would read.
 *
 *     # a comment
 *     export CONFLUENCE_USERNAME=ada@acme.com
 *     CONFLUENCE_API_TOKEN='s3cret' # another one
 *
 * Nothing is executed and nothing replaced: a value in which a shell would put
 * in a variable or what a command prints is marked, and has no text. Lines of
 * other forms are passed by.
 */
#ifndef CS_SRC_ENV_FILE_H
#define CS_SRC_ENV_FILE_H

#include "src/arena.h"

/* One assignment. */
struct cs_env_line {
    const char *name;
    const char *value; /* NULL: a shell would have to work it out */
    int line;
};

struct cs_env_file {
    struct cs_env_line *lines;
    size_t n;
};

/* Parse `text`, the content of the file `path`. Everything lives in the arena,
 * values that are secret included. CS_ERR_CONFIG for a quote that is never
 * closed, and for a zero byte. */
enum cs_status cs_env_file_parse(const char *path, const char *text, size_t len,
                                 struct cs_arena *arena,
                                 struct cs_env_file *ret, struct cs_error *err);

/* The last assignment of that name, or NULL. */
const struct cs_env_line *cs_env_file_find(const struct cs_env_file *file,
                                           const char *name);

/* Overwrite the values. */
void cs_env_file_wipe(struct cs_env_file *file);

#endif
