/*
 * test_dir.c - a folder that names cannot leave, and whole files.
 */
#include "tests/lib/sandbox.h"
#include "tests/lib/test.h"

#include "src/dir.h"
#include "src/file.h"
#include "src/lock.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cs_dir *open_dir(struct sandbox *box, const char *name)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir = NULL;
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", box->root, name);
    assert_ok(cs_dir_open(path, &dir, &err), &err);
    return dir;
}

static void test_write_rename_remove(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    bool done = false;
    assert_ok(cs_dir_write(dir, "a/b/x.md", "1", 1, &err), &err);
    assert_ok(cs_dir_rename(dir, "a/b/x.md", "c/y.md", false, &done, &err),
              &err);
    assert_true(done);
    assert_ok(cs_dir_write(dir, "a/b/x.md", "2", 1, &err), &err);
    assert_ok(cs_dir_rename(dir, "a/b/x.md", "c/y.md", false, &done, &err),
              &err);
    assert_false(done);
    struct cs_hash have, want = cs_hash_of("1", 1);
    assert_ok(cs_dir_hash(dir, "c/y.md", &have, &err), &err);
    assert_true(cs_hash_equal(&have, &want));
    assert_ok(cs_dir_remove(dir, "a/b/x.md", &err), &err);
    assert_ok(cs_dir_remove(dir, "a/b/x.md", &err), &err);
    assert_false(sandbox_exists(box, "m/a/b"));
    assert_true(sandbox_exists(box, "m/a")); /* the first component stays */
}

static void test_modes(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    struct stat st;
    char path[128];
    assert_ok(cs_dir_write(dir, "a/x", "1", 1, &err), &err);
    (void)snprintf(path, sizeof(path), "%s/m/a", box->root);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    (void)snprintf(path, sizeof(path), "%s/m/a/x", box->root);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_names_cannot_leave(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    char link[128];
    static const char *const names[] = {"../x", "/etc/x", "a/../../x",
                                        "",     "a//b",   "."};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        assert_int_not_equal(cs_dir_write(dir, names[i], "1", 1, &err), CS_OK);
    /* a link on the way, and a link as the last component */
    sandbox_write(box, "out/keep", "keep");
    (void)snprintf(link, sizeof(link), "%s/m/link", box->root);
    assert_int_equal(symlink("../out", link), 0);
    assert_int_not_equal(cs_dir_write(dir, "link/keep", "1", 1, &err), CS_OK);
    (void)snprintf(link, sizeof(link), "%s/m/file", box->root);
    assert_int_equal(symlink("../out/keep", link), 0);
    assert_int_not_equal(cs_dir_write(dir, "file", "1", 1, &err), CS_OK);
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    assert_string_equal(sandbox_read(box, "out/keep", &buf), "keep");
    enum cs_entry_kind kind;
    assert_ok(cs_dir_probe(dir, "link", &kind, &err), &err);
    assert_int_equal(kind, CS_ENTRY_OTHER);
    assert_ok(cs_dir_probe(dir, "link/keep", &kind, &err), &err);
    assert_int_equal(kind, CS_ENTRY_BLOCKED);
    assert_ok(cs_dir_probe(dir, "none/keep", &kind, &err), &err);
    assert_int_equal(kind, CS_ENTRY_NONE);
}

static void test_file_replaced_in_one_step(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(5);
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/f", box->root);
    assert_int_equal(cs_file_read(path, &buf, &err), CS_ERR_NOT_FOUND);
    assert_ok(cs_file_write(path, "12345", 5, &err), &err);
    assert_ok(cs_file_read(path, &buf, &err), &err);
    assert_string_equal(buf.data, "12345");
    assert_ok(cs_file_write(path, "123456", 6, &err), &err);
    cs_strbuf_reset(&buf);
    assert_int_equal(cs_file_read(path, &buf, &err), CS_ERR_LIMIT);
    assert_false(sandbox_exists(box, "f.tmp"));
}

static void test_lock_names_its_holder(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_lock *first = NULL, *second = NULL;
    char path[128], pid[32];
    (void)snprintf(path, sizeof(path), "%s/lock", box->root);
    assert_ok(cs_lock_take(path, &box->clock, &first, &err), &err);
    assert_int_equal(cs_lock_take(path, &box->clock, &second, &err),
                     CS_ERR_LOCKED);
    (void)snprintf(pid, sizeof(pid), "pid %ld", (long)getpid());
    assert_non_null(strstr(err.message, pid));
    cs_lock_free(first);
    assert_ok(cs_lock_take(path, &box->clock, &second, &err), &err);
    cs_lock_free(second);
}

static void test_file_in_pieces(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    struct cs_hash have, want = cs_hash_of("abXY", 4);
    int64_t size = 0;
    assert_int_equal(cs_dir_size(dir, "s/part", &size, &err), CS_ERR_NOT_FOUND);
    assert_ok(cs_dir_write_at(dir, "s/part", 0, "ab", 2, &err), &err);
    assert_ok(cs_dir_write_at(dir, "s/part", 2, "cdef", 4, &err), &err);
    assert_ok(cs_dir_write_at(dir, "s/part", 2, "XY", 2, &err), &err);
    assert_ok(cs_dir_size(dir, "s/part", &size, &err), &err);
    assert_int_equal(size, 4);
    assert_ok(cs_dir_hash(dir, "s/part", &have, &err), &err);
    assert_true(cs_hash_equal(&have, &want));
    assert_int_equal(cs_dir_write_at(dir, "s/part", 9, "z", 1, &err),
                     CS_ERR_INTERNAL);
}

static void test_large_file_has_the_same_hash(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    static char data[300000];
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (char)(i * 7 + i / 251);
    struct cs_hash have, want = cs_hash_of(data, sizeof(data));
    assert_ok(cs_dir_write(dir, "big", data, sizeof(data), &err), &err);
    assert_ok(cs_dir_hash(dir, "big", &have, &err), &err);
    assert_true(cs_hash_equal(&have, &want));
}

static void test_copy_elsewhere(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    struct cs_dir *trash CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "t");
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    assert_ok(cs_dir_write(dir, "a/x", "bytes", 5, &err), &err);
    assert_ok(cs_dir_write(trash, "x", "something longer", 16, &err), &err);
    assert_ok(cs_dir_copy(dir, "a/x", trash, "x", &err), &err);
    assert_string_equal(sandbox_read(box, "t/x", &buf), "bytes");
    assert_int_equal(cs_dir_copy(dir, "a/y", trash, "y", &err),
                     CS_ERR_NOT_FOUND);
}

/* A message names the whole path, and not to follow a link is a failure. */
static void test_a_link_is_no_file(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    struct cs_hash hash;
    char path[128], want[256];
    assert_ok(cs_dir_write(dir, "a/x", "1", 1, &err), &err);
    (void)snprintf(path, sizeof(path), "%s/m/a/link", box->root);
    assert_int_equal(symlink("x", path), 0);
    assert_int_equal(cs_dir_hash(dir, "a/link", &hash, &err), CS_ERR_IO);
    (void)snprintf(want, sizeof(want), "%s: %s", path, strerror(ELOOP));
    assert_string_equal(err.message, want);
    assert_int_equal(cs_dir_hash(dir, "a/none", &hash, &err), CS_ERR_NOT_FOUND);
}

static void test_move_of_a_folder(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = open_dir(box, "m");
    bool done = false;
    assert_ok(cs_dir_write(dir, "a/b/c/x", "1", 1, &err), &err);
    assert_ok(cs_dir_write(dir, "a/e/y", "2", 1, &err), &err);
    assert_ok(cs_dir_move(dir, "a/b/c", "a/e", &done, &err), &err);
    assert_false(done);
    assert_ok(cs_dir_move(dir, "a/b/c", "a/d/f", &done, &err), &err);
    assert_true(done);
    assert_true(sandbox_exists(box, "m/a/d/f/x"));
    assert_false(sandbox_exists(box, "m/a/b"));
    /* what was kept open under the old name is not written to any more */
    assert_ok(cs_dir_write(dir, "a/b/c/z", "3", 1, &err), &err);
    assert_true(sandbox_exists(box, "m/a/b/c/z"));
    assert_false(sandbox_exists(box, "m/a/d/f/z"));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_file_in_pieces),
        TEST(test_large_file_has_the_same_hash),
        TEST(test_copy_elsewhere),
        TEST(test_move_of_a_folder),
        TEST(test_a_link_is_no_file),
        TEST(test_write_rename_remove),
        TEST(test_modes),
        TEST(test_names_cannot_leave),
        TEST(test_file_replaced_in_one_step),
        TEST(test_lock_names_its_holder),
    };
    return cmocka_run_group_tests_name("dir", tests, NULL, NULL);
}
