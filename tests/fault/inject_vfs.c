/*
 * inject_vfs.c - what SQLite asks of its files: each call is a point.
 *
 * Every method passes on to the default layer. Memory maps of the database are
 * not offered, so that each page read is a call.
 */
#include "tests/fault/inject_vfs.h"

#include "tests/fault/inject.h"

#include <sqlite3.h>
#include <string.h>

struct file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
};

static sqlite3_vfs *below;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

/* What a method of that name must return instead of working, or SQLITE_OK.
 * `code` is how it says "input/output error". A disk that is full does not stop
 * those that take no space. */
static int fails(const char *name, int code)
{
    int what = inject_point(INJECT_VFS, name);
    return what == SQLITE_IOERR ? code : SQLITE_OK;
}

static int fails_to_grow(const char *name, int code)
{
    int what = inject_point(INJECT_VFS, name);
    return what == SQLITE_IOERR  ? code
           : what == SQLITE_FULL ? SQLITE_FULL
                                 : SQLITE_OK;
}

static int close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int read_file(sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
    int code = fails("xRead", SQLITE_IOERR_READ);
    return code ? code
                : real_of(file)->pMethods->xRead(real_of(file), data, n, at);
}

static int write_file(sqlite3_file *file, const void *data, int n,
                      sqlite3_int64 at)
{
    sqlite3_file *real = real_of(file);
    int what = inject_point(INJECT_VFS, "xWrite");
    if (what == SQLITE_OK)
        return real->pMethods->xWrite(real, data, n, at);
    if (what == INJECT_SHORT)
        (void)real->pMethods->xWrite(real, data, n / 2, at);
    return what == SQLITE_IOERR ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    int code = fails("xTruncate", SQLITE_IOERR_TRUNCATE);
    return code ? code
                : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    int code = fails_to_grow("xSync", SQLITE_IOERR_FSYNC);
    return code ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    int code = fails("xFileSize", SQLITE_IOERR_FSTAT);
    return code ? code : real_of(file)->pMethods->xFileSize(real_of(file), ret);
}

static int lock_file(sqlite3_file *file, int level)
{
    int code = fails("xLock", SQLITE_IOERR_LOCK);
    return code ? code : real_of(file)->pMethods->xLock(real_of(file), level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int check_reserved(sqlite3_file *file, int *ret)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}

static int control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend,
                   void volatile **ret)
{
    int code = fails_to_grow("xShmMap", SQLITE_IOERR_SHMMAP);
    return code ? code
                : real_of(file)->pMethods->xShmMap(real_of(file), page, size,
                                                   extend, ret);
}

/* Giving a lock back cannot fail. */
static int shm_lock(sqlite3_file *file, int at, int n, int flags)
{
    int code = flags & SQLITE_SHM_UNLOCK
                   ? SQLITE_OK
                   : fails("xShmLock", SQLITE_IOERR_SHMLOCK);
    return code
               ? code
               : real_of(file)->pMethods->xShmLock(real_of(file), at, n, flags);
}

static void shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                     int flags, int *ret_flags)
{
    struct file *shim = (struct file *)file;
    (void)vfs;
    shim->base.pMethods = NULL;
    shim->real = (sqlite3_file *)(shim + 1);
    int code = fails("xOpen", SQLITE_CANTOPEN);
    if (!code)
        code = below->xOpen(below, name, shim->real, flags, ret_flags);
    /* As SQLite demands: with methods, the file is closed again. */
    if (!code)
        shim->base.pMethods = &methods;
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    int code = fails("xDelete", SQLITE_IOERR_DELETE);
    return code ? code : below->xDelete(below, name, sync_folder);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
    (void)vfs;
    int code = fails("xAccess", SQLITE_IOERR_ACCESS);
    return code ? code : below->xAccess(below, name, flags, ret);
}

void inject_vfs_register(void)
{
    static sqlite3_vfs vfs;
    below = sqlite3_vfs_find(NULL);
    vfs = *below;
    vfs.zName = "inject";
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct file) + below->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    (void)sqlite3_vfs_register(&vfs, 1);
}
