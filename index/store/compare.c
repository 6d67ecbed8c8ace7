/*
 * compare.c - what a listing told against what is held.
 *
 * Sets are compared, in one transaction: what is new, what changed, what
 * moved, what is missing, what came back. The same comparison takes in single
 * items that a verdict found elsewhere (doubt.c).
 */
#include "index/store/internal.h"

#include "index/store/links.h"

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

/* What the listing says of documents that were not known so. */
static const char *const event_steps[] = {
    CS_EVENT_INSERT
    " SELECT ?1, l.vendor_id, ?3, ?4,"
    "  iif(t.id IS NULL, 'listed', 'restored'), t.reason"
    " FROM temp.listing l LEFT JOIN tombstone t"
    "  ON t.source = ?1 AND t.vendor_id = l.vendor_id"
    " WHERE l.kind <> 'folder' AND ?2 AND NOT EXISTS(SELECT 1 FROM document d"
    "  WHERE d.source = ?1 AND d.vendor_id = l.vendor_id)",

    CS_EVENT_INSERT
    " SELECT ?1, l.vendor_id, ?3, ?4, 'listed', 'again'" JOIN_LISTING
    " AND ?2 AND d.missing IS NOT NULL AND d.kind <> 'folder'",

    CS_EVENT_INSERT
    " SELECT ?1, l.vendor_id, ?3, ?4, 'changed',"
    "  'version ' || d.version || ' -> ' || l.version" JOIN_LISTING
    " AND ?2 AND l.version IS NOT d.version AND d.kind <> 'folder'",

    CS_EVENT_INSERT
    " SELECT ?1, l.vendor_id, ?3, ?4, 'renamed', d.title || ' -> ' || l.title"
    "" JOIN_LISTING " AND ?2 AND l.title IS NOT d.title AND d.kind <> 'folder'",
};

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
    /* Whoever loses a document to this container has one less, and may name
     * those that stay otherwise. */
    "INSERT OR REPLACE INTO temp.emptied SELECT DISTINCT d.container, 1"
    "" JOIN_LISTING " AND d.container <> ?2",
    "UPDATE container SET listed_count = listed_count -"
    " (SELECT count(*)" JOIN_LISTING " AND d.container = container.id"
    "   AND d.missing IS NULL AND d.kind <> 'folder')"
    " WHERE id IN (SELECT id FROM temp.emptied) AND id <> ?2",
};

static const char upsert[] =
    "INSERT INTO document(source, vendor_id, " PLACE_COLUMNS ", " SHOWN_COLUMNS
    ")"
    " SELECT ?1, l.vendor_id, ?2, l.kind, l.status, l.title, l.parent,"
    " l.created, l.position, l.version, l.updated, l.author, l.editor, l.url"
    " FROM temp.listing l LEFT JOIN document d"
    "  ON d.source = ?1 AND d.vendor_id = l.vendor_id"
    " WHERE d.id IS NULL OR d.missing IS NOT NULL"
    "  OR d.verdicts <> 0 OR " PLACE_DIFFERS "  OR " SHOWN_DIFFERS
    " ORDER BY l.rowid"
    " ON CONFLICT(source, vendor_id) DO UPDATE SET"
    " container = excluded.container, kind = excluded.kind,"
    " status = excluded.status, title = excluded.title,"
    " parent = excluded.parent, created = excluded.created,"
    " position = excluded.position, version = excluded.version,"
    " updated = excluded.updated, author = excluded.author,"
    " editor = excluded.editor, url = excluded.url, missing = NULL,"
    " verdict = NULL, verdicts = 0";

static enum cs_status count(struct cs_store *store, uint64_t *ret,
                            const char *sql, struct cs_error *err)
{
    int64_t n = 0;
    enum cs_status status = cs_db_int(store->db, &n, err, sql, "ii",
                                      store->source, store->container);
    *ret = (uint64_t)n;
    return status;
}

/* `*ret_arrived`: documents that the container did not have before. */
static enum cs_status count_changes(struct cs_store *store,
                                    struct cs_list_summary *summary,
                                    uint64_t *ret_arrived, struct cs_error *err)
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
         "SELECT count(*)" JOIN_LISTING
         " AND d.missing IS NOT NULL AND d.kind <> 'folder' AND ?2"},
        {ret_arrived, "SELECT count(*) FROM temp.listing l LEFT JOIN document d"
                      " ON d.source = ?1 AND d.vendor_id = l.vendor_id"
                      " WHERE l.kind <> 'folder' AND (d.id IS NULL"
                      "  OR d.missing IS NOT NULL OR d.container <> ?2)"},
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
    int64_t now = cs_clock_now(cs_index_clock(store->index));
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(event_steps) && !status; i++)
        status = cs_db_run(store->db, err, event_steps[i], "iiii",
                           store->source, store->container, store->run, now);
    for (size_t i = 0; i < CS_ARRAY_LEN(mark_steps) && !status; i++)
        status = cs_db_run(store->db, err, mark_steps[i], "ii", store->source,
                           store->container);
    if (!status)
        status = cs_walk_rows(store, retitled, 1, cs_entry_remove, err);
    if (!status)
        status = cs_db_run(store->db, err, upsert, "ii", store->source,
                           store->container);
    if (!status)
        status = cs_walk_rows(store, retitled, 1, cs_entry_put, err);
    if (!status) /* those that are new */
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.fresh SELECT d.id" //
                           JOIN_LISTING " AND +d.path IS NULL",
                           "i", store->source);
    if (!status) /* what is there again needs no memory of its end */
        status = cs_db_run(store->db, err,
                           "DELETE FROM tombstone WHERE source = ?"
                           " AND vendor_id IN"
                           " (SELECT vendor_id FROM temp.listing)",
                           "i", store->source);
    return status;
}

#define NOT_LISTED " vendor_id NOT IN (SELECT vendor_id FROM temp.listing)"

/* A folder holds nothing of its own: one that is not listed goes with the last
 * document below it. */
static enum cs_status mark_missing(struct cs_store *store, uint64_t *ret_n,
                                   struct cs_error *err)
{
    static const char folders[] =
        "UPDATE document SET missing = ?1 WHERE container = ?2"
        " AND missing IS NULL AND kind = 'folder' AND vendor_id NOT IN"
        " (SELECT vendor_id FROM temp.listing UNION ALL SELECT parent"
        "   FROM temp.listing WHERE parent IS NOT NULL)";
    int64_t now = cs_clock_now(cs_index_clock(store->index));
    enum cs_status status =
        cs_db_run(store->db, err,
                  CS_EVENT_INSERT
                  " SELECT source, vendor_id, ?1, ?2, 'missing', NULL"
                  " FROM document WHERE container = ?3 AND missing IS NULL"
                  " AND kind <> 'folder' AND" NOT_LISTED,
                  "iii", store->run, now, store->container);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET missing = ?"
                           " WHERE container = ? AND missing IS NULL"
                           " AND kind <> 'folder' AND" NOT_LISTED,
                           "ii", now, store->container);
    if (status)
        return status;
    *ret_n = (uint64_t)cs_db_changes(store->db);
    if (*ret_n) /* lists of pages do not show it any more */
        status = cs_touch_blocks(store, err);
    if (!status)
        status =
            cs_db_run(store->db, err, folders, "ii", now, store->container);
    if (!status)
        status = cs_db_run(store->db, err,
                           "INSERT OR IGNORE INTO temp.emptied VALUES(?, 0)",
                           "i", store->container);
    return status ? status
                  : cs_db_run(store->db, err,
                              "INSERT OR IGNORE INTO temp.complete VALUES(?)",
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
        status = cs_walk_rows(store, indexed, 1, cs_entry_remove, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps) && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "ii", store->source,
                           store->container);
    if (!status)
        status = cs_walk_rows(store, indexed, 1, cs_entry_put, err);
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
/* What the container is known to hold; what was seen to come since its last
 * complete listing counts as listed. */
static enum cs_status note_listing(struct cs_store *store, uint64_t listed,
                                   uint64_t arrived, struct cs_error *err)
{
    if (store->scope == CS_LIST_CHANGES)
        return cs_db_run(store->db, err,
                         "UPDATE container SET"
                         " listed_count = coalesce(listed_count, 0) + ?"
                         " WHERE id = ?",
                         "ii", (int64_t)arrived, store->container);
    return cs_db_run(store->db, err,
                     "UPDATE container SET listed = ?, listed_count = ?"
                     " WHERE id = ?",
                     "iii", cs_clock_now(cs_index_clock(store->index)),
                     (int64_t)listed, store->container);
}

enum cs_status cs_compare_apply(struct cs_store *store, bool labels,
                                bool rehomed, struct cs_list_summary *summary,
                                struct cs_error *err)
{
    uint64_t arrived = 0;
    enum cs_status status = count_changes(store, summary, &arrived, err);
    if (!status)
        status = upsert_documents(store, err);
    if (!status && store->scope == CS_LIST_COMPLETE)
        status = mark_missing(store, &summary->missing, err);
    if (!status && labels)
        status = put_labels(store, err);
    if (!status)
        status = cs_watch_changed(store, labels, err);
    if (!status)
        status = cs_erase_leaving(store, &summary->moved, err);
    if (!status)
        status = place_documents(store, rehomed, &summary->moved, err);
    return status ? status : note_listing(store, summary->listed, arrived, err);
}
