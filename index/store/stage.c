/*
 * stage.c - files before the commit: rendered, and their intents written.
 *
 * A staged file is ".stage/<row>.md" in the folder of its source, so that its
 * rename never crosses file systems. What
 * stands at a document's path and is not ours makes the document take another
 * name.
 */
#include "index/store/internal.h"
#include "src/text.h"

#include <stdlib.h>

/* Rounds of finding foreign files and laying out anew; each round moves the
 * documents found in it, so more than a few mean a fault. */
enum { MAX_ROUNDS = 8 };

void cs_stage_name(int64_t document, char buf[CS_STAGE_NAME_SIZE])
{
    (void)snprintf(buf, CS_STAGE_NAME_SIZE, ".stage/%lld.md",
                   (long long)document);
}

/* A document whose file is to be looked at, with what is on disk for it. */
struct touched {
    int64_t row, container;
    const char *path, *file_path; /* wanted; present or NULL */
    struct cs_hash file_hash;
    bool has_hash;
};

static enum cs_status load_touched(struct cs_store *store, int64_t row,
                                   struct cs_arena *arena, struct touched *ret,
                                   bool *ret_found, struct cs_error *err)
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
    size_t len;
    const void *hash = cs_query_blob(&query, 3, &len);
    *ret = (struct touched){
        .row = row,
        .container = cs_query_int(&query, 0),
        .path = cs_arena_strdup(arena, cs_query_text(&query, 1)),
        .file_path = cs_arena_strdup(arena, cs_query_text(&query, 2)),
        .has_hash = hash && len == CS_HASH_SIZE,
    };
    if (ret->has_hash)
        memcpy(ret->file_hash.bytes, hash, CS_HASH_SIZE);
    return cs_arena_status(arena, err);
}

static enum cs_status mark_suffixed(struct cs_store *store, int64_t row,
                                    struct cs_error *err)
{
    store->counts.conflicts++;
    return cs_db_run(store->db, err,
                     "UPDATE document SET suffixed = 1 WHERE id = ?", "i", row);
}

/* A component above `path` is no folder: the document that wants that folder
 * for its children must take another name. */
static enum cs_status unblock(struct cs_store *store, const char *path,
                              int64_t *ret_row, struct cs_error *err)
{
    struct cs_strbuf part CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        enum cs_entry_kind kind;
        cs_strbuf_reset(&part);
        cs_strbuf_put(&part, path, (size_t)(slash - path));
        enum cs_status status = cs_dir_probe(store->dir, part.data, &kind, err);
        if (status)
            return status;
        if (kind == CS_ENTRY_DIR)
            continue;
        cs_strbuf_puts(&part, ".md");
        return cs_db_int(store->db, ret_row, err,
                         "SELECT id FROM document WHERE source = ?1"
                         " AND path IN (?2, substr(?2, 1, length(?2) - 3))"
                         " AND NOT suffixed",
                         "is", store->source, part.data);
    }
    return CS_OK;
}

/* Does something that is not ours stand where this document's file is to be?
 * `*ret_row` names the document that must give way, 0 if none must. */
static enum cs_status find_foreign(struct cs_store *store,
                                   const struct touched *doc, int64_t *ret_row,
                                   struct cs_error *err)
{
    enum cs_entry_kind kind;
    int64_t ours = 0;
    *ret_row = 0;
    if (cs_str_equal(doc->path, doc->file_path))
        return CS_OK;
    enum cs_status status = cs_dir_probe(store->dir, doc->path, &kind, err);
    if (status || kind == CS_ENTRY_NONE)
        return status;
    if (kind == CS_ENTRY_BLOCKED)
        return unblock(store, doc->path, ret_row, err);
    /* A removed document's file stands there until the batch is published. */
    status = cs_db_int(store->db, &ours, err,
                       "SELECT 1 FROM document"
                       " WHERE source = ?1 AND file_path = ?2"
                       " UNION ALL SELECT 1 FROM intent WHERE source = ?1"
                       " AND path = ?2 AND op = 'remove' AND id > ?3",
                       "isi", store->source, doc->path, store->published);
    if (!status && !ours && kind == CS_ENTRY_FILE)
        status = cs_claim_adopt(store, doc->row, doc->path, &ours, err);
    if (!status && (!ours || kind != CS_ENTRY_FILE))
        *ret_row = doc->row;
    return status;
}

static enum cs_status check_foreign(struct cs_store *store, int64_t row,
                                    struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct touched doc;
    bool found = false;
    int64_t yielding = 0;
    enum cs_status status = load_touched(store, row, arena, &doc, &found, err);
    if (!status && found)
        status = find_foreign(store, &doc, &yielding, err);
    if (status || !yielding)
        return status;
    status = mark_suffixed(store, yielding, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.relayout VALUES(?)", "i",
                           doc.container);
    return status;
}

static enum cs_status layout_again(struct cs_store *store, int64_t container,
                                   struct cs_error *err)
{
    uint64_t moved = 0;
    return cs_tree_layout(store, container, &moved, err);
}

/* Where foreign files stand in the way, give those documents other names. */
static enum cs_status avoid_foreign(struct cs_store *store,
                                    struct cs_error *err)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        enum cs_status status = cs_batch_each(
            store, "SELECT id FROM temp.dirty WHERE ?", 1, check_foreign, err);
        int64_t any = 0;
        if (!status)
            status = cs_db_int(store->db, &any, err,
                               "SELECT 1 FROM temp.relayout LIMIT 1", "");
        if (status || !any)
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

static enum cs_status put_intent(struct cs_store *store, const char *op,
                                 int64_t document, const char *path,
                                 const struct cs_hash *old_hash,
                                 const struct cs_hash *new_hash,
                                 struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT INTO intent(source, op, document, path, old_hash,"
                     " new_hash) VALUES(?,?,?,?,?,?)",
                     "isisbb", store->source, op, document, path,
                     old_hash ? old_hash->bytes : NULL,
                     (size_t)(old_hash ? CS_HASH_SIZE : 0),
                     new_hash ? new_hash->bytes : NULL,
                     (size_t)(new_hash ? CS_HASH_SIZE : 0));
}

/* What of ours stands at the document's new path: its own old file, or that
 * of another document which leaves the path in this very batch. */
static enum cs_status find_old(struct cs_store *store,
                               const struct touched *doc,
                               struct cs_hash *ret_hash, bool *ret_found,
                               struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    *ret_found = doc->has_hash && cs_str_equal(doc->path, doc->file_path);
    if (*ret_found) {
        *ret_hash = doc->file_hash;
        return CS_OK;
    }
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT file_hash FROM document WHERE source = ?1 AND file_path = ?2"
        " AND id <> ?3 AND file_hash IS NOT NULL"
        " UNION ALL SELECT old_hash FROM intent WHERE source = ?1"
        " AND path = ?2 AND op = 'remove' AND id > ?4"
        " AND old_hash IS NOT NULL LIMIT 1",
        "isii", store->source, doc->path, doc->row, store->published);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status || !row)
        return status;
    size_t len;
    const void *hash = cs_query_blob(&query, 0, &len);
    *ret_found = len == CS_HASH_SIZE;
    if (*ret_found)
        memcpy(ret_hash->bytes, hash, CS_HASH_SIZE);
    return CS_OK;
}

static enum cs_status stage(struct cs_store *store, const struct touched *doc,
                            const struct cs_strbuf *bytes,
                            const struct cs_hash *hash, struct cs_error *err)
{
    char name[CS_STAGE_NAME_SIZE];
    struct cs_hash old;
    bool has_old;
    bool moved = doc->file_path && !cs_str_equal(doc->path, doc->file_path);
    cs_stage_name(doc->row, name);
    enum cs_status status = CS_OK;
    if (!store->options.dry_run)
        status = cs_dir_write(store->dir, name, bytes->data, bytes->len, err);
    else if (!moved)
        status = cs_plan_write(store, doc->row, err);
    if (!status)
        status = find_old(store, doc, &old, &has_old, err);
    if (!status && moved)
        status = put_intent(store, "remove", doc->row, doc->file_path,
                            doc->has_hash ? &doc->file_hash : NULL, NULL, err);
    if (!status)
        status = put_intent(store, "put", doc->row, doc->path,
                            has_old ? &old : NULL, hash, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET file_path = path,"
                           " file_hash = ? WHERE id = ?",
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
    struct touched doc;
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
        status = touch_dependents(store, err);
    if (!status)
        status = cs_batch_each(store,
                               "SELECT id FROM temp.dirty WHERE ? ORDER BY id",
                               1, stage_if_changed, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.dirty", "");
    return status;
}

/* "<row>.md" is a name that only the stage gives. */
static bool is_staged_name(const char *name)
{
    const char *leaf = name + strlen(".stage/");
    size_t digits = strspn(leaf, "0123456789");
    return digits > 0 && strcmp(leaf + digits, ".md") == 0;
}

static enum cs_status sweep_entry(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    struct cs_store *store = payload;
    if (kind != CS_ENTRY_FILE || !is_staged_name(name))
        return CS_OK;
    return cs_dir_remove(store->dir, name, err);
}

enum cs_status cs_stage_sweep(struct cs_store *store, struct cs_error *err)
{
    return cs_dir_walk(store->dir, ".stage", sweep_entry, store, err);
}
