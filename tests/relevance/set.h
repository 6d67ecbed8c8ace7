/*
 * set.h - documents, queries, and which documents a query should find.
 */
#ifndef CS_TESTS_RELEVANCE_SET_H
#define CS_TESTS_RELEVANCE_SET_H

#include "src/arena.h"

#define REL_CLASSES_MAX 24

struct rel_doc {
    const char *title, *markdown;
    const char *label; /* may be NULL */
    int64_t updated;   /* milliseconds since 1970 */
    bool archived;
};

/* A document, by its number, and what it is worth: 1 to 4. */
struct rel_gain {
    size_t doc;
    unsigned gain;
};

struct rel_query {
    size_t class;
    const char *text;
    struct rel_gain *gains;
    size_t n_gains;
};

/* Queries of one kind. */
struct rel_class {
    const char *name;
    bool all; /* recall and precision are about all hits, not the first 100 */
};

struct rel_set {
    const char *name;
    struct cs_arena *arena; /* holds the strings */
    struct rel_doc *docs;
    size_t n_docs;
    struct rel_query *queries;
    size_t n_queries;
    struct rel_class classes[REL_CLASSES_MAX];
    size_t n_classes;
};

/* Make an empty set; without memory the program ends, here and below. */
void rel_set_init(struct rel_set *set, const char *name);
void rel_set_clear(struct rel_set *set);

/* Each returns the number of what it added. Strings are borrowed. */
size_t rel_set_doc(struct rel_set *set, const struct rel_doc *doc);
size_t rel_set_class(struct rel_set *set, const char *name, bool all);
size_t rel_set_query(struct rel_set *set, size_t class, const char *text);

/* The query `query` should find `doc`. */
void rel_set_gain(struct rel_set *set, size_t query, size_t doc, unsigned gain);

/* Formatted text in the set's arena. */
const char *rel_set_text(struct rel_set *set, const char *format, ...)
    CS_PRINTF(2, 3);

/* Cranfield from a folder with cran.all.1400, cran.qry and cranqrel. False
 * when it is not there. */
bool rel_cranfield(struct rel_set *set, const char *folder);

/* Generated sets; always the same ones. */
void rel_wiki(struct rel_set *set); /* pages of a team */
void rel_cjk(struct rel_set *set);  /* Chinese, Japanese, Korean */

#endif
