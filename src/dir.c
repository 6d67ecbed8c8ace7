/*
 * dir.c - openat() component by component.
 *
 * The folders that were used last stay open: documents of one folder come one
 * after the other, and each passes the stage, so most names cost one system
 * call.
 */
#include "src/dir.h"

#include "src/dir_parent.h"
#include "src/file.h"
#include "src/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_DIR = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* A folder below that is kept open. */
struct folder {
    char *name; /* relative; NULL: a free slot */
    size_t len;
    int fd;
    uint64_t used; /* when, counted in uses */
};

enum { FOLDERS = 8 };

struct cs_dir {
    char *path;
    int fd;
    struct folder folders[FOLDERS];
    uint64_t uses;
};

static void forget(struct folder *folder)
{
    if (!folder->name)
        return;
    (void)close(folder->fd);
    free(folder->name);
    *folder = (struct folder){.fd = -1};
}

/* Folders are about to be removed: none of them may stay open. */
static void forget_all(struct cs_dir *dir)
{
    for (size_t i = 0; i < FOLDERS; i++)
        forget(&dir->folders[i]);
}

enum cs_status cs_dir_open(const char *path, struct cs_dir **ret,
                           struct cs_error *err)
{
    enum cs_status status = cs_file_make_dirs(path, err);
    if (status)
        return status;
    struct cs_dir *dir = calloc(1, sizeof(*dir));
    char *copy = strdup(path);
    if (!dir || !copy) {
        free(dir);
        free(copy);
        return cs_error_no_memory(err);
    }
    dir->path = copy;
    dir->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir->fd < 0) {
        status = cs_error_errno(err, errno, "%s", path);
        cs_dir_close(dir);
        return status;
    }
    *ret = dir;
    return CS_OK;
}

void cs_dir_close(struct cs_dir *dir)
{
    if (!dir)
        return;
    forget_all(dir);
    if (dir->fd >= 0)
        (void)close(dir->fd);
    free(dir->path);
    free(dir);
}

const char *cs_dir_path(const struct cs_dir *dir)
{
    return dir->path;
}

/* Errors name the whole path: that is what the reader can look at. */
enum cs_status cs_dir_fail(const struct cs_dir *dir, const char *name,
                           int errnum, struct cs_error *err)
{
    return cs_error_errno(err, errnum, "%s/%s", dir->path, name);
}

/* Open one component below `fd`, making it if asked. Returns the descriptor
 * or -errno. */
static int open_component(int fd, const char *name, bool make)
{
    int sub = openat(fd, name, OPEN_DIR);
    if (sub >= 0 || errno != ENOENT || !make)
        return sub >= 0 ? sub : -errno;
    if (mkdirat(fd, name, 0700) != 0 && errno != EEXIST)
        return -errno;
    sub = openat(fd, name, OPEN_DIR);
    return sub >= 0 ? sub : -errno;
}

/* The open folder with that name, or the one nearest above it; NULL when only
 * the root is open. */
static struct folder *nearest(struct cs_dir *dir, const char *name, size_t len)
{
    struct folder *best = NULL;
    for (size_t i = 0; i < FOLDERS; i++) {
        struct folder *folder = &dir->folders[i];
        bool above = folder->name && folder->len <= len &&
                     memcmp(folder->name, name, folder->len) == 0 &&
                     (folder->len == len || name[folder->len] == '/');
        if (above && (!best || folder->len > best->len))
            best = folder;
    }
    if (best)
        best->used = ++dir->uses;
    return best;
}

/* Keep a folder open in place of the one that was not used for longest. The
 * name is taken over. */
static void keep(struct cs_dir *dir, char *name, size_t len, int fd)
{
    struct folder *oldest = &dir->folders[0];
    for (size_t i = 1; i < FOLDERS && oldest->name; i++)
        if (!dir->folders[i].name || dir->folders[i].used < oldest->used)
            oldest = &dir->folders[i];
    forget(oldest);
    *oldest = (struct folder){name, len, fd, ++dir->uses};
}

/* Open what lies between the folder `from` (len 0: the root) and `name`, which
 * is changed for a moment. Returns a new descriptor or -errno. */
static int descend(int from, char *name, size_t start, bool make)
{
    int fd = from;
    for (char *part = name + start; part;) {
        char *slash = strchr(part, '/');
        if (slash)
            *slash = '\0';
        int sub = open_component(fd, part, make);
        if (fd != from)
            (void)close(fd);
        fd = sub;
        if (slash)
            *slash = '/';
        part = slash && fd >= 0 ? slash + 1 : NULL;
    }
    return fd;
}

/* Open the folder that is the first `len` bytes of `name`. The descriptor
 * stays ours, and open until FOLDERS - 1 others were asked for. Returns it or
 * -errno. */
static int open_folder(struct cs_dir *dir, const char *name, size_t len,
                       bool make)
{
    if (len == 0)
        return dir->fd;
    const struct folder *above = nearest(dir, name, len);
    if (above && above->len == len)
        return above->fd;
    char *copy = strndup(name, len);
    if (!copy)
        return -ENOMEM;
    int fd = descend(above ? above->fd : dir->fd, copy,
                     above ? above->len + 1 : 0, make);
    if (fd < 0) {
        free(copy);
        return fd;
    }
    keep(dir, copy, len, fd);
    return fd;
}

int cs_dir_open_parent(struct cs_dir *dir, const char *name, bool make,
                       const char **ret_leaf)
{
    if (!cs_path_is_inside(name))
        return -EINVAL;
    size_t len = cs_path_dirname_len(name);
    *ret_leaf = len ? name + len + 1 : name;
    return open_folder(dir, name, len, make);
}

static enum cs_entry_kind kind_of(const struct stat *st)
{
    return S_ISREG(st->st_mode)   ? CS_ENTRY_FILE
           : S_ISDIR(st->st_mode) ? CS_ENTRY_DIR
                                  : CS_ENTRY_OTHER;
}

enum cs_status cs_dir_probe(struct cs_dir *dir, const char *name,
                            enum cs_entry_kind *ret_kind, struct cs_error *err)
{
    const char *leaf;
    struct stat st;
    int fd = cs_dir_open_parent(dir, name, false, &leaf);
    if (fd >= 0 && fstatat(fd, leaf, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        *ret_kind = kind_of(&st);
        return CS_OK;
    }
    int problem = fd < 0 ? -fd : errno;
    if (problem == ENOENT)
        *ret_kind = CS_ENTRY_NONE;
    else if (fd == -ENOTDIR || fd == -ELOOP)
        *ret_kind = CS_ENTRY_BLOCKED;
    else
        return cs_dir_fail(dir, name, problem, err);
    return CS_OK;
}

static int write_file(int folder, const char *leaf, const char *data,
                      size_t len)
{
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(folder, leaf, flags, 0600);
    if (fd < 0)
        return errno;
    int errnum = 0;
    while (len > 0 && !errnum) {
        ssize_t n = write(fd, data, len);
        if (n < 0) {
            errnum = errno == EINTR ? 0 : errno;
            continue;
        }
        data += n;
        len -= (size_t)n;
    }
    if (close(fd) != 0 && !errnum)
        errnum = errno;
    return errnum;
}

enum cs_status cs_dir_write(struct cs_dir *dir, const char *name,
                            const char *data, size_t len, struct cs_error *err)
{
    const char *leaf;
    int folder = cs_dir_open_parent(dir, name, true, &leaf);
    int errnum = folder < 0 ? -folder : write_file(folder, leaf, data, len);
    return errnum ? cs_dir_fail(dir, name, errnum, err) : CS_OK;
}

enum cs_status cs_dir_rename(struct cs_dir *dir, const char *from,
                             const char *to, bool replace, bool *ret_done,
                             struct cs_error *err)
{
    const char *from_leaf, *to_leaf;
    int source = cs_dir_open_parent(dir, from, false, &from_leaf);
    if (source < 0)
        return cs_dir_fail(dir, from, -source, err);
    int target = cs_dir_open_parent(dir, to, true, &to_leaf);
    int errnum = target < 0 ? -target : 0;
    if (!errnum && renameat2(source, from_leaf, target, to_leaf,
                             replace ? 0 : RENAME_NOREPLACE) != 0)
        errnum = errno;
    bool blocked = target == -ENOTDIR || target == -ELOOP;
    if (errnum && (replace || (errnum != EEXIST && !blocked)))
        return cs_dir_fail(dir, to, errnum, err);
    *ret_done = errnum == 0;
    return CS_OK;
}

/* rmdir of the folders that `name` was in, innermost first, while they are
 * empty; the first component stays. Returns 0 or an errno. */
static int remove_empty_folders(struct cs_dir *dir, const char *name)
{
    char *copy = strdup(name);
    if (!copy)
        return ENOMEM;
    int errnum = 0;
    forget_all(dir);
    /* One that is gone may have been removed by a run that was killed before
     * it came to the next. */
    while (errnum == 0 || errnum == ENOENT) {
        copy[cs_path_dirname_len(copy)] = '\0';
        const char *leaf;
        if (!strchr(copy, '/'))
            break;
        int folder = cs_dir_open_parent(dir, copy, false, &leaf);
        errnum = folder < 0                                  ? -folder
                 : unlinkat(folder, leaf, AT_REMOVEDIR) == 0 ? 0
                                                             : errno;
    }
    forget_all(dir);
    free(copy);
    /* Not empty, in use, or not a folder of ours at all. */
    static const int harmless[] = {ENOENT, ENOTEMPTY, EEXIST,
                                   EBUSY,  ENOTDIR,   ELOOP};
    for (size_t i = 0; i < CS_ARRAY_LEN(harmless); i++)
        if (errnum == harmless[i])
            return 0;
    return errnum;
}

enum cs_status cs_dir_remove(struct cs_dir *dir, const char *name,
                             struct cs_error *err)
{
    const char *leaf;
    int folder = cs_dir_open_parent(dir, name, false, &leaf);
    int errnum = folder < 0                       ? -folder
                 : unlinkat(folder, leaf, 0) == 0 ? 0
                                                  : errno;
    if (errnum == 0 || errnum == ENOENT || errnum == ENOTDIR)
        errnum = remove_empty_folders(dir, name);
    return errnum ? cs_dir_fail(dir, name, errnum, err) : CS_OK;
}

enum cs_status cs_dir_sync(struct cs_dir *dir, struct cs_error *err)
{
    if (syncfs(dir->fd) != 0)
        return cs_error_errno(err, errno, "%s", dir->path);
    return CS_OK;
}

enum cs_status cs_dir_move(struct cs_dir *dir, const char *from, const char *to,
                           bool *ret_done, struct cs_error *err)
{
    forget_all(dir); /* names of what is kept open may change */
    enum cs_status status = cs_dir_rename(dir, from, to, false, ret_done, err);
    forget_all(dir);
    if (!status && *ret_done)
        (void)remove_empty_folders(dir, from);
    return status;
}

struct walk {
    struct cs_dir *dir;
    cs_dir_walk_fn *visit;
    void *payload;
    struct cs_strbuf name; /* the folder being read, relative */
};

static int skip_dots(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Not alphasort(): reports must not depend on the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum cs_status walk_folder(struct walk *walk, struct cs_error *err);

static enum cs_status walk_entry(struct walk *walk, const char *leaf,
                                 struct cs_error *err)
{
    size_t len = walk->name.len;
    if (len)
        cs_strbuf_putc(&walk->name, '/');
    cs_strbuf_puts(&walk->name, leaf);
    enum cs_status status = cs_strbuf_status(&walk->name, err);
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    if (!status)
        status = cs_dir_probe(walk->dir, walk->name.data, &kind, err);
    if (!status && kind != CS_ENTRY_NONE)
        status = walk->visit(walk->payload, walk->name.data, kind, err);
    if (!status && kind == CS_ENTRY_DIR)
        status = walk_folder(walk, err);
    cs_strbuf_truncate(&walk->name, len);
    return status;
}

static enum cs_status walk_folder(struct walk *walk, struct cs_error *err)
{
    int fd = open_folder(walk->dir, walk->name.data, walk->name.len, false);
    if (fd == -ENOENT)
        return CS_OK;
    if (fd < 0)
        return cs_dir_fail(walk->dir, walk->name.data, -fd, err);
    struct dirent **entries;
    int n = scandirat(fd, ".", &entries, skip_dots, by_bytes);
    if (n < 0)
        return cs_dir_fail(walk->dir, walk->name.data, errno, err);
    enum cs_status status = CS_OK;
    for (int i = 0; i < n; i++) {
        if (!status)
            status = walk_entry(walk, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum cs_status cs_dir_walk(struct cs_dir *dir, const char *below,
                           cs_dir_walk_fn *visit, void *payload,
                           struct cs_error *err)
{
    struct walk walk = {dir, visit, payload, CS_STRBUF_INIT(CS_PATH_MAX)};
    if (below)
        cs_strbuf_puts(&walk.name, below);
    enum cs_status status = cs_strbuf_status(&walk.name, err);
    if (!status)
        status = walk_folder(&walk, err);
    cs_strbuf_clear(&walk.name);
    return status;
}
