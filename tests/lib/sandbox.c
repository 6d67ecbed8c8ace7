/*
 * sandbox.c - temporary folders for tests.
 */
#include "tests/lib/sandbox.h"

#include "tests/lib/test.h"

#include "src/dir.h"
#include "src/file.h"
#include "src/path.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t standing_now(void *ctx)
{
    return ((struct sandbox *)ctx)->now_ms;
}

static void standing_sleep(void *ctx, int64_t ms)
{
    ((struct sandbox *)ctx)->now_ms += ms;
}

int sandbox_setup(void **state)
{
    struct sandbox *box = calloc(1, sizeof(*box));
    if (!box)
        return -1;
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(box->root, sizeof(box->root), "%s/cs-test-XXXXXX",
                   tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    if (!mkdtemp(box->root)) {
        free(box);
        return -1;
    }
    box->now_ms = 1790000000000;
    box->clock =
        (struct cs_clock){standing_now, standing_now, standing_sleep, box};
    *state = box;
    return 0;
}

static int remove_entry(const char *path, const struct stat *st, int flag,
                        struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

int sandbox_teardown(void **state)
{
    struct sandbox *box = *state;
    int status = nftw(box->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(box);
    return status;
}

static void put_path(const struct sandbox *box, const char *name,
                     struct cs_strbuf *path)
{
    cs_path_join(path, box->root, name);
}

const char *sandbox_read(const struct sandbox *box, const char *name,
                         struct cs_strbuf *buf)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    put_path(box, name, &path);
    cs_strbuf_reset(buf);
    assert_ok(cs_file_read(path.data, buf, &err), &err);
    return buf->data;
}

void sandbox_write(const struct sandbox *box, const char *name,
                   const char *text)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    assert_ok(cs_dir_write(dir, name, text, strlen(text), &err), &err);
}

bool sandbox_exists(const struct sandbox *box, const char *name)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    struct stat st;
    put_path(box, name, &path);
    return lstat(path.data, &st) == 0;
}

void sandbox_remove(const struct sandbox *box, const char *name)
{
    struct cs_strbuf path CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_PATH_MAX);
    put_path(box, name, &path);
    assert_int_equal(remove(path.data), 0);
}

struct listing {
    struct cs_dir *dir;
    struct cs_strbuf *out;
};

static enum cs_status list_entry(void *payload, const char *name,
                                 enum cs_entry_kind kind, struct cs_error *err)
{
    struct listing *listing = payload;
    struct cs_hash hash;
    char hex[CS_HASH_HEX_SIZE] = "-";
    if (kind == CS_ENTRY_FILE) {
        enum cs_status status = cs_dir_hash(listing->dir, name, &hash, err);
        if (status)
            return status;
        cs_hash_hex(&hash, hex);
    }
    cs_strbuf_printf(listing->out, "%s %d %s\n", name, (int)kind, hex);
    return CS_OK;
}

void sandbox_tree(const struct sandbox *box, const char *below,
                  struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    struct listing listing = {dir, out};
    assert_ok(cs_dir_walk(dir, below, list_entry, &listing, &err), &err);
}
