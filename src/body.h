/*
 * body.h - a converted text and the references in it.
 *
 * A body is Markdown in canonical form: it says nothing about where other
 * documents lie. Wherever the text depends on another document, a person or an
 * attachment, it holds a *place*: a range of bytes to be filled in when the
 * text is shown or written to a file. So a page that moves re-emits its
 * neighbours without being converted again, and without the network.
 *
 * For a destination the range is empty in the canonical text ("[Runbook]()").
 * For a text ("@Ada", a title) the range holds the best that was known when
 * the body was made.
 */
#ifndef CS_SRC_BODY_H
#define CS_SRC_BODY_H

#include "src/strbuf.h"

/* What kind of thing a reference points at. Stored by name: body.c. */
enum cs_ref_kind {
    CS_REF_PAGE,       /* space + title, or id */
    CS_REF_BLOG_POST,  /* space + title (+ day), or id */
    CS_REF_CONTENT,    /* id, kind unknown */
    CS_REF_ATTACHMENT, /* file, on the page named by id or space + title */
    CS_REF_SPACE,      /* space */
    CS_REF_USER,       /* id: account id, user key or user name */
    CS_REF_SELF,       /* anchor on the same document */
    CS_REF_KINDS
};

/* A reference as its author wrote it; strings that do not apply are NULL. A
 * NULL space means the space of the document that holds the reference. */
struct cs_ref {
    enum cs_ref_kind kind;
    const char *space;  /* space key */
    const char *title;  /* title of the page or blog post */
    const char *id;     /* vendor's id of content or person */
    const char *file;   /* file name of an attachment */
    const char *day;    /* blog post: "YYYY/MM/DD" */
    const char *anchor; /* fragment as it must stand in a link, without '#' */
    const char *query;  /* what a block place asks for, see cs_place_form */
    const char *url;    /* where it leads in a browser, for a target that is
                         * not mirrored; NULL when there is no such address */
};

/* How the filled-in text stands in its surroundings, so how it is escaped.
 * Stored as numbers: new forms go to the end. */
enum cs_place_form {
    CS_PLACE_DESTINATION, /* between the parentheses of a Markdown link */
    CS_PLACE_TEXT,        /* Markdown text */
    CS_PLACE_HTML_ATTR,   /* between the quotes of an HTML attribute */
    CS_PLACE_HTML_TEXT,   /* text inside raw HTML */

    /* Blocks made of other documents. The range holds what stands there when
     * the mirror cannot fill it in: a visible link or note. It begins and ends
     * with lines of its own, at the left margin, and may hold other places. */
    CS_PLACE_INCLUDE,  /* the text of the page */
    CS_PLACE_EXCERPT,  /* the excerpt of the page named `query` ("": any) */
    CS_PLACE_CHILDREN, /* a list of the children of the page (this one without
                        * title and id), or of the home page of a space;
                        * `query` levels deep ("": all), and after a comma how
                        * many on the highest level: "2,5" */
    CS_PLACE_LABELLED, /* a list of pages with all labels in `query`,
                        * separated by commas; in `space`, NULL: in any */
    CS_PLACE_REPORT,   /* a table of the page properties of those pages */
    CS_PLACE_FORMS
};

/* True for the forms that are blocks. */
bool cs_place_is_block(enum cs_place_form form);

struct cs_place {
    size_t at, len; /* bytes in the Markdown that the filled-in text replaces */
    enum cs_place_form form;
    struct cs_ref ref;
};

/* A part of a body that other documents may show: an excerpt, or a table of
 * page properties. Whole lines at the left margin. */
struct cs_part {
    enum cs_part_kind { CS_PART_EXCERPT, CS_PART_PROPERTIES } kind;
    const char *name; /* "" when it has none */
    size_t at, len;   /* bytes in the Markdown */
};

/* Markdown, its places, and its parts. Places are ordered by `at`; they do not
 * overlap, but that a block place may hold others, which follow it. Borrowed
 * from whatever made it, as a rule the arena of the document. */
struct cs_body {
    const char *markdown;
    size_t len;
    const struct cs_place *places;
    size_t n_places;
    const struct cs_part *parts;
    size_t n_parts;
};

/* Answer what stands at a place: append the plain, unescaped text (a relative
 * path, a URL, a name; for a block Markdown) to `out` and return true; false
 * keeps what is there. */
typedef bool cs_resolve_fn(void *payload, const struct cs_place *place,
                           struct cs_strbuf *out);

/* Append the body to `out` with every place filled in by `resolve`, escaped
 * for its form. Failure is sticky in `out`. */
void cs_body_render(const struct cs_body *body, cs_resolve_fn *resolve,
                    void *payload, struct cs_strbuf *out);

/* A resolver that needs no mirror: destinations become "cs:" references such
 * as "cs:page/ENG/Run%20book#Steps", texts stay as they are. Payload unused. */
bool cs_resolve_canonical(void *payload, const struct cs_place *place,
                          struct cs_strbuf *out);

/* Append `text` escaped as it must be in a place of that form. Destinations
 * with blanks, parentheses or controls are put into angle brackets or percent
 * encoding as CommonMark asks ("Links", link destination). */
void cs_place_escape(struct cs_strbuf *out, enum cs_place_form form,
                     const char *text, size_t len);

/* Names as stored and shown ("page", "attachment", ...), and back; an unknown
 * name gives the KINDS or FORMS end mark. */
const char *cs_ref_kind_name(enum cs_ref_kind kind);
enum cs_ref_kind cs_ref_kind_from(const char *name);

#endif
