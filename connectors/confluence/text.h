/*
 * text.h - one stored text of Confluence as a body with all its addresses.
 */
#ifndef CS_CONNECTORS_CONFLUENCE_TEXT_H
#define CS_CONNECTORS_CONFLUENCE_TEXT_H

#include "connectors/confluence/address.h"
#include "src/document.h"
#include "src/json.h"

/* The source_format of these texts. Those of a site whose wiki is the site's
 * own address, not "/wiki" below it, have the second, so that they can be
 * converted again without asking the site. */
#define CS_FORMAT_STORAGE    "storage"
#define CS_DC_FORMAT_STORAGE "storage-root"

/* Read the source of a text, body.storage.value of `row`, which it is borrowed
 * from. CS_ERR_PARSE. */
enum cs_status cs_text_read(const struct cs_json *row, const char *format,
                            struct cs_text *ret, struct cs_error *err);

/* Convert storage format that stands on `page`; everything lives in `arena`.
 * Failures are those of cs_storage_convert(). */
enum cs_status cs_text_convert(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               const char *storage, size_t len,
                               struct cs_body *ret_body,
                               struct cs_conversion_note *ret_note,
                               struct cs_error *err);

#endif
