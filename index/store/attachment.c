/*
 * attachment.c - the set of a document's attachments.
 */
#include "index/store/attachment.h"

#include "index/store/download.h"
#include "index/store/intent.h"

/* Whoever shows one of the document's attachments. */
static enum cs_status touch_readers(struct cs_store *store, int64_t document,
                                    struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " SELECT document FROM link"
                     " WHERE target = ? AND file IS NOT NULL",
                     "i", document);
}

#define TOLD "document, name, media_type, size, version, updated, locator, url"
#define EXCLUDED                                                               \
    "excluded.document, excluded.name, excluded.media_type, excluded.size,"    \
    " excluded.version, excluded.updated, excluded.locator, excluded.url"

/* One that came from another document leaves that one's folder. */
static enum cs_status put_one(struct cs_store *store, int64_t document,
                              const struct cs_attachment *att, bool *changed,
                              struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err,
                  "INSERT OR IGNORE INTO temp.dirty SELECT document"
                  " FROM attachment WHERE source = ? AND vendor_id = ?"
                  " AND document <> ?",
                  "isi", store->source, att->id, document);
    if (!status)
        status =
            cs_db_run(store->db, err,
                      "INSERT INTO attachment(source, vendor_id, " TOLD ")"
                      " VALUES(?,?,?,?,?,?,?,?,?,?)"
                      " ON CONFLICT(source, vendor_id) DO UPDATE SET (" TOLD
                      ", suffixed, failure, failed) = (" EXCLUDED
                      ", suffixed AND document = excluded.document"
                      "  AND name = excluded.name, NULL, NULL)"
                      " WHERE (" TOLD ") IS NOT (" EXCLUDED ")",
                      "isissiiiss", store->source, att->id, document, att->name,
                      att->media_type, att->size, att->version, att->updated,
                      att->locator, att->url);
    *changed = *changed || (!status && cs_db_changes(store->db) > 0);
    return status;
}

/* Its row goes, its file, and what was fetched of it so far. */
static enum cs_status forget(struct cs_store *store, int64_t row,
                             struct cs_error *err)
{
    static const char *const steps[] = {
        "INSERT INTO intent(source, op, kind, document, path, old_hash)"
        " SELECT source, 'remove', 'attachment', id, file_path, file_hash"
        "  FROM attachment WHERE id = ? AND file_path IS NOT NULL",
        "DELETE FROM temp.arrived WHERE id = ?",
        "DELETE FROM attachment WHERE id = ?",
    };
    char part[CS_STAGE_NAME_SIZE];
    int64_t version = -1;
    enum cs_status status =
        cs_db_int(store->db, &version, err,
                  "SELECT version FROM attachment WHERE id = ?"
                  " AND held_version IS NOT version",
                  "i", row);
    cs_download_part_name(row, version, part);
    if (!status && version >= 0 && !store->options.dry_run)
        status = cs_dir_remove(store->dir, part, err);
    if (!status)
        status = cs_assets_tell_removal(store, row, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps) && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "i", row);
    return status;
}

static bool is_listed(const struct cs_document *doc, const char *id)
{
    for (size_t i = 0; i < doc->n_attachments; i++)
        if (strcmp(doc->attachments[i].id, id) == 0)
            return true;
    return false;
}

/* Those of the document that were not told, as numbers of rows. */
static enum cs_status find_gone(struct cs_store *store, int64_t document,
                                const struct cs_document *doc,
                                struct cs_strbuf *rows, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT id, vendor_id FROM attachment WHERE document = ?",
                    "i", document);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        int64_t id = cs_query_int(&query, 0);
        if (!is_listed(doc, cs_query_text(&query, 1)))
            cs_strbuf_put(rows, (const char *)&id, sizeof(id));
    }
    return status ? status : cs_strbuf_status(rows, err);
}

enum cs_status cs_attachments_put(struct cs_store *store, int64_t document,
                                  const struct cs_document *doc,
                                  struct cs_error *err)
{
    struct cs_strbuf gone CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(SIZE_MAX / 2);
    bool changed = false;
    enum cs_status status = find_gone(store, document, doc, &gone, err);
    for (size_t at = 0; at < gone.len && !status; at += sizeof(int64_t)) {
        int64_t row;
        memcpy(&row, gone.data + at, sizeof(row));
        status = forget(store, row, err);
        changed = true;
    }
    for (size_t i = 0; i < doc->n_attachments && !status; i++)
        status = put_one(store, document, &doc->attachments[i], &changed, err);
    if (status || !changed)
        return status;
    store->planned = false;
    return touch_readers(store, document, err);
}

enum cs_status cs_attachments_miss(struct cs_store *store, int64_t document,
                                   struct cs_error *err)
{
    if (!(store->options.aspects & CS_ASPECT_ATTACHMENTS) ||
        store->options.attachments == CS_ATTACHMENTS_NONE)
        return CS_OK;
    return cs_db_run(store->db, err,
                     "UPDATE document SET reload = reload | ?2 WHERE id = ?1"
                     " AND EXISTS(SELECT 1 FROM link l WHERE l.document = ?1"
                     "  AND l.target = ?1 AND l.file IS NOT NULL AND NOT EXISTS"
                     "   (SELECT 1 FROM attachment a WHERE a.document = ?1"
                     "    AND a.name = l.file))",
                     "ii", document, (int64_t)CS_ASPECT_ATTACHMENTS);
}
