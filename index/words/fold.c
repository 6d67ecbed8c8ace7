/*
 * fold.c - on utf8proc, which knows categories and normal forms. Scripts are
 * not among what it knows: here are the few that splitting tells apart.
 */
#include "index/words/fold.h"

#include "src/text.h"

#include <utf8proc.h>

#define S CS_CHAR_SEPARATOR
#define L CS_CHAR_LOWER
#define U CS_CHAR_UPPER
#define D CS_CHAR_DIGIT
const uint8_t cs_char_ascii[128] = {
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S, /* control */
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S,
    S, /* control */
    S,
    S,
    S,
    CS_CHAR_HASH,
    S,
    S,
    S,
    CS_CHAR_APOSTROPHE, /* blank ! " # */
    S,
    S,
    S,
    CS_CHAR_PLUS,
    S,
    CS_CHAR_HYPHEN,
    CS_CHAR_DOT,
    S, /* ( ) * + */
    D,
    D,
    D,
    D,
    D,
    D,
    D,
    D,
    D,
    D,
    S,
    S,
    S,
    S,
    S,
    S, /* 0 to ? */
    S,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U, /* @ A */
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    U,
    S,
    CS_CHAR_BACKSLASH,
    S,
    S,
    CS_CHAR_UNDERSCORE, /* P to _ */
    S,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L, /* ` a */
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    L,
    S,
    S,
    S,
    S,
    S, /* p to DEL */
};
#undef S
#undef L
#undef U
#undef D

struct range {
    uint32_t first, last;
    uint8_t script;
};

/* Ordered. Letters of none of these are of another script. */
static const struct range scripts[] = {
    {0x00AA, 0x00B4, CS_SCRIPT_LATIN},    {0x00B5, 0x00B5, CS_SCRIPT_GREEK},
    {0x00B6, 0x02FF, CS_SCRIPT_LATIN},    {0x0370, 0x03FF, CS_SCRIPT_GREEK},
    {0x0400, 0x052F, CS_SCRIPT_CYRILLIC}, {0x0E01, 0x0E5B, CS_SCRIPT_THAI},
    {0x0E80, 0x0EFF, CS_SCRIPT_LAO},      {0x1000, 0x109F, CS_SCRIPT_BURMESE},
    {0x1100, 0x11FF, CS_SCRIPT_HANGUL},   {0x1780, 0x17FF, CS_SCRIPT_KHMER},
    {0x1C80, 0x1C8F, CS_SCRIPT_CYRILLIC}, {0x1D00, 0x1D25, CS_SCRIPT_LATIN},
    {0x1D2C, 0x1DBF, CS_SCRIPT_LATIN},    {0x1E00, 0x1EFF, CS_SCRIPT_LATIN},
    {0x1F00, 0x1FFF, CS_SCRIPT_GREEK},    {0x2070, 0x209C, CS_SCRIPT_LATIN},
    {0x2100, 0x2125, CS_SCRIPT_LATIN},    {0x2126, 0x2126, CS_SCRIPT_GREEK},
    {0x2127, 0x218F, CS_SCRIPT_LATIN},    {0x2C60, 0x2C7F, CS_SCRIPT_LATIN},
    {0x3005, 0x3007, CS_SCRIPT_HAN},      {0x3021, 0x3130, CS_SCRIPT_HAN},
    {0x3131, 0x318F, CS_SCRIPT_HANGUL},   {0x31A0, 0x31FF, CS_SCRIPT_HAN},
    {0x3400, 0x4DBF, CS_SCRIPT_HAN},      {0x4E00, 0x9FFF, CS_SCRIPT_HAN},
    {0xA640, 0xA69F, CS_SCRIPT_CYRILLIC}, {0xA720, 0xA7FF, CS_SCRIPT_LATIN},
    {0xA960, 0xA97F, CS_SCRIPT_HANGUL},   {0xA9E0, 0xA9FF, CS_SCRIPT_BURMESE},
    {0xAA60, 0xAA7F, CS_SCRIPT_BURMESE},  {0xAB30, 0xAB6F, CS_SCRIPT_LATIN},
    {0xAC00, 0xD7FF, CS_SCRIPT_HANGUL},   {0xF900, 0xFAFF, CS_SCRIPT_HAN},
    {0xFB00, 0xFB06, CS_SCRIPT_LATIN},    {0xFF21, 0xFF5A, CS_SCRIPT_LATIN},
    {0xFF66, 0xFF9F, CS_SCRIPT_HAN},      {0xFFA0, 0xFFDC, CS_SCRIPT_HANGUL},
    {0x1AFF0, 0x1B16F, CS_SCRIPT_HAN},    {0x1D400, 0x1D6A5, CS_SCRIPT_LATIN},
    {0x1D6A8, 0x1D7CB, CS_SCRIPT_GREEK},  {0x20000, 0x3FFFF, CS_SCRIPT_HAN},
};

static uint8_t script_of(uint32_t rune)
{
    size_t low = 0, high = CS_ARRAY_LEN(scripts);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rune > scripts[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < CS_ARRAY_LEN(scripts) && rune >= scripts[low].first)
        return scripts[low].script;
    return CS_SCRIPT_OTHER;
}

/* Those that Unicode has as letters, but that change the one before them: the
 * medial and final parts of a Korean syllable, half-width voicing marks. */
static bool is_trailing(uint32_t rune)
{
    return (rune >= 0x1160 && rune <= 0x11FF) ||
           (rune >= 0xD7B0 && rune <= 0xD7FB) || rune == 0xFF9E ||
           rune == 0xFF9F;
}

static const uint8_t kinds[] = {
    [UTF8PROC_CATEGORY_LU] = CS_CHAR_UPPER,
    [UTF8PROC_CATEGORY_LL] = CS_CHAR_LOWER,
    [UTF8PROC_CATEGORY_LT] = CS_CHAR_UPPER,
    [UTF8PROC_CATEGORY_LM] = CS_CHAR_LETTER,
    [UTF8PROC_CATEGORY_LO] = CS_CHAR_LETTER,
    [UTF8PROC_CATEGORY_MN] = CS_CHAR_MARK,
    [UTF8PROC_CATEGORY_MC] = CS_CHAR_MARK,
    [UTF8PROC_CATEGORY_ME] = CS_CHAR_MARK,
    [UTF8PROC_CATEGORY_ND] = CS_CHAR_DIGIT,
    [UTF8PROC_CATEGORY_NL] = CS_CHAR_DIGIT,
    [UTF8PROC_CATEGORY_NO] = CS_CHAR_DIGIT,
    [UTF8PROC_CATEGORY_CO] = CS_CHAR_SEPARATOR, /* the last */
};

/* Typographic forms of the characters that mean something to us. */
static uint8_t kind_of(uint32_t rune, const utf8proc_property_t *property)
{
    if (rune == 0x2010 || rune == 0x2011) /* hyphens, one that never breaks */
        return CS_CHAR_HYPHEN;
    if (rune == 0x2019 || rune == 0x02BC)
        return CS_CHAR_APOSTROPHE;
    if (property->ignorable)
        return CS_CHAR_IGNORED;
    if (is_trailing(rune))
        return CS_CHAR_MARK;
    return (size_t)property->category < CS_ARRAY_LEN(kinds)
               ? kinds[property->category]
               : CS_CHAR_SEPARATOR;
}

/* The bulk of what is written in pairs, in which nothing is to be folded. */
static bool plain_pairs(uint32_t rune, struct cs_char *ret)
{
    bool han = (rune >= 0x4E00 && rune <= 0x9FFF) ||
               (rune >= 0x3041 && rune <= 0x3096) ||
               (rune >= 0x30A1 && rune <= 0x30FA);
    bool hangul = rune >= 0xAC00 && rune <= 0xD7A3;
    if (!han && !hangul)
        return false;
    ret->kind = CS_CHAR_LETTER;
    ret->script = han ? CS_SCRIPT_HAN : CS_SCRIPT_HANGUL;
    ret->folded = true;
    return true;
}

struct cs_char cs_char_at(const char *text, size_t len)
{
    unsigned char byte = (unsigned char)text[0];
    if (byte < 0x80) {
        uint8_t kind = cs_char_ascii[byte];
        return (struct cs_char){.kind = kind,
                                .script = kind == CS_CHAR_LOWER ||
                                                  kind == CS_CHAR_UPPER
                                              ? CS_SCRIPT_LATIN
                                              : CS_SCRIPT_NONE,
                                .len = 1,
                                .folded = kind != CS_CHAR_UPPER};
    }
    uint32_t rune;
    struct cs_char c = {.len = (uint8_t)cs_text_decode(text, len, &rune)};
    if ((c.len == 1 && rune == 0xFFFD) || plain_pairs(rune, &c))
        return c;
    const utf8proc_property_t *property =
        utf8proc_get_property((utf8proc_int32_t)rune);
    c.kind = kind_of(rune, property);
    if (c.kind >= CS_CHAR_LOWER && c.kind <= CS_CHAR_LETTER)
        c.script = script_of(rune);
    else if (c.kind == CS_CHAR_DIGIT && rune > 0x3000 && rune < 0x3030) {
        c.kind = CS_CHAR_LETTER; /* ideographs of numbers */
        c.script = CS_SCRIPT_HAN;
    }
    return c;
}

bool cs_word_is_pair(const char *token, size_t len)
{
    return len > 0 && cs_char_at(token, len).script >= CS_SCRIPT_PAIRS;
}

/* Letters that no normal form takes apart, after case folding. Ordered. */
static const struct {
    uint16_t rune;
    char plain[3];
} strokes[] = {
    {0x00E6, "ae"}, {0x00F8, "o"}, {0x0111, "d"},  {0x0127, "h"},
    {0x0131, "i"},  {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
};

static const char *without_stroke(utf8proc_int32_t rune)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(strokes); i++)
        if (strokes[i].rune == rune)
            return strokes[i].plain;
    return NULL;
}

/* Is it something that may stand in a word? Some letters and numbers have
 * folded forms with blanks or strokes in between. */
static bool stays(utf8proc_int32_t rune)
{
    const utf8proc_property_t *property = utf8proc_get_property(rune);
    return rune == '_' || (rune > 0 && !property->ignorable &&
                           (size_t)property->category < CS_ARRAY_LEN(kinds) &&
                           kinds[property->category] != CS_CHAR_SEPARATOR);
}

/* Encode to `out` what fits. Returns its bytes. */
static size_t encode(const utf8proc_int32_t *runes, size_t n, bool marks_off,
                     char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        utf8proc_uint8_t bytes[4];
        const char *put = marks_off ? without_stroke(runes[i]) : NULL;
        size_t put_len = put ? strlen(put) : 0;
        if (!put && !stays(runes[i]))
            continue;
        if (!put) {
            put = (const char *)bytes;
            put_len = (size_t)utf8proc_encode_char(runes[i], bytes);
        }
        if (len + put_len > CS_WORD_MAX)
            break;
        memcpy(out + len, put, put_len);
        len += put_len;
    }
    return len;
}

/* Bytes of a text that are enough for a token of full length, and the most
 * characters that they may give: a letter of 3 bytes has a form of 18. */
enum { SOURCE_MAX = 3 * CS_WORD_MAX, RUNES_MAX = 6 * SOURCE_MAX };

size_t cs_fold(const char *text, size_t len, enum cs_script script, char *out)
{
    utf8proc_int32_t runes[RUNES_MAX];
    bool marks_off = script <= CS_SCRIPT_CYRILLIC;
    unsigned options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                       UTF8PROC_IGNORE | UTF8PROC_DECOMPOSE |
                       (marks_off ? UTF8PROC_STRIPMARK : 0U);
    if (len > SOURCE_MAX)
        for (len = SOURCE_MAX; len > 0 && (text[len] & 0xC0) == 0x80;)
            len--;
    utf8proc_ssize_t n = utf8proc_decompose(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, runes, RUNES_MAX,
        (utf8proc_option_t)options);
    if (n <= 0 || n > RUNES_MAX)
        return 0;
    if (!marks_off)
        n = utf8proc_normalize_utf32(
            runes, n, (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    return n > 0 ? encode(runes, (size_t)n, marks_off, out) : 0;
}
