/*
 * check.c - how the tasks of the table are run.
 */
#include "index/upkeep/internal.h"

#include "index/state.h"
#include "src/path.h"
#include "src/suggest.h"
#include "src/text.h"

#include <sys/stat.h>

/* Findings kept of one check; a mirror with more is mended in several runs. */
enum { FINDINGS_MAX = 100000 };

/* The chores of a sync are done once in this time, in milliseconds. */
#define ROUTINE_EVERY ((int64_t)24 * 3600 * 1000)

struct cs_check_source *cs_check_source_of(struct cs_check *check, int64_t row)
{
    for (size_t i = 0; i < check->n_sources; i++)
        if (check->sources[i].row == row)
            return &check->sources[i];
    return NULL;
}

static const char *path_of(struct cs_check *check,
                           const struct cs_check_item *item)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    if (!item->source || !item->name)
        return cs_arena_strdup(check->arena, item->finding.path);
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

static enum cs_status mend(struct cs_check *check,
                           const struct cs_check_row *row, struct cs_error *err)
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
    struct cs_sink *sink = cs_store_sink(check->options->store);
    return done ? sink->ops->commit(sink, err) : CS_OK;
}

void cs_check_count(struct cs_check_summary *summary,
                    const struct cs_finding *finding)
{
    if (finding->severity == CS_CHECK_CHORE) {
        summary->done += finding->fixed;
        summary->due += !finding->fixed;
    } else if (finding->fixed) {
        summary->fixed++;
    } else if (finding->severity == CS_CHECK_PROBLEM) {
        summary->problems++;
        summary->fixable += finding->fixable;
    } else {
        summary->notes++;
    }
}

static void deliver(struct cs_check *check, struct cs_check_summary *summary)
{
    const struct cs_check_options *options = check->options;
    for (struct cs_check_item *item = check->first; item; item = item->next) {
        cs_check_count(summary, &item->finding);
        if (options->found)
            options->found(options->payload, &item->finding);
    }
}

/* Damage is a finding of the task that meets it first, and the next task goes
 * on. */
static enum cs_status find(struct cs_check *check,
                           const struct cs_check_row *row, struct cs_error *err)
{
    struct cs_error why = CS_ERROR_INIT;
    enum cs_status status = row->find(check, &why);
    if (status == CS_ERR_CORRUPT) {
        if (check->damaged)
            return CS_OK;
        check->damaged = true;
        struct cs_check_item item = {
            .finding = {.severity = CS_CHECK_PROBLEM,
                        .message = why.message,
                        .action = "run cs maintenance recover, then "
                                  "cs sync"}};
        return cs_check_report(check, &item, err);
    }
    return cs_error_pass(err, status, &why);
}

static enum cs_status run_one(struct cs_check *check,
                              const struct cs_check_row *row,
                              struct cs_check_summary *summary,
                              struct cs_error *err)
{
    cs_arena_clear(check->arena);
    check->check = row->name;
    check->first = check->last = NULL;
    check->n_items = 0;
    enum cs_status status = find(check, row, err);
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

struct opening {
    struct cs_check *check;
    struct cs_arena *arena;
};

static enum cs_status add_source(void *payload, struct cs_query *row,
                                 struct cs_error *err)
{
    const struct opening *opening = payload;
    struct cs_check *check = opening->check;
    struct cs_arena *arena = opening->arena;
    struct cs_check_source *source = &check->sources[check->n_sources++];
    source->row = cs_query_int(row, 0);
    source->name = cs_arena_strdup(arena, cs_query_text(row, 1));
    source->folder = cs_arena_strdup(arena, cs_query_text(row, 2));
    enum cs_status status = cs_arena_status(arena, err);
    return status ? status : open_folder(check, source, err);
}

static enum cs_status open_sources(struct cs_check *check,
                                   struct cs_arena *arena, struct cs_error *err)
{
    struct opening opening = {check, arena};
    int64_t n = 0;
    enum cs_status status =
        cs_db_int(check->db, &n, err, "SELECT count(*) FROM source", "");
    if (status || n == 0)
        return status;
    check->sources = cs_arena_array(arena, (size_t)n, sizeof(*check->sources));
    if (!check->sources)
        return cs_arena_status(arena, err);
    return cs_db_each(check->db, add_source, &opening, err,
                      "SELECT id, name, folder FROM source ORDER BY name"
                      " LIMIT ?",
                      "i", n);
}

static void close_sources(struct cs_check *check)
{
    for (size_t i = 0; i < check->n_sources; i++)
        cs_dir_close(check->sources[i].dir);
}

static bool is_chosen(const struct cs_check_options *options,
                      const struct cs_check_row *row)
{
    static const bool sets[][3] = {
        [CS_SET_ROUTINE] = {[CS_KIND_CHECK] = true, [CS_KIND_CHORE] = true},
        [CS_SET_CHECKS] = {[CS_KIND_CHECK] = true},
        [CS_SET_CHORES] = {[CS_KIND_CHORE] = true},
    };
    for (size_t i = 0; i < options->n_only; i++)
        if (strcmp(options->only[i], row->name) == 0)
            return true;
    return options->n_only == 0 && sets[options->set][row->kind];
}

static enum cs_status no_task(const char *name, struct cs_error *err)
{
    const char *names[64];
    size_t n = 0;
    while (n < cs_check_n_rows && n < CS_ARRAY_LEN(names)) {
        names[n] = cs_check_rows[n].name;
        n++;
    }
    const char *near = cs_suggest_nearest(name, names, n);
    (void)cs_error_set(err, CS_ERR_USAGE, "there is no task %.80s", name);
    if (near)
        cs_error_hint(err, "did you mean %s?", near);
    else
        cs_error_hint(err, "cs maintenance --help lists the tasks");
    return CS_ERR_USAGE;
}

static enum cs_status check_names(const struct cs_check_options *options,
                                  struct cs_error *err)
{
    for (size_t i = 0; i < options->n_only; i++) {
        size_t j = 0;
        while (j < cs_check_n_rows &&
               strcmp(cs_check_rows[j].name, options->only[i]) != 0)
            j++;
        if (j == cs_check_n_rows)
            return no_task(options->only[i], err);
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
    for (size_t i = 0; i < cs_check_n_rows && !status; i++)
        if (is_chosen(options, &cs_check_rows[i]))
            status = run_one(&check, &cs_check_rows[i], &summary, err);
    if (!status && summary.fixed) /* so that no intent is left behind */
        status = cs_store_replay(options->store, err);
    close_sources(&check);
    if (!status)
        *ret = summary;
    return status;
}

enum cs_status cs_check_routine(struct cs_index *index, struct cs_store *store,
                                const struct cs_check_keep *keeps,
                                size_t n_keeps, bool *ret_ran,
                                struct cs_check_summary *ret,
                                struct cs_error *err)
{
    const struct cs_check_options options = {.mode = CS_CHECK_FIX,
                                             .set = CS_SET_CHORES,
                                             .store = store,
                                             .keeps = keeps,
                                             .n_keeps = n_keeps};
    struct cs_db *db = cs_index_db(index);
    int64_t now = cs_clock_now(cs_index_clock(index)), last = 0;
    enum cs_status status = cs_state_int(db, "routine", &last, err);
    bool due = last > now || now - last >= ROUTINE_EVERY;
    if (!status && due)
        status = cs_check_run(index, &options, ret, err);
    if (!status && due)
        status = cs_state_set_int(db, "routine", now, err);
    if (!status)
        *ret_ran = due;
    return status;
}
