/*
 * text.h - Unicode text, on utf8proc.
 *
 * Everything that knows what a character is: validity, normal forms, case
 * folding, width on a terminal, safe cutting, and taking the teeth out of
 * control characters. All strings are UTF-8; lengths are bytes.
 */
#ifndef CS_SRC_TEXT_H
#define CS_SRC_TEXT_H

#include "src/strbuf.h"

/* True when `text` is valid UTF-8 (no surrogates, no overlong forms). */
bool cs_text_valid(const char *text, size_t len);

/* Decode the character at the start of `text`. Returns its bytes (1 or more)
 * and stores the code point; an invalid byte gives 1 and U+FFFD. `len` > 0. */
size_t cs_text_decode(const char *text, size_t len, uint32_t *ret_rune);

/* Append the code point as UTF-8; one that cannot be encoded as U+FFFD. */
void cs_text_encode(struct cs_strbuf *out, uint32_t rune);

/* Append `text` with each invalid byte replaced by U+FFFD. */
void cs_text_put_valid(struct cs_strbuf *out, const char *text, size_t len);

/* Append `text` in normal form C; invalid bytes become U+FFFD first. */
void cs_text_put_nfc(struct cs_strbuf *out, const char *text, size_t len);

/* Append the form under which two names are the same to a reader: NFC, case
 * folded, compatibility forms kept. For finding clashes, not for showing. */
void cs_text_put_folded(struct cs_strbuf *out, const char *text, size_t len);

/* Append `text` in capital or small letters, one for one. */
void cs_text_put_case(struct cs_strbuf *out, const char *text, size_t len,
                      bool upper);

/* The place of `name` (NULL is in none) in a table of `n` names, or `n`. */
size_t cs_str_find(const char *const *names, size_t n, const char *name);

/* Columns that `text` takes on a terminal; control characters take none. */
size_t cs_text_width(const char *text, size_t len);

/* The largest prefix of at most `max` bytes that ends on a border between
 * characters as a reader sees them (grapheme clusters), in bytes. A single
 * cluster longer than `max` is cut between code points. */
size_t cs_text_cut(const char *text, size_t len, size_t max);

/* Copy as much of `text` (NULL is "") as fits into `size` bytes, cut like that,
 * with a NUL. */
void cs_text_copy(char *out, size_t size, const char *text);

/* The largest prefix that takes at most `columns` columns, in bytes. */
size_t cs_text_cut_width(const char *text, size_t len, size_t columns);

/* Append remote text made fit for a terminal: control characters (C0, DEL,
 * C1) and direction overrides are dropped, line ends and tabs become one
 * blank. With `keep_lines` line ends and tabs stay. Invalid bytes become
 * U+FFFD. */
void cs_text_put_safe(struct cs_strbuf *out, const char *text, size_t len,
                      bool keep_lines);

/* White space as Unicode has it, NBSP included; zero-width characters. */
bool cs_rune_is_space(uint32_t rune);
bool cs_rune_is_zero_width(uint32_t rune);

/* Control characters (C0, DEL, C1) and those that reorder the text around
 * them: nothing that may reach a terminal or a file name. */
bool cs_rune_is_unsafe(uint32_t rune);

/* Punctuation or symbol as CommonMark's flanking rule means it (spec section
 * "Emphasis and strong emphasis"): general category P or S. */
bool cs_rune_is_punct(uint32_t rune);

/* The same as CommonMark had it before 0.31: ASCII, or general category P. */
bool cs_rune_is_old_punct(uint32_t rune);

/* Letters and digits of any script (general category L or N). */
bool cs_rune_is_alnum(uint32_t rune);

/* ASCII without a locale. */
bool cs_ascii_is_space(char c);
bool cs_ascii_is_alnum(char c);
bool cs_ascii_is_digit(char c);
int cs_ascii_casecmp(const char *a, const char *b);
bool cs_str_starts(const char *text, const char *prefix);
bool cs_str_ends(const char *text, const char *suffix);
/* Both NULL, or both strings and the same. */
bool cs_str_equal(const char *a, const char *b);
/* Overwrite a secret, or NULL, in memory of ours: const for its readers only.
 */
void cs_str_wipe(const char *secret);

#endif
