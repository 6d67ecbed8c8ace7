/*
 * listing.c - a complete listing against what is held.
 *
 * The listing is gathered in temporary tables, so a listing that breaks off
 * changes nothing. At its end it is compared with what is held (compare.c).
 */
#include "index/store/internal.h"

#include "src/path.h"

enum cs_status cs_listing_begin(struct cs_sink *sink,
                                const struct cs_container *container,
                                enum cs_list_scope scope, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_batch_commit(store, err);
    if (status)
        return status;
    struct cs_arena *arena = store->listing_arena;
    store->scope = scope;
    cs_arena_clear(arena);
    store->listing = (struct cs_container){
        .id = cs_arena_strdup(arena, container->id),
        .key = cs_arena_strdup(arena, container->key),
        .name = cs_arena_strdup(arena, container->name),
        .home_id = cs_arena_strdup(arena, container->home_id),
        .url = cs_arena_strdup(arena, container->url),
    };
    status = cs_arena_status(arena, err);
    if (!status)
        status = cs_db_exec(store->db,
                            "DELETE FROM temp.listing;"
                            "DELETE FROM temp.listing_label",
                            err);
    return status;
}

enum cs_status cs_listing_add(struct cs_sink *sink, const struct cs_item *item,
                              struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    return cs_db_run(
        store->db, err,
        "INSERT OR REPLACE INTO temp.listing(vendor_id, kind, status, title,"
        " parent, position, version, created, updated, author, editor, url)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        "sssssiiiisss", item->id, cs_item_kind_name(item->kind),
        cs_item_status_name(item->status), item->title, item->parent_id,
        item->position, item->version, item->created, item->updated,
        item->author_id, item->editor_id, item->url);
}

enum cs_status cs_listing_label(struct cs_sink *sink, const char *item_id,
                                const char *label, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.listing_label VALUES(?,?)",
                     "ss", item_id, label);
}

/* The folder of a space is its key; keys that differ only in case, or in
 * characters that a file name cannot hold, are kept apart by the id. So is one
 * whose name a file or symbolic link of the user's occupies. */
static enum cs_status name_folder(struct cs_store *store,
                                  struct cs_strbuf *folder,
                                  struct cs_error *err)
{
    const struct cs_container *container = &store->listing;
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    int64_t taken = 0;
    cs_path_put_name(folder, container->key, CS_NAME_MAX);
    enum cs_status status = cs_strbuf_status(folder, err);
    if (!status)
        status = cs_db_int(
            store->db, &taken, err,
            "SELECT 1 FROM container WHERE source = ? AND vendor_id <> ?"
            " AND folder = ? COLLATE NOCASE",
            "iss", store->source, container->id, folder->data);
    if (!status)
        status = cs_dir_probe(store->dir, folder->data, &kind, err);
    if (taken || (kind != CS_ENTRY_NONE && kind != CS_ENTRY_DIR))
        cs_strbuf_printf(folder, " (%s)", container->id);
    return status ? status : cs_strbuf_status(folder, err);
}

static enum cs_status put_container(struct cs_store *store, const char *folder,
                                    struct cs_error *err)
{
    const struct cs_container *container = &store->listing;
    enum cs_status status = cs_db_run(
        store->db, err,
        "INSERT INTO container(source, vendor_id, key, name, home, url,"
        " folder) VALUES(?,?,?,?,?,?,?)"
        " ON CONFLICT(source, vendor_id) DO UPDATE SET key = excluded.key,"
        " name = excluded.name, home = excluded.home, url = excluded.url,"
        " folder = excluded.folder, left = NULL, gone = NULL,"
        " gone_why = NULL",
        "issssss", store->source, container->id, container->key,
        container->name, container->home_id, container->url, folder);
    if (!status)
        status = cs_db_int(store->db, &store->container, err,
                           "SELECT id FROM container"
                           " WHERE source = ? AND vendor_id = ?",
                           "is", store->source, container->id);
    return status;
}

/* The container's row before and after: does its top folder look different? */
static enum cs_status update_container(struct cs_store *store,
                                       bool *ret_rehomed, struct cs_error *err)
{
    static const char look[] =
        "SELECT count(*) FROM container WHERE source = ? AND vendor_id = ?"
        " AND key IS ? AND home IS ? AND folder IS ?";
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    int64_t same = 0;
    enum cs_status status = name_folder(store, &folder, err);
    if (!status)
        status = cs_db_int(store->db, &same, err, look, "issss", store->source,
                           store->listing.id, store->listing.key,
                           store->listing.home_id, folder.data);
    if (!status)
        status = put_container(store, folder.data, err);
    *ret_rehomed = !same;
    return status;
}

static enum cs_status apply(struct cs_store *store, bool labels,
                            struct cs_list_summary *summary,
                            struct cs_error *err)
{
    bool rehomed = false;
    enum cs_status status = update_container(store, &rehomed, err);
    return status ? status
                  : cs_compare_apply(store, labels, rehomed, summary, err);
}

enum cs_status cs_listing_end(struct cs_sink *sink, bool labels,
                              struct cs_list_summary *ret_summary,
                              struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_list_summary summary = {0};
    int64_t wanted = 0;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = apply(store, labels, &summary, err);
    if (!status)
        status = cs_batch_commit(store, err);
    if (!status)
        status = cs_db_int(store->db, &wanted, err,
                           "SELECT count(*) FROM document WHERE container = ?"
                           " AND (body_version IS NOT version OR reload <> 0)"
                           " AND kind <> 'folder' AND missing IS NULL",
                           "i", store->container);
    if (status) {
        cs_batch_abort(store);
        return status;
    }
    summary.wanted = (uint64_t)wanted;
    *ret_summary = summary;
    return CS_OK;
}
