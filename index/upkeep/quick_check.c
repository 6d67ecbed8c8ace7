/*
 * quick_check.c - what is found once must be found again: a page that could not
 * be got for want of memory is told like one that is damaged.
 */
#include "index/upkeep/quick_check.h"

struct walk {
    cs_quick_check_fn *visit; /* NULL: only count */
    void *payload;
    unsigned faults;
};

static enum cs_status visit_row(void *payload, struct cs_query *row,
                                struct cs_error *err)
{
    struct walk *walk = payload;
    const char *fault = cs_query_text(row, 0);
    if (!fault || strcmp(fault, "ok") == 0)
        return CS_OK;
    walk->faults++;
    return walk->visit ? walk->visit(walk->payload, fault, err) : CS_OK;
}

enum cs_status cs_quick_check(struct cs_db *db, cs_quick_check_fn *visit,
                              void *payload, struct cs_error *err)
{
    static const char sql[] = "PRAGMA quick_check(10)";
    struct walk look = {0}, tell = {visit, payload, 0};
    enum cs_status status = cs_db_each(db, visit_row, &look, err, sql, "");
    if (status != CS_ERR_CORRUPT && look.faults == 0)
        return status;
    return cs_db_each(db, visit_row, &tell, err, sql, "");
}
