/*
 * scenario_gone.c - documents that are deleted, given back, and purged.
 */
#include "tests/fault/scenario.h"

#include "index/store/removal.h"
#include "tests/lib/script.h"

static const struct script_page pages[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, "Runbook", NULL),
    SCRIPT_PAGE("4", "Plans", NULL, NULL, 1, NULL, NULL), /* a folder */
    SCRIPT_PAGE("3", "On call", "2", "Ask Ada", 1, NULL, NULL),
    /* deleted from here on */
    {.id = "2",
     .title = "Runbook",
     .parent = "1",
     .text = "Restart the pump",
     .version = 1,
     .label = "ops",
     .shows = "net.png"},
    SCRIPT_PAGE("5", "Q1", "4", "Ship it", 1, "Runbook", NULL),
};

static const struct script_file files[] = {
    {.id = "a1",
     .page = "2",
     .name = "net.png",
     .bytes = "a picture",
     .version = 1},
    {.id = "a2",
     .page = "2",
     .name = "old.png",
     .bytes = "another",
     .version = 1},
};

static enum cs_status sync_with(struct sandbox *box, size_t n_pages,
                                size_t n_files, struct cs_error *err)
{
    struct cs_run_summary summary;
    struct script script = {.pages = pages,
                            .n = n_pages,
                            .files = files,
                            .n_files = n_files,
                            .trashes = true,
                            .options = {.aspects = CS_ASPECT_ATTACHMENTS,
                                        .attachments = CS_ATTACHMENTS_ALL,
                                        .keep_deleted_ms = 1000}};
    return script_try_all(box, &script, &summary, err);
}

enum cs_status fault_sync_all(struct sandbox *box, struct cs_error *err)
{
    return sync_with(box, CS_ARRAY_LEN(pages), CS_ARRAY_LEN(files), err);
}

enum cs_status fault_sync_deleted(struct sandbox *box, struct cs_error *err)
{
    return sync_with(box, 3, 0, err);
}

enum cs_status fault_prepare_deleted(struct sandbox *box, struct cs_error *err)
{
    enum cs_status status = fault_sync_all(box, err);
    return status ? status : fault_sync_deleted(box, err);
}

static enum cs_status with_store(struct sandbox *box,
                                 enum cs_status (*act)(struct cs_store *store,
                                                       struct cs_error *err),
                                 struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    enum cs_status status = script_open(box, &index, &store, err);
    return status ? status : act(store, err);
}

/* Whoever finds nothing to give back finds it given back. What is left in the
 * trash then goes with the next routine. */
static enum cs_status restore(struct cs_store *store, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    uint64_t n;
    enum cs_status status = cs_removal_restore(store, "2", &path, err);
    if (status && status != CS_ERR_NOT_FOUND)
        return status;
    return cs_removal_expire(store, NULL, 0, &n, err);
}

enum cs_status fault_restore(struct sandbox *box, struct cs_error *err)
{
    return with_store(box, restore, err);
}

/* One that is held, and one that was removed. */
static enum cs_status purge(struct cs_store *store, struct cs_error *err)
{
    static const char *const names[] = {"2", "3"};
    return cs_removal_purge(store, names, CS_ARRAY_LEN(names), NULL, NULL, err);
}

enum cs_status fault_purge(struct sandbox *box, struct cs_error *err)
{
    return with_store(box, purge, err);
}

static enum cs_status expire(struct cs_store *store, struct cs_error *err)
{
    uint64_t n;
    return cs_removal_expire(store, NULL, INT64_MAX, &n, err);
}

enum cs_status fault_expire(struct sandbox *box, struct cs_error *err)
{
    return with_store(box, expire, err);
}
