/*
 * check_index.c - does the database file hold together, and does the full-text
 * index fit the texts?
 *
 * FTS5's own check is a write statement. A dry run, which may write nothing,
 * has it look at a copy of the index in a temporary database.
 */
#include "index/upkeep/fulltext.h"
#include "index/upkeep/internal.h"
#include "index/upkeep/quick_check.h"

static enum cs_status report_damage(struct cs_check *check, const char *message,
                                    enum cs_check_severity severity,
                                    const char *action, bool fixable,
                                    struct cs_error *err)
{
    struct cs_check_item item = {.finding = {.severity = severity,
                                             .message = message,
                                             .action = action,
                                             .fixable = fixable}};
    return cs_check_report(check, &item, err);
}

static const char database_action[] =
    "run cs maintenance recover, then cs sync; or put a backup in its "
    "place";

static enum cs_status add_damage(void *payload, const char *fault,
                                 struct cs_error *err)
{
    struct cs_check *check = payload;
    check->damaged = true;
    return report_damage(check, fault, CS_CHECK_PROBLEM, database_action, false,
                         err);
}

/* Damage may show as a row of the answer or as a failure to answer. */
enum cs_status cs_check_find_database(struct cs_check *check,
                                      struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_quick_check(check->db, add_damage, check, &why);
    if (status == CS_ERR_CORRUPT && check->damaged)
        return CS_OK;
    if (status == CS_ERR_CORRUPT) {
        check->damaged = true;
        return report_damage(check, why.message, CS_CHECK_PROBLEM,
                             database_action, false, err);
    }
    return status ? cs_error_set(err, status, "%s", why.message) : CS_OK;
}

static enum cs_status check_a_copy(struct cs_check *check, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *module;
    if (!arena)
        return cs_error_no_memory(err);
    enum cs_status status = cs_fulltext_module(check->db, arena, &module, err);
    if (status)
        return status;
    const char *sql = cs_arena_printf(
        arena,
        "CREATE TEMP VIEW search_text AS SELECT * FROM main.search_text;"
        "CREATE VIRTUAL TABLE temp.fts_copy USING %s;"
        "DELETE FROM temp.fts_copy_data;"
        "INSERT INTO temp.fts_copy_data SELECT * FROM main.fts_data;"
        "INSERT INTO temp.fts_copy_idx SELECT * FROM main.fts_idx;"
        "INSERT INTO temp.fts_copy_docsize SELECT * FROM main.fts_docsize;"
        "INSERT INTO fts_copy(fts_copy, rank) VALUES('integrity-check', 1)",
        module);
    status =
        sql ? cs_db_exec(check->db, sql, err) : cs_arena_status(arena, err);
    struct cs_error ignored = CS_ERROR_INIT;
    (void)cs_db_exec(check->db,
                     "DROP TABLE IF EXISTS temp.fts_copy;"
                     "DROP VIEW IF EXISTS temp.search_text",
                     &ignored);
    return status;
}

enum cs_status cs_check_find_integrity(struct cs_check *check,
                                       struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    int64_t reading = 0;
    enum cs_status status =
        cs_db_int(check->db, &reading, err, "PRAGMA query_only", "");
    if (status)
        return status;
    if (check->entries_differ && check->options->mode == CS_CHECK_DRY_RUN)
        return CS_OK; /* then this one would only say so again */
    if (reading)
        return report_damage(check, "was not compared: a writer is at work",
                             CS_CHECK_NOTE, NULL, false, err);
    if (check->options->mode == CS_CHECK_FIX)
        status = cs_db_exec(
            check->db,
            "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)", &why);
    else
        status = check_a_copy(check, &why);
    if (status == CS_ERR_CORRUPT)
        return cs_fulltext_report(check,
                                  "the full-text index does not fit the texts",
                                  CS_CHECK_PROBLEM, err);
    return status ? cs_error_set(err, status, "%s", why.message) : CS_OK;
}

static enum cs_status add_absent(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    struct cs_check *check = payload;
    check->entries_differ = true;
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = "search does not find it",
                    .action = "build the full-text index anew",
                    .fixable = true},
        .source = cs_check_source_of(check, cs_query_int(row, 0)),
        .document = cs_query_int(row, 1),
        .name = cs_query_text(row, 2),
    };
    return cs_check_report(check, &item, err);
}

static enum cs_status add_orphan(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    struct cs_check *check = payload;
    (void)row;
    check->entries_differ = true;
    return report_damage(check, "search finds an entry without a text",
                         CS_CHECK_PROBLEM, "build the full-text index anew",
                         true, err);
}

enum cs_status cs_check_find_entries(struct cs_check *check,
                                     struct cs_error *err)
{
    enum cs_status status = cs_db_each(
        check->db, add_absent, check, err,
        "SELECT d.source, d.id, d.file_path FROM body b"
        " JOIN document d ON d.id = b.document"
        " WHERE NOT EXISTS (SELECT 1 FROM fts_docsize f WHERE f.id = d.id)",
        "");
    if (status)
        return status;
    return cs_db_each(check->db, add_orphan, check, err,
                      "SELECT f.id FROM fts_docsize f WHERE NOT EXISTS"
                      " (SELECT 1 FROM search_text t WHERE t.id = f.id)",
                      "");
}
