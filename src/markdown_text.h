/*
 * markdown_text.h - a text on its way into a line.
 *
 * Private to markdown_text.c, which escapes, and markdown_url.c, which knows
 * what GitHub links by itself.
 */
#ifndef CS_SRC_MARKDOWN_TEXT_H
#define CS_SRC_MARKDOWN_TEXT_H

#include "src/markdown_writer.h"

/* A text being written, and the byte looked at. */
struct cs_markdown_scan {
    struct cs_strbuf *out;
    const char *text;
    size_t len, at;
    size_t begin; /* where in `out` it began */
    const struct cs_markdown_context *context;
};

/* Bytes of a white space or invisible character beyond ASCII that begins
 * here, 0 for anything else; `ret_space` is set when a reader sees a blank. */
size_t cs_markdown_wide_space(const char *text, size_t len, bool *ret_space);

/* A URL around the ':' at which the scan stands: no markup is seen in it, so
 * nothing in it is escaped. Returns the bytes written from there on; 0 when
 * there is no URL. */
size_t cs_markdown_put_url(struct cs_markdown_scan *s);

/* "www." begins a URL too, but one that breaks off at a backslash of ours or
 * runs into markup. Then it is better that GitHub does not link it. */
void cs_markdown_defuse_www(struct cs_markdown_scan *s);

#endif
