/*
 * trash.c - the folder with the bytes of attachments that were removed.
 */
#include "index/store/internal.h"

#include "src/path.h"

enum cs_status cs_trash_open(struct cs_store *store, struct cs_dir **ret,
                             struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    cs_path_join(&path, cs_index_root(store->index), ".cs/trash");
    enum cs_status status = cs_strbuf_status(&path, err);
    return status ? status : cs_dir_open(path.data, ret, err);
}

struct sweep {
    struct cs_store *store;
    struct cs_dir *trash;
};

/* Names there are content hashes in hexadecimal; others are not ours. */
static bool is_trash_name(const char *name)
{
    return strlen(name) == CS_HASH_SIZE * 2 &&
           strspn(name, "0123456789abcdef") == CS_HASH_SIZE * 2;
}

static enum cs_status sweep_entry(void *payload, const char *name,
                                  enum cs_entry_kind kind, struct cs_error *err)
{
    struct sweep *sweep = payload;
    int64_t wanted = 0;
    if (kind != CS_ENTRY_FILE || !is_trash_name(name))
        return CS_OK;
    enum cs_status status =
        cs_db_int(sweep->store->db, &wanted, err,
                  "SELECT 1 FROM tombstone_file WHERE trash = ?", "s", name);
    return status || wanted ? status : cs_dir_remove(sweep->trash, name, err);
}

enum cs_status cs_trash_sweep(struct cs_store *store, struct cs_error *err)
{
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = cs_trash_open(store, &trash, err);
    struct sweep sweep = {store, trash};
    return status ? status : cs_dir_walk(trash, NULL, sweep_entry, &sweep, err);
}
