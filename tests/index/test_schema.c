/*
 * test_schema.c - which files are taken, and what preparing them does.
 */
#include "tests/lib/test.h"

#include "index/schema.h"
#include "src/file.h"

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    enum cs_status status = cs_db_open(":memory:", CS_DB_WRITE, &db, &err);
    *state = db;
    return status ? -1 : 0;
}

static int teardown(void **state)
{
    cs_db_close(*state);
    return 0;
}

static void exec(struct cs_db *db, const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_exec(db, sql, &err), &err);
}

static int64_t number(struct cs_db *db, const char *sql)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {.db = db,
                                                        .owned = true};
    struct cs_error err = CS_ERROR_INIT;
    bool row = false;
    assert_int_equal(
        sqlite3_prepare_v2(cs_db_handle(db), sql, -1, &query.stmt, NULL), 0);
    assert_ok(cs_query_next(&query, &row, &err), &err);
    return row ? cs_query_int(&query, 0) : -1;
}

static void test_empty_file_becomes_current(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_NO_INDEX);
    assert_ok(cs_schema_prepare(db, &err), &err);
    assert_ok(cs_schema_check(db, &err), &err);
    assert_int_equal(number(db, "PRAGMA user_version"), CS_SCHEMA_VERSION);
    assert_int_equal(number(db, "PRAGMA application_id"), CS_APPLICATION_ID);
}

static void test_preparing_twice_changes_nothing(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_schema_prepare(db, &err), &err);
    exec(db, "INSERT INTO source(name, type, base_url, folder)"
             " VALUES('s', 't', 'u', 'f')");
    int64_t version = number(db, "PRAGMA schema_version");
    assert_ok(cs_schema_prepare(db, &err), &err);
    assert_int_equal(number(db, "PRAGMA schema_version"), version);
    assert_int_equal(number(db, "SELECT count(*) FROM source"), 1);
}

/* Every version that was ever released leads to the current one, and what it
 * held is still there. */
static void test_older_versions_migrate(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    assert_ok(cs_file_read(CS_FIXTURES "/schema/1.sql", &sql, &err), &err);
    exec(db, sql.data);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_NO_INDEX);
    assert_ok(cs_schema_prepare(db, &err), &err);
    assert_ok(cs_schema_check(db, &err), &err);
    assert_int_equal(number(db, "SELECT version FROM document"), 3);
    assert_int_equal(
        number(db, "SELECT count(*) FROM fts WHERE fts MATCH 'welcome'"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM link"
                                " WHERE query IS NULL"),
                     1);
    assert_int_equal(number(db, "SELECT count(*) FROM part"), 0);
}

static void test_newer_is_refused(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    char sql[64];
    assert_ok(cs_schema_prepare(db, &err), &err);
    (void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d",
                   CS_SCHEMA_VERSION + 1);
    exec(db, sql);
    assert_int_equal(cs_schema_prepare(db, &err), CS_ERR_NEWER);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_NEWER);
    assert_true(err.hint[0] != '\0');
}

static void test_foreign_is_refused_and_left_alone(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    exec(db, "CREATE TABLE mine(a); PRAGMA application_id=77");
    assert_int_equal(cs_schema_prepare(db, &err), CS_ERR_CORRUPT);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_CORRUPT);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
    exec(db, "PRAGMA application_id=0; PRAGMA user_version=3");
    assert_int_equal(cs_schema_prepare(db, &err), CS_ERR_CORRUPT);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
}

/* A migration that fails half-way leaves the file as it was. */
static void test_failed_migration_leaves_no_trace(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    exec(db, "CREATE TABLE label(taken)");
    assert_int_not_equal(cs_schema_prepare(db, &err), CS_OK);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
    assert_int_equal(number(db, "PRAGMA user_version"), 0);
}

/* The full-text index can always be rebuilt from the lasting tables. */
static void test_full_text_is_derived(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_schema_prepare(db, &err), &err);
    exec(db,
         "INSERT INTO source VALUES(1, 's', 't', 'u', 'f', 0, 0, NULL);"
         "INSERT INTO container(id, source, vendor_id, key, name, folder)"
         " VALUES(1, 1, 'c', 'ENG', 'n', 'ENG');"
         "INSERT INTO document(id, source, container, vendor_id, kind, status,"
         " title, version, created, updated) VALUES(7, 1, 1, '65601', 'page',"
         " 'current', 'Some title', 1, 0, 0);"
         "INSERT INTO body VALUES(7, 'some text', x'', 'storage', 0, 0, 0, 0);"
         "INSERT INTO label VALUES(7, 'red'), (7, 'blue');"
         "INSERT INTO fts(fts) VALUES('rebuild');"
         "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)");
    static const char *const matches[] = {
        "SELECT rowid FROM fts WHERE fts MATCH 'title'",
        "SELECT rowid FROM fts WHERE fts MATCH 'blue'",
        "SELECT rowid FROM fts WHERE fts MATCH 'text'"};
    for (size_t i = 0; i < CS_ARRAY_LEN(matches); i++)
        assert_int_equal(number(db, matches[i]), 7);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_empty_file_becomes_current),
        TEST(test_preparing_twice_changes_nothing),
        TEST(test_older_versions_migrate),
        TEST(test_newer_is_refused),
        TEST(test_foreign_is_refused_and_left_alone),
        TEST(test_failed_migration_leaves_no_trace),
        TEST(test_full_text_is_derived),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
