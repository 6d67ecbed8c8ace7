/*
 * comments.h - all comments of a page as one text.
 *
 * Both clients read comments each in its own way and hand them over as an
 * array. From it comes a compact JSON, which is kept as the source, and from
 * that JSON the Markdown: "## Comments" and a list with an item for each, in
 * the order in which they were made, replies nested below what they answer. The
 * same comments in any order give the same bytes.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_COMMENTS_H
#define CS_CONNECTORS_CONFLUENCE_COMMENTS_H

#include "connectors/confluence/address.h"
#include "src/document.h"

/* The source_format of these texts; that of Data Center, whose pages do not lie
 * below "/wiki", is set by its client. */
#define CS_FORMAT_COMMENTS    "comments"
#define CS_DC_FORMAT_COMMENTS "comments-root"

/* One comment; strings are borrowed, and NULL when unknown. */
struct cs_comment {
    const char *id;
    const char *parent_id;  /* of the comment that it answers */
    const char *author_id;  /* NULL: anonymous */
    int64_t created;        /* 0 unknown; then the id tells the order */
    int64_t updated;        /* shown where `created` is unknown */
    bool edited;            /* after it was made */
    bool is_inline;         /* on a part of the page */
    const char *resolution; /* of an inline one: "open", "resolved", ... */
    const char *selection;  /* the part of the page that it is about */
    const char *body;       /* storage format */
};

/* Make the text; sorts the array. Without comments body and source are empty.
 * Everything lives in `arena`; fails as cs_storage_convert() does. */
enum cs_status cs_comments_text(struct cs_arena *arena,
                                const struct cs_address_page *page,
                                struct cs_comment *comments, size_t n,
                                struct cs_text *ret, struct cs_error *err);

/* Make the text again from its source. CS_ERR_PARSE when that is none of
 * ours. */
enum cs_status cs_comments_convert(struct cs_arena *arena,
                                   const struct cs_address_page *page,
                                   const char *source, size_t len,
                                   struct cs_body *ret_body,
                                   struct cs_conversion_note *ret_note,
                                   struct cs_error *err);

#endif
