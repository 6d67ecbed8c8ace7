/*
 * assets.c - the files of attachments: their paths, and what must be done
 * about them before the commit.
 *
 * They lie beside their document "X.md" in the folder "X.assets", under names
 * made like those of documents, so they follow it wherever it goes. A name
 * depends on the attachments that are wanted, never on what the paths were.
 */
#include "index/store/intent.h"

#include "index/store/layout.h"
#include "src/text.h"

/* ---- paths ---- */

struct asset {
    int64_t row;
    const char *old_path;
};

static enum cs_status load_wanted(struct cs_store *store, int64_t document,
                                  struct cs_arena *arena, size_t max,
                                  struct asset *assets,
                                  struct cs_layout_file *files, size_t *ret_n,
                                  struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT id, vendor_id, name, suffixed, path"
                    " FROM attachment WHERE document = ? AND wanted",
                    "i", document);
    size_t n = 0;
    for (bool row = true; !status && n < max; n++) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        assets[n].row = cs_query_int(&query, 0);
        assets[n].old_path = cs_arena_strdup(arena, cs_query_text(&query, 4));
        files[n] = (struct cs_layout_file){
            .id = cs_arena_strdup(arena, cs_query_text(&query, 1)),
            .name = cs_arena_strdup(arena, cs_query_text(&query, 2)),
            .suffixed = cs_query_int(&query, 3) != 0,
        };
    }
    *ret_n = n;
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status put_paths(struct cs_store *store, const char *stem,
                                const struct asset *assets,
                                const struct cs_layout_file *files, size_t n,
                                struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++) {
        cs_strbuf_reset(&path);
        cs_strbuf_printf(&path, "%s" CS_ASSETS_ENDING "/%s", stem,
                         files[i].leaf);
        status = cs_strbuf_status(&path, err);
        if (status || cs_str_equal(path.data, assets[i].old_path))
            continue;
        status = cs_db_run(store->db, err,
                           "UPDATE attachment SET path = ? WHERE id = ?", "si",
                           path.data, assets[i].row);
    }
    return status;
}

/* "a/X" of the document "a/X.md"; NULL while it has no path. */
static enum cs_status load_stem(struct cs_store *store, int64_t document,
                                struct cs_arena *arena, const char **ret,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT path FROM document WHERE id = ?", "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    const char *path = !status && row ? cs_query_text(&query, 0) : NULL;
    *ret = NULL;
    if (path && cs_str_ends(path, ".md"))
        *ret = cs_arena_strndup(arena, path, strlen(path) - strlen(".md"));
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status lay_out(struct cs_store *store, int64_t document,
                              struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *stem = NULL;
    int64_t count = 0;
    size_t n = 0;
    enum cs_status status = load_stem(store, document, arena, &stem, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE attachment SET path = NULL, suffixed = 0"
                           " WHERE document = ? AND NOT wanted"
                           " AND path IS NOT NULL",
                           "i", document);
    if (!status)
        status = cs_db_int(store->db, &count, err,
                           "SELECT count(*) FROM attachment"
                           " WHERE document = ? AND wanted",
                           "i", document);
    if (status || !stem || !count)
        return status;
    struct asset *assets =
        cs_arena_array(arena, (size_t)count, sizeof(*assets));
    struct cs_layout_file *files =
        cs_arena_array(arena, (size_t)count, sizeof(*files));
    if (!assets || !files)
        return cs_arena_status(arena, err);
    status = load_wanted(store, document, arena, (size_t)count, assets, files,
                         &n, err);
    if (!status)
        status = cs_layout_files(arena, files, n, err);
    return status ? status : put_paths(store, stem, assets, files, n, err);
}

enum cs_status cs_assets_layout(struct cs_store *store, struct cs_error *err)
{
    return cs_walk_rows(store,
                        "SELECT DISTINCT a.document FROM temp.dirty d"
                        " CROSS JOIN attachment a ON a.document = d.id"
                        " WHERE ?",
                        1, lay_out, err);
}

/* ---- files ---- */

/* An attachment whose file is to be looked at. */
struct asset_file {
    struct cs_staged file;
    bool arrived; /* new bytes are in the stage */
    struct cs_hash hash;
};

static enum cs_status load_file(struct cs_store *store, int64_t row,
                                struct cs_arena *arena, struct asset_file *ret,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT a.document, a.path, a.file_path, a.file_hash,"
                    " n.hash FROM attachment a"
                    " LEFT JOIN temp.arrived n ON n.id = a.id WHERE a.id = ?",
                    "i", row);
    if (!status)
        status = cs_query_next(&query, &found, err);
    *ret =
        (struct asset_file){.file = {.kind = CS_FILE_ATTACHMENT, .row = row}};
    if (status || !found)
        return status;
    struct cs_staged *file = &ret->file;
    file->document = cs_query_int(&query, 0);
    file->path = cs_arena_strdup(arena, cs_query_text(&query, 1));
    file->file_path = cs_arena_strdup(arena, cs_query_text(&query, 2));
    file->has_hash = cs_intent_read_hash(&query, 3, &file->file_hash);
    ret->arrived = cs_intent_read_hash(&query, 4, &ret->hash);
    if (!ret->arrived)
        ret->hash = file->file_hash;
    return cs_arena_status(arena, err);
}

#define OF_TOUCHED                                                             \
    "SELECT a.id FROM temp.dirty d"                                            \
    " CROSS JOIN attachment a ON a.document = d.id"

/* After the loss of an index the files of a mirror belong to nobody; one with
 * just our bytes may as well be ours. */
static enum cs_status is_same(struct cs_store *store,
                              const struct asset_file *asset, bool *ret,
                              struct cs_error *err)
{
    struct cs_hash hash;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_entry_kind kind;
    enum cs_status status =
        cs_dir_probe(store->dir, asset->file.path, &kind, err);
    *ret = !status && kind == CS_ENTRY_FILE &&
           cs_dir_hash(store->dir, asset->file.path, &hash, &why) == CS_OK &&
           cs_hash_equal(&hash, &asset->hash);
    return status;
}

static enum cs_status avoid(struct cs_store *store, int64_t row,
                            struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct asset_file asset;
    enum cs_obstacle obstacle = CS_OBSTACLE_NONE;
    bool same = false;
    enum cs_status status = load_file(store, row, arena, &asset, err);
    if (status || !asset.file.path || (!asset.arrived && !asset.file.file_path))
        return status;
    status = cs_obstacle_find(store, &asset.file, &obstacle, err);
    if (status || obstacle == CS_OBSTACLE_NONE)
        return status;
    if (obstacle == CS_OBSTACLE_BLOCKED)
        return cs_obstacle_unblock(store, asset.file.path, err);
    status = is_same(store, &asset, &same, err);
    if (status || same)
        return status;
    store->counts.conflicts++;
    return cs_db_run(store->db, err,
                     "UPDATE attachment SET suffixed = 1 WHERE id = ?", "i",
                     row);
}

enum cs_status cs_assets_avoid(struct cs_store *store, bool *ret_again,
                               struct cs_error *err)
{
    int64_t before = 0, after = 0;
    static const char suffixed[] =
        "SELECT count(*) FROM temp.dirty d CROSS JOIN attachment a"
        " ON a.document = d.id WHERE a.suffixed";
    enum cs_status status = cs_db_int(store->db, &before, err, suffixed, "");
    if (!status)
        status = cs_walk_rows(store,
                              OF_TOUCHED " WHERE a.path IS NOT a.file_path"
                                         " AND NOT a.suffixed AND ?",
                              1, avoid, err);
    if (!status)
        status = cs_db_int(store->db, &after, err, suffixed, "");
    *ret_again = before != after;
    return status;
}

enum cs_status cs_assets_tell_removal(struct cs_store *store, int64_t row,
                                      struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    if (!store->options.dry_run)
        return CS_OK;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT vendor_id, file_path FROM attachment"
                    " WHERE id = ? AND file_path IS NOT NULL",
                    "i", row);
    if (!status)
        status = cs_query_next(&query, &found, err);
    if (!status && found)
        cs_dry_run_tell(store, "remove", cs_query_text(&query, 0),
                        cs_query_text(&query, 1), "attachment");
    return status;
}

/* The file goes, and its bytes with it. */
static enum cs_status drop(struct cs_store *store,
                           const struct asset_file *asset, struct cs_error *err)
{
    const struct cs_intent leave = {.op = CS_INTENT_REMOVE,
                                    .kind = CS_FILE_ATTACHMENT,
                                    .row = asset->file.row,
                                    .path = asset->file.file_path,
                                    .has_old = asset->file.has_hash,
                                    .old_hash = asset->file.file_hash};
    enum cs_status status = cs_assets_tell_removal(store, asset->file.row, err);
    if (!status)
        status = cs_intent_add(store, &leave, err);
    return status ? status
                  : cs_db_run(store->db, err,
                              "UPDATE attachment SET file_path = NULL,"
                              " file_hash = NULL, file_size = NULL,"
                              " held_version = NULL WHERE id = ?",
                              "i", asset->file.row);
}

/* The file is where it was, and comes to another place: through the stage, so
 * that names can be swapped. Or new bytes come, and the old ones go. */
static enum cs_status bring(struct cs_store *store,
                            const struct asset_file *asset,
                            struct cs_error *err)
{
    const struct cs_staged *file = &asset->file;
    const struct cs_intent leave = {.op = asset->arrived ? CS_INTENT_REMOVE
                                                         : CS_INTENT_TAKE,
                                    .kind = CS_FILE_ATTACHMENT,
                                    .row = file->row,
                                    .path = file->file_path,
                                    .has_old = file->has_hash,
                                    .old_hash = file->file_hash};
    struct cs_intent come = {.op = CS_INTENT_PUT,
                             .kind = CS_FILE_ATTACHMENT,
                             .row = file->row,
                             .path = file->path,
                             .has_new = true,
                             .new_hash = asset->hash};
    enum cs_status status =
        cs_obstacle_ours(store, file, &come.old_hash, &come.has_old, err);
    if (!status && file->file_path &&
        !cs_str_equal(file->path, file->file_path))
        status = cs_intent_add(store, &leave, err);
    return status ? status : cs_intent_add(store, &come, err);
}

static enum cs_status stage(struct cs_store *store, int64_t row,
                            struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct asset_file asset;
    enum cs_status status = load_file(store, row, arena, &asset, err);
    const struct cs_staged *file = &asset.file;
    if (status)
        return status;
    if (!file->path)
        return file->file_path ? drop(store, &asset, err) : CS_OK;
    if (!asset.arrived &&
        (!file->file_path || cs_str_equal(file->path, file->file_path)))
        return CS_OK;
    status = bring(store, &asset, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE attachment SET file_path = path"
                           " WHERE id = ?",
                           "i", row);
    if (status || !asset.arrived)
        return status;
    return cs_db_run(store->db, err,
                     "UPDATE attachment SET (file_hash, file_size,"
                     "  held_version) ="
                     " (SELECT hash, size, version FROM temp.arrived n"
                     "  WHERE n.id = attachment.id) WHERE id = ?",
                     "i", row);
}

enum cs_status cs_assets_stage(struct cs_store *store, struct cs_error *err)
{
    int64_t any = 0;
    enum cs_status status = cs_walk_rows(
        store,
        OF_TOUCHED " WHERE ? AND (a.path IS NOT a.file_path"
                   "  OR a.id IN (SELECT id FROM temp.arrived)) ORDER BY a.id",
        1, stage, err);
    if (!status)
        status = cs_db_int(store->db, &any, err,
                           "SELECT 1 FROM temp.arrived LIMIT 1", "");
    if (status || !any)
        return status;
    status = cs_db_run(store->db, err, "DELETE FROM temp.arrived", "");
    /* These bytes cannot be made again: they are safe before the rows are. */
    return status ? status : cs_dir_sync(store->dir, err);
}

/* ---- files that are lost ---- */

enum cs_status cs_assets_lose(struct cs_store *store, int64_t attachment,
                              struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err,
                  "UPDATE attachment SET file_path = NULL, file_hash = NULL,"
                  " file_size = NULL, held_version = NULL WHERE id = ?",
                  "i", attachment);
    return status ? status : cs_touch_attachment(store, attachment, err);
}

static enum cs_status lose_absent(struct cs_store *store, int64_t row,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct asset_file asset;
    enum cs_entry_kind kind = CS_ENTRY_FILE;
    enum cs_status status = load_file(store, row, arena, &asset, err);
    if (!status && asset.file.file_path)
        status = cs_dir_probe(store->dir, asset.file.file_path, &kind, err);
    return status || kind == CS_ENTRY_FILE ? status
                                           : cs_assets_lose(store, row, err);
}

enum cs_status cs_assets_presence(struct cs_store *store, struct cs_error *err)
{
    return cs_walk_rows(store,
                        "SELECT id FROM attachment WHERE source = ?"
                        " AND file_path IS NOT NULL ORDER BY file_path",
                        store->source, lose_absent, err);
}
