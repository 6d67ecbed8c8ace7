/*
 * markdown_line.h - a line between its leaves and its Markdown.
 *
 * Private to markdown_line.c, which makes it, and markdown_span.c, which
 * writes it.
 */
#ifndef CS_SRC_MARKDOWN_LINE_H
#define CS_SRC_MARKDOWN_LINE_H

#include "src/markdown_writer.h"

enum cs_markdown_gap {
    CS_MARKDOWN_GAP_NONE,
    CS_MARKDOWN_GAP_SPACE,
    CS_MARKDOWN_GAP_BREAK
};

/* The link takes part as one more mark. */
enum { CS_MARKDOWN_LINK = CS_MARKS, CS_MARKDOWN_SPANS };

/* A leaf that shows something, its text trimmed. */
struct cs_markdown_piece {
    const struct cs_node *leaf;
    const char *text;
    size_t len;
    enum cs_markdown_gap gap; /* in front of it */
    bool joined;              /* goes on with the code span before it */
    uint32_t until[CS_MARKDOWN_SPANS]; /* where each mark ends, if it has it */
};

enum cs_markdown_token_kind {
    CS_MARKDOWN_OPEN,
    CS_MARKDOWN_CLOSE,
    CS_MARKDOWN_GAP,
    CS_MARKDOWN_PIECE
};

struct cs_markdown_token {
    enum cs_markdown_token_kind kind;
    unsigned span;  /* open, close: which mark */
    bool html;      /* open, close: as a tag */
    size_t piece;   /* which; open, close: the first one inside */
    size_t partner; /* open, close: the other one */
};

struct cs_markdown_line {
    enum cs_markdown_mode mode;
    struct cs_markdown_piece *pieces;
    size_t n_pieces, cap_pieces;
    struct cs_markdown_token *tokens;
    size_t n_tokens, cap_tokens;
    bool failed; /* the arena gives no more tokens */
    struct cs_strbuf *scratch;
};

struct cs_markdown_mark {
    const char *delimiter; /* NULL: there are only tags */
    const char *open, *close;
};
extern const struct cs_markdown_mark cs_markdown_marks[CS_MARKS];

/* The character of the delimiter that the token writes; NUL for none. */
char cs_markdown_delimiter(const struct cs_markdown_token *token);

bool cs_markdown_is_code(const struct cs_node *leaf);

/* Write the tokens of w->line. */
void cs_markdown_put_tokens(struct cs_markdown_writer *w,
                            enum cs_markdown_mode mode);

#endif
