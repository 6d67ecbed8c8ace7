/*
 * search.h - the border of the search engine: a request goes in, hits come
 * out. Nothing outside index/search knows how they were found.
 *
 * This engine is FTS5 with bm25 (weights in schema.c), all words required.
 */
#ifndef CS_INDEX_SEARCH_SEARCH_H
#define CS_INDEX_SEARCH_SEARCH_H

#include "index/index.h"
#include "index/search/snippet.h"

#define CS_SEARCH_LIMIT_DEFAULT 10
#define CS_SEARCH_LIMIT_MAX     1000

enum cs_search_sort {
    CS_SEARCH_RELEVANCE, /* best first; without words: as UPDATED */
    CS_SEARCH_UPDATED,   /* newest first */
    CS_SEARCH_TITLE,     /* A to Z, ASCII letters without regard to case */
    CS_SEARCH_SORTS
};

/* Zero is a fair value for every member but `text`. Strings are borrowed for
 * the call. Filters here and filters in the text must all hold. */
struct cs_search_request {
    const char *text;          /* as typed: query.h says what it may be */
    const char *const *spaces; /* keys: any of them */
    size_t n_spaces;
    const char *label;
    const char *author;
    const char *type; /* "page", "blogpost" */
    int64_t since_ms; /* changed at or after; 0: whenever */
    int64_t limit;    /* 0: the default */
    int64_t offset;
    enum cs_search_sort sort;
    bool snippets;
};

struct cs_search_hit {
    const char *id;   /* "confluence:65601" */
    int64_t document; /* row, for other calls on the same index */
    const char *kind; /* "page", "blogpost" */
    const char *title;
    const char *path; /* from the root, or absolute when the source's folder is
                       * elsewhere; NULL while no file is published */
    const char *url;  /* may be NULL */
    const char *space;
    int64_t updated;
    double score; /* higher is better; compare within one answer only */
    struct cs_snippet snippet; /* its line counts from the head of the file;
                                * empty unless asked for */
};

struct cs_search_result {
    const struct cs_search_hit *hits;
    size_t n;
    int64_t total;               /* without limit and offset; exact */
    const char *const *warnings; /* for people, one line each */
    size_t n_warnings;
    int64_t elapsed_ms;
    struct cs_arena *arena; /* holds all of the above */
};

/* Search. No hits is no failure: `n` is 0. CS_ERR_USAGE for a type that does
 * not exist. The caller frees `ret` with cs_search_result_free(). */
enum cs_status cs_search_run(struct cs_index *index,
                             const struct cs_search_request *request,
                             struct cs_search_result **ret,
                             struct cs_error *err);
void cs_search_result_free(struct cs_search_result *result);

/* "relevance", "updated", "title", and back; an unknown name gives the end
 * mark. */
const char *cs_search_sort_name(enum cs_search_sort sort);
enum cs_search_sort cs_search_sort_from(const char *name);

CS_DEFINE_CLEANUP(struct cs_search_result *, cs_search_result_cleanup,
                  cs_search_result_free);

#endif
