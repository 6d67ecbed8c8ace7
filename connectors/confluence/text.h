/*
 * text.h - one stored text of Confluence as a body with all its addresses.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_TEXT_H
#define CS_CONNECTORS_CONFLUENCE_TEXT_H

#include "connectors/confluence/address.h"
#include "src/document.h"

/* Convert storage format that stands on `page`; everything lives in `arena`.
 * Failures are those of cs_storage_convert(). */
enum cs_status cs_text_convert(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               const char *storage, size_t len,
                               struct cs_body *ret_body,
                               struct cs_conversion_note *ret_note,
                               struct cs_error *err);

#endif
