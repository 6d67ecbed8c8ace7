/*
 * log.h - what happened, for people: on standard error and in a dated file.
 *
 * A log is made by the command line and handed to whoever has something to
 * say. Lines pass two filters on their way out: every registered secret is
 * replaced, and control characters of remote text lose their teeth. Writing
 * never fails for the caller: a log that cannot be written says so once on its
 * stream and goes on without its file.
 */
#ifndef CS_SRC_LOG_H
#define CS_SRC_LOG_H

#include "src/clock.h"

#include <stdio.h>

struct cs_log;

/* Ordered from what must be heard to what only a developer asks for. */
enum cs_log_level {
    CS_LOG_ERROR,
    CS_LOG_WARNING,
    CS_LOG_INFO,
    CS_LOG_DEBUG,
};

/* One message is cut to this many bytes. */
#define CS_LOG_LINE_MAX ((size_t)4096)

struct cs_log_options {
    FILE *stream;                   /* NULL: none. Borrowed */
    enum cs_log_level stream_level; /* the last level that it shows */
    bool journal; /* the stream is the system's journal: "<4>" before a line,
                   * no time, no name */
    /* Called before and after a line goes to the stream, so that a progress
     * bar can step aside. May be NULL. */
    void (*aside)(void *payload, bool before);
    void *payload;
    const struct cs_clock *clock; /* dates the file and its lines */
};

/* Make a log without a file. The caller frees it with cs_log_free(). */
enum cs_status cs_log_new(const struct cs_log_options *options,
                          struct cs_log **ret, struct cs_error *err);

/* Close the file, wipe the secrets, free. NULL is legal. */
void cs_log_free(struct cs_log *log);

/* Write every level to <dir>/sync_YYYYMMDD.log too, appending; the folder is
 * made 0700, the file 0600. A link in the file's place is refused. */
enum cs_status cs_log_open_file(struct cs_log *log, const char *dir,
                                struct cs_error *err);

/* The path of the file, or NULL. Borrowed. */
const char *cs_log_path(const struct cs_log *log);

/* Never write `secret` again: it appears as "[secret]". Copied. Shorter than
 * four bytes it is ignored, since it would redact every other word. */
enum cs_status cs_log_add_secret(struct cs_log *log, const char *secret,
                                 struct cs_error *err);

/* Write one line. NULL as log is legal and does nothing. */
void cs_log_write(struct cs_log *log, enum cs_log_level level, const char *fmt,
                  ...) CS_PRINTF(3, 4);

/* Append `text` with the secrets taken out; for anything else that shows text
 * which may quote one. */
void cs_log_redact(const struct cs_log *log, const char *text, size_t len,
                   struct cs_strbuf *out);

CS_DEFINE_CLEANUP(struct cs_log *, cs_log_cleanup, cs_log_free);

#endif
