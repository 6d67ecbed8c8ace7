/*
 * erase.c - documents taken out of the mirror: rows, entries, files, and what
 * others showed of them.
 *
 * Those in temp.leaving go. Links to them fall back to the address on the
 * site, or find another document of that name; lists and included blocks are
 * made anew; folders that lost their last document go too; whoever stays in
 * the container may get a plainer name.
 */
#include "index/store/internal.h"

#include "index/store/links.h"

/* Documents that link to a leaving one lose the target. */
static const char *const link_steps[] = {
    "INSERT OR IGNORE INTO temp.bereft SELECT l.document FROM temp.leaving v"
    " CROSS JOIN link l ON l.target = v.id",
    "UPDATE link SET target = NULL WHERE target IN (SELECT id FROM "
    "temp.leaving)",
};

/* The rows themselves. What hangs on a document goes with its row. */
static const char *const row_steps[] = {
    "INSERT INTO intent(source, op, document, path, old_hash)"
    " SELECT d.source, 'remove', d.id, d.file_path, d.file_hash"
    "  FROM temp.leaving v CROSS JOIN document d ON d.id = v.id"
    "  WHERE d.file_path IS NOT NULL",
    /* to the trash, if a tombstone knows of it */
    "INSERT INTO intent(source, op, kind, document, path, target, old_hash)"
    " SELECT a.source, iif(f.id IS NULL, 'remove', 'trash'), 'attachment',"
    "  a.id, a.file_path, f.trash, a.file_hash"
    " FROM temp.leaving v CROSS JOIN document d ON d.id = v.id"
    " CROSS JOIN attachment a ON a.document = d.id"
    " LEFT JOIN tombstone t ON t.source = d.source"
    "  AND t.vendor_id = d.vendor_id"
    " LEFT JOIN tombstone_file f ON f.tombstone = t.id"
    "  AND f.vendor_id = a.vendor_id"
    " WHERE a.file_path IS NOT NULL",
    "INSERT INTO temp.emptied SELECT DISTINCT container, 1 FROM temp.leaving"
    " WHERE true ON CONFLICT DO UPDATE SET again = 1",
    "UPDATE container SET listed_count = listed_count -"
    " (SELECT count(*) FROM temp.leaving v CROSS JOIN document d"
    "   ON d.id = v.id WHERE v.container = container.id"
    "   AND d.missing IS NULL AND d.kind <> 'folder')"
    " WHERE id IN (SELECT container FROM temp.leaving)",
    "DELETE FROM temp.dirty WHERE id IN (SELECT id FROM temp.leaving)",
    "DELETE FROM temp.bereft WHERE id IN (SELECT id FROM temp.leaving)",
    "DELETE FROM temp.fresh WHERE id IN (SELECT id FROM temp.leaving)",
    "DELETE FROM document WHERE id IN (SELECT id FROM temp.leaving)",
    "DELETE FROM temp.leaving",
};

static enum cs_status run_all(struct cs_store *store, const char *const *steps,
                              size_t n, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "");
    return status;
}

static enum cs_status take_out(struct cs_store *store, bool *ret_any,
                               struct cs_error *err)
{
    int64_t any = 0;
    enum cs_status status = cs_db_int(store->db, &any, err,
                                      "SELECT 1 FROM temp.leaving LIMIT 1", "");
    *ret_any = any != 0;
    if (status || !any)
        return status;
    status = run_all(store, link_steps, CS_ARRAY_LEN(link_steps), err);
    if (!status)
        status = cs_touch_blocks(store, err);
    if (!status)
        status = cs_walk_rows(store,
                              "SELECT id FROM temp.leaving WHERE ? ORDER BY"
                              " id",
                              1, cs_entry_remove, err);
    return status ? status
                  : run_all(store, row_steps, CS_ARRAY_LEN(row_steps), err);
}

static enum cs_status find_folders(struct cs_store *store, int64_t container,
                                   struct cs_error *err)
{
    return cs_db_run(
        store->db, err,
        "INSERT INTO temp.leaving(id, container) SELECT id, container"
        " FROM document WHERE container = ?1 AND kind = 'folder'"
        " AND missing IS NOT NULL AND vendor_id NOT IN (SELECT parent"
        "  FROM document WHERE container = ?1 AND parent IS NOT NULL)",
        "i", container);
}

/* Folders in folders go from below, one round a level. */
static enum cs_status take_out_folders(struct cs_store *store,
                                       struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (bool any = true; any && !status;) {
        status = cs_walk_rows(store, "SELECT id FROM temp.emptied WHERE ?", 1,
                              find_folders, err);
        if (!status)
            status = take_out(store, &any, err);
    }
    return status;
}

enum cs_status cs_erase_leaving(struct cs_store *store, uint64_t *ret_moved,
                                struct cs_error *err)
{
    bool any;
    int64_t container = 0;
    enum cs_status status = take_out(store, &any, err);
    if (!status)
        status = take_out_folders(store, err);
    while (!status) {
        int64_t after = container;
        container = 0;
        status = cs_db_int(store->db, &container, err,
                           "SELECT min(id) FROM temp.emptied"
                           " WHERE again AND id > ?",
                           "i", after);
        if (status || !container)
            break;
        status = cs_tree_layout(store, container, ret_moved, err);
    }
    if (!status)
        status = cs_walk_rows(store, "SELECT id FROM temp.bereft WHERE ?", 1,
                              cs_links_refresh, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.bereft", "");
    return status ? status
                  : cs_db_run(store->db, err, "DELETE FROM temp.emptied", "");
}
