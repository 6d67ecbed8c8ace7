/*
 * snippet.h - the place in a text that best shows why it was found.
 *
 * Made from the stored Markdown of the few documents that are shown: the
 * densest window of about 160 characters, the terms in it marked by ranges of
 * bytes. Where only the title or a label matched, it is the first paragraph.
 */
#ifndef CS_INDEX_SEARCH_SNIPPET_H
#define CS_INDEX_SEARCH_SNIPPET_H

#include "index/search/find.h"

#define CS_SNIPPET_CHARS     160
#define CS_SNIPPET_MARKS_MAX 64

struct cs_range {
    size_t at, len; /* bytes */
};

struct cs_snippet {
    const char *text; /* one line, valid UTF-8, no control characters */
    const struct cs_range *marks; /* ordered, not overlapping */
    size_t n_marks;
    size_t line; /* of the Markdown, from 1 */
};

/* Make the snippet of `markdown`, in `arena`. An empty text gives an empty
 * snippet at line 1. */
enum cs_status cs_snippet_make(struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer,
                               const struct cs_needles *needles,
                               const char *markdown, size_t len,
                               struct cs_snippet *ret, struct cs_error *err);

#endif
