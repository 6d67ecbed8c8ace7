/*
 * publish.c - files after the commit: the intents carried out.
 *
 * What may be replaced or removed is what we wrote: the bytes at the path must
 * hash to what the intent says. A file of ours that was edited is kept aside
 * first; anything else there belongs to the user and stays. Doing an intent
 * twice does no harm, so a killed run is replayed from its start.
 *
 * A document whose staged file is lost is rendered again. The bytes of an
 * attachment are nowhere else: when they are lost, its row says so, and the
 * next sync fetches them.
 */
#include "index/store/intent.h"

#include "src/clock.h"

#include <stdlib.h>

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
enum standing { NOTHING, OLD, NEW, EDITED, FOREIGN, BLOCKED };

static enum cs_status look(struct cs_store *store,
                           const struct cs_intent *intent, enum standing *ret,
                           struct cs_error *err)
{
    enum cs_entry_kind kind;
    struct cs_hash hash;
    enum cs_status status = cs_dir_probe(store->dir, intent->path, &kind, err);
    if (status)
        return status;
    if (kind != CS_ENTRY_FILE) {
        *ret = kind == CS_ENTRY_NONE      ? NOTHING
               : kind == CS_ENTRY_BLOCKED ? BLOCKED
                                          : FOREIGN;
        return CS_OK;
    }
    status = cs_dir_hash(store->dir, intent->path, &hash, err);
    if (status)
        return status;
    if (intent->has_new && cs_hash_equal(&hash, &intent->new_hash))
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

/* Are the staged bytes those that were committed? Those that this process has
 * just put there are. */
static enum cs_status is_staged(struct cs_store *store,
                                const struct cs_intent *intent,
                                const char *name, bool fresh_stage, bool *ret,
                                struct cs_error *err)
{
    struct cs_hash hash;
    enum cs_entry_kind kind;
    enum cs_status status = cs_dir_probe(store->dir, name, &kind, err);
    *ret = !status && kind == CS_ENTRY_FILE;
    if (status || !*ret || fresh_stage)
        return status;
    status = cs_dir_hash(store->dir, name, &hash, err);
    *ret = !status && cs_hash_equal(&hash, &intent->new_hash);
    return status;
}

/* Make sure that the bytes are staged; `*ret_there` says whether they are. */
static enum cs_status ensure_staged(struct cs_store *store,
                                    const struct cs_intent *intent,
                                    const char *name, bool fresh_stage,
                                    bool *ret_there, struct cs_error *err)
{
    bool document = intent->kind == CS_FILE_DOCUMENT;
    *ret_there = true;
    if (document && fresh_stage)
        return CS_OK;
    enum cs_status status =
        is_staged(store, intent, name, fresh_stage, ret_there, err);
    if (status || *ret_there)
        return status;
    if (!document)
        return cs_assets_lose(store, intent->row, err);
    struct cs_error why = CS_ERROR_INIT;
    status = restage(store, intent->row, name, &why);
    *ret_there = status == CS_OK;
    if (status == CS_ERR_NOT_FOUND) /* its rows are gone: it wants no file */
        return CS_OK;
    return cs_error_pass(err, status, &why);
}

/* Nothing of ours may be put here: the row forgets the file, and the next
 * listing that touches the document finds it another name. Where a folder is in
 * the way, another name of its own would not help. */
static enum cs_status give_up(struct cs_store *store,
                              const struct cs_intent *intent,
                              enum standing standing, const char *staged,
                              struct cs_error *err)
{
    int64_t suffixed = standing != BLOCKED;
    store->counts.conflicts++;
    enum cs_status status = cs_dir_remove(store->dir, staged, err);
    if (!status && intent->kind == CS_FILE_DOCUMENT)
        return cs_db_run(store->db, err,
                         "UPDATE document SET file_path = NULL,"
                         " file_hash = NULL, suffixed = suffixed OR ?"
                         " WHERE id = ?",
                         "ii", suffixed, intent->row);
    if (!status)
        status = cs_db_run(store->db, err,
                           "UPDATE attachment SET suffixed = suffixed OR ?"
                           " WHERE id = ?",
                           "ii", suffixed, intent->row);
    return status ? status : cs_assets_lose(store, intent->row, err);
}

static enum cs_status do_put(struct cs_store *store,
                             const struct cs_intent *intent, bool fresh_stage,
                             struct cs_error *err)
{
    char staged[CS_STAGE_NAME_SIZE];
    bool done = false, there = true;
    enum standing standing = NOTHING;
    cs_intent_stage_name(intent->kind, intent->row, staged);
    enum cs_status status =
        fresh_stage ? CS_OK : look(store, intent, &standing, err);
    if (!status && standing == NEW)
        return cs_dir_remove(store->dir, staged, err);
    if (!status)
        status = ensure_staged(store, intent, staged, fresh_stage, &there, err);
    if (!status && !there)
        return CS_OK;
    if (!status && (standing == NOTHING || !intent->has_old))
        status =
            cs_dir_rename(store->dir, staged, intent->path, false, &done, err);
    if (status || done)
        return status;
    status = look(store, intent, &standing, err);
    if (status)
        return status;
    if (standing == FOREIGN || standing == BLOCKED)
        return give_up(store, intent, standing, staged, err);
    if (standing == EDITED)
        status = keep_aside(store, intent->path, err);
    return status ? status
                  : cs_dir_rename(store->dir, staged, intent->path, true, &done,
                                  err);
}

/* Is the path by now another file's place, so that its put decides? */
static enum cs_status is_taken(struct cs_store *store, const char *path,
                               bool *ret, struct cs_error *err)
{
    int64_t taken = 0;
    enum cs_status status =
        cs_db_int(store->db, &taken, err,
                  "SELECT 1 FROM document WHERE source = ?1 AND file_path = ?2"
                  " UNION ALL SELECT 1 FROM attachment"
                  "  WHERE source = ?1 AND file_path = ?2",
                  "is", store->source, path);
    *ret = taken != 0;
    return status;
}

static enum cs_status do_remove(struct cs_store *store,
                                const struct cs_intent *intent,
                                bool fresh_stage, struct cs_error *err)
{
    (void)fresh_stage;
    bool taken;
    enum standing standing;
    enum cs_status status = is_taken(store, intent->path, &taken, err);
    if (status || taken)
        return status;
    store->counts.removed++;
    status = look(store, intent, &standing, err);
    /* Where nothing is, an empty folder may be left of a killed run. */
    if (!status && (standing == OLD || standing == NOTHING))
        return cs_dir_remove(store->dir, intent->path, err);
    if (!status && standing == EDITED)
        return keep_aside(store, intent->path, err);
    return status;
}

/* The folders above that became empty go when nothing is there to remove. */
static enum cs_status do_take(struct cs_store *store,
                              const struct cs_intent *intent, bool fresh_stage,
                              struct cs_error *err)
{
    (void)fresh_stage;
    char staged[CS_STAGE_NAME_SIZE];
    bool taken, done;
    enum standing standing;
    enum cs_status status = is_taken(store, intent->path, &taken, err);
    if (!status)
        status = look(store, intent, &standing, err);
    if (status)
        return status;
    cs_intent_stage_name(CS_FILE_ATTACHMENT, intent->row, staged);
    if (standing == OLD)
        status =
            cs_dir_rename(store->dir, intent->path, staged, true, &done, err);
    else if (standing == EDITED && !taken)
        status = keep_aside(store, intent->path, err);
    return status || taken ? status
                           : cs_dir_remove(store->dir, intent->path, err);
}

/* The trash may be on another file system. */
static enum cs_status do_trash(struct cs_store *store,
                               const struct cs_intent *intent, bool fresh_stage,
                               struct cs_error *err)
{
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum standing standing;
    bool taken;
    (void)fresh_stage;
    enum cs_status status = is_taken(store, intent->path, &taken, err);
    if (!status)
        status = look(store, intent, &standing, err);
    if (!status && standing == OLD)
        status = cs_trash_open(store, &trash, err);
    if (!status && standing == OLD)
        status =
            cs_dir_copy(store->dir, intent->path, trash, intent->target, err);
    if (!status && standing == EDITED && !taken)
        return keep_aside(store, intent->path, err);
    if (status || (taken && standing != OLD))
        return status;
    store->counts.removed++;
    return cs_dir_remove(store->dir, intent->path, err);
}

static enum cs_status do_shift(struct cs_store *store,
                               const struct cs_intent *intent, bool fresh_stage,
                               struct cs_error *err)
{
    (void)fresh_stage;
    return cs_shift_do(store, intent, err);
}

typedef enum cs_status intent_fn(struct cs_store *store,
                                 const struct cs_intent *intent,
                                 bool fresh_stage, struct cs_error *err);

static intent_fn *const doers[CS_INTENT_OPS] = {
    [CS_INTENT_SHIFT] = do_shift,   [CS_INTENT_TAKE] = do_take,
    [CS_INTENT_REMOVE] = do_remove, [CS_INTENT_TRASH] = do_trash,
    [CS_INTENT_PUT] = do_put,
};

enum cs_status cs_publish(struct cs_store *store, bool fresh_stage,
                          struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_intent *intents = NULL;
    size_t n = 0;
    int64_t last = store->published;
    enum cs_status status =
        cs_intent_load(store, arena, &intents, &n, &last, err);
    for (size_t i = 0; i < n && !status; i++)
        if (intents[i].op < CS_INTENT_OPS)
            status = doers[intents[i].op](store, &intents[i], fresh_stage, err);
    if (!status && n)
        status = cs_dir_sync(store->dir, err);
    if (!status)
        store->published = last;
    store->unpublished = status != CS_OK;
    return status;
}
