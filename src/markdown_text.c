/*
 * markdown_text.c - escaping by context.
 *
 * A backslash is written only where CommonMark would otherwise read markup:
 * "2 * 3", "snake_case", "a < b", "array[0]" and "AT&T" stay as they are. Runs
 * of ordinary bytes are copied at once; only the bytes of `special` are looked
 * at, each by the rule in `rules`.
 */
#include "src/markdown_writer.h"

#include "src/text.h"

/* A text being written, and the byte looked at. */
struct scan {
    struct cs_strbuf *out;
    const char *text;
    size_t len, at;
    size_t begin; /* where in `out` it began */
    const struct cs_markdown_context *context;
};

/* White space beyond ASCII begins with one of five bytes. */
static size_t wide_space(const char *text, size_t len, bool *ret_space)
{
    unsigned char c = (unsigned char)text[0];
    if (c != 0xc2 && c != 0xe1 && c != 0xe2 && c != 0xe3 && c != 0xef)
        return 0;
    if (c == 0xe3 && (len < 3 || text[1] != '\x80'))
        return 0;
    uint32_t rune;
    size_t n = cs_text_decode(text, len, &rune);
    if (cs_rune_is_zero_width(rune) || (rune >= 0x80 && rune < 0xa0))
        return n;
    if (!cs_rune_is_space(rune))
        return 0;
    *ret_space = true;
    return n;
}

size_t cs_markdown_leading_space(const char *text, size_t len, bool *ret_space)
{
    size_t i = 0;
    while (i < len) {
        size_t n = 1;
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f) {
            if (cs_ascii_is_space(text[i]))
                *ret_space = true;
        } else {
            n = wide_space(text + i, len - i, ret_space);
        }
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

size_t cs_markdown_trailing_space(const char *text, size_t len, bool *ret_space)
{
    size_t end = len;
    while (end > 0) {
        size_t start = end - 1;
        while (start > 0 && end - start < 4 &&
               ((unsigned char)text[start] & 0xc0) == 0x80)
            start--;
        bool space = false;
        size_t n = cs_markdown_leading_space(text + start, end - start, &space);
        if (n != end - start)
            break;
        *ret_space = *ret_space || space;
        end = start;
    }
    return len - end;
}

size_t cs_markdown_longest_run(const char *text, size_t len, char c)
{
    size_t longest = 0;
    const char *end = text + len, *at = text;
    while (at < end && (at = memchr(at, c, (size_t)(end - at)))) {
        const char *p = at;
        while (p < end && *p == c)
            p++;
        if ((size_t)(p - at) > longest)
            longest = (size_t)(p - at);
        at = p;
    }
    return longest;
}

/* Neighbours */

/* The byte after this one, beyond what will not be written. */
static char next_byte(const struct scan *s)
{
    size_t at = s->at + 1;
    bool space = false;
    while (at < s->len && (unsigned char)s->text[at] >= 0xc2) {
        size_t n = wide_space(s->text + at, s->len - at, &space);
        if (n == 0 || space)
            break;
        at += n;
    }
    return at < s->len ? s->text[at] : s->context->next;
}

static bool next_is_space(const struct scan *s)
{
    char c = next_byte(s);
    if (s->at + 1 == s->len && c == '\n')
        return false; /* a hard break begins with a backslash */
    if (c == '\xc2' && s->at + 2 < s->len && s->text[s->at + 2] == '\xa0')
        return true;
    return c == '\0' || cs_ascii_is_space(c);
}

static bool prev_is_space(const struct scan *s)
{
    size_t len = s->out->len;
    return len == 0 || cs_ascii_is_space(s->out->data[len - 1]) ||
           (s->at == 0 && s->context->line_start);
}

static bool is_ascii_punct(char c)
{
    return c > ' ' && c < 0x7f && !cs_ascii_is_alnum(c);
}

static bool next_is_word(const struct scan *s)
{
    char c = next_byte(s);
    if ((unsigned char)c < 0x80 || s->at + 1 >= s->len)
        return cs_ascii_is_alnum(c);
    uint32_t rune;
    (void)cs_text_decode(s->text + s->at + 1, s->len - s->at - 1, &rune);
    return cs_rune_is_alnum(rune);
}

static bool prev_is_word(const struct scan *s)
{
    const char *data = s->out->data;
    size_t end = s->out->len, start = end;
    if (end == 0)
        return false;
    do {
        start--;
    } while (start > 0 && end - start < 4 &&
             ((unsigned char)data[start] & 0xc0) == 0x80);
    uint32_t rune;
    (void)cs_text_decode(data + start, end - start, &rune);
    return cs_rune_is_alnum(rune);
}

/* "&name;" or "&#1;" */
static bool is_entity(const char *text, size_t len)
{
    size_t i = 1;
    if (i < len && text[i] == '#')
        i++;
    size_t start = i;
    while (i < len && i - start < 32 && cs_ascii_is_alnum(text[i]))
        i++;
    return i > start && i < len && text[i] == ';';
}

/* Rules: does the byte need a backslash here? */

static bool always(const struct scan *s)
{
    (void)s;
    return true;
}

static bool backslash(const struct scan *s)
{
    char next = next_byte(s);
    return is_ascii_punct(next) || next == '\n';
}

static bool star(const struct scan *s)
{
    return !(prev_is_space(s) && next_is_space(s)) ||
           (s->at == 0 && s->context->line_start);
}

static bool underscore(const struct scan *s)
{
    if (prev_is_space(s) && next_is_space(s))
        return false;
    return !(prev_is_word(s) && next_is_word(s));
}

/* A tilde that can only open does no harm, except where another one closes. */
static bool tilde(const struct scan *s)
{
    return s->context->in_strike || next_byte(s) == '~' || !prev_is_space(s);
}

/* "[1]" is harmless. A bracket that begins a link is escaped, and so is one
 * that stays open: it would stop GitHub from linking the URLs after it, and
 * those are written without escapes. */
static bool bracket_open(const struct scan *s)
{
    enum { LOOK_AHEAD = 80 };
    if (s->context->in_link || (s->at == 0 && s->context->line_start))
        return true;
    size_t end = s->len - s->at > LOOK_AHEAD ? s->at + LOOK_AHEAD : s->len;
    for (size_t i = s->at + 1; i < end && !strchr("[:", s->text[i]); i++)
        if (s->text[i] == ']')
            return strchr("([", i + 1 < s->len ? s->text[i + 1]
                                               : s->context->next) != NULL;
    return true;
}

/* Every bracket left open was closed again without making a link. */
static bool bracket_close(const struct scan *s)
{
    return s->context->in_link;
}

static bool less(const struct scan *s)
{
    char next = next_byte(s);
    return next == '/' || next == '!' || next == '?' || next == '<' ||
           (cs_ascii_is_alnum(next) && !cs_ascii_is_digit(next));
}

static bool ampersand(const struct scan *s)
{
    return is_entity(s->text + s->at, s->len - s->at);
}

static bool bang(const struct scan *s)
{
    struct scan next = *s;
    next.at++;
    return next_byte(s) == '[' && (next.at == s->len || !bracket_open(&next));
}

static bool pipe(const struct scan *s)
{
    return s->context->mode == CS_MARKDOWN_CELL;
}

typedef bool rule_fn(const struct scan *s);

static rule_fn *const rules[128] = {
    ['\\'] = backslash,    ['`'] = always, ['*'] = star,
    ['_'] = underscore,    ['~'] = tilde,  ['['] = bracket_open,
    [']'] = bracket_close, ['<'] = less,   ['&'] = ampersand,
    ['!'] = bang,          ['|'] = pipe,
};

/* 1: a rule; 2: white space or a control; 3: may begin wide white space;
 * 4: may begin a URL. Everything else is copied. */
enum { RULE = 1, SPACE, WIDE, COLON };

/* clang-format off */
#define FOUR(n)  [(n)] = SPACE, [(n) + 1] = SPACE, [(n) + 2] = SPACE, [(n) + 3] = SPACE
static const unsigned char special[256] = {
    FOUR(0), FOUR(4), FOUR(8), FOUR(12), FOUR(16), FOUR(20), FOUR(24), FOUR(28),
    [' '] = SPACE, [0x7f] = SPACE,
    ['\\'] = RULE, ['`'] = RULE, ['*'] = RULE, ['_'] = RULE, ['~'] = RULE,
    ['['] = RULE, [']'] = RULE, ['<'] = RULE, ['&'] = RULE, ['!'] = RULE,
    ['|'] = RULE, [':'] = COLON,
    [0xc2] = WIDE, [0xe1] = WIDE, [0xe2] = WIDE, [0xe3] = WIDE, [0xef] = WIDE,
};
/* clang-format on */
#undef FOUR

/* URLs */

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
           (c < 0x80 || wide_space(text, len, &space) == 0);
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
    while (
        url.full < left && in_url(tail + url.full, left - url.full) &&
        (tail[url.full] != '&' || !is_entity(tail + url.full, left - url.full)))
        url.full++;
    url.len = url.full;
    while (url.len > 4 && strchr("?!.,:;'\")]}&\\", tail[url.len - 1]))
        url.len--;
    return url;
}

/* GitHub reads on to the next blank and then takes some marks off the end. A
 * URL that this would not leave whole is put between "<" and ">". */
static bool is_frail(const struct scan *s, struct url url)
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
    while (n < url.full && strchr("?!.,:;'\")", tail[n]))
        n++;
    return n < url.full || !strchr(" <", after) ||
           strchr("*_~", tail[url.len - 1]) || memchr(tail, '|', n) ||
           memchr(tail, '`', n) || memchr(tail, '*', n);
}

/* "<" in front of the last `scheme` bytes; a backslash of the text that would
 * escape it is doubled. */
static void put_angle(struct scan *s, size_t scheme)
{
    size_t at = s->out->len - scheme, n = 0;
    while (n < at - s->begin && s->out->data[at - n - 1] == '\\')
        n++;
    cs_strbuf_splice(s->out, at, 0, &"\\<"[n % 2 == 0], 1 + n % 2);
}

/* A URL around the ':' at which the scan stands: no markup is seen in it, so
 * nothing in it is escaped. Returns the bytes written from there on; 0 when
 * there is no URL. */
static size_t put_url(struct scan *s)
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

/* "www." begins a URL too, but one that breaks off at a backslash of ours or
 * runs into markup. Then it is better that GitHub does not link it. */
static void defuse_www(struct scan *s)
{
    enum { LOOK_BACK = 256 };
    const char *data = s->out->data;
    size_t at = s->out->len;
    size_t limit = at > LOOK_BACK ? at - LOOK_BACK : 0;
    limit = limit > s->begin ? limit : s->begin;
    while (at > limit && !strchr(" \n>", data[at - 1])) {
        at--;
        if (data[at] == '.' && at - limit >= 3 &&
            memcmp(data + at - 3, "www", 3) == 0 &&
            (at == 3 || strchr("*_~( \n", data[at - 4]))) {
            cs_strbuf_splice(s->out, at, 0, "\\", 1);
            return;
        }
    }
}

static void put_special(struct scan *s)
{
    unsigned char c = (unsigned char)s->text[s->at];
    size_t n = 1;
    switch (special[c]) {
    case RULE:
        if (rules[c](s)) {
            defuse_www(s);
            cs_strbuf_putc(s->out, '\\');
        }
        cs_strbuf_putc(s->out, (char)c);
        break;
    case COLON:
        n = put_url(s);
        if (n == 0)
            cs_strbuf_putc(s->out, ':');
        n = n ? n : 1;
        break;
    default: {
        bool space = false;
        n = cs_markdown_leading_space(s->text + s->at, s->len - s->at, &space);
        if (space)
            cs_strbuf_putc(s->out, ' ');
        if (n == 0) { /* a letter that begins like a space */
            n = 2;
            cs_strbuf_put(s->out, s->text + s->at, s->len - s->at < 2 ? 1 : 2);
        }
    }
    }
    s->at += n;
}

/* Line starts */

static size_t count(const char *text, size_t len, const char *set)
{
    size_t n = 0;
    while (n < len && text[n] && strchr(set, text[n]))
        n++;
    return n;
}

/* Where in `text`, which begins a line, a backslash is needed because a block
 * would begin; SIZE_MAX: nowhere. */
static size_t block_start(const char *text, size_t len, bool first_line,
                          char next)
{
    size_t n;
    char after;
    switch (text[0]) {
    case '#':
        n = count(text, len, "#");
        after = n < len ? text[n] : next;
        return n <= 6 && cs_ascii_is_space(after) ? 0 : SIZE_MAX;
    case '>': return 0;
    case '-':
    case '+':
        after = len > 1 ? text[1] : next;
        if (cs_ascii_is_space(after) || (!first_line && strchr("-|:", after)))
            return 0;
        return count(text, len, "- ") == len && len > 2 ? 0 : SIZE_MAX;
    case '=': return first_line ? SIZE_MAX : 0;
    case '|':
    case ':': return first_line ? SIZE_MAX : 0;
    default:
        n = count(text, len, "0123456789");
        if (n == 0 || n > 9 || n == len || !strchr(".)", text[n]))
            return SIZE_MAX;
        after = n + 1 < len ? text[n + 1] : next;
        return cs_ascii_is_space(after) ? n : SIZE_MAX;
    }
}

static void put_line_start(struct scan *s)
{
    size_t at =
        block_start(s->text, s->len, s->context->first_line, s->context->next);
    if (at == SIZE_MAX)
        return;
    cs_strbuf_put(s->out, s->text, at);
    cs_strbuf_putc(s->out, '\\');
    cs_strbuf_putc(s->out, s->text[at]);
    s->at = at + 1;
}

void cs_markdown_put_text(struct cs_strbuf *out, const char *text, size_t len,
                          const struct cs_markdown_context *context)
{
    struct scan s = {out, text, len, 0, out->len, context};
    if (context->line_start && len)
        put_line_start(&s);
    while (s.at < len) {
        size_t i = s.at;
        while (i < len && (!special[(unsigned char)text[i]] ||
                           (text[i] == ' ' && i + 1 < len &&
                            !special[(unsigned char)text[i + 1]])))
            i++;
        cs_strbuf_put(out, text + s.at, i - s.at);
        s.at = i;
        if (i < len)
            put_special(&s);
    }
    if (!strchr(" <", context->beyond))
        defuse_www(&s);
}

void cs_markdown_put_plain(struct cs_strbuf *out, const char *text, size_t len)
{
    size_t done = 0;
    for (size_t i = 0; i < len;) {
        unsigned char kind = special[(unsigned char)text[i]];
        bool space = false;
        size_t n = kind == SPACE || kind == WIDE
                       ? cs_markdown_leading_space(text + i, len - i, &space)
                       : 0;
        if (n) {
            cs_strbuf_put(out, text + done, i - done);
            if (space)
                cs_strbuf_putc(out, ' ');
            done = i + n;
        }
        i += n ? n : 1;
    }
    cs_strbuf_put(out, text + done, len - done);
}

void cs_markdown_put_html_text(struct cs_strbuf *out, const char *text,
                               size_t len)
{
    static const char *const named[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    struct cs_strbuf plain CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(out->max);
    cs_markdown_put_plain(&plain, text, len);
    for (size_t i = 0; i < plain.len; i++) {
        unsigned char c = (unsigned char)plain.data[i];
        if (c < 128 && named[c])
            cs_strbuf_puts(out, named[c]);
        else
            cs_strbuf_putc(out, (char)c);
    }
    if (plain.status && !out->status)
        out->status = plain.status;
}
