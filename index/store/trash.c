/*
 * trash.c - the folder with the bytes of attachments that were removed.
 */
#include "index/store/internal.h"
#include "index/store/removal.h"
#include "src/path.h"

#include <unistd.h>

static enum cs_status put_path(struct cs_index *index, struct cs_strbuf *out,
                               struct cs_error *err)
{
    cs_path_join(out, cs_index_root(index), ".cs/trash");
    return cs_strbuf_status(out, err);
}

enum cs_status cs_trash_open(struct cs_store *store, struct cs_dir **ret,
                             struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    enum cs_status status = put_path(store->index, &path, err);
    return status ? status : cs_dir_open(path.data, ret, err);
}

struct sweep {
    struct cs_db *db;
    struct cs_dir *trash;
    bool remove; /* or count */
    uint64_t n;
    int64_t bytes;
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
    int64_t wanted = 0, size = 0;
    if (kind != CS_ENTRY_FILE || !is_trash_name(name))
        return CS_OK;
    enum cs_status status =
        cs_db_int(sweep->db, &wanted, err,
                  "SELECT 1 FROM tombstone_file WHERE trash = ?", "s", name);
    if (status || wanted)
        return status;
    if (sweep->remove)
        return cs_dir_remove(sweep->trash, name, err);
    status = cs_dir_size(sweep->trash, name, &size, err);
    sweep->n++;
    sweep->bytes += size;
    return status;
}

enum cs_status cs_trash_sweep(struct cs_store *store, struct cs_error *err)
{
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = NULL;
    enum cs_status status = cs_trash_open(store, &trash, err);
    struct sweep sweep = {.db = store->db, .trash = trash, .remove = true};
    return status ? status : cs_dir_walk(trash, NULL, sweep_entry, &sweep, err);
}

enum cs_status cs_trash_count(struct cs_index *index, uint64_t *ret_n,
                              int64_t *ret_bytes, struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = NULL;
    struct sweep sweep = {.db = cs_index_db(index)};
    enum cs_status status = put_path(index, &path, err);
    if (!status && access(path.data, F_OK) == 0) /* opening would make it */
        status = cs_dir_open(path.data, &trash, err);
    if (!status && trash) {
        sweep.trash = trash;
        status = cs_dir_walk(trash, NULL, sweep_entry, &sweep, err);
    }
    if (status)
        return status;
    *ret_n = sweep.n;
    *ret_bytes = sweep.bytes;
    return CS_OK;
}
