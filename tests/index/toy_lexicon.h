/*
 * toy_lexicon.h - a lexicon and full-text index of a few texts, in memory.
 *
 * It stands in for index/words/lexicon.h in tests, and knows what expressions
 * of MATCH mean (index/words/fts.h), as far as patterns give rise to them.
 */
#ifndef CS_TESTS_INDEX_TOY_LEXICON_H
#define CS_TESTS_INDEX_TOY_LEXICON_H

#include "index/words/fields.h"
#include "index/words/lexicon.h"
#include "index/words/split.h"

enum { TOY_WORDS_MAX = 4096, TOY_TEXTS_MAX = 8 };

/* A word of a text. */
struct toy_word {
    size_t text; /* its number */
    enum cs_field field;
    size_t position;
    char term[CS_WORD_MAX + 1];
};

struct cs_lexicon {
    struct toy_word words[TOY_WORDS_MAX];
    size_t n, texts;
    enum cs_field field; /* while words are read */
    size_t position;
};

void toy_lexicon_clear(struct cs_lexicon *lexicon);
void toy_lexicon_add(struct cs_lexicon *lexicon, const char *markdown,
                     size_t len);

/* Does a text match the expression at `*at`? Goes behind it. */
bool toy_lexicon_match(const struct cs_lexicon *lexicon, size_t text,
                       const char **at);

#endif
