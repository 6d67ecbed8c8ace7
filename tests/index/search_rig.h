/*
 * search_rig.h - a small mirror, and searches in it told in one line.
 */
#ifndef CS_TESTS_INDEX_SEARCH_RIG_H
#define CS_TESTS_INDEX_SEARCH_RIG_H

#include "index/search/search.h"
#include "tests/index/sample.h"
#include "tests/lib/fake_clock.h"

struct rig {
    struct sandbox *box;
    struct cs_index *index;
    struct cs_search_result *result; /* of the last search */
    char text[4096];
};

int rig_setup(void **state);
int rig_teardown(void **state);

/* Insert pages and bring the full-text index, lexicon and vectors up to date.
 */
void rig_add(struct rig *rig, const struct sample_page *pages, size_t n);

/* A page of title and text, the number of its id. */
void rig_page(struct rig *rig, const char *id, const char *title,
              const char *markdown);

/* After changes of rows. */
void rig_index(struct rig *rig);

/* Search; the test fails when that fails. */
const struct cs_search_result *rig_run(struct rig *rig,
                                       struct cs_search_request request);

/* The ids of the hits, in order: "2 1". A "|" stands before the first that
 * lacks words. */
const char *rig_ids(struct rig *rig, struct cs_search_request request);
const char *rig_find(struct rig *rig, const char *query);

#endif
