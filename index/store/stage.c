/*
 * stage.c - files before the commit: rendered, and their intents written.
 *
 * A staged file is ".stage/<row>.md" in the folder of its source, so that its
 * rename never crosses file systems.
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

static enum cs_status check_foreign(struct cs_store *store, int64_t row,
                                    struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_staged doc;
    bool found = false;
    enum cs_obstacle obstacle = CS_OBSTACLE_NONE;
    enum cs_status status = load_touched(store, row, arena, &doc, &found, err);
    if (!status && found)
        status = cs_obstacle_find(store, &doc, &obstacle, err);
    if (status || obstacle == CS_OBSTACLE_NONE)
        return status;
    return obstacle == CS_OBSTACLE_FOREIGN
               ? cs_obstacle_yield(store, row, err)
               : cs_obstacle_unblock(store, doc.path, err);
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
        enum cs_status status = cs_walk_rows(
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
        status = cs_walk_rows(store, "SELECT id FROM temp.relayout WHERE ?", 1,
                              layout_again, err);
        if (!status)
            status = cs_db_run(store->db, err, "DELETE FROM temp.relayout", "");
        if (status)
            return status;
    }
    return CS_OK; /* what is still in the way is met when publishing */
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
        status = cs_dry_run_write(store, doc->row, err);
    if (!status)
        status =
            cs_obstacle_ours(store, doc, &come.old_hash, &come.has_old, err);
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

enum cs_status cs_stage_files(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = avoid_foreign(store, err);
    if (!status)
        status = cs_shift_stage(store, err);
    if (!status)
        status = cs_assets_stage(store, err);
    if (!status)
        status = cs_touch_dependents(store, err);
    if (!status)
        status =
            cs_walk_rows(store, "SELECT id FROM temp.dirty WHERE ? ORDER BY id",
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
