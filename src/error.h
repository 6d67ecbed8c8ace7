/*
 * error.h - one status enum, one caller-owned error, one table.
 *
 * A fallible function returns enum cs_status and takes a struct cs_error as
 * its last parameter. Zero is success, and success leaves the error untouched.
 * The function that fails first says what happened; a caller adds in front
 * only what the callee could not know ("space ENG: page 65601: ..."). The
 * message is complete enough to be printed after "cs: " as it is.
 *
 * The struct owns no memory, so an error can be reported when there is none.
 */
#ifndef CS_SRC_ERROR_H
#define CS_SRC_ERROR_H

#include "src/cs.h"

/* Every outcome the tree knows. Names, texts and exit codes: error.c. */
enum cs_status {
    CS_OK = 0,
    CS_ERR_NOT_FOUND,  /* the thing asked for does not exist */
    CS_ERR_USAGE,      /* the command line makes no sense */
    CS_ERR_PARTIAL,    /* done, but for parts that were reported */
    CS_ERR_NO_INDEX,   /* nothing was synced yet */
    CS_ERR_BAD_SCHEMA, /* an output schema that nobody knows */
    CS_ERR_NEWER,      /* the index was written by a newer program */
    CS_ERR_LOCKED,     /* another writer holds the mirror */
    CS_ERR_CORRUPT,    /* the index does not hold together */
    CS_ERR_IO,         /* the file system refused */
    CS_ERR_NO_SPACE,   /* the disk is full */
    CS_ERR_NO_MEMORY,  /* an allocation failed */
    CS_ERR_LIMIT,      /* input passed a stated limit */
    CS_ERR_PARSE,      /* bytes that should be JSON, XML, a date, ... are not */
    CS_ERR_NETWORK,    /* temporary: worth trying again later */
    CS_ERR_PROTOCOL,   /* the server broke its own rules */
    CS_ERR_FORBIDDEN,  /* valid credential, no permission */
    CS_ERR_AUTH,       /* credential refused */
    CS_ERR_CONFIG,     /* the configuration is wrong */
    CS_ERR_CANCELLED,  /* the user asked to stop */
    CS_ERR_INTERNAL,   /* our own mistake */
};

#define CS_ERROR_MESSAGE_MAX 768
#define CS_ERROR_HINT_MAX    256

/* What happened, and what the reader can do about it (may be empty). */
struct cs_error {
    enum cs_status status;
    char message[CS_ERROR_MESSAGE_MAX];
    char hint[CS_ERROR_HINT_MAX];
};

#define CS_ERROR_INIT                                                          \
    {                                                                          \
        .status = CS_OK                                                        \
    }

/* Set `err` (which may be NULL) and return `status`, so that a failure is one
 * line: `return cs_error_set(err, CS_ERR_IO, "%s: %m", path)`. Replaces what
 * `err` held, hint included. Long text is cut on a character border. */
enum cs_status cs_error_set(struct cs_error *err, enum cs_status status,
                            const char *fmt, ...) CS_PRINTF(3, 4);

/* Say what to do; the sentence is printed after the message and "; ". */
void cs_error_hint(struct cs_error *err, const char *fmt, ...) CS_PRINTF(2, 3);

/* Put context and ": " in front of the message. Returns the status held, so
 * that a failing call can be passed on: `return cs_error_prefix(err, ...)`. */
enum cs_status cs_error_prefix(struct cs_error *err, const char *fmt, ...)
    CS_PRINTF(2, 3);

/* Map errno to a status and set "what: strerror". ENOSPC and EDQUOT become
 * CS_ERR_NO_SPACE, ENOMEM CS_ERR_NO_MEMORY, ENOENT stays CS_ERR_IO. */
enum cs_status cs_error_errno(struct cs_error *err, int errnum, const char *fmt,
                              ...) CS_PRINTF(3, 4);

/* Hand on the failure `status` that `why` tells of, and return it; for CS_OK
 * `err` (which may be NULL) stays as it is. */
enum cs_status cs_error_pass(struct cs_error *err, enum cs_status status,
                             const struct cs_error *why);

/* Set "out of memory". */
static inline enum cs_status cs_error_no_memory(struct cs_error *err)
{
    (void)cs_error_set(err, CS_ERR_NO_MEMORY, "out of memory");
    return CS_ERR_NO_MEMORY; /* in plain sight of whoever reads the caller */
}

/* Make `err` as good as new. */
void cs_error_clear(struct cs_error *err);

/* Short lower-case name of a status, such as "no-space". Never NULL. */
const char *cs_status_name(enum cs_status status);

/* Exit status of a process that ends with `status` (DESIGN: exit codes). */
int cs_status_exit(enum cs_status status);

#endif
