/*
 * test_memory.c - every allocation of SQLite fails once: an answer is right, or
 * there is none. SQLite tells of some of them in ways that are easily missed.
 */
#include "tests/lib/test.h"

#include "index/upkeep/quick_check.h"
#include "index/words/fts.h"
#include "src/strbuf.h"
#include "tests/lib/sandbox.h"

/* SQLite's allocator has no place for a payload. */
static sqlite3_mem_methods held;
static unsigned long until; /* it fails; 0: none does */

static bool fails(void)
{
    return until > 0 && --until == 0;
}

static void *failing_malloc(int n)
{
    return fails() ? NULL : held.xMalloc(n);
}

static void *failing_realloc(void *old, int n)
{
    return fails() ? NULL : held.xRealloc(old, n);
}

static int take_over(void **state)
{
    (void)state;
    (void)sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &held) != SQLITE_OK)
        return -1;
    sqlite3_mem_methods methods = held;
    methods.xMalloc = failing_malloc;
    methods.xRealloc = failing_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? 0 : -1;
}

static struct cs_db *open_sample(const struct sandbox *box)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    char path[sizeof(box->root) + 16];
    (void)snprintf(path, sizeof(path), "%s/sample.db", box->root);
    assert_ok(cs_db_open(path, CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_fts_register(db, &err), &err);
    assert_ok(cs_db_exec(db,
                         "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);"
                         "WITH n(i) AS (VALUES(1) UNION ALL"
                         " SELECT i + 1 FROM n WHERE i < 200)"
                         " INSERT INTO t SELECT i, replace(hex(zeroblob("
                         "  100 * (i % 100))), '00', 'word ') FROM n;"
                         "CREATE INDEX t_x ON t(substr(x, 1, 500), id);"
                         "DELETE FROM t WHERE id > 150",
                         &err),
              &err);
    return db;
}

/* Read one row of texts, as they lie in the file and as functions make them. */
static enum cs_status sum_texts(struct cs_db *db, size_t *ret_sum,
                                struct cs_error *err)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    bool row = false;
    enum cs_status status =
        cs_db_query(db, &query, err,
                    "SELECT x, cs_body(x), upper(x) FROM t WHERE id = 99", "");
    if (!status)
        status = cs_query_next(&query, &row, err);
    for (int i = 0; i < 3 && !status; i++) {
        const char *text = cs_query_text(&query, i);
        *ret_sum += text ? strlen(text) : 0;
    }
    return status;
}

static void test_texts_are_whole(void **state)
{
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = open_sample(*state);
    struct cs_error err = CS_ERROR_INIT;
    size_t want = 0;
    unsigned long failed = 0;
    assert_ok(sum_texts(db, &want, &err), &err);
    for (unsigned long n = 1;; n++) {
        size_t have = 0;
        (void)sqlite3_db_release_memory(cs_db_handle(db));
        until = n;
        enum cs_status status = sum_texts(db, &have, &err);
        bool fired = until == 0;
        until = 0;
        if (!fired)
            break;
        failed += status != CS_OK;
        if (status)
            assert_int_equal(status, CS_ERR_NO_MEMORY);
        else
            assert_int_equal(have, want);
    }
    assert_true(failed > 5);
}

static enum cs_status count_fault(void *payload, const char *fault,
                                  struct cs_error *err)
{
    unsigned *faults = payload;
    (void)fault, (void)err;
    ++*faults;
    return CS_OK;
}

static void test_no_memory_is_no_damage(void **state)
{
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) = open_sample(*state);
    struct cs_error err = CS_ERROR_INIT;
    unsigned long failed = 0;
    for (unsigned long n = 1;; n++) {
        unsigned faults = 0;
        (void)sqlite3_db_release_memory(cs_db_handle(db));
        until = n;
        enum cs_status status = cs_quick_check(db, count_fault, &faults, &err);
        bool fired = until == 0;
        until = 0;
        failed += status != CS_OK;
        assert_int_equal(status, status ? CS_ERR_NO_MEMORY : CS_OK);
        if (!status)
            assert_int_equal(faults, 0);
        if (!fired)
            break;
    }
    assert_true(failed > 5);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_texts_are_whole),
        TEST(test_no_memory_is_no_damage),
    };
    return cmocka_run_group_tests(tests, take_over, NULL);
}
