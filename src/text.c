/*
 * text.c - thin wrappers on utf8proc that never fail on bad input.
 */
#include "src/text.h"

#include <stdlib.h>
#include <utf8proc.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

size_t cs_text_decode(const char *text, size_t len, uint32_t *ret_rune)
{
    if ((unsigned char)text[0] < 0x80) { /* most of all text */
        *ret_rune = (unsigned char)text[0];
        return 1;
    }
    utf8proc_int32_t rune;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text,
                                          (utf8proc_ssize_t)len, &rune);
    if (n <= 0 || rune < 0) {
        *ret_rune = 0xfffd;
        return 1;
    }
    *ret_rune = (uint32_t)rune;
    return (size_t)n;
}

bool cs_text_valid(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if ((unsigned char)text[i] < 0x80) {
            i++;
            continue;
        }
        utf8proc_int32_t rune;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)text + i,
                             (utf8proc_ssize_t)(len - i), &rune);
        if (n <= 0)
            return false;
        i += (size_t)n;
    }
    return true;
}

void cs_text_encode(struct cs_strbuf *out, uint32_t rune)
{
    utf8proc_uint8_t bytes[4];
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
        rune = 0xfffd;
    utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)rune, bytes);
    cs_strbuf_put(out, (const char *)bytes, (size_t)n);
}

void cs_text_put_valid(struct cs_strbuf *out, const char *text, size_t len)
{
    size_t good = 0;
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(text + i, len - i, &rune);
        bool invalid = n == 1 && (unsigned char)text[i] >= 0x80;
        if (invalid) {
            cs_strbuf_put(out, text + good, i - good);
            cs_strbuf_puts(out, replacement);
            good = i + 1;
        }
        i += n;
    }
    cs_strbuf_put(out, text + good, len - good);
}

static bool all_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static void put_mapped(struct cs_strbuf *out, const char *text, size_t len,
                       utf8proc_option_t options)
{
    struct cs_strbuf valid CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(out->max);
    if (!cs_text_valid(text, len)) {
        cs_text_put_valid(&valid, text, len);
        text = valid.data;
        len = valid.len;
    }
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n =
        valid.status ? UTF8PROC_ERROR_NOMEM
                     : utf8proc_map((const utf8proc_uint8_t *)text,
                                    (utf8proc_ssize_t)len, &mapped, options);
    if (n >= 0)
        cs_strbuf_put(out, (const char *)mapped, (size_t)n);
    else if (!out->status)
        out->status = CS_ERR_NO_MEMORY;
    free(mapped);
}

void cs_text_put_nfc(struct cs_strbuf *out, const char *text, size_t len)
{
    if (all_ascii(text, len))
        cs_strbuf_put(out, text, len);
    else
        put_mapped(out, text, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

void cs_text_put_folded(struct cs_strbuf *out, const char *text, size_t len)
{
    put_mapped(out, text, len,
               UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

void cs_text_put_case(struct cs_strbuf *out, const char *text, size_t len,
                      bool upper)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        i += cs_text_decode(text + i, len - i, &rune);
        int32_t other = (int32_t)rune;
        other = upper ? utf8proc_toupper(other) : utf8proc_tolower(other);
        cs_text_encode(out, (uint32_t)other);
    }
}

static size_t rune_width(uint32_t rune)
{
    if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0))
        return 0;
    int width = utf8proc_charwidth((utf8proc_int32_t)rune);
    return width > 0 ? (size_t)width : 0;
}

size_t cs_text_width(const char *text, size_t len)
{
    size_t width = 0;
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        i += cs_text_decode(text + i, len - i, &rune);
        width += rune_width(rune);
    }
    return width;
}

/* Walk grapheme clusters until `fits` says that the next one would not. */
static size_t cut_at(const char *text, size_t len, size_t max_bytes,
                     size_t max_width)
{
    size_t border = 0, width = 0;
    utf8proc_int32_t state = 0, before = 0;
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(text + i, len - i, &rune);
        if (i > 0 && utf8proc_grapheme_break_stateful(
                         before, (utf8proc_int32_t)rune, &state))
            border = i;
        width += rune_width(rune);
        if (i + n > max_bytes || width > max_width)
            return border ? border : i;
        before = (utf8proc_int32_t)rune;
        i += n;
    }
    return len;
}

size_t cs_text_cut(const char *text, size_t len, size_t max)
{
    return len <= max ? len : cut_at(text, len, max, SIZE_MAX);
}

void cs_text_copy(char *out, size_t size, const char *text)
{
    size_t n = text ? cs_text_cut(text, strlen(text), size - 1) : 0;
    if (n)
        memcpy(out, text, n);
    out[n] = '\0';
}

size_t cs_text_cut_width(const char *text, size_t len, size_t columns)
{
    return cut_at(text, len, SIZE_MAX, columns);
}

/* U+202A..202E and U+2066..2069 reorder the text around them on a screen. */
bool cs_rune_is_unsafe(uint32_t rune)
{
    return rune < 0x20 || (rune >= 0x7f && rune < 0xa0) ||
           (rune >= 0x202a && rune <= 0x202e) ||
           (rune >= 0x2066 && rune <= 0x2069);
}

void cs_text_put_safe(struct cs_strbuf *out, const char *text, size_t len,
                      bool keep_lines)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        size_t n = cs_text_decode(text + i, len - i, &rune);
        if (rune == '\n' || rune == '\t')
            cs_strbuf_putc(out, keep_lines ? (char)rune : ' ');
        else if (rune == 0xfffd)
            cs_strbuf_puts(out, replacement);
        else if (!cs_rune_is_unsafe(rune))
            cs_strbuf_put(out, text + i, n);
        i += n;
    }
}

bool cs_rune_is_space(uint32_t rune)
{
    if (rune < 0x80)
        return cs_ascii_is_space((char)rune);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)rune);
    return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
}

/* The joiners stay: U+200D and U+200C carry meaning in emoji and in scripts
 * such as Persian. */
bool cs_rune_is_zero_width(uint32_t rune)
{
    return rune == 0x200b || rune == 0x2060 || rune == 0xfeff || rune == 0x00ad;
}

bool cs_rune_is_punct(uint32_t rune)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)rune);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO;
}

bool cs_rune_is_old_punct(uint32_t rune)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)rune);
    return category <= UTF8PROC_CATEGORY_PO
               ? cs_rune_is_punct(rune)
               : rune < 0x80 && cs_rune_is_punct(rune);
}

bool cs_rune_is_alnum(uint32_t rune)
{
    if (rune < 0x80)
        return cs_ascii_is_alnum((char)rune);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)rune);
    return (category >= UTF8PROC_CATEGORY_LU &&
            category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND &&
            category <= UTF8PROC_CATEGORY_NO);
}

bool cs_ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool cs_ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool cs_ascii_is_alnum(char c)
{
    char lower = (char)(c | 0x20);
    return cs_ascii_is_digit(c) || (lower >= 'a' && lower <= 'z');
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

int cs_ascii_casecmp(const char *a, const char *b)
{
    for (; *a && ascii_lower(*a) == ascii_lower(*b); a++)
        b++;
    return (unsigned char)ascii_lower(*a) - (unsigned char)ascii_lower(*b);
}

bool cs_str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool cs_str_ends(const char *text, const char *suffix)
{
    size_t len = strlen(text), n = strlen(suffix);
    return len >= n && strcmp(text + len - n, suffix) == 0;
}

bool cs_str_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

size_t cs_str_find(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; name && i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return n;
}

void cs_str_wipe(const char *secret)
{
    if (secret)
        explicit_bzero((char *)(uintptr_t)secret, strlen(secret));
}
