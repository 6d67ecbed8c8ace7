/*
 * commands.h - what each cmd_<verb>.c exports, for the table in verb.c.
 */
#ifndef CS_CLI_COMMANDS_H
#define CS_CLI_COMMANDS_H

#include "cli/verb.h"

extern const struct cs_verb cs_cmd_completion;
extern const struct cs_verb cs_cmd_config;
extern const struct cs_verb cs_cmd_convert;
extern const struct cs_verb cs_cmd_doctor;
extern const struct cs_verb cs_cmd_get;
extern const struct cs_verb cs_cmd_help;
extern const struct cs_verb cs_cmd_link;
extern const struct cs_verb cs_cmd_maintenance;
extern const struct cs_verb cs_cmd_open;
extern const struct cs_verb cs_cmd_scheduler;
extern const struct cs_verb cs_cmd_search;
extern const struct cs_verb cs_cmd_setup;
extern const struct cs_verb cs_cmd_similar;
extern const struct cs_verb cs_cmd_sql;
extern const struct cs_verb cs_cmd_status;
extern const struct cs_verb cs_cmd_sync;
extern const struct cs_verb cs_cmd_values;
extern const struct cs_verb cs_cmd_why;

#endif
