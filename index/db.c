/*
 * db.c - the statement cache and the binding of parameters.
 *
 * The cache is keyed by the address of the literal, which is the same for
 * every call from one place; two places with the same text may each have one.
 */
#include "index/db.h"

#include "index/checksum.h"
#include "src/path.h"
#include "src/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { CACHE_SLOTS = 256, BUSY_MS = 10000 };

struct slot {
    const char *sql;
    sqlite3_stmt *stmt;
};

struct cs_db {
    sqlite3 *handle;
    struct slot cache[CACHE_SLOTS];
    size_t n_cached;
};

static const struct {
    int code;
    enum cs_status status;
} code_map[] = {
    {SQLITE_FULL, CS_ERR_NO_SPACE},
    {SQLITE_NOMEM, CS_ERR_NO_MEMORY},
    {SQLITE_BUSY, CS_ERR_LOCKED},
    {SQLITE_LOCKED, CS_ERR_LOCKED},
    {SQLITE_CORRUPT, CS_ERR_CORRUPT},
    {SQLITE_NOTADB, CS_ERR_CORRUPT},
    /* Our statements are literals: that one makes no sense any more, or that
     * rows do not fit, means that the file is not what we wrote. */
    {SQLITE_ERROR, CS_ERR_CORRUPT},
    {SQLITE_CONSTRAINT, CS_ERR_CORRUPT},
    {SQLITE_MISMATCH, CS_ERR_CORRUPT},
    {SQLITE_TOOBIG, CS_ERR_LIMIT},
    {SQLITE_INTERRUPT, CS_ERR_CANCELLED},
};

static enum cs_status map_code(int code)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(code_map); i++)
        if (code_map[i].code == (code & 0xff))
            return code_map[i].status;
    return CS_ERR_IO;
}

static bool is_damaged(struct cs_db *db)
{
    int failed = 0;
    sqlite3_file_control(db->handle, "main", CS_CHECKSUM_FAILED, &failed);
    return failed != 0;
}

enum cs_status cs_db_error(struct cs_db *db, const char *what,
                           struct cs_error *err)
{
    int code = db->handle ? sqlite3_extended_errcode(db->handle) : SQLITE_NOMEM;
    enum cs_status status = map_code(code);
    int errnum = db->handle ? sqlite3_system_errno(db->handle) : 0;
    if (status == CS_ERR_IO && (errnum == ENOSPC || errnum == EDQUOT))
        status = CS_ERR_NO_SPACE;
    bool damaged = (code & 0xff) == SQLITE_IOERR && is_damaged(db);
    if (damaged)
        status = CS_ERR_CORRUPT;
    cs_error_set(err, status, "%s: %s", what,
                 damaged ? "a page of the file is damaged, or "
                           "was written by another program"
                 : status == CS_ERR_NO_SPACE ? "no space left on the disk"
                 : db->handle                ? sqlite3_errmsg(db->handle)
                                             : "out of memory");
    if (status == CS_ERR_CORRUPT)
        cs_error_hint(err, CS_DB_WAY_BACK);
    return status;
}

/* The log that a killed writer left is the next writer's to carry over: the
 * last reader to close would otherwise write it into the database. An empty
 * one is ours, and SQLite takes it away again. */
static void leave_log_alone(struct cs_db *db)
{
    const char *log =
        sqlite3_filename_wal(sqlite3_db_filename(db->handle, "main"));
    struct stat st;
    if (log && stat(log, &st) == 0 && st.st_size > 0)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
}

static enum cs_status configure(struct cs_db *db, enum cs_db_mode mode,
                                struct cs_error *err)
{
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    if (mode == CS_DB_READ) {
        leave_log_alone(db);
        /* Pages are mostly read once: old buffers cost less than new ones. */
        return cs_db_exec(db, "PRAGMA query_only=1;PRAGMA cache_size=32", err);
    }
    if (mode == CS_DB_INSPECT) /* temporary tables are no trace */
        return cs_db_exec(db, "PRAGMA temp_store=FILE", err);
    int reserved = CS_CHECKSUM_BYTES; /* of a new file */
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_RESERVE_BYTES,
                         &reserved);
    /* Temporary tables are written outside of transactions too: with a journal
     * on the disk each row of a listing would write pages there. */
    return cs_db_exec(db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "PRAGMA foreign_keys=ON; PRAGMA secure_delete=OFF;"
                      "PRAGMA wal_autocheckpoint=4000;PRAGMA cache_size=-16000;"
                      "PRAGMA temp.journal_mode=MEMORY",
                      err);
}

/* SQLite would make the file as the umask says; its journals follow it. */
static enum cs_status make_private(const char *path, struct cs_error *err)
{
    if (strcmp(path, ":memory:") == 0)
        return CS_OK;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return cs_error_errno(err, errno, "%s", path);
    (void)close(fd);
    return CS_OK;
}

/* Append `path` as a URI of SQLite's: nobody changes the file meanwhile. */
static void put_immutable(const char *path, struct cs_strbuf *out)
{
    cs_strbuf_puts(out, "file:");
    for (; *path; path++) {
        if (strchr("%?#", *path))
            cs_strbuf_printf(out, "%%%02x", (unsigned)*path);
        else
            cs_strbuf_putc(out, *path);
    }
    cs_strbuf_puts(out, "?immutable=1");
}

static bool has_log(const char *path)
{
    struct cs_strbuf log CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct stat st;
    cs_strbuf_printf(&log, "%s-wal", path);
    return stat(log.data, &st) == 0 && st.st_size > 0;
}

/* Without a log the file says everything, and is opened as one that does not
 * change. With one, SQLite must join them: alone with the file, it keeps what
 * it otherwise puts into the shared memory to itself. */
static int open_inspected(struct cs_db *db, const char *path, const char *layer)
{
    struct cs_strbuf uri CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    int flags = SQLITE_OPEN_NOMUTEX;
    if (!has_log(path)) {
        put_immutable(path, &uri);
        if (uri.status)
            return SQLITE_NOMEM;
        flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
        return sqlite3_open_v2(uri.data, &db->handle, flags, layer);
    }
    flags |= SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(path, &db->handle, flags, layer);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db->handle,
                            "PRAGMA locking_mode=EXCLUSIVE;"
                            "SELECT count(*) FROM sqlite_schema",
                            NULL, NULL, NULL);
    if (code == SQLITE_OK)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                          NULL);
    return code;
}

/* May files be made beside `path`? */
static bool folder_is_open(const char *path)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_strbuf_puts(&folder, path);
    cs_strbuf_truncate(&folder, cs_path_dirname_len(path));
    return folder.len == 0 || access(folder.data, W_OK) == 0;
}

/* There is no room for shared memory, and no need: whoever may not write here
 * finds all in the file, unless a log tells of a writer. */
static bool may_not_write(const char *path)
{
    struct statvfs fs;
    bool frozen = statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY);
    return frozen || (!has_log(path) &&
                      (access(path, W_OK) != 0 || !folder_is_open(path)));
}

/* Reading opens the file for writing too where it may: a reader of a WAL
 * database needs its shared memory. */
static int open_handle(struct cs_db *db, const char *path,
                       enum cs_db_mode *mode)
{
    const char *layer = cs_checksum_layer();
    if (!layer)
        return SQLITE_NOMEM;
    if (*mode == CS_DB_READ && may_not_write(path))
        *mode = CS_DB_INSPECT;
    if (*mode == CS_DB_INSPECT) {
        int code = open_inspected(db, path, layer);
        if (code != SQLITE_BUSY)
            return code;
        sqlite3_close(db->handle); /* others read it just now */
        *mode = CS_DB_READ;
    }
    return sqlite3_open_v2(path, &db->handle,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, layer);
}

enum cs_status cs_db_open(const char *path, enum cs_db_mode mode,
                          struct cs_db **ret, struct cs_error *err)
{
    if (mode != CS_DB_WRITE && access(path, F_OK) != 0 && errno == ENOENT) {
        return cs_error_set(err, CS_ERR_NO_INDEX, "there is no index at %s",
                            path);
    }
    enum cs_status status =
        mode == CS_DB_WRITE ? make_private(path, err) : CS_OK;
    if (status)
        return status;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* sums cost locks */
    struct cs_db *db = calloc(1, sizeof(*db));
    if (!db)
        return cs_error_no_memory(err);
    int code = open_handle(db, path, &mode);
    status = code == SQLITE_OK ? configure(db, mode, err)
                               : cs_db_error(db, path, err);
    if (status) {
        cs_db_close(db);
        return status;
    }
    *ret = db;
    return CS_OK;
}

void cs_db_close(struct cs_db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(db->cache[i].stmt);
    sqlite3_close(db->handle);
    free(db);
}

sqlite3 *cs_db_handle(struct cs_db *db)
{
    return db->handle;
}

enum cs_status cs_db_exec(struct cs_db *db, const char *sql,
                          struct cs_error *err)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return cs_db_error(db, "index", err);
    return CS_OK;
}

static enum cs_status prepare(struct cs_db *db, const char *sql,
                              sqlite3_stmt **ret, struct cs_error *err)
{
    unsigned flags = SQLITE_PREPARE_PERSISTENT;
    if (sqlite3_prepare_v3(db->handle, sql, -1, flags, ret, NULL) != SQLITE_OK)
        return cs_db_error(db, "index", err);
    return CS_OK;
}

static struct slot *find_slot(struct cs_db *db, const char *sql)
{
    size_t i = ((uintptr_t)sql >> 3) % CACHE_SLOTS;
    while (db->cache[i].sql && db->cache[i].sql != sql)
        i = (i + 1) % CACHE_SLOTS;
    return &db->cache[i];
}

/* A cached statement; one of its own when the cache is full or the cached one
 * is running (a query inside itself). */
static enum cs_status obtain(struct cs_db *db, const char *sql,
                             struct cs_query *query, struct cs_error *err)
{
    struct slot *slot = find_slot(db, sql);
    query->db = db;
    query->owned = slot->sql ? sqlite3_stmt_busy(slot->stmt) != 0
                             : db->n_cached >= CACHE_SLOTS - 1;
    if (query->owned)
        return prepare(db, sql, &query->stmt, err);
    if (!slot->sql) {
        enum cs_status status = prepare(db, sql, &slot->stmt, err);
        if (status)
            return status;
        slot->sql = sql;
        db->n_cached++;
    }
    query->stmt = slot->stmt;
    return CS_OK;
}

static int bind_one(sqlite3_stmt *stmt, int at, char type, va_list *args)
{
    const void *data;
    switch (type) {
    case 'i': return sqlite3_bind_int64(stmt, at, va_arg(*args, int64_t));
    case 's':
        return sqlite3_bind_text(stmt, at, va_arg(*args, const char *), -1,
                                 SQLITE_STATIC);
    case 'b':
        data = va_arg(*args, const void *);
        return sqlite3_bind_blob64(stmt, at, data, va_arg(*args, size_t),
                                   SQLITE_STATIC);
    case 'n': return sqlite3_bind_null(stmt, at);
    default: return SQLITE_MISUSE;
    }
}

static enum cs_status start(struct cs_db *db, const char *sql,
                            const char *types, va_list *args,
                            struct cs_query *query, struct cs_error *err)
{
    enum cs_status status = obtain(db, sql, query, err);
    if (status)
        return status;
    for (int i = 0; types[i]; i++) {
        if (bind_one(query->stmt, i + 1, types[i], args) != SQLITE_OK) {
            status = cs_db_error(db, sql, err);
            cs_query_close(query);
            return status;
        }
    }
    return CS_OK;
}

enum cs_status cs_db_query(struct cs_db *db, struct cs_query *ret_query,
                           struct cs_error *err, const char *sql,
                           const char *types, ...)
{
    va_list args;
    va_start(args, types);
    enum cs_status status = start(db, sql, types, &args, ret_query, err);
    va_end(args);
    if (status)
        *ret_query = (struct cs_query){0};
    return status;
}

/* A text may get the NUL at its end only when it is asked for, and that needs
 * memory: who asks could not tell the lack of it from a NULL. */
static bool has_texts(sqlite3_stmt *stmt)
{
    for (int i = sqlite3_data_count(stmt) - 1; i >= 0; i--)
        if (sqlite3_column_type(stmt, i) == SQLITE_TEXT &&
            !sqlite3_column_text(stmt, i))
            return false;
    return true;
}

enum cs_status cs_query_next(struct cs_query *query, bool *ret_row,
                             struct cs_error *err)
{
    int code = sqlite3_step(query->stmt);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return cs_db_error(query->db, "index", err);
    *ret_row = code == SQLITE_ROW;
    return has_texts(query->stmt) ? CS_OK : cs_error_no_memory(err);
}

void cs_query_close(struct cs_query *query)
{
    if (!query->stmt)
        return;
    if (query->owned) {
        sqlite3_finalize(query->stmt);
    } else {
        sqlite3_reset(query->stmt);
        sqlite3_clear_bindings(query->stmt);
    }
    query->stmt = NULL;
}

enum cs_status cs_db_run(struct cs_db *db, struct cs_error *err,
                         const char *sql, const char *types, ...)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    va_list args;
    va_start(args, types);
    enum cs_status status = start(db, sql, types, &args, &query, err);
    va_end(args);
    for (bool row = true; !status && row;)
        status = cs_query_next(&query, &row, err);
    return status;
}

enum cs_status cs_db_each(struct cs_db *db, cs_db_row_fn *visit, void *payload,
                          struct cs_error *err, const char *sql,
                          const char *types, ...)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    va_list args;
    va_start(args, types);
    enum cs_status status = start(db, sql, types, &args, &query, err);
    va_end(args);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = visit(payload, &query, err);
    }
    return status;
}

enum cs_status cs_db_int(struct cs_db *db, int64_t *ret, struct cs_error *err,
                         const char *sql, const char *types, ...)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    va_list args;
    va_start(args, types);
    enum cs_status status = start(db, sql, types, &args, &query, err);
    va_end(args);
    bool row = false;
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row && !cs_query_is_null(&query, 0))
        *ret = cs_query_int(&query, 0);
    return status;
}

int64_t cs_db_changes(struct cs_db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t cs_query_int(struct cs_query *query, int column)
{
    return sqlite3_column_int64(query->stmt, column);
}

const char *cs_query_text(struct cs_query *query, int column)
{
    return (const char *)sqlite3_column_text(query->stmt, column);
}

const void *cs_query_blob(struct cs_query *query, int column, size_t *ret_len)
{
    const void *data = sqlite3_column_blob(query->stmt, column);
    *ret_len = (size_t)sqlite3_column_bytes(query->stmt, column);
    return data;
}

bool cs_query_is_null(struct cs_query *query, int column)
{
    return sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
}

enum cs_status cs_db_begin(struct cs_db *db, struct cs_error *err)
{
    return cs_db_run(db, err, "BEGIN IMMEDIATE", "");
}

enum cs_status cs_db_commit(struct cs_db *db, struct cs_error *err)
{
    return cs_db_run(db, err, "COMMIT", "");
}

void cs_db_rollback(struct cs_db *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}
