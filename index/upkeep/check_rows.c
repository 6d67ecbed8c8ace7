/*
 * check_rows.c - what the database tells about itself.
 */
#include "index/upkeep/internal.h"

static struct cs_check_source *source_of(struct cs_check *check, int64_t row)
{
    for (size_t i = 0; i < check->n_sources; i++)
        if (check->sources[i].row == row)
            return &check->sources[i];
    return NULL;
}

enum cs_status cs_check_find_intents(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(check->db, &query, err,
                    "SELECT source, document, path, op FROM intent"
                    " ORDER BY id",
                    "");
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        bool put = strcmp(cs_query_text(&query, 3), "put") == 0;
        struct cs_check_item item = {
            .finding = {.severity = CS_CHECK_PROBLEM,
                        .message =
                            put ? "was to be written" : "was to be removed",
                        .action = "carry it out",
                        .fixable = true},
            .source = source_of(check, cs_query_int(&query, 0)),
            .document = cs_query_int(&query, 1),
            .name = cs_query_text(&query, 2),
        };
        status = cs_check_report(check, &item, err);
    }
    return status;
}

static enum cs_status report_damage(struct cs_check *check, const char *message,
                                    const char *action, bool fixable,
                                    struct cs_error *err)
{
    struct cs_check_item item = {.finding = {.severity = CS_CHECK_PROBLEM,
                                             .message = message,
                                             .action = action,
                                             .fixable = fixable}};
    return cs_check_report(check, &item, err);
}

/* Damage may show as a row of the answer or as a failure to answer. */
enum cs_status cs_check_find_database(struct cs_check *check,
                                      struct cs_error *err)
{
    static const char action[] = "restore a backup, or move the index away "
                                 "and run `cs sync`";
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_error why = CS_ERROR_INIT;
    bool row = true;
    enum cs_status status =
        cs_db_query(check->db, &query, &why, "PRAGMA quick_check(10)", "");
    while (!status) {
        status = cs_query_next(&query, &row, &why);
        if (status || !row)
            break;
        const char *answer = cs_query_text(&query, 0);
        if (answer && strcmp(answer, "ok") != 0) {
            status = report_damage(check, answer, action, false, err);
            if (status)
                return status;
        }
    }
    if (status == CS_ERR_CORRUPT)
        return report_damage(check, why.message, action, false, err);
    return status ? cs_error_set(err, status, "%s", why.message) : CS_OK;
}

enum cs_status cs_check_find_integrity(struct cs_check *check,
                                       struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    if (check->options->mode != CS_CHECK_FIX)
        return CS_OK;
    enum cs_status status = cs_db_exec(
        check->db, "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)",
        &why);
    if (status == CS_ERR_CORRUPT)
        return report_damage(check,
                             "the full-text index does not fit the texts",
                             "build it anew", true, err);
    return status ? cs_error_set(err, status, "%s", why.message) : CS_OK;
}

static enum cs_status report_entries(struct cs_check *check,
                                     struct cs_query *query,
                                     const char *message, struct cs_error *err)
{
    bool row = true;
    for (;;) {
        enum cs_status status = cs_query_next(query, &row, err);
        if (status || !row)
            return status;
        struct cs_check_item item = {
            .finding = {.severity = CS_CHECK_PROBLEM,
                        .message = message,
                        .action = "build the full-text index anew",
                        .fixable = true},
            .source = source_of(check, cs_query_int(query, 0)),
            .document = cs_query_int(query, 1),
            .name = cs_query_text(query, 2),
        };
        status = cs_check_report(check, &item, err);
        if (status)
            return status;
    }
}

enum cs_status cs_check_find_entries(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_query absent CS_CLEANUP(cs_query_close) = {0};
    struct cs_query orphans CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        check->db, &absent, err,
        "SELECT d.source, d.id, d.file_path FROM body b"
        " JOIN document d ON d.id = b.document"
        " WHERE NOT EXISTS (SELECT 1 FROM fts_docsize f WHERE f.id = d.id)",
        "");
    if (!status)
        status = report_entries(check, &absent, "search does not find it", err);
    if (!status)
        status = cs_db_query(
            check->db, &orphans, err,
            "SELECT 0, f.id, NULL FROM fts_docsize f"
            " WHERE NOT EXISTS (SELECT 1 FROM body b WHERE b.document = f.id)",
            "");
    if (!status)
        status = report_entries(check, &orphans,
                                "search finds an entry without a text", err);
    return status;
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
        .source = source_of(check, cs_query_int(query, COL_SOURCE)),
    };
    return cs_check_report(check, &item, err);
}

static enum cs_status prove_space(struct cs_check *check,
                                  struct cs_query *query, struct cs_error *err)
{
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
                              "run `cs sync --full`", err);
    }
    if (!status && waiting) {
        (void)snprintf(what, sizeof(what),
                       "%lld of %lld documents lack their newest text, of %lld "
                       "it could not be had",
                       waiting, held, failed);
        status = report_space(check, query, CS_CHECK_NOTE, what,
                              "the next `cs sync` tries again", err);
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
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status = cs_db_query(
        check->db, &query, err,
        "SELECT c.source, c.key, c.listed_count,"
        " total(d.missing IS NULL),"
        " total(d.missing IS NULL AND d.body_version IS d.version),"
        " total(d.missing IS NULL AND d.failure IS NOT NULL),"
        " total(d.missing IS NOT NULL)"
        " FROM container c LEFT JOIN document d"
        "  ON d.container = c.id AND d.kind <> 'folder'"
        " WHERE c.listed IS NOT NULL GROUP BY c.id ORDER BY c.source, c.key",
        "");
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = prove_space(check, &query, err);
    }
    return status;
}
