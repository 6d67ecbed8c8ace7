/*
 * markdown.h - the only writer of Markdown, and all that knows its escaping.
 *
 * Takes the tree of node.h and writes GitHub-Flavored Markdown that means the
 * same when it is parsed again. Where Markdown has no form for something, HTML
 * that GitHub shows is written instead: emphasis whose delimiters CommonMark
 * would not close, and tables with more than lines of text in a cell.
 *
 * The form is fixed, so that equal trees give equal bytes: ATX headings, "-"
 * and "1." (a list directly after another takes "*" and "1)"), fences of
 * backticks, "**", "*" and "~~", a backslash for a hard break, one line a
 * paragraph, one newline at the end.
 */
#ifndef CS_SRC_MARKDOWN_H
#define CS_SRC_MARKDOWN_H

#include "src/body.h"
#include "src/node.h"

/* A text longer than this is refused. */
#define CS_MARKDOWN_MAX ((size_t)128 << 20)

/* Blocks deeper than this are read as if they stood at this level; whoever
 * builds a tree must not nest deeper (readers: see storage_reader.h). */
#define CS_NODE_DEPTH_MAX 64

/* Write `document`. The body and its places live in the arena. An empty
 * document gives an empty text. CS_ERR_NO_MEMORY, CS_ERR_LIMIT.
 * Source: GitHub Flavored Markdown Spec 0.29 on CommonMark 0.29 to 0.31. */
enum cs_status cs_markdown_write(struct cs_arena *arena,
                                 const struct cs_node *document,
                                 struct cs_body *ret_body,
                                 struct cs_error *err);

#endif
