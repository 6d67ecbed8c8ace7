/*
 * config_command.h - what the files of `cs config` share.
 *
 *   cmd_config.c     the command: which action
 *   config_show.c    list, get
 *   config_write.c   set, unset, edit, path
 *
 * A key of a source is written "confluence.jobs", one of the mirror "jobs".
 */
#ifndef CS_CLI_CONFIG_COMMAND_H
#define CS_CLI_CONFIG_COMMAND_H

#include "cli/app.h"

struct cs_config_args {
    bool json, all, from_stdin;
};

/* A key as it was written, taken apart. */
struct cs_config_name {
    char source[80]; /* "": the mirror */
    const char *key;
};

/* "confluence.jobs"; a key that only sources have means the usual one. */
enum cs_status cs_config_name_parse(const char *text,
                                    struct cs_config_name *ret,
                                    struct cs_error *err);

/* The source, or NULL for the mirror. */
const char *cs_config_name_source(const struct cs_config_name *name);

/* One action each; `words` are those behind its name. */
typedef enum cs_status cs_config_action(struct cs_app *app,
                                        const struct cs_config_args *args,
                                        int n, char **words,
                                        struct cs_error *err);
extern cs_config_action cs_config_command_list, cs_config_command_get,
    cs_config_command_set, cs_config_command_unset, cs_config_command_path,
    cs_config_command_edit;

#endif
