/*
 * matcher.h - where that which was searched for stands in a text.
 *
 * FTS5 says which documents match; for the few that are shown this says where,
 * by the same words (index/words/split.h), in one pass.
 */
#ifndef CS_INDEX_SEARCH_MATCHER_H
#define CS_INDEX_SEARCH_MATCHER_H

#include "index/words/fields.h"
#include "src/arena.h"

/* Hits beyond this number in one text are not looked for. */
#define CS_FOUND_MAX 4096
/* Tokens of all patterns of a matcher; patterns beyond are left out. */
#define CS_MATCHER_TOKENS_MAX 16384

/* One hit: bytes of the text, and the term by its number. */
struct cs_found {
    size_t at, end;
    unsigned term;
};

/* Tokens side by side, written as in a string of MATCH (index/words/fts.h):
 * separated by blanks, alternatives of one position by CS_FTS_OR. */
struct cs_matcher_pattern {
    const char *tokens; /* "getuserbyid", "restart|restarts the gateway" */
    bool prefix;        /* the last one may go on */
};

/* One term of a query: whatever was searched for in its name. */
struct cs_matcher_term {
    const struct cs_matcher_pattern *patterns;
    size_t n;
    double idf;      /* what it is worth in a snippet; above 0 */
    unsigned fields; /* bits 1 << enum cs_field; 0: all */
};

struct cs_matcher;

/* Make a matcher in `arena`; nothing is borrowed. */
enum cs_status cs_matcher_new(struct cs_arena *arena,
                              const struct cs_matcher_term *terms, size_t n,
                              struct cs_matcher **ret, struct cs_error *err);

/* The terms it was made of; patterns are not kept (n is 0). */
const struct cs_matcher_term *cs_matcher_terms(const struct cs_matcher *matcher,
                                               size_t *ret_n);

/* Find all hits in `text`, ordered by their ends, in `arena`. A hit is the
 * bytes of the words that matched: the identifier for its whole, the word for
 * a prefix; of scripts without blanks the characters asked for. Fields of
 * terms are not looked at. */
enum cs_status cs_matcher_find(const struct cs_matcher *matcher,
                               struct cs_arena *arena, const char *text,
                               size_t len, const struct cs_found **ret,
                               size_t *ret_n, struct cs_error *err);

#endif
