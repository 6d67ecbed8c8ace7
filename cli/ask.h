/*
 * ask.h - questions to a person at a terminal.
 *
 * Questions go to standard error, answers come from the terminal, a line each.
 * Ctrl-C, or the end of input, ends in CS_ERR_CANCELLED, with the terminal as
 * it was.
 */
#ifndef CS_CLI_ASK_H
#define CS_CLI_ASK_H

#include "cli/app.h"

/* The most bytes of an answer. */
#define CS_ASK_MAX ((size_t)8 << 10)

/* Are both ends a terminal, so that somebody can answer? */
bool cs_ask_possible(const struct cs_app *app);

/* Ask, and put the answer without the blanks around it into `out`, which is
 * emptied first. `fallback` (NULL or "": none) is shown, and is what Enter
 * alone stands for. */
enum cs_status cs_ask_line(const struct cs_app *app, const char *question,
                           const char *fallback, struct cs_strbuf *out,
                           struct cs_error *err);

/* The same for a secret: what is typed is not shown. The caller wipes `out`,
 * which must have room for CS_ASK_MAX bytes and is never moved. */
enum cs_status cs_ask_secret(const struct cs_app *app, const char *question,
                             struct cs_strbuf *out, struct cs_error *err);

/* A question for yes or no, asked again until it is one of them. */
enum cs_status cs_ask_yes(const struct cs_app *app, const char *question,
                          bool fallback, bool *ret, struct cs_error *err);

/* Read a secret from a stream that is no dialogue, up to its end, without the
 * blanks around it. CS_ERR_CONFIG when it is empty or too long. Memory as
 * above. `what` names the stream. */
enum cs_status cs_ask_read(int fd, const char *what, struct cs_strbuf *out,
                           struct cs_error *err);

/* Wipe and free. Fits CS_CLEANUP. */
void cs_ask_wipe(struct cs_strbuf *secret);

#endif
