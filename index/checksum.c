/*
 * checksum.c - a layer between SQLite and the file system, for the main file.
 *
 * Everything passes on to the layer below but reading and writing whole pages.
 * A page that was read gets zeros in place of its hash, so that it comes into
 * the log with zeros when it is changed.
 */
#include "index/checksum.h"

#include "src/hash.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LAYER "cs-checksum"

enum { HEADER = 100, PAGE_MAX = 65536 };

struct file {
    sqlite3_file base; /* first: SQLite knows only this */
    sqlite3_file *below;
    int page_size; /* 0: pages have no hashes */
    bool failed;   /* a hash was wrong */
};

static struct file *file_of(sqlite3_file *file)
{
    return (struct file *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
    return file_of(file)->below;
}

/* The first bytes of the file tell how large pages are and what is reserved. */
static void learn(struct file *file, const unsigned char *data, int n,
                  sqlite3_int64 at)
{
    if (at != 0 || n < HEADER || memcmp(data, "SQLite format 3", 16) != 0)
        return;
    int size = data[16] << 8 | data[17];
    size = size == 1 ? PAGE_MAX : size;
    bool sane = size >= 512 && size <= PAGE_MAX && (size & (size - 1)) == 0;
    file->page_size = sane && data[20] == CS_CHECKSUM_BYTES ? size : 0;
}

static bool is_page(const struct file *file, int n, sqlite3_int64 at)
{
    return file->page_size && n == file->page_size && at % n == 0;
}

/* Never zero: that means "not known". */
static void hash_page(const unsigned char *page, int n, sqlite3_int64 at,
                      unsigned char ret[CS_CHECKSUM_BYTES])
{
    struct cs_hash hash = cs_hash_of(page, (size_t)n - CS_CHECKSUM_BYTES);
    uint64_t number = (uint64_t)(at / n), value;
    memcpy(&value, hash.bytes, sizeof(value));
    value ^= number * UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < CS_CHECKSUM_BYTES; i++)
        ret[i] = (unsigned char)(value >> 8 * i);
    ret[0] |= value == 0;
}

static int read_page(sqlite3_file *base, void *data, int n, sqlite3_int64 at)
{
    static const unsigned char unknown[CS_CHECKSUM_BYTES];
    struct file *file = file_of(base);
    unsigned char want[CS_CHECKSUM_BYTES], *page = data;
    int code = file->below->pMethods->xRead(file->below, data, n, at);
    if (code != SQLITE_OK)
        return code;
    learn(file, page, n, at);
    if (!is_page(file, n, at))
        return SQLITE_OK;
    unsigned char *tail = page + n - CS_CHECKSUM_BYTES;
    if (memcmp(tail, unknown, CS_CHECKSUM_BYTES) == 0)
        return SQLITE_OK;
    hash_page(page, n, at, want);
    if (memcmp(tail, want, CS_CHECKSUM_BYTES) != 0) {
        file->failed = true;
        return SQLITE_IOERR_DATA;
    }
    memset(tail, 0, CS_CHECKSUM_BYTES);
    return SQLITE_OK;
}

static int write_page(sqlite3_file *base, const void *data, int n,
                      sqlite3_int64 at)
{
    struct file *file = file_of(base);
    unsigned char page[PAGE_MAX];
    learn(file, data, n, at);
    if (is_page(file, n, at)) {
        memcpy(page, data, (size_t)n);
        hash_page(page, n, at, page + n - CS_CHECKSUM_BYTES);
        data = page;
    }
    return file->below->pMethods->xWrite(file->below, data, n, at);
}

static int close_file(sqlite3_file *base)
{
    struct file *file = file_of(base);
    int code = file->below->pMethods->xClose(file->below);
    free(file->below);
    return code;
}

static int truncate_file(sqlite3_file *f, sqlite3_int64 size)
{
    return below(f)->pMethods->xTruncate(below(f), size);
}

static int sync_file(sqlite3_file *f, int flags)
{
    return below(f)->pMethods->xSync(below(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return below(f)->pMethods->xFileSize(below(f), ret);
}

static int lock_file(sqlite3_file *f, int lock)
{
    return below(f)->pMethods->xLock(below(f), lock);
}

static int unlock_file(sqlite3_file *f, int lock)
{
    return below(f)->pMethods->xUnlock(below(f), lock);
}

static int is_reserved(sqlite3_file *f, int *ret)
{
    return below(f)->pMethods->xCheckReservedLock(below(f), ret);
}

static int control_file(sqlite3_file *f, int op, void *arg)
{
    if (op == CS_CHECKSUM_FAILED) {
        *(int *)arg = file_of(f)->failed;
        return SQLITE_OK;
    }
    return below(f)->pMethods->xFileControl(below(f), op, arg);
}

static int traits(sqlite3_file *f)
{
    return below(f)->pMethods->xDeviceCharacteristics(below(f));
}

static int map_memory(sqlite3_file *f, int page, int size, int extend,
                      void volatile **ret)
{
    return below(f)->pMethods->xShmMap(below(f), page, size, extend, ret);
}

static int lock_memory(sqlite3_file *f, int offset, int n, int flags)
{
    return below(f)->pMethods->xShmLock(below(f), offset, n, flags);
}

static void memory_barrier(sqlite3_file *f)
{
    below(f)->pMethods->xShmBarrier(below(f));
}

static int unmap_memory(sqlite3_file *f, int remove)
{
    return below(f)->pMethods->xShmUnmap(below(f), remove);
}

/* Version 2: without memory maps of the file, which would go past us. SQLite
 * has a sector size of its own for files that tell none. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_page,
    .xWrite = write_page,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control_file,
    .xDeviceCharacteristics = traits,
    .xShmMap = map_memory,
    .xShmLock = lock_memory,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = unmap_memory,
};

/* Logs, journals and temporary files are none of our business. */
static int open_file(sqlite3_vfs *layer, const char *name, sqlite3_file *base,
                     int flags, int *ret_flags)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    struct file *file = file_of(base);
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return vfs->szOsFile <= layer->szOsFile
                   ? vfs->xOpen(vfs, name, base, flags, ret_flags)
                   : SQLITE_CANTOPEN;
    *file = (struct file){.below = calloc(1, (size_t)vfs->szOsFile)};
    if (!file->below)
        return SQLITE_NOMEM;
    int code = vfs->xOpen(vfs, name, file->below, flags, ret_flags);
    if (code != SQLITE_OK && !file->below->pMethods) {
        free(file->below);
        return code;
    }
    file->base.pMethods = &methods; /* SQLite closes it after a failure too */
    return code;
}

/* Made once, and kept by SQLite for as long as the program runs. */
const char *cs_checksum_layer(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL), *layer;
    if (sqlite3_vfs_find(LAYER))
        return LAYER;
    layer = vfs ? malloc(sizeof(*layer)) : NULL;
    if (!layer)
        return NULL;
    *layer = *vfs;
    layer->zName = LAYER;
    layer->pNext = NULL;
    layer->xOpen = open_file;
    if ((size_t)layer->szOsFile < sizeof(struct file))
        layer->szOsFile = (int)sizeof(struct file);
    layer->szOsFile += 1024; /* another layer may come below this one */
    if (sqlite3_vfs_register(layer, 0) == SQLITE_OK)
        return LAYER;
    free(layer);
    return NULL;
}
