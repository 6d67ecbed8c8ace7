/*
 * retired.c - finding tombstones, and documents by the names that people use.
 */
#include "index/store/removal.h"

#include "src/text.h"

#define KEPT                                                                   \
    " coalesce(length(t.file), 0) + coalesce(length(t.body_source), 0)"        \
    "  + (SELECT coalesce(sum(size), 0) FROM tombstone_file f"                 \
    "      WHERE f.tombstone = t.id)"

static const char select_tombstones[] =
    "SELECT t.id, 0, s.name, s.name || ':' || t.vendor_id, t.title, t.path,"
    " t.reason, t.deleted," KEPT
    " FROM tombstone t JOIN source s ON s.id = t.source"
    " WHERE (?1 IS NULL OR s.name = ?1) AND t.deleted < ?2 ORDER BY t.id";

static const char select_left[] =
    "SELECT 0, d.id, s.name, s.name || ':' || d.vendor_id, d.title,"
    " d.file_path, 'left', 0, 0"
    " FROM container c JOIN document d ON d.container = c.id"
    " JOIN source s ON s.id = c.source"
    " WHERE c.left IS NOT NULL AND d.kind <> 'folder'"
    " ORDER BY s.name, c.key, d.path";

/* ?1 the name; both halves of what may have died and come back. */
#define NAMED(alias, path)                                                     \
    " (" alias ".vendor_id = ?1 OR s.name || ':' || " alias                    \
    ".vendor_id = ?1 OR " alias ".url = ?1 OR " alias "." path                 \
    " = ?1 OR s.name || '/' || " alias "." path " = ?1)"

static const char select_named[] =
    "SELECT t.id, 0, s.name, s.name || ':' || t.vendor_id, t.title, t.path,"
    " t.reason, t.deleted," KEPT
    " FROM tombstone t JOIN source s ON s.id = t.source"
    " WHERE" NAMED(
        "t", "path") " UNION ALL SELECT 0, d.id, s.name, s.name || ':' || "
                     "d.vendor_id, d.title,"
                     "  d.file_path, NULL, 0, 0"
                     " FROM document d JOIN source s ON s.id = d.source"
                     " WHERE d.kind <> 'folder' AND" NAMED("d", "file_path");

struct visiting {
    cs_removal_fn *visit;
    void *payload;
    bool any;
};

static enum cs_status read_item(void *payload, struct cs_query *row,
                                struct cs_error *err)
{
    struct visiting *visiting = payload;
    const struct cs_removal_item item = {
        .tombstone = cs_query_int(row, 0),
        .document = cs_query_int(row, 1),
        .source = cs_query_text(row, 2),
        .id = cs_query_text(row, 3),
        .title = cs_query_text(row, 4),
        .path = cs_query_text(row, 5),
        .reason = cs_query_text(row, 6),
        .deleted = cs_query_int(row, 7),
        .bytes = cs_query_int(row, 8),
    };
    visiting->any = true;
    return visiting->visit(visiting->payload, &item, err);
}

enum cs_status cs_removal_find(struct cs_index *index, const char *name,
                               cs_removal_fn *visit, void *payload,
                               struct cs_error *err)
{
    struct visiting visiting = {visit, payload, false};
    enum cs_status status = cs_db_each(cs_index_db(index), read_item, &visiting,
                                       err, select_named, "s", name);
    if (!status && !visiting.any)
        status =
            cs_error_set(err, CS_ERR_NOT_FOUND,
                         "there is no document %s, and none was removed", name);
    return status;
}

enum cs_status cs_removal_find_expired(struct cs_index *index,
                                       const char *source, int64_t before,
                                       cs_removal_fn *visit, void *payload,
                                       struct cs_error *err)
{
    struct visiting visiting = {visit, payload, false};
    return cs_db_each(cs_index_db(index), read_item, &visiting, err,
                      select_tombstones, "si", source, before);
}

enum cs_status cs_removal_find_left(struct cs_index *index,
                                    cs_removal_fn *visit, void *payload,
                                    struct cs_error *err)
{
    struct visiting visiting = {visit, payload, false};
    return cs_db_each(cs_index_db(index), read_item, &visiting, err,
                      select_left, "");
}
