/*
 * check.c - the table, and how a check is run.
 */
#include "index/upkeep/internal.h"

#include "src/path.h"
#include "src/text.h"

#include <sys/stat.h>

/* Findings kept of one check; a mirror with more is mended in several runs. */
enum { FINDINGS_MAX = 100000 };

typedef enum cs_status find_fn(struct cs_check *check, struct cs_error *err);
typedef enum cs_status fix_fn(struct cs_check *check,
                              const struct cs_check_item *item,
                              struct cs_error *err);

struct row {
    const char *name, *title;
    find_fn *find;
    fix_fn *fix;   /* NULL: reported only */
    bool fix_once; /* one call mends all that was found */
};

static enum cs_status fix_replay(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    (void)item;
    return cs_store_replay(check->options->store, err);
}

static enum cs_status fix_rebuild(struct cs_check *check,
                                  const struct cs_check_item *item,
                                  struct cs_error *err)
{
    (void)item;
    return cs_db_exec(check->db, "INSERT INTO fts(fts) VALUES('rebuild')", err);
}

static enum cs_status fix_reemit(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    return cs_store_reemit(check->options->store, item->document, err);
}

static enum cs_status fix_remove(struct cs_check *check,
                                 const struct cs_check_item *item,
                                 struct cs_error *err)
{
    (void)check;
    return cs_dir_remove(item->source->dir, item->name, err);
}

/* The index is mended before the files that are rendered from it. */
static const struct row rows[] = {
    {"intents", "file operations left undone", cs_check_find_intents,
     fix_replay, true},
    {"database", "the database file", cs_check_find_database, NULL, false},
    {"index-integrity", "the full-text index against the texts",
     cs_check_find_integrity, fix_rebuild, true},
    {"index-entries", "texts and full-text entries, one for one",
     cs_check_find_entries, fix_rebuild, true},
    {"missing-files", "documents without their file", cs_check_find_missing,
     fix_reemit, false},
    {"changed-files", "files edited by hand", cs_check_find_changed, NULL,
     false},
    {"stage-files", "staged files that nothing wants", cs_check_find_stage,
     fix_remove, false},
    {"leftover-files", "files of ours that belong to no document",
     cs_check_find_leftover, fix_remove, false},
    {"foreign-files", "files of others", cs_check_find_foreign, NULL, false},
    {"completeness", "what was listed is held and stored",
     cs_check_find_completeness, NULL, false},
};

const char *cs_check_name(size_t i)
{
    return i < CS_ARRAY_LEN(rows) ? rows[i].name : NULL;
}

const char *cs_check_title(size_t i)
{
    return i < CS_ARRAY_LEN(rows) ? rows[i].title : NULL;
}

static const char *path_of(struct cs_check *check,
                           const struct cs_check_item *item)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    if (!item->source || !item->name)
        return NULL;
    cs_path_join(&path, item->source->folder, item->name);
    return path.status ? NULL : cs_arena_strdup(check->arena, path.data);
}

static enum cs_status read_id(struct cs_check *check, int64_t document,
                              const char **ret, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    if (!document)
        return CS_OK;
    enum cs_status status =
        cs_db_query(check->db, &query, err,
                    "SELECT s.name || ':' || d.vendor_id FROM document d"
                    " JOIN source s ON s.id = d.source WHERE d.id = ?",
                    "i", document);
    if (!status)
        status = cs_query_next(&query, &row, err);
    if (!status && row)
        *ret = cs_arena_strdup(check->arena, cs_query_text(&query, 0));
    return status;
}

enum cs_status cs_check_report(struct cs_check *check,
                               const struct cs_check_item *item,
                               struct cs_error *err)
{
    struct cs_arena *arena = check->arena;
    if (check->n_items == FINDINGS_MAX)
        return CS_OK;
    struct cs_check_item *kept = cs_arena_alloc(arena, sizeof(*kept));
    if (!kept)
        return cs_arena_status(arena, err);
    *kept = *item;
    kept->next = NULL;
    kept->name = cs_arena_strdup(arena, item->name);
    struct cs_finding *finding = &kept->finding;
    finding->check = check->check;
    finding->source = item->source ? item->source->name : NULL;
    finding->path = path_of(check, item);
    finding->message = cs_arena_strdup(arena, item->finding.message);
    finding->action = cs_arena_strdup(arena, item->finding.action);
    enum cs_status status = read_id(check, item->document, &finding->id, err);
    if (!status)
        status = cs_arena_status(arena, err);
    if (status)
        return status;
    if (check->last)
        check->last->next = kept;
    else
        check->first = kept;
    check->last = kept;
    check->n_items++;
    return CS_OK;
}

static enum cs_status mend(struct cs_check *check, const struct row *row,
                           struct cs_error *err)
{
    bool done = false;
    for (struct cs_check_item *item = check->first; item; item = item->next) {
        if (!item->finding.fixable)
            continue;
        enum cs_status status =
            row->fix_once && done ? CS_OK : row->fix(check, item, err);
        if (status)
            return cs_error_prefix(err, "check %s", row->name);
        item->finding.fixed = done = true;
    }
    return CS_OK;
}

static void deliver(struct cs_check *check, struct cs_check_summary *summary)
{
    const struct cs_check_options *options = check->options;
    for (struct cs_check_item *item = check->first; item; item = item->next) {
        if (item->finding.fixed)
            summary->fixed++;
        else if (item->finding.severity == CS_CHECK_PROBLEM)
            summary->problems++;
        else
            summary->notes++;
        if (options->found)
            options->found(options->payload, &item->finding);
    }
}

static enum cs_status run_one(struct cs_check *check, const struct row *row,
                              struct cs_check_summary *summary,
                              struct cs_error *err)
{
    cs_arena_clear(check->arena);
    check->check = row->name;
    check->first = check->last = NULL;
    check->n_items = 0;
    enum cs_status status = row->find(check, err);
    if (!status && row->fix && check->options->mode == CS_CHECK_FIX)
        status = mend(check, row, err);
    if (!status)
        deliver(check, summary);
    return status;
}

/* cs_dir_open() makes a folder that is not there, and a dry run must not. */
static enum cs_status open_folder(struct cs_check *check,
                                  struct cs_check_source *source,
                                  struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct stat st;
    cs_index_put_folder(check->index, source->folder, &path);
    enum cs_status status = cs_strbuf_status(&path, err);
    if (status || stat(path.data, &st) != 0 || !S_ISDIR(st.st_mode))
        return status;
    return cs_dir_open(path.data, &source->dir, err);
}

static enum cs_status open_sources(struct cs_check *check,
                                   struct cs_arena *arena, struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    int64_t count = 0;
    bool row = true;
    enum cs_status status =
        cs_db_int(check->db, &count, err, "SELECT count(*) FROM source", "");
    if (status || count == 0)
        return status;
    check->sources =
        cs_arena_array(arena, (size_t)count, sizeof(*check->sources));
    if (!check->sources)
        return cs_arena_status(arena, err);
    status =
        cs_db_query(check->db, &query, err,
                    "SELECT id, name, folder FROM source ORDER BY name", "");
    while (!status && check->n_sources < (size_t)count) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        struct cs_check_source *source = &check->sources[check->n_sources++];
        source->row = cs_query_int(&query, 0);
        source->name = cs_arena_strdup(arena, cs_query_text(&query, 1));
        source->folder = cs_arena_strdup(arena, cs_query_text(&query, 2));
        status = cs_arena_status(arena, err);
        if (!status)
            status = open_folder(check, source, err);
    }
    return status;
}

static void close_sources(struct cs_check *check)
{
    for (size_t i = 0; i < check->n_sources; i++)
        cs_dir_close(check->sources[i].dir);
}

static bool is_chosen(const struct cs_check_options *options, const char *name)
{
    for (size_t i = 0; i < options->n_only; i++)
        if (strcmp(options->only[i], name) == 0)
            return true;
    return options->n_only == 0;
}

static enum cs_status check_names(const struct cs_check_options *options,
                                  struct cs_error *err)
{
    for (size_t i = 0; i < options->n_only; i++) {
        size_t j = 0;
        while (j < CS_ARRAY_LEN(rows) &&
               strcmp(rows[j].name, options->only[i]) != 0)
            j++;
        if (j == CS_ARRAY_LEN(rows))
            return cs_error_set(err, CS_ERR_USAGE, "there is no check %s",
                                options->only[i]);
    }
    return CS_OK;
}

enum cs_status cs_check_run(struct cs_index *index,
                            const struct cs_check_options *options,
                            struct cs_check_summary *ret, struct cs_error *err)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_arena *kept CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_check_summary summary = {0};
    struct cs_check check = {.index = index,
                             .db = cs_index_db(index),
                             .options = options,
                             .arena = kept};
    if (options->mode == CS_CHECK_FIX && !options->store)
        return cs_error_set(err, CS_ERR_INTERNAL, "nothing to mend with");
    enum cs_status status = check_names(options, err);
    if (!status && (!arena || !kept))
        status = cs_error_no_memory(err);
    if (!status)
        status = open_sources(&check, arena, err);
    for (size_t i = 0; i < CS_ARRAY_LEN(rows) && !status; i++)
        if (is_chosen(options, rows[i].name))
            status = run_one(&check, &rows[i], &summary, err);
    if (!status && summary.fixed) /* so that no intent is left behind */
        status = cs_store_replay(options->store, err);
    close_sources(&check);
    if (!status)
        *ret = summary;
    return status;
}
