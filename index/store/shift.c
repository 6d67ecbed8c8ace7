/*
 * shift.c - whole folders of ours renamed at one go.
 *
 * A page with thousands of pages below it that gets another title moves all
 * their files. Where all that lies in a folder is ours and goes to another
 * folder under the same names, one rename does it. What differs beyond that is
 * settled file by file, as always; so is everything when the folder turns out
 * to hold something of somebody else's.
 */
#include "index/store/intent.h"

#include "src/text.h"

/* Fewer files are as well moved one by one. */
enum { MIN_FILES = 4 };

/* Folders that are renamed in one batch; more are done file by file. */
enum { MAX_SHIFTS = 256 };

struct shift {
    const char *from, *to;
};

struct shifts {
    struct shift items[MAX_SHIFTS];
    size_t n;
};

/* One file's move is a move of the folder that it is in, if that changed, and
 * of each folder above as long as their names stay the same. */
static enum cs_status add_levels(struct cs_store *store, char *from, char *to,
                                 struct cs_error *err)
{
    size_t i = strlen(from), k = strlen(to);
    enum cs_status status = CS_OK;
    while (i > 0 && k > 0 && from[i - 1] == to[k - 1] && !status) {
        i--;
        k--;
        if (from[i] != '/')
            continue;
        from[i] = to[k] = '\0';
        status = cs_db_run(store->db, err,
                           "INSERT INTO temp.shift VALUES(?,?,1)"
                           " ON CONFLICT DO UPDATE SET n = n + 1",
                           "ss", from, to);
        from[i] = to[k] = '/';
    }
    return status;
}

/* The folders whose names changed, and with how many files. */
static enum cs_status gather(struct cs_store *store, struct cs_arena *arena,
                             struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(
        store->db, &query, err,
        "SELECT d.file_path, d.path FROM temp.dirty t"
        " CROSS JOIN document d ON d.id = t.id"
        " WHERE d.file_path IS NOT NULL AND d.path IS NOT d.file_path"
        " UNION ALL SELECT a.file_path, a.path FROM temp.dirty t"
        " CROSS JOIN attachment a ON a.document = t.id"
        " WHERE a.file_path IS NOT NULL AND a.path IS NOT NULL"
        "  AND a.path IS NOT a.file_path",
        "");
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        cs_arena_clear(arena);
        char *from = cs_arena_strdup(arena, cs_query_text(&query, 0));
        char *to = cs_arena_strdup(arena, cs_query_text(&query, 1));
        status = cs_arena_status(arena, err);
        if (!status)
            status = add_levels(store, from, to, err);
    }
    return status;
}

/* Is `path` the folder, or in it? */
static bool is_within(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 &&
           (path[len] == '\0' || path[len] == '/');
}

static bool overlap(const char *a, const char *b)
{
    return is_within(a, b) || is_within(b, a);
}

static bool is_apart(const struct shifts *shifts, const char *from,
                     const char *to)
{
    if (shifts->n == MAX_SHIFTS || overlap(from, to))
        return false;
    for (size_t i = 0; i < shifts->n; i++) {
        const struct shift *shift = &shifts->items[i];
        if (overlap(from, shift->from) || overlap(from, shift->to) ||
            overlap(to, shift->from) || overlap(to, shift->to))
            return false;
    }
    return true;
}

/* Paths below the folder ?2: "/" is followed by "0". */
#define BELOW(column)                                                          \
    " source = ?1 AND " column " > ?2 || '/' AND " column " < ?2 || '0'"

/* Most of what is there moves that way, nothing stays, and nothing is in the
 * way. */
static enum cs_status is_whole(struct cs_store *store, const char *from,
                               const char *to, int64_t moving, bool *ret,
                               struct cs_error *err)
{
    int64_t all = 0, stay = 0;
    enum cs_entry_kind kind = CS_ENTRY_NONE;
    enum cs_status status =
        cs_db_int(store->db, &all, err,
                  "SELECT (SELECT count(*) FROM document WHERE" BELOW(
                      "file_path") ") + (SELECT count(*) FROM attachment"
                                   " WHERE" BELOW("file_path") ")",
                  "is", store->source, from);
    if (!status)
        status = cs_db_int(
            store->db, &stay, err,
            "SELECT 1 FROM document WHERE" BELOW(
                "file_path") " AND path IS file_path UNION ALL SELECT 1 FROM "
                             "attachment"
                             " WHERE" BELOW(
                                 "file_path") " AND path IS file_path LIMIT 1",
            "is", store->source, from);
    if (!status)
        status = cs_dir_probe(store->dir, to, &kind, err);
    *ret = !stay && moving * 4 >= all * 3 && kind == CS_ENTRY_NONE;
    return status;
}

/* From here on the rows, and what leaves in this batch, speak of the new
 * folder. */
static enum cs_status rename_rows(struct cs_store *store,
                                  const struct shift *shift,
                                  struct cs_error *err)
{
    static const char *const steps[] = {
        "UPDATE attachment SET"
        " file_path = ?3 || substr(file_path, length(?2) + 1)"
        " WHERE" BELOW("file_path"),
        "UPDATE intent SET path = ?3 || substr(path, length(?2) + 1)"
        " WHERE" BELOW("path") " AND id > ?4 AND op <> 'shift'",
        "UPDATE document SET"
        " file_path = ?3 || substr(file_path, length(?2) + 1)"
        " WHERE" BELOW("file_path") " AND ?4 IS NOT NULL",
    };
    int64_t there = 0;
    enum cs_status status = cs_db_run(store->db, err, steps[0], "iss",
                                      store->source, shift->from, shift->to);
    for (size_t i = 1; i < CS_ARRAY_LEN(steps) && !status; i++)
        status = cs_db_run(store->db, err, steps[i], "issi", store->source,
                           shift->from, shift->to, store->published);
    if (!status)
        status = cs_db_int(store->db, &there, err,
                           "SELECT count(*) FROM document"
                           " WHERE" BELOW("file_path") " AND path = file_path",
                           "is", store->source, shift->to);
    store->counts.moved += (uint64_t)there;
    return status;
}

static enum cs_status accept(struct cs_store *store, struct cs_arena *arena,
                             struct cs_query *query, struct shifts *shifts,
                             struct cs_error *err)
{
    const char *from = cs_query_text(query, 0), *to = cs_query_text(query, 1);
    bool whole = false;
    if (!is_apart(shifts, from, to))
        return CS_OK;
    enum cs_status status =
        is_whole(store, from, to, cs_query_int(query, 2), &whole, err);
    if (status || !whole)
        return status;
    shifts->items[shifts->n++] = (struct shift){cs_arena_strdup(arena, from),
                                                cs_arena_strdup(arena, to)};
    return cs_arena_status(arena, err);
}

static enum cs_status choose(struct cs_store *store, struct cs_arena *arena,
                             struct shifts *shifts, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    enum cs_status status = cs_db_query(store->db, &query, err,
                                        "SELECT a, b, n FROM temp.shift"
                                        " WHERE n >= ?"
                                        " ORDER BY n DESC, length(a), a",
                                        "i", (int64_t)MIN_FILES);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        status = accept(store, arena, &query, shifts, err);
    }
    return status;
}

enum cs_status cs_shift_stage(struct cs_store *store, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct shifts shifts = {.n = 0};
    enum cs_status status = gather(store, arena, err);
    if (!status)
        cs_arena_clear(arena);
    if (!status)
        status = choose(store, arena, &shifts, err);
    if (!status)
        status = cs_db_run(store->db, err, "DELETE FROM temp.shift", "");
    for (size_t i = 0; i < shifts.n && !status; i++) {
        const struct cs_intent intent = {.op = CS_INTENT_SHIFT,
                                         .path = shifts.items[i].from,
                                         .target = shifts.items[i].to};
        status = rename_rows(store, &shifts.items[i], err);
        if (!status)
            status = cs_intent_add(store, &intent, err);
    }
    return status;
}

/* ---- after the commit ---- */

/* Names of ours below the folder ?2: of rows, and of what leaves. */
#define OURS_BELOW                                                             \
    "SELECT file_path AS name FROM document WHERE" BELOW(                      \
        "file_path") " UNION ALL SELECT file_path FROM attachment "            \
                     "WHERE" BELOW(                                            \
                         "file_path") " UNION ALL SELECT path FROM "           \
                                      "intent WHERE" BELOW(                    \
                                          "path") "  AND op IN ('take', "      \
                                                  "'remove', 'trash') AND id " \
                                                  "> ?3"

struct walk {
    struct cs_store *store;
    const struct cs_intent *intent;
    bool foreign;
};

/* Append what `name` in the old folder is called in the new one. */
static void put_renamed(const struct cs_intent *intent, const char *name,
                        struct cs_strbuf *out)
{
    cs_strbuf_reset(out);
    cs_strbuf_printf(out, "%s%s", intent->target, name + strlen(intent->path));
}

/* A file is ours when a row says so, a folder when something of ours is in. */
static enum cs_status visit(void *payload, const char *name,
                            enum cs_entry_kind kind, struct cs_error *err)
{
    struct walk *walk = payload;
    struct cs_store *store = walk->store;
    struct cs_strbuf target CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    int64_t ours = 0;
    if (walk->foreign)
        return CS_OK;
    put_renamed(walk->intent, name, &target);
    enum cs_status status = cs_strbuf_status(&target, err);
    if (!status && kind == CS_ENTRY_DIR)
        status =
            cs_db_int(store->db, &ours, err, "SELECT EXISTS(" OURS_BELOW ")",
                      "isi", store->source, target.data, store->published);
    else if (!status && kind == CS_ENTRY_FILE)
        status = cs_db_int(
            store->db, &ours, err,
            "SELECT 1 FROM document WHERE source = ?1 AND file_path = ?2"
            " UNION ALL SELECT 1 FROM attachment WHERE source = ?1"
            "  AND file_path = ?2"
            " UNION ALL SELECT 1 FROM intent WHERE source = ?1 AND path = ?2"
            "  AND op IN ('take', 'remove', 'trash') AND id > ?3",
            "isi", store->source, target.data, store->published);
    walk->foreign = !ours;
    return status;
}

/* One file of a folder that could not be renamed as a whole. Where another file
 * of ours has come to the old name, this one has left it. */
static enum cs_status move_one(struct cs_store *store, const char *from,
                               const char *to, struct cs_error *err)
{
    enum cs_entry_kind kind;
    int64_t taken = 0;
    bool done = false;
    enum cs_status status = cs_dir_probe(store->dir, from, &kind, err);
    if (!status && kind == CS_ENTRY_FILE)
        status = cs_db_int(
            store->db, &taken, err,
            "SELECT 1 FROM document WHERE source = ?1 AND file_path = ?2"
            " UNION ALL SELECT 1 FROM attachment WHERE source = ?1"
            "  AND file_path = ?2",
            "is", store->source, from);
    if (!status && kind == CS_ENTRY_FILE && !taken)
        status = cs_dir_rename(store->dir, from, to, false, &done, err);
    if (status || taken || (kind == CS_ENTRY_FILE && !done))
        return status;
    return cs_dir_remove(store->dir, from, err); /* empty folders above it */
}

static enum cs_status move_each(struct cs_store *store,
                                const struct cs_intent *intent,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_strbuf from CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum cs_status status =
        cs_db_query(store->db, &query, err, OURS_BELOW, "isi", store->source,
                    intent->target, store->published);
    for (bool row = true; !status;) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        const char *to = cs_query_text(&query, 0);
        cs_strbuf_reset(&from);
        cs_strbuf_printf(&from, "%s%s", intent->path,
                         to + strlen(intent->target));
        status = cs_strbuf_status(&from, err);
        if (!status)
            status = move_one(store, from.data, to, err);
    }
    return status;
}

enum cs_status cs_shift_do(struct cs_store *store,
                           const struct cs_intent *intent, struct cs_error *err)
{
    struct walk walk = {store, intent, false};
    enum cs_entry_kind from, to;
    bool done = false;
    enum cs_status status = cs_dir_probe(store->dir, intent->path, &from, err);
    if (!status)
        status = cs_dir_probe(store->dir, intent->target, &to, err);
    if (status || from != CS_ENTRY_DIR) /* it was done before */
        return status;
    if (to == CS_ENTRY_NONE)
        status = cs_dir_walk(store->dir, intent->path, visit, &walk, err);
    if (!status && to == CS_ENTRY_NONE && !walk.foreign)
        status =
            cs_dir_move(store->dir, intent->path, intent->target, &done, err);
    return status || done ? status : move_each(store, intent, err);
}
