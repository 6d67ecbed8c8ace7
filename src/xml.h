/*
 * xml.h - XML fragments as a small tree in an arena.
 *
 * For markup that people and programs have edited for years: fragments without
 * a root, with the named characters of HTML, and often not quite well-formed.
 * A fragment is first parsed as it is; where that fails, it is mended (tags
 * balanced, stray "<" and "&" taken as text, characters that XML forbids left
 * out) and parsed again, so that a broken tag costs a tag and never a page.
 *
 * The parser never opens a file or a connection, reads no DTD and expands no
 * entity beyond the table of xml_entities.h. Depth is bounded: what lies
 * deeper than CS_XML_DEPTH_MAX becomes a child of the deepest level, so a
 * recursive walk over the tree is safe.
 */
#ifndef CS_SRC_XML_H
#define CS_SRC_XML_H

#include "src/arena.h"

#define CS_XML_DEPTH_MAX  256
#define CS_XML_SOURCE_MAX ((size_t)32 << 20)

/* The name of elements or attributes, one object per name and tree. */
struct cs_xml_name {
    const char *text;  /* with prefix, as written: "ac:link" */
    const void *class; /* what the caller's `classify` said */
};

struct cs_xml_attr {
    const struct cs_xml_name *name;
    const char *value;
};

/* An element, or text when `name` is NULL. Neighbouring text and CDATA are
 * one node; text is not terminated by a NUL. */
struct cs_xml {
    const struct cs_xml_name *name;
    union {
        struct {
            const struct cs_xml_attr *attrs;
            size_t n_attrs;
        };
        struct {
            const char *text;
            size_t len;
        };
    };
    struct cs_xml *next, *first, *last;
};

struct cs_xml_options {
    /* Asked once for each distinct name; the answer is kept in the name. May
     * be NULL. */
    const void *(*classify)(const char *name);
    /* Prefixes that the fragment uses without declaring them, ending in NULL.
     * Others are read as well, only more slowly. May be NULL. */
    const char *const *prefixes;
};

/* What may be wrong with a fragment. */
enum cs_xml_flaw {
    CS_XML_UNCLOSED_TAG,
    CS_XML_STRAY_END_TAG,
    CS_XML_BAD_ATTRIBUTE,  /* no value, given twice, or too many */
    CS_XML_BARE_CHARACTER, /* "<" or "&" meant as itself */
    CS_XML_FORBIDDEN_CHARACTER,
    CS_XML_BAD_ENCODING,     /* not UTF-8 */
    CS_XML_UNCLOSED_SECTION, /* CDATA */
    CS_XML_MALFORMED,        /* in another way */
    CS_XML_TOO_DEEP,         /* deeper than CS_XML_DEPTH_MAX */
    CS_XML_LOST_TEXT,        /* mended, but some text did not come through */
    CS_XML_FLAWS
};

struct cs_xml_result {
    struct cs_xml *root; /* an element of its own that holds the fragment */
    bool recovered;      /* it was not well-formed and has been mended */
    unsigned flaws[CS_XML_FLAWS]; /* how many of each were found */
};

/* A flaw in words: "unclosed tag". */
const char *cs_xml_flaw_name(enum cs_xml_flaw flaw);

/* Read `len` bytes of XML, at most CS_XML_SOURCE_MAX. The tree lives in the
 * arena and does not refer to `source`. CS_ERR_LIMIT when it is larger,
 * CS_ERR_NO_MEMORY. Source: XML 1.0 (5th edition); Namespaces in XML 1.0. */
enum cs_status cs_xml_parse(struct cs_arena *arena, const char *source,
                            size_t len, const struct cs_xml_options *options,
                            struct cs_xml_result *ret_result,
                            struct cs_error *err);

/* The value of an attribute, or NULL. Borrowed from the tree. */
const char *cs_xml_get(const struct cs_xml *element, const char *name);

/* The first child element with that name, or NULL. */
const struct cs_xml *cs_xml_child(const struct cs_xml *element,
                                  const char *name);

/* True when it is an element with that name. */
bool cs_xml_is(const struct cs_xml *node, const char *name);

/* All text below `element`, in order, as one string in the arena; "" when
 * there is none. NULL when the arena gives no more. */
const char *cs_xml_text(struct cs_arena *arena, const struct cs_xml *element,
                        size_t *ret_len);

#endif
