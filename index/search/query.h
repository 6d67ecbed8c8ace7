/*
 * query.h - what a user typed, taken apart.
 *
 *     deploy staging          both words, anywhere, in any order
 *     "rolling restart"       the words next to each other
 *     kube*                   words that begin so
 *     -draft  -"old site"     not these
 *     space:ENG  label:x  author:"Ada L"  type:page      filters; with '-' too
 *
 * Any bytes are a query. What cannot be meant is dropped or read as plain
 * words, and a warning says so; AND, OR, NOT and NEAR are plain words. Text of
 * the user reaches FTS5 only inside quoted strings, so it is never syntax.
 */
#ifndef CS_INDEX_SEARCH_QUERY_H
#define CS_INDEX_SEARCH_QUERY_H

#include "index/search/token.h"
#include "src/arena.h"
#include "src/strbuf.h"

#define CS_QUERY_MAX_BYTES    4096
#define CS_QUERY_MAX_TERMS    64 /* terms and filters, each */
#define CS_QUERY_MAX_WARNINGS 16

/* A word or phrase: valid UTF-8 without NUL and with at least one token. */
struct cs_query_term {
    const char *text;
    bool phrase;   /* was quoted */
    bool prefix;   /* its last token may go on */
    bool excluded; /* must not occur */
};

enum cs_query_field {
    CS_QUERY_SPACE,  /* key of a space */
    CS_QUERY_LABEL,  /* a label */
    CS_QUERY_AUTHOR, /* name of who made the page, or a part of it */
    CS_QUERY_TYPE,   /* page, blogpost */
    CS_QUERY_FIELDS
};

struct cs_query_filter {
    enum cs_query_field field;
    const char *value;
    bool excluded;
};

/* Strings and arrays live in the arena that it was parsed with. */
struct cs_search_query {
    struct cs_query_term terms[CS_QUERY_MAX_TERMS];
    size_t n_terms;
    struct cs_query_filter filters[CS_QUERY_MAX_TERMS];
    size_t n_filters;
    const char *warnings[CS_QUERY_MAX_WARNINGS];
    size_t n_warnings;
};

/* Parse `len` bytes. Fails only without memory. */
enum cs_status cs_search_query_parse(struct cs_arena *arena,
                                     struct cs_tokenizer *tokenizer,
                                     const char *text, size_t len,
                                     struct cs_search_query *ret,
                                     struct cs_error *err);

/* Add a warning for people; above the maximum it is lost. */
void cs_search_query_warn(struct cs_search_query *query, struct cs_arena *arena,
                          const char *fmt, ...) CS_PRINTF(3, 4);

/* Append the expression for MATCH: with terms to be found, those, less the
 * excluded ones. With excluded ones alone, what is to be taken away (FTS5 has
 * no "everything but"). Nothing when there are no terms. */
void cs_search_query_put_match(const struct cs_search_query *query,
                               struct cs_strbuf *out);

/* How many terms must be found, and how many must not. */
size_t cs_search_query_wanted(const struct cs_search_query *query);
size_t cs_search_query_excluded(const struct cs_search_query *query);

/* "space", "label", ...: as typed before the colon. */
const char *cs_query_field_name(enum cs_query_field field);

#endif
