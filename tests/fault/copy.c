/*
 * copy.c - remove a folder, copy another in its place.
 */
#include "tests/fault/copy.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* nftw() hands no pointer on. */
static struct {
    const char *from, *to;
} copying;

static int remove_entry(const char *path, const struct stat *st, int flag,
                        struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static bool copy_bytes(int from, int to)
{
    char buf[65536];
    ssize_t n;
    while ((n = read(from, buf, sizeof(buf))) > 0)
        if (write(to, buf, (size_t)n) != n)
            return false;
    return n == 0;
}

static bool copy_file(const char *path, const char *target, mode_t mode)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool ok = from >= 0 && to >= 0 && copy_bytes(from, to);
    if (from >= 0)
        (void)close(from);
    if (to >= 0)
        (void)close(to);
    return ok;
}

static bool copy_link(const char *path, const char *target)
{
    char text[PATH_MAX];
    ssize_t n = readlink(path, text, sizeof(text) - 1);
    if (n < 0)
        return false;
    text[n] = '\0';
    return symlink(text, target) == 0;
}

static int copy_entry(const char *path, const struct stat *st, int flag,
                      struct FTW *ftw)
{
    (void)ftw;
    char target[PATH_MAX];
    (void)snprintf(target, sizeof(target), "%s%s", copying.to,
                   path + strlen(copying.from));
    mode_t mode = st->st_mode & 07777;
    bool ok = flag == FTW_D    ? mkdir(target, mode) == 0
              : flag == FTW_SL ? copy_link(path, target)
              : flag == FTW_F  ? copy_file(path, target, mode)
                               : false;
    return ok ? 0 : -1;
}

bool fault_copy(const char *from, const char *to)
{
    struct stat st;
    if (lstat(to, &st) == 0 &&
        nftw(to, remove_entry, 32, FTW_DEPTH | FTW_PHYS) != 0) {
        perror(to);
        return false;
    }
    copying.from = from;
    copying.to = to;
    if (nftw(from, copy_entry, 32, FTW_PHYS) == 0)
        return true;
    perror(from);
    return false;
}
