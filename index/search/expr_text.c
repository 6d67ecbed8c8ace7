/*
 * expr_text.c - where blanks, quotes and words are in the text of a query.
 */
#include "index/search/expr_parts.h"

#include "src/text.h"

/* The blank at a place, in bytes; 0: there is none. */
size_t cs_expr_blank_at(const struct cs_expr_parser *p, size_t at)
{
    uint32_t rune;
    if ((unsigned char)p->text[at] < 0x80)
        return p->text[at] == ' ';
    size_t n = cs_text_decode(p->text + at, p->len - at, &rune);
    return cs_rune_is_space(rune) ? n : 0;
}

/* The ASCII quote, and those that word processors make of it: English, German,
 * French, full width. */
size_t cs_expr_quote_at(const struct cs_expr_parser *p, size_t at)
{
    uint32_t rune;
    if ((unsigned char)p->text[at] < 0x80)
        return p->text[at] == '"';
    size_t n = cs_text_decode(p->text + at, p->len - at, &rune);
    bool quote = (rune >= 0x201c && rune <= 0x201f) || rune == 0xab ||
                 rune == 0xbb || rune == 0xff02;
    return quote ? n : 0;
}

void cs_expr_skip_blanks(struct cs_expr_parser *p)
{
    for (size_t n; p->at < p->len && (n = cs_expr_blank_at(p, p->at)) > 0;)
        p->at += n;
}

static bool is_tail(const struct cs_expr_parser *p)
{
    return ((unsigned char)p->text[p->at] & 0xc0) == 0x80;
}

struct cs_expr_piece cs_expr_read_word(struct cs_expr_parser *p, bool list)
{
    struct cs_expr_piece piece = {p->at, p->at};
    size_t open = 0;
    for (; p->at < p->len; p->at++) {
        char c = p->text[p->at];
        if (is_tail(p))
            continue;
        if (c == '|' || (list && c == ',') || cs_expr_blank_at(p, p->at) ||
            cs_expr_quote_at(p, p->at) || (c == ')' && !open))
            break;
        open += c == '(';
        open -= c == ')';
    }
    piece.end = p->at;
    p->ignored += (unsigned)open;
    return piece;
}

/* An ASCII quote is closed by its like, if there is one; the others by any. */
struct cs_expr_piece cs_expr_read_quoted(struct cs_expr_parser *p)
{
    bool ascii = p->text[p->at] == '"';
    p->at += cs_expr_quote_at(p, p->at);
    struct cs_expr_piece piece = {p->at, p->len};
    bool strict = ascii && p->at < p->quotes_end;
    for (; p->at < p->len; p->at++) {
        size_t quote = is_tail(p) ? 0 : cs_expr_quote_at(p, p->at);
        if (!quote || (strict && p->text[p->at] != '"'))
            continue;
        piece.end = p->at;
        p->at += quote;
        return piece;
    }
    cs_expr_note(p, CS_EXPR_NOTE_QUOTE);
    return piece;
}

bool cs_expr_take_stars(struct cs_expr_parser *p)
{
    size_t at = p->at;
    while (p->at < p->len && p->text[p->at] == '*')
        p->at++;
    return p->at > at;
}

bool cs_expr_is_mark(const char *text, size_t len)
{
    if (len < 2 || cs_ascii_is_space(text[1]))
        return false;
    switch (text[0]) {
    case '-': return !strchr("->", text[1]);
    case '+': return text[1] != '+';
    case '=': return !strchr("=>~", text[1]);
    default: return false;
    }
}
