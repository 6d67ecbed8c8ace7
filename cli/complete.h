/*
 * complete.h - what may be typed where: the values of options and arguments.
 *
 * A kind of value has a name ("spaces"). The scripts that `cs completion`
 * prints ask for values by `cs __complete KIND WORD`.
 */
#ifndef CS_CLI_COMPLETE_H
#define CS_CLI_COMPLETE_H

#include "cli/verb.h"

/* Kinds that the shell knows by itself. */
#define CS_COMPLETE_FILES   "FILES"
#define CS_COMPLETE_FOLDERS "FOLDERS"

/* The kind of an option's value, and of a verb's arguments; NULL: anything. */
const char *cs_complete_option(const char *option);
const char *cs_complete_words(const char *verb);

/* Does completing a word of this kind ask the index? False for a kind that does
 * not exist. */
bool cs_complete_needs_index(const char *kind, const char *word);

/* Append the words that complete `word`, a line each. What stands before the
 * last comma, and a field such as "space:", is kept. Nothing for a kind that
 * does not exist. */
enum cs_status cs_complete_put(struct cs_app *app, const char *kind,
                               const char *word, struct cs_strbuf *out,
                               struct cs_error *err);

#endif
