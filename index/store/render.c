/*
 * render.c - the file of a document: front matter in YAML, then its text.
 *
 * Strings are quoted as in JSON, which is YAML too. The order of the keys is a
 * promise (docs/FORMAT.md). Nothing stands here that changes while the
 * document stays the same: no dates of runs, no titles of ancestors.
 */
#include "index/store/render.h"
#include "index/store/internal.h"

#include "index/store/fill.h"
#include "src/clock.h"
#include "src/path.h"

static void put_quoted(struct cs_strbuf *out, const char *text)
{
    cs_strbuf_putc(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            cs_strbuf_printf(out, "\\%c", c);
        else if (c == '\n')
            cs_strbuf_puts(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            cs_strbuf_printf(out, "\\u%04x", c);
        else
            cs_strbuf_putc(out, (char)c);
    }
    cs_strbuf_putc(out, '"');
}

static void put_string(struct cs_strbuf *out, const char *key,
                       const char *value)
{
    if (!value || !value[0])
        return;
    cs_strbuf_printf(out, "%s: ", key);
    put_quoted(out, value);
    cs_strbuf_putc(out, '\n');
}

static void put_time(struct cs_strbuf *out, const char *key, int64_t ms)
{
    char text[CS_TIME_TEXT_SIZE];
    if (ms <= 0)
        return;
    cs_time_format(ms, text);
    cs_strbuf_printf(out, "%s: %s\n", key, text);
}

static enum cs_status put_labels(struct cs_db *db, int64_t document,
                                 struct cs_strbuf *out, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT name FROM label WHERE document = ? ORDER BY name",
                    "i", document);
    cs_strbuf_puts(out, "labels: [");
    for (bool first = true; !status; first = false) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        cs_strbuf_puts(out, first ? "" : ", ");
        put_quoted(out, cs_query_text(&query, 0));
    }
    cs_strbuf_puts(out, "]\n");
    return status;
}

#define FILES_BESIDE                                                           \
    " FROM attachment WHERE document = ?"                                      \
    " AND held_version IS NOT NULL AND path IS NOT NULL"

/* The names of the files in the folder beside the document. */
static enum cs_status put_attachments(struct cs_db *db, int64_t document,
                                      struct cs_strbuf *out,
                                      struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true, first = true;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT path" FILES_BESIDE " ORDER BY path", "i", document);
    for (; !status; first = false) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        const char *path = cs_query_text(&query, 0);
        cs_strbuf_puts(out, first ? "attachments: [" : ", ");
        put_quoted(out, path + cs_path_dirname_len(path) + 1);
    }
    cs_strbuf_puts(out, first ? "" : "]\n");
    return status;
}

/* Columns of the front matter's query, in the order of the keys. */
enum {
    COL_ID,
    COL_TITLE,
    COL_SOURCE,
    COL_TYPE,
    COL_SPACE,
    COL_PARENT,
    COL_URL,
    COL_VERSION,
    COL_STATUS,
    COL_CREATED,
    COL_UPDATED,
    COL_AUTHOR,
    COL_EDITOR
};

enum cs_status cs_render_front_matter(struct cs_index *index, int64_t document,
                                      struct cs_strbuf *out,
                                      struct cs_error *err)
{
    struct cs_db *db = cs_index_db(index);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status = cs_db_query(
        db, &query, err,
        "SELECT d.vendor_id, d.title, s.name, d.kind, c.key, d.parent, d.url,"
        " d.body_version, d.status, d.created, d.updated,"
        " coalesce(a.name, d.author), coalesce(e.name, d.editor)"
        " FROM document d JOIN source s ON s.id = d.source"
        " JOIN container c ON c.id = d.container"
        " LEFT JOIN person a ON a.source = d.source AND a.vendor_id = d.author"
        " LEFT JOIN person e ON e.source = d.source AND e.vendor_id = d.editor"
        " WHERE d.id = ?",
        "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && !row)
        status = cs_error_set(err, CS_ERR_NOT_FOUND, "no such document");
    if (status)
        return status;
    cs_strbuf_puts(out, "---\n");
    put_string(out, "id", cs_query_text(&query, COL_ID));
    put_string(out, "title", cs_query_text(&query, COL_TITLE));
    put_string(out, "source", cs_query_text(&query, COL_SOURCE));
    put_string(out, "type", cs_query_text(&query, COL_TYPE));
    put_string(out, "space", cs_query_text(&query, COL_SPACE));
    put_string(out, "parent", cs_query_text(&query, COL_PARENT));
    put_string(out, "url", cs_query_text(&query, COL_URL));
    cs_strbuf_printf(out, "version: %lld\n",
                     (long long)cs_query_int(&query, COL_VERSION));
    put_string(out, "status", cs_query_text(&query, COL_STATUS));
    put_time(out, "created", cs_query_int(&query, COL_CREATED));
    put_time(out, "updated", cs_query_int(&query, COL_UPDATED));
    put_string(out, "author", cs_query_text(&query, COL_AUTHOR));
    put_string(out, "editor", cs_query_text(&query, COL_EDITOR));
    status = put_labels(db, document, out, err);
    if (!status)
        status = put_attachments(db, document, out, err);
    cs_strbuf_puts(out, "---\n\n");
    return status;
}

/* A key with a value has one line, whatever the value. */
enum cs_status cs_render_head_lines(struct cs_index *index,
                                    const struct cs_reader_document *document,
                                    size_t *ret_lines, struct cs_error *err)
{
    const char *const strings[] = {
        document->vendor_id, document->title,  document->source,
        document->kind,      document->space,  document->parent,
        document->url,       document->status, document->author,
        document->editor,
    };
    size_t lines = 5; /* two rules, version, labels, the blank line */
    for (size_t i = 0; i < CS_ARRAY_LEN(strings); i++)
        lines += strings[i] && strings[i][0];
    lines += document->created > 0;
    lines += document->updated > 0;
    int64_t files = 0;
    enum cs_status status =
        cs_db_int(cs_index_db(index), &files, err,
                  "SELECT 1" FILES_BESIDE " LIMIT 1", "i", document->document);
    if (!status)
        *ret_lines = lines + (size_t)files;
    return status;
}

enum cs_status cs_render_file(struct cs_index *index, int64_t document,
                              struct cs_strbuf *out, struct cs_error *err)
{
    enum cs_status status = cs_render_front_matter(index, document, out, err);
    if (!status)
        status = cs_fill_text(index, document, out, NULL, err);
    return status ? status : cs_strbuf_status(out, err);
}
