/*
 * touch.c - documents whose files must be looked at before the commit.
 */
#include "index/store/internal.h"

enum cs_status cs_touch_document(struct cs_store *store, int64_t document,
                                 struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty VALUES(?)", "i",
                     document);
}

enum cs_status cs_touch_attachment(struct cs_store *store, int64_t attachment,
                                   struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " SELECT document FROM attachment WHERE id = ?1"
                     " UNION SELECT l.document FROM attachment a"
                     "  CROSS JOIN link l ON l.target = a.document"
                     "   AND l.file = a.name WHERE a.id = ?1",
                     "i", attachment);
}

_Static_assert(CS_PLACE_INCLUDE == 4 && CS_PLACE_EXCERPT == 5 &&
                   CS_PLACE_CHILDREN == 6,
               "the numbers stand in SQL");

enum cs_status cs_touch_blocks(struct cs_store *store, struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " SELECT l.document FROM link l CROSS JOIN document d"
                     "  ON d.id = l.document"
                     " WHERE l.form >= 6 AND d.source = ?",
                     "i", store->source);
}

enum cs_status cs_touch_dependents(struct cs_store *store, struct cs_error *err)
{
    int64_t any = 0;
    enum cs_status status =
        cs_db_int(store->db, &any, err,
                  "SELECT EXISTS(SELECT 1 FROM link WHERE form >= 4)"
                  " AND EXISTS(SELECT 1 FROM temp.dirty)",
                  "");
    if (status || !any)
        return status;
    status = cs_touch_blocks(store, err);
    if (status)
        return status;
    return cs_db_run(store->db, err,
                     "INSERT OR IGNORE INTO temp.dirty"
                     " WITH RECURSIVE up(id) AS ("
                     "  SELECT id FROM temp.dirty"
                     "  UNION SELECT l.document FROM up"
                     "   JOIN link l ON l.target = up.id AND l.form IN (4, 5))"
                     " SELECT id FROM up",
                     "");
}
