/*
 * literal_run.c - see literal_run.h.
 */
#include "index/search/literal_run.h"

#include "index/words/split.h"
#include "src/text.h"

static bool see_letter(void *payload, const struct cs_word *word)
{
    enum cs_letter *letter = payload;
    *letter = word->pair ? CS_LETTER_PAIR : CS_LETTER_WORD;
    return false;
}

/* The character at the cursor, and its bytes; at the end ODD and 0. */
static enum cs_letter letter_at(const struct cs_run_cursor *c, size_t *ret_len)
{
    uint32_t rune;
    enum cs_letter letter = CS_LETTER_ODD;
    *ret_len = 0;
    if (c->at == c->len)
        return CS_LETTER_ODD;
    const char *text = c->text + c->at;
    *ret_len = cs_text_decode(text, c->len - c->at, &rune);
    if (rune == '\n')
        return CS_LETTER_BREAK;
    if (rune == '\\' || rune == '\'')
        return CS_LETTER_ODD;
    if (rune < 0x80)
        return cs_ascii_is_alnum((char)rune) || rune == '_' ? CS_LETTER_WORD
                                                            : CS_LETTER_NONE;
    (void)cs_words_split(text, *ret_len, see_letter, &letter);
    return letter;
}

bool cs_run_next(struct cs_run_cursor *c, struct cs_run *ret)
{
    struct cs_run run = {.beside = true};
    size_t n;
    enum cs_letter letter = letter_at(c, &n);
    for (; letter < CS_LETTER_WORD && n > 0; letter = letter_at(c, &n)) {
        run.beside = run.beside && letter == CS_LETTER_NONE;
        c->before = letter;
        c->at += n;
    }
    run.text = c->text + c->at;
    run.letter = letter;
    run.open_left = c->before == CS_LETTER_ODD;
    for (; letter == run.letter && n > 0; letter = letter_at(c, &n)) {
        c->before = letter;
        c->at += n;
        run.len += n;
    }
    run.open_right = letter == CS_LETTER_ODD;
    *ret = run;
    return run.len > 0;
}
