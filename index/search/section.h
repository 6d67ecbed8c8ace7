/*
 * section.h - the sections of a Markdown text: its headings, their anchors and
 * lines.
 *
 * A heading is a line at the left margin of one to six `#` and a blank, outside
 * fenced code. A section goes on to the next heading of whatever level.
 */
#ifndef CS_INDEX_SEARCH_SECTION_H
#define CS_INDEX_SEARCH_SECTION_H

#include "src/arena.h"

struct cs_section {
    size_t at, end; /* bytes, from its heading on */
    size_t body;    /* where the line behind the heading begins */
    size_t line;    /* of its first line, from 1 */
    unsigned level; /* of the heading; 0: what stands above the first */
};

/* All sections in order, without gaps; one at least. In `arena`. */
enum cs_status cs_sections_of(struct cs_arena *arena, const char *markdown,
                              size_t len, const struct cs_section **ret,
                              size_t *ret_n, struct cs_error *err);

/* The number of the section that the byte `at` stands in. `n` > 0. */
size_t cs_section_at(const struct cs_section *sections, size_t n, size_t at);

/* The heading of sections[i] as it reads, and its anchor as GitHub makes it,
 * numbered when it has come before. Both in `arena`; "" for level 0. */
enum cs_status cs_section_name(struct cs_arena *arena, const char *markdown,
                               const struct cs_section *sections, size_t i,
                               const char **ret_heading,
                               const char **ret_anchor, struct cs_error *err);

#endif
