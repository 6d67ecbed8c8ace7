/*
 * library_zstd.c - the functions of libzstd that are used, loaded when needed.
 */
#include "src/library.h"

#include <zstd.h>

#define FUNCTIONS(X)                                                           \
    X(ZSTD_compressBound)                                                      \
    X(ZSTD_compressCCtx)                                                       \
    X(ZSTD_createCCtx)                                                         \
    X(ZSTD_decompress)                                                         \
    X(ZSTD_freeCCtx)                                                           \
    X(ZSTD_getErrorName)                                                       \
    X(ZSTD_getFrameContentSize)                                                \
    X(ZSTD_isError)                                                            \
    X(ZSTD_versionString)

#define POINTER(name) __typeof__(name) *name;
#define SLOT(name)    {#name, &real.name},

/* Filled once, by cs_library_zstd(). */
static struct {
    FUNCTIONS(POINTER)
    bool loaded;
} real;

enum cs_status cs_library_zstd(struct cs_error *err)
{
    const struct cs_library_slot slots[] = {FUNCTIONS(SLOT)};
    return cs_library_load(CS_LIBRARY_ZSTD, slots, CS_ARRAY_LEN(slots),
                           &real.loaded, err);
}

const char *ZSTD_versionString(void)
{
    return real.ZSTD_versionString();
}

ZSTD_CCtx *ZSTD_createCCtx(void)
{
    return real.ZSTD_createCCtx();
}

size_t ZSTD_freeCCtx(ZSTD_CCtx *context)
{
    return real.ZSTD_freeCCtx(context);
}

size_t ZSTD_compressBound(size_t size)
{
    return real.ZSTD_compressBound(size);
}

size_t ZSTD_compressCCtx(ZSTD_CCtx *context, void *to, size_t room,
                         const void *from, size_t size, int level)
{
    return real.ZSTD_compressCCtx(context, to, room, from, size, level);
}

unsigned long long ZSTD_getFrameContentSize(const void *from, size_t size)
{
    return real.ZSTD_getFrameContentSize(from, size);
}

size_t ZSTD_decompress(void *to, size_t room, const void *from, size_t size)
{
    return real.ZSTD_decompress(to, room, from, size);
}

unsigned ZSTD_isError(size_t code)
{
    return real.ZSTD_isError(code);
}

const char *ZSTD_getErrorName(size_t code)
{
    return real.ZSTD_getErrorName(code);
}
