/*
 * command.h - run other programs, without a shell.
 *
 * A configured text is split into words as a shell would split plain words and
 * quotes; nothing is expanded. Used for api_token_command, for $EDITOR, and
 * to ask other programs.
 */
#ifndef CS_SRC_COMMAND_H
#define CS_SRC_COMMAND_H

#include "src/strbuf.h"

#define CS_COMMAND_MAX_WORDS 64

/* Split `text` at blanks. '...' and "..." hold blanks; a backslash takes the
 * next character as it is, but not within '...'. The words and the array with
 * its final NULL are one allocation, which the caller frees with free().
 * CS_ERR_CONFIG for an open quote, no word, or too many words. */
enum cs_status cs_command_split(const char *text, const char ***ret_words,
                                struct cs_error *err);

/* Run the command, found on PATH, with nothing on its standard input and our
 * standard error, and append its output to `out`. The memory of `out` does
 * not move after the first byte, so a secret leaves no copies. CS_ERR_CONFIG
 * when it can not be started, fails, prints more than the ceiling of `out`, or
 * does not end within `timeout_ms`; it is killed then. */
enum cs_status cs_command_read(const char *text, int timeout_ms,
                               struct cs_strbuf *out, struct cs_error *err);

/* Run `words`, ended by NULL, the first being found on PATH, in front of the
 * user: standard input and error are ours, and so is standard output unless
 * `out` takes it. Waits for its end; `*ret_exit` is its exit status, or 128 and
 * the signal that ended it. CS_ERR_NOT_FOUND when there is no such program,
 * CS_ERR_LIMIT when it prints more than the ceiling of `out`. */
enum cs_status cs_command_run(const char *const *words, struct cs_strbuf *out,
                              int *ret_exit, struct cs_error *err);

/* Become `words`, the first being found on PATH, so that whoever stops us stops
 * it. Returns only when there is no such program. */
void cs_command_become(const char *const *words);

/* Run `words` alone, the first being found on PATH: nothing on its standard
 * input, its output appended to `out` and what it complains of to `complaint`.
 * `*ret_exit` as above. CS_ERR_NOT_FOUND when there is no such program,
 * CS_ERR_IO when it does not end within `timeout_ms` (it is killed then),
 * CS_ERR_LIMIT when it prints more than a ceiling. */
enum cs_status cs_command_ask(const char *const *words, int timeout_ms,
                              struct cs_strbuf *out,
                              struct cs_strbuf *complaint, int *ret_exit,
                              struct cs_error *err);

#endif
