/*
 * token.c - words without their wholes: a text as one row of tokens.
 */
#include "index/search/token.h"

#include <stdlib.h>

struct cs_tokenizer {
    struct cs_db *db;
};

enum cs_status cs_tokenizer_open(struct cs_db *db, struct cs_tokenizer **ret,
                                 struct cs_error *err)
{
    struct cs_tokenizer *made = calloc(1, sizeof(*made));
    if (!made)
        return cs_error_no_memory(err);
    made->db = db;
    *ret = made;
    return CS_OK;
}

void cs_tokenizer_free(struct cs_tokenizer *tokenizer)
{
    free(tokenizer);
}

struct walk {
    cs_token_fn *visit;
    void *payload;
};

static bool pass_on(void *payload, const struct cs_word *word)
{
    struct walk *walk = payload;
    struct cs_token token = {word->text, word->len, word->at, word->end};
    return word->whole || walk->visit(walk->payload, &token);
}

enum cs_status cs_tokenizer_run(struct cs_tokenizer *tokenizer,
                                const char *text, size_t len,
                                cs_token_fn *visit, void *payload,
                                struct cs_error *err)
{
    struct walk walk = {visit, payload};
    (void)tokenizer;
    (void)err;
    (void)cs_words_split(text, len, pass_on, &walk);
    return CS_OK;
}

static bool stop_at_first(void *payload, const struct cs_token *token)
{
    bool *found = payload;
    (void)token;
    *found = true;
    return false;
}

enum cs_status cs_tokenizer_finds_any(struct cs_tokenizer *tokenizer,
                                      const char *text, size_t len, bool *ret,
                                      struct cs_error *err)
{
    bool found = false;
    enum cs_status status =
        cs_tokenizer_run(tokenizer, text, len, stop_at_first, &found, err);
    if (!status)
        *ret = found;
    return status;
}
