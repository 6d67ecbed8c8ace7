/*
 * test_room.c - reading where the disk has no room left.
 *
 * SQLite's own table of system calls has ours in place of those that write:
 * where they would make the shared memory larger, there is no space.
 */
#include "tests/lib/test.h"

#include "index/index.h"
#include "src/lock.h"
#include "tests/index/sample.h"

#include <errno.h>
#include <unistd.h>

static sqlite3_syscall_ptr before[3];
static const char *const calls[] = {"write", "pwrite", "pwrite64"};
static size_t refused;

static bool is_shared_memory(int fd)
{
    char link[64], name[512];
    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof(name));
    return n > 4 && memcmp(name + n - 4, "-shm", 4) == 0;
}

static bool refuse(int fd)
{
    bool shared = is_shared_memory(fd);
    refused += shared;
    errno = shared ? ENOSPC : errno;
    return shared;
}

static ssize_t our_write(int fd, const void *data, size_t n)
{
    return refuse(fd) ? -1 : write(fd, data, n);
}

static ssize_t our_pwrite(int fd, const void *data, size_t n, off_t at)
{
    return refuse(fd) ? -1 : pwrite(fd, data, n, at);
}

static void fill_disk(bool full)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    const sqlite3_syscall_ptr ours[] = {(sqlite3_syscall_ptr)our_write,
                                        (sqlite3_syscall_ptr)our_pwrite,
                                        (sqlite3_syscall_ptr)our_pwrite};
    for (size_t i = 0; i < CS_ARRAY_LEN(calls); i++) {
        if (full)
            before[i] = vfs->xGetSystemCall(vfs, calls[i]);
        if (before[i]) /* not every build has all of them */
            (void)vfs->xSetSystemCall(vfs, calls[i],
                                      full ? ours[i] : before[i]);
    }
}

static enum cs_status count(struct sandbox *box, int64_t *ret,
                            struct cs_error *err)
{
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    enum cs_status status = cs_index_open(&options, &index, err);
    return status ? status
                  : cs_db_int(cs_index_db(index), ret, err,
                              "SELECT count(*) FROM document", "");
}

static void test_reading_needs_no_room(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = sample_open(box);
    int64_t n = 0;
    (void)sample_page(index, &(struct sample_page){
                                 .id = "1", .title = "One", .markdown = "x"});
    cs_index_close(index);
    fill_disk(true);
    enum cs_status status = count(box, &n, &err);
    fill_disk(false);
    assert_ok(status, &err);
    assert_int_equal(n, 1);
    assert_true(refused > 0);
}

/* A writer may be at work, whose pages nobody may look past. */
static void test_not_beside_a_writer(void **state)
{
    struct sandbox *box = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_lock *lock = NULL;
    char path[128];
    int64_t n = 0;
    cs_index_close(sample_open(box));
    (void)snprintf(path, sizeof(path), "%s/.cs/lock", box->root);
    assert_ok(cs_lock_take(path, &box->clock, &lock, &err), &err);
    fill_disk(true);
    enum cs_status status = count(box, &n, &err);
    fill_disk(false);
    cs_lock_free(lock);
    assert_int_equal(status, CS_ERR_NO_SPACE);
    assert_non_null(strstr(err.message, "no space left on the disk"));
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reading_needs_no_room),
        TEST(test_not_beside_a_writer),
    };
    return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
