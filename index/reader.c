/*
 * reader.c - the ways to name a document, tried one after the other.
 *
 * Each way ends in a list of rows. One row is the answer; none, and the next
 * way is tried; several are the user's to choose from.
 */
#include "index/reader.h"

#include "index/store/fill.h"
#include "index/store/render.h"
#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>

enum {
    MATCHES_MAX = 8, /* rows listed when a name is ambiguous */
    ID_MAX = 64,     /* bytes of a vendor's id in a URL */
    LABELS_MAX = 1000
};

struct lookup {
    struct cs_index *index;
    struct cs_db *db;
    const char *name;
    int64_t rows[MATCHES_MAX];
    size_t n;
};

/* Gather the first column of a query. */
static enum cs_status gather(struct lookup *lookup, struct cs_query *query,
                             struct cs_error *err)
{
    bool row = true;
    for (;;) {
        enum cs_status status = cs_query_next(query, &row, err);
        if (status || !row)
            return status;
        if (lookup->n < MATCHES_MAX)
            lookup->rows[lookup->n++] = cs_query_int(query, 0);
    }
}

/* "source:id"; a source's name holds no colon. */
static enum cs_status by_full_id(struct lookup *lookup, struct cs_error *err)
{
    struct cs_strbuf source CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_NAME_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    const char *colon = strchr(lookup->name, ':');
    if (!colon)
        return CS_OK;
    cs_strbuf_put(&source, lookup->name, (size_t)(colon - lookup->name));
    if (source.status == CS_ERR_LIMIT)
        return CS_OK;
    enum cs_status status =
        cs_db_query(lookup->db, &query, err,
                    "SELECT d.id FROM source s JOIN document d"
                    " ON d.source = s.id"
                    " WHERE s.name = ? AND d.vendor_id = ?",
                    "ss", source.data, colon + 1);
    return status ? status : gather(lookup, &query, err);
}

static enum cs_status by_vendor_id(struct lookup *lookup, const char *id,
                                   struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status =
        cs_db_query(lookup->db, &query, err,
                    "SELECT d.id FROM source s JOIN document d"
                    " ON d.source = s.id AND d.vendor_id = ?"
                    " ORDER BY s.name",
                    "s", id);
    return status ? status : gather(lookup, &query, err);
}

static enum cs_status by_bare_id(struct lookup *lookup, struct cs_error *err)
{
    return by_vendor_id(lookup, lookup->name, err);
}

static bool is_url(const char *name)
{
    return cs_str_starts(name, "http://") || cs_str_starts(name, "https://");
}

/* The digits behind `key` in the URL, which ends them with '/', '?', '&', '#'
 * or its own end. */
static bool id_behind(const char *url, const char *key, char id[ID_MAX])
{
    for (const char *at = url; (at = strstr(at, key)); at++) {
        const char *from = at + strlen(key);
        size_t n = strspn(from, "0123456789");
        if (n == 0 || n >= ID_MAX || (from[n] && !strchr("/?&#", from[n])))
            continue;
        memcpy(id, from, n);
        id[n] = '\0';
        return true;
    }
    return false;
}

/* Of rows with the same number in several sources, those whose site the URL
 * names; all, if it names none. */
static enum cs_status prefer_site(struct lookup *lookup, struct cs_error *err)
{
    int64_t rows[MATCHES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < lookup->n; i++) {
        int64_t fits = 0;
        enum cs_status status = cs_db_int(
            lookup->db, &fits, err,
            "SELECT substr(?1, 1, length(s.base_url)) = s.base_url"
            " FROM document d JOIN source s ON s.id = d.source WHERE d.id = ?2",
            "si", lookup->name, lookup->rows[i]);
        if (status)
            return status;
        if (fits)
            rows[n++] = lookup->rows[i];
    }
    if (n) {
        memcpy(lookup->rows, rows, n * sizeof(*rows));
        lookup->n = n;
    }
    return CS_OK;
}

static enum cs_status by_id_in_url(struct lookup *lookup, struct cs_error *err)
{
    char id[ID_MAX];
    if (!is_url(lookup->name) || (!id_behind(lookup->name, "/pages/", id) &&
                                  !id_behind(lookup->name, "pageId=", id)))
        return CS_OK;
    enum cs_status status = by_vendor_id(lookup, id, err);
    return status || lookup->n < 2 ? status : prefer_site(lookup, err);
}

/* As stored, or less what a browser has put behind it. */
static enum cs_status by_stored_url(struct lookup *lookup, struct cs_error *err)
{
    struct cs_strbuf bare CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_strbuf whole CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    if (!is_url(lookup->name))
        return CS_OK;
    cs_strbuf_put(&bare, lookup->name, strcspn(lookup->name, "?#"));
    cs_strbuf_put(&whole, lookup->name, strcspn(lookup->name, "#"));
    enum cs_status status =
        cs_db_query(lookup->db, &query, err,
                    "SELECT id FROM document WHERE url IN (?, ?, ?)", "sss",
                    lookup->name, whole.data, bare.data);
    return status ? status : gather(lookup, &query, err);
}

/* The document whose file is at the absolute `path`. */
static enum cs_status at_path(struct lookup *lookup, const char *path,
                              struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status = cs_db_query(lookup->db, &query, err,
                                        "SELECT id, folder FROM source", "");
    while (!status) {
        struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(CS_PATH_MAX);
        struct cs_query rows CS_CLEANUP(cs_query_close) = {0};
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        cs_index_put_folder(lookup->index, cs_query_text(&query, 1), &folder);
        cs_strbuf_putc(&folder, '/');
        if (folder.status || !cs_str_starts(path, folder.data))
            continue;
        status = cs_db_query(lookup->db, &rows, err,
                             "SELECT id FROM document"
                             " WHERE source = ? AND file_path = ?",
                             "is", cs_query_int(&query, 0), path + folder.len);
        if (!status)
            status = gather(lookup, &rows, err);
    }
    return status;
}

static enum cs_status by_path(struct lookup *lookup, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    const char *name = lookup->name;
    if (name[0] != '/') {
        while (cs_str_starts(name, "./"))
            name += 2;
        cs_path_join(&path, cs_index_root(lookup->index), name);
        name = path.data;
    }
    if (path.status) /* longer than any path: not one */
        return CS_OK;
    enum cs_status status = at_path(lookup, name, err);
    if (status || lookup->n)
        return status;
    char *real = realpath(name, NULL); /* reached through a link */
    if (real)
        status = at_path(lookup, real, err);
    free(real);
    return status;
}

static enum cs_status ambiguous(struct lookup *lookup, struct cs_error *err)
{
    struct cs_strbuf list CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    if (!arena)
        return cs_error_no_memory(err);
    for (size_t i = 0; i < lookup->n; i++) {
        struct cs_reader_document doc;
        enum cs_status status =
            cs_reader_load(lookup->index, arena, lookup->rows[i], &doc, err);
        if (status)
            return status;
        cs_strbuf_printf(&list, "%s%s", i ? ", " : "", doc.id);
    }
    cs_error_set(err, CS_ERR_USAGE, "%s is ambiguous: %s", lookup->name,
                 list.data);
    cs_error_hint(err, "say which one by its full id");
    return CS_ERR_USAGE;
}

enum cs_status cs_reader_find(struct cs_index *index, struct cs_arena *arena,
                              const char *name, struct cs_reader_document *ret,
                              struct cs_error *err)
{
    static enum cs_status (*const ways[])(struct lookup *,
                                          struct cs_error *) = {
        by_full_id, by_bare_id, by_id_in_url, by_stored_url, by_path,
    };
    struct lookup lookup = {index, cs_index_db(index), name, {0}, 0};
    for (size_t i = 0; i < CS_ARRAY_LEN(ways) && lookup.n == 0; i++) {
        enum cs_status status = ways[i](&lookup, err);
        if (status)
            return status;
    }
    if (lookup.n == 1)
        return cs_reader_load(index, arena, lookup.rows[0], ret, err);
    if (lookup.n > 1)
        return ambiguous(&lookup, err);
    cs_error_set(err, CS_ERR_NOT_FOUND, "nothing in the mirror is called %s",
                 name);
    cs_error_hint(err, "use an id such as confluence:65601, a page's URL or "
                       "the path of its file");
    return CS_ERR_NOT_FOUND;
}

/* Columns of the query in cs_reader_load(). */
enum {
    COL_SOURCE,
    COL_VENDOR_ID,
    COL_KIND,
    COL_STATUS,
    COL_TITLE,
    COL_SPACE,
    COL_SPACE_NAME,
    COL_PARENT,
    COL_URL,
    COL_FOLDER,
    COL_FILE,
    COL_AUTHOR,
    COL_EDITOR,
    COL_VERSION,
    COL_LATEST,
    COL_CREATED,
    COL_UPDATED,
    COL_MISSING,
    COL_FAILURE,
    COL_SITE
};

static const char *copy(struct cs_arena *arena, struct cs_query *query,
                        int column)
{
    return cs_arena_strdup(arena, cs_query_text(query, column));
}

static enum cs_status read_row(struct cs_index *index, struct cs_arena *arena,
                               struct cs_query *query,
                               struct cs_reader_document *ret,
                               struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    ret->source = copy(arena, query, COL_SOURCE);
    ret->vendor_id = copy(arena, query, COL_VENDOR_ID);
    ret->id = cs_arena_printf(arena, "%s:%s", cs_query_text(query, COL_SOURCE),
                              cs_query_text(query, COL_VENDOR_ID));
    ret->kind = copy(arena, query, COL_KIND);
    ret->status = copy(arena, query, COL_STATUS);
    ret->title = copy(arena, query, COL_TITLE);
    ret->space = copy(arena, query, COL_SPACE);
    ret->space_name = copy(arena, query, COL_SPACE_NAME);
    ret->parent = copy(arena, query, COL_PARENT);
    ret->url = copy(arena, query, COL_URL);
    ret->author = copy(arena, query, COL_AUTHOR);
    ret->editor = copy(arena, query, COL_EDITOR);
    ret->version = cs_query_int(query, COL_VERSION);
    ret->latest = cs_query_int(query, COL_LATEST);
    ret->created = cs_query_int(query, COL_CREATED);
    ret->updated = cs_query_int(query, COL_UPDATED);
    ret->missing = cs_query_int(query, COL_MISSING);
    ret->failure = copy(arena, query, COL_FAILURE);
    ret->site = copy(arena, query, COL_SITE);
    if (!cs_query_is_null(query, COL_FILE)) {
        cs_index_put_folder(index, cs_query_text(query, COL_FOLDER), &path);
        cs_strbuf_putc(&path, '/');
        cs_strbuf_puts(&path, cs_query_text(query, COL_FILE));
        ret->path = cs_arena_strdup(arena, path.data);
    }
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status : cs_arena_status(arena, err);
}

static enum cs_status read_labels(struct cs_db *db, struct cs_arena *arena,
                                  struct cs_reader_document *ret,
                                  struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    const char *names[LABELS_MAX];
    size_t n = 0;
    bool row = true;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT name FROM label WHERE document = ? ORDER BY name",
                    "i", ret->document);
    while (!status && n < LABELS_MAX) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        names[n++] = copy(arena, &query, 0);
    }
    if (status || n == 0)
        return status;
    const char **labels = cs_arena_array(arena, n, sizeof(*labels));
    if (!labels)
        return cs_arena_status(arena, err);
    memcpy(labels, names, n * sizeof(*labels));
    ret->labels = labels;
    ret->n_labels = n;
    return cs_arena_status(arena, err);
}

enum cs_status cs_reader_load(struct cs_index *index, struct cs_arena *arena,
                              int64_t document, struct cs_reader_document *ret,
                              struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_reader_document doc = {.document = document};
    struct cs_db *db = cs_index_db(index);
    bool row = false;
    enum cs_status status = cs_db_query(
        db, &query, err,
        "SELECT s.name, d.vendor_id, d.kind, d.status, d.title, c.key, c.name,"
        " d.parent, d.url, s.folder, d.file_path, coalesce(a.name, d.author),"
        " coalesce(e.name, d.editor), d.body_version, d.version, d.created,"
        " d.updated, d.missing, d.failure, s.base_url"
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
    if (!status)
        status = read_row(index, arena, &query, &doc, err);
    if (!status)
        status = read_labels(db, arena, &doc, err);
    if (!status)
        *ret = doc;
    return status;
}

enum cs_status cs_reader_markdown(struct cs_index *index, int64_t document,
                                  struct cs_strbuf *out, struct cs_error *err)
{
    return cs_fill_text(index, document, out, NULL, err);
}

enum cs_status cs_reader_texts(struct cs_index *index, int64_t document,
                               struct cs_strbuf *out, size_t *ret_comments,
                               struct cs_error *err)
{
    return cs_fill_text(index, document, out, ret_comments, err);
}

enum cs_status cs_reader_head_lines(struct cs_index *index,
                                    const struct cs_reader_document *document,
                                    size_t *ret_lines, struct cs_error *err)
{
    return cs_render_head_lines(index, document, ret_lines, err);
}
