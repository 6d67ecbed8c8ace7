/*
 * doubt.c - is it gone? What listings lack, and what the source then says.
 *
 * A document becomes doubtful when a complete listing lacks it, or when a hint
 * names it. The connector asks for it by its id, and the answer is a verdict:
 *
 *   here       it moved, or the listing lagged behind: taken in as listed
 *   elsewhere  in a container that is not mirrored: condemned, "moved"
 *   trashed    condemned
 *   excluded   condemned
 *   gone       kept and marked; condemned when a later run, with a complete
 *   forbidden  listing, hears the same again
 *
 * What is condemned is removed at the end of the run (removal.c).
 */
#include "index/store/internal.h"

static const char *const presence_names[CS_PRESENCES] = {
    [CS_PRESENCE_UNKNOWN] = "unknown",     [CS_PRESENCE_HERE] = "here",
    [CS_PRESENCE_TRASHED] = "trashed",     [CS_PRESENCE_GONE] = "gone",
    [CS_PRESENCE_FORBIDDEN] = "forbidden", [CS_PRESENCE_EXCLUDED] = "excluded",
};

static int64_t now_of(const struct cs_store *store)
{
    return cs_clock_now(cs_index_clock(store->index));
}

enum cs_status cs_doubt_absent(struct cs_sink *sink, const char *container_id,
                               enum cs_absence absence, const char *why,
                               struct cs_error *err)
{
    static const char *const sql[] = {
        [CS_ABSENCE_LEFT] = "UPDATE container SET left = coalesce(left, ?1),"
                            " gone = NULL, gone_why = nullif(?2, ?2)"
                            " WHERE source = ?3 AND vendor_id = ?4",
        [CS_ABSENCE_GONE] = "UPDATE container SET gone = coalesce(gone, ?1),"
                            " left = NULL, gone_why = ?2"
                            " WHERE source = ?3 AND vendor_id = ?4",
    };
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err, sql[absence], "isis", now_of(store),
                           why, store->source, container_id);
    if (status)
        cs_batch_abort(store);
    return status;
}

enum cs_status cs_doubt_suspect(struct cs_sink *sink, const char *item_id,
                                struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET suspect = ?"
                           " WHERE source = ? AND vendor_id = ?"
                           " AND suspect IS NULL AND kind <> 'folder'",
                           "iis", now_of(store), store->source, item_id);
    if (status)
        cs_batch_abort(store);
    return status;
}

enum cs_status cs_doubt_next(struct cs_sink *sink, struct cs_arena *arena,
                             size_t max, struct cs_want *ret_wants,
                             size_t *ret_n, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT id, vendor_id, kind, version, title, url, 0 FROM document"
        " WHERE source = ?1 AND (missing IS NOT NULL OR suspect IS NOT NULL)"
        " AND (suspect IS NOT NULL OR container IN temp.complete)"
        " AND kind <> 'folder' AND id > ?2 ORDER BY id LIMIT ?3",
        "iii", store->source, store->last_doubtful, (int64_t)max);
    return status
               ? status
               : cs_watch_read_wants(&query, arena, max, &store->last_doubtful,
                                     ret_wants, ret_n, err);
}

/* A document that a verdict is about. */
struct accused {
    int64_t row, container;
    bool missing;  /* its container's count is without it already */
    bool complete; /* a listing of this run lacked it */
    bool again;    /* an earlier run heard the same of it */
};

static enum cs_status load_accused(struct cs_store *store, const char *id,
                                   const char *said, struct accused *ret,
                                   struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT id, container, missing IS NOT NULL,"
        " container IN temp.complete, verdict IS ?3 AND verdicts > 0"
        "  AND id NOT IN temp.judged"
        " FROM document WHERE source = ?1 AND vendor_id = ?2"
        " AND kind <> 'folder'",
        "iss", store->source, id, said);
    if (!status)
        status = cs_query_next(&query, &row, err);
    *ret = (struct accused){0};
    if (!status && row)
        *ret = (struct accused){
            .row = cs_query_int(&query, 0),
            .container = cs_query_int(&query, 1),
            .missing = cs_query_int(&query, 2) != 0,
            .complete = cs_query_int(&query, 3) != 0,
            .again = cs_query_int(&query, 4) != 0,
        };
    return status;
}

static enum cs_status condemn(struct cs_store *store, const struct accused *doc,
                              const char *reason, long http_status,
                              struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT OR REPLACE INTO temp.condemned(id, container,"
                     " reason, http_status) VALUES(?,?,?,nullif(?, 0))",
                     "iisi", doc->row, doc->container, reason,
                     (int64_t)http_status);
}

/* It is somewhere: in a container that is mirrored, it is taken in there. */
static enum cs_status here(struct cs_store *store, const struct accused *doc,
                           const struct cs_verdict *said, struct cs_error *err)
{
    int64_t container = said->container_id ? 0 : doc->container;
    const struct cs_item *item = said->item;
    enum cs_status status = CS_OK;
    if (!item)
        return CS_OK;
    if (!container)
        status =
            cs_db_int(store->db, &container, err,
                      "SELECT id FROM container WHERE source = ?"
                      " AND vendor_id = ? AND (left IS NULL OR id = ?)",
                      "isi", store->source, said->container_id, doc->container);
    if (!status && !container)
        return condemn(store, doc, "moved", said->http_status, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            "INSERT OR REPLACE INTO temp.here VALUES"
            " (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            "sssssiiiisssi", item->id, cs_item_kind_name(item->kind),
            cs_item_status_name(item->status), item->title, item->parent_id,
            item->position, item->version, item->created, item->updated,
            item->author_id, item->editor_id, item->url, container);
    return status ? status
                  : cs_db_run(store->db, err,
                              "UPDATE document SET suspect = NULL,"
                              " verdict = NULL, verdicts = 0 WHERE id = ?",
                              "i", doc->row);
}

/* Certain, whoever says it. The mark stays until the removal is done. */
static enum cs_status certain(struct cs_store *store, const struct accused *doc,
                              const struct cs_verdict *said,
                              struct cs_error *err)
{
    return condemn(store, doc, presence_names[said->presence],
                   said->http_status, err);
}

static enum cs_status unsure(struct cs_store *store, const struct accused *doc,
                             const struct cs_verdict *said,
                             struct cs_error *err)
{
    const char *name = presence_names[said->presence];
    enum cs_status status = CS_OK;
    if (doc->again && doc->complete)
        return condemn(store, doc, name, said->http_status, err);
    store->doubted++;
    if (!doc->missing)
        status = cs_db_run(store->db, err,
                           "UPDATE container SET listed_count ="
                           " listed_count - 1 WHERE id = ?",
                           "i", doc->container);
    if (!status && !doc->missing)
        status = cs_touch_blocks(store, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET verdict = ?1,"
                           " verdicts = iif(verdict IS ?1, verdicts, 0) + 1,"
                           " missing = coalesce(missing, ?2), suspect = NULL"
                           " WHERE id = ?3",
                           "sii", name, now_of(store), doc->row);
    return status ? status
                  : cs_db_run(store->db, err,
                              "INSERT OR IGNORE INTO temp.judged VALUES(?)",
                              "i", doc->row);
}

/* The same answer as last time is old news. */
static enum cs_status note_verdict(struct cs_store *store,
                                   const struct accused *doc,
                                   const struct cs_verdict *said,
                                   struct cs_error *err)
{
    struct cs_strbuf detail CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    cs_strbuf_puts(&detail, presence_names[said->presence]);
    if (said->http_status)
        cs_strbuf_printf(&detail, ", status %ld", said->http_status);
    enum cs_status status = cs_strbuf_status(&detail, err);
    return status || doc->again
               ? status
               : cs_event_note(store, doc->row, "verdict", detail.data, err);
}

enum cs_status cs_doubt_verdict(struct cs_sink *sink, const char *item_id,
                                const struct cs_verdict *said,
                                struct cs_error *err)
{
    static enum cs_status (*const acts[CS_PRESENCES])(
        struct cs_store *, const struct accused *, const struct cs_verdict *,
        struct cs_error *) = {
        [CS_PRESENCE_HERE] = here,        [CS_PRESENCE_TRASHED] = certain,
        [CS_PRESENCE_GONE] = unsure,      [CS_PRESENCE_FORBIDDEN] = unsure,
        [CS_PRESENCE_EXCLUDED] = certain,
    };
    struct cs_store *store = (struct cs_store *)sink;
    struct accused doc;
    if ((size_t)said->presence >= CS_PRESENCES || !acts[said->presence])
        return CS_OK;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = load_accused(store, item_id, presence_names[said->presence],
                              &doc, err);
    if (!status && doc.row)
        status = note_verdict(store, &doc, said, err);
    if (!status && doc.row)
        status = acts[said->presence](store, &doc, said, err);
    if (status)
        cs_batch_abort(store);
    return status;
}
