/*
 * snippet.h - the places of a text that best show why it was found.
 *
 * Made of the text as its file has it (cs_reader_texts()), for the few
 * documents that are shown. The window that covers the terms worth most, of
 * those the earliest, begins and ends with a line or sentence where one is
 * near; what was found in it is marked. One window of a section, of at most two
 * sections. Where only the title or a label matched, it is the first paragraph
 * of prose.
 *
 * Markdown's marks are taken out (plain.h), the words are those of the text.
 */
#ifndef CS_INDEX_SEARCH_SNIPPET_H
#define CS_INDEX_SEARCH_SNIPPET_H

#include "index/search/matcher.h"

#define CS_SNIPPET_CHARS     160
#define CS_SNIPPET_MARKS_MAX 64
#define CS_SNIPPETS_MAX      2 /* of one document */
/* Of a longer text only this much is looked at, from its beginning. */
#define CS_SNIPPET_TEXT_MAX ((size_t)256 << 10)

struct cs_range {
    size_t at, len; /* bytes */
};

struct cs_snippet {
    const char *text; /* one line, valid UTF-8, no control characters */
    const struct cs_range *marks; /* ordered, not overlapping */
    size_t n_marks;
    enum cs_field field; /* of its first hit: headings, body, code, comments */
    const char *heading; /* of its section, as it reads; NULL above the first */
    unsigned level;      /* of the heading; 0 without */
    const char *anchor;  /* of the heading, as `cs get ID#anchor` takes it */
    size_t lines[2];     /* first and last that `text` is from, counted as
                          * `cs get ID:first-last` counts them */
    bool truncated;      /* its first or last line is cut off: an
                          * ellipsis stands there */
    size_t line;         /* of the first hit, in the Markdown, from 1 */
};

/* A text to make snippets of. */
struct cs_snippet_source {
    const char *markdown;
    size_t len;
    size_t comments;   /* where the comments begin; `len`: there are none */
    size_t head_lines; /* of the file above the Markdown */
};

/* Make up to `max` snippets in `arena`, the best first; at least one, empty
 * for an empty text. `matcher` NULL: nothing is marked. */
enum cs_status cs_snippets_make(struct cs_arena *arena,
                                const struct cs_matcher *matcher,
                                const struct cs_snippet_source *source,
                                size_t max, struct cs_snippet *ret,
                                size_t *ret_n, struct cs_error *err);

/* The same for hits that are known already, such as those of a pattern,
 * ordered by their ends. `weights[term]` is what a term is worth. */
enum cs_status cs_snippets_of(struct cs_arena *arena,
                              const struct cs_found *found, size_t n,
                              const double *weights, size_t n_weights,
                              const struct cs_snippet_source *source,
                              size_t max, struct cs_snippet *ret, size_t *ret_n,
                              struct cs_error *err);

#endif
