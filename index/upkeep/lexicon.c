/*
 * lexicon.c - the lexicon against the terms of the full-text index.
 */
#include "index/words/lexicon.h"

#include "index/upkeep/internal.h"

struct counts {
    uint64_t missing, surplus, wrong;
};

static bool count(void *payload, const char *term, size_t len, int64_t df,
                  int64_t fts_df)
{
    struct counts *counts = payload;
    (void)term, (void)len;
    if (df == 0)
        counts->missing++;
    else if (fts_df == 0)
        counts->surplus++;
    else
        counts->wrong++;
    return true;
}

static enum cs_status report(struct cs_check *check, const char *message,
                             bool fixable, struct cs_error *err)
{
    const struct cs_check_item item = {
        .finding = {.severity = fixable ? CS_CHECK_PROBLEM : CS_CHECK_NOTE,
                    .message = message,
                    .action = fixable ? "build it anew" : NULL,
                    .fixable = fixable}};
    return cs_check_report(check, &item, err);
}

/* What FTS5 lists is a temporary table, which a connection that only reads may
 * not have. */
enum cs_status cs_check_find_lexicon(struct cs_check *check,
                                     struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    struct counts n = {0};
    char message[160];
    int64_t reading = 0;
    enum cs_status status =
        cs_db_int(check->db, &reading, err, "PRAGMA query_only", "");
    if (status)
        return status;
    if (check->entries_differ && check->options->mode == CS_CHECK_DRY_RUN)
        return CS_OK; /* it is built anew with the full-text index */
    if (reading)
        return report(check, "was not compared: a writer is at work", false,
                      err);
    status = cs_lexicon_compare(check->db, "fts", count, &n, &why);
    if (status == CS_ERR_CORRUPT)
        return report(check, "the lexicon of search is damaged", true, err);
    if (status)
        return cs_error_set(err, status, "%s", why.message);
    if (n.missing + n.surplus + n.wrong == 0)
        return CS_OK;
    (void)snprintf(message, sizeof(message),
                   "the lexicon of search does not fit: %llu terms missing,"
                   " %llu too many, %llu counted wrong",
                   (unsigned long long)n.missing, (unsigned long long)n.surplus,
                   (unsigned long long)n.wrong);
    return report(check, message, true, err);
}

enum cs_status cs_check_fix_lexicon(struct cs_check *check,
                                    const struct cs_check_item *item,
                                    struct cs_error *err)
{
    (void)item;
    enum cs_status status = cs_db_begin(check->db, err);
    if (!status)
        status = cs_lexicon_build(check->db, "fts", err);
    if (!status)
        status = cs_db_commit(check->db, err);
    if (status)
        cs_db_rollback(check->db);
    return status;
}
