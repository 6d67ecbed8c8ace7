/*
 * task_deleted.c - what was deleted, given back or erased: restore, purge,
 * prune-spaces. The work is in index/store/removal.h.
 */
#include "cli/task.h"

#include "cli/verb.h"
#include "index/store/removal.h"
#include "src/path.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a dry run shows of each item, and a run before it acts. */
struct showing {
    struct cs_results *results;
    const char *task, *action;
    unsigned removed_only; /* leave out what is not removed */
};

static enum cs_status show(void *payload, const struct cs_removal_item *item,
                           struct cs_error *err)
{
    const struct showing *showing = payload;
    struct cs_results *results = showing->results;
    char reason[400];
    (void)err;
    if (showing->removed_only && !item->tombstone)
        return CS_OK;
    (void)snprintf(reason, sizeof(reason), "\"%.300s\"%s%.60s", item->title,
                   item->tombstone ? " was removed: " : " is held",
                   item->tombstone && item->reason ? item->reason : "");
    const struct cs_finding finding = {.check = showing->task,
                                       .severity = CS_CHECK_CHORE,
                                       .source = item->source,
                                       .path = item->path,
                                       .id = item->id,
                                       .message = reason,
                                       .action = showing->action,
                                       .bytes = item->bytes,
                                       .fixable = true,
                                       .fixed = !results->dry_run};
    cs_results_add(results, &finding);
    return CS_OK;
}

static enum cs_status restore(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    struct showing showing = {call->results, "restore",
                              "write it as a file of yours", true};
    const char *name = call->words[0];
    if (call->results->dry_run) {
        enum cs_status status =
            cs_removal_find(call->app->index, name, show, &showing, err);
        if (status || call->results->summary.due > 0)
            return status;
        return cs_error_set(err, CS_ERR_NOT_FOUND, "%s was not removed", name);
    }
    enum cs_status status = cs_store_open(call->app->index, &store, err);
    if (!status)
        status = cs_removal_restore(store, name, &path, err);
    if (!status)
        cs_results_act(call->results, "restore", path.data, name,
                       "written; it is yours, and no sync changes it", 0);
    return status;
}

static void on_copy(void *payload, const char *path)
{
    const struct cs_finding finding = {
        .check = "purge",
        .severity = CS_CHECK_NOTE,
        .path = path,
        .message = "is a copy of a local edit, and may hold what was erased",
        .action = "remove it by hand"};
    cs_results_add(payload, &finding);
}

/* Damaged indexes that `recover` kept hold what they held. */
static enum cs_status drop_damaged(struct cs_task_call *call,
                                   struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    const char *index = cs_index_path(call->app->index);
    const char *leaf = strrchr(index, '/') + 1;
    size_t folder = (size_t)(leaf - index);
    enum cs_status status = CS_OK;
    cs_strbuf_put(&path, index, folder);
    DIR *dir = opendir(path.data);
    for (struct dirent *e; dir && !status && (e = readdir(dir));) {
        struct stat st;
        if (fnmatch("index.db.damaged-*", e->d_name, 0) != 0)
            continue;
        cs_strbuf_truncate(&path, folder);
        cs_strbuf_puts(&path, e->d_name);
        if (lstat(path.data, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        if (!call->results->dry_run && unlink(path.data) != 0)
            status = cs_error_errno(err, errno, "%s", path.data);
        else
            cs_results_act(call->results, "purge", path.data,
                           "is an old index, and may hold what is erased",
                           "remove it", (int64_t)st.st_size);
    }
    if (dir)
        (void)closedir(dir);
    return status;
}

static enum cs_status purge(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct showing showing = {call->results, "purge",
                              "erase everything that is known of it", false};
    enum cs_status status = CS_OK;
    for (int i = 0; i < call->n_words && !status; i++)
        status = cs_removal_find(call->app->index, call->words[i], show,
                                 &showing, err);
    if (!status && !call->results->dry_run)
        status = cs_store_open(call->app->index, &store, err);
    if (!status && !call->results->dry_run)
        status = cs_removal_purge(store, (const char *const *)call->words,
                                  (size_t)call->n_words, on_copy, call->results,
                                  err);
    return status ? status : drop_damaged(call, err);
}

static enum cs_status prune(struct cs_task_call *call, struct cs_error *err)
{
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct showing showing = {call->results, "prune-spaces",
                              "remove it: its space is not configured", false};
    uint64_t n = 0;
    enum cs_status status =
        cs_removal_find_left(call->app->index, show, &showing, err);
    if (status || call->results->dry_run)
        return status;
    status = cs_store_open(call->app->index, &store, err);
    return status ? status : cs_removal_prune_left(store, true, &n, err);
}

const struct cs_task cs_task_restore = {.name = "restore",
                                        .words = "ID",
                                        .min_words = 1,
                                        .max_words = 1,
                                        .needs = CS_NEED_WRITER,
                                        .dry_needs = CS_NEED_INSPECT,
                                        .run = restore};

const struct cs_task cs_task_purge = {.name = "purge",
                                      .words = "ID...",
                                      .min_words = 1,
                                      .max_words = -1,
                                      .needs = CS_NEED_WRITER,
                                      .dry_needs = CS_NEED_INSPECT,
                                      .run = purge};

const struct cs_task cs_task_prune_spaces = {.name = "prune-spaces",
                                             .words = "",
                                             .needs = CS_NEED_WRITER,
                                             .dry_needs = CS_NEED_INSPECT,
                                             .run = prune};
