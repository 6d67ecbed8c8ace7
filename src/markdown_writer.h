/*
 * markdown_writer.h - what the files of the Markdown writer share.
 *
 * Private to src/markdown*.c. One file a layer, and calls go down only:
 *
 *   markdown.c        blocks
 *   markdown_table.c  pipe tables
 *   markdown_html.c   tables as HTML
 *   markdown_line.c   marks and links of one line
 *   markdown_span.c   writing what the line is made of
 *   markdown_text.c   escaping
 *   markdown_url.c    bare URLs
 *   markdown_chars.c  white space, entities
 *   markdown_out.c    lines with their prefix, places, parts
 */
#ifndef CS_SRC_MARKDOWN_WRITER_H
#define CS_SRC_MARKDOWN_WRITER_H

#include "src/markdown.h"

/* Where a line stands, which decides its escaping and its breaks. */
enum cs_markdown_mode {
    CS_MARKDOWN_BLOCK,   /* a paragraph */
    CS_MARKDOWN_HEADING, /* one line; breaks are blanks */
    CS_MARKDOWN_CELL,    /* one line; '|' is markup, breaks are <br> */
    CS_MARKDOWN_HTML,    /* everything is HTML */
};

struct cs_markdown_line; /* scratch of markdown_line.c */

/* A footnote to be written at the end of the document. */
struct cs_markdown_footnote {
    const struct cs_node *node;
    bool in_html; /* where nothing but a raised number can refer to it */
};

struct cs_markdown_writer {
    struct cs_arena *arena;
    struct cs_strbuf *out;
    struct cs_strbuf *prefix; /* what every line begins with: "> ", "  " */
    bool fresh;               /* at the begin of a line, prefix not written */
    unsigned depth;           /* blocks around the current one */
    unsigned list_depth;      /* lists among them */
    struct cs_place *places;
    size_t n_places, cap_places;
    struct cs_part *parts;
    size_t n_parts, cap_parts;
    struct cs_markdown_footnote *footnotes;
    size_t n_footnotes, cap_footnotes;
    struct cs_markdown_line *line;
};

/* Write the prefix, if a line was begun and nothing is on it yet. */
void cs_markdown_begin(struct cs_markdown_writer *w);

/* End the line. On an empty one the prefix is written without its blanks. */
void cs_markdown_newline(struct cs_markdown_writer *w);

/* Text that may hold line ends; every line gets the prefix. */
void cs_markdown_put_lines(struct cs_markdown_writer *w, const char *text,
                           size_t len);

/* Remember that the bytes from `at` to the end of the output are a place. */
void cs_markdown_place(struct cs_markdown_writer *w, size_t at,
                       enum cs_place_form form, const struct cs_ref *ref);

/* Remember that the bytes from `at` to the end of the output are a part. */
void cs_markdown_part(struct cs_markdown_writer *w, size_t at,
                      enum cs_part_kind kind, const char *name);

/* Write what refers to the footnote, and remember it. */
void cs_markdown_put_reference(struct cs_markdown_writer *w,
                               const struct cs_node *footnote, bool in_html);

/* The destination of a link or image: a place, or the escaped URL. */
void cs_markdown_put_target(struct cs_markdown_writer *w,
                            const struct cs_target *target,
                            enum cs_place_form form);

/* True for an image with a size: Markdown has no form for it, so it is written
 * as a tag. */
bool cs_markdown_is_sized(const struct cs_node *leaf);

/* The leaves of a paragraph or heading, without a line end. */
void cs_markdown_put_line(struct cs_markdown_writer *w,
                          const struct cs_node *line,
                          enum cs_markdown_mode mode);

/* A table: as a pipe table where all cells are lines of text, else as HTML. */
void cs_markdown_put_table(struct cs_markdown_writer *w,
                           const struct cs_node *table);
void cs_markdown_put_html_table(struct cs_markdown_writer *w,
                                const struct cs_node *table);

/* By enum cs_alert; NULLs for CS_ALERT_NONE. */
struct cs_markdown_alert {
    const char *word;  /* between the brackets, where GitHub draws it */
    const char *label; /* what stands for it elsewhere */
};
extern const struct cs_markdown_alert cs_markdown_alerts[];

/* Escaping: markdown_text.c */

/* What stands around a text. */
struct cs_markdown_context {
    enum cs_markdown_mode mode;
    bool in_link;
    bool strikes;    /* something on the line is struck through */
    bool line_start; /* nothing but the prefix is before it on its line */
    bool first_line; /* of its block: setext underlines cannot be there */
    char next;       /* the byte after it; ' ' for a blank or a line end */
    char beyond;     /* the same, beyond delimiters that close there */
};

/* Append `text` with white space as Markdown wants it (runs of it become one
 * blank, zero-width characters go) and with the backslashes it needs. */
void cs_markdown_put_text(struct cs_strbuf *out, const char *text, size_t len,
                          const struct cs_markdown_context *context);

/* The same as HTML text. */
void cs_markdown_put_html_text(struct cs_strbuf *out, const char *text,
                               size_t len);

/* Append the text of a code span: white space as above, nothing escaped. */
void cs_markdown_put_plain(struct cs_strbuf *out, const char *text, size_t len);

/* Looking: markdown_chars.c */

/* Bytes at the start (end) of `text` that are white space or invisible;
 * `ret_space` says whether any of them is a blank to a reader. */
size_t cs_markdown_leading_space(const char *text, size_t len, bool *ret_space);
size_t cs_markdown_trailing_space(const char *text, size_t len,
                                  bool *ret_space);

/* True when "&name;" or "&#1;" begins here. */
bool cs_markdown_is_entity(const char *text, size_t len);

/* The longest run of `c` in `text`. */
size_t cs_markdown_longest_run(const char *text, size_t len, char c);

#endif
