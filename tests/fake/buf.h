/*
 * Growable bytes and a JSON writer on top of them.
 *
 * Every answer of the fake server is written straight into one of these
 * buffers. The writer looks at the last byte to know whether a comma is due,
 * so callers write values in order and never think about separators.
 *
 * The server is a test program: when memory runs out it says so and ends
 * with status 70. No caller has to check for that.
 */
#ifndef FAKE_BUF_H
#define FAKE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fk_buf {
    char *data; /* NUL-terminated once anything was added */
    size_t len;
    size_t cap;
};

/* Allocate zeroed memory, or end the program. The caller frees. */
void *fk_alloc(size_t size);

/* Grow an array, or end the program. Same ownership as realloc. */
void *fk_realloc(void *old, size_t size);

/* Copy a string; NULL gives NULL. The caller frees. */
char *fk_strdup(const char *text);

/* Release the contents and make the buffer empty again. */
void fk_buf_clear(struct fk_buf *b);

/* Append bytes, a string, or formatted text. */
void fk_buf_add(struct fk_buf *b, const void *data, size_t n);
void fk_buf_str(struct fk_buf *b, const char *text);
void fk_buf_fmt(struct fk_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Append text percent-encoded for a URL query or path segment. */
void fk_buf_urlenc(struct fk_buf *b, const char *text);

/* Give the contents to the caller, who frees; never NULL. */
char *fk_buf_take(struct fk_buf *b);

/* Append the body of a JSON string: escaped, without its quotes. */
void fk_json_escape(struct fk_buf *b, const char *text, size_t n);

/* Open or close an object or array; `c` is one of { } [ ]. */
void fk_json_open(struct fk_buf *b, char c);
void fk_json_close(struct fk_buf *b, char c);

/* Write a key, or a value on its own. A NULL string becomes null. */
void fk_json_key(struct fk_buf *b, const char *key);
void fk_json_str(struct fk_buf *b, const char *text);
void fk_json_raw(struct fk_buf *b, const char *text);

/* Write key and value. `_id` quotes a number and turns 0 into null; `_time`
 * takes milliseconds since 1970 and writes an ISO 8601 UTC time. */
void fk_json_kstr(struct fk_buf *b, const char *key, const char *text);
void fk_json_kint(struct fk_buf *b, const char *key, int64_t value);
void fk_json_kid(struct fk_buf *b, const char *key, uint64_t id);
void fk_json_kbool(struct fk_buf *b, const char *key, bool value);
void fk_json_ktime(struct fk_buf *b, const char *key, int64_t ms);

/* Write milliseconds since 1970 as 2026-05-06T07:08:09.101Z (24 bytes + NUL).
 */
void fk_time_format(int64_t ms, char out[32]);

/* Read such a time; date alone and time without fraction are accepted.
 * Returns -1 when it cannot be read. */
int64_t fk_time_parse(const char *text);

/* The present, in milliseconds since 1970. */
int64_t fk_time_now(void);
/* From now on that clock goes so many milliseconds before the machine's. */
void fk_time_ahead(int64_t ms);

#endif
