/*
 * recover.c - the new index: made, believed as far as it can be, put in place.
 */
#include "index/upkeep/recover.h"

#include "index/schema.h"
#include "index/store/render.h"
#include "index/upkeep/fulltext.h"
#include "index/upkeep/salvage.h"
#include "src/document.h"
#include "src/file.h"
#include "src/hash.h"
#include "src/lock.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where things are. */
struct recovery {
    const struct cs_recover_options *options;
    struct cs_strbuf folder, old, new;
    struct cs_lock *lock;
    int64_t distrusted;
    int64_t aspects; /* enum cs_aspect: what lost rows, of whichever document */
};

static enum cs_status find_paths(struct recovery *recovery,
                                 struct cs_error *err)
{
    const struct cs_recover_options *options = recovery->options;
    if (options->index_dir)
        cs_strbuf_puts(&recovery->folder, options->index_dir);
    else
        cs_path_join(&recovery->folder, options->root, ".cs");
    cs_path_join(&recovery->old, recovery->folder.data, "index.db");
    cs_path_join(&recovery->new, recovery->folder.data, "index.db.recovered");
    enum cs_status status = cs_strbuf_status(&recovery->new, err);
    if (status || access(recovery->old.data, F_OK) == 0)
        return status;
    cs_error_set(err, CS_ERR_NO_INDEX, "there is no index at %s",
                 recovery->old.data);
    cs_error_hint(err, "run `cs sync` first");
    return CS_ERR_NO_INDEX;
}

/* An index that a newer program wrote is not damaged. */
static enum cs_status refuse_newer(struct recovery *recovery,
                                   struct cs_error *err)
{
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = NULL;
    struct cs_error why = CS_ERROR_INIT;
    if (cs_db_open(recovery->old.data, CS_DB_INSPECT, &db, &why) == CS_OK &&
        cs_schema_check(db, &why) == CS_ERR_NEWER)
        return cs_error_pass(err, CS_ERR_NEWER, &why);
    return CS_OK;
}

static enum cs_status take_lock(struct recovery *recovery, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_join(&path, recovery->folder.data, "lock");
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status
                  : cs_lock_take(path.data, recovery->options->clock,
                                 &recovery->lock, err);
}

/* Remove a database file and what SQLite keeps beside it. */
static void remove_database(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    for (size_t i = 0; i < CS_ARRAY_LEN(suffixes); i++) {
        cs_strbuf_reset(&name);
        cs_strbuf_printf(&name, "%s%s", path, suffixes[i]);
        if (name.status == CS_OK)
            (void)unlink(name.data);
    }
}

/* Rows that lost what they belong to; what was listed when, and how far the
 * cursors were, is true no more. */
static const char tidy[] =
    "DELETE FROM container WHERE source NOT IN (SELECT id FROM source);"
    "DELETE FROM document WHERE source NOT IN (SELECT id FROM source)"
    "  OR container NOT IN (SELECT id FROM container);"
    "DELETE FROM body WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM comments WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM label WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM link WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM part WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM conversion WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM attachment WHERE document NOT IN (SELECT id FROM document);"
    "DELETE FROM person WHERE source NOT IN (SELECT id FROM source);"
    "DELETE FROM run WHERE source NOT IN (SELECT id FROM source);"
    "DELETE FROM intent WHERE source NOT IN (SELECT id FROM source);"
    "DELETE FROM intent WHERE kind = 'document' AND op = 'put'"
    "  AND document NOT IN (SELECT document FROM body);"
    "DELETE FROM tombstone WHERE source NOT IN (SELECT id FROM source)"
    "  OR container NOT IN (SELECT id FROM container);"
    "DELETE FROM tombstone_file"
    "  WHERE tombstone NOT IN (SELECT id FROM tombstone);"
    "DELETE FROM event WHERE source NOT IN (SELECT id FROM source);"
    "UPDATE link SET target = NULL"
    "  WHERE target NOT IN (SELECT id FROM document);"
    "UPDATE container SET listed = NULL;"
    "UPDATE document SET body_version = NULL"
    "  WHERE id NOT IN (SELECT document FROM body);"
    "DELETE FROM cursor; DELETE FROM state;";

/* The file that this text gives is not the one that was written from it. */
static enum cs_status is_believed(struct cs_index *index, int64_t document,
                                  const void *hash, size_t len, bool *ret,
                                  struct cs_error *err)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_render_file(index, document, &bytes, &why);
    if (status == CS_ERR_NO_MEMORY)
        return cs_error_pass(err, status, &why);
    struct cs_hash present = cs_hash_of(bytes.data, bytes.len);
    *ret =
        !status && len == CS_HASH_SIZE && memcmp(present.bytes, hash, len) == 0;
    return CS_OK;
}

/* Rows that belong to a text and do not show in its own file may show in those
 * of others: where some are lost, nobody knows whose. */
static enum cs_status on_copied(void *payload, const char *table, int64_t rows,
                                bool whole, struct cs_error *err)
{
    static const struct {
        const char *table;
        int64_t aspects;
    } losses[] = {
        {"link", CS_ASPECT_TEXT | CS_ASPECT_COMMENTS},
        {"part", CS_ASPECT_TEXT},
        {"conversion", CS_ASPECT_TEXT},
        {"label", CS_ASPECT_TEXT | CS_ASPECT_LABELS},
        {"person", CS_ASPECT_TEXT | CS_ASPECT_COMMENTS},
        {"comments", CS_ASPECT_COMMENTS},
        {"attachment", CS_ASPECT_ATTACHMENTS},
    };
    struct recovery *recovery = payload;
    const struct cs_recover_options *options = recovery->options;
    (void)err;
    for (size_t i = 0; i < CS_ARRAY_LEN(losses) && !whole; i++)
        if (strcmp(table, losses[i].table) == 0)
            recovery->aspects |= losses[i].aspects;
    if (options->saved)
        options->saved(options->payload, table, rows, whole);
    return CS_OK;
}

static enum cs_status judge_text(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    void **args = payload;
    struct cs_index *index = args[0];
    struct recovery *recovery = args[1];
    size_t len;
    const void *hash = cs_query_blob(row, 1, &len);
    int64_t document = cs_query_int(row, 0);
    bool believed = false;
    enum cs_status status =
        is_believed(index, document, hash, len, &believed, err);
    if (status || (believed && !(recovery->aspects & CS_ASPECT_TEXT)))
        return status;
    recovery->distrusted++;
    return cs_db_run(cs_index_db(index), err,
                     "INSERT INTO temp.distrusted VALUES(?)", "i", document);
}

static enum cs_status judge_texts(struct recovery *recovery,
                                  struct cs_index *index, struct cs_error *err)
{
    struct cs_db *db = cs_index_db(index);
    void *args[] = {index, recovery};
    enum cs_status status = cs_db_exec(
        db, "CREATE TEMP TABLE distrusted(id INTEGER PRIMARY KEY)", err);
    if (!status)
        status = cs_db_each(db, judge_text, args, err,
                            "SELECT d.id, d.file_hash FROM document d"
                            " JOIN body b ON b.document = d.id",
                            "");
    if (!status)
        status = cs_db_run(db, err,
                           "UPDATE document SET reload = reload | ?"
                           " WHERE kind <> 'folder'",
                           "i", recovery->aspects & ~(int64_t)CS_ASPECT_TEXT);
    if (!status)
        status = cs_db_exec(db,
                            "UPDATE document SET body_version = NULL"
                            " WHERE id IN (SELECT id FROM temp.distrusted);"
                            "DELETE FROM body WHERE document IN"
                            " (SELECT id FROM temp.distrusted);"
                            "DROP TABLE temp.distrusted",
                            err);
    return status ? status : cs_fulltext_fill(db, err);
}

/* Fill the new index and close it: it is one file then. */
static enum cs_status make_new(struct recovery *recovery, struct cs_error *err)
{
    const struct cs_recover_options *options = recovery->options;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    enum cs_status status = cs_index_make(options->root, recovery->new.data,
                                          options->clock, &index, err);
    if (status)
        return status;
    struct cs_db *db = cs_index_db(index);
    status = cs_db_exec(db, "PRAGMA foreign_keys=OFF; BEGIN", err);
    if (!status)
        status =
            cs_salvage_copy(recovery->old.data, db, on_copied, recovery, err);
    if (!status)
        status = cs_db_exec(db, tidy, err);
    if (!status)
        status = judge_texts(recovery, index, err);
    if (!status)
        status = cs_db_exec(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)", err);
    return status;
}

/* A name that is free: index.db.damaged-20260506, then -2 and so on. */
static enum cs_status free_name(struct recovery *recovery,
                                char kept[CS_PATH_MAX], struct cs_error *err)
{
    char day[CS_TIME_TEXT_SIZE];
    struct stat st;
    cs_time_format_day(cs_clock_now(recovery->options->clock), day);
    for (int i = 1; i < 1000; i++) {
        int n = i == 1 ? snprintf(kept, CS_PATH_MAX, "%s.damaged-%s",
                                  recovery->old.data, day)
                       : snprintf(kept, CS_PATH_MAX, "%s.damaged-%s-%d",
                                  recovery->old.data, day, i);
        if (n < 0 || (size_t)n >= CS_PATH_MAX - 8)
            break;
        if (lstat(kept, &st) != 0 && errno == ENOENT)
            return CS_OK;
    }
    return cs_error_set(err, CS_ERR_LIMIT,
                        "too many damaged files are kept beside %s",
                        recovery->old.data);
}

/* The log goes first: it must not be read as that of the new file. */
static enum cs_status put_in_place(struct recovery *recovery, const char *kept,
                                   struct cs_error *err)
{
    struct cs_strbuf from CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_strbuf to CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_strbuf_printf(&from, "%s-wal", recovery->old.data);
    cs_strbuf_printf(&to, "%s-wal", kept);
    enum cs_status status = cs_strbuf_status(&to, err);
    if (!status && rename(from.data, to.data) != 0 && errno != ENOENT)
        status = cs_error_errno(err, errno, "%s", to.data);
    if (!status && link(recovery->old.data, kept) != 0)
        status = cs_error_errno(err, errno, "%s", kept);
    if (!status && rename(recovery->new.data, recovery->old.data) != 0)
        status = cs_error_errno(err, errno, "%s", recovery->old.data);
    cs_strbuf_reset(&from);
    cs_strbuf_printf(&from, "%s-shm", recovery->old.data);
    if (!status)
        (void)unlink(from.data);
    return status;
}

static enum cs_status recover(struct recovery *recovery,
                              struct cs_recover_summary *summary,
                              struct cs_error *err)
{
    struct stat st;
    enum cs_status status = find_paths(recovery, err);
    if (!status)
        status = refuse_newer(recovery, err);
    if (!status && stat(recovery->old.data, &st) == 0)
        summary->bytes = (int64_t)st.st_size;
    if (!status)
        status = free_name(recovery, summary->kept, err);
    if (status || recovery->options->dry_run)
        return status;
    status = take_lock(recovery, err);
    if (status)
        return status;
    remove_database(recovery->new.data);
    status = make_new(recovery, err);
    if (!status)
        status = put_in_place(recovery, summary->kept, err);
    if (status)
        remove_database(recovery->new.data);
    summary->distrusted = recovery->distrusted;
    return status;
}

enum cs_status cs_recover_run(const struct cs_recover_options *options,
                              struct cs_recover_summary *ret,
                              struct cs_error *err)
{
    struct recovery recovery = {.options = options};
    struct cs_recover_summary summary = {0};
    cs_strbuf_init(&recovery.folder, CS_PATH_MAX);
    cs_strbuf_init(&recovery.old, CS_PATH_MAX);
    cs_strbuf_init(&recovery.new, CS_PATH_MAX);
    enum cs_status status = recover(&recovery, &summary, err);
    cs_lock_free(recovery.lock);
    cs_strbuf_clear(&recovery.folder);
    cs_strbuf_clear(&recovery.old);
    cs_strbuf_clear(&recovery.new);
    if (!status)
        *ret = summary;
    return status;
}
