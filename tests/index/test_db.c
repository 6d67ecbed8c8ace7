/*
 * test_db.c - the statement cache, binding, errors, and that readers leave the
 * database's files alone.
 */
#include "tests/lib/test.h"

#include "index/db.h"
#include "src/dir.h"
#include "tests/lib/sandbox.h"

struct fixture {
    struct sandbox *box;
    char path[128];
    struct cs_db *db;
};

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct fixture *f = calloc(1, sizeof(*f));
    void *box = NULL;
    int failed = sandbox_setup(&box);
    f->box = box;
    *state = f;
    (void)snprintf(f->path, sizeof(f->path), "%s/t.db", f->box->root);
    if (failed || cs_db_open(f->path, CS_DB_WRITE, &f->db, &err))
        return -1;
    return cs_db_exec(f->db, "CREATE TABLE t(a, b)", &err) ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *box = f->box;
    cs_db_close(f->db);
    free(f);
    return sandbox_teardown(&box);
}

static int64_t count(struct cs_db *db)
{
    struct cs_error err = CS_ERROR_INIT;
    int64_t n = -1;
    assert_ok(cs_db_int(db, &n, &err, "SELECT count(*) FROM t", ""), &err);
    return n;
}

static void test_binds_every_type(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    size_t len = 0;
    assert_ok(cs_db_query(f->db, &query, &err, "SELECT ?, ?, ?, ?, ?", "isbns",
                          (int64_t)-7, "text", "a\0b", (size_t)3,
                          (const char *)NULL),
              &err);
    assert_ok(cs_query_next(&query, &row, &err), &err);
    assert_true(row);
    assert_int_equal(cs_query_int(&query, 0), -7);
    assert_string_equal(cs_query_text(&query, 1), "text");
    assert_memory_equal(cs_query_blob(&query, 2, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    assert_true(cs_query_is_null(&query, 3));
    assert_null(cs_query_text(&query, 4));
    assert_ok(cs_query_next(&query, &row, &err), &err);
    assert_false(row);
}

static enum cs_status walk(struct cs_db *db, int depth, int *visits,
                           struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = true;
    enum cs_status status =
        cs_db_query(db, &query, err, "SELECT a FROM t ORDER BY a", "");
    while (!status) {
        status = cs_query_next(&query, &row, err);
        if (status || !row)
            break;
        ++*visits;
        if (depth > 0)
            status = walk(db, depth - 1, visits, err);
    }
    return status;
}

/* One literal, running inside itself: each level has a statement of its own. */
static void test_query_inside_itself(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    int visits = 0;
    assert_ok(cs_db_exec(f->db, "INSERT INTO t(a) VALUES(1),(2),(3)", &err),
              &err);
    assert_ok(walk(f->db, 2, &visits, &err), &err);
    assert_int_equal(visits, 3 + 9 + 27);
}

static void test_int_keeps_its_value(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    int64_t n = 42;
    assert_ok(cs_db_int(f->db, &n, &err, "SELECT a FROM t", ""), &err);
    assert_int_equal(n, 42);
    assert_ok(cs_db_int(f->db, &n, &err, "SELECT NULL", ""), &err);
    assert_int_equal(n, 42);
}

static void test_bad_sql_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    assert_int_equal(cs_db_query(f->db, &query, &err, "SELECT nonsense", ""),
                     CS_ERR_CORRUPT);
    assert_null(query.stmt);
    assert_non_null(strstr(err.message, "nonsense"));
}

static void test_rollback(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_begin(f->db, &err), &err);
    assert_ok(
        cs_db_run(f->db, &err, "INSERT INTO t(a) VALUES(?)", "i", (int64_t)1),
        &err);
    assert_int_equal(cs_db_changes(f->db), 1);
    cs_db_rollback(f->db);
    assert_int_equal(count(f->db), 0);
    cs_db_rollback(f->db); /* nothing to roll back: no harm */
    assert_ok(cs_db_begin(f->db, &err), &err);
    assert_ok(
        cs_db_run(f->db, &err, "INSERT INTO t(a) VALUES(?)", "i", (int64_t)1),
        &err);
    assert_ok(cs_db_commit(f->db, &err), &err);
    assert_int_equal(count(f->db), 1);
}

static void test_reading_needs_a_file(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    char path[160];
    (void)snprintf(path, sizeof(path), "%s/none.db", f->box->root);
    assert_int_equal(cs_db_open(path, CS_DB_READ, &db, &err), CS_ERR_NO_INDEX);
    assert_null(db);
    assert_false(sandbox_exists(f->box, "none.db"));
}

static void test_not_a_database(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    int64_t n = 0;
    char path[160];
    sandbox_write(f->box, "bad.db",
                  "this is a text of a hundred bytes and more, and surely not "
                  "a database of SQLite, whatever its name says");
    (void)snprintf(path, sizeof(path), "%s/bad.db", f->box->root);
    enum cs_status status = cs_db_open(path, CS_DB_READ, &db, &err);
    if (!status)
        status =
            cs_db_int(db, &n, &err, "SELECT count(*) FROM sqlite_schema", "");
    cs_db_close(db);
    assert_int_equal(status, CS_ERR_CORRUPT);
}

static void test_reader_cannot_write(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    assert_ok(cs_db_open(f->path, CS_DB_READ, &db, &err), &err);
    assert_int_not_equal(cs_db_exec(db, "INSERT INTO t(a) VALUES(1)", &err),
                         CS_OK);
    cs_db_close(db);
    assert_int_equal(count(f->db), 0);
}

static void copy_file(struct sandbox *box, const char *from, const char *to)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_dir *dir CS_CLEANUP(cs_dir_cleanup) = NULL;
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    (void)sandbox_read(box, from, &bytes);
    assert_ok(cs_dir_open(box->root, &dir, &err), &err);
    assert_ok(cs_dir_write(dir, to, bytes.data, bytes.len, &err), &err);
}

/* A writer was killed before its log was carried over into the database: a
 * reader sees what it committed, and writes none of it. */
static void test_reader_leaves_a_log_alone(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    struct cs_strbuf after CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    struct cs_db *db = NULL;
    char path[160];
    assert_ok(cs_db_exec(f->db, "INSERT INTO t(a) VALUES(1)", &err), &err);
    copy_file(f->box, "t.db", "killed/t.db");
    copy_file(f->box, "t.db-wal", "killed/t.db-wal");
    sandbox_tree(f->box, "killed", &before);
    (void)snprintf(path, sizeof(path), "%s/killed/t.db", f->box->root);
    assert_ok(cs_db_open(path, CS_DB_READ, &db, &err), &err);
    assert_int_equal(count(db), 1);
    cs_db_close(db);
    sandbox_remove(f->box, "killed/t.db-shm");
    sandbox_tree(f->box, "killed", &after);
    assert_string_equal(before.data, after.data);
}

/* After an orderly end there is no log; a reader leaves none behind. */
static void test_reader_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    struct cs_strbuf after CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    struct cs_db *db = NULL;
    cs_db_close(f->db);
    f->db = NULL;
    sandbox_tree(f->box, NULL, &before);
    assert_ok(cs_db_open(f->path, CS_DB_READ, &db, &err), &err);
    assert_int_equal(count(db), 0);
    cs_db_close(db);
    sandbox_tree(f->box, NULL, &after);
    assert_string_equal(before.data, after.data);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_binds_every_type),
        TEST(test_query_inside_itself),
        TEST(test_int_keeps_its_value),
        TEST(test_bad_sql_is_an_error),
        TEST(test_rollback),
        TEST(test_reading_needs_a_file),
        TEST(test_not_a_database),
        TEST(test_reader_cannot_write),
        TEST(test_reader_leaves_a_log_alone),
        TEST(test_reader_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
