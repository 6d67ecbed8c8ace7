/*
 * token.h - words as the full-text index sees them (words/split.h), without the
 * wholes of compounds: whether a typed word holds anything to search for, where
 * a term stands in a text, whether two names are alike.
 */
#ifndef CS_INDEX_SEARCH_TOKEN_H
#define CS_INDEX_SEARCH_TOKEN_H

#include "index/db.h"
#include "index/words/split.h"

struct cs_tokenizer;

/* One token: its folded form, borrowed for the call, and the bytes of the text
 * that it was made from. */
struct cs_token {
    const char *text;
    size_t len;
    size_t at, end;
};

/* Called for each token in order; false ends the walk. */
typedef bool cs_token_fn(void *payload, const struct cs_token *token);

/* Make a tokenizer like that of the table fts. It borrows `db`. The caller
 * frees it with cs_tokenizer_free(). */
enum cs_status cs_tokenizer_open(struct cs_db *db, struct cs_tokenizer **ret,
                                 struct cs_error *err);
void cs_tokenizer_free(struct cs_tokenizer *tokenizer);

/* Walk the tokens of a text; any bytes will do. */
enum cs_status cs_tokenizer_run(struct cs_tokenizer *tokenizer,
                                const char *text, size_t len,
                                cs_token_fn *visit, void *payload,
                                struct cs_error *err);

/* `*ret` says whether the text holds any token. */
enum cs_status cs_tokenizer_finds_any(struct cs_tokenizer *tokenizer,
                                      const char *text, size_t len, bool *ret,
                                      struct cs_error *err);

/* The tokenizer in the declaration of fts, as in schema.c. */
#define CS_TOKENIZER_DECLARATION "cs"

CS_DEFINE_CLEANUP(struct cs_tokenizer *, cs_tokenizer_cleanup,
                  cs_tokenizer_free);

#endif
