/*
 * inject_file.c - the product's calls to the file system.
 *
 * A call that fails here was never made. close() is left alone: where its
 * outcome counts, the write before it tells the same.
 */
#include "tests/fault/inject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A function with its wrapper; `failure` is what it returns with errno set. */
#define WRAP(type, name, params, args, failure)                                \
    type __real_##name params;                                                 \
    type __wrap_##name params;                                                 \
    type __wrap_##name params                                                  \
    {                                                                          \
        int errnum = inject_point(INJECT_FILE, #name);                         \
        if (errnum) {                                                          \
            errno = errnum;                                                    \
            return failure;                                                    \
        }                                                                      \
        return __real_##name args;                                             \
    }

WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode),
     -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), -1)
WRAP(int, renameat, (int fd, const char *from, int to_fd, const char *to),
     (fd, from, to_fd, to), -1)
WRAP(int, renameat2,
     (int fd, const char *from, int to_fd, const char *to, unsigned flags),
     (fd, from, to_fd, to, flags), -1)
WRAP(int, unlink, (const char *path), (path), -1)
WRAP(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags),
     -1)
WRAP(int, linkat,
     (int fd, const char *from, int to_fd, const char *to, int flags),
     (fd, from, to_fd, to, flags), -1)
WRAP(int, stat, (const char *path, struct stat *st), (path, st), -1)
WRAP(int, lstat, (const char *path, struct stat *st), (path, st), -1)
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), -1)
WRAP(int, fstatat, (int fd, const char *path, struct stat *st, int flags),
     (fd, path, st, flags), -1)
WRAP(int, access, (const char *path, int mode), (path, mode), -1)
WRAP(int, flock, (int fd, int operation), (fd, operation), -1)
WRAP(int, ftruncate, (int fd, off_t length), (fd, length), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, fdatasync, (int fd), (fd), -1)
WRAP(int, syncfs, (int fd), (fd), -1)
WRAP(ssize_t, read, (int fd, void *buf, size_t n), (fd, buf, n), -1)
WRAP(ssize_t, pread, (int fd, void *buf, size_t n, off_t at), (fd, buf, n, at),
     -1)
WRAP(int, scandirat,
     (int fd, const char *path, struct dirent ***list,
      int (*filter)(const struct dirent *),
      int (*compare)(const struct dirent **, const struct dirent **)),
     (fd, path, list, filter, compare), -1)
WRAP(DIR *, opendir, (const char *path), (path), NULL)
WRAP(DIR *, fdopendir, (int fd), (fd), NULL)
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL)
WRAP(char *, realpath, (const char *path, char *out), (path, out), NULL)

static mode_t mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    int errnum = inject_point(INJECT_FILE, "open");
    if (!errnum)
        return __real_open(path, flags, mode);
    errno = errnum;
    return -1;
}

int __real_openat(int fd, const char *path, int flags, ...);
int __wrap_openat(int fd, const char *path, int flags, ...);
int __wrap_openat(int fd, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    int errnum = inject_point(INJECT_FILE, "openat");
    if (!errnum)
        return __real_openat(fd, path, flags, mode);
    errno = errnum;
    return -1;
}

/* How much of `n` bytes may be written now: none sets errno. */
static size_t allowed(const char *name, size_t n)
{
    int what = inject_point(INJECT_WRITE, name);
    if (what == INJECT_SHORT || what == INJECT_PARTIAL)
        return n / 2 ? n / 2 : n;
    if (what == 0)
        return n;
    errno = what;
    return SIZE_MAX;
}

ssize_t __real_write(int fd, const void *data, size_t n);
ssize_t __wrap_write(int fd, const void *data, size_t n);
ssize_t __wrap_write(int fd, const void *data, size_t n)
{
    size_t now = allowed("write", n);
    return now == SIZE_MAX ? -1 : __real_write(fd, data, now);
}

ssize_t __real_pwrite(int fd, const void *data, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t n, off_t at)
{
    size_t now = allowed("pwrite", n);
    return now == SIZE_MAX ? -1 : __real_pwrite(fd, data, now, at);
}
