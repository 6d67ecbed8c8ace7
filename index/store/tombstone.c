/*
 * tombstone.c - what is kept of a removed document until it expires: its file
 * as it stood in the mirror, its source, and where it lay.
 */
#include "index/store/internal.h"

#include "src/path.h"

static enum cs_status put(struct cs_store *store, int64_t document,
                          struct cs_error *err)
{
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf packed CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_render_file(store->index, document, &file, &why);
    bool text = !status;
    if (text) {
        status = cs_pack(store, file.data, file.len, &packed, err);
    } else if (status == CS_ERR_NOT_FOUND) { /* it was never fetched */
        status = CS_OK;
    } else {
        *err = why;
    }
    if (status)
        return status;
    return cs_db_run(
        store->db, err,
        "INSERT OR REPLACE INTO tombstone(source, container, vendor_id, kind,"
        " title, path, url, version, reason, http_status, deleted, file,"
        " body_source, source_format)"
        " SELECT d.source, d.container, d.vendor_id, d.kind, d.title,"
        "  coalesce(d.file_path, d.path), d.url, d.body_version, v.reason,"
        "  v.http_status, ?, ?, b.source, b.source_format"
        " FROM temp.leaving v CROSS JOIN document d ON d.id = v.id"
        " LEFT JOIN body b ON b.document = d.id WHERE d.id = ?",
        "ibi", cs_clock_now(cs_index_clock(store->index)),
        text ? packed.data : NULL, packed.len, document);
}

/* The bytes of its attachments go to the trash under the name of their hash, so
 * that the same bytes are kept once. */
static enum cs_status put_files(struct cs_store *store, struct cs_error *err)
{
    return cs_db_run(
        store->db, err,
        "INSERT INTO tombstone_file(tombstone, vendor_id, name, trash, hash,"
        " size)"
        " SELECT t.id, a.vendor_id, a.name, lower(hex(a.file_hash)),"
        "  a.file_hash, coalesce(a.file_size, a.size)"
        " FROM temp.leaving v CROSS JOIN document d ON d.id = v.id"
        " CROSS JOIN attachment a ON a.document = d.id"
        " JOIN tombstone t ON t.source = d.source"
        "  AND t.vendor_id = d.vendor_id"
        " WHERE a.file_path IS NOT NULL AND a.file_hash IS NOT NULL"
        " ORDER BY a.id",
        "");
}

/* All of them before the first row goes: a file shows what it links to. */
enum cs_status cs_tombstones_put(struct cs_store *store, struct cs_error *err)
{
    enum cs_status status = cs_walk_rows(
        store, "SELECT id FROM temp.leaving WHERE ? ORDER BY id", 1, put, err);
    return status ? status : put_files(store, err);
}
