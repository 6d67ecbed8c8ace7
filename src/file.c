/*
 * file.c - reading with a limit, replacing in one step, making folders.
 */
#include "src/file.h"

#include "src/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum cs_status read_all(int fd, const char *path, struct cs_strbuf *data,
                               struct cs_error *err)
{
    for (;;) {
        size_t room = data->max - data->len;
        size_t want = room < 65536 ? room + 1 : 65536;
        if (!cs_strbuf_reserve(data, want > room ? room : want))
            return cs_strbuf_status(data, err);
        char beyond;
        ssize_t n =
            room ? read(fd, data->data + data->len, room < want ? room : want)
                 : read(fd, &beyond, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cs_error_errno(err, errno, "%s", path);
        if (n == 0)
            return CS_OK;
        if (room == 0)
            return cs_error_set(err, CS_ERR_LIMIT,
                                "%s is larger than %zu bytes", path, data->max);
        data->len += (size_t)n;
        data->data[data->len] = '\0';
    }
}

enum cs_status cs_file_read(const char *path, struct cs_strbuf *ret_data,
                            struct cs_error *err)
{
    int fd CS_CLEANUP(close_fd) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return cs_error_set(err, CS_ERR_NOT_FOUND, "%s does not exist", path);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", path);
    return read_all(fd, path, ret_data, err);
}

static enum cs_status write_all(int fd, const char *path, const char *data,
                                size_t len, struct cs_error *err)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cs_error_errno(err, errno, "%s", path);
        data += n;
        len -= (size_t)n;
    }
    if (fsync(fd) != 0)
        return cs_error_errno(err, errno, "%s", path);
    return CS_OK;
}

enum cs_status cs_file_write(const char *path, const char *data, size_t len,
                             struct cs_error *err)
{
    struct cs_strbuf temp CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_strbuf_printf(&temp, "%s.tmp", path);
    enum cs_status status = cs_strbuf_status(&temp, err);
    if (status)
        return status;
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int fd CS_CLEANUP(close_fd) = open(temp.data, flags, 0600);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", temp.data);
    if (fchmod(fd, 0600) != 0) /* of one left behind */
        return cs_error_errno(err, errno, "%s", temp.data);
    status = write_all(fd, temp.data, data, len, err);
    if (!status && rename(temp.data, path) != 0)
        status = cs_error_errno(err, errno, "%s", path);
    if (status)
        (void)unlink(temp.data);
    return status;
}

enum cs_status cs_file_make_dirs(const char *path, struct cs_error *err)
{
    struct cs_strbuf part CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    for (const char *end = path; *end;) {
        end += strspn(end, "/");
        end += strcspn(end, "/");
        cs_strbuf_reset(&part);
        cs_strbuf_put(&part, path, (size_t)(end - path));
        enum cs_status status = cs_strbuf_status(&part, err);
        if (status)
            return status;
        if (mkdir(part.data, 0700) != 0 && errno != EEXIST)
            return cs_error_errno(err, errno, "%s", part.data);
    }
    struct stat st;
    if (stat(path, &st) != 0)
        return cs_error_errno(err, errno, "%s", path);
    if (!S_ISDIR(st.st_mode))
        return cs_error_errno(err, ENOTDIR, "%s", path);
    return CS_OK;
}

enum cs_status cs_file_make_dirs_of(const char *path, struct cs_error *err)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_strbuf_put(&folder, path, cs_path_dirname_len(path));
    enum cs_status status = cs_strbuf_status(&folder, err);
    return status || folder.len == 0 ? status
                                     : cs_file_make_dirs(folder.data, err);
}

/* f_type of statfs(2) for file systems on which flock or shared memory maps
 * are not what SQLite's WAL needs. */
static const struct {
    unsigned long magic;
    const char *name;
} remote_systems[] = {
    {0x6969, "NFS"},
    {0x517b, "SMB"},
    {0xff534d42, "CIFS"},
    {0xfe534d42, "SMB2"},
    {0x01021997, "9p"},
    {0x65735546, "FUSE"},
    {0x00c36400, "Ceph"},
    {0x5346414f, "AFS"},
    {0x73757245, "Coda"},
    {0x0bd00bd0, "Lustre"},
    {0x786f4256, "a shared folder of VirtualBox"},
    {0xbacbacbc, "a shared folder of VMware"},
};

enum cs_status cs_file_check_local(const char *path, struct cs_error *err)
{
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return cs_error_errno(err, errno, "%s", path);
    for (size_t i = 0; i < CS_ARRAY_LEN(remote_systems); i++) {
        if ((unsigned long)fs.f_type != remote_systems[i].magic)
            continue;
        cs_error_set(err, CS_ERR_CONFIG,
                     "%s lies on %s, where an index would be damaged", path,
                     remote_systems[i].name);
        cs_error_hint(err, "set index_dir to a folder on a local disk");
        return CS_ERR_CONFIG;
    }
    return CS_OK;
}
