/*
 * xml_repair.c - one pass over the source, with a stack of open elements.
 *
 * What looks like a tag becomes one; everything else is text. An end tag ends
 * the nearest open element of its name and all within it. The end tag of an
 * HTML element never reaches beyond an element with a prefix, so a stray
 * "</div>" inside a macro cannot end the macro.
 */
#include "src/xml_repair.h"

#include "src/text.h"

#include <stdlib.h>

enum { ATTRS_MAX = 64, SEARCH_MAX = 100 };

struct span {
    const char *at;
    size_t len;
};

struct repair {
    struct cs_strbuf *out;
    const char *at, *end;
    struct span *open;
    size_t n_open, cap_open;
    unsigned *flaws;
    bool unended[3]; /* by row of `silent`: no end lies ahead */
};

/* Elements of HTML that are never closed. */
static const char *const voids[] = {"area",   "base",  "br",    "col",  "embed",
                                    "hr",     "img",   "input", "link", "meta",
                                    "source", "track", "wbr"};
/* Elements that a second one of the same name ends. */
static const char *const selfish[] = {"dd", "dt", "li", "option",
                                      "p",  "td", "th", "tr"};

static bool is_one_of(struct span name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i]) == name.len &&
            memcmp(list[i], name.at, name.len) == 0)
            return true;
    return false;
}

static bool same(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static bool is_name_start(char c)
{
    return c == '_' || (cs_ascii_is_alnum(c) && !cs_ascii_is_digit(c));
}

static bool is_name_char(char c)
{
    return cs_ascii_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
}

static struct span read_name(const char *at, const char *end)
{
    const char *p = at;
    if (p < end && is_name_start(*p))
        while (p < end && is_name_char(*p))
            p++;
    return (struct span){at, (size_t)(p - at)};
}

/* Characters */

/* The characters that XML allows. */
static bool is_allowed(uint32_t code)
{
    return code == 9 || code == 10 || code == 13 ||
           (code >= 0x20 && code < 0xd800) ||
           (code > 0xdfff && code < 0xfffe) ||
           (code > 0xffff && code <= 0x10ffff);
}

/* Behind the number of a reference, which `at` holds behind "&#"; NULL when it
 * is none, or one of a character that is not allowed. */
static const char *skip_number(const char *at, const char *end)
{
    bool hex = at < end && (*at == 'x' || *at == 'X');
    uint32_t code = 0, base = hex ? 16 : 10;
    const char *digits = hex ? at + 1 : at, *p = digits;
    for (; p < end && p - digits < 8 && cs_ascii_is_alnum(*p); p++) {
        char c = (char)(*p | 0x20);
        uint32_t v =
            (uint32_t)(cs_ascii_is_digit(*p) ? *p - '0' : c - 'a' + 10);
        if (v >= base)
            return NULL;
        code = code * base + v;
    }
    return p > digits && is_allowed(code) ? p : NULL;
}

/* Length of a good reference at `at`, which holds '&'; 0 when it is text. */
static size_t reference_len(const char *at, const char *end)
{
    const char *p = at + 1;
    if (p < end && *p == '#') {
        p = skip_number(p + 1, end);
        if (!p)
            return 0;
    } else {
        struct span name = read_name(p, end);
        p += name.len;
        if (name.len == 0 || memchr(name.at, ':', name.len))
            return 0;
    }
    return p < end && *p == ';' ? (size_t)(p - at) + 1 : 0;
}

/* U+FFFE and U+FFFF are the only ones beyond ASCII that XML forbids. */
static size_t forbidden_len(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if (c < 0x20)
        return c != '\t' && c != '\n' && c != '\r';
    return end - at >= 3 && (memcmp(at, "\xef\xbf\xbe", 3) == 0 ||
                             memcmp(at, "\xef\xbf\xbf", 3) == 0)
               ? 3
               : 0;
}

/* One character of text or of an attribute's value. */
static const char *put_char(struct repair *r, const char *at, const char *end)
{
    size_t forbidden = forbidden_len(at, end);
    if (forbidden) {
        r->flaws[CS_XML_FORBIDDEN_CHARACTER]++;
        return at + forbidden;
    }
    if (*at == '&') {
        size_t n = reference_len(at, end);
        if (n) {
            cs_strbuf_put(r->out, at, n);
            return at + n;
        }
        r->flaws[CS_XML_BARE_CHARACTER]++;
    }
    switch (*at) {
    case '&': cs_strbuf_puts(r->out, "&amp;"); break;
    case '<': cs_strbuf_puts(r->out, "&lt;"); break;
    case '>': cs_strbuf_puts(r->out, "&gt;"); break;
    case '"': cs_strbuf_puts(r->out, "&quot;"); break;
    default: cs_strbuf_putc(r->out, *at);
    }
    return at + 1;
}

static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' && c != '\xef' && !strchr("&<>\"", c);
}

static const char *put_run(struct repair *r, const char *at, const char *end)
{
    const char *p = at;
    while (p < end && is_plain(*p))
        p++;
    cs_strbuf_put(r->out, at, (size_t)(p - at));
    return p > at ? p : put_char(r, at, end);
}

static void put_text(struct repair *r, const char *at, const char *end)
{
    while (at < end)
        at = put_run(r, at, end);
}

/* Tags */

static void push(struct repair *r, struct span name)
{
    if (r->n_open == r->cap_open) {
        size_t cap = r->cap_open ? r->cap_open * 2 : 64;
        struct span *open = realloc(r->open, cap * sizeof(*open));
        if (!open) {
            r->out->status = CS_ERR_NO_MEMORY;
            return;
        }
        r->open = open;
        r->cap_open = cap;
    }
    r->open[r->n_open++] = name;
}

static void pop(struct repair *r)
{
    struct span name = r->open[--r->n_open];
    cs_strbuf_puts(r->out, "</");
    cs_strbuf_put(r->out, name.at, name.len);
    cs_strbuf_putc(r->out, '>');
}

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && cs_ascii_is_space(*p))
        p++;
    return p;
}

/* An attribute's value, quoted or not; `*p` moves behind it. A quote that is
 * not closed before the next '<' gives a NULL: so no text is swallowed, and
 * no byte is looked at by two tags. */
static struct span read_value(const char **p, const char *end)
{
    struct span value = {*p, 0};
    char quote = *p < end && (**p == '"' || **p == '\'') ? **p : '\0';
    const char *at = *p + (quote != '\0');
    value.at = at;
    if (quote) {
        while (at < end && *at != quote && *at != '<')
            at++;
        if (at == end || *at == '<')
            return (struct span){NULL, 0};
        *p = at + 1;
    } else {
        while (at < end && !cs_ascii_is_space(*at) && !strchr("<>", *at))
            at++;
        *p = at;
    }
    value.len = (size_t)(at - value.at);
    return value;
}

struct attr {
    struct span name, value;
};

struct tag {
    struct span name;
    struct attr attrs[ATTRS_MAX];
    size_t n;
    bool closed;     /* ends in "/>" */
    unsigned flaws;  /* of its attributes */
    const char *end; /* behind the '>' */
};

static void keep_attr(struct tag *tag, struct attr attr)
{
    size_t i = 0;
    while (i < tag->n && !same(tag->attrs[i].name, attr.name))
        i++;
    if (i < tag->n || tag->n == ATTRS_MAX)
        tag->flaws++;
    else
        tag->attrs[tag->n++] = attr;
}

/* The start tag at `at`, which holds '<'. False: this is no tag but text. */
static bool read_tag(const char *at, const char *end, struct tag *tag)
{
    tag->name = read_name(at + 1, end);
    tag->n = 0;
    tag->flaws = 0;
    if (tag->name.len == 0)
        return false;
    const char *p = tag->name.at + tag->name.len;
    for (;;) {
        p = skip_space(p, end);
        if (p == end || *p == '<')
            return false;
        tag->closed = *p == '/' && end - p > 1 && p[1] == '>';
        if (tag->closed || *p == '>') {
            tag->end = p + 1 + tag->closed;
            return true;
        }
        struct attr attr = {.name = read_name(p, end)};
        if (attr.name.len == 0) {
            p++;
            tag->flaws++;
            continue;
        }
        p = skip_space(p + attr.name.len, end);
        if (p < end && *p == '=') {
            p = skip_space(p + 1, end);
            attr.value = read_value(&p, end);
            if (!attr.value.at)
                return false;
        } else {
            tag->flaws++;
        }
        keep_attr(tag, attr);
    }
}

static void put_start(struct repair *r, const struct tag *tag)
{
    r->flaws[CS_XML_BAD_ATTRIBUTE] += tag->flaws;
    if (r->n_open && same(r->open[r->n_open - 1], tag->name) &&
        is_one_of(tag->name, selfish, CS_ARRAY_LEN(selfish))) {
        pop(r);
        r->flaws[CS_XML_UNCLOSED_TAG]++;
    }
    cs_strbuf_putc(r->out, '<');
    cs_strbuf_put(r->out, tag->name.at, tag->name.len);
    for (size_t i = 0; i < tag->n; i++) {
        cs_strbuf_putc(r->out, ' ');
        cs_strbuf_put(r->out, tag->attrs[i].name.at, tag->attrs[i].name.len);
        cs_strbuf_puts(r->out, "=\"");
        struct span value = tag->attrs[i].value;
        if (value.len)
            put_text(r, value.at, value.at + value.len);
        cs_strbuf_putc(r->out, '"');
    }
    bool is_void = is_one_of(tag->name, voids, CS_ARRAY_LEN(voids));
    cs_strbuf_puts(r->out, tag->closed || is_void ? "/>" : ">");
    if (is_void && !tag->closed)
        r->flaws[CS_XML_UNCLOSED_TAG]++;
    else if (!tag->closed)
        push(r, tag->name);
}

/* How many elements the end tag ends, itself included; 0: it is a stray. */
static size_t ends(const struct repair *r, struct span name)
{
    bool prefixed = memchr(name.at, ':', name.len);
    for (size_t i = 1; i <= r->n_open && i <= SEARCH_MAX; i++) {
        struct span open = r->open[r->n_open - i];
        if (same(open, name))
            return i;
        if (!prefixed && memchr(open.at, ':', open.len))
            return 0;
    }
    return 0;
}

static bool take_end_tag(struct repair *r)
{
    struct span name = read_name(r->at + 2, r->end);
    const char *p = skip_space(name.at + name.len, r->end);
    if (name.len == 0 || p == r->end || *p != '>')
        return false;
    size_t n = ends(r, name);
    if (n == 0)
        r->flaws[CS_XML_STRAY_END_TAG]++;
    else
        r->flaws[CS_XML_UNCLOSED_TAG] += (unsigned)n - 1;
    while (n--)
        pop(r);
    r->at = p + 1;
    return true;
}

/* Sections */

static const char *find(const char *at, const char *end, const char *what)
{
    return memmem(at, (size_t)(end - at), what, strlen(what));
}

/* A section that is not ended ends where its body does. */
static void take_cdata(struct repair *r)
{
    const char *body = r->at + strlen("<![CDATA[");
    const char *close = find(body, r->end, "]]>");
    r->at = close ? close + 3 : r->end;
    if (!close) {
        r->flaws[CS_XML_UNCLOSED_SECTION]++;
        close = find(body, r->end, "</ac:plain-text-");
        r->at = close = close ? close : r->end;
    }
    put_text(r, body, close);
}

static const struct {
    const char *from, *to;
} silent[] = {{"<!--", "-->"}, {"<?", "?>"}, {"<!", ">"}};

/* Comments, instructions and document types; false: none of these. */
static bool take_silent(struct repair *r)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(silent); i++) {
        size_t n = strlen(silent[i].from);
        if ((size_t)(r->end - r->at) < n ||
            memcmp(r->at, silent[i].from, n) != 0)
            continue;
        if (r->unended[i])
            return false;
        const char *close = find(r->at + n, r->end, silent[i].to);
        r->unended[i] = !close;
        if (close)
            r->at = close + strlen(silent[i].to);
        return close != NULL;
    }
    return false;
}

/* At a '<'. */
static void take_markup(struct repair *r)
{
    struct tag tag;
    size_t left = (size_t)(r->end - r->at);
    if (left > 9 && memcmp(r->at, "<![CDATA[", 9) == 0) {
        take_cdata(r);
    } else if ((left > 2 && r->at[1] == '/' && take_end_tag(r)) ||
               take_silent(r)) {
        return;
    } else if (read_tag(r->at, r->end, &tag)) {
        put_start(r, &tag);
        r->at = tag.end;
    } else {
        r->flaws[CS_XML_BARE_CHARACTER]++;
        r->at = put_char(r, r->at, r->end);
    }
}

void cs_xml_repair(struct cs_strbuf *out, const char *source, size_t len,
                   unsigned flaws[CS_XML_FLAWS])
{
    struct cs_strbuf valid CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(out->max);
    struct repair r = {
        .out = out, .at = source, .end = source + len, .flaws = flaws};
    if (!cs_text_valid(source, len)) {
        cs_text_put_valid(&valid, source, len);
        r.at = valid.data;
        r.end = valid.data + valid.len;
        flaws[CS_XML_BAD_ENCODING]++;
    }
    while (r.at < r.end && !out->status) {
        if (*r.at == '<')
            take_markup(&r);
        else
            r.at = put_run(&r, r.at, r.end);
    }
    flaws[CS_XML_UNCLOSED_TAG] += (unsigned)r.n_open;
    while (r.n_open && !out->status)
        pop(&r);
    free(r.open);
}
