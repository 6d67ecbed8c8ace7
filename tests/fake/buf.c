/*
 * Growable bytes, JSON writing and ISO 8601 times; see buf.h.
 */
#include "tests/fake/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void out_of_memory(void)
{
    fputs("cs-fake-confluence: out of memory\n", stderr);
    exit(70);
}

void *fk_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *fk_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

char *fk_strdup(const char *text)
{
    size_t n;
    char *copy;

    if (!text)
        return NULL;
    n = strlen(text) + 1;
    copy = fk_alloc(n);
    memcpy(copy, text, n);
    return copy;
}

void fk_buf_clear(struct fk_buf *b)
{
    free(b->data);
    *b = (struct fk_buf){0};
}

static char *buf_room(struct fk_buf *b, size_t n)
{
    if (b->cap - b->len < n + 1) {
        size_t cap = b->cap ? b->cap * 2 : 1024;

        while (cap - b->len < n + 1)
            cap *= 2;
        b->data = fk_realloc(b->data, cap);
        b->cap = cap;
    }
    return b->data + b->len;
}

void fk_buf_add(struct fk_buf *b, const void *data, size_t n)
{
    char *at = buf_room(b, n);

    if (n)
        memcpy(at, data, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void fk_buf_str(struct fk_buf *b, const char *text)
{
    fk_buf_add(b, text, strlen(text));
}

void fk_buf_fmt(struct fk_buf *b, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    char *at = buf_room(b, (size_t)n + 1);
    va_start(ap, fmt);
    (void)vsnprintf(at, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

void fk_buf_urlenc(struct fk_buf *b, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text; text++) {
        if (strchr(plain, *text))
            fk_buf_add(b, text, 1);
        else
            fk_buf_fmt(b, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

char *fk_buf_take(struct fk_buf *b)
{
    char *data = b->data ? b->data : fk_strdup("");

    *b = (struct fk_buf){0};
    return data;
}

static void escape_byte(struct fk_buf *b, unsigned char c)
{
    static const char names[] = "btn\0fr";

    if (c == '"' || c == '\\')
        fk_buf_add(b, (char[]){'\\', (char)c}, 2);
    else if (c >= 8 && c <= 13 && c != 11)
        fk_buf_add(b, (char[]){'\\', names[c - 8]}, 2);
    else
        fk_buf_fmt(b, "\\u%04x", c);
}

void fk_json_escape(struct fk_buf *b, const char *text, size_t n)
{
    size_t start = 0;

    (void)buf_room(b, n + n / 16);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        fk_buf_add(b, text + start, i - start);
        escape_byte(b, c);
        start = i + 1;
    }
    fk_buf_add(b, text + start, n - start);
}

static void comma(struct fk_buf *b)
{
    if (b->len && !strchr("{[:", b->data[b->len - 1]))
        fk_buf_add(b, ",", 1);
}

void fk_json_open(struct fk_buf *b, char c)
{
    comma(b);
    fk_buf_add(b, &c, 1);
}

void fk_json_close(struct fk_buf *b, char c)
{
    fk_buf_add(b, &c, 1);
}

void fk_json_key(struct fk_buf *b, const char *key)
{
    comma(b);
    fk_buf_add(b, "\"", 1);
    fk_buf_str(b, key);
    fk_buf_add(b, "\":", 2);
}

void fk_json_str(struct fk_buf *b, const char *text)
{
    comma(b);
    if (!text) {
        fk_buf_add(b, "null", 4);
        return;
    }
    fk_buf_add(b, "\"", 1);
    fk_json_escape(b, text, strlen(text));
    fk_buf_add(b, "\"", 1);
}

void fk_json_raw(struct fk_buf *b, const char *text)
{
    comma(b);
    fk_buf_str(b, text);
}

void fk_json_kstr(struct fk_buf *b, const char *key, const char *text)
{
    fk_json_key(b, key);
    fk_json_str(b, text);
}

void fk_json_kint(struct fk_buf *b, const char *key, int64_t value)
{
    fk_json_key(b, key);
    fk_buf_fmt(b, "%lld", (long long)value);
}

void fk_json_kid(struct fk_buf *b, const char *key, uint64_t id)
{
    fk_json_key(b, key);
    if (id)
        fk_buf_fmt(b, "\"%llu\"", (unsigned long long)id);
    else
        fk_buf_add(b, "null", 4);
}

void fk_json_kbool(struct fk_buf *b, const char *key, bool value)
{
    fk_json_key(b, key);
    fk_buf_str(b, value ? "true" : "false");
}

void fk_json_ktime(struct fk_buf *b, const char *key, int64_t ms)
{
    char text[32];

    fk_time_format(ms, text);
    fk_json_kstr(b, key, text);
}

void fk_time_format(int64_t ms, char out[32])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    size_t n;

    gmtime_r(&seconds, &tm);
    n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(out + n, 32 - n, ".%03uZ", (unsigned)(ms % 1000) % 1000u);
}

int64_t fk_time_parse(const char *text)
{
    struct tm tm = {0};
    unsigned millis = 0;
    const char *rest;

    rest = text ? strptime(text, "%Y-%m-%d", &tm) : NULL;
    if (!rest)
        return -1;
    if (*rest == 'T') {
        rest = strptime(rest, "T%H:%M:%S", &tm);
        if (!rest)
            return -1;
        if (*rest == '.')
            millis = (unsigned)strtoul(rest + 1, NULL, 10) % 1000;
    }
    return (int64_t)timegm(&tm) * 1000 + (int64_t)millis;
}

/* How far the server's clock is ahead of the machine's. */
static _Atomic int64_t ahead_ms;

void fk_time_ahead(int64_t ms)
{
    ahead_ms = ms;
}

int64_t fk_time_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + ahead_ms;
}
