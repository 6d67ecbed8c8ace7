/*
 * sample.h - an index with documents in it, made by plain INSERTs, for tests of
 * what only reads.
 */
#ifndef CS_TESTS_INDEX_SAMPLE_H
#define CS_TESTS_INDEX_SAMPLE_H

#include "index/index.h"
#include "tests/lib/sandbox.h"

/* Members left out get a fair value. */
struct sample_page {
    const char *source; /* "confluence" */
    const char *id, *space, *title, *markdown;
    const char *kind;   /* "page" */
    const char *author; /* vendor id of a person */
    const char *label;
    int64_t updated;
    const char *url;
    bool on_disk; /* write its file, and say so in its row */
};

/* Open the index of the sandbox for writing. It has the source "confluence" at
 * https://wiki.example, with the spaces ENG and OPS. */
struct cs_index *sample_open(struct sandbox *box);

void sample_source(struct cs_index *index, const char *name, const char *url);
void sample_space(struct cs_index *index, const char *source, const char *key);
void sample_person(struct cs_index *index, const char *id, const char *name);

/* Insert a page with its text and its full-text entry; returns its row. */
int64_t sample_page(struct cs_index *index, const struct sample_page *page);

/* Insert any row or change some; the test fails when SQLite refuses. */
void sample_exec(struct cs_index *index, const char *sql);

#endif
