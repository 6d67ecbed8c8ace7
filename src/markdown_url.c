/*
 * markdown_url.c - bare URLs in a text.
 *
 * GitHub links them by itself, and what it takes for a URL is read literally:
 * a backslash that we write in one, or right behind it, would be shown.
 * Source: GitHub Flavored Markdown Spec, "Autolinks (extension)".
 */
#include "src/markdown_text.h"

#include "src/text.h"

/* Bytes of the scheme before the ':' at `at`, one that GitHub links by
 * itself; 0 for none. */
static size_t scheme_len(const char *text, size_t at)
{
    static const char *const schemes[] = {"https", "http", "ftp"};
    for (size_t i = 0; i < CS_ARRAY_LEN(schemes); i++) {
        size_t len = strlen(schemes[i]);
        if (at >= len && memcmp(text + at - len, schemes[i], len) == 0 &&
            (at == len || cs_ascii_is_digit(text[at - len - 1]) ||
             !cs_ascii_is_alnum(text[at - len - 1])))
            return len;
    }
    return 0;
}

static bool in_url(const char *text, size_t len)
{
    unsigned char c = (unsigned char)text[0];
    bool space = false;
    return c > ' ' && c != 0x7f && c != '<' && c != '>' &&
           (c < 0x80 || cs_markdown_wide_space(text, len, &space) == 0);
}

/* A URL found around a ':'. Bytes from there on. */
struct url {
    size_t len;  /* without the punctuation that belongs to the sentence */
    size_t full; /* as far as GitHub reads */
};

static struct url find_url(const char *tail, size_t left)
{
    struct url url = {0, 3};
    if (left < 4 || memcmp(tail, "://", 3) != 0 || !cs_ascii_is_alnum(tail[3]))
        return url;
    while (url.full < left && in_url(tail + url.full, left - url.full) &&
           (tail[url.full] != '&' ||
            !cs_markdown_is_entity(tail + url.full, left - url.full)))
        url.full++;
    url.len = url.full;
    while (url.len > 4 && strchr("?!.,:;'\")]}&\\", tail[url.len - 1]))
        url.len--;
    return url;
}

/* GitHub reads on to the next blank and then takes some marks off the end. A
 * URL that this would not leave whole is put between "<" and ">". */
static bool is_frail(const struct cs_markdown_scan *s, struct url url)
{
    const char *tail = s->text + s->at;
    size_t left = s->len - s->at, n = url.len;
    char after = s->context->beyond;
    bool space = false;
    if (url.full < left) {
        (void)cs_markdown_leading_space(tail + url.full, left - url.full,
                                        &space);
        after = space ? ' ' : 'x';
    }
    size_t host = 3; /* GitHub links no host with an underscore near its end */
    while (host < n && tail[host] != '/')
        host++;
    while (n < url.full && strchr("?!.,:;'\")", tail[n]))
        n++;
    return n < url.full || memchr(tail, '_', host) || !strchr(" <", after) ||
           strchr("*_~", tail[url.len - 1]) || memchr(tail, '|', n) ||
           memchr(tail, '`', n) || memchr(tail, '*', n);
}

/* "<" in front of the last `scheme` bytes; a backslash of the text that would
 * escape it is doubled. */
static void put_angle(struct cs_markdown_scan *s, size_t scheme)
{
    size_t at = s->out->len - scheme, n = 0;
    while (n < at - s->begin && s->out->data[at - n - 1] == '\\')
        n++;
    if (n % 2) {
        cs_markdown_defuse_www(s);
        at = s->out->len - scheme;
    }
    cs_strbuf_splice(s->out, at, 0, &"\\<"[n % 2 == 0], 1 + n % 2);
}

size_t cs_markdown_put_url(struct cs_markdown_scan *s)
{
    const char *tail = s->text + s->at;
    size_t scheme = s->context->in_link ? 0 : scheme_len(s->text, s->at);
    struct url url = {0, 0};
    if (scheme)
        url = find_url(tail, s->len - s->at);
    if (url.len == 0 || s->out->len < s->begin + scheme)
        return 0;
    if (!is_frail(s, url)) {
        cs_strbuf_put(s->out, tail, url.len);
        return url.len;
    }
    put_angle(s, scheme);
    for (size_t i = 0; i < url.len; i++) {
        if (tail[i] == '|' && s->context->mode == CS_MARKDOWN_CELL)
            cs_strbuf_putc(s->out, '\\');
        cs_strbuf_putc(s->out, tail[i]);
    }
    cs_strbuf_putc(s->out, '>');
    return url.len;
}

/* What put_angle() writes begins so; the text ends in a NUL. */
static bool begins_with_scheme(const char *text)
{
    return strncmp(text, "http", 4) == 0 || strncmp(text, "ftp:", 4) == 0;
}

void cs_markdown_defuse_www(struct cs_markdown_scan *s)
{
    enum { LOOK_BACK = 256 };
    const char *data = s->out->data;
    size_t end = s->out->len, start = end;
    size_t limit = end > LOOK_BACK ? end - LOOK_BACK : 0;
    limit = limit > s->begin ? limit : s->begin;
    for (; start > limit && !strchr(" \n", data[start - 1]); start--) {
        const char *close = NULL; /* of a URL in angle brackets */
        if (data[start - 1] == '<' && begins_with_scheme(data + start))
            close = memchr(data + start, '>', end - start);
        if (close) {
            start = (size_t)(close - data) + 1;
            break;
        }
    }
    for (size_t at = end; at-- > start + 3;)
        if (data[at] == '.' && memcmp(data + at - 3, "www", 3) == 0 &&
            (at == 3 || strchr("*_~( \n", data[at - 4]))) {
            cs_strbuf_splice(s->out, at, 0, "\\", 1);
            data = s->out->data;
        }
}
