/*
 * storage_comments.h - comments, each in storage format, as one Markdown text.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_STORAGE_COMMENTS_H
#define CS_CONNECTORS_CONFLUENCE_STORAGE_COMMENTS_H

#include "connectors/confluence/comments.h"
#include "connectors/confluence/storage_format.h"

/* Convert comments in the order given; a reply stands below what it answers,
 * and one whose parent is not among them stands by itself. Lives in `arena`,
 * fails as cs_storage_convert(). */
enum cs_status cs_storage_convert_comments(
    struct cs_arena *arena, const struct cs_comment *comments, size_t n,
    const struct cs_storage_options *options, struct cs_body *ret_body,
    struct cs_conversion_note *ret_note, struct cs_error *err);

#endif
