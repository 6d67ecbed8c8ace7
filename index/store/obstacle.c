/*
 * obstacle.c - what stands at a path that a file is to have.
 *
 * What is not ours makes the document, or the attachment, take another name.
 */
#include "index/store/intent.h"
#include "src/text.h"

enum cs_status cs_obstacle_yield(struct cs_store *store, int64_t document,
                                 struct cs_error *err)
{
    store->counts.conflicts++;
    enum cs_status status = cs_db_run(
        store->db, err, "UPDATE document SET suffixed = 1 WHERE id = ?", "i",
        document);
    return status ? status
                  : cs_db_run(store->db, err,
                              "INSERT OR IGNORE INTO temp.relayout"
                              " SELECT container FROM document WHERE id = ?",
                              "i", document);
}

/* Whose folder is that? "X" and "X.assets" are those of the document "X.md";
 * "X" may also be a folder without a text. */
static enum cs_status find_owner(struct cs_store *store, const char *folder,
                                 int64_t *ret_row, struct cs_error *err)
{
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_strbuf_puts(&file, folder);
    if (cs_str_ends(folder, CS_ASSETS_ENDING))
        cs_strbuf_truncate(&file, file.len - strlen(CS_ASSETS_ENDING));
    cs_strbuf_puts(&file, ".md");
    enum cs_status status = cs_strbuf_status(&file, err);
    return status ? status
                  : cs_db_int(store->db, ret_row, err,
                              "SELECT id FROM document WHERE source = ?1"
                              " AND file_path IN (?2, ?3)"
                              " AND path IS file_path AND NOT suffixed"
                              " UNION ALL SELECT id FROM document"
                              " WHERE source = ?1 AND path IN (?2, ?3)"
                              " AND path IS NOT file_path AND NOT suffixed",
                              "iss", store->source, folder, file.data);
}

/* Something stands in place of a space's folder: the space takes another name,
 * the same as the next listing finds for it. */
static enum cs_status yield_space(struct cs_store *store, const char *folder,
                                  struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err,
                  "INSERT OR IGNORE INTO temp.relayout SELECT id FROM container"
                  " WHERE source = ? AND folder = ?",
                  "is", store->source, folder);
    if (!status && cs_db_changes(store->db) > 0)
        store->counts.conflicts++;
    return status ? status
                  : cs_db_run(store->db, err,
                              "UPDATE container SET folder = folder || ' ('"
                              " || vendor_id || ')'"
                              " WHERE source = ? AND folder = ?",
                              "is", store->source, folder);
}

enum cs_status cs_obstacle_unblock(struct cs_store *store, const char *path,
                                   struct cs_error *err)
{
    struct cs_strbuf part CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        enum cs_entry_kind kind;
        int64_t row = 0;
        cs_strbuf_reset(&part);
        cs_strbuf_put(&part, path, (size_t)(slash - path));
        enum cs_status status = cs_dir_probe(store->dir, part.data, &kind, err);
        if (status)
            return status;
        if (kind == CS_ENTRY_DIR)
            continue;
        if (slash == strchr(path, '/'))
            return yield_space(store, part.data, err);
        status = find_owner(store, part.data, &row, err);
        return status || !row ? status : cs_obstacle_yield(store, row, err);
    }
    return CS_OK;
}

/* Also what leaves in this batch is ours, until the batch is published. */
static const char select_ours[] =
    "SELECT 1 FROM document WHERE source = ?1 AND file_path = ?2"
    " UNION ALL SELECT 1 FROM attachment WHERE source = ?1 AND file_path = ?2"
    " UNION ALL SELECT 1 FROM intent WHERE source = ?1 AND path = ?2"
    "  AND op IN ('take', 'remove', 'trash') AND id > ?3";

enum cs_status cs_obstacle_find(struct cs_store *store,
                                const struct cs_staged *file,
                                enum cs_obstacle *ret, struct cs_error *err)
{
    enum cs_entry_kind kind;
    int64_t ours = 0;
    *ret = CS_OBSTACLE_NONE;
    if (cs_str_equal(file->path, file->file_path))
        return CS_OK;
    enum cs_status status = cs_dir_probe(store->dir, file->path, &kind, err);
    if (status || kind == CS_ENTRY_NONE)
        return status;
    if (kind == CS_ENTRY_BLOCKED) {
        *ret = CS_OBSTACLE_BLOCKED;
        return CS_OK;
    }
    status = cs_db_int(store->db, &ours, err, select_ours, "isi", store->source,
                       file->path, store->published);
    if (!status && !ours && kind == CS_ENTRY_FILE &&
        file->kind == CS_FILE_DOCUMENT)
        status = cs_claim_adopt(store, file->row, file->path, &ours, err);
    if (!status && (!ours || kind != CS_ENTRY_FILE))
        *ret = CS_OBSTACLE_FOREIGN;
    return status;
}

enum cs_status cs_obstacle_ours(struct cs_store *store,
                                const struct cs_staged *file,
                                struct cs_hash *ret_hash, bool *ret_found,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_entry_kind kind;
    bool row = false;
    bool document = file->kind == CS_FILE_DOCUMENT;
    *ret_found = file->has_hash && cs_str_equal(file->path, file->file_path);
    if (*ret_found) {
        *ret_hash = file->file_hash;
        return CS_OK;
    }
    /* What is yet to come there, by the rename of a folder, leaves first. */
    enum cs_status status = cs_dir_probe(store->dir, file->path, &kind, err);
    if (status || kind == CS_ENTRY_NONE)
        return status;
    status = cs_db_query(
        store->db, &query, err,
        "SELECT file_hash FROM document WHERE source = ?1 AND file_path = ?2"
        " AND id <> ?3 AND file_hash IS NOT NULL"
        " UNION ALL SELECT file_hash FROM attachment WHERE source = ?1"
        "  AND file_path = ?2 AND id <> ?4 AND file_hash IS NOT NULL"
        " UNION ALL SELECT old_hash FROM intent WHERE source = ?1"
        "  AND path = ?2 AND op IN ('take', 'remove', 'trash') AND id > ?5"
        "  AND old_hash IS NOT NULL LIMIT 1",
        "isiii", store->source, file->path, document ? file->row : (int64_t)0,
        document ? (int64_t)0 : file->row, store->published);
    if (!status)
        status = cs_query_next(&query, &row, err);
    *ret_found = !status && row && cs_intent_read_hash(&query, 0, ret_hash);
    return status;
}
