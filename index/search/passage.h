/*
 * passage.h - a few lines of a Markdown text around a place, as one line to be
 * shown: made plain, cut at sentences or words, with hits marked.
 */
#ifndef CS_INDEX_SEARCH_PASSAGE_H
#define CS_INDEX_SEARCH_PASSAGE_H

#include "index/search/section.h"
#include "index/search/snippet.h"

struct cs_passage {
    const struct cs_snippet_source *source;
    const struct cs_section *section; /* in which it stays */
    const struct cs_found *found;     /* to be marked, ordered by their ends */
    size_t n;
    size_t at, end; /* bytes to be shown: the hits, or the start of a text */
};

/* Fill in text, marks, field, lines, truncated and line of `ret`. */
enum cs_status cs_passage_make(struct cs_arena *arena,
                               const struct cs_passage *passage,
                               struct cs_snippet *ret, struct cs_error *err);

/* Where the first paragraph of prose begins in the first `len` bytes: no
 * heading, table, list of links, or what is left of a macro. Else the first
 * line that says anything. */
size_t cs_passage_prose(const char *markdown, size_t len);

#endif
