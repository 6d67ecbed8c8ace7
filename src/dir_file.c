/*
 * dir_file.c - files of any size, a piece at a time.
 */
#include "src/dir_parent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

/* Open a regular file; returns the descriptor or -errno. */
static int open_file(struct cs_dir *dir, const char *name, int flags, bool make)
{
    const char *leaf;
    struct stat st;
    int folder = cs_dir_open_parent(dir, name, make, &leaf);
    if (folder < 0)
        return folder;
    int fd =
        openat(folder, leaf, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    int errnum = fstat(fd, &st) != 0 ? errno : 0;
    if (!errnum && !S_ISREG(st.st_mode))
        errnum = EINVAL;
    if (errnum)
        (void)close(fd);
    return errnum ? -errnum : fd;
}

static enum cs_status fail(const struct cs_dir *dir, const char *name,
                           int errnum, struct cs_error *err)
{
    if (errnum == ENOENT || errnum == ENOTDIR)
        return cs_error_set(err, CS_ERR_NOT_FOUND, "%s/%s does not exist",
                            cs_dir_path(dir), name);
    return cs_dir_fail(dir, name, errnum, err);
}

static int hash_pieces(int fd, char *piece, struct cs_hasher *hasher)
{
    for (;;) {
        ssize_t n = read(fd, piece, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : 0;
        cs_hasher_add(hasher, piece, (size_t)n);
    }
}

enum cs_status cs_dir_hash(struct cs_dir *dir, const char *name,
                           struct cs_hash *ret_hash, struct cs_error *err)
{
    int fd = open_file(dir, name, O_RDONLY, false);
    if (fd < 0)
        return fail(dir, name, -fd, err);
    struct cs_hasher *hasher = cs_hasher_new();
    char *piece = malloc(PIECE);
    int errnum = hasher && piece ? hash_pieces(fd, piece, hasher) : ENOMEM;
    if (!errnum)
        *ret_hash = cs_hasher_end(hasher);
    free(piece);
    cs_hasher_free(hasher);
    (void)close(fd);
    return errnum ? fail(dir, name, errnum, err) : CS_OK;
}

enum cs_status cs_dir_size(struct cs_dir *dir, const char *name,
                           int64_t *ret_size, struct cs_error *err)
{
    struct stat st;
    int fd = open_file(dir, name, O_RDONLY, false);
    if (fd < 0)
        return fail(dir, name, -fd, err);
    int errnum = fstat(fd, &st) != 0 ? errno : 0;
    (void)close(fd);
    if (errnum)
        return fail(dir, name, errnum, err);
    *ret_size = st.st_size;
    return CS_OK;
}

static int write_at(int fd, int64_t at, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, data, len, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        data += n;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

enum cs_status cs_dir_write_at(struct cs_dir *dir, const char *name, int64_t at,
                               const void *data, size_t len,
                               struct cs_error *err)
{
    struct stat st;
    int fd = open_file(dir, name, O_WRONLY | O_CREAT, true);
    if (fd < 0)
        return fail(dir, name, -fd, err);
    int errnum = fstat(fd, &st) != 0 ? errno : 0;
    if (!errnum && at > st.st_size) {
        (void)close(fd);
        return cs_error_set(err, CS_ERR_INTERNAL, "%s/%s has a hole",
                            cs_dir_path(dir), name);
    }
    if (!errnum && at < st.st_size && ftruncate(fd, at) != 0)
        errnum = errno;
    if (!errnum)
        errnum = write_at(fd, at, data, len);
    if (close(fd) != 0 && !errnum)
        errnum = errno;
    return errnum ? fail(dir, name, errnum, err) : CS_OK;
}

static int copy_pieces(int from, int to, char *piece)
{
    for (;;) {
        ssize_t n = read(from, piece, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : 0;
        for (ssize_t done = 0, k; done < n; done += k) {
            k = write(to, piece + done, (size_t)(n - done));
            if (k < 0 && errno != EINTR)
                return errno;
            if (k < 0)
                k = 0;
        }
    }
}

enum cs_status cs_dir_copy(struct cs_dir *dir, const char *name,
                           struct cs_dir *to, const char *to_name,
                           struct cs_error *err)
{
    int from = open_file(dir, name, O_RDONLY, false);
    if (from < 0)
        return fail(dir, name, -from, err);
    int target = open_file(to, to_name, O_WRONLY | O_CREAT | O_TRUNC, true);
    if (target < 0) {
        (void)close(from);
        return fail(to, to_name, -target, err);
    }
    char *piece = malloc(PIECE);
    int errnum = piece ? copy_pieces(from, target, piece) : ENOMEM;
    if (!errnum && fsync(target) != 0)
        errnum = errno;
    if (close(target) != 0 && !errnum)
        errnum = errno;
    (void)close(from);
    free(piece);
    return errnum ? fail(to, to_name, errnum, err) : CS_OK;
}
