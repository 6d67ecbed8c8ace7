/*
 * watch.c - what is known before a run looks, and what it shall look at.
 *
 * Of a document some aspects may have changed without a new version: the
 * column `reload` says which are still to be fetched (enum cs_aspect). A bit
 * goes when the aspect was put, so that a run that is cut off loses none.
 */
#include "index/store/internal.h"

/* Folders have no text, and of what only stands for something in a browser
 * there is nothing but its text. */
#define HAS_ASPECTS "kind IN ('page', 'blogpost')"

enum cs_status cs_watch_state(struct cs_sink *sink, const char *container_id,
                              struct cs_container_state *ret,
                              struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT listed, listed_count, (SELECT max(updated) FROM document"
        "  WHERE container = c.id) FROM container c"
        " WHERE source = ? AND vendor_id = ?",
        "is", store->source, container_id);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    *ret = (struct cs_container_state){0};
    if (row)
        *ret = (struct cs_container_state){
            .listed = cs_query_int(&query, 0),
            .count = (uint64_t)cs_query_int(&query, 1),
            .newest = cs_query_int(&query, 2),
        };
    return CS_OK;
}

enum cs_status cs_watch_containers(
    struct cs_sink *sink,
    enum cs_status (*visit)(void *payload, const struct cs_container *container,
                            struct cs_error *err),
    void *payload, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT vendor_id, key, name, home, url FROM container"
                    " WHERE source = ? ORDER BY key, id",
                    "i", store->source);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        const struct cs_container container = {
            .id = cs_query_text(&query, 0),
            .key = cs_query_text(&query, 1),
            .name = cs_query_text(&query, 2),
            .home_id = cs_query_text(&query, 3),
            .url = cs_query_text(&query, 4),
        };
        status = visit(payload, &container, err);
    }
    return status;
}

enum cs_status cs_watch_read_wants(struct cs_query *query,
                                   struct cs_arena *arena, size_t max,
                                   int64_t *last_row, struct cs_want *ret_wants,
                                   size_t *ret_n, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    size_t n = 0;
    for (bool row = true; !status && n < max; n++) {
        status = cs_query_next(query, &row, err);
        if (status || !row)
            break;
        *last_row = cs_query_int(query, 0);
        ret_wants[n] = (struct cs_want){
            .id = cs_arena_strdup(arena, cs_query_text(query, 1)),
            .kind = cs_item_kind_from(cs_query_text(query, 2)),
            .version = cs_query_int(query, 3),
            .title = cs_arena_strdup(arena, cs_query_text(query, 4)),
            .url = cs_arena_strdup(arena, cs_query_text(query, 5)),
            .aspects = (unsigned)cs_query_int(query, 6),
        };
    }
    if (!status)
        status = cs_arena_status(arena, err);
    if (!status)
        *ret_n = n;
    return status;
}

enum cs_status cs_watch_fetch_begin(struct cs_sink *sink,
                                    const struct cs_container *container,
                                    struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    store->last_wanted = 0;
    store->container = 0;
    return cs_db_int(store->db, &store->container, err,
                     "SELECT id FROM container"
                     " WHERE source = ? AND vendor_id = ?",
                     "is", store->source, container->id);
}

enum cs_status cs_watch_wanted(struct cs_sink *sink, struct cs_arena *arena,
                               size_t max, struct cs_want *ret_wants,
                               size_t *ret_n, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT id, vendor_id, kind, version, title, url,"
                    " reload & ?2 | (body_version IS NOT version) AS aspects"
                    " FROM document WHERE container = ?1"
                    " AND (body_version IS NOT version OR reload <> 0)"
                    " AND aspects <> 0 AND kind <> 'folder'"
                    " AND missing IS NULL AND id > ?3 ORDER BY id LIMIT ?4",
                    "iiii", store->container, (int64_t)store->options.aspects,
                    store->last_wanted, (int64_t)max);
    return status ? status
                  : cs_watch_read_wants(&query, arena, max, &store->last_wanted,
                                        ret_wants, ret_n, err);
}

enum cs_status cs_watch_hint(struct cs_sink *sink, const char *item_id,
                             unsigned aspects, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status =
            cs_db_run(store->db, err,
                      item_id ? "UPDATE document SET reload = reload | ?1"
                                " WHERE source = ?2 AND vendor_id = ?3"
                                "  AND " HAS_ASPECTS " AND reload & ?1 <> ?1"
                              : "UPDATE document SET reload = reload | ?1"
                                " WHERE source = ?2 AND ?3 IS NULL"
                                "  AND " HAS_ASPECTS " AND reload & ?1 <> ?1",
                      "iis", (int64_t)aspects, store->source, item_id);
    if (status)
        cs_batch_abort(store);
    return status;
}

enum cs_status cs_watch_sweep(struct cs_sink *sink, size_t max,
                              int64_t older_than, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    int64_t all = (int64_t)store->options.aspects & ~(int64_t)CS_ASPECT_TEXT;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            "UPDATE document SET reload = reload | ?1 WHERE id IN"
            " (SELECT id FROM document WHERE source = ?2 AND missing IS NULL"
            "   AND " HAS_ASPECTS " AND body_version IS NOT NULL"
            "   AND looked < ?3 ORDER BY looked, id LIMIT ?4)",
            "iiii", all, store->source, older_than, (int64_t)max);
    if (status)
        cs_batch_abort(store);
    return status;
}

enum cs_status cs_watch_changed(struct cs_store *store, bool labels,
                                struct cs_error *err)
{
    unsigned told = labels ? CS_ASPECT_LABELS : 0U;
    unsigned all = store->options.aspects & ~(unsigned)CS_ASPECT_TEXT & ~told;
    /* When a container is listed for the first time, hints will say what hangs
     * on its documents; of their labels no hint tells. What comes later may
     * have come after its hints: it is looked at as a whole. */
    enum cs_status status = cs_db_run(
        store->db, err,
        "UPDATE document SET reload = reload |"
        "  iif(body_version IS NULL AND (path IS NOT NULL OR"
        "    (SELECT listed FROM container WHERE id = ?2)"
        "     IS NULL), ?1 & ?3, ?1)"
        " WHERE container = ?2 AND body_version IS NOT version"
        "  AND " HAS_ASPECTS " AND vendor_id IN"
        "  (SELECT vendor_id FROM temp.listing)",
        "iii", (int64_t)all, store->container, (int64_t)CS_ASPECT_LABELS);
    if (status || !labels)
        return status;
    return cs_db_run(store->db, err,
                     "UPDATE document SET reload = reload & ~?1"
                     " WHERE container = ?2 AND reload & ?1 AND vendor_id IN"
                     "  (SELECT vendor_id FROM temp.listing)",
                     "ii", (int64_t)CS_ASPECT_LABELS, store->container);
}

enum cs_status cs_watch_looked(struct cs_store *store, int64_t document,
                               unsigned aspects, struct cs_error *err)
{
    int64_t all = (int64_t)store->options.aspects & ~(int64_t)CS_ASPECT_TEXT;
    return cs_db_run(
        store->db, err,
        "UPDATE document SET reload = reload & ~?1,"
        " failure = NULL, failed = NULL, looked = iif(?2 <> 0 AND (?1 & ?2 = ?2"
        "  OR (?1 & 1 AND reload & ?2 & ~?1 = 0)), ?3, looked) WHERE id = ?4",
        "iiii", (int64_t)aspects, all, store->started, document);
}

enum cs_status cs_watch_people(struct cs_sink *sink, const char *after,
                               struct cs_arena *arena, size_t max,
                               const char **ret_ids, size_t *ret_n,
                               struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    size_t n = 0;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT vendor_id FROM person WHERE source = ?"
                    " AND vendor_id > ? ORDER BY vendor_id LIMIT ?",
                    "isi", store->source, after ? after : "", (int64_t)max);
    while (!status && n < max) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        ret_ids[n++] = cs_arena_strdup(arena, cs_query_text(&query, 0));
    }
    if (!status)
        status = cs_arena_status(arena, err);
    if (!status)
        *ret_n = n;
    return status;
}

enum cs_status cs_watch_cursor(struct cs_sink *sink, const char *name,
                               struct cs_arena *arena, const char **ret_text,
                               struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(store->db, &query, err,
                    "SELECT value FROM cursor WHERE source = ? AND name = ?",
                    "is", store->source, name);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    const char *text =
        row ? cs_arena_strdup(arena, cs_query_text(&query, 0)) : NULL;
    status = cs_arena_status(arena, err);
    if (!status)
        *ret_text = text;
    return status;
}

enum cs_status cs_watch_set_cursor(struct cs_sink *sink, const char *name,
                                   const char *text, struct cs_error *err)
{
    struct cs_store *store = (struct cs_store *)sink;
    enum cs_status status = cs_batch_begin(store, err);
    if (!status)
        status =
            cs_db_run(store->db, err,
                      "INSERT INTO cursor(source, name, value) VALUES(?,?,?)"
                      " ON CONFLICT DO UPDATE SET value = excluded.value"
                      " WHERE value <> excluded.value",
                      "iss", store->source, name, text);
    if (status)
        cs_batch_abort(store);
    return status;
}
