/*
 * storage_macro.h - what the handlers of macros share.
 *
 * Private to connectors/confluence/storage_macro*.c.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_STORAGE_MACRO_H
#define CS_CONNECTORS_CONFLUENCE_STORAGE_MACRO_H

#include "connectors/confluence/storage_reader.h"

/* A macro as it stands in the page. */
struct cs_storage_call {
    const struct cs_xml *xml;
    const char *name;          /* lower case */
    const struct cs_xml *rich; /* its body, or NULL */
    const struct cs_xml *plain;
    const char *text; /* of the plain body; NULL without one */
    size_t len;
};

struct cs_storage_macro;
typedef void cs_storage_macro_fn(struct cs_storage_reader *r,
                                 const struct cs_storage_call *call,
                                 const struct cs_storage_macro *row);

/* One row a macro, sorted by name: storage_macro.c. */
struct cs_storage_macro {
    const char *name;
    cs_storage_macro_fn *read;
    const char *text; /* a parameter or a word, as `read` wants it */
    unsigned arg;
};

/* The table, for tests. */
const struct cs_storage_macro *cs_storage_macros(size_t *ret_n);

/* A parameter that is text, without blanks at its edges; NULL when missing or
 * empty. */
const char *cs_storage_param(struct cs_storage_reader *r,
                             const struct cs_storage_call *call,
                             const char *name);

/* A parameter that points at something: by an element (ri:..., ac:link), else
 * as the title of a page, "KEY:Title" or a URL. NULL when missing. */
const struct cs_target *cs_storage_param_target(
    struct cs_storage_reader *r, const struct cs_storage_call *call,
    const char *name);

/* True when the macro neither has text beside it nor shares a paragraph: then
 * it is a block of its own. */
bool cs_storage_stands_alone(const struct cs_storage_reader *r,
                             const struct cs_xml *xml);

/* The contents of the body, whatever it is; nothing without one. */
void cs_storage_read_body(struct cs_storage_reader *r,
                          const struct cs_storage_call *call);

cs_storage_macro_fn cs_storage_macro_code, cs_storage_macro_panel,
    cs_storage_macro_titled, cs_storage_macro_body, cs_storage_macro_unknown,
    cs_storage_macro_silent, cs_storage_macro_anchor, cs_storage_macro_footnote,
    cs_storage_macro_status, cs_storage_macro_jira, cs_storage_macro_pointer,
    cs_storage_macro_include, cs_storage_macro_children,
    cs_storage_macro_labelled, cs_storage_macro_part, cs_storage_macro_diagram,
    cs_storage_macro_person, cs_storage_macro_math, cs_storage_macro_markdown,
    cs_storage_macro_html, cs_storage_macro_note, cs_storage_macro_button,
    cs_storage_macro_csv;

#endif
