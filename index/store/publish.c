/*
 * publish.c - files after the commit: the intents carried out.
 *
 * What may be replaced or removed is what we wrote: the bytes at the path must
 * hash to what the intent says. A file of ours that was edited is kept aside
 * first; anything else there belongs to the user and stays. Doing an intent
 * twice does no harm, so a killed run is replayed from its start.
 */
#include "index/store/internal.h"
#include "src/clock.h"

#include <stdlib.h>

/* An intent as read; strings live in the arena of publish. */
struct intent {
    int64_t id, document;
    const char *path;
    bool put;
    struct cs_hash old_hash, new_hash;
    bool has_old;
};

static void read_intent(struct cs_arena *arena, struct cs_query *query,
                        struct intent *intent)
{
    size_t len;
    const void *hash;
    intent->id = cs_query_int(query, 0);
    intent->put = strcmp(cs_query_text(query, 1), "put") == 0;
    intent->document = cs_query_int(query, 2);
    intent->path = cs_arena_strdup(arena, cs_query_text(query, 3));
    hash = cs_query_blob(query, 4, &len);
    intent->has_old = hash && len == CS_HASH_SIZE;
    if (intent->has_old)
        memcpy(intent->old_hash.bytes, hash, CS_HASH_SIZE);
    hash = cs_query_blob(query, 5, &len);
    if (hash && len == CS_HASH_SIZE)
        memcpy(intent->new_hash.bytes, hash, CS_HASH_SIZE);
}

/* The user's own edit: keep it beside, under a name that is still free. */
static enum cs_status keep_aside(struct cs_store *store, const char *path,
                                 struct cs_error *err)
{
    char day[CS_TIME_TEXT_SIZE];
    struct cs_strbuf name CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    cs_time_format_day(cs_clock_now(cs_index_clock(store->index)), day);
    bool done = false;
    enum cs_status status = CS_OK;
    for (int i = 1; i < 1000 && !done && !status; i++) {
        cs_strbuf_reset(&name);
        cs_strbuf_printf(&name, "%s.local-%s", path, day);
        if (i > 1)
            cs_strbuf_printf(&name, "-%d", i);
        status = cs_strbuf_status(&name, err);
        if (!status)
            status =
                cs_dir_rename(store->dir, path, name.data, false, &done, err);
    }
    store->counts.conflicts++;
    return status;
}

/* What stands at an intent's path. */
enum standing { NOTHING, OLD, NEW, EDITED, FOREIGN };

static enum cs_status look(struct cs_store *store, const struct intent *intent,
                           enum standing *ret, struct cs_error *err)
{
    enum cs_entry_kind kind;
    struct cs_hash hash;
    enum cs_status status = cs_dir_probe(store->dir, intent->path, &kind, err);
    if (status)
        return status;
    if (kind != CS_ENTRY_FILE) {
        *ret = kind == CS_ENTRY_NONE ? NOTHING : FOREIGN;
        return CS_OK;
    }
    status = cs_dir_hash(store->dir, intent->path, &hash, err);
    if (status)
        return status;
    if (intent->put && cs_hash_equal(&hash, &intent->new_hash))
        *ret = NEW;
    else if (!intent->has_old)
        *ret = FOREIGN;
    else
        *ret = cs_hash_equal(&hash, &intent->old_hash) ? OLD : EDITED;
    return CS_OK;
}

/* The staged file is gone: make it again from the rows. */
static enum cs_status restage(struct cs_store *store, int64_t document,
                              const char *name, struct cs_error *err)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status = cs_render_file(store->index, document, &bytes, err);
    if (status)
        return status;
    struct cs_hash hash = cs_hash_of(bytes.data, bytes.len);
    status = cs_dir_write(store->dir, name, bytes.data, bytes.len, err);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE document SET file_hash = ? WHERE id = ?"
                           " AND file_hash IS NOT ?1",
                           "bi", hash.bytes, (size_t)CS_HASH_SIZE, document);
    return status;
}

/* Staged bytes count only if they are those that were committed. */
static enum cs_status ensure_staged(struct cs_store *store,
                                    const struct intent *intent,
                                    const char *name, struct cs_error *err)
{
    struct cs_hash hash;
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = cs_dir_hash(store->dir, name, &hash, &why);
    if (!status && cs_hash_equal(&hash, &intent->new_hash))
        return CS_OK;
    return restage(store, intent->document, name, err);
}

/* Nothing of ours may be put here: the row forgets the file, and the next
 * listing that touches the document finds it another name. */
static enum cs_status give_up(struct cs_store *store,
                              const struct intent *intent, const char *staged,
                              struct cs_error *err)
{
    store->counts.conflicts++;
    enum cs_status status = cs_dir_remove(store->dir, staged, err);
    return status ? status
                  : cs_db_run(store->db, err,
                              "UPDATE document SET file_path = NULL,"
                              " file_hash = NULL, suffixed = 1 WHERE id = ?",
                              "i", intent->document);
}

static enum cs_status do_put(struct cs_store *store,
                             const struct intent *intent, bool fresh_stage,
                             struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    bool done = false;
    enum standing standing = NOTHING;
    cs_stage_name(intent->document, staged);
    enum cs_status status =
        fresh_stage ? CS_OK : look(store, intent, &standing, err);
    if (!status && standing == NEW)
        return cs_dir_remove(store->dir, staged, err);
    if (!status && !fresh_stage)
        status = ensure_staged(store, intent, staged, err);
    if (!status && (standing == NOTHING || !intent->has_old))
        status =
            cs_dir_rename(store->dir, staged, intent->path, false, &done, err);
    if (status || done)
        return status;
    status = look(store, intent, &standing, err);
    if (status)
        return status;
    if (standing == FOREIGN)
        return give_up(store, intent, staged, err);
    if (standing == EDITED)
        status = keep_aside(store, intent->path, err);
    return status ? status
                  : cs_dir_rename(store->dir, staged, intent->path, true, &done,
                                  err);
}

static enum cs_status do_remove(struct cs_store *store,
                                const struct intent *intent,
                                struct cs_error *err)
{
    int64_t taken = 0;
    enum standing standing;
    enum cs_status status =
        cs_db_int(store->db, &taken, err,
                  "SELECT 1 FROM document WHERE source = ? AND file_path = ?",
                  "is", store->source, intent->path);
    if (status || taken) /* by now another document's place: its put decides */
        return status;
    status = look(store, intent, &standing, err);
    /* Where nothing is, an empty folder may be left of a killed run. */
    if (!status && (standing == OLD || standing == NOTHING))
        return cs_dir_remove(store->dir, intent->path, err);
    if (!status && standing == EDITED)
        return keep_aside(store, intent->path, err);
    return status;
}

static enum cs_status load_intents(struct cs_store *store,
                                   struct cs_arena *arena, struct intent **ret,
                                   size_t *ret_n, struct cs_error *err)
{
    int64_t count = 0;
    enum cs_status status =
        cs_db_int(store->db, &count, err,
                  "SELECT count(*) FROM intent WHERE source = ? AND id > ?",
                  "ii", store->source, store->published);
    *ret = cs_arena_array(arena, (size_t)count, sizeof(**ret));
    if (!status && count && !*ret)
        status = cs_arena_status(arena, err);
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    if (!status)
        status = cs_db_query(store->db, &query, err,
                             "SELECT id, op, document, path, old_hash,"
                             " new_hash FROM intent WHERE source = ?"
                             " AND id > ? ORDER BY op DESC, id",
                             "ii", store->source, store->published);
    bool row = true;
    while (!status && *ret_n < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_intent(arena, &query, &(*ret)[(*ret_n)++]);
    }
    return status ? status : cs_arena_status(arena, err);
}

/* Removals come first ("remove" sorts behind "put"), so that a name that one
 * document leaves is free for the next. */
enum cs_status cs_publish(struct cs_store *store, bool fresh_stage,
                          struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct intent *intents = NULL;
    size_t n = 0;
    int64_t last = store->published;
    enum cs_status status = load_intents(store, arena, &intents, &n, err);
    for (size_t i = 0; i < n && !status; i++) {
        status = intents[i].put ? do_put(store, &intents[i], fresh_stage, err)
                                : do_remove(store, &intents[i], err);
        store->counts.removed += !status && !intents[i].put;
        if (intents[i].id > last)
            last = intents[i].id;
    }
    if (!status && n)
        status = cs_dir_sync(store->dir, err);
    if (!status)
        store->published = last;
    return status;
}
