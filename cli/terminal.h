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
    bool links;     /* it knows OSC 8, or ignores it */
    unsigned width; /* columns; 80 where nobody knows */
};

enum cs_color { CS_COLOR_AUTO, CS_COLOR_ALWAYS, CS_COLOR_NEVER, CS_COLORS };

/* The name of a choice, and back; an unknown name gives the end mark. */
const char *cs_color_name(enum cs_color color);
enum cs_color cs_color_from(const char *name);

/* Look at a stream. With CS_COLOR_AUTO colour needs a terminal that is not
 * "dumb" and no NO_COLOR in the environment; CLICOLOR_FORCE forces it. */
void cs_terminal_detect(struct cs_terminal *ret, FILE *stream,
                        enum cs_color color);

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

/* Append `text`, made safe, in a style, cut to `columns` with an ellipsis.
 * Returns the columns it takes. */
size_t cs_terminal_put_fit(const struct cs_terminal *terminal,
                           enum cs_style style, const char *text,
                           size_t columns, struct cs_strbuf *out);

/* Begin a link to `url`, and end it with a NULL `url`. True when it did: not
 * where the terminal has no links, nor for anything but a plain http or https
 * address. */
bool cs_terminal_link(const struct cs_terminal *terminal, const char *url,
                      struct cs_strbuf *out);

/* The bytes of `text`, which has no control characters, that fit on one line
 * of `columns`: cut at a blank if there is one in its second half, and never
 * none while `len` is not 0. */
size_t cs_terminal_fit(const char *text, size_t len, size_t columns);

#endif
