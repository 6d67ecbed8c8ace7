/*
 * check_rows.c - what the rows tell about each other.
 */
#include "index/upkeep/internal.h"

static enum cs_status add_intent(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    struct cs_check *check = payload;
    const char *op = cs_query_text(row, 3);
    bool put = op && strcmp(op, "put") == 0;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = put ? "was to be written" : "was to be removed",
                    .action = "carry it out",
                    .fixable = true},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .document = cs_query_int(row, 1),
        .name = cs_query_text(row, 2),
    };
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_find_intents(struct cs_check *check,
                                     struct cs_error *err)
{
    return cs_db_each(check->db, add_intent, check, err,
                      "SELECT source, document, path, op FROM intent"
                      " ORDER BY id",
                      "");
}

/* A row that belongs to a document can go with it, for the next sync brings
 * document and row anew. More is not ours to judge. */
static enum cs_status add_dangling(void *payload, struct cs_query *row,
                                   struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_strbuf message CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(512);
    const char *table = cs_query_text(row, 0), *parent = cs_query_text(row, 1);
    bool fixable = strcmp(parent, "document") == 0;
    cs_strbuf_printf(&message, "rows of %s without their %s: %lld", table,
                     parent, (long long)cs_query_int(row, 2));
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = message.data,
                    .action = fixable ? "delete them"
                                      : "run cs maintenance recover, then "
                                        "cs sync",
                    .fixable = fixable},
        .name = table,
    };
    return cs_check_report(check, &item, err);
}

static enum cs_status add_dangling_link(void *payload, struct cs_query *row,
                                        struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = "links to a document that is not there",
                    .action = "find what it links to, and write it again",
                    .fixable = true},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .document = cs_query_int(row, 1),
        .name = cs_query_text(row, 2),
    };
    return cs_check_report(check, &item, err);
}

/* What a finding of dangling rows is about. */
enum { ROWS_OF_NONE, TEXT_LOST };

static enum cs_status add_lost_text(void *payload, struct cs_query *row,
                                    struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = "its text is not in the index",
                    .action = "have the next cs sync fetch it again",
                    .fixable = true},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .document = cs_query_int(row, 1),
        .name = cs_query_text(row, 2),
        .step = TEXT_LOST,
    };
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_find_dangling(struct cs_check *check,
                                      struct cs_error *err)
{
    enum cs_status status =
        cs_db_each(check->db, add_dangling, check, err,
                   "SELECT \"table\", parent, count(*)"
                   " FROM pragma_foreign_key_check GROUP BY 1, 2",
                   "");
    if (!status)
        status = cs_db_each(check->db, add_lost_text, check, err,
                            "SELECT source, id, coalesce(file_path, path)"
                            " FROM document WHERE body_version IS NOT NULL"
                            "  AND id NOT IN (SELECT document FROM body)"
                            " ORDER BY id",
                            "");
    if (status)
        return status;
    return cs_db_each(check->db, add_dangling_link, check, err,
                      "SELECT source, id, file_path FROM document"
                      " WHERE id IN (SELECT document FROM link"
                      "  WHERE target IS NOT NULL AND target NOT IN"
                      "   (SELECT id FROM document)) ORDER BY id",
                      "");
}

/* The columns of a table that lead to documents. */
static enum cs_status delete_orphans(void *payload, struct cs_query *row,
                                     struct cs_error *err)
{
    struct cs_check *check = payload;
    char *sql = sqlite3_mprintf("DELETE FROM \"%w\" WHERE \"%w\" NOT IN"
                                " (SELECT id FROM document)",
                                cs_query_text(row, 0), cs_query_text(row, 1));
    if (!sql)
        return cs_error_no_memory(err);
    enum cs_status status = cs_db_exec(check->db, sql, err);
    sqlite3_free(sql);
    return status;
}

enum cs_status cs_check_fix_dangling(struct cs_check *check,
                                     const struct cs_check_item *item,
                                     struct cs_error *err)
{
    if (item->step == TEXT_LOST)
        return cs_db_run(check->db, err,
                         "UPDATE document SET body_version = NULL"
                         " WHERE id = ?",
                         "i", item->document);
    if (item->document)
        return cs_store_refresh(check->options->store, item->document, err);
    return cs_db_each(check->db, delete_orphans, check, err,
                      "SELECT ?1, \"from\" FROM pragma_foreign_key_list(?1)"
                      " WHERE \"table\" = 'document'",
                      "s", item->name);
}

static enum cs_status add_duplicate(void *payload, struct cs_query *row,
                                    struct cs_error *err)
{
    struct cs_check *check = payload;
    struct cs_strbuf message CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(128);
    cs_strbuf_printf(&message, "is the file of %lld documents",
                     (long long)cs_query_int(row, 2));
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = message.data,
                    .action = "give each its own",
                    .fixable = true},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .name = cs_query_text(row, 1),
    };
    return cs_check_report(check, &item, err);
}

enum cs_status cs_check_find_duplicates(struct cs_check *check,
                                        struct cs_error *err)
{
    return cs_db_each(check->db, add_duplicate, check, err,
                      "SELECT source, file_path, count(*) FROM document"
                      " WHERE file_path IS NOT NULL"
                      " GROUP BY source, file_path HAVING count(*) > 1",
                      "");
}

enum cs_status cs_check_fix_duplicates(struct cs_check *check,
                                       const struct cs_check_item *item,
                                       struct cs_error *err)
{
    return cs_store_part(check->options->store, item->source->row, item->name,
                         err);
}

/* Columns of the query in cs_check_find_completeness(). */
enum {
    COL_SOURCE,
    COL_KEY,
    COL_LISTED,
    COL_HELD,
    COL_STORED,
    COL_FAILED,
    COL_MISSING
};

static enum cs_status report_space(struct cs_check *check,
                                   struct cs_query *query,
                                   enum cs_check_severity severity,
                                   const char *what, const char *action,
                                   struct cs_error *err)
{
    struct cs_strbuf message CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1024);
    cs_strbuf_printf(&message, "space %s: %s", cs_query_text(query, COL_KEY),
                     what);
    struct cs_check_item item = {
        .finding = {.severity = severity,
                    .message = message.data,
                    .action = action},
        .source = cs_check_source_of(check, cs_query_int(query, COL_SOURCE)),
    };
    return cs_check_report(check, &item, err);
}

static enum cs_status prove_space(void *payload, struct cs_query *query,
                                  struct cs_error *err)
{
    struct cs_check *check = payload;
    char what[160];
    long long listed = (long long)cs_query_int(query, COL_LISTED);
    long long held = (long long)cs_query_int(query, COL_HELD);
    long long waiting = held - (long long)cs_query_int(query, COL_STORED);
    long long failed = (long long)cs_query_int(query, COL_FAILED);
    long long missing = (long long)cs_query_int(query, COL_MISSING);
    enum cs_status status = CS_OK;
    if (listed != held) {
        (void)snprintf(what, sizeof(what),
                       "%lld documents were listed, %lld are held", listed,
                       held);
        status = report_space(check, query, CS_CHECK_PROBLEM, what,
                              "run cs sync --full", err);
    }
    if (!status && waiting) {
        (void)snprintf(what, sizeof(what),
                       "%lld of %lld documents lack their newest text, of %lld "
                       "it could not be had",
                       waiting, held, failed);
        status = report_space(check, query, CS_CHECK_NOTE, what,
                              "the next cs sync tries again", err);
    }
    if (!status && missing) {
        (void)snprintf(what, sizeof(what),
                       "%lld documents are gone from the last listing and kept",
                       missing);
        status = report_space(check, query, CS_CHECK_NOTE, what, NULL, err);
    }
    return status;
}

enum cs_status cs_check_find_completeness(struct cs_check *check,
                                          struct cs_error *err)
{
    return cs_db_each(
        check->db, prove_space, check, err,
        "SELECT c.source, c.key, c.listed_count,"
        " total(d.id IS NOT NULL AND d.missing IS NULL),"
        " total(d.missing IS NULL AND d.body_version IS d.version),"
        " total(d.missing IS NULL AND d.failure IS NOT NULL),"
        " total(d.missing IS NOT NULL)"
        " FROM container c LEFT JOIN document d"
        "  ON d.container = c.id AND d.kind <> 'folder'"
        " WHERE c.listed IS NOT NULL AND c.left IS NULL AND c.gone IS NULL"
        " GROUP BY c.id ORDER BY c.source, c.key",
        "");
}
