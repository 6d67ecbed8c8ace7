/*
 * log.c - one line, two filters, two destinations.
 */
#include "src/log.h"

#include "src/file.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define SECRET_MIN 4

struct secret {
    struct secret *next;
    size_t len;
    char text[];
};

struct cs_log {
    struct cs_log_options options;
    struct secret *secrets; /* longest first: one may hold another */
    char *path;
    int fd; /* of the file, or -1 */
};

struct level_row {
    const char *name;
    int priority; /* as syslog(3) counts */
};

static const struct level_row levels[] = {
    [CS_LOG_ERROR] = {"error", 3},
    [CS_LOG_WARNING] = {"warning", 4},
    [CS_LOG_INFO] = {"info", 6},
    [CS_LOG_DEBUG] = {"debug", 7},
};

enum cs_status cs_log_new(const struct cs_log_options *options,
                          struct cs_log **ret, struct cs_error *err)
{
    struct cs_log *log = calloc(1, sizeof(*log));
    if (!log)
        return cs_error_no_memory(err);
    log->options = *options;
    log->fd = -1;
    *ret = log;
    return CS_OK;
}

static void close_file(struct cs_log *log)
{
    if (log->fd >= 0)
        (void)close(log->fd);
    log->fd = -1;
    free(log->path);
    log->path = NULL;
}

void cs_log_free(struct cs_log *log)
{
    if (!log)
        return;
    close_file(log);
    while (log->secrets) {
        struct secret *secret = log->secrets;
        log->secrets = secret->next;
        explicit_bzero(secret->text, secret->len);
        free(secret);
    }
    free(log);
}

enum cs_status cs_log_open_file(struct cs_log *log, const char *dir,
                                struct cs_error *err)
{
    char day[CS_TIME_TEXT_SIZE];
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = cs_file_make_dirs(dir, err);
    if (status != CS_OK)
        return status;
    cs_time_format_day(cs_clock_now(log->options.clock), day);
    cs_strbuf_printf(&path, "%s/sync_%s.log", dir, day);
    status = cs_strbuf_status(&path, err);
    if (status != CS_OK)
        return status;
    int fd = open(path.data,
                  O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", path.data);
    close_file(log);
    log->fd = fd;
    log->path = cs_strbuf_take(&path);
    return CS_OK;
}

const char *cs_log_path(const struct cs_log *log)
{
    return log->path;
}

enum cs_status cs_log_add_secret(struct cs_log *log, const char *secret,
                                 struct cs_error *err)
{
    size_t len = secret ? strlen(secret) : 0;
    if (len < SECRET_MIN)
        return CS_OK;
    struct secret *added = calloc(1, sizeof(*added) + len + 1);
    if (!added)
        return cs_error_no_memory(err);
    added->len = len;
    memcpy(added->text, secret, len);
    struct secret **at = &log->secrets;
    while (*at && (*at)->len > len)
        at = &(*at)->next;
    added->next = *at;
    *at = added;
    return CS_OK;
}

/* The secret that stands at the start of `text`, or NULL. */
static const struct secret *secret_at(const struct cs_log *log,
                                      const char *text, size_t len)
{
    const struct secret *secret = log->secrets;
    while (secret &&
           (secret->len > len || memcmp(secret->text, text, secret->len) != 0))
        secret = secret->next;
    return secret;
}

void cs_log_redact(const struct cs_log *log, const char *text, size_t len,
                   struct cs_strbuf *out)
{
    size_t done = 0;
    for (size_t i = 0; log && log->secrets && i < len;) {
        const struct secret *secret = secret_at(log, text + i, len - i);
        if (!secret) {
            i++;
            continue;
        }
        cs_strbuf_put(out, text + done, i - done);
        cs_strbuf_puts(out, "[secret]");
        i += secret->len;
        done = i;
    }
    cs_strbuf_put(out, text + done, len - done);
}

static void write_stream(struct cs_log *log, enum cs_log_level level,
                         const char *text)
{
    const struct cs_log_options *options = &log->options;
    if (!options->stream || level > options->stream_level)
        return;
    if (options->aside)
        options->aside(options->payload, true);
    if (options->journal)
        (void)fprintf(options->stream, "<%d>%s\n", levels[level].priority,
                      text);
    else if (level == CS_LOG_INFO)
        (void)fprintf(options->stream, "%s\n", text);
    else
        (void)fprintf(options->stream, "%s: %s\n", levels[level].name, text);
    (void)fflush(options->stream);
    if (options->aside)
        options->aside(options->payload, false);
}

/* One write per line, so that lines of two processes do not mix. */
static void write_file(struct cs_log *log, enum cs_log_level level,
                       const char *text)
{
    char time[CS_TIME_TEXT_SIZE];
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_LOG_LINE_MAX);
    if (log->fd < 0)
        return;
    cs_time_format(cs_clock_now(log->options.clock), time);
    cs_strbuf_printf(&line, "%s %-7s %s\n", time, levels[level].name, text);
    if (write(log->fd, line.data, line.len) == (ssize_t)line.len)
        return;
    int reason = errno;
    char *path = log->path;
    log->path = NULL;
    close_file(log);
    cs_log_write(log, CS_LOG_WARNING, "%s: %s; going on without it",
                 path ? path : "log file", strerror(reason));
    free(path);
}

/* Redaction comes first: a secret is known as it was given, and dropping a
 * control character could hide it from the search. It comes again after, for
 * a secret that only shows once they are gone. */
static void filter(const struct cs_log *log, const char *text, size_t len,
                   struct cs_strbuf *out)
{
    struct cs_strbuf redacted CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_LOG_LINE_MAX);
    struct cs_strbuf safe CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(6 * CS_LOG_LINE_MAX);
    cs_log_redact(log, text, len, &redacted);
    cs_text_put_safe(&safe, redacted.data, redacted.len, false);
    cs_log_redact(log, safe.data, safe.len, out);
}

void cs_log_write(struct cs_log *log, enum cs_log_level level, const char *fmt,
                  ...)
{
    struct cs_strbuf line CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(6 * CS_LOG_LINE_MAX);
    char raw[2 * CS_LOG_LINE_MAX]; /* cut after redaction, not before */
    if (!log)
        return;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(raw, sizeof(raw), fmt, args);
    va_end(args);
    if (n < 0)
        return;
    filter(log, raw, strlen(raw), &line);
    explicit_bzero(raw, sizeof(raw));
    cs_strbuf_truncate(&line,
                       cs_text_cut(line.data, line.len, CS_LOG_LINE_MAX));
    write_stream(log, level, line.data);
    write_file(log, level, line.data);
}
