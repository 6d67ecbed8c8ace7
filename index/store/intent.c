/*
 * intent.c - intents as rows.
 */
#include "index/store/intent.h"

#include "src/text.h"

#include <stdlib.h>

static const char *const op_names[CS_INTENT_OPS] = {
    [CS_INTENT_SHIFT] = "shift",   [CS_INTENT_TAKE] = "take",
    [CS_INTENT_REMOVE] = "remove", [CS_INTENT_TRASH] = "trash",
    [CS_INTENT_PUT] = "put",
};

static const char *const kind_names[CS_FILE_KINDS] = {
    [CS_FILE_DOCUMENT] = "document",
    [CS_FILE_ATTACHMENT] = "attachment",
};

void cs_intent_stage_name(enum cs_file_kind kind, int64_t row,
                          char buf[CS_STAGE_NAME_SIZE])
{
    bool document = kind == CS_FILE_DOCUMENT;
    (void)snprintf(buf, CS_STAGE_NAME_SIZE, ".stage/%s%lld%s",
                   document ? "" : "a", (long long)row, document ? ".md" : "");
}

/* A number, and what stands behind it; NULL when there is none. */
static const char *read_number(const char *text, int64_t *ret)
{
    char *end;
    if (*text < '0' || *text > '9')
        return NULL;
    *ret = strtoll(text, &end, 10);
    return end;
}

enum cs_status cs_store_judge_staged(struct cs_db *db, int64_t source,
                                     const char *name, bool *ret_ours,
                                     bool *ret_needed, struct cs_error *err)
{
    const char *leaf = name + strlen(".stage/");
    bool attachment = leaf[0] == 'a';
    int64_t row = 0, version = 0, needed = 0;
    const char *rest = read_number(leaf + attachment, &row);
    const char *part =
        rest && *rest == 'v' ? read_number(rest + 1, &version) : NULL;
    bool unfinished = attachment && part && strcmp(part, ".part") == 0;
    *ret_ours =
        unfinished || (rest && strcmp(rest, attachment ? "" : ".md") == 0);
    *ret_needed = false;
    if (!*ret_ours)
        return CS_OK;
    enum cs_status status =
        unfinished
            ? cs_db_int(db, &needed, err,
                        "SELECT 1 FROM attachment WHERE id = ? AND version = ?"
                        " AND wanted AND held_version IS NOT version",
                        "ii", row, version)
            : cs_db_int(db, &needed, err,
                        "SELECT 1 FROM intent WHERE source = ? AND kind = ?"
                        " AND document = ? AND op IN ('take', 'put')",
                        "isi", source, kind_names[attachment], row);
    *ret_needed = needed != 0;
    return status;
}

bool cs_intent_read_hash(struct cs_query *query, int column,
                         struct cs_hash *ret)
{
    size_t len;
    const void *hash = cs_query_blob(query, column, &len);
    if (!hash || len != CS_HASH_SIZE)
        return false;
    memcpy(ret->bytes, hash, CS_HASH_SIZE);
    return true;
}

enum cs_status cs_intent_add(struct cs_store *store,
                             const struct cs_intent *intent,
                             struct cs_error *err)
{
    const size_t sizes[] = {0, CS_HASH_SIZE};
    return cs_db_run(
        store->db, err,
        "INSERT INTO intent(source, op, kind, document, path, target,"
        " old_hash, new_hash) VALUES(?,?,?,?,?,?,?,?)",
        "ississbb", store->source, op_names[intent->op],
        kind_names[intent->kind], intent->row, intent->path, intent->target,
        intent->has_old ? intent->old_hash.bytes : NULL, sizes[intent->has_old],
        intent->has_new ? intent->new_hash.bytes : NULL,
        sizes[intent->has_new]);
}

static void read_intent(struct cs_arena *arena, struct cs_query *query,
                        struct cs_intent *intent)
{
    intent->op = (enum cs_intent_op)cs_str_find(op_names, CS_INTENT_OPS,
                                                cs_query_text(query, 1));
    intent->kind = (enum cs_file_kind)cs_str_find(kind_names, CS_FILE_KINDS,
                                                  cs_query_text(query, 2));
    intent->row = cs_query_int(query, 3);
    intent->path = cs_arena_strdup(arena, cs_query_text(query, 4));
    intent->target = cs_arena_strdup(arena, cs_query_text(query, 5));
    intent->has_old = cs_intent_read_hash(query, 6, &intent->old_hash);
    intent->has_new = cs_intent_read_hash(query, 7, &intent->new_hash);
}

enum cs_status cs_intent_load(struct cs_store *store, struct cs_arena *arena,
                              struct cs_intent **ret, size_t *ret_n,
                              int64_t *ret_last, struct cs_error *err)
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
        status = cs_db_query(
            store->db, &query, err,
            "SELECT id, op, kind, document, path, target, old_hash, new_hash"
            " FROM intent WHERE source = ? AND id > ? ORDER BY CASE op"
            "  WHEN 'shift' THEN 0 WHEN 'take' THEN 1 WHEN 'remove' THEN 2"
            "  WHEN 'trash' THEN 3 ELSE 4 END, id",
            "ii", store->source, store->published);
    bool row = true;
    size_t n = 0;
    while (!status && n < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        read_intent(arena, &query, &(*ret)[n++]);
        if (cs_query_int(&query, 0) > *ret_last)
            *ret_last = cs_query_int(&query, 0);
    }
    *ret_n = n;
    return status ? status : cs_arena_status(arena, err);
}
