/*
 * download.c - the bytes of attachments: which are wanted, gathered in the
 * stage, checked, and handed to the next commit.
 *
 * An attachment is wanted when the user wants it: all of them, or those that
 * some text names. The size limit is about fetching; what is held in its
 * present version stays. Under "none" nothing is fetched, and what is held
 * stays as it is.
 *
 * What was gathered of a version stays in the stage when a download breaks
 * off, and the next one goes on behind it. The name of the gathered file has
 * the version in it, so bytes of two versions never meet.
 */
#include "index/store/download.h"

#include "index/store/intent.h"

void cs_download_part_name(int64_t attachment, int64_t version,
                           char buf[CS_STAGE_NAME_SIZE])
{
    (void)snprintf(buf, CS_STAGE_NAME_SIZE, ".stage/a%lldv%lld.part",
                   (long long)attachment, (long long)version);
}

/* ?1 source, ?2 whether all are wanted, ?3 the largest size, 0 for any. */
#define IS_WANTED                                                              \
    "((?2 OR EXISTS(SELECT 1 FROM link l WHERE l.target = a.document"          \
    "   AND l.file = a.name))"                                                 \
    " AND (?3 = 0 OR a.size <= ?3 OR a.held_version IS a.version))"

enum cs_status cs_download_plan(struct cs_store *store, struct cs_error *err)
{
    static const char find[] =
        "INSERT INTO temp.turned SELECT id FROM attachment a"
        " WHERE source = ?1 AND wanted IS NOT " IS_WANTED;
    static const char *const steps[] = {
        "INSERT OR IGNORE INTO temp.dirty SELECT a.document"
        " FROM temp.turned t CROSS JOIN attachment a ON a.id = t.id",
        "INSERT OR IGNORE INTO temp.dirty SELECT l.document"
        " FROM temp.turned t CROSS JOIN attachment a ON a.id = t.id"
        " CROSS JOIN link l ON l.target = a.document AND l.file = a.name",
        "UPDATE attachment SET wanted = NOT wanted"
        " WHERE id IN (SELECT id FROM temp.turned)",
        "DELETE FROM temp.turned",
    };
    const struct cs_run_options *options = &store->options;
    if (store->planned || options->attachments == CS_ATTACHMENTS_NONE ||
        !(options->aspects & CS_ASPECT_ATTACHMENTS))
        return CS_OK;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status =
            cs_db_run(store->db, err, find, "iii", store->source,
                      (int64_t)(options->attachments == CS_ATTACHMENTS_ALL),
                      options->attachment_max_size);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps) && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "");
    store->planned = !status;
    return status;
}

/* An attachment as the slots need it. */
struct download {
    int64_t row, version, size;
    char part[CS_STAGE_NAME_SIZE];
};

/* The attachment of the current source; false for an id that is not held. */
static enum cs_status find(struct cs_store *store, const char *id,
                           struct download *ret, bool *ret_found,
                           struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT id, version, size FROM attachment"
                    " WHERE source = ? AND vendor_id = ?",
                    "is", store->source, id);
    if (!status)
        status = cs_query_next(&query, ret_found, err);
    if (status || !*ret_found)
        return status;
    ret->row = cs_query_int(&query, 0);
    ret->version = cs_query_int(&query, 1);
    ret->size = cs_query_int(&query, 2);
    cs_download_part_name(ret->row, ret->version, ret->part);
    return CS_OK;
}

/* How much of it was gathered; all of it, or more, is as good as nothing. */
static enum cs_status count_gathered(struct cs_store *store, const char *part,
                                     int64_t size, int64_t *ret_have,
                                     struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    int64_t have = 0;
    enum cs_status status = cs_dir_size(store->dir, part, &have, &why);
    *ret_have = 0;
    if (status == CS_ERR_NOT_FOUND)
        return CS_OK;
    if (status)
        return cs_error_pass(err, status, &why);
    if (size < 0 || have < size)
        *ret_have = have;
    return CS_OK;
}

static enum cs_status read_want(struct cs_store *store, struct cs_arena *arena,
                                struct cs_query *query,
                                struct cs_file_want *want, struct cs_error *err)
{
    char part[CS_STAGE_NAME_SIZE];
    *want = (struct cs_file_want){
        .id = cs_arena_strdup(arena, cs_query_text(query, 1)),
        .document_id = cs_arena_strdup(arena, cs_query_text(query, 2)),
        .name = cs_arena_strdup(arena, cs_query_text(query, 3)),
        .locator = cs_arena_strdup(arena, cs_query_text(query, 4)),
        .size = cs_query_int(query, 5),
        .version = cs_query_int(query, 6),
    };
    cs_download_part_name(cs_query_int(query, 0), want->version, part);
    enum cs_status status = cs_arena_status(arena, err);
    return status ? status
                  : count_gathered(store, part, want->size, &want->have, err);
}

/* Once a run in which a listing was complete. */
static enum cs_status look_for_files(struct cs_store *store,
                                     struct cs_error *err)
{
    int64_t complete = 0;
    if (store->files_seen)
        return CS_OK;
    enum cs_status status = cs_db_int(
        store->db, &complete, err, "SELECT 1 FROM temp.complete LIMIT 1", "");
    if (!status && complete)
        status = cs_batch_begin(store, err);
    if (!status && complete)
        status = cs_assets_presence(store, err);
    store->files_seen = !status;
    return status;
}

enum cs_status cs_download_wanted(struct cs_store *store,
                                  struct cs_arena *arena, size_t max,
                                  struct cs_file_want *ret_wants, size_t *ret_n,
                                  struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    size_t n = 0;
    enum cs_status status = look_for_files(store, err);
    if (!status)
        status = cs_download_plan(store, err);
    if (!status && store->options.attachments != CS_ATTACHMENTS_NONE)
        status = cs_db_query(
            store->db, &query, err,
            "SELECT a.id, a.vendor_id, d.vendor_id, a.name, a.locator, a.size,"
            " a.version FROM attachment a JOIN document d ON d.id = a.document"
            " JOIN body b ON b.document = d.id"
            " WHERE a.source = ?1 AND a.wanted"
            " AND a.held_version IS NOT a.version AND d.missing IS NULL"
            " AND d.path IS NOT NULL AND a.id > ?2"
            " AND a.id NOT IN (SELECT id FROM temp.arrived)"
            " AND (?3 = 0 OR a.size <= ?3) ORDER BY a.id LIMIT ?4",
            "iiii", store->source, store->last_file,
            store->options.attachment_max_size, (int64_t)max);
    for (bool row = query.stmt != NULL; row && !status && n < max; n++) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        store->last_file = cs_query_int(&query, 0);
        status = read_want(store, arena, &query, &ret_wants[n], err);
    }
    if (!status)
        *ret_n = n;
    return status;
}

enum cs_status cs_download_write(struct cs_store *store, const char *id,
                                 int64_t at, const void *data, size_t len,
                                 struct cs_error *err)
{
    struct download file;
    bool found = false;
    int64_t max = store->options.attachment_max_size;
    enum cs_status status = find(store, id, &file, &found, err);
    if (status || !found)
        return status;
    if (max > 0 && (at > max || (int64_t)len > max - at))
        return CS_OK; /* larger than it was told: refused at its end */
    return cs_dir_write_at(store->dir, file.part, at, data, len, err);
}

static enum cs_status note_failure(struct cs_store *store, int64_t row,
                                   const char *why, struct cs_error *err)
{
    int64_t known = 0;
    enum cs_status status =
        cs_db_int(store->db, &known, err,
                  "SELECT 1 FROM attachment WHERE id = ? AND failure IS ?",
                  "is", row, why);
    store->files_failed++;
    store->files_failed_new += !known;
    return status ? status
                  : cs_db_run(store->db, err,
                              "UPDATE attachment SET failure = ?1,"
                              " failed = coalesce(failed, ?2) WHERE id = ?3",
                              "sii", why,
                              cs_clock_now(cs_index_clock(store->index)), row);
}

/* What came is not what was told: start again next time. */
static enum cs_status refuse(struct cs_store *store,
                             const struct download *file, int64_t have,
                             struct cs_error *err)
{
    char why[96];
    (void)snprintf(why, sizeof(why), "%lld bytes came, and %lld were told",
                   (long long)have, (long long)file->size);
    enum cs_status status = cs_dir_remove(store->dir, file->part, err);
    return status ? status : note_failure(store, file->row, why, err);
}

/* The bytes are complete: the next commit puts them in place. */
static enum cs_status accept(struct cs_store *store,
                             const struct download *file, int64_t size,
                             struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    struct cs_hash hash;
    bool done;
    cs_intent_stage_name(CS_FILE_ATTACHMENT, file->row, staged);
    enum cs_status status = cs_dir_hash(store->dir, file->part, &hash, err);
    if (!status)
        status =
            cs_dir_rename(store->dir, file->part, staged, true, &done, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT OR REPLACE INTO temp.arrived(id, hash, size,"
                           " version) VALUES(?,?,?,?)",
                           "ibii", file->row, hash.bytes, (size_t)CS_HASH_SIZE,
                           size, file->version);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE attachment SET failure = NULL,"
                           " failed = NULL WHERE id = ?"
                           " AND failure IS NOT NULL",
                           "i", file->row);
    store->files_fetched++;
    store->batch_documents++;
    store->batch_bytes += (size_t)size;
    return status ? status : cs_touch_attachment(store, file->row, err);
}

enum cs_status cs_download_end(struct cs_store *store, const char *id,
                               int64_t size, struct cs_error *err)
{
    struct download file;
    struct cs_error why = CS_ERROR_INIT;
    bool found = false;
    int64_t have = 0;
    enum cs_status status = find(store, id, &file, &found, err);
    if (status || !found)
        return status;
    status = cs_dir_size(store->dir, file.part, &have, &why);
    if (status == CS_ERR_NOT_FOUND) { /* an empty file has no first piece */
        status = cs_dir_write(store->dir, file.part, "", 0, err);
    } else if (status) {
        *err = why;
    }
    if (status)
        return status;
    if (have != size || (file.size >= 0 && have != file.size))
        return refuse(store, &file, have, err);
    return accept(store, &file, size, err);
}

enum cs_status cs_download_fail(struct cs_store *store, const char *id,
                                const struct cs_error *why,
                                struct cs_error *err)
{
    struct download file;
    bool found = false;
    enum cs_status status = find(store, id, &file, &found, err);
    if (status || !found)
        return status;
    return note_failure(store, file.row, why->message, err);
}
