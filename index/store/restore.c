/*
 * restore.c - a removed document given back, as the user's own copy.
 *
 * The copy is written before the tombstone goes: a kill between leaves both,
 * and the next call goes on with that copy. Files pass through the stage, so
 * that nobody sees half of one.
 */
#include "index/store/removal.h"

#include "index/store/internal.h"
#include "src/path.h"
#include "src/text.h"

#include <errno.h>

/* Names tried before giving up. */
enum { TRIES_MAX = 1000 };

struct chosen {
    int64_t tombstone;
    unsigned n;
};

static enum cs_status choose(void *payload, const struct cs_removal_item *item,
                             struct cs_error *err)
{
    struct chosen *chosen = payload;
    (void)err;
    if (item->tombstone) {
        chosen->tombstone = item->tombstone;
        chosen->n++;
    }
    return CS_OK;
}

/* A tombstone read; strings live in the arena. */
struct grave {
    int64_t row, source;
    const char *path; /* it had */
    const char *title;
    const char *space; /* folder of its container */
    struct cs_strbuf *file;
};

static enum cs_status load_grave(struct cs_store *store, struct cs_arena *arena,
                                 int64_t row, struct grave *grave,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT t.source, t.path, t.title, c.folder, t.file"
                    " FROM tombstone t JOIN container c ON c.id = t.container"
                    " WHERE t.id = ?",
                    "i", row);
    if (!status)
        status = cs_query_next(&query, &found, err);
    if (status)
        return status;
    size_t len = 0;
    const void *packed = found ? cs_query_blob(&query, 4, &len) : NULL;
    if (!packed)
        return cs_error_set(err, CS_ERR_NOT_FOUND,
                            "it was removed before its text had come");
    grave->row = row;
    grave->source = cs_query_int(&query, 0);
    grave->path = cs_arena_strdup(arena, cs_query_text(&query, 1));
    grave->title = cs_arena_strdup(arena, cs_query_text(&query, 2));
    grave->space = cs_arena_strdup(arena, cs_query_text(&query, 3));
    status = cs_unpack(packed, len, grave->file, err);
    return status ? status : cs_arena_status(arena, err);
}

/* Where it goes, without an ending: beside where it lay, if that folder is
 * still there. */
static enum cs_status put_stem(struct cs_store *store,
                               const struct grave *grave, struct cs_strbuf *out,
                               struct cs_error *err)
{
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    const char *path = grave->path ? grave->path : "";
    size_t folder = cs_path_dirname_len(path);
    enum cs_status status = CS_OK;
    cs_strbuf_put(out, path, folder);
    if (folder)
        status = cs_dir_probe(store->dir, out->data, &kind, err);
    if (kind != CS_ENTRY_DIR) {
        cs_strbuf_reset(out);
        cs_strbuf_puts(out, grave->space);
    }
    cs_strbuf_putc(out, '/');
    const char *leaf = folder ? path + folder + 1 : path;
    size_t len = strlen(leaf);
    if (cs_str_ends(leaf, ".md"))
        cs_strbuf_put(out, leaf, len - strlen(".md"));
    else
        cs_path_put_name(out, grave->title, CS_NAME_MAX);
    return status ? status : cs_strbuf_status(out, err);
}

/* A name is free when neither its file nor its folder of attachments is there,
 * whatever they are; or when the file is ours, of a call that was killed. */
static enum cs_status is_free(struct cs_store *store, const struct grave *grave,
                              const char *stem, bool *ret_free,
                              struct cs_error *err)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_entry_kind file = CS_ENTRY_NONE, folder = CS_ENTRY_NONE;
    struct cs_hash want = cs_hash_of(grave->file->data, grave->file->len), hash;
    cs_strbuf_printf(&name, "%s.assets", stem);
    enum cs_status status = cs_strbuf_status(&name, err);
    if (!status)
        status = cs_dir_probe(store->dir, name.data, &folder, err);
    cs_strbuf_reset(&name);
    cs_strbuf_printf(&name, "%s.md", stem);
    if (!status)
        status = cs_dir_probe(store->dir, name.data, &file, err);
    *ret_free = file == CS_ENTRY_NONE && folder == CS_ENTRY_NONE;
    if (status || file != CS_ENTRY_FILE)
        return status;
    status = cs_dir_hash(store->dir, name.data, &hash, err);
    *ret_free = !status && cs_hash_equal(&hash, &want);
    return status;
}

static enum cs_status put_free_name(struct cs_store *store,
                                    const struct grave *grave,
                                    struct cs_strbuf *out, struct cs_error *err)
{
    bool found = false;
    enum cs_status status = put_stem(store, grave, out, err);
    size_t len = out->len;
    for (int i = 1; i < TRIES_MAX && !found && !status; i++) {
        cs_strbuf_truncate(out, len);
        if (i == 1)
            cs_strbuf_puts(out, " (restored)");
        else
            cs_strbuf_printf(out, " (restored %d)", i);
        status = is_free(store, grave, out->data, &found, err);
    }
    if (!status && !found)
        status = cs_error_set(err, CS_ERR_IO, "all names like %s are taken",
                              out->data);
    return status;
}

/* Through the stage to a name that nobody has; what is there stays. */
static enum cs_status bring(struct cs_store *store, const char *name,
                            struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    bool done = false;
    enum cs_entry_kind kind;
    cs_stage_name(0, staged); /* no document has that row */
    enum cs_status status =
        cs_dir_rename(store->dir, staged, name, false, &done, err);
    if (status || done)
        return status;
    status = cs_dir_remove(store->dir, staged, err);
    if (!status)
        status = cs_dir_probe(store->dir, name, &kind, err);
    if (!status && kind == CS_ENTRY_BLOCKED)
        return cs_error_errno(err, ENOTDIR, "%s/%s", cs_dir_path(store->dir),
                              name);
    return status;
}

static enum cs_status write_text(struct cs_store *store,
                                 const struct grave *grave, const char *name,
                                 struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    cs_stage_name(0, staged);
    enum cs_status status = cs_dir_write(store->dir, staged, grave->file->data,
                                         grave->file->len, err);
    return status ? status : bring(store, name, err);
}

/* What the trash lacks by now is lost; the text is worth having without. */
static enum cs_status write_file(struct cs_store *store, struct cs_dir *trash,
                                 const char *from, const char *name,
                                 struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    struct cs_error why = CS_ERROR_INIT;
    cs_stage_name(0, staged);
    enum cs_status status = cs_dir_copy(trash, from, store->dir, staged, &why);
    if (status == CS_ERR_NOT_FOUND)
        return CS_OK;
    if (status)
        return cs_error_pass(err, status, &why);
    return bring(store, name, err);
}

static enum cs_status write_files(struct cs_store *store,
                                  const struct grave *grave, const char *stem,
                                  struct cs_error *err)
{
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = NULL;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = cs_trash_open(store, &trash, err);
    if (!status)
        status = cs_db_query(store->db, &query, err,
                             "SELECT name, trash FROM tombstone_file"
                             " WHERE tombstone = ? ORDER BY id",
                             "i", grave->row);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        cs_strbuf_reset(&name);
        cs_strbuf_printf(&name, "%s.assets/", stem);
        cs_path_put_name(&name, cs_query_text(&query, 0), CS_NAME_MAX);
        status = cs_strbuf_status(&name, err);
        if (!status)
            status = write_file(store, trash, cs_query_text(&query, 1),
                                name.data, err);
    }
    return status;
}

static enum cs_status forget(struct cs_store *store, int64_t tombstone,
                             struct cs_error *err)
{
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status =
            cs_db_run(store->db, err,
                      CS_EVENT_INSERT
                      " SELECT source, vendor_id, ?, ?, 'given back', NULL"
                      " FROM tombstone WHERE id = ?",
                      "iii", store->run,
                      cs_clock_now(cs_index_clock(store->index)), tombstone);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM tombstone WHERE id = ?",
                           "i", tombstone);
    status = cs_batch_settle(store, status, err);
    return status ? status : cs_trash_sweep(store, err);
}

static enum cs_status give_back(struct cs_store *store,
                                const struct grave *grave,
                                struct cs_strbuf *ret_path,
                                struct cs_error *err)
{
    struct cs_strbuf stem CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = cs_batch_use_source(store, grave->source, err);
    if (!status)
        status = put_free_name(store, grave, &stem, err);
    cs_strbuf_printf(&name, "%s.md", stem.data);
    if (!status)
        status = cs_strbuf_status(&name, err);
    if (!status)
        status = write_text(store, grave, name.data, err);
    if (!status)
        status = write_files(store, grave, stem.data, err);
    if (!status)
        status = cs_dir_sync(store->dir, err);
    if (!status)
        status = forget(store, grave->row, err);
    if (!status)
        cs_path_join(ret_path, cs_dir_path(store->dir), name.data);
    return status ? status : cs_strbuf_status(ret_path, err);
}

enum cs_status cs_removal_restore(struct cs_store *store, const char *name,
                                  struct cs_strbuf *ret_path,
                                  struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    struct chosen chosen = {0};
    struct grave grave = {.file = &file};
    enum cs_status status =
        cs_removal_find(store->index, name, choose, &chosen, err);
    if (!status && chosen.n == 0)
        status =
            cs_error_set(err, CS_ERR_NOT_FOUND, "%s was not removed", name);
    if (!status && chosen.n > 1)
        status = cs_error_set(err, CS_ERR_USAGE,
                              "%s means more than one removed document", name);
    if (!status)
        status = load_grave(store, arena, chosen.tombstone, &grave, err);
    return status ? status : give_back(store, &grave, ret_path, err);
}
