/*
 * scenario_mirror.c - a mirror that was killed, damaged or is old, and what
 * maintenance does about it.
 */
#include "tests/fault/scenario.h"

#include "index/fulltext.h"
#include "index/store/reconvert.h"
#include "index/upkeep/backup.h"
#include "index/upkeep/check.h"
#include "src/dir.h"
#include "src/file.h"
#include "tests/lib/script.h"

#include <sys/wait.h>
#include <unistd.h>

/* A sync that dies between its commit and the first rename. */
enum cs_status fault_prepare_killed(struct sandbox *box, struct cs_error *err)
{
    enum cs_status status = fault_sync_before(box, err);
    if (status)
        return status;
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        (void)inject_arm("renameat2:2:kill", NULL);
        (void)fault_sync_after(box, err);
        _exit(0);
    }
    int ended = 0;
    if (pid < 0 || waitpid(pid, &ended, 0) != pid || !WIFSIGNALED(ended))
        return cs_error_set(err, CS_ERR_INTERNAL, "it was not killed");
    return CS_OK;
}

static enum cs_status open_index(struct sandbox *box, struct cs_index **ret,
                                 struct cs_error *err)
{
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    return cs_index_open(&options, ret, err);
}

/* A file that is gone, one that nobody knows, one left in the stage, and
 * a full-text index that lacks an entry and has one too many. */
enum cs_status fault_prepare_damaged(struct sandbox *box, struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = fault_sync_before(box, err);
    if (!status)
        status = cs_dir_open(box->root, &dir, err);
    if (!status)
        status = cs_dir_remove(dir, "wiki/ENG/A.md", err);
    if (!status)
        status = cs_dir_write(dir, "wiki/.stage/77.md", "x", 1, err);
    if (!status)
        status = cs_dir_write(dir, "wiki/ENG/note.txt", "mine", 4, err);
    if (!status)
        status = open_index(box, &index, err);
    if (!status)
        status = cs_db_exec(
            cs_index_db(index),
            "INSERT INTO fts(fts, rowid, " CS_FULLTEXT_COLUMNS ")"
            " SELECT 'delete', * FROM search_text"
            "  WHERE title = 'B';"
            "INSERT INTO fts(rowid, title, body) VALUES(999, 'ghost', 'x')",
            err);
    return status;
}

/* A mirror whose index was lost. */
enum cs_status fault_prepare_lost(struct sandbox *box, struct cs_error *err)
{
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = fault_sync_before(box, err);
    if (!status)
        status = cs_dir_open(box->root, &dir, err);
    return status ? status : cs_dir_remove(dir, ".cs/index.db", err);
}

static enum cs_status prepare_old(struct sandbox *box, const char *schema,
                                  struct cs_error *err)
{
    char path[sizeof(box->root) + 32];
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    sqlite3 *db = NULL;
    (void)snprintf(path, sizeof(path), "%s/.cs", box->root);
    enum cs_status status = cs_file_make_dirs(path, err);
    if (!status)
        status = cs_file_read(schema, &sql, err);
    if (status)
        return status;
    (void)snprintf(path, sizeof(path), "%s/.cs/index.db", box->root);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql.data, NULL, NULL, NULL) != SQLITE_OK)
        status = cs_error_set(err, CS_ERR_IO, "%s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
    return status;
}

enum cs_status fault_prepare_version_1(struct sandbox *box,
                                       struct cs_error *err)
{
    return prepare_old(box, CS_FIXTURES "/schema/1.sql", err);
}

enum cs_status fault_prepare_version_2(struct sandbox *box,
                                       struct cs_error *err)
{
    return prepare_old(box, CS_FIXTURES "/schema/2.sql", err);
}

enum cs_status fault_prepare_version_3(struct sandbox *box,
                                       struct cs_error *err)
{
    return prepare_old(box, CS_FIXTURES "/schema/3.sql", err);
}

static enum cs_status run_task(struct sandbox *box, const char *only,
                               struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_check_summary summary = {0};
    enum cs_status status = script_open(box, &index, &store, err);
    const struct cs_check_options options = {.mode = CS_CHECK_FIX,
                                             .store = store,
                                             .only = &only,
                                             .n_only = only != NULL};
    return status ? status : cs_check_run(index, &options, &summary, err);
}

enum cs_status fault_check_and_fix(struct sandbox *box, struct cs_error *err)
{
    return run_task(box, NULL, err);
}

enum cs_status fault_reindex(struct sandbox *box, struct cs_error *err)
{
    return run_task(box, "reindex", err);
}

enum cs_status fault_optimize(struct sandbox *box, struct cs_error *err)
{
    return run_task(box, "optimize", err);
}

enum cs_status fault_backup(struct sandbox *box, struct cs_error *err)
{
    char path[sizeof(box->root) + 16];
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_backup_options options = {.path = path};
    int64_t bytes = 0;
    (void)snprintf(path, sizeof(path), "%s/.cs/copy.db", box->root);
    enum cs_status status = open_index(box, &index, err);
    return status ? status
                  : cs_backup_write(cs_index_db(index), &options, &bytes, err);
}

/* A converter that has learned to write in another way. */
static enum cs_status convert(void *payload,
                              const struct cs_stored_source *source,
                              struct cs_arena *arena, struct cs_body *ret_body,
                              struct cs_conversion_note *ret_note,
                              struct cs_error *err)
{
    (void)payload;
    *ret_note = (struct cs_conversion_note){0};
    *ret_body = (struct cs_body){
        .markdown = cs_arena_printf(arena, "new text of %s\n", source->id)};
    enum cs_status status = cs_arena_status(arena, err);
    if (!status)
        ret_body->len = strlen(ret_body->markdown);
    return status;
}

enum cs_status fault_reconvert(struct sandbox *box, struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_reconvert_summary summary;
    const struct cs_reconvert_options options = {.convert = convert};
    enum cs_status status = script_open(box, &index, &store, err);
    return status ? status : cs_store_reconvert(store, &options, &summary, err);
}
