/*
 * pack.c - what is kept and seldom read is kept compressed.
 */
#include "index/store/internal.h"

#include "src/library.h"

/* Markup is so repetitive that the fastest level is nearly as good. */
enum { COMPRESSION_LEVEL = 1 };

enum cs_status cs_pack(struct cs_store *store, const char *data, size_t len,
                       struct cs_strbuf *out, struct cs_error *err)
{
    size_t bound = ZSTD_compressBound(len);
    cs_strbuf_reset(out);
    if (!cs_strbuf_reserve(out, bound))
        return cs_strbuf_status(out, err);
    size_t n = ZSTD_compressCCtx(store->zstd, out->data, bound, data, len,
                                 COMPRESSION_LEVEL);
    if (ZSTD_isError(n))
        return cs_error_no_memory(err);
    out->len = n;
    out->data[n] = '\0';
    return CS_OK;
}

enum cs_status cs_unpack(const void *packed, size_t len, struct cs_strbuf *out,
                         struct cs_error *err)
{
    enum cs_status status = cs_library_zstd(err);
    if (status)
        return status;
    unsigned long long size = ZSTD_getFrameContentSize(packed, len);
    cs_strbuf_reset(out);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > SIZE_MAX / 2)
        return cs_error_set(err, CS_ERR_CORRUPT,
                            "a stored text cannot be unpacked");
    if (!cs_strbuf_reserve(out, (size_t)size))
        return cs_strbuf_status(out, err);
    size_t n = ZSTD_decompress(out->data, (size_t)size, packed, len);
    if (ZSTD_isError(n) || n != size)
        return cs_error_set(err, CS_ERR_CORRUPT,
                            "a stored text cannot be unpacked: %s",
                            ZSTD_isError(n) ? ZSTD_getErrorName(n) : "length");
    out->len = n;
    out->data[n] = '\0';
    return CS_OK;
}
