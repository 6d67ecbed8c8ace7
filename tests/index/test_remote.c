/*
 * test_remote.c - an index on a file system that would damage it is refused.
 *
 * The linker puts our statfs() in place of the system's, which tells the magic
 * number of a file system by what the path contains.
 */
#include "tests/lib/test.h"

#include "index/index.h"
#include "tests/lib/sandbox.h"

#include <sys/stat.h>
#include <sys/vfs.h>

static long magic; /* of what lies below "remote" */
enum { EXT4 = 0xef53 };

int __wrap_statfs(const char *path, struct statfs *ret);
int __wrap_statfs(const char *path, struct statfs *ret)
{
    *ret = (struct statfs){.f_type = strstr(path, "remote") ? magic : EXT4};
    return 0;
}

static enum cs_status open_at(const struct sandbox *box, const char *root,
                              const char *index_dir, struct cs_error *err)
{
    char root_path[128], dir_path[128];
    struct cs_index *index = NULL;
    (void)snprintf(root_path, sizeof(root_path), "%s/%s", box->root, root);
    (void)snprintf(dir_path, sizeof(dir_path), "%s/%s", box->root,
                   index_dir ? index_dir : "");
    const struct cs_index_options options = {.root = root_path,
                                             .index_dir =
                                                 index_dir ? dir_path : NULL,
                                             .clock = &box->clock,
                                             .mode = CS_DB_WRITE};
    enum cs_status status = cs_index_open(&options, &index, err);
    cs_index_close(index);
    return status;
}

static void test_remote_systems_are_refused(void **state)
{
    static const struct {
        long magic;
        const char *name;
    } systems[] = {
        {0x6969, "NFS"},      {0xff534d42, "CIFS"}, {0xfe534d42, "SMB2"},
        {0x517b, "SMB"},      {0x65735546, "FUSE"}, {0x01021997, "9p"},
        {0x00c36400, "Ceph"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(systems); i++) {
        struct cs_error err = CS_ERROR_INIT;
        magic = systems[i].magic;
        assert_int_equal(open_at(*state, "remote", NULL, &err), CS_ERR_CONFIG);
        assert_non_null(strstr(err.message, systems[i].name));
        assert_non_null(strstr(err.hint, "index_dir"));
        assert_false(sandbox_exists(*state, "remote/.cs/index.db"));
        assert_false(sandbox_exists(*state, "remote/.cs/lock"));
    }
}

/* The files may lie there, when the index lies elsewhere. */
static void test_the_index_alone_counts(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    magic = 0x6969;
    assert_ok(open_at(*state, "remote", "local", &err), &err);
    assert_true(sandbox_exists(*state, "local/index.db"));
    assert_int_equal(open_at(*state, "here", "remote", &err), CS_ERR_CONFIG);
    assert_ok(open_at(*state, "here", NULL, &err), &err);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_remote_systems_are_refused),
        TEST(test_the_index_alone_counts),
    };
    return cmocka_run_group_tests_name("remote", tests, NULL, NULL);
}
