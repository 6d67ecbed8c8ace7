/*
 * scratch.c - the temporary folder and what is in it.
 */
#include "index/upkeep/scratch.h"

#include "index/upkeep/backup.h"
#include "src/path.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct cs_scratch {
    char root[CS_PATH_MAX];
    struct cs_index *index;
};

/* No row may lead out of the temporary folder. */
static const char confine[] = "DELETE FROM intent;"
                              "UPDATE source SET folder = 'source-' || id;";

static enum cs_status make_folder(struct cs_scratch *scratch,
                                  struct cs_error *err)
{
    const char *above = getenv("TMPDIR");
    int n = snprintf(scratch->root, sizeof(scratch->root), "%s/cs-XXXXXX",
                     above && above[0] == '/' ? above : "/tmp");
    if (n < 0 || (size_t)n >= sizeof(scratch->root) - 32)
        return cs_error_set(err, CS_ERR_LIMIT, "TMPDIR is too long");
    if (!mkdtemp(scratch->root)) {
        int errnum = errno;
        scratch->root[0] = '\0';
        return cs_error_errno(err, errnum, "temporary folder");
    }
    return CS_OK;
}

static enum cs_status fill(struct cs_scratch *scratch, struct cs_index *index,
                           struct cs_error *err)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(2 * CS_PATH_MAX);
    const struct cs_index_options options = {.root = scratch->root,
                                             .clock = cs_index_clock(index),
                                             .mode = CS_DB_WRITE};
    cs_strbuf_printf(&path, "%s/.cs", scratch->root);
    if (mkdir(path.data, 0700) != 0)
        return cs_error_errno(err, errno, "%s", path.data);
    cs_strbuf_puts(&path, "/index.db");
    enum cs_status status =
        cs_backup_copy(cs_index_db(index), path.data, NULL, err);
    if (!status)
        status = cs_index_open(&options, &scratch->index, err);
    if (!status)
        status = cs_db_exec(cs_index_db(scratch->index), confine, err);
    return status;
}

enum cs_status cs_scratch_open(struct cs_index *index, struct cs_scratch **ret,
                               struct cs_error *err)
{
    struct cs_scratch *scratch = calloc(1, sizeof(*scratch));
    if (!scratch)
        return cs_error_no_memory(err);
    enum cs_status status = make_folder(scratch, err);
    if (!status)
        status = fill(scratch, index, err);
    if (status) {
        cs_scratch_close(scratch);
        return status;
    }
    *ret = scratch;
    return CS_OK;
}

static int remove_entry(const char *path, const struct stat *st, int kind,
                        struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    (void)remove(path);
    return 0;
}

void cs_scratch_close(struct cs_scratch *scratch)
{
    if (!scratch)
        return;
    cs_index_close(scratch->index);
    if (scratch->root[0])
        (void)nftw(scratch->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(scratch);
}

struct cs_index *cs_scratch_index(struct cs_scratch *scratch)
{
    return scratch->index;
}
