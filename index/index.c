/*
 * index.c - opening and closing.
 */
#include "index/index.h"

#include "index/schema.h"
#include "src/file.h"
#include "src/lock.h"
#include "src/path.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS = 100, TURN_MS = 10 };

struct cs_index {
    char *root, *path;
    const struct cs_clock *clock;
    int64_t left_log;
    bool is_fresh;
    struct cs_lock *lock; /* shared when looking, NULL when reading */
    struct cs_db *db;
};

/* `folder`/`name`, to be freed by the caller; NULL without memory. */
static char *join(const char *folder, const char *name)
{
    struct cs_strbuf path = CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_join(&path, folder, name);
    return cs_strbuf_take(&path);
}

static enum cs_status take_lock(struct cs_index *index, const char *folder,
                                struct cs_error *err)
{
    enum cs_status status = cs_file_make_dirs(folder, err);
    if (!status)
        status = cs_file_check_local(folder, err);
    if (status)
        return status;
    char *path = join(folder, "lock");
    if (!path)
        return cs_error_no_memory(err);
    status = cs_lock_take(path, index->clock, &index->lock, err);
    free(path);
    return status;
}

/* Looking keeps writers out where it can. Beside a writer, or where no lock can
 * be had, it is reading. A lock that is not there is in nobody's hands. */
static enum cs_status share_lock(struct cs_index *index, const char *folder,
                                 enum cs_db_mode *mode, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    char *path = join(folder, "lock");
    if (!path)
        return cs_error_no_memory(err);
    enum cs_status status = cs_lock_share(path, &index->lock, &why);
    if (status != CS_OK && status != CS_ERR_NOT_FOUND)
        *mode = CS_DB_READ;
    free(path);
    return CS_OK;
}

/* The size of what a killed run left beside the database, or 0. */
static int64_t log_size(const char *path)
{
    struct cs_strbuf log CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct stat st;
    cs_strbuf_printf(&log, "%s-wal", path);
    return !log.status && stat(log.data, &st) == 0 ? (int64_t)st.st_size : 0;
}

static enum cs_status open_database(struct cs_index *index,
                                    enum cs_db_mode mode, struct cs_error *err)
{
    index->left_log = log_size(index->path);
    enum cs_status status = cs_db_open(index->path, mode, &index->db, err);
    if (status)
        return status;
    return mode == CS_DB_WRITE
               ? cs_schema_prepare(index->db, &index->is_fresh, err)
               : cs_schema_check(index->db, err);
}

/* Reading needs room for shared memory. Where the disk has none left, and
 * nobody writes, looking needs none; those who look at once take turns where a
 * log is left. */
static enum cs_status open_without_room(struct cs_index *index,
                                        const char *folder,
                                        struct cs_error *err)
{
    enum cs_status status = CS_ERR_NO_SPACE;
    for (int i = 0; i < TURNS && status == CS_ERR_NO_SPACE; i++) {
        enum cs_db_mode mode = CS_DB_INSPECT;
        if (i > 0)
            cs_clock_sleep(index->clock, TURN_MS);
        cs_db_close(index->db);
        cs_lock_free(index->lock);
        index->db = NULL;
        index->lock = NULL;
        *err = (struct cs_error)CS_ERROR_INIT;
        status = share_lock(index, folder, &mode, err);
        if (!status)
            status = open_database(index, mode, err);
    }
    return status;
}

enum cs_status cs_index_open(const struct cs_index_options *options,
                             struct cs_index **ret, struct cs_error *err)
{
    struct cs_index *index = calloc(1, sizeof(*index));
    enum cs_db_mode mode = options->mode;
    char *folder = options->index_dir ? strdup(options->index_dir)
                                      : join(options->root, ".cs");
    if (index) {
        index->root = strdup(options->root);
        index->path = folder ? join(folder, "index.db") : NULL;
        index->clock = options->clock;
    }
    enum cs_status status = CS_OK;
    if (!index || !index->root || !index->path)
        status = cs_error_no_memory(err);
    else if (options->existing && access(index->path, F_OK) != 0 &&
             errno == ENOENT)
        status = cs_error_set(err, CS_ERR_NO_INDEX, "there is no index at %s",
                              index->path);
    else if (mode == CS_DB_WRITE)
        status = take_lock(index, folder, err);
    else if (mode == CS_DB_INSPECT)
        status = share_lock(index, folder, &mode, err);
    if (!status)
        status = open_database(index, mode, err);
    if (status == CS_ERR_NO_SPACE && mode == CS_DB_READ)
        status = open_without_room(index, folder, err);
    free(folder);
    if (status) {
        cs_index_close(index);
        return status;
    }
    *ret = index;
    return CS_OK;
}

enum cs_status cs_index_make(const char *root, const char *path,
                             const struct cs_clock *clock,
                             struct cs_index **ret, struct cs_error *err)
{
    struct cs_index *index = calloc(1, sizeof(*index));
    if (!index)
        return cs_error_no_memory(err);
    index->root = strdup(root);
    index->path = strdup(path);
    index->clock = clock;
    enum cs_status status = index->root && index->path
                                ? open_database(index, CS_DB_WRITE, err)
                                : cs_error_no_memory(err);
    if (status) {
        cs_index_close(index);
        return status;
    }
    *ret = index;
    return CS_OK;
}

void cs_index_close(struct cs_index *index)
{
    if (!index)
        return;
    cs_db_close(index->db);
    cs_lock_free(index->lock);
    free(index->root);
    free(index->path);
    free(index);
}

struct cs_db *cs_index_db(struct cs_index *index)
{
    return index->db;
}

int64_t cs_index_left_log(const struct cs_index *index)
{
    return index->left_log;
}

bool cs_index_is_fresh(const struct cs_index *index)
{
    return index->is_fresh;
}

const char *cs_index_root(const struct cs_index *index)
{
    return index->root;
}

const struct cs_clock *cs_index_clock(const struct cs_index *index)
{
    return index->clock;
}

const char *cs_index_path(const struct cs_index *index)
{
    return index->path;
}

void cs_index_put_folder(const struct cs_index *index, const char *folder,
                         struct cs_strbuf *out)
{
    if (folder[0] == '/')
        cs_strbuf_puts(out, folder);
    else
        cs_path_join(out, index->root, folder);
}
