/*
 * listing.c - a complete listing against what is held.
 *
 * The listing is gathered in temporary tables, so a listing that breaks off
 * changes nothing. At its end sets are compared, in one transaction: what is
 * new, what changed, what moved, what is missing.
 */
#include "index/store/internal.h"

#include "index/store/links.h"
#include "src/path.h"

enum cs_status cs_listing_begin(struct cs_sink *sink,
                                const struct cs_container *container,
                                enum cs_list_scope scope, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_commit_batch(store, err);
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
 * characters that a file name cannot hold, are kept apart by the id. */
static enum cs_status put_container(struct cs_store *store,
                                    struct cs_error *err)
{
    const struct cs_container *container = &store->listing;
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_put_name(&folder, container->key, CS_NAME_MAX);
    int64_t taken = 0;
    enum cs_status status =
        cs_db_int(store->db, &taken, err,
                  "SELECT 1 FROM container WHERE source = ? AND vendor_id <> ?"
                  " AND folder = ? COLLATE NOCASE",
                  "iss", store->source, container->id, folder.data);
    if (taken)
        cs_strbuf_printf(&folder, " (%s)", container->id);
    if (!status)
        status = cs_strbuf_status(&folder, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            "INSERT INTO container(source, vendor_id, key, name, home, url,"
            " folder) VALUES(?,?,?,?,?,?,?)"
            " ON CONFLICT(source, vendor_id) DO UPDATE SET key = excluded.key,"
            " name = excluded.name, home = excluded.home, url = excluded.url,"
            " folder = excluded.folder, left = NULL, gone = NULL,"
            " gone_why = NULL",
            "issssss", store->source, container->id, container->key,
            container->name, container->home_id, container->url, folder.data);
    if (!status)
        status = cs_db_int(store->db, &store->container, err,
                           "SELECT id FROM container"
                           " WHERE source = ? AND vendor_id = ?",
                           "is", store->source, container->id);
    return status;
}

/* What decides a path, and what is merely shown in front matter. */
#define PLACE_COLUMNS "container, kind, status, title, parent, created"
#define SHOWN_COLUMNS "position, version, updated, author, editor, url"

/* CROSS JOIN keeps the order: from what was listed to what is held. A mirror
 * may hold many times what one container lists. For the same reason a "+" here
 * and there keeps SQLite off an index that looks better than it is. */
#define JOIN_LISTING                                                           \
    " FROM temp.listing l CROSS JOIN document d ON d.source = ?1"              \
    " AND d.vendor_id = l.vendor_id WHERE true "
#define PLACE_DIFFERS                                                          \
    " (d.container, d.kind, d.status, d.title, d.parent, d.created)"           \
    " IS NOT (?2, l.kind, l.status, l.title, l.parent, l.created)"
#define SHOWN_DIFFERS                                                          \
    " (d.position, d.version, d.updated, d.author, d.editor, d.url)"           \
    " IS NOT (l.position, l.version, l.updated, l.author, l.editor, l.url)"

/* Steps of the comparison, in order. Parameters: source, container. */
static const char *const mark_steps[] = {
    /* Documents with a new title or place, or returned. */
    "INSERT OR IGNORE INTO temp.fresh SELECT d.id" JOIN_LISTING
    " AND (" PLACE_DIFFERS " OR d.missing IS NOT NULL) AND ?2",
    /* Files that look different now; those of which the text is fetched next
     * are written then, once. */
    "INSERT OR IGNORE INTO temp.dirty SELECT d.id" JOIN_LISTING
    " AND (" PLACE_DIFFERS " OR d.missing IS NOT NULL"
    "  OR (l.version IS d.body_version AND " SHOWN_DIFFERS ")) AND ?2",
};

static const char upsert[] =
    "INSERT INTO document(source, vendor_id, " PLACE_COLUMNS ", " SHOWN_COLUMNS
    ")"
    " SELECT ?1, l.vendor_id, ?2, l.kind, l.status, l.title, l.parent,"
    " l.created, l.position, l.version, l.updated, l.author, l.editor, l.url"
    " FROM temp.listing l LEFT JOIN document d"
    "  ON d.source = ?1 AND d.vendor_id = l.vendor_id"
    " WHERE d.id IS NULL OR d.missing IS NOT NULL OR " PLACE_DIFFERS
    "  OR " SHOWN_DIFFERS " ORDER BY l.rowid"
    " ON CONFLICT(source, vendor_id) DO UPDATE SET"
    " container = excluded.container, kind = excluded.kind,"
    " status = excluded.status, title = excluded.title,"
    " parent = excluded.parent, created = excluded.created,"
    " position = excluded.position, version = excluded.version,"
    " updated = excluded.updated, author = excluded.author,"
    " editor = excluded.editor, url = excluded.url, missing = NULL";

static enum cs_status count(struct cs_store *store, uint64_t *ret,
                            const char *sql, struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status = cs_db_int(store->db, &n, err, sql, "ii",
                                      store->source, store->container);
    *ret = (uint64_t)n;
    return status;
}

static enum cs_status count_changes(struct cs_store *store,
                                    struct cs_list_summary *summary,
                                    struct cs_error *err)
{
    const struct {
        uint64_t *ret;
        const char *sql;
    } counts[] = {
        {&summary->listed, "SELECT count(*) FROM temp.listing"
                           " WHERE kind <> 'folder' AND ?1 AND ?2"},
        {&summary->added,
         "SELECT count(*) FROM temp.listing l WHERE l.kind <> 'folder' AND ?2"
         " AND NOT EXISTS(SELECT 1 FROM document d WHERE d.source = ?1"
         "  AND d.vendor_id = l.vendor_id)"},
        {&summary->changed, "SELECT count(*)" JOIN_LISTING
                            " AND l.version IS NOT d.version AND ?2"},
        {&summary->returned,
         "SELECT count(*)" JOIN_LISTING " AND d.missing IS NOT NULL AND ?2"},
    };
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(counts) && !status; i++)
        status = count(store, counts[i].ret, counts[i].sql, err);
    return status;
}

/* Titles are indexed: where one changes, the entry goes before and comes back
 * after. */
static enum cs_status upsert_documents(struct cs_store *store,
                                       struct cs_error *err)
{
    static const char retitled[] =
        "SELECT f.id FROM temp.fresh f JOIN body b ON b.document = f.id"
        " WHERE ?1 ORDER BY f.id";
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(mark_steps) && !status; i++)
        status = cs_db_run(store->db, err, mark_steps[i], "ii", store->source,
                           store->container);
    if (!status)
        status = cs_batch_each(store, retitled, 1, cs_entry_remove, err);
    if (!status)
        status = cs_db_run(store->db, err, upsert, "ii", store->source,
                           store->container);
    if (!status)
        status = cs_batch_each(store, retitled, 1, cs_entry_put, err);
    if (!status) /* those that are new */
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.fresh SELECT d.id" //
                           JOIN_LISTING " AND +d.path IS NULL",
                           "i", store->source);
    return status;
}

static enum cs_status mark_missing(struct cs_store *store, uint64_t *ret_n,
                                   struct cs_error *err)
{
    enum cs_status status = cs_db_run(
        store->db, err,
        "UPDATE document SET missing = ? WHERE container = ?"
        " AND missing IS NULL AND kind <> 'folder' AND vendor_id NOT IN"
        " (SELECT vendor_id FROM temp.listing)",
        "ii", cs_clock_now(cs_index_clock(store->index)), store->container);
    *ret_n = (uint64_t)cs_db_changes(store->db);
    if (status)
        return status;
    /* A folder holds nothing of its own: it goes with its last child. */
    return cs_db_run(store->db, err,
                     "DELETE FROM document WHERE container = ?"
                     " AND kind = 'folder' AND vendor_id NOT IN"
                     " (SELECT vendor_id FROM temp.listing"
                     "  UNION SELECT parent FROM temp.listing"
                     "   WHERE parent IS NOT NULL)",
                     "i", store->container);
}

#define LABELS_TOLD                                                            \
    "SELECT d.id, t.name FROM temp.listing_label t CROSS JOIN document d"      \
    " ON d.source = ?1 AND d.vendor_id = t.vendor_id AND d.container = ?2"
#define LABELS_HELD                                                            \
    "SELECT d.id, l.name FROM document d CROSS JOIN label l"                   \
    " ON l.document = d.id WHERE +d.source = ?1 AND d.container = ?2"          \
    " AND d.missing IS NULL"

/* Labels that the listing told against those that are held. */
static enum cs_status put_labels(struct cs_store *store, struct cs_error *err)
{
    static const char indexed[] =
        "SELECT r.id FROM temp.relabelled r JOIN body b ON b.document = r.id"
        " WHERE ?1 ORDER BY r.id";
    static const char *const steps[] = {
        "DELETE FROM label WHERE document IN temp.relabelled AND ?1 AND ?2",
        "INSERT INTO label SELECT id, name FROM (" LABELS_TOLD ")"
        " WHERE +id IN temp.relabelled ORDER BY id, name",
        ("INSERT OR IGNORE INTO temp.dirty SELECT id FROM temp.relabelled"
         " WHERE ?1 AND ?2"),
    };
    enum cs_status status = cs_db_run(
        store->db, err,
        "INSERT OR IGNORE INTO temp.relabelled SELECT id FROM"
        " (SELECT * FROM (" LABELS_TOLD " EXCEPT " LABELS_HELD ")"
        "  UNION SELECT * FROM (" LABELS_HELD " EXCEPT " LABELS_TOLD "))",
        "ii", store->source, store->container);
    if (!status)
        status = cs_batch_each(store, indexed, 1, cs_entry_remove, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps) && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "ii", store->source,
                           store->container);
    if (!status)
        status = cs_batch_each(store, indexed, 1, cs_entry_put, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.relabelled", "");
    return status;
}

/* Only a new name or place of some document can change a path, or a new home
 * page, or a folder that is gone. */
static enum cs_status place_documents(struct cs_store *store, bool rehomed,
                                      uint64_t *ret_moved, struct cs_error *err)
{
    int64_t any = rehomed;
    enum cs_status status =
        cs_db_int(store->db, &any, err, "SELECT 1 FROM temp.fresh LIMIT 1", "");
    if (!status && any)
        status = cs_tree_layout(store, store->container, ret_moved, err);
    if (!status && any)
        status = cs_links_adopt(store, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.fresh", "");
    return status;
}

/* The container's row before and after: does its top folder look different? */
static enum cs_status update_container(struct cs_store *store,
                                       bool *ret_rehomed, struct cs_error *err)
{
    static const char look[] =
        "SELECT count(*) FROM container WHERE source = ? AND vendor_id = ?"
        " AND key IS ? AND home IS ?";
    int64_t same = 0;
    enum cs_status status = cs_db_int(
        store->db, &same, err, look, "isss", store->source, store->listing.id,
        store->listing.key, store->listing.home_id);
    if (!status)
        status = put_container(store, err);
    *ret_rehomed = !same;
    return status;
}

/* What the container is known to hold; what was seen to come since its last
 * complete listing counts as listed. */
static enum cs_status note_listing(struct cs_store *store,
                                   const struct cs_list_summary *summary,
                                   struct cs_error *err)
{
    if (store->scope == CS_LIST_CHANGES)
        return cs_db_run(store->db, err,
                         "UPDATE container SET"
                         " listed_count = coalesce(listed_count, 0) + ?"
                         " WHERE id = ?",
                         "ii", (int64_t)summary->added, store->container);
    return cs_db_run(store->db, err,
                     "UPDATE container SET listed = ?, listed_count = ?"
                     " WHERE id = ?",
                     "iii", cs_clock_now(cs_index_clock(store->index)),
                     (int64_t)summary->listed, store->container);
}

static enum cs_status apply(struct cs_store *store, bool labels,
                            struct cs_list_summary *summary,
                            struct cs_error *err)
{
    bool rehomed = false;
    enum cs_status status = update_container(store, &rehomed, err);
    if (!status)
        status = count_changes(store, summary, err);
    if (!status)
        status = upsert_documents(store, err);
    if (!status && store->scope == CS_LIST_COMPLETE)
        status = mark_missing(store, &summary->missing, err);
    if (!status && labels)
        status = put_labels(store, err);
    if (!status)
        status = cs_watch_changed(store, labels, err);
    if (!status)
        status = place_documents(store, rehomed, &summary->moved, err);
    return status ? status : note_listing(store, summary, err);
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
        status = cs_commit_batch(store, err);
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
