/*
 * strbuf.c - doubling growth, one place that allocates.
 */
#include "src/strbuf.h"

#include <stdarg.h>
#include <stdlib.h>

enum { FIRST_SIZE = 64 };

char cs_strbuf_empty[1] = "";

void cs_strbuf_init(struct cs_strbuf *buf, size_t max)
{
    *buf = (struct cs_strbuf)CS_STRBUF_INIT(max);
}

void cs_strbuf_clear(struct cs_strbuf *buf)
{
    if (buf->cap)
        free(buf->data);
    cs_strbuf_init(buf, buf->max);
}

void cs_strbuf_reset(struct cs_strbuf *buf)
{
    buf->len = 0;
    buf->status = CS_OK;
    if (buf->cap)
        buf->data[0] = '\0';
}

bool cs_strbuf_reserve(struct cs_strbuf *buf, size_t extra)
{
    if (buf->status)
        return false;
    if (extra > buf->max || buf->len > buf->max - extra) {
        buf->status = CS_ERR_LIMIT;
        return false;
    }
    size_t need = buf->len + extra + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : FIRST_SIZE;
    while (cap < need)
        cap *= 2;
    char *data = realloc(buf->cap ? buf->data : NULL, cap);
    if (!data) {
        buf->status = CS_ERR_NO_MEMORY;
        return false;
    }
    data[buf->len] = '\0';
    buf->data = data;
    buf->cap = cap;
    return true;
}

void cs_strbuf_put(struct cs_strbuf *buf, const char *data, size_t len)
{
    if (len == 0 || !cs_strbuf_reserve(buf, len))
        return;
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void cs_strbuf_puts(struct cs_strbuf *buf, const char *text)
{
    cs_strbuf_put(buf, text, strlen(text));
}

void cs_strbuf_putc(struct cs_strbuf *buf, char c)
{
    cs_strbuf_put(buf, &c, 1);
}

void cs_strbuf_fill(struct cs_strbuf *buf, char c, size_t n)
{
    if (n == 0 || !cs_strbuf_reserve(buf, n))
        return;
    memset(buf->data + buf->len, c, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
}

void cs_strbuf_printf(struct cs_strbuf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n <= 0 || !cs_strbuf_reserve(buf, (size_t)n))
        return;
    va_start(args, fmt);
    (void)vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, args);
    va_end(args);
    buf->len += (size_t)n;
}

void cs_strbuf_splice(struct cs_strbuf *buf, size_t at, size_t len,
                      const char *with, size_t with_len)
{
    if (at > buf->len || len > buf->len - at)
        return;
    if (with_len > len && !cs_strbuf_reserve(buf, with_len - len))
        return;
    if (buf->status || buf->cap == 0)
        return;
    char *place = buf->data + at;
    memmove(place + with_len, place + len, buf->len - at - len + 1);
    if (with_len)
        memcpy(place, with, with_len);
    buf->len = buf->len - len + with_len;
}

void cs_strbuf_truncate(struct cs_strbuf *buf, size_t len)
{
    if (len >= buf->len)
        return;
    buf->len = len;
    buf->data[len] = '\0';
}

void cs_strbuf_rtrim(struct cs_strbuf *buf)
{
    size_t len = buf->len;
    while (len > 0 && strchr(" \t\r\n", buf->data[len - 1]) &&
           buf->data[len - 1])
        len--;
    cs_strbuf_truncate(buf, len);
}

char *cs_strbuf_take(struct cs_strbuf *buf)
{
    if (buf->status || !cs_strbuf_reserve(buf, 0)) {
        cs_strbuf_clear(buf);
        return NULL;
    }
    char *data = buf->data;
    cs_strbuf_init(buf, buf->max);
    return data;
}

void cs_strbuf_add_failure(struct cs_strbuf *buf, const struct cs_strbuf *part)
{
    if (!buf->status)
        buf->status = part->status;
}

enum cs_status cs_strbuf_status(const struct cs_strbuf *buf,
                                struct cs_error *err)
{
    if (buf->status == CS_ERR_NO_MEMORY)
        return cs_error_no_memory(err);
    if (buf->status)
        return cs_error_set(err, buf->status,
                            "the text passes the limit of %zu bytes", buf->max);
    return CS_OK;
}
