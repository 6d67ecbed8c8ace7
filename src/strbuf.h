/*
 * strbuf.h - a growable string with a ceiling.
 *
 *     struct cs_strbuf out = CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
 *     cs_strbuf_puts(&out, "a");
 *     cs_strbuf_printf(&out, " %d", 7);
 *     status = cs_strbuf_status(&out, err);
 *     cs_strbuf_clear(&out);
 *
 * Every buffer states its maximum when it is made, so that foreign input has a
 * limit. Failure is sticky: after the ceiling or a failed allocation, appends
 * do nothing, and one look at cs_strbuf_status() at the end finds it.
 *
 * Invariant: `data` is never NULL and data[len] is NUL, also when empty. The
 * bytes themselves may hold NULs.
 */
#ifndef CS_SRC_STRBUF_H
#define CS_SRC_STRBUF_H

#include "src/error.h"

struct cs_strbuf {
    char *data;
    size_t len, cap; /* cap 0: data is borrowed and holds only a NUL */
    size_t max;
    enum cs_status status;
};

#define CS_STRBUF_DEFAULT_MAX ((size_t)64 << 20)
extern char cs_strbuf_empty[1];
#define CS_STRBUF_INIT(limit)                                                  \
    {                                                                          \
        .data = cs_strbuf_empty, .max = (limit)                                \
    }

/* Make `buf` empty with a ceiling of `max` bytes, without the final NUL. */
void cs_strbuf_init(struct cs_strbuf *buf, size_t max);

/* Free what it holds; it is then as after cs_strbuf_init() with its old
 * ceiling. Fits CS_CLEANUP. */
void cs_strbuf_clear(struct cs_strbuf *buf);

/* Empty it but keep its memory; clears a sticky failure. */
void cs_strbuf_reset(struct cs_strbuf *buf);

/* Append bytes, a string, a character, n times a character, a format. */
void cs_strbuf_put(struct cs_strbuf *buf, const char *data, size_t len);
void cs_strbuf_puts(struct cs_strbuf *buf, const char *text);
void cs_strbuf_putc(struct cs_strbuf *buf, char c);
void cs_strbuf_fill(struct cs_strbuf *buf, char c, size_t n);
void cs_strbuf_printf(struct cs_strbuf *buf, const char *fmt, ...)
    CS_PRINTF(2, 3);

/* Replace `len` bytes at `at` by `with`; the rest moves. */
void cs_strbuf_splice(struct cs_strbuf *buf, size_t at, size_t len,
                      const char *with, size_t with_len);

/* Cut it to `len` bytes; a longer `len` changes nothing. */
void cs_strbuf_truncate(struct cs_strbuf *buf, size_t len);

/* Drop blanks and line ends at its end. */
void cs_strbuf_rtrim(struct cs_strbuf *buf);

/* Room for `extra` more bytes, to be filled by the caller at data + len.
 * False (and sticky) when there is none. */
bool cs_strbuf_reserve(struct cs_strbuf *buf, size_t extra);

/* Take the string out; the caller frees it with free(). The buffer is empty
 * after. NULL after a sticky failure. */
char *cs_strbuf_take(struct cs_strbuf *buf);

/* A text that was made in `part` goes into `buf`: had it failed, so has this,
 * and a text that lacks something is not taken for a whole one. */
void cs_strbuf_add_failure(struct cs_strbuf *buf, const struct cs_strbuf *part);

/* CS_OK, or the sticky failure with a message in `err`. */
enum cs_status cs_strbuf_status(const struct cs_strbuf *buf,
                                struct cs_error *err);

#endif
