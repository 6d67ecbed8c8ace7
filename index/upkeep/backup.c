/*
 * backup.c - SQLite's online backup, and the renaming around it.
 */
#include "index/upkeep/backup.h"

#include "index/schema.h"
#include "index/upkeep/quick_check.h"
#include "src/path.h"
#include "src/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many pages are copied at a time, and between them others may write. */
enum { STEP_PAGES = 4096, BUSY_MS = 50, BUSY_TRIES = 600 };

static enum cs_status copy_pages(sqlite3_backup *backup,
                                 const volatile sig_atomic_t *cancel,
                                 struct cs_error *err)
{
    int code = SQLITE_OK, busy = 0;
    while (code != SQLITE_DONE) {
        if (cancel && *cancel)
            return cs_error_set(err, CS_ERR_CANCELLED, "interrupted");
        code = sqlite3_backup_step(backup, STEP_PAGES);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
            if (++busy > BUSY_TRIES)
                return cs_error_set(err, CS_ERR_LOCKED,
                                    "the index is busy all the time");
            sqlite3_sleep(BUSY_MS);
        } else if (code != SQLITE_OK && code != SQLITE_DONE) {
            return CS_OK; /* sqlite3_backup_finish() tells why */
        }
    }
    return CS_OK;
}

enum cs_status cs_backup_copy(struct cs_db *db, const char *path,
                              const volatile sig_atomic_t *cancel,
                              struct cs_error *err)
{
    struct cs_db *copy CS_CLEANUP(cs_db_cleanup) = NULL;
    enum cs_status status = cs_db_open(path, CS_DB_WRITE, &copy, err);
    if (!status) /* one file, no log beside it */
        status = cs_db_exec(copy, "PRAGMA journal_mode=DELETE", err);
    if (status)
        return status;
    sqlite3_backup *backup = sqlite3_backup_init(cs_db_handle(copy), "main",
                                                 cs_db_handle(db), "main");
    if (!backup)
        return cs_db_error(copy, path, err);
    status = copy_pages(backup, cancel, err);
    int code = sqlite3_backup_finish(backup);
    if (!status && code != SQLITE_OK)
        status = cs_db_error(copy, path, err);
    if (!status)
        status = cs_db_exec(copy, "PRAGMA journal_mode=DELETE", err);
    return status;
}

/* The index looks like a backup, and would lose its log. */
static bool is_index(struct cs_db *db, const struct stat *target)
{
    const char *path = sqlite3_db_filename(cs_db_handle(db), "main");
    struct stat st;
    return path && stat(path, &st) == 0 && st.st_dev == target->st_dev &&
           st.st_ino == target->st_ino;
}

/* What is there already must be a backup of ours, an older one too. */
static enum cs_status check_target(struct cs_db *db, const char *path,
                                   struct cs_error *err)
{
    struct cs_db *old CS_CLEANUP(cs_db_cleanup) = NULL;
    struct cs_error why = CS_ERROR_INIT;
    struct stat st;
    int64_t id = 0;
    if (lstat(path, &st) != 0)
        return errno == ENOENT ? CS_OK : cs_error_errno(err, errno, "%s", path);
    if (S_ISREG(st.st_mode) && st.st_size > 0 && !is_index(db, &st) &&
        cs_db_open(path, CS_DB_INSPECT, &old, &why) == CS_OK &&
        cs_db_int(old, &id, &why, "PRAGMA application_id", "") == CS_OK &&
        id == CS_APPLICATION_ID)
        return CS_OK;
    cs_error_set(err, CS_ERR_USAGE, "%s is there, and is no backup of cs",
                 path);
    cs_error_hint(err, "name another file");
    return CS_ERR_USAGE;
}

static enum cs_status refuse_copy(void *payload, const char *fault,
                                  struct cs_error *err)
{
    (void)payload;
    return cs_error_set(err, CS_ERR_CORRUPT,
                        "the copy is damaged, and so is the index: %s", fault);
}

/* A backup that cannot be read is none. */
static enum cs_status check_copy(const char *path, struct cs_error *err)
{
    struct cs_db *copy CS_CLEANUP(cs_db_cleanup) = NULL;
    enum cs_status status = cs_db_open(path, CS_DB_INSPECT, &copy, err);
    if (!status)
        status = cs_schema_check(copy, err);
    return status ? status : cs_quick_check(copy, refuse_copy, NULL, err);
}

static enum cs_status flush(const char *path, int flags, struct cs_error *err)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool failed = fd < 0 || fsync(fd) != 0;
    int errnum = errno;
    if (fd >= 0)
        (void)close(fd);
    return failed ? cs_error_errno(err, errnum, "%s", path) : CS_OK;
}

static enum cs_status put_in_place(const char *temp, const char *path,
                                   struct cs_error *err)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    const char *slash = strrchr(path, '/');
    enum cs_status status = flush(temp, 0, err);
    if (status)
        return status;
    if (rename(temp, path) != 0)
        return cs_error_errno(err, errno, "%s", path);
    cs_strbuf_put(&folder, slash ? path : ".",
                  !slash          ? 1
                  : slash == path ? 1
                                  : (size_t)(slash - path));
    status = cs_strbuf_status(&folder, err);
    return status ? status : flush(folder.data, O_DIRECTORY, err);
}

/* The name is always the same, so that what a killed run left goes away. */
static void remove_copy(const struct cs_strbuf *temp)
{
    static const char *const tails[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < CS_ARRAY_LEN(tails); i++) {
        struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_PATH_MAX);
        cs_strbuf_printf(&name, "%s%s", temp->data, tails[i]);
        if (name.status == CS_OK)
            (void)unlink(name.data);
    }
}

static enum cs_status write_copy(struct cs_db *db,
                                 const struct cs_backup_options *options,
                                 struct cs_error *err)
{
    struct cs_strbuf temp CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    cs_strbuf_printf(&temp, "%s.cs-part", options->path);
    enum cs_status status = cs_strbuf_status(&temp, err);
    if (status)
        return status;
    remove_copy(&temp);
    int fd = open(temp.data, flags, 0600);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", options->path);
    (void)close(fd);
    status = cs_backup_copy(db, temp.data, options->cancel, err);
    if (!status)
        status = check_copy(temp.data, err);
    if (!status)
        status = put_in_place(temp.data, options->path, err);
    if (status)
        remove_copy(&temp);
    return status;
}

enum cs_status cs_backup_write(struct cs_db *db,
                               const struct cs_backup_options *options,
                               int64_t *ret_bytes, struct cs_error *err)
{
    int64_t bytes = 0;
    enum cs_status status = check_target(db, options->path, err);
    if (!status)
        status = cs_db_int(db, &bytes, err,
                           "SELECT c.page_count * p.page_size"
                           " FROM pragma_page_count c, pragma_page_size p",
                           "");
    if (!status && !options->dry_run)
        status = write_copy(db, options, err);
    if (!status)
        *ret_bytes = bytes;
    return status;
}
