/*
 * storage_reader.h - what the files of the storage reader share.
 *
 * Private to connectors/confluence/storage_*.c. The reader walks the elements
 * of a page and keeps two things open: the block that gets the next block, and
 * the line (paragraph or heading) that gets the next leaf. A line begins with
 * the first thing that shows and ends where a block begins, so it does not
 * matter whether text stands in a <p>, bare in a cell or around a macro, and
 * elements without contents leave nothing behind.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_STORAGE_READER_H
#define CS_CONNECTORS_CONFLUENCE_STORAGE_READER_H

#include "connectors/confluence/storage_format.h"
#include "src/node.h"
#include "src/xml.h"

struct cs_storage_reader {
    struct cs_arena *arena;
    const struct cs_storage_options *options;
    const struct cs_xml *paragraph;  /* the <p> around, or NULL */
    struct cs_outcome_row *outcomes; /* as they came */
    size_t n_outcomes, cap_outcomes;
    size_t recent[64];        /* numbers of rows met lately, from 1, by name */
    enum cs_outcome *outcome; /* of the construct being read, or NULL */
    struct cs_node *block;    /* gets the next block */
    struct cs_node *line;     /* gets the next leaf, or NULL */
    uint16_t marks;           /* of the next leaf */
    const struct cs_target *link; /* of the next leaf */
    uint8_t heading;              /* lines are headings of this level, or 0 */
    size_t pinned_at;             /* what was shown when it was pinned */
    unsigned pinned;              /* over 0: paragraphs do not end the line */
    bool in_cell;                 /* of a table */
    bool parted;          /* a paragraph ended that did not end the line */
    const char *anchor;   /* of what is shown next, or NULL */
    bool links_to_itself; /* a link leads to a place in the page */
    bool in_html_macro;   /* which may not hold another one */
    unsigned depth;       /* blocks around */
    size_t shown;         /* leaves and blocks made that a reader sees */
};

/* One element of the table in storage_format.c. */
typedef void cs_storage_read_fn(struct cs_storage_reader *r,
                                const struct cs_xml *xml, unsigned arg);

/* What xml.h calls a class: how an element is read. */
struct cs_storage_element {
    const char *name;
    cs_storage_read_fn *read;
    unsigned arg;
    bool counted; /* in the report, also when all is well */
};

/* For struct cs_xml_options: the row for an element's name, or NULL. */
const void *cs_storage_classify(const char *name);
extern const struct cs_xml_options cs_storage_xml_options;

/* Building: storage_build.c */

void cs_storage_end_line(struct cs_storage_reader *r);

/* A block ends on a line that goes on: what follows stands apart from it. */
void cs_storage_part_line(struct cs_storage_reader *r);

/* A block in the open one; ends the line. NULL when memory is out. */
struct cs_node *cs_storage_add_block(struct cs_storage_reader *r,
                                     enum cs_node_kind kind);

/* A leaf on the line, which begins if it has to. */
struct cs_node *cs_storage_add_leaf(struct cs_storage_reader *r,
                                    enum cs_node_kind kind, const char *text,
                                    size_t len);

/* Text; blank text begins no line. */
void cs_storage_add_text(struct cs_storage_reader *r, const char *text,
                         size_t len);
void cs_storage_add_string(struct cs_storage_reader *r, const char *text);

/* The same with more marks, not to be glued to words beside it. */
void cs_storage_add_word(struct cs_storage_reader *r, const char *text,
                         unsigned marks);

/* A hard break; two in a row end the line. */
void cs_storage_add_break(struct cs_storage_reader *r);

/* A bold line of its own. NULL and "" add nothing. */
void cs_storage_add_title(struct cs_storage_reader *r, const char *title);

/* A name for the place where the next leaf of a line will stand, or for the
 * end of the line when there is one. */
void cs_storage_add_anchor(struct cs_storage_reader *r, const char *name);

/* A code block; blank code adds nothing. `language` may be NULL. */
void cs_storage_add_code(struct cs_storage_reader *r, const char *text,
                         size_t len, const char *language);

/* True when no block may be nested any deeper. */
bool cs_storage_is_deep(const struct cs_storage_reader *r);

/* Outcomes, for the report of the conversion: of the construct being read
 * (the worst one counts), and of one by name. `kind` is that of struct
 * cs_outcome_row; names live as long as the arena. */
void cs_storage_set_outcome(struct cs_storage_reader *r,
                            enum cs_outcome outcome);
void cs_storage_count(struct cs_storage_reader *r, const char *kind,
                      const char *name, enum cs_outcome outcome);
void cs_storage_count_flaws(struct cs_storage_reader *r,
                            const struct cs_xml_result *source);
/* Rows sorted and summed up, at most 1000: what is beyond is counted under
 * the name "(others)". Names are cut at 100 bytes. */
struct cs_conversion_note cs_storage_sum_up(struct cs_storage_reader *r);

/* Reading */

/* All text in an element without white space at its edges, in the arena; NULL
 * when there is nothing else. */
const char *cs_storage_text(struct cs_storage_reader *r,
                            const struct cs_xml *xml);

void cs_storage_read(struct cs_storage_reader *r, const struct cs_xml *xml);
void cs_storage_read_children(struct cs_storage_reader *r,
                              const struct cs_xml *xml);
/* Into `block`; then the reader is where it was, with its line ended. */
void cs_storage_read_into(struct cs_storage_reader *r, struct cs_node *block,
                          const struct cs_xml *xml);
/* As one line, whatever paragraphs it holds. */
void cs_storage_read_inline(struct cs_storage_reader *r,
                            const struct cs_xml *xml);

/* Elements: storage_block.c */
cs_storage_read_fn cs_storage_read_list, cs_storage_read_item,
    cs_storage_read_tasks, cs_storage_read_table, cs_storage_read_quote,
    cs_storage_read_pre, cs_storage_read_definitions;

/* Elements: storage_inline.c */
cs_storage_read_fn cs_storage_read_span, cs_storage_read_emoticon,
    cs_storage_read_time, cs_storage_read_math, cs_storage_read_variable;

/* Elements: storage_link.c */
cs_storage_read_fn cs_storage_read_a, cs_storage_read_link,
    cs_storage_read_image, cs_storage_read_img, cs_storage_read_resource;

/* The first resource identifier (ri:...) or link in `holder` as a target; NULL
 * when there is none. `anchor` may be NULL. */
const struct cs_target *cs_storage_target(struct cs_storage_reader *r,
                                          const struct cs_xml *holder,
                                          const char *anchor);

/* A link with the name of what it points at as its text; a person becomes a
 * mention. */
void cs_storage_add_named_link(struct cs_storage_reader *r,
                               const struct cs_target *target);

/* A target in the arena; NULL when memory is out. */
const struct cs_target *cs_storage_new_target(struct cs_storage_reader *r,
                                              const struct cs_ref *ref,
                                              const char *url);

/* Macros: storage_macro.c; ADF islands: storage_adf.c */
cs_storage_read_fn cs_storage_read_macro, cs_storage_read_adf;

/* "(macro: name, detail)": what stands for a macro that cannot be shown. */
void cs_storage_add_note(struct cs_storage_reader *r, const char *name,
                         const struct cs_target *target, const char *detail);

/* A quote, or an alert, to be filled by cs_storage_read_into(). NULL when it
 * would be too deep: read the contents in place then. */
struct cs_node *cs_storage_add_quote(struct cs_storage_reader *r,
                                     enum cs_alert alert);

#endif
