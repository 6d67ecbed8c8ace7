/*
 * terminal.h - what the other end of a stream is, and how to dress text for it.
 *
 * Nothing outside cli/ asks whether a stream is a terminal.
 */
#ifndef CS_CLI_TERMINAL_H
#define CS_CLI_TERMINAL_H

#include "src/strbuf.h"

struct cs_terminal {
    bool tty;
    bool color;
    unsigned width; /* columns; 80 where nobody knows */
};

/* Look at a stream. Colour needs a terminal that is not "dumb", no NO_COLOR
 * in the environment and `color` true; CLICOLOR_FORCE forces it. */
void cs_terminal_detect(struct cs_terminal *ret, FILE *stream, bool color);

enum cs_style {
    CS_STYLE_NONE, /* back to normal */
    CS_STYLE_TITLE,
    CS_STYLE_FAINT,
    CS_STYLE_MATCH,
    CS_STYLE_GOOD,
    CS_STYLE_BAD,
};

/* The escape sequence that starts a style, or "" without colour. */
const char *cs_terminal_style(const struct cs_terminal *terminal,
                              enum cs_style style);

/* Append `text`, made safe, in a style, and go back to normal. */
void cs_terminal_put(const struct cs_terminal *terminal, enum cs_style style,
                     const char *text, struct cs_strbuf *out);

/* The bytes of `text`, which has no control characters, that fit on one line
 * of `columns`: cut at a blank if there is one in its second half, and never
 * none while `len` is not 0. */
size_t cs_terminal_fit(const char *text, size_t len, size_t columns);

#endif
