/*
 * node.h - the tree that every reader builds and the Markdown writer writes.
 *
 * Blocks nest: document, list, item, quote, table, row, cell. Lines do not: a
 * paragraph or heading holds a flat chain of leaves (text, break, image, ...),
 * and each leaf carries its marks (strong, code, ...) as bits and the link it
 * stands in as a pointer. So marks cannot be nested wrongly, neighbours with
 * equal marks are one, an empty mark does not exist, and a hundred thousand
 * nested elements of a hostile page cost no depth here. How marks become
 * delimiters is the writer's business alone.
 *
 * All nodes and strings live in the arena of the document. Text is UTF-8 as a
 * reader of the page sees it, white space not yet normalized.
 */
#ifndef CS_SRC_NODE_H
#define CS_SRC_NODE_H

#include "src/arena.h"
#include "src/body.h"

enum cs_node_kind {
    CS_NODE_DOCUMENT,
    CS_NODE_PARAGRAPH, /* of leaves */
    CS_NODE_HEADING,   /* of leaves */
    CS_NODE_LIST,      /* of items */
    CS_NODE_ITEM,      /* of blocks */
    CS_NODE_QUOTE,     /* of blocks */
    CS_NODE_CODE,      /* text: lines, verbatim */
    CS_NODE_MARKDOWN,  /* text: Markdown as its author wrote it */
    CS_NODE_RULE,
    CS_NODE_TABLE, /* of rows */
    CS_NODE_ROW,   /* of cells */
    CS_NODE_CELL,  /* of blocks */
    CS_NODE_PLACE, /* of blocks: what stands where other documents belong */
    CS_NODE_PART,  /* of blocks: a part that other documents may show */

    CS_NODE_TEXT,
    CS_NODE_BREAK,
    CS_NODE_IMAGE,    /* text: alternative text */
    CS_NODE_NAME,     /* text: best name known of what `ref` points at */
    CS_NODE_FORMULA,  /* text: TeX, in the line */
    CS_NODE_FOOTNOTE, /* of blocks; what stands in the line is its number */
    CS_NODE_ANCHOR,   /* text: name of this place; shows nothing */
};

/* Marks of a leaf, in the order in which they open when all else is equal. */
enum cs_mark {
    CS_MARK_STRONG,
    CS_MARK_EM,
    CS_MARK_STRIKE,
    CS_MARK_UNDERLINE,
    CS_MARK_SUB,
    CS_MARK_SUP,
    CS_MARK_KBD,
    CS_MARKS,
    CS_MARK_CODE = CS_MARKS /* not nested, but a kind of text */
};
#define CS_MARK_BIT(mark) (1u << (mark))

/* The alerts that GitHub draws. */
enum cs_alert {
    CS_ALERT_NONE,
    CS_ALERT_NOTE,
    CS_ALERT_TIP,
    CS_ALERT_IMPORTANT,
    CS_ALERT_WARNING,
    CS_ALERT_CAUTION,
};

enum cs_align { CS_ALIGN_NONE, CS_ALIGN_CENTER, CS_ALIGN_RIGHT };

enum cs_task { CS_TASK_NONE, CS_TASK_OPEN, CS_TASK_DONE };

/* Where a link or an image points: a reference, or else a URL. */
struct cs_target {
    const struct cs_ref *ref; /* NULL: url holds */
    const char *url;
};

struct cs_node {
    enum cs_node_kind kind;
    uint16_t marks; /* of a leaf: CS_MARK_BITs */
    bool apart;     /* of a leaf: never glued to a word beside it */
    union {
        uint8_t level;       /* heading: 1 to 6 */
        enum cs_task task;   /* item */
        enum cs_alert alert; /* quote */
        struct {
            unsigned start;
            bool ordered;
        } list;
        struct {
            uint16_t colspan, rowspan; /* 1 or more */
            bool header;
            enum cs_align align;
        } cell;
        const char *language; /* code; NULL: none */
        struct {
            struct cs_target target;
            uint16_t width, height; /* in pixels; 0: as it comes */
        };                          /* image */
        bool linked; /* anchor: a link leads to it, so it must be written */
        const struct cs_ref *ref; /* name */
        struct {
            enum cs_place_form form; /* one of the blocks */
            const struct cs_ref *ref;
        } place;
        struct {
            enum cs_part_kind kind;
            const char *name;
        } part;
    };
    const struct cs_target *link; /* of a leaf; equal pointers: one link */
    const char *text;
    size_t len;
    struct cs_node *next, *first, *last;
};

/* A new node, the last child of `parent` (NULL: none). NULL when the arena
 * gives no more, which is sticky there; `parent` may be NULL for that too. */
struct cs_node *cs_node_add(struct cs_arena *arena, struct cs_node *parent,
                            enum cs_node_kind kind);

/* The same with text, which is borrowed and must live as long as the arena. */
struct cs_node *cs_node_add_text(struct cs_arena *arena, struct cs_node *parent,
                                 enum cs_node_kind kind, const char *text,
                                 size_t len);

/* Take `child` out of `parent`, where it must be the last one. `before` is
 * the one before it, or NULL. */
void cs_node_drop_last(struct cs_node *parent, struct cs_node *before);

/* True when the text holds nothing but white space (cs_rune_is_space),
 * controls and zero-width characters. */
bool cs_node_is_blank(const char *text, size_t len);

#endif
