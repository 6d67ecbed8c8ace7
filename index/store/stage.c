/*
 * stage.c - files before the commit: rendered, and their intents written.
 *
 * A staged file is ".stage/<row>.md" in the folder of its source, so that its
 * rename never crosses file systems. What stands at a file's path and is not
 * ours makes the document, or the attachment, take another name.
 */
#include "index/store/intent.h"
#include "src/text.h"

#include <stdlib.h>

/* Rounds of finding foreign files and laying out anew; each round moves the
 * documents found in it, so more than a few mean a fault. */
enum { MAX_ROUNDS = 8 };

void cs_stage_name(int64_t document, char buf[CS_STAGE_NAME_SIZE])
{
    cs_intent_stage_name(CS_FILE_DOCUMENT, document, buf);
}

static enum cs_status load_touched(struct cs_store *store, int64_t row,
                                   struct cs_arena *arena,
                                   struct cs_staged *ret, bool *ret_found,
                                   struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT d.container, d.path, d.file_path, d.file_hash"
                    " FROM document d JOIN body b ON b.document = d.id"
                    " WHERE d.id = ? AND d.path IS NOT NULL",
                    "i", row);
    if (!status)
        status = cs_query_next(&query, ret_found, err);
    if (status || !*ret_found)
        return status;
    *ret = (struct cs_staged){
        .kind = CS_FILE_DOCUMENT,
        .row = row,
        .document = row,
        .container = cs_query_int(&query, 0),
        .path = cs_arena_strdup(arena, cs_query_text(&query, 1)),
        .file_path = cs_arena_strdup(arena, cs_query_text(&query, 2)),
    };
    ret->has_hash = cs_intent_read_hash(&query, 3, &ret->file_hash);
    return cs_arena_status(arena, err);
}

/* The document takes another name, and its container is laid out anew. */
static enum cs_status yield(struct cs_store *store, int64_t row,
                            struct cs_error *err)
{
    store->counts.conflicts++;
    enum cs_status status =
        cs_db_run(store->db, err,
                  "UPDATE document SET suffixed = 1 WHERE id = ?", "i", row);
    return status ? status
                  : cs_db_run(store->db, err,
                              "INSERT OR IGNORE INTO temp.relayout"
                              " SELECT container FROM document WHERE id = ?",
                              "i", row);
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

enum cs_status cs_stage_unblock(struct cs_store *store, const char *path,
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
        return status || !row ? status : yield(store, row, err);
    }
    return CS_OK;
}

/* Also what leaves in this batch is ours, until the batch is published. */
static const char select_ours[] =
    "SELECT 1 FROM document WHERE source = ?1 AND file_path = ?2"
    " UNION ALL SELECT 1 FROM attachment WHERE source = ?1 AND file_path = ?2"
    " UNION ALL SELECT 1 FROM intent WHERE source = ?1 AND path = ?2"
    "  AND op IN ('take', 'remove', 'trash') AND id > ?3";

enum cs_status cs_stage_probe(struct cs_store *store,
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

static enum cs_status check_foreign(struct cs_store *store, int64_t row,
                                    struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_staged doc;
    bool found = false;
    enum cs_obstacle obstacle = CS_OBSTACLE_NONE;
    enum cs_status status = load_touched(store, row, arena, &doc, &found, err);
    if (!status && found)
        status = cs_stage_probe(store, &doc, &obstacle, err);
    if (status || obstacle == CS_OBSTACLE_NONE)
        return status;
    return obstacle == CS_OBSTACLE_FOREIGN
               ? yield(store, row, err)
               : cs_stage_unblock(store, doc.path, err);
}

static enum cs_status layout_again(struct cs_store *store, int64_t container,
                                   struct cs_error *err)
{
    uint64_t moved = 0;
    return cs_tree_layout(store, container, &moved, err);
}

/* Where foreign files stand in the way, give those documents and attachments
 * other names. */
static enum cs_status avoid_foreign(struct cs_store *store,
                                    struct cs_error *err)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        bool again = false;
        int64_t any = 0;
        enum cs_status status = cs_batch_each(
            store, "SELECT id FROM temp.dirty WHERE ?", 1, check_foreign, err);
        if (!status)
            status = cs_assets_layout(store, err);
        if (!status)
            status = cs_assets_avoid(store, &again, err);
        if (!status)
            status = cs_db_int(store->db, &any, err,
                               "SELECT 1 FROM temp.relayout LIMIT 1", "");
        if (status || (!any && !again))
            return status;
        status = cs_batch_each(store, "SELECT id FROM temp.relayout WHERE ?", 1,
                               layout_again, err);
        if (!status)
            status = cs_db_run(store->db, err, "DELETE FROM temp.relayout", "");
        if (status)
            return status;
    }
    return CS_OK; /* what is still in the way is met when publishing */
}

enum cs_status cs_stage_find_old(struct cs_store *store,
                                 const struct cs_staged *file,
                                 struct cs_hash *ret_hash, bool *ret_found,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    bool document = file->kind == CS_FILE_DOCUMENT;
    *ret_found = file->has_hash && cs_str_equal(file->path, file->file_path);
    if (*ret_found) {
        *ret_hash = file->file_hash;
        return CS_OK;
    }
    enum cs_status status = cs_db_query(
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

static enum cs_status stage(struct cs_store *store, const struct cs_staged *doc,
                            const struct cs_strbuf *bytes,
                            const struct cs_hash *hash, struct cs_error *err)
{
    char name[CS_STAGE_NAME_SIZE];
    bool moved = doc->file_path && !cs_str_equal(doc->path, doc->file_path);
    const struct cs_intent leave = {.op = CS_INTENT_REMOVE,
                                    .row = doc->row,
                                    .path = doc->file_path,
                                    .has_old = doc->has_hash,
                                    .old_hash = doc->file_hash};
    struct cs_intent come = {.op = CS_INTENT_PUT,
                             .row = doc->row,
                             .path = doc->path,
                             .has_new = true,
                             .new_hash = *hash};
    cs_stage_name(doc->row, name);
    enum cs_status status = CS_OK;
    if (!store->options.dry_run)
        status = cs_dir_write(store->dir, name, bytes->data, bytes->len, err);
    else if (!moved)
        status = cs_plan_write(store, doc->row, err);
    if (!status)
        status =
            cs_stage_find_old(store, doc, &come.old_hash, &come.has_old, err);
    if (!status && moved)
        status = cs_intent_add(store, &leave, err);
    if (!status)
        status = cs_intent_add(store, &come, err);
    if (!status) /* to name a column is to write its index */
        status = cs_db_run(store->db, err,
                           cs_str_equal(doc->path, doc->file_path)
                               ? "UPDATE document SET file_hash = ?"
                                 " WHERE id = ?"
                               : "UPDATE document SET file_hash = ?,"
                                 " file_path = path WHERE id = ?",
                           "bi", hash->bytes, (size_t)CS_HASH_SIZE, doc->row);
    store->counts.moved += moved;
    store->counts.written += !moved;
    return status;
}

static enum cs_status stage_if_changed(struct cs_store *store, int64_t row,
                                       struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_staged doc;
    bool found = false;
    enum cs_status status = load_touched(store, row, arena, &doc, &found, err);
    if (status || !found)
        return status;
    status = cs_render_file(store->index, row, &bytes, err);
    if (status)
        return status;
    struct cs_hash hash = cs_hash_of(bytes.data, bytes.len);
    if (doc.has_hash && cs_hash_equal(&hash, &doc.file_hash) &&
        cs_str_equal(doc.path, doc.file_path))
        return CS_OK;
    return stage(store, &doc, &bytes, &hash, err);
}

_Static_assert(CS_PLACE_INCLUDE == 4 && CS_PLACE_EXCERPT == 5 &&
                   CS_PLACE_CHILDREN == 6,
               "the numbers stand in SQL");

/* Files that show other documents change with them: those that include a
 * touched one, at any depth, and all lists and tables of the source. */
static enum cs_status touch_dependents(struct cs_store *store,
                                       struct cs_error *err)
{
    int64_t any = 0;
    enum cs_status status =
        cs_db_int(store->db, &any, err,
                  "SELECT EXISTS(SELECT 1 FROM link WHERE form >= 4)"
                  " AND EXISTS(SELECT 1 FROM temp.dirty)",
                  "");
    if (status || !any)
        return status;
    status = cs_db_run(store->db, err,
                       "INSERT OR IGNORE INTO temp.dirty"
                       " SELECT l.document FROM link l JOIN document d"
                       "  ON d.id = l.document"
                       " WHERE l.form >= 6 AND d.source = ?",
                       "i", store->source);
    if (status)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " WITH RECURSIVE up(id) AS ("
                     "  SELECT id FROM temp.dirty"
                     "  UNION SELECT l.document FROM up"
                     "   JOIN link l ON l.target = up.id AND l.form IN (4, 5))"
                     " SELECT id FROM up",
                     "");
}

enum cs_status cs_stage_files(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = avoid_foreign(store, err);
    if (!status)
        status = cs_shift_stage(store, err);
    if (!status)
        status = cs_assets_stage(store, err);
    if (!status)
        status = touch_dependents(store, err);
    if (!status)
        status = cs_batch_each(store,
                               "SELECT id FROM temp.dirty WHERE ? ORDER BY id",
                               1, stage_if_changed, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.dirty", "");
    return status;
}

/* Names that only the stage gives: "<row>.md", "a<row>", and
 * "a<row>v<version>.part" of a download that broke off. */
static enum cs_status sweep_entry(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    struct cs_store *store = payload;
    bool needed = false, ours = false;
    if (kind != CS_ENTRY_FILE)
        return CS_OK;
    enum cs_status status = cs_store_judge_staged(store->db, store->source,
                                                  name, &ours, &needed, err);
    if (status || !ours || needed)
        return status;
    return cs_dir_remove(store->dir, name, err);
}

enum cs_status cs_stage_sweep(struct cs_store *store, struct cs_error *err)
{
    return cs_dir_walk(store->dir, ".stage", sweep_entry, store, err);
}
