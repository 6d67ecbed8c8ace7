/*
 * test_checksum.c - a changed byte is noticed, wherever it is; what other
 * programs may do with the file is no damage.
 */
#include "tests/lib/test.h"

#include "index/checksum.h"
#include "index/db.h"
#include "tests/lib/sandbox.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[128];

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    if (sandbox_setup(state))
        return -1;
    const struct sandbox *box = *state;
    (void)snprintf(path, sizeof(path), "%s/index.db", box->root);
    enum cs_status status = cs_db_open(path, CS_DB_WRITE, &db, &err);
    if (!status)
        status = cs_db_exec(db,
                            "CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                            " SELECT i + 1 FROM n WHERE i < 200)"
                            " INSERT INTO t SELECT i, printf('%0500d', i)"
                            " FROM n",
                            &err);
    cs_db_close(db);
    return status ? -1 : 0;
}

static enum cs_status read_all(struct cs_error *err)
{
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = NULL;
    int64_t sum = 0;
    enum cs_status status = cs_db_open(path, CS_DB_INSPECT, &db, err);
    if (!status)
        status = cs_db_int(db, &sum, err, "SELECT sum(length(x)) FROM t", "");
    if (!status)
        assert_int_equal(sum, 200 * 500);
    return status;
}

static void flip(off_t at)
{
    unsigned char byte;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

/* A step that is no divisor of the page size meets every place in a page. */
static void test_every_changed_byte_is_seen(void **state)
{
    (void)state;
    struct stat st;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(read_all(&err), &err);
    assert_int_equal(stat(path, &st), 0);
    for (off_t at = 100; at < st.st_size; at += 509) {
        flip(at);
        if (read_all(&err) != CS_ERR_CORRUPT)
            fail_msg("byte %lld: not seen", (long long)at);
        assert_true(err.hint[0] != '\0');
        flip(at);
    }
    assert_ok(read_all(&err), &err);
}

static void foreign(const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A log that we left is carried over by whoever closes the file last. */
static void test_others_may_read(void **state)
{
    (void)state;
    struct cs_db *db = NULL;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    sqlite3_db_config(cs_db_handle(db), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                      NULL);
    assert_ok(cs_db_exec(db, "UPDATE t SET x = x WHERE id % 3 = 0", &err),
              &err);
    cs_db_close(db);
    foreign("SELECT count(*) FROM t");
    assert_ok(read_all(&err), &err);
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_db_exec(db, "UPDATE t SET x = x; VACUUM", &err), &err);
    cs_db_close(db);
    assert_ok(read_all(&err), &err);
}

/* What another program writes has not passed through the layer. */
static void test_others_may_not_write(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    foreign("UPDATE t SET x = printf('%0500d', 7) WHERE id = 100");
    foreign("PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(read_all(&err), CS_ERR_CORRUPT);
}

/* A file of an older program has no hashes. */
static void test_files_without_hashes_work(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    assert_int_equal(unlink(path), 0);
    foreign("CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
            " SELECT i + 1 FROM n WHERE i < 200)"
            " INSERT INTO t SELECT i, printf('%0500d', i) FROM n");
    assert_ok(read_all(&err), &err);
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_db_exec(db, "UPDATE t SET x = x", &err), &err);
    cs_db_close(db);
    assert_ok(read_all(&err), &err);
}

/* No transaction of ours left it; nor is it an obstacle. */
static void test_a_journal_beside_it(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = NULL;
    char journal[160];
    int64_t n = 0;
    (void)snprintf(journal, sizeof(journal), "%s-journal", path);
    FILE *file = fopen(journal, "w");
    assert_non_null(file);
    assert_true(fputs("no journal", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_db_int(db, &n, &err, "SELECT count(*) FROM t", ""), &err);
    assert_int_equal(n, 200);
    assert_int_equal(access(journal, F_OK), -1);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, setup, sandbox_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_every_changed_byte_is_seen),
        TEST(test_others_may_read),
        TEST(test_others_may_not_write),
        TEST(test_files_without_hashes_work),
        TEST(test_a_journal_beside_it),
    };
    return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
