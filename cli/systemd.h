/*
 * systemd.h - the systemd manager of this user, asked through its own programs.
 *
 * `systemctl --user` is run without a shell, in plain English and in UTC, and
 * is killed when it does not answer. Where XDG_RUNTIME_DIR is missing, as under
 * cron, the usual folder is tried.
 */
#ifndef CS_CLI_SYSTEMD_H
#define CS_CLI_SYSTEMD_H

#include "src/arena.h"
#include "src/strbuf.h"

/* Run `systemctl --user` with `words`, ended by NULL; its output is appended to
 * `out` (may be NULL). CS_ERR_NOT_FOUND when there is no systemd, or no manager
 * runs for this user: the message says which. CS_ERR_IO with its complaint when
 * it fails. */
enum cs_status cs_systemctl(const char *const *words, struct cs_strbuf *out,
                            struct cs_error *err);

/* The same with the words as arguments. */
#define CS_SYSTEMCTL(out, err, ...)                                            \
    cs_systemctl((const char *const[]){__VA_ARGS__, NULL}, out, err)

/* Any program with the environment of these calls. `*ret_exit` is 127 when
 * there is none of that name. */
enum cs_status cs_systemd_run(const char *const *words, struct cs_strbuf *out,
                              struct cs_strbuf *complaint, int *ret_exit,
                              struct cs_error *err);

/* The value of `name` in the lines NAME=VALUE of `show`, from `text` to the
 * next empty line, in `arena`; NULL when it is not there or empty. */
const char *cs_systemd_value(const char *text, const char *name,
                             struct cs_arena *arena);

/* A time as `systemctl show` prints it, in milliseconds; 0 for none. */
int64_t cs_systemd_time(const char *text);

/* Append a word as a unit file wants it: quoted, specifiers and, with
 * `variables`, the signs of variables doubled. */
void cs_systemd_put_quoted(struct cs_strbuf *out, const char *word,
                           bool variables);

#endif
