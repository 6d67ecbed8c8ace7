/*
 * part.c - lines are counted, headings are compared by letters and digits.
 */
#include "cli/part.h"

#include "src/text.h"

#include <stdlib.h>

bool cs_part_is_lines(const char *text)
{
    size_t digits = text[0] == ':' ? strspn(text + 1, "0123456789") : 0;
    if (digits == 0 || digits > 9)
        return false;
    const char *rest = text + 1 + digits;
    if (*rest == '\0')
        return true;
    size_t more = *rest == '-' ? strspn(rest + 1, "0123456789") : 0;
    return more > 0 && more <= 9 && rest[1 + more] == '\0';
}

/* One line of a text, and where it stands. */
struct line {
    const char *start;
    size_t len; /* without its end */
    size_t number;
};

static bool next_line(const char *text, size_t len, struct line *line)
{
    const char *end = text + len;
    const char *start = line->start ? line->start + line->len + 1 : text;
    if (start >= end)
        return false;
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    line->start = start;
    line->len = (size_t)((stop ? stop : end) - start);
    line->number++;
    return true;
}

/* The level of an ATX heading, 0 for any other line. */
static size_t heading_level(const struct line *line)
{
    size_t level = 0;
    while (level < line->len && level < 7 && line->start[level] == '#')
        level++;
    bool heading = level > 0 && level < 7 &&
                   (level == line->len || line->start[level] == ' ');
    return heading ? level : 0;
}

/* The length of the fence that a line opens or closes, 0 for none. */
static size_t fence_length(const struct line *line, char *ret_sign)
{
    size_t blanks = 0, n = 0;
    while (blanks < line->len && line->start[blanks] == ' ')
        blanks++;
    char sign = blanks < line->len ? line->start[blanks] : '\0';
    if (blanks > 3 || (sign != '`' && sign != '~'))
        return 0;
    while (blanks + n < line->len && line->start[blanks + n] == sign)
        n++;
    *ret_sign = sign;
    return n >= 3 ? n : 0;
}

/* Letters and digits only, folded: how two headings are compared. */
static void put_bare(const char *text, size_t len, struct cs_strbuf *out)
{
    struct cs_strbuf folded CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_text_put_folded(&folded, text, len);
    for (size_t at = 0; at < folded.len;) {
        uint32_t rune;
        size_t n = cs_text_decode(folded.data + at, folded.len - at, &rune);
        if (cs_rune_is_alnum(rune))
            cs_strbuf_put(out, folded.data + at, n);
        at += n;
    }
}

static bool same_heading(const struct line *line, size_t level,
                         const struct cs_strbuf *wanted)
{
    struct cs_strbuf bare CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    put_bare(line->start + level, line->len - level, &bare);
    return bare.len == wanted->len &&
           memcmp(bare.data, wanted->data, bare.len) == 0;
}

/* The section under the heading that comes after `skip` others of its text. */
static bool find_section(const char *markdown, size_t len,
                         const struct cs_strbuf *wanted, size_t skip,
                         struct cs_part *ret)
{
    struct line line = {0};
    size_t inside = 0, fence = 0; /* level of the section; open fence */
    char sign = '\0', open = '\0';
    while (next_line(markdown, len, &line)) {
        size_t ticks = fence_length(&line, &sign);
        if (fence > 0) {
            fence = ticks >= fence && sign == open ? 0 : fence;
        } else if (ticks > 0) {
            fence = ticks;
            open = sign;
        }
        size_t level = fence > 0 ? 0 : heading_level(&line);
        if (inside > 0 && level > 0 && level <= inside)
            break;
        if (inside == 0 && level > 0 && same_heading(&line, level, wanted) &&
            skip-- == 0) {
            inside = level;
            ret->at = (size_t)(line.start - markdown);
            ret->first = line.number;
        }
        ret->last = line.number;
        ret->len = (size_t)(line.start - markdown) + line.len - ret->at;
    }
    return inside > 0;
}

/* The number behind the anchor of a heading that came before ("steps-2"), and
 * where it stands; 0: there is none. */
static size_t anchor_number(const char *heading, size_t *ret_len)
{
    size_t len = strlen(heading), at = len;
    while (at > 0 && cs_ascii_is_digit(heading[at - 1]))
        at--;
    if (at == len || at < 2 || len - at > 6 || heading[at - 1] != '-')
        return 0;
    *ret_len = at - 1;
    return strtoul(heading + at, NULL, 10);
}

static enum cs_status find_heading(const char *markdown, size_t len,
                                   const char *heading, struct cs_part *ret,
                                   struct cs_error *err)
{
    struct cs_strbuf wanted CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    size_t bare = 0, number = anchor_number(heading, &bare);
    put_bare(heading, strlen(heading), &wanted);
    if (find_section(markdown, len, &wanted, 0, ret))
        return CS_OK;
    cs_strbuf_reset(&wanted);
    put_bare(heading, bare, &wanted);
    *ret = (struct cs_part){0};
    if (number > 0 && find_section(markdown, len, &wanted, number, ret))
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_NOT_FOUND, "there is no heading \"%.80s\"",
                       heading);
    cs_error_hint(err, "leave it out to see the whole document");
    return CS_ERR_NOT_FOUND;
}

static enum cs_status find_lines(const char *markdown, size_t len, size_t head,
                                 const char *text, struct cs_part *ret,
                                 struct cs_error *err)
{
    char *rest;
    size_t first = strtoul(text + 1, &rest, 10);
    size_t last = *rest == '-' ? strtoul(rest + 1, NULL, 10) : first;
    struct line line = {.number = head};
    bool any = false;
    while (next_line(markdown, len, &line) && line.number <= last) {
        if (line.number < first)
            continue;
        if (!any) {
            ret->at = (size_t)(line.start - markdown);
            ret->first = line.number;
        }
        any = true;
        ret->last = line.number;
        ret->len = (size_t)(line.start - markdown) + line.len - ret->at;
    }
    if (any)
        return CS_OK;
    (void)cs_error_set(err, CS_ERR_NOT_FOUND, "there are no lines %s",
                       text + 1);
    cs_error_hint(err, "the text begins at line %zu", head + 1);
    return CS_ERR_NOT_FOUND;
}

static size_t count_lines(const char *text, size_t len)
{
    struct line line = {0};
    while (next_line(text, len, &line))
        continue;
    return line.number;
}

enum cs_status cs_part_find(const char *markdown, size_t len, size_t head,
                            const char *text, struct cs_part *ret,
                            struct cs_error *err)
{
    struct cs_part part = {.len = len,
                           .first = head + 1,
                           .last = head + count_lines(markdown, len)};
    enum cs_status status = CS_OK;
    if (text[0] == '#') {
        part = (struct cs_part){0};
        status = find_heading(markdown, len, text + 1, &part, err);
        part.first += head;
        part.last += head;
    } else if (text[0] == ':') {
        status = find_lines(markdown, len, head, text, &part, err);
    }
    if (status != CS_OK)
        return status;
    /* A part ends with its line, as files do. */
    if (part.at + part.len < len && markdown[part.at + part.len] == '\n')
        part.len++;
    *ret = part;
    return CS_OK;
}
