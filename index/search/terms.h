/*
 * terms.h - from a leaf of the query to what is read of the full-text index.
 *
 * A leaf becomes a group: phrases of finished tokens, any of which will do. A
 * word brings its family (deploy, deploys, deployed), a compound its whole and
 * the phrase of its parts, a prefix the words that begin so, a word that is
 * nowhere its correction. All postings of a group count as those of one term.
 */
#ifndef CS_INDEX_SEARCH_TERMS_H
#define CS_INDEX_SEARCH_TERMS_H

#include "index/search/expr.h"
#include "index/words/fields.h"
#include "index/words/lexicon.h"

#define CS_TERMS_FAMILY_MAX 8  /* words of one stem */
#define CS_TERMS_PREFIX_MAX 64 /* words that begin alike */
#define CS_TERMS_FIELDS_ALL ((1u << CS_FIELDS) - 1)

struct cs_term_phrase {
    const char *text; /* tokens with a blank between them */
    size_t n_tokens;
    double weight; /* of one occurrence */
    bool open;     /* the last token may go on: FTS5 looks for them itself */
    int64_t df;    /* at most so many documents have it */
};

/* One token, maybe with others for it. */
static inline bool cs_term_is_single(const struct cs_term_phrase *phrase)
{
    return phrase->n_tokens == 1 && !phrase->open;
}

struct cs_term_group {
    const char *word; /* as typed */
    struct cs_term_phrase *phrases;
    size_t n_phrases; /* 0: it is in no document */
    unsigned fields;  /* bits 1 << enum cs_field, at least one */
    int64_t df;       /* at most so many documents have one of them */
    size_t n_tokens;  /* positions that the leaf takes up in a text */
    bool stop;        /* a word that says nothing by itself */
    bool written;     /* a name of a thing: its very form counts */
    bool narrowed;    /* not all words that begin so are looked for */

    const char *correction; /* what it may have been meant to be; or NULL */
    bool corrected;         /* and that is what is looked for */
};

struct cs_terms_options {
    bool corrections; /* unknown words may be spelled otherwise */
    bool families;
    int64_t documents; /* in the index */
};

/* Make the group of a WORD or PHRASE, in `arena`. */
enum cs_status cs_terms_make(struct cs_lexicon *lexicon, struct cs_arena *arena,
                             const struct cs_expr_node *node,
                             const struct cs_terms_options *options,
                             struct cs_term_group *ret, struct cs_error *err);

/* A group of one token, as it is. */
enum cs_status cs_terms_make_token(struct cs_lexicon *lexicon,
                                   struct cs_arena *arena, const char *token,
                                   double weight, struct cs_term_group *ret,
                                   struct cs_error *err);

/* Words that are in most texts and say little: "the", "how". Folded. */
bool cs_terms_is_stop(const char *token, size_t len);

#endif
