/*
 * event.c - what happened to a document, for `cs why`.
 *
 * Events are written in the transaction that makes them true. Where a step is
 * about many documents, its SQL inserts them (CS_EVENT_INSERT); here is the
 * event of one.
 */
#include "index/store/internal.h"

enum cs_status cs_event_note(struct cs_store *store, int64_t document,
                             const char *what, const char *detail,
                             struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     CS_EVENT_INSERT " SELECT source, vendor_id, ?, ?, ?, ?"
                                     " FROM document WHERE id = ?",
                     "iissi", store->run,
                     cs_clock_now(cs_index_clock(store->index)), what, detail,
                     document);
}
