/*
 * stub.h - the text of what has no text: whiteboards, databases, embeds.
 *
 * A line that says what it is, with a link to it for a browser. It is made from
 * what the listing told, without a request, and does not hold the title, which
 * may change without a new version.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_STUB_H
#define CS_CONNECTORS_CONFLUENCE_STUB_H

#include "connectors/confluence/address.h"
#include "src/document.h"

/* The source_format of these texts. */
#define CS_FORMAT_STUB "stub"

/* Make the text; `url` may be NULL. Everything lives in `arena`.
 * CS_ERR_NO_MEMORY, CS_ERR_LIMIT. */
enum cs_status cs_stub_text(struct cs_arena *arena, enum cs_item_kind kind,
                            const char *url, struct cs_text *ret,
                            struct cs_error *err);

/* Make the text again from its source; `page` and `ret_note` are not needed,
 * for there is nothing to resolve. CS_ERR_PARSE when the source is none of
 * ours. */
enum cs_status cs_stub_convert(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               const char *source, size_t len,
                               struct cs_body *ret_body,
                               struct cs_conversion_note *ret_note,
                               struct cs_error *err);

#endif
