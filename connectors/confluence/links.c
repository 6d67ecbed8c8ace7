/*
 * links.c - one row for each shape of address.
 *
 * A row is a pattern over the segments of the path: a word stands for itself,
 * and a letter in braces takes a segment: {s} space key, {i} id in digits, {t}
 * title, {f} file name, {u} person, {x} code of a short link, {y} {m} {d} a
 * date. Segments beyond the pattern are allowed where it ends in "*". Shapes
 * as of Confluence Cloud in 2026 and Data Center 9.
 */
#include "connectors/confluence/links.h"

#include "src/text.h"

#include <stdlib.h>

enum { SEGMENTS_MAX = 12, URL_MAX = 8192 };

struct shape {
    const char *pattern;
    enum cs_ref_kind kind;
};

static const struct shape shapes[] = {
    {"spaces/{s}/pages/{i}*", CS_REF_PAGE},
    {"spaces/{s}/blog/{y}/{m}/{d}/{i}*", CS_REF_BLOG_POST},
    {"spaces/{s}/blog/{i}*", CS_REF_BLOG_POST},
    {"spaces/{s}/folder/{i}", CS_REF_CONTENT},
    {"spaces/{s}/overview", CS_REF_SPACE},
    {"spaces/{s}", CS_REF_SPACE},
    {"display/{s}/{y}/{m}/{d}/{t}", CS_REF_BLOG_POST},
    {"display/{s}/{t}", CS_REF_PAGE},
    {"display/~{u}", CS_REF_USER},
    {"display/{s}", CS_REF_SPACE},
    {"people/{u}", CS_REF_USER},
    {"x/{x}", CS_REF_CONTENT},
    {"download/attachments/embedded-page/{s}/{t}/{f}", CS_REF_ATTACHMENT},
    {"download/attachments/{i}/{f}", CS_REF_ATTACHMENT},
    {"download/thumbnails/{i}/{f}", CS_REF_ATTACHMENT},
    {"pages/viewpage.action", CS_REF_PAGE},
    {"spaces/viewspace.action", CS_REF_SPACE},
    {"display", CS_REF_KINDS}, /* end of table */
};

struct text {
    const char *at;
    size_t len;
};

struct address {
    struct text segments[SEGMENTS_MAX];
    size_t n;
    struct text query, anchor;
};

static int hex(char c)
{
    if (cs_ascii_is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent decoding; `plus`: '+' is a blank. What would not be UTF-8 stays as it
 * is. */
static char *decode(struct cs_arena *arena, struct text text, bool plus)
{
    char *out = cs_arena_strndup(arena, text.at, text.len);
    size_t n = 0;
    for (size_t i = 0; out && i < text.len; i++) {
        char c = text.at[i];
        if (c == '%' && i + 2 < text.len && hex(text.at[i + 1]) >= 0 &&
            hex(text.at[i + 2]) >= 0) {
            c = (char)(hex(text.at[i + 1]) * 16 + hex(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c)
            out[n++] = c;
    }
    if (out)
        out[n] = '\0';
    if (out && !cs_text_valid(out, n))
        return cs_arena_strndup(arena, text.at, text.len);
    return out;
}

/* What follows `prefix` in `url`, when a path, a query or nothing does. */
static const char *after(const char *url, const char *prefix, size_t len,
                         bool any_case)
{
    int (*compare)(const char *, const char *, size_t) =
        any_case ? strncasecmp : strncmp;
    if (compare(url, prefix, len) != 0)
        return NULL;
    return strchr("/?#", url[len]) ? url + len : NULL; /* NUL as well */
}

/* Bytes of "https://acme.example" in the address of a site; 0: it has none. */
static size_t origin_len(const char *site)
{
    const char *host = site ? strstr(site, "://") : NULL;
    size_t len = host ? (size_t)(host - site) + 3 : 0;
    return host ? len + strcspn(site + len, "/") : 0;
}

/* The part of `url` below the site; NULL when it lies elsewhere. The host may
 * be written in any case, the path of the site may not. */
static const char *below(const char *url, const char *site)
{
    size_t origin = origin_len(site);
    if (!origin)
        return NULL;
    size_t path = strlen(site) - origin;
    while (path > 0 && site[origin + path - 1] == '/')
        path--;
    if (url[0] != '/')
        url = after(url, site, origin, true);
    else if (url[1] == '/')
        return NULL;
    return url ? after(url, site + origin, path, false) : NULL;
}

/* A URL that was found below the site as an absolute one. */
static const char *complete(struct cs_arena *arena, const char *url,
                            const char *site)
{
    if (url[0] != '/')
        return cs_arena_strdup(arena, url);
    return cs_arena_printf(arena, "%.*s%s", (int)origin_len(site), site, url);
}

static void split(const char *path, struct address *address)
{
    size_t len = strcspn(path, "?#");
    const char *rest = path + len;
    *address = (struct address){.n = 0};
    if (*rest == '?') {
        address->query = (struct text){rest + 1, strcspn(rest + 1, "#")};
        rest = address->query.at + address->query.len;
    }
    if (*rest == '#')
        address->anchor = (struct text){rest + 1, strlen(rest + 1)};
    for (const char *p = path, *end = path + len; p < end;) {
        const char *slash = memchr(p, '/', (size_t)(end - p));
        size_t n = (size_t)((slash ? slash : end) - p);
        if (n && address->n < SEGMENTS_MAX)
            address->segments[address->n++] = (struct text){p, n};
        p += n + 1;
    }
}

static bool is_number(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n > 0 && n <= 20 && text[n] == '\0';
}

/* "/x/CODE" is the id in base 64, lowest byte first. */
static const char *decode_short(struct cs_arena *arena, const char *code)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t id = 0;
    uint32_t bits = 0, n_bits = 0, shift = 0;
    if (strlen(code) > 11)
        return NULL;
    for (; *code; code++) {
        const char *digit = strchr(digits, *code);
        if (!digit)
            return NULL;
        /* '-' stands for '/', the last digit, and '_' for '+' before it */
        uint32_t value = (uint32_t)(digit - digits);
        value = value == 62 ? 63 : value == 63 ? 62 : value;
        bits = bits << 6 | value;
        n_bits += 6;
        if (n_bits >= 8 && shift < 64) {
            n_bits -= 8;
            id |= (uint64_t)(bits >> n_bits & 0xff) << shift;
            shift += 8;
        }
    }
    if (n_bits && shift < 64) /* trailing 'A's are cut off */
        id |= (uint64_t)(bits << (8 - n_bits) & 0xff) << shift;
    return id ? cs_arena_printf(arena, "%llu", (unsigned long long)id) : NULL;
}

/* Put what a letter of a pattern took into the reference. */
static bool take(struct cs_arena *arena, char letter, struct text segment,
                 struct cs_ref *ref, struct text *date)
{
    char *text = decode(arena, segment, letter == 't' || letter == 'f');
    if (!text || !*text)
        return false;
    switch (letter) {
    case 's': ref->space = text; return true;
    case 't': ref->title = text; return true;
    case 'f': ref->file = text; return true;
    case 'u': ref->id = text; return true;
    case 'i': ref->id = text; return is_number(text);
    case 'x': ref->id = decode_short(arena, text); return ref->id != NULL;
    case 'y': date->at = segment.at; return is_number(text) && segment.len == 4;
    case 'm': return is_number(text) && segment.len == 2;
    case 'd':
        date->len = (size_t)(segment.at + segment.len - date->at);
        return is_number(text) && segment.len == 2;
    default: return false;
    }
}

/* One segment against one element of a pattern, which ends at '/' or '*'. */
static bool match_segment(struct cs_arena *arena, const char *element,
                          size_t len, struct text segment, struct cs_ref *ref,
                          struct text *date)
{
    const char *brace = memchr(element, '{', len);
    size_t fixed = brace ? (size_t)(brace - element) : len;
    if (segment.len < fixed || memcmp(segment.at, element, fixed) != 0)
        return false;
    if (!brace)
        return segment.len == fixed;
    segment.at += fixed;
    segment.len -= fixed;
    return take(arena, brace[1], segment, ref, date);
}

static bool match(struct cs_arena *arena, const char *pattern,
                  const struct address *address, struct cs_ref *ref)
{
    struct text date = {NULL, 0};
    size_t i = 0;
    while (*pattern && *pattern != '*') {
        size_t len = strcspn(pattern, "/*");
        if (i == address->n ||
            !match_segment(arena, pattern, len, address->segments[i++], ref,
                           &date))
            return false;
        pattern += len + (pattern[len] == '/');
    }
    if (i < address->n && *pattern != '*')
        return false;
    if (date.len)
        ref->day = cs_arena_strndup(arena, date.at, date.len);
    return true;
}

static const char *query_value(struct cs_arena *arena, struct text query,
                               const char *name)
{
    size_t len = strlen(name);
    const char *p = query.at, *end = query.len ? p + query.len : p;
    while (p < end) {
        const char *amp = memchr(p, '&', (size_t)(end - p));
        size_t n = (size_t)((amp ? amp : end) - p);
        if (n > len && p[len] == '=' && memcmp(p, name, len) == 0)
            return decode(arena, (struct text){p + len + 1, n - len - 1}, true);
        p += n + 1;
    }
    return NULL;
}

/* What the shapes with ".action" carry in their query. */
static bool add_query(struct cs_arena *arena, const struct address *address,
                      struct cs_ref *ref)
{
    const char *id = query_value(arena, address->query, "pageId");
    if (ref->id || ref->title || ref->kind == CS_REF_USER)
        return true;
    if (ref->kind == CS_REF_SPACE) {
        const char *key = query_value(arena, address->query, "key");
        ref->space = key ? key : ref->space;
        return ref->space != NULL;
    }
    if (id && is_number(id)) {
        ref->id = id;
        return true;
    }
    ref->space = query_value(arena, address->query, "spaceKey");
    ref->title = query_value(arena, address->query, "title");
    return ref->space && ref->title;
}

bool cs_link_parse(struct cs_arena *arena, const char *url,
                   const char *site_url, struct cs_ref *ret_ref)
{
    struct address address;
    if (strlen(url) > URL_MAX)
        return false;
    bool same_page = url[0] == '#' && url[1];
    const char *path = same_page ? url : below(url, site_url);
    if (!path)
        return false;
    split(path, &address);
    struct cs_ref ref = {.kind = CS_REF_SELF};
    bool found = same_page;
    for (const struct shape *shape = shapes;
         !found && shape->kind != CS_REF_KINDS; shape++) {
        ref = (struct cs_ref){.kind = shape->kind};
        found = match(arena, shape->pattern, &address, &ref) &&
                add_query(arena, &address, &ref);
    }
    if (!found || cs_arena_status(arena, NULL))
        return false;
    if (address.anchor.len)
        ref.anchor = decode(arena, address.anchor, false);
    if (!same_page)
        ref.url = complete(arena, url, site_url);
    *ret_ref = ref;
    return !cs_arena_status(arena, NULL);
}
