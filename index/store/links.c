/*
 * links.c - one query loads a document's places together with what their
 * targets are called and where they lie; everything else works on that.
 */
#include "index/store/links.h"

#include "index/store/internal.h"
#include "src/document.h"
#include "src/path.h"

#include <stdlib.h>

/* A place as stored, and what is known of its target. */
struct link {
    struct cs_place place;
    int64_t ord;
    const char *target_path; /* NULL: no target, or one without a file */
    const char *target_title;
    const char *person;
};

struct linked_text {
    const char *markdown;
    size_t len;
    const char *path; /* of the document itself */
    struct link *links;
    struct cs_place *places; /* of the same places, for cs_body_render() */
    size_t n;
};

static const char *copy_text(struct cs_arena *arena, struct cs_query *query,
                             int column)
{
    return cs_arena_strdup(arena, cs_query_text(query, column));
}

static void read_link(struct cs_arena *arena, struct cs_query *query,
                      struct link *link)
{
    struct cs_place *place = &link->place;
    link->ord = cs_query_int(query, 0);
    place->at = (size_t)cs_query_int(query, 1);
    place->len = (size_t)cs_query_int(query, 2);
    place->form = (enum cs_place_form)cs_query_int(query, 3);
    place->ref.kind = cs_ref_kind_from(cs_query_text(query, 4));
    place->ref.space = copy_text(arena, query, 5);
    place->ref.title = copy_text(arena, query, 6);
    place->ref.id = copy_text(arena, query, 7);
    place->ref.file = copy_text(arena, query, 8);
    place->ref.day = copy_text(arena, query, 9);
    place->ref.anchor = copy_text(arena, query, 10);
    place->ref.url = copy_text(arena, query, 11);
    link->target_path = copy_text(arena, query, 12);
    link->target_title = copy_text(arena, query, 13);
    link->person = copy_text(arena, query, 14);
}

static enum cs_status load_links(struct cs_db *db, int64_t document,
                                 struct cs_arena *arena,
                                 struct linked_text *text, struct cs_error *err)
{
    int64_t count = 0;
    enum cs_status status = cs_db_int(
        db, &count, err, "SELECT count(*) FROM link WHERE document = ?", "i",
        document);
    if (status || count == 0)
        return status;
    text->links = cs_arena_array(arena, (size_t)count, sizeof(*text->links));
    text->places = cs_arena_array(arena, (size_t)count, sizeof(*text->places));
    if (!text->links || !text->places)
        return cs_arena_status(arena, err);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    status = cs_db_query(
        db, &query, err,
        "SELECT l.ord, l.at, l.len, l.form, l.kind, l.space, l.title,"
        " l.ref_id, l.file, l.day, l.anchor, l.url,"
        " iif(t.kind = 'folder', NULL, t.path), t.title, p.name"
        " FROM link l JOIN document d ON d.id = l.document"
        " LEFT JOIN document t ON t.id = l.target"
        " LEFT JOIN person p ON l.kind = 'user' AND p.source = d.source"
        "  AND p.vendor_id = l.ref_id"
        " WHERE l.document = ? ORDER BY l.ord",
        "i", document);
    bool row = true;
    while (!status && text->n < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_link(arena, &query, &text->links[text->n]);
        text->places[text->n] = text->links[text->n].place;
        text->n++;
    }
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status load_text(struct cs_db *db, int64_t document,
                                struct cs_arena *arena,
                                struct linked_text *text, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        db, &query, err,
        "SELECT CAST(b.markdown AS BLOB), d.path FROM body b"
        " JOIN document d ON d.id = b.document WHERE b.document = ?",
        "i", document);
    bool row = false;
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && !row)
        return cs_error_set(err, CS_ERR_NOT_FOUND,
                            "the text of this document is not here yet");
    if (status)
        return status;
    const void *markdown = cs_query_blob(&query, 0, &text->len);
    text->markdown =
        cs_arena_strndup(arena, markdown ? markdown : "", text->len);
    text->path = copy_text(arena, &query, 1);
    return load_links(db, document, arena, text, err);
}

static bool is_text(const struct cs_place *place)
{
    return place->form == CS_PLACE_TEXT || place->form == CS_PLACE_HTML_TEXT;
}

/* What a reader calls the target now; false: nothing better than what was
 * written. */
static bool put_name(const struct link *link, struct cs_strbuf *out)
{
    if (link->place.ref.kind == CS_REF_USER && link->person)
        cs_strbuf_printf(out, "@%s", link->person);
    else if (link->place.ref.kind != CS_REF_USER && link->target_title)
        cs_strbuf_puts(out, link->target_title);
    else
        return false;
    return true;
}

static void put_anchor(const struct cs_ref *ref, struct cs_strbuf *out)
{
    if (ref->anchor && ref->anchor[0])
        cs_strbuf_printf(out, "#%s", ref->anchor);
}

static bool put_destination(const struct link *link, const char *from,
                            struct cs_strbuf *out)
{
    const struct cs_ref *ref = &link->place.ref;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 * CS_PATH_MAX);
    if (link->target_path && from) {
        cs_path_relative(&path, from, link->target_path);
        cs_path_put_encoded(out, path.data);
    } else if (ref->url && ref->kind != CS_REF_SELF) {
        cs_strbuf_puts(out, ref->url);
        if (strchr(ref->url, '#'))
            return true;
    } else if (ref->kind != CS_REF_SELF) {
        return cs_resolve_canonical(NULL, &link->place, out);
    }
    put_anchor(ref, out);
    return true;
}

static bool fill_in(void *payload, const struct cs_place *place,
                    struct cs_strbuf *out)
{
    const struct linked_text *text = payload;
    const struct link *link = &text->links[place - text->places];
    return is_text(place) ? put_name(link, out)
                          : put_destination(link, text->path, out);
}

enum cs_status cs_links_render(struct cs_index *index, int64_t document,
                               struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct linked_text text = {0};
    enum cs_status status =
        load_text(cs_index_db(index), document, arena, &text, err);
    if (status)
        return status;
    struct cs_body body = {text.markdown, text.len, text.places, text.n};
    cs_body_render(&body, fill_in, &text, out);
    return cs_strbuf_status(out, err);
}

/* Find the document that a reference means; 0 when it is not held. */
static enum cs_status resolve(struct cs_store *store, int64_t document,
                              const struct cs_ref *ref, int64_t *ret_target,
                              struct cs_error *err)
{
    *ret_target = 0;
    if (ref->kind == CS_REF_USER || ref->kind == CS_REF_SELF ||
        ref->kind == CS_REF_ATTACHMENT)
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
    if (!ref->title)
        return CS_OK;
    const char *kind = ref->kind == CS_REF_BLOG_POST ? "blogpost" : "page";
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

static enum cs_status insert_link(struct cs_store *store, int64_t document,
                                  int64_t ord, const struct cs_place *place,
                                  struct cs_error *err)
{
    const struct cs_ref *ref = &place->ref;
    int64_t target;
    enum cs_status status = resolve(store, document, ref, &target, err);
    if (status)
        return status;
    return cs_db_run(
        store->db, err,
        "INSERT INTO link(document, ord, at, len, form, kind, space, title,"
        " ref_id, file, day, anchor, url, target)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,nullif(?,0))",
        "iiiiissssssssi", document, ord, (int64_t)place->at,
        (int64_t)place->len, (int64_t)place->form, cs_ref_kind_name(ref->kind),
        ref->space, ref->title, ref->id, ref->file, ref->day, ref->anchor,
        ref->url, target);
}

/* Append the text with its names filled in, and let the rows follow. */
static enum cs_status settle(struct cs_store *store, int64_t document,
                             const struct linked_text *text,
                             struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = CS_OK;
    size_t done = 0;
    for (size_t i = 0; i < text->n && !status; i++) {
        const struct cs_place *place = &text->links[i].place;
        cs_strbuf_put(out, text->markdown + done, place->at - done);
        size_t at = out->len;
        done = place->at + place->len;
        cs_strbuf_reset(&name);
        if (is_text(place) && put_name(&text->links[i], &name))
            cs_place_escape(out, place->form, name.data, name.len);
        else
            cs_strbuf_put(out, text->markdown + place->at, place->len);
        if (at == place->at && out->len - at == place->len)
            continue;
        status = cs_db_run(store->db, err,
                           "UPDATE link SET at = ?, len = ?"
                           " WHERE document = ? AND ord = ?",
                           "iiii", (int64_t)at, (int64_t)(out->len - at),
                           document, text->links[i].ord);
    }
    cs_strbuf_put(out, text->markdown + done, text->len - done);
    return status ? status : cs_strbuf_status(out, err);
}

enum cs_status cs_links_store(struct cs_store *store, int64_t document,
                              const struct cs_body *body,
                              struct cs_strbuf *ret_markdown,
                              struct cs_error *err)
{
    enum cs_status status = cs_db_run(
        store->db, err, "DELETE FROM link WHERE document = ?", "i", document);
    for (size_t i = 0; i < body->n_places && !status; i++)
        status =
            insert_link(store, document, (int64_t)i, &body->places[i], err);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct linked_text text = {.markdown = body->markdown, .len = body->len};
    if (!status && body->n_places)
        status = load_links(store->db, document, arena, &text, err);
    return status ? status : settle(store, document, &text, ret_markdown, err);
}

static enum cs_status resolve_waiting(struct cs_store *store, int64_t document,
                                      const struct linked_text *text,
                                      struct cs_error *err)
{
    enum cs_status status = CS_OK;
    for (size_t i = 0; i < text->n && !status; i++) {
        int64_t target;
        if (text->links[i].target_title)
            continue;
        status =
            resolve(store, document, &text->links[i].place.ref, &target, err);
        if (!status && target)
            status = cs_db_run(store->db, err,
                               "UPDATE link SET target = ?"
                               " WHERE document = ? AND ord = ?",
                               "iii", target, document, text->links[i].ord);
    }
    return status;
}

enum cs_status cs_links_refresh(struct cs_store *store, int64_t document,
                                struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf markdown CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct linked_text text = {0};
    enum cs_status status = load_text(store->db, document, arena, &text, err);
    if (!status)
        status = resolve_waiting(store, document, &text, err);
    text = (struct linked_text){0};
    if (!status)
        status = load_text(store->db, document, arena, &text, err);
    if (!status)
        status = settle(store, document, &text, &markdown, err);
    if (!status && (markdown.len != text.len ||
                    memcmp(markdown.data, text.markdown, text.len) != 0)) {
        status = cs_record_unindex(store, document, err);
        if (!status)
            status = cs_db_run(store->db, err,
                               "UPDATE body SET markdown = ?"
                               " WHERE document = ?",
                               "si", markdown.data, document);
        if (!status)
            status = cs_record_index(store, document, err);
    }
    return status ? status : cs_store_touch(store, document, err);
}

enum cs_status cs_links_adopt(struct cs_store *store, struct cs_error *err)
{
    return cs_store_each(
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
