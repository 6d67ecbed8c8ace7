/*
 * fold.h - characters as splitting sees them, and their folded forms.
 */
#ifndef CS_INDEX_WORDS_FOLD_H
#define CS_INDEX_WORDS_FOLD_H

#include "index/words/split.h"

enum cs_char_kind {
    CS_CHAR_SEPARATOR, /* also invalid bytes */
    CS_CHAR_LOWER,
    CS_CHAR_UPPER,
    CS_CHAR_LETTER, /* without case */
    CS_CHAR_DIGIT,
    CS_CHAR_WORDS = CS_CHAR_DIGIT, /* the kinds from LOWER up to here */
    CS_CHAR_MARK,                  /* belongs to the character before it */
    CS_CHAR_IGNORED,               /* as if it were not there */
    CS_CHAR_UNDERSCORE,
    CS_CHAR_DOT,
    CS_CHAR_HYPHEN,
    CS_CHAR_PLUS,
    CS_CHAR_HASH,
    CS_CHAR_APOSTROPHE,
    CS_CHAR_BACKSLASH
};

enum cs_script {
    CS_SCRIPT_NONE, /* goes with any: digits, marks */
    CS_SCRIPT_LATIN,
    CS_SCRIPT_GREEK,
    CS_SCRIPT_CYRILLIC,
    CS_SCRIPT_OTHER,
    CS_SCRIPT_PAIRS, /* from here on: those that are cut into pairs */
    CS_SCRIPT_HAN = CS_SCRIPT_PAIRS,
    CS_SCRIPT_HANGUL,
    CS_SCRIPT_THAI,
    CS_SCRIPT_LAO,
    CS_SCRIPT_KHMER,
    CS_SCRIPT_BURMESE
};

struct cs_char {
    uint8_t kind;   /* enum cs_char_kind */
    uint8_t script; /* enum cs_script */
    uint8_t len;    /* bytes */
    bool folded;    /* its own folded form, whatever stands beside it but
                     * marks */
};

/* The kind of each ASCII character. */
extern const uint8_t cs_char_ascii[128];

/* The character at the start of `text`; `len` > 0. */
struct cs_char cs_char_at(const char *text, size_t len);

/* Write the folded form of a word of one script to `out`, of CS_WORD_MAX bytes,
 * and return its bytes; what is too long is cut at a character. Only what may
 * stand in a word is left; 0 when nothing is. */
size_t cs_fold(const char *text, size_t len, enum cs_script script, char *out);

#endif
