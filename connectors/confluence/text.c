/*
 * text.c - the converter, then an address for every reference.
 */
#include "connectors/confluence/text.h"

#include "connectors/confluence/storage_format.h"

enum cs_status cs_text_read(const struct cs_json *row, const char *format,
                            struct cs_text *ret, struct cs_error *err)
{
    struct cs_json body, storage;
    const char *source;
    enum cs_status status =
        cs_json_object(row, "body", CS_JSON_REQUIRED, &body, err);
    if (!status)
        status =
            cs_json_object(&body, "storage", CS_JSON_REQUIRED, &storage, err);
    if (!status)
        status =
            cs_json_text(&storage, "value", CS_JSON_REQUIRED, &source, err);
    if (status)
        return status;
    ret->source = source;
    ret->source_len = strlen(source);
    ret->source_format = format;
    return CS_OK;
}

enum cs_status cs_text_convert(struct cs_arena *arena,
                               const struct cs_address_page *page,
                               const char *storage, size_t len,
                               struct cs_body *ret_body,
                               struct cs_conversion_note *ret_note,
                               struct cs_error *err)
{
    const struct cs_storage_options options = {.space_key = page->space,
                                               .site_url = page->wiki};
    enum cs_status status = cs_storage_convert(arena, storage, len, &options,
                                               ret_body, ret_note, err);
    return status ? status : cs_address_body(arena, page, ret_body, err);
}
