/*
 * lock.c - flock, and one line in the file for whoever finds it taken.
 */
#include "src/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct cs_lock {
    int fd;
};

/* The one line says who wrote last; whoever only looks does not sign. */
static enum cs_status refuse(int fd, struct cs_error *err)
{
    char holder[128];
    if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
        cs_error_set(err, CS_ERR_LOCKED,
                     "a check or dry run of cs maintenance is at work");
    } else {
        ssize_t n = pread(fd, holder, sizeof(holder) - 1, 0);
        holder[n > 0 ? n : 0] = '\0';
        holder[strcspn(holder, "\n")] = '\0';
        cs_error_set(err, CS_ERR_LOCKED,
                     "another cs is writing to this mirror%s%s",
                     holder[0] ? ": " : "", holder);
    }
    cs_error_hint(err, "wait until it has ended");
    return CS_ERR_LOCKED;
}

static void sign(int fd, const struct cs_clock *clock)
{
    char when[CS_TIME_TEXT_SIZE], line[128];
    cs_time_format(cs_clock_now(clock), when);
    int n = snprintf(line, sizeof(line), "pid %ld, since %s\n", (long)getpid(),
                     when);
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, line, (size_t)n, 0); /* information only */
}

/* Lock `fd` at once or fail; it belongs to the lock, or is closed. */
static enum cs_status hold(int fd, int how, const char *path,
                           struct cs_lock **ret, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    struct cs_lock *lock = malloc(sizeof(*lock));
    if (!lock)
        status = cs_error_no_memory(err);
    else if (flock(fd, how | LOCK_NB) != 0)
        status = errno == EWOULDBLOCK ? refuse(fd, err)
                                      : cs_error_errno(err, errno, "%s", path);
    if (!lock || status) {
        (void)close(fd);
        free(lock);
        return status;
    }
    lock->fd = fd;
    *ret = lock;
    return CS_OK;
}

enum cs_status cs_lock_take(const char *path, const struct cs_clock *clock,
                            struct cs_lock **ret, struct cs_error *err)
{
    /* It is signed: a link would have us write into what it leads to. */
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                  0600);
    if (fd < 0 && errno == ELOOP) {
        cs_error_set(err, CS_ERR_IO, "%s is a symbolic link", path);
        cs_error_hint(err, "remove it");
        return CS_ERR_IO;
    }
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", path);
    enum cs_status status = hold(fd, LOCK_EX, path, ret, err);
    if (!status)
        sign(fd, clock);
    return status;
}

enum cs_status cs_lock_share(const char *path, struct cs_lock **ret,
                             struct cs_error *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return cs_error_set(err, CS_ERR_NOT_FOUND, "%s does not exist", path);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", path);
    return hold(fd, LOCK_SH, path, ret, err);
}

void cs_lock_free(struct cs_lock *lock)
{
    if (!lock)
        return;
    (void)close(lock->fd);
    free(lock);
}
