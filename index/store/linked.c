/*
 * linked.c - one query loads a document's places together with what their
 * targets are called and where they lie; everything else works on that.
 */
#include "index/store/linked.h"

static const char *copy_text(struct cs_arena *arena, struct cs_query *query,
                             int column)
{
    return cs_arena_strdup(arena, cs_query_text(query, column));
}

static void read_place(struct cs_arena *arena, struct cs_query *query,
                       struct cs_place *place)
{
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
    place->ref.query = copy_text(arena, query, 11);
    place->ref.url = copy_text(arena, query, 12);
}

static void read_link(struct cs_arena *arena, struct cs_query *query,
                      struct cs_link *link)
{
    link->ord = cs_query_int(query, 0);
    link->target = cs_query_int(query, 13);
    link->target_path = copy_text(arena, query, 14);
    link->target_title = copy_text(arena, query, 15);
    link->person = copy_text(arena, query, 16);
}

static const char select_places[] =
    "SELECT l.ord, l.at, l.len, l.form, l.kind, l.space, l.title, l.ref_id,"
    " l.file, l.day, l.anchor, l.query, l.url, l.target,"
    " CASE WHEN l.kind = 'attachment' THEN"
    "   (SELECT a.path FROM attachment a WHERE a.document = l.target"
    "     AND a.name = l.file AND a.held_version IS NOT NULL"
    "     ORDER BY a.id LIMIT 1)"
    "  WHEN t.kind <> 'folder' THEN t.path END, t.title, p.name"
    " FROM link l JOIN document d ON d.id = l.document"
    " LEFT JOIN document t ON t.id = l.target"
    " LEFT JOIN person p ON l.kind = 'user' AND p.source = d.source"
    "  AND p.vendor_id = l.ref_id"
    " WHERE l.document = ? AND l.text = ? ORDER BY l.ord";

enum cs_status cs_linked_load_places(struct cs_db *db, int64_t document,
                                     struct cs_arena *arena,
                                     struct cs_linked_text *text,
                                     struct cs_error *err)
{
    int64_t count = 0;
    enum cs_status status =
        cs_db_int(db, &count, err,
                  "SELECT count(*) FROM link WHERE document = ? AND text = ?",
                  "ii", document, (int64_t)text->aspect);
    text->n = 0;
    if (status || count == 0)
        return status;
    text->places = cs_arena_array(arena, (size_t)count, sizeof(*text->places));
    text->links = cs_arena_array(arena, (size_t)count, sizeof(*text->links));
    if (!text->places || !text->links)
        return cs_arena_status(arena, err);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    status = cs_db_query(db, &query, err, select_places, "ii", document,
                         (int64_t)text->aspect);
    bool row = true;
    while (!status && text->n < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_place(arena, &query, &text->places[text->n]);
        read_link(arena, &query, &text->links[text->n]);
        text->n++;
    }
    return status ? status : cs_arena_status(arena, err);
}

static const char select_body[] =
    "SELECT CAST(b.markdown AS BLOB), d.path FROM body b"
    " JOIN document d ON d.id = b.document WHERE b.document = ?";
static const char select_comments[] =
    "SELECT CAST(c.markdown AS BLOB), d.path FROM comments c"
    " JOIN document d ON d.id = c.document WHERE c.document = ?";

enum cs_status cs_linked_load(struct cs_db *db, int64_t document,
                              enum cs_aspect aspect, struct cs_arena *arena,
                              struct cs_linked_text *ret, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_linked_text text = {.document = document, .aspect = aspect};
    enum cs_status status = cs_db_query(
        db, &query, err,
        aspect == CS_ASPECT_COMMENTS ? select_comments : select_body, "i",
        document);
    bool row = false;
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && !row)
        return cs_error_set(err, CS_ERR_NOT_FOUND,
                            "the text of this document is not here yet");
    if (status)
        return status;
    const void *markdown = cs_query_blob(&query, 0, &text.len);
    text.markdown = cs_arena_strndup(arena, markdown ? markdown : "", text.len);
    text.path = copy_text(arena, &query, 1);
    status = cs_linked_load_places(db, document, arena, &text, err);
    if (!status)
        status = cs_arena_status(arena, err);
    if (!status)
        *ret = text;
    return status;
}

enum cs_status cs_linked_find_part(struct cs_db *db, int64_t document,
                                   enum cs_part_kind kind, const char *name,
                                   size_t *ret_at, size_t *ret_len,
                                   bool *ret_found, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT at, len FROM part WHERE document = ? AND kind = ?"
                    " AND (?3 = '' OR name = ?3) ORDER BY ord LIMIT 1",
                    "iis", document, (int64_t)kind, name);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (status)
        return status;
    *ret_found = row;
    if (row) {
        *ret_at = (size_t)cs_query_int(&query, 0);
        *ret_len = (size_t)cs_query_int(&query, 1);
    }
    return CS_OK;
}

bool cs_linked_put_name(const struct cs_linked_text *text, size_t i,
                        struct cs_strbuf *out)
{
    const struct cs_link *link = &text->links[i];
    enum cs_ref_kind kind = text->places[i].ref.kind;
    bool user = kind == CS_REF_USER;
    if (kind == CS_REF_ATTACHMENT) /* it is called as its author called it */
        return false;
    if (user && link->person)
        cs_strbuf_printf(out, "@%s", link->person);
    else if (!user && link->target_title)
        cs_strbuf_puts(out, link->target_title);
    else
        return false;
    return true;
}
