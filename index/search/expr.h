/*
 * expr.h - what a user asked for, as a tree.
 *
 *     deploy staging              both words, in any order
 *     "rolling restart"           the words next to each other, as written
 *     deploy OR rollout           either; AND binds tighter
 *     deploy -draft               not these
 *     kube* kuberntes~ =running   beginnings, typos, the very word
 *     retry NEAR/5 budget         close together; ADJ/5: in this order, too
 *     title:runbook  /ab?c/i      in one field; a pattern
 *     space:ENG label:a,b updated:2025..  -type:blogpost     filters
 *
 * A backslash before a word makes it a word whatever it looks like (`\OR`,
 * `\-x`), one behind it keeps what stands before from being a mark.
 *
 * Any bytes are a query, for no query is an error. What cannot be meant is
 * dropped or read as plain words, and a warning says so. Two trees come out,
 * and a page must suit both:
 *
 *   root     words:   AND OR NOT NEAR over WORD PHRASE REGEX
 *   filters  filters: AND OR over FILTER, with negation at the leaves
 *
 * Words and filters in one AND fall into them exactly. A filter beside words in
 * an OR (`a OR label:x`) cannot: the filters of its branches become one group
 * of alternatives that holds for the whole query, with a warning.
 *
 * Shape of `root`, so that who reads it need not think of more:
 * AND and OR have two children or more, none of the same kind unless one is
 * `required`; in an AND the NOTs come last. A NOT stands only below an AND that
 * has another child too, or everything is NOT: then `only_negative` is set, and
 * root is a NOT or an AND of NOTs. Children of NEAR are words and phrases.
 * Leaves have tokens, but for REGEX.
 *
 * Shape of `filters`: NULL or an AND (also of one), whose children are FILTERs
 * and ORs; below an OR come FILTERs and ANDs.
 */
#ifndef CS_INDEX_SEARCH_EXPR_H
#define CS_INDEX_SEARCH_EXPR_H

#include "src/arena.h"
#include "src/clock.h"
#include "src/strbuf.h"

#define CS_EXPR_BYTES_MAX    4096
#define CS_EXPR_LEAVES_MAX   64 /* words, phrases, patterns, values */
#define CS_EXPR_DEPTH_MAX    40 /* of parentheses */
#define CS_EXPR_SLOP_DEFAULT 10 /* of NEAR and ADJ */
#define CS_EXPR_SLOP_MAX     1000
#define CS_EXPR_NOTES_MAX    16 /* warnings, hints, each */

enum cs_expr_kind {
    CS_EXPR_AND,
    CS_EXPR_OR,
    CS_EXPR_NOT, /* of its one child */
    CS_EXPR_NEAR,
    CS_EXPR_WORD,
    CS_EXPR_PHRASE,
    CS_EXPR_REGEX,
    CS_EXPR_FILTER,
    CS_EXPR_KINDS
};

/* Fields that are no words. */
enum cs_expr_filter {
    CS_EXPR_SPACE,  /* key */
    CS_EXPR_AUTHOR, /* name, part of a name or id */
    CS_EXPR_EDITOR,
    CS_EXPR_LABEL,
    CS_EXPR_TYPE,    /* "page", "blogpost": as cs_item_kind_name() */
    CS_EXPR_SOURCE,  /* name */
    CS_EXPR_LANG,    /* "en" */
    CS_EXPR_STATUS,  /* "current", "archived" */
    CS_EXPR_UPDATED, /* a time */
    CS_EXPR_CREATED, /* a time */
    CS_EXPR_ID,      /* "confluence:65601", "65601" */
    CS_EXPR_URL,     /* of the page, or how it begins */
    CS_EXPR_PATH,    /* of the file in the mirror, or a folder above it */
    CS_EXPR_LINK,    /* pages that link to this one: id, URL or title */
    CS_EXPR_IN,      /* this page and those below it: id, URL or title */
    CS_EXPR_NEAR_TO, /* near: pages whose text is nearly that of this id */
    CS_EXPR_HAS,     /* "attachment", "code", "comment", "label", "child" */
    CS_EXPR_IS,      /* "deprecated", "personal" */
    CS_EXPR_FILTERS
};

/* One of the values of a filter. Times are milliseconds since 1970 in UTC and
 * hold from <= t < to; INT64_MIN and INT64_MAX where a range is open. */
struct cs_expr_value {
    const char *text; /* as typed, without quotes, not empty */
    bool prefix;      /* was followed by '*' */
    int64_t from_ms, to_ms;
    const struct cs_expr_value *next;
};

/* A token of a leaf, as index/words/split.h gives it: folded; a whole stands
 * for several parts, at the place of the token before it. */
struct cs_expr_token {
    const char *text;
    size_t len;
    bool whole, pair;
};

struct cs_expr_node {
    enum cs_expr_kind kind;
    const struct cs_expr_node *first, *next; /* children; the next of these */
    size_t at, end; /* bytes of the query it was made from, for messages */
    bool required;  /* +x: also where other words may be missing */

    /* Leaves of words. */
    const char *text; /* valid UTF-8, without quotes and marks; not empty */
    unsigned
        fields;     /* bits 1 << enum cs_field (index/words/fields.h); 0: all */
    bool exact;     /* =word; phrases always: no stems, no corrections */
    bool prefix;    /* word*, "a phrase"*: its last token may go on */
    unsigned fuzzy; /* word~: distance 1 or 2; 0 none */
    unsigned slop;  /* NEAR, ADJ: tokens between; "a phrase"~n */
    bool ordered;   /* ADJ */
    unsigned regex_flags; /* enum cs_regex_flag (regex.h) */
    const struct cs_expr_token *tokens;
    size_t n_tokens;

    /* FILTER: one of the values must fit, or none of them if negated. */
    enum cs_expr_filter filter;
    bool negated;
    const struct cs_expr_value *values;
};

enum cs_expr_sort { /* sort:..., ORDER BY */
                    CS_EXPR_SORT_NONE,
                    CS_EXPR_SORT_RELEVANCE,
                    CS_EXPR_SORT_UPDATED,
                    CS_EXPR_SORT_CREATED,
                    CS_EXPR_SORT_TITLE,
                    CS_EXPR_SORTS
};

enum cs_expr_mode {
    CS_EXPR_QUERY,   /* the whole language */
    CS_EXPR_LITERAL, /* -F: words between blanks, nothing else */
    CS_EXPR_PATTERN  /* -e: the whole text is one REGEX */
};

/* Strings and nodes live in the arena that it was parsed with. */
struct cs_expr {
    const struct cs_expr_node *root;    /* NULL: no words */
    const struct cs_expr_node *filters; /* NULL: none */
    enum cs_expr_sort sort;

    /* Nothing but words, all of them wanted: root is a WORD or an AND of
     * WORDs, with no field and no mark. Filters may be there. */
    bool plain;
    bool conjunction;   /* an AND was written between words: all are meant */
    bool only_negative; /* root tells only what must not be there */
    size_t n_words;     /* WORDs that are not below a NOT */
    size_t n_leaves;    /* of root, those below NOTs too */

    /* For people, one line each, valid UTF-8. A warning tells what was not
     * taken as it was written; a hint how else it can be written. */
    const char *warnings[CS_EXPR_NOTES_MAX];
    size_t n_warnings;
    const char *hints[CS_EXPR_NOTES_MAX];
    size_t n_hints;
};

/* Parse `len` bytes. Times like "7d" count from `clock`. Fails only without
 * memory. */
enum cs_status cs_expr_parse(struct cs_arena *arena,
                             const struct cs_clock *clock,
                             enum cs_expr_mode mode, const char *text,
                             size_t len, struct cs_expr *ret,
                             struct cs_error *err);

/* Append the query as it was understood; empty when nothing was asked. Parsed
 * again as CS_EXPR_QUERY it gives the same trees, but for patterns and literal
 * words with a ")" of their own, and within the limits above. */
void cs_expr_print(const struct cs_expr *expr, struct cs_strbuf *out);

/* Append one tree of it, filters or words; NULL appends nothing. */
void cs_expr_print_node(const struct cs_expr_node *node, struct cs_strbuf *out);

/* Add a warning or a hint; above the maximum it is lost. */
void cs_expr_warn(struct cs_expr *expr, struct cs_arena *arena, const char *fmt,
                  ...) CS_PRINTF(3, 4);
void cs_expr_hint(struct cs_expr *expr, struct cs_arena *arena, const char *fmt,
                  ...) CS_PRINTF(3, 4);

/* "space", "updated", "sort", ...: as typed before the colon. */
const char *cs_expr_filter_name(enum cs_expr_filter filter);
const char *cs_expr_sort_name(enum cs_expr_sort sort);

/* True for UPDATED and CREATED. */
bool cs_expr_filter_is_time(enum cs_expr_filter filter);

/* The range that a time as typed stands for: "2025", "7d", "yesterday",
 * "2025-03..", ">=2025-W07", ... False when it is none. */
bool cs_expr_time_range(const char *text, int64_t now_ms, int64_t *ret_from_ms,
                        int64_t *ret_to_ms);

/* Names of fields for completion, one at a time from 0; NULL after the last.
 */
const char *cs_expr_field(size_t n);

#endif
