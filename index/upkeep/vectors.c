/*
 * vectors.c - the vectors against the rows that they are made of.
 */
#include "index/upkeep/internal.h"
#include "index/words/vector_compare.h"

struct telling {
    struct cs_check *check;
    struct cs_arena *arena;
};

static enum cs_status tell(void *payload, int64_t document, const char *what,
                           struct cs_error *err)
{
    const struct telling *telling = payload;
    struct cs_check *check = telling->check;
    struct cs_query row CS_CLEANUP(cs_query_close) = {0};
    bool found = false;
    cs_arena_clear(telling->arena);
    struct cs_check_item item = {
        .finding = {.severity = CS_CHECK_PROBLEM,
                    .message = cs_arena_printf(
                        telling->arena,
                        "what search knows of it does not fit: %s", what),
                    .action = "build the vectors anew",
                    .fixable = true},
        .document = document,
    };
    enum cs_status status = cs_arena_status(telling->arena, err);
    if (!status)
        status = cs_db_query(check->db, &row, err,
                             "SELECT source, file_path FROM document"
                             " WHERE id = ?",
                             "i", document);
    if (!status)
        status = cs_query_next(&row, &found, err);
    if (status)
        return status;
    if (found) {
        item.source = cs_check_source_of(check, cs_query_int(&row, 0));
        item.name = cs_query_text(&row, 1);
    } else {
        item.finding.message = what;
        item.document = 0;
    }
    return cs_check_report(check, &item, err);
}

/* Where entries are missing, the index is built anew, and vectors with it. */
enum cs_status cs_check_find_vectors(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct telling telling = {check, arena};
    if (check->entries_differ && check->options->mode == CS_CHECK_DRY_RUN)
        return CS_OK;
    if (!arena)
        return cs_error_no_memory(err);
    return cs_vectors_compare(check->db, tell, &telling, err);
}

enum cs_status cs_check_fix_vectors(struct cs_check *check,
                                    const struct cs_check_item *item,
                                    struct cs_error *err)
{
    (void)item;
    enum cs_status status = cs_db_begin(check->db, err);
    if (!status)
        status = cs_db_run(check->db, err, "DELETE FROM fingerprint", "");
    if (!status)
        status = cs_vectors_build(check->db, err);
    if (!status)
        status = cs_db_commit(check->db, err);
    if (status)
        cs_db_rollback(check->db);
    return status;
}
