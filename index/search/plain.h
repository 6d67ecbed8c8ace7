/*
 * plain.h - a few lines of Markdown as they read.
 *
 * For snippets: headings, bullets, emphasis, link destinations, table rules and
 * tags are taken out, blanks become one. It works line by line on the Markdown
 * that src/markdown writes; in doubt a character stays. Each byte remembers
 * which character of the Markdown it came from, so that hits can be carried
 * over.
 */
#ifndef CS_INDEX_SEARCH_PLAIN_H
#define CS_INDEX_SEARCH_PLAIN_H

#include "index/search/matcher.h"

#define CS_PLAIN_MAX 2048

struct cs_plain {
    char text[CS_PLAIN_MAX];
    size_t origin[CS_PLAIN_MAX];
    size_t len;
    bool full; /* what came later was dropped */

    /* Hits, ordered: a link destination that holds one is kept. */
    const struct cs_found *found;
    size_t n_found;
};

/* Append the line `markdown`[at..end), without its line end, after a blank.
 * `code`: it stands in a code block. */
void cs_plain_put_line(struct cs_plain *plain, const char *markdown, size_t at,
                       size_t end, bool code);

/* The fenced code block that a line stands in; zero outside. */
struct cs_plain_fence {
    char mark;
    size_t n;
};

/* Follow the fences line by line; true when this line is one itself. */
bool cs_plain_fence(struct cs_plain_fence *fence, const char *line, size_t len);

/* True when the line begins a paragraph: no heading, table, tag, image or
 * blank line. */
bool cs_plain_is_prose(const char *line, size_t len);

#endif
