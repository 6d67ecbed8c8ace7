/*
 * markdown_text.c - escaping by context.
 *
 * A backslash is written only where CommonMark would otherwise read markup:
 * "2 * 3", "snake_case", "a < b", "array[0]" and "AT&T" stay as they are. Runs
 * of ordinary bytes are copied at once; only the bytes of `special` are looked
 * at, each by the rule in `rules`.
 */
#include "src/markdown_text.h"

#include "src/text.h"

/* Neighbours */

/* The byte after this one, beyond what will not be written. */
static char next_byte(const struct cs_markdown_scan *s)
{
    size_t at = s->at + 1;
    bool space = false;
    while (at < s->len && (unsigned char)s->text[at] >= 0xc2) {
        size_t n = cs_markdown_wide_space(s->text + at, s->len - at, &space);
        if (n == 0 || space)
            break;
        at += n;
    }
    return at < s->len ? s->text[at] : s->context->next;
}

static bool next_is_space(const struct cs_markdown_scan *s)
{
    char c = next_byte(s);
    if (s->at + 1 == s->len && c == '\n')
        return false; /* a hard break begins with a backslash */
    if (c == '\xc2' && s->at + 2 < s->len && s->text[s->at + 2] == '\xa0')
        return true;
    return c == '\0' || cs_ascii_is_space(c);
}

static bool prev_is_space(const struct cs_markdown_scan *s)
{
    size_t len = s->out->len;
    return len == 0 || cs_ascii_is_space(s->out->data[len - 1]) ||
           (s->at == 0 && s->context->line_start);
}

static bool is_ascii_punct(char c)
{
    return c > ' ' && c < 0x7f && !cs_ascii_is_alnum(c);
}

static bool next_is_word(const struct cs_markdown_scan *s)
{
    char c = next_byte(s);
    if ((unsigned char)c < 0x80 || s->at + 1 >= s->len)
        return cs_ascii_is_alnum(c);
    uint32_t rune;
    (void)cs_text_decode(s->text + s->at + 1, s->len - s->at - 1, &rune);
    return cs_rune_is_alnum(rune);
}

static bool prev_is_word(const struct cs_markdown_scan *s)
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

/* Rules: does the byte need a backslash here? */

static bool always(const struct cs_markdown_scan *s)
{
    (void)s;
    return true;
}

static bool backslash(const struct cs_markdown_scan *s)
{
    char next = next_byte(s);
    return is_ascii_punct(next) || next == '\n';
}

static bool star(const struct cs_markdown_scan *s)
{
    return !(prev_is_space(s) && next_is_space(s)) ||
           (s->at == 0 && s->context->line_start);
}

static bool underscore(const struct cs_markdown_scan *s)
{
    if (prev_is_space(s) && next_is_space(s))
        return false;
    return !(prev_is_word(s) && next_is_word(s));
}

/* A tilde that can only open does no harm, except where another one closes, or
 * beside an asterisk, since GitHub looks beyond it for what that one is. */
static bool tilde(const struct cs_markdown_scan *s)
{
    char next = next_byte(s);
    return s->context->strikes || next == '~' || next == '*' ||
           !prev_is_space(s);
}

/* "[1]" is harmless. A bracket that begins a link is escaped, and so is one
 * that stays open: it would stop GitHub from linking the URLs after it, and
 * those are written without escapes. */
static bool bracket_open(const struct cs_markdown_scan *s)
{
    enum { LOOK_AHEAD = 80 };
    if (s->context->in_link || (s->at == 0 && s->context->line_start))
        return true;
    if (next_byte(s) == '^')
        return true; /* a footnote */
    size_t end = s->len - s->at > LOOK_AHEAD ? s->at + LOOK_AHEAD : s->len;
    for (size_t i = s->at + 1; i < end && !strchr("[:", s->text[i]); i++)
        if (s->text[i] == ']')
            return strchr("([", i + 1 < s->len ? s->text[i + 1]
                                               : s->context->next) != NULL;
    return true;
}

/* Every bracket left open was closed again without making a link. */
static bool bracket_close(const struct cs_markdown_scan *s)
{
    return s->context->in_link;
}

static bool less(const struct cs_markdown_scan *s)
{
    char next = next_byte(s);
    return next == '/' || next == '!' || next == '?' || next == '<' ||
           (cs_ascii_is_alnum(next) && !cs_ascii_is_digit(next));
}

static bool ampersand(const struct cs_markdown_scan *s)
{
    return cs_markdown_is_entity(s->text + s->at, s->len - s->at);
}

static bool bang(const struct cs_markdown_scan *s)
{
    return s->at + 1 == s->len && s->context->next == '[';
}

static bool pipe(const struct cs_markdown_scan *s)
{
    return s->context->mode == CS_MARKDOWN_CELL;
}

typedef bool rule_fn(const struct cs_markdown_scan *s);

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
#define TWO(n)  [(n)] = SPACE, [(n) + 1] = SPACE
#define FOUR(n) TWO(n), TWO((n) + 2)
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
#undef TWO

static void put_special(struct cs_markdown_scan *s)
{
    unsigned char c = (unsigned char)s->text[s->at];
    size_t n = 1;
    switch (special[c]) {
    case RULE:
        if (rules[c](s)) {
            cs_markdown_defuse_www(s);
            cs_strbuf_putc(s->out, '\\');
        }
        cs_strbuf_putc(s->out, (char)c);
        break;
    case COLON:
        n = cs_markdown_put_url(s);
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
    case '=':
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

static void put_line_start(struct cs_markdown_scan *s)
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
    struct cs_markdown_scan s = {out, text, len, 0, out->len, context};
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
        cs_markdown_defuse_www(&s);
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
