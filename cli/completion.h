/*
 * completion.h - scripts for shells, made from the tables of verbs and options.
 */
#ifndef CS_CLI_COMPLETION_H
#define CS_CLI_COMPLETION_H

#include "src/strbuf.h"

/* Append the script for one shell. */
void cs_completion_bash(struct cs_strbuf *out);
void cs_completion_zsh(struct cs_strbuf *out);
void cs_completion_fish(struct cs_strbuf *out);

#endif
