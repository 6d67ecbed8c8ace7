/*
 * reports.c - lists for people: links that lead nowhere, pages that nothing
 * leads to, what links to a page, pages not updated for long.
 */
#include "index/upkeep/internal.h"

/* Columns 0 to 2 are source, document, file; column 3 is the message. */
static enum cs_status add_line(struct cs_check *check, struct cs_query *row,
                               enum cs_check_severity severity,
                               const char *action, struct cs_error *err)
{
    struct cs_check_item item = {
        .finding = {.severity = severity,
                    .message = cs_query_text(row, 3),
                    .action = action},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .document = cs_query_int(row, 1),
        .name = cs_query_text(row, 2),
    };
    return cs_check_report(check, &item, err);
}

static enum cs_status add_broken(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    return add_line(payload, row, CS_CHECK_PROBLEM,
                    "mend it on the site, or configure that space", err);
}

static enum cs_status add_note(void *payload, struct cs_query *row,
                               struct cs_error *err)
{
    return add_line(payload, row, CS_CHECK_NOTE, NULL, err);
}

static enum cs_status find_backlinks(struct cs_check *check,
                                     struct cs_error *err)
{
    return cs_db_each(check->db, add_note, check, err,
                      "SELECT DISTINCT d.source, d.id, d.file_path,"
                      " '\"' || d.title || '\" links to it'"
                      " FROM link l JOIN document d ON d.id = l.document"
                      " WHERE l.target = ?1 AND d.id <> ?1"
                      " ORDER BY d.source, d.file_path",
                      "i", check->options->document);
}

/* The same link twice on a page is one finding. A page without a parent is no
 * orphan when it is the home page of its space or something links to it. */
enum cs_status cs_check_find_links(struct cs_check *check, struct cs_error *err)
{
    if (check->options->document)
        return find_backlinks(check, err);
    enum cs_status status = cs_db_each(
        check->db, add_broken, check, err,
        "SELECT DISTINCT d.source, d.id, d.file_path,"
        " CASE WHEN l.title IS NOT NULL"
        "  THEN 'links to \"' || l.title || '\"'"
        "   || coalesce(' in ' || l.space, '') || ', which is not held'"
        "  ELSE 'links to the page with the id ' || l.ref_id"
        "   || ', which is not held' END"
        " FROM link l JOIN document d ON d.id = l.document"
        " WHERE l.target IS NULL AND l.kind IN ('page', 'blog',"
        "  'content') AND coalesce(l.title, l.ref_id) IS NOT NULL"
        "  AND d.missing IS NULL"
        " ORDER BY d.source, d.file_path, l.ord",
        "");
    if (status)
        return status;
    return cs_db_each(check->db, add_note, check, err,
                      "SELECT d.source, d.id, d.file_path,"
                      " 'has no parent, and nothing links to it'"
                      " FROM document d JOIN container c ON c.id = d.container"
                      " WHERE d.kind = 'page' AND d.missing IS NULL"
                      " AND d.vendor_id IS NOT c.home"
                      " AND NOT EXISTS (SELECT 1 FROM document p"
                      "  WHERE p.source = d.source AND p.vendor_id = d.parent)"
                      " AND NOT EXISTS (SELECT 1 FROM link l"
                      "  WHERE l.target = d.id AND l.document <> d.id)"
                      " ORDER BY d.source, d.file_path",
                      "");
}

enum cs_status cs_check_find_stale(struct cs_check *check, struct cs_error *err)
{
    int64_t age = check->options->older_than
                      ? check->options->older_than
                      : (int64_t)CS_STALE_DAYS * 24 * 3600 * 1000;
    int64_t before = cs_clock_now(cs_index_clock(check->index)) - age;
    return cs_db_each(check->db, add_note, check, err,
                      "SELECT source, id, file_path, 'was updated last on '"
                      " || strftime('%Y-%m-%d', updated / 1000, 'unixepoch')"
                      " FROM document WHERE updated < ?"
                      " AND kind <> 'folder' AND missing IS NULL"
                      " AND status = 'current' ORDER BY updated, id",
                      "i", before);
}
