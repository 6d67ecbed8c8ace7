/*
 * error.c - the table of statuses, and how a message is built.
 */
#include "src/error.h"

#include <errno.h>
#include <stdarg.h>

struct status_row {
    const char *name;
    const char *text; /* what is said when nothing better is known */
    int exit_status;
};

/* Indexed by enum cs_status. Exit statuses from 64 up follow sysexits.h. */
static const struct status_row rows[] = {
    [CS_OK] = {"ok", "done", 0},
    [CS_ERR_NOT_FOUND] = {"not-found", "not found", 1},
    [CS_ERR_USAGE] = {"usage", "wrong usage", 2},
    [CS_ERR_PARTIAL] = {"partial", "done in part", 3},
    [CS_ERR_NO_INDEX] = {"no-index", "there is no index yet", 4},
    [CS_ERR_BAD_SCHEMA] = {"bad-schema", "unknown output schema", 5},
    [CS_ERR_NEWER] = {"newer", "the index is newer than this program", 6},
    [CS_ERR_LOCKED] = {"locked", "locked by another writer", 7},
    [CS_ERR_CORRUPT] = {"corrupt", "the index is corrupt", 8},
    [CS_ERR_IO] = {"io", "input/output error", 74},
    [CS_ERR_NO_SPACE] = {"no-space", "no space left on the disk", 74},
    [CS_ERR_NO_MEMORY] = {"no-memory", "out of memory", 74},
    [CS_ERR_LIMIT] = {"limit", "a limit was passed", 74},
    [CS_ERR_PARSE] = {"parse", "input could not be read", 74},
    [CS_ERR_NETWORK] = {"network", "temporary network failure", 75},
    [CS_ERR_PROTOCOL] = {"protocol", "unexpected answer of the server", 75},
    [CS_ERR_FORBIDDEN] = {"forbidden", "no permission", 77},
    [CS_ERR_AUTH] = {"auth", "credential refused", 77},
    [CS_ERR_CONFIG] = {"config", "wrong configuration", 78},
    [CS_ERR_CANCELLED] = {"cancelled", "interrupted", 130},
    [CS_ERR_INTERNAL] = {"internal", "internal error", 70},
};

static const struct status_row *row_of(enum cs_status status)
{
    size_t i = (size_t)status;
    return &rows[i < CS_ARRAY_LEN(rows) ? i : CS_ERR_INTERNAL];
}

const char *cs_status_name(enum cs_status status)
{
    return row_of(status)->name;
}

int cs_status_exit(enum cs_status status)
{
    return row_of(status)->exit_status;
}

/* A message that was cut may end inside a character: drop that character. */
static void drop_cut_character(char *text)
{
    size_t len = strlen(text), start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || ((unsigned char)text[start - 1] & 0xc0) != 0xc0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (len - start < want)
        text[start - 1] = '\0';
}

static void format(char *buf, size_t size, const char *fmt, va_list args)
    CS_PRINTF(3, 0);

static void format(char *buf, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(buf, size, fmt, args);
    if (n < 0)
        buf[0] = '\0';
    else if ((size_t)n >= size)
        drop_cut_character(buf);
}

enum cs_status cs_error_set(struct cs_error *err, enum cs_status status,
                            const char *fmt, ...)
{
    if (!err)
        return status;
    char message[CS_ERROR_MESSAGE_MAX]; /* fmt may read from err itself */
    va_list args;
    va_start(args, fmt);
    format(message, sizeof(message), fmt, args);
    va_end(args);
    err->status = status;
    err->hint[0] = '\0';
    memcpy(err->message, message, strlen(message) + 1);
    return status;
}

void cs_error_hint(struct cs_error *err, const char *fmt, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, fmt);
    format(err->hint, sizeof(err->hint), fmt, args);
    va_end(args);
}

enum cs_status cs_error_prefix(struct cs_error *err, const char *fmt, ...)
{
    if (!err)
        return CS_ERR_INTERNAL;
    char context[CS_ERROR_MESSAGE_MAX], old[CS_ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    format(context, sizeof(context), fmt, args);
    va_end(args);
    memcpy(old, err->message, sizeof(old));
    int n = snprintf(err->message, sizeof(err->message), "%.*s: %s",
                     CS_ERROR_MESSAGE_MAX / 2, context, old);
    if (n >= (int)sizeof(err->message))
        drop_cut_character(err->message);
    return err->status;
}

enum cs_status cs_error_errno(struct cs_error *err, int errnum, const char *fmt,
                              ...)
{
    enum cs_status status = CS_ERR_IO;
    if (errnum == ENOSPC || errnum == EDQUOT)
        status = CS_ERR_NO_SPACE;
    else if (errnum == ENOMEM)
        status = CS_ERR_NO_MEMORY;
    char what[CS_ERROR_MESSAGE_MAX / 2];
    va_list args;
    va_start(args, fmt);
    format(what, sizeof(what), fmt, args);
    va_end(args);
    char reason[128];
    return cs_error_set(err, status, "%s: %s", what,
                        strerror_r(errnum, reason, sizeof(reason)));
}

enum cs_status cs_error_pass(struct cs_error *err, enum cs_status status,
                             const struct cs_error *why)
{
    if (status && err)
        *err = *why;
    return status;
}

void cs_error_clear(struct cs_error *err)
{
    if (err)
        *err = (struct cs_error)CS_ERROR_INIT;
}
