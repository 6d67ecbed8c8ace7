/*
 * part.h - a part of a Markdown text: a range of lines, or one section.
 */
#ifndef CS_CLI_PART_H
#define CS_CLI_PART_H

#include "src/strbuf.h"

struct cs_part {
    size_t at, len;     /* bytes */
    size_t first, last; /* lines of the file, from 1 */
};

/* True for ":10" and ":10-20". */
bool cs_part_is_lines(const char *text);

/* Find the part of `markdown` that `text` names: "" all of it, ":10-20" lines,
 * "#heading" the section under the first heading of that text; blanks, signs
 * and case of the heading do not matter, and "#heading-1" is the second one, as
 * in anchors. `head` lines of the file stand above the Markdown and are
 * counted. CS_ERR_NOT_FOUND when there is no such part. */
enum cs_status cs_part_find(const char *markdown, size_t len, size_t head,
                            const char *text, struct cs_part *ret,
                            struct cs_error *err);

#endif
