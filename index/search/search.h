/*
 * search.h - the border of the search engine: a request goes in, hits come
 * out. Nothing outside index/search knows how they were found.
 */
#ifndef CS_INDEX_SEARCH_SEARCH_H
#define CS_INDEX_SEARCH_SEARCH_H

#include "index/index.h"
#include "index/search/snippet.h"

#define CS_SEARCH_LIMIT_DEFAULT 10
#define CS_SEARCH_LIMIT_MAX     1000
#define CS_SEARCH_SNIPPETS      2 /* of one page */

enum cs_search_sort {
    CS_SEARCH_RELEVANCE, /* best first; without words: as UPDATED */
    CS_SEARCH_UPDATED,   /* newest first */
    CS_SEARCH_CREATED,
    CS_SEARCH_TITLE, /* A to Z, folded */
    CS_SEARCH_SORTS
};

/* How far a hit is from what was asked. */
enum cs_search_tier {
    CS_SEARCH_EXACT,     /* all that was asked for */
    CS_SEARCH_RELAXED,   /* some of the words; `missing` names the others */
    CS_SEARCH_CORRECTED, /* words were spelled otherwise; `corrections` */
    CS_SEARCH_TIERS
};

enum cs_search_mode {
    CS_SEARCH_QUERY,   /* the query language */
    CS_SEARCH_LITERAL, /* -F: words only, no operators, no corrections */
    CS_SEARCH_REGEX    /* -e: the whole text is one PCRE2 pattern */
};

/* Zero is a fair value for every member but `text`. Strings are borrowed for
 * the call. Filters here and filters in the text must all hold; several values
 * of one are alternatives. */
struct cs_search_list {
    const char *const *values;
    size_t n;
};

struct cs_search_request {
    const char *text; /* as typed: query.h says what it may be */
    enum cs_search_mode mode;
    bool strict; /* a warning is CS_ERR_USAGE */
    struct cs_search_list spaces, labels, authors, types, sources;
    int64_t since_ms;         /* changed at or after; 0: whenever */
    int64_t after_generation; /* text changed later than that; 0: whenever */
    int64_t limit;            /* 0: the default */
    const char *cursor;       /* NULL: from the first; else a next_cursor */
    enum cs_search_sort sort;
    bool snippets, facets, explain;
    bool no_collapse;    /* near-duplicates as hits of their own */
    int64_t deadline_ms; /* for patterns; 0: 2,000 */
};

/* Factors of a score, for --explain. */
struct cs_search_parts {
    double text, proximity, exact, prior, recency;
};

struct cs_search_hit {
    const char *id;   /* "confluence:65601" */
    int64_t document; /* row, for other calls on the same index */
    const char *source, *kind, *status;
    const char *title;
    const char *const *trail; /* titles of its ancestors, the topmost first */
    size_t n_trail;
    const char *path; /* from the root, or absolute when the source's folder is
                       * elsewhere; NULL while no file is published */
    const char *url;  /* may be NULL */
    const char *anchor_url; /* of the best section; NULL: the same as url */
    const char *space, *space_name;
    const char *author, *editor; /* names; may be NULL */
    const char *const *labels;
    size_t n_labels;
    int64_t created, updated, version;
    double score; /* higher is better; compare within one answer only */
    struct cs_search_parts parts;
    enum cs_search_tier tier;
    const char *const *missing; /* words that it lacks */
    size_t n_missing;
    struct cs_snippet snippets[CS_SEARCH_SNIPPETS]; /* best first */
    size_t n_snippets;
    const char *const *duplicates; /* ids of pages that say nearly the same */
    size_t n_duplicates;
};

struct cs_search_correction {
    const char *from, *to;
    bool applied; /* searched for; else only proposed */
};

struct cs_search_count {
    const char *value;
    int64_t n;
};

struct cs_search_facet {
    const char *name; /* space, type, author, label, year, status */
    const struct cs_search_count *counts; /* most first */
    size_t n;
};

struct cs_search_result {
    const struct cs_search_hit *hits;
    size_t n;
    int64_t total; /* without limit and cursor */
    bool exact_total;
    bool partial;  /* a deadline came first: there may be more */
    bool narrowed; /* part of the work was left out; a warning says what */
    enum cs_search_tier tier;    /* of the last hit */
    const char *const *warnings; /* for people, one line each */
    size_t n_warnings;
    const char *const *hints;
    size_t n_hints;
    const struct cs_search_correction *corrections;
    size_t n_corrections;
    const struct cs_search_facet *facets;
    size_t n_facets;
    const char *expression;  /* the query as it was understood */
    const char *next_cursor; /* NULL: these were the last */
    bool index_changed;      /* since the page before this one */
    int64_t generation, documents;
    int64_t synced_at; /* oldest last success among the sources; 0: never */
    int64_t elapsed_us;
    struct cs_arena *arena; /* holds all of the above */
};

/* Search. No hits is no failure: `n` is 0. CS_ERR_USAGE for a value that does
 * not exist (type, cursor), for warnings when strict, and for a pattern that
 * does not compile. The caller frees `ret` with cs_search_result_free(). */
enum cs_status cs_search_run(struct cs_index *index,
                             const struct cs_search_request *request,
                             struct cs_search_result **ret,
                             struct cs_error *err);
void cs_search_result_free(struct cs_search_result *result);

/* Pages that are like one: by its most telling words, itself left out. Only
 * limit, snippets and the filters of `request` count. */
enum cs_status cs_search_similar(struct cs_index *index, int64_t document,
                                 const struct cs_search_request *request,
                                 struct cs_search_result **ret,
                                 struct cs_error *err);

/* "relevance", "updated", ..., and back; an unknown name gives the end mark. */
const char *cs_search_sort_name(enum cs_search_sort sort);
enum cs_search_sort cs_search_sort_from(const char *name);
const char *cs_search_tier_name(enum cs_search_tier tier);

CS_DEFINE_CLEANUP(struct cs_search_result *, cs_search_result_cleanup,
                  cs_search_result_free);

#endif
