/*
 * history.c - the state of a document, or of what is left of it, and its
 * events.
 */
#include "index/history.h"

#include "index/reader.h"
#include "index/store/removal.h"
#include "src/path.h"

struct load {
    struct cs_index *index;
    struct cs_arena *arena;
    struct cs_history *history;
    const char *folder;  /* of the source */
    int64_t source;      /* row */
    int64_t tombstone;   /* row */
    unsigned tombstones; /* that the name means */
};

static const char *text(struct load *load, struct cs_query *row, int column)
{
    return cs_arena_strdup(load->arena, cs_query_text(row, column));
}

static const char *full_path(struct load *load, const char *name)
{
    struct cs_strbuf folder CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    if (!name)
        return NULL;
    cs_index_put_folder(load->index, load->folder, &folder);
    cs_path_join(&path, folder.data, name);
    return cs_arena_strdup(load->arena, path.data);
}

/* The columns that documents and tombstones have alike, from the first on. */
static void read_common(struct load *load, struct cs_query *row)
{
    struct cs_history *history = load->history;
    load->source = cs_query_int(row, 0);
    load->folder = text(load, row, 1);
    history->source = text(load, row, 2);
    history->vendor_id = text(load, row, 3);
    history->title = text(load, row, 4);
    history->url = text(load, row, 5);
    history->path = full_path(load, cs_query_text(row, 6));
    history->space = text(load, row, 7);
    history->since = cs_query_int(row, 8);
}

/* ---- a document that is held ---- */

static enum cs_status read_document(void *payload, struct cs_query *row,
                                    struct cs_error *err)
{
    struct load *load = payload;
    struct cs_history *history = load->history;
    read_common(load, row);
    history->verdict = text(load, row, 9);
    history->failure = text(load, row, 10);
    history->left = cs_query_int(row, 11);
    history->gone = cs_query_int(row, 12);
    history->gone_why = text(load, row, 13);
    history->state = history->since ? CS_HISTORY_MISSING : CS_HISTORY_HERE;
    return cs_arena_status(load->arena, err);
}

static enum cs_status load_document(struct load *load, int64_t document,
                                    struct cs_error *err)
{
    return cs_db_each(cs_index_db(load->index), read_document, load, err,
                      "SELECT s.id, s.folder, s.name, d.vendor_id, d.title,"
                      " d.url, d.file_path, c.key, d.missing, d.verdict,"
                      " d.failure, c.left, c.gone, c.gone_why"
                      " FROM document d JOIN source s ON s.id = d.source"
                      " JOIN container c ON c.id = d.container WHERE d.id = ?",
                      "i", document);
}

/* ---- one that was removed ---- */

static enum cs_status note_tombstone(void *payload,
                                     const struct cs_removal_item *item,
                                     struct cs_error *err)
{
    struct load *load = payload;
    (void)err;
    if (item->tombstone) {
        load->tombstone = item->tombstone;
        load->tombstones++;
    }
    return CS_OK;
}

static enum cs_status read_tombstone(void *payload, struct cs_query *row,
                                     struct cs_error *err)
{
    struct load *load = payload;
    struct cs_history *history = load->history;
    read_common(load, row);
    history->reason = text(load, row, 9);
    history->http_status = cs_query_int(row, 10);
    history->restorable = cs_query_int(row, 11) != 0;
    history->state = CS_HISTORY_REMOVED;
    return cs_arena_status(load->arena, err);
}

static enum cs_status load_tombstone(struct load *load, const char *name,
                                     struct cs_error *err)
{
    enum cs_status status =
        cs_removal_find(load->index, name, note_tombstone, load, err);
    if (status)
        return status;
    if (load->tombstones != 1)
        return cs_error_set(err,
                            load->tombstones ? CS_ERR_USAGE : CS_ERR_NOT_FOUND,
                            load->tombstones ? "%s means more than one document"
                                             : "there is no document %s",
                            name);
    return cs_db_each(cs_index_db(load->index), read_tombstone, load, err,
                      "SELECT s.id, s.folder, s.name, t.vendor_id, t.title,"
                      " t.url, t.path, c.key, t.deleted, t.reason,"
                      " t.http_status, t.file IS NOT NULL"
                      " FROM tombstone t JOIN source s ON s.id = t.source"
                      " JOIN container c ON c.id = t.container WHERE t.id = ?",
                      "i", load->tombstone);
}

/* ---- one of which only events tell ---- */

static enum cs_status read_forgotten(void *payload, struct cs_query *row,
                                     struct cs_error *err)
{
    struct load *load = payload;
    struct cs_history *history = load->history;
    load->source = cs_query_int(row, 0);
    history->source = text(load, row, 1);
    history->vendor_id = text(load, row, 2);
    history->state = CS_HISTORY_FORGOTTEN;
    load->tombstones++;
    return cs_arena_status(load->arena, err);
}

static enum cs_status load_forgotten(struct load *load, const char *name,
                                     struct cs_error *err)
{
    load->tombstones = 0;
    enum cs_status status =
        cs_db_each(cs_index_db(load->index), read_forgotten, load, err,
                   "SELECT DISTINCT s.id, s.name, e.vendor_id FROM source s"
                   " CROSS JOIN event e ON e.source = s.id AND e.vendor_id ="
                   "  iif(substr(?1, 1, length(s.name) + 1) = s.name || ':',"
                   "   substr(?1, length(s.name) + 2), ?1)",
                   "s", name);
    if (status || load->tombstones == 1)
        return status;
    return cs_error_set(err, load->tombstones ? CS_ERR_USAGE : CS_ERR_NOT_FOUND,
                        load->tombstones ? "%s means more than one document"
                                         : "there is no document %s, and none"
                                           " was removed",
                        name);
}

/* ---- events ---- */

struct events {
    struct load *load;
    struct cs_history_event *items;
    size_t n;
};

/* They come newest first, so that the last ones fit. */
static enum cs_status read_event(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    struct events *events = payload;
    struct load *load = events->load;
    events->n++;
    events->items[CS_HISTORY_MAX - events->n] = (struct cs_history_event){
        .at = cs_query_int(row, 0),
        .run = cs_query_int(row, 1),
        .what = text(load, row, 2),
        .detail = text(load, row, 3),
    };
    return cs_arena_status(load->arena, err);
}

static enum cs_status load_events(struct load *load, struct cs_error *err)
{
    struct events events = {
        .load = load,
        .items =
            cs_arena_array(load->arena, CS_HISTORY_MAX, sizeof(*events.items)),
    };
    if (!events.items)
        return cs_arena_status(load->arena, err);
    enum cs_status status = cs_db_each(
        cs_index_db(load->index), read_event, &events, err,
        "SELECT at, run, what, detail FROM event WHERE source = ?"
        " AND vendor_id = ? ORDER BY id DESC LIMIT ?",
        "isi", load->source, load->history->vendor_id, (int64_t)CS_HISTORY_MAX);
    load->history->events = events.items + (CS_HISTORY_MAX - events.n);
    load->history->n_events = events.n;
    return status;
}

enum cs_status cs_history_load(struct cs_index *index, struct cs_arena *arena,
                               const char *name, struct cs_history *ret,
                               struct cs_error *err)
{
    struct cs_history history = {0};
    struct cs_reader_document document = {0};
    struct cs_error why = CS_ERROR_INIT;
    struct load load = {.index = index, .arena = arena, .history = &history};
    enum cs_status status = cs_reader_find(index, arena, name, &document, &why);
    if (!status)
        status = load_document(&load, document.document, &why);
    else if (status == CS_ERR_NOT_FOUND)
        status = load_tombstone(&load, name, &why);
    if (status == CS_ERR_NOT_FOUND)
        status = load_forgotten(&load, name, &why);
    if (!status)
        status = load_events(&load, &why);
    if (status)
        return cs_error_pass(err, status, &why);
    history.id =
        cs_arena_printf(arena, "%s:%s", history.source, history.vendor_id);
    status = cs_arena_status(arena, err);
    if (!status)
        *ret = history;
    return status;
}
