/*
 * markdown_chars.c - what to look for in a text before it is written: white
 * space that a reader sees or does not, entities, runs of one character.
 */
#include "src/markdown_text.h"

#include "src/text.h"

/* White space beyond ASCII begins with one of five bytes. */
size_t cs_markdown_wide_space(const char *text, size_t len, bool *ret_space)
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
            n = cs_markdown_wide_space(text + i, len - i, ret_space);
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

/* "&name;" or "&#1;" */
bool cs_markdown_is_entity(const char *text, size_t len)
{
    size_t i = 1;
    if (i < len && text[i] == '#')
        i++;
    size_t start = i;
    while (i < len && i - start < 32 && cs_ascii_is_alnum(text[i]))
        i++;
    return i > start && i < len && text[i] == ';';
}
