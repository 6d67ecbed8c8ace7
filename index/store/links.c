/*
 * links.c - references stored, resolved, and followed when targets change.
 */
#include "index/store/links.h"

#include "index/store/internal.h"
#include "index/store/linked.h"
#include "src/document.h"

/* Find a document by its title, in `space` or where `document` is. */
static enum cs_status resolve_title(struct cs_store *store, int64_t document,
                                    const struct cs_ref *ref, const char *kind,
                                    int64_t *ret_target, struct cs_error *err)
{
    if (!ref->space)
        return cs_db_int(store->db, ret_target, err,
                         "SELECT t.id FROM document t JOIN document d"
                         " ON d.container = t.container"
                         " WHERE d.id = ? AND t.title = ? AND t.kind = ?"
                         " ORDER BY t.missing IS NOT NULL, t.id LIMIT 1",
                         "iss", document, ref->title, kind);
    return cs_db_int(store->db, ret_target, err,
                     "SELECT t.id FROM container c JOIN document t"
                     " ON t.container = c.id"
                     " WHERE c.source = ? AND c.key = ? AND t.title = ?"
                     " AND t.kind = ?"
                     " ORDER BY t.missing IS NOT NULL, t.id LIMIT 1",
                     "isss", store->source, ref->space, ref->title, kind);
}

/* Find the document that a reference means, or that holds the attachment it
 * means; 0 when it is not held. */
static enum cs_status resolve(struct cs_store *store, int64_t document,
                              const struct cs_ref *ref, int64_t *ret_target,
                              struct cs_error *err)
{
    bool attachment = ref->kind == CS_REF_ATTACHMENT;
    *ret_target = 0;
    if (ref->kind == CS_REF_USER || ref->kind == CS_REF_SELF)
        return CS_OK;
    if (ref->id)
        return cs_db_int(store->db, ret_target, err,
                         "SELECT id FROM document"
                         " WHERE source = ? AND vendor_id = ?",
                         "is", store->source, ref->id);
    if (ref->kind == CS_REF_SPACE)
        return cs_db_int(store->db, ret_target, err,
                         "SELECT d.id FROM container c JOIN document d"
                         " ON d.source = c.source AND d.vendor_id = c.home"
                         " WHERE c.source = ? AND c.key = ?",
                         "is", store->source, ref->space);
    if (!ref->title) {
        *ret_target = attachment ? document : 0;
        return CS_OK;
    }
    bool post = attachment ? ref->day != NULL : ref->kind == CS_REF_BLOG_POST;
    return resolve_title(store, document, ref, post ? "blogpost" : "page",
                         ret_target, err);
}

/* A link that stays what it was keeps its row, and so its places in the
 * indexes, wherever it stands in the text by now. */
static enum cs_status put_link(struct cs_store *store, int64_t document,
                               enum cs_aspect aspect, int64_t ord,
                               const struct cs_place *place,
                               struct cs_error *err)
{
    static const char *const steps[] = {
        "UPDATE link SET at = ?4, len = ?5"
        " WHERE document = ?1 AND text = ?2 AND ord = ?3 AND (form, kind,"
        " space, title, ref_id, file, day, anchor, query, url, target)"
        " IS (?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, nullif(?16, 0))",
        "INSERT INTO link(document, text, ord, at, len, form, kind, space,"
        " title, ref_id, file, day, anchor, query, url, target)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,nullif(?,0))",
    };
    const struct cs_ref *ref = &place->ref;
    int64_t target;
    enum cs_status status = resolve(store, document, ref, &target, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(steps) && !status; i++) {
        if (i > 0)
            status = cs_db_run(store->db, err,
                               "DELETE FROM link WHERE document = ?"
                               " AND text = ? AND ord = ?",
                               "iii", document, (int64_t)aspect, ord);
        if (!status)
            status = cs_db_run(
                store->db, err, steps[i], "iiiiiisssssssssi", document,
                (int64_t)aspect, ord, (int64_t)place->at, (int64_t)place->len,
                (int64_t)place->form, cs_ref_kind_name(ref->kind), ref->space,
                ref->title, ref->id, ref->file, ref->day, ref->anchor,
                ref->query, ref->url, target);
        if (cs_db_changes(store->db) > 0)
            break;
    }
    return status;
}

static enum cs_status insert_part(struct cs_store *store, int64_t document,
                                  int64_t ord, const struct cs_part *part,
                                  struct cs_error *err)
{
    return cs_db_run(store->db, err,
                     "INSERT INTO part(document, ord, kind, name, at, len)"
                     " VALUES(?,?,?,?,?,?)",
                     "iiisii", document, ord, (int64_t)part->kind,
                     part->name ? part->name : "", (int64_t)part->at,
                     (int64_t)part->len);
}

/* Bytes that were replaced by a name of another length, in order. */
struct edit {
    size_t end;    /* in the old text */
    int64_t delta; /* of all edits up to and with this one */
};

struct edits {
    struct edit *items;
    size_t n;
};

/* Where a byte of the old text stands in the new one. */
static size_t map_offset(const struct edits *edits, size_t at)
{
    size_t low = 0, high = edits->n; /* the first edit that ends behind `at` */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (edits->items[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t delta = low ? edits->items[low - 1].delta : 0;
    return (size_t)((int64_t)at + delta);
}

static bool is_text(const struct cs_place *place)
{
    return place->form == CS_PLACE_TEXT || place->form == CS_PLACE_HTML_TEXT;
}

/* Append the text with its names filled in, and note what moved. */
static enum cs_status put_names(const struct cs_linked_text *text,
                                struct cs_arena *arena, struct edits *edits,
                                struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    size_t done = 0;
    edits->items = cs_arena_array(arena, text->n + 1, sizeof(*edits->items));
    if (!edits->items)
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < text->n; i++) {
        const struct cs_place *place = &text->places[i];
        cs_strbuf_reset(&name);
        bool named = is_text(place) && cs_linked_put_name(text, i, &name);
        cs_strbuf_add_failure(out, &name);
        if (!named)
            continue;
        cs_strbuf_put(out, text->markdown + done, place->at - done);
        cs_place_escape(out, place->form, name.data, name.len);
        done = place->at + place->len;
        edits->items[edits->n++] = (struct edit){
            .end = done, .delta = (int64_t)out->len - (int64_t)done};
    }
    cs_strbuf_put(out, text->markdown + done, text->len - done);
    return cs_strbuf_status(out, err);
}

static enum cs_status move_places(struct cs_store *store,
                                  const struct cs_linked_text *text,
                                  const struct edits *edits,
                                  struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < text->n && !status; i++) {
        const struct cs_place *place = &text->places[i];
        size_t at = map_offset(edits, place->at);
        size_t len = map_offset(edits, place->at + place->len) - at;
        if (at == place->at && len == place->len)
            continue;
        status = cs_db_run(store->db, err,
                           "UPDATE link SET at = ?, len = ?"
                           " WHERE document = ? AND text = ? AND ord = ?",
                           "iiiii", (int64_t)at, (int64_t)len, text->document,
                           (int64_t)text->aspect, text->links[i].ord);
    }
    return status;
}

static enum cs_status move_parts(struct cs_store *store, int64_t document,
                                 const struct edits *edits,
                                 struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT ord, at, len FROM part WHERE document = ?", "i", document);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        size_t old_at = (size_t)cs_query_int(&query, 1);
        size_t old_end = old_at + (size_t)cs_query_int(&query, 2);
        size_t at = map_offset(edits, old_at);
        status = cs_db_run(store->db, err,
                           "UPDATE part SET at = ?, len = ?"
                           " WHERE document = ? AND ord = ?",
                           "iiii", (int64_t)at,
                           (int64_t)(map_offset(edits, old_end) - at), document,
                           cs_query_int(&query, 0));
    }
    return status;
}

/* Append the text with its names filled in, and let the rows follow. */
static enum cs_status settle(struct cs_store *store, struct cs_arena *arena,
                             const struct cs_linked_text *text,
                             struct cs_strbuf *out, struct cs_error *err)
{
    struct edits edits = {0};
    enum cs_status status = put_names(text, arena, &edits, out, err);
    if (!status && edits.n)
        status = move_places(store, text, &edits, err);
    if (!status && edits.n && text->aspect == CS_ASPECT_TEXT)
        status = move_parts(store, text->document, &edits, err);
    return status;
}

/* Links behind the first `n`, and all parts. */
static enum cs_status forget(struct cs_store *store, int64_t document,
                             enum cs_aspect aspect, size_t n,
                             struct cs_error *err)
{
    enum cs_status status =
        cs_db_run(store->db, err,
                  "DELETE FROM link WHERE document = ?"
                  " AND text = ? AND ord >= ?",
                  "iii", document, (int64_t)aspect, (int64_t)n);
    if (status || aspect != CS_ASPECT_TEXT)
        return status;
    return cs_db_run(store->db, err, "DELETE FROM part WHERE document = ?", "i",
                     document);
}

enum cs_status cs_links_store(struct cs_store *store, int64_t document,
                              enum cs_aspect aspect, const struct cs_body *body,
                              struct cs_strbuf *ret_markdown,
                              struct cs_error *err)
{
    size_t n_parts = aspect == CS_ASPECT_TEXT ? body->n_parts : 0;
    enum cs_status status =
        forget(store, document, aspect, body->n_places, err);
    for (size_t i = 0; i < body->n_places && !status; i++)
        status = put_link(store, document, aspect, (int64_t)i, &body->places[i],
                          err);
    for (size_t i = 0; i < n_parts && !status; i++)
        status = insert_part(store, document, (int64_t)i, &body->parts[i], err);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_linked_text text = {.document = document,
                                  .aspect = aspect,
                                  .markdown = body->markdown,
                                  .len = body->len};
    if (!status && body->n_places)
        status = cs_linked_load_places(store->db, document, arena, &text, err);
    store->planned = store->planned && body->n_places == 0;
    return status ? status : settle(store, arena, &text, ret_markdown, err);
}

static enum cs_status resolve_waiting(struct cs_store *store,
                                      const struct cs_linked_text *text,
                                      struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < text->n && !status; i++) {
        int64_t target;
        if (text->links[i].target)
            continue;
        status =
            resolve(store, text->document, &text->places[i].ref, &target, err);
        store->planned = store->planned && !target;
        if (!status && target)
            status = cs_db_run(store->db, err,
                               "UPDATE link SET target = ?"
                               " WHERE document = ? AND text = ? AND ord = ?",
                               "iiii", target, text->document,
                               (int64_t)text->aspect, text->links[i].ord);
    }
    return status;
}

static enum cs_status store_markdown(struct cs_store *store,
                                     const struct cs_linked_text *text,
                                     const char *markdown, struct cs_error *err)
{
    enum cs_status status = cs_entry_remove(store, text->document, err);
    if (!status)
        status = cs_db_run(
            store->db, err,
            text->aspect == CS_ASPECT_COMMENTS
                ? "UPDATE comments SET markdown = ? WHERE document = ?"
                : "UPDATE body SET markdown = ? WHERE document = ?",
            "si", markdown, text->document);
    return status ? status : cs_entry_put(store, text->document, err);
}

static enum cs_status refresh_text(struct cs_store *store, int64_t document,
                                   enum cs_aspect aspect, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf markdown CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_linked_text text = {0};
    enum cs_status status =
        cs_linked_load(store->db, document, aspect, arena, &text, err);
    if (!status)
        status = resolve_waiting(store, &text, err);
    if (!status) /* once more, with what was found */
        status = cs_linked_load(store->db, document, aspect, arena, &text, err);
    if (!status)
        status = settle(store, arena, &text, &markdown, err);
    if (!status && (markdown.len != text.len ||
                    memcmp(markdown.data, text.markdown, text.len) != 0))
        status = store_markdown(store, &text, markdown.data, err);
    return status;
}

enum cs_status cs_links_refresh(struct cs_store *store, int64_t document,
                                struct cs_error *err)
{
    static const enum cs_aspect aspects[] = {CS_ASPECT_TEXT,
                                             CS_ASPECT_COMMENTS};
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < CS_ARRAY_LEN(aspects) && !status; i++) {
        status = refresh_text(store, document, aspects[i], err);
        if (status == CS_ERR_NOT_FOUND) /* it has no such text */
            status = CS_OK;
    }
    return status ? status : cs_touch_document(store, document, err);
}

enum cs_status cs_links_adopt(struct cs_store *store, struct cs_error *err)
{
    return cs_walk_rows(
        store,
        "SELECT l.document FROM temp.fresh f JOIN link l ON l.target = f.id"
        " UNION SELECT l.document FROM temp.fresh f"
        "  JOIN document d ON d.id = f.id"
        "  JOIN link l ON l.title = d.title AND l.target IS NULL"
        "  JOIN document o ON o.id = l.document AND o.source = d.source"
        " UNION SELECT l.document FROM temp.fresh f"
        "  JOIN document d ON d.id = f.id"
        "  JOIN link l ON l.ref_id = d.vendor_id AND l.target IS NULL"
        "  JOIN document o ON o.id = l.document AND o.source = d.source"
        " UNION SELECT l.document FROM link l"
        "  JOIN document o ON o.id = l.document AND o.source = ?1"
        "  WHERE l.kind = 'space' AND l.target IS NULL"
        " ORDER BY 1",
        store->source, cs_links_refresh, err);
}
