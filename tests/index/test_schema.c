/*
 * test_schema.c - which files are taken, and what preparing them does.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/schema.h"
#include "index/words/split.h"
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
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
    assert_ok(cs_schema_check(db, &err), &err);
    assert_int_equal(number(db, "PRAGMA user_version"), CS_SCHEMA_VERSION);
    assert_int_equal(number(db, "PRAGMA application_id"), CS_APPLICATION_ID);
}

static void test_preparing_twice_changes_nothing(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
    exec(db, "INSERT INTO source(name, type, base_url, folder)"
             " VALUES('s', 't', 'u', 'f')");
    int64_t version = number(db, "PRAGMA schema_version");
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
    assert_int_equal(number(db, "PRAGMA schema_version"), version);
    assert_int_equal(number(db, "SELECT count(*) FROM source"), 1);
}

static enum cs_status sum_texts(struct cs_db *db, int64_t *ret_sum,
                                struct cs_error *err)
{
    return cs_db_int(db, ret_sum, err, "SELECT sum(length(markdown)) FROM body",
                     "");
}

/* Bring the fixture of `version` to the current schema. */
static struct cs_db *migrate(int version)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    struct cs_db *db = NULL;
    char path[512];
    int64_t before = 0, after = 0;
    (void)snprintf(path, sizeof(path), CS_FIXTURES "/schema/%d.sql", version);
    assert_ok(cs_db_open(":memory:", CS_DB_WRITE, &db, &err), &err);
    assert_ok(cs_file_read(path, &sql, &err), &err);
    exec(db, sql.data);
    assert_int_equal(number(db, "PRAGMA user_version"), version);
    assert_ok(sum_texts(db, &before, &err), &err);
    if (version < CS_SCHEMA_VERSION)
        assert_int_equal(cs_schema_check(db, &err), CS_ERR_NO_INDEX);
    bool built = false;
    assert_ok(cs_schema_prepare(db, &built, &err), &err);
    assert_int_equal(built, version < CS_SCHEMA_VERSION);
    assert_ok(cs_schema_check(db, &err), &err);
    assert_ok(sum_texts(db, &after, &err), &err);
    assert_int_equal(before, after);
    return db;
}

/* The schema of a database as one text, blanks and order left aside. */
static void put_schema(struct cs_db *db, struct cs_strbuf *out)
{
    struct cs_query query CS_CLEANUP(cs_query_close) = {0};
    struct cs_error err = CS_ERROR_INIT;
    bool row = true;
    assert_ok(cs_db_query(db, &query, &err,
                          "SELECT type, name, replace(sql, ' ', '')"
                          " FROM sqlite_schema ORDER BY type, name",
                          ""),
              &err);
    for (;;) {
        assert_ok(cs_query_next(&query, &row, &err), &err);
        if (!row)
            return;
        const char *sql = cs_query_text(&query, 2);
        cs_strbuf_printf(out, "%s %s %s\n", cs_query_text(&query, 0),
                         cs_query_text(&query, 1), sql ? sql : "");
    }
}

/* Every version that was ever released leads to the current one: the schema is
 * that of a new file, and what the old one held is still there. */
static void test_older_versions_migrate(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf fresh CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    assert_ok(cs_schema_prepare(*state, NULL, &err), &err);
    put_schema(*state, &fresh);
    for (int version = 1; version < CS_SCHEMA_VERSION; version++) {
        struct cs_strbuf schema CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(1 << 20);
        struct cs_db *db = migrate(version);
        put_schema(db, &schema);
        assert_string_equal(schema.data, fresh.data);
        assert_int_equal(number(db, "SELECT version FROM document"), 3);
        assert_int_equal(
            number(db, "SELECT count(*) FROM fts WHERE fts MATCH 'welcome'"),
            1);
        exec(db, "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)");
        assert_int_equal(number(db, "PRAGMA foreign_key_check"), -1);
        cs_db_close(db);
    }
}

/* What each version knew that the one before did not. */
static void test_migration_keeps_what_there_was(void **state)
{
    (void)state;
    struct cs_db *first = migrate(1), *second = migrate(2);
    assert_int_equal(number(first, "SELECT count(*) FROM link"
                                   " WHERE query IS NULL"),
                     1);
    assert_int_equal(number(first, "SELECT count(*) FROM part"), 0);
    cs_db_close(first);
    static const struct {
        const char *sql;
        int64_t value;
    } held[] = {
        {"SELECT count(*) FROM document", 3},
        {"SELECT count(*) FROM link WHERE query IS NOT NULL", 1},
        {"SELECT target FROM link WHERE form = 0", 2},
        {"SELECT count(*) FROM part", 1},
        {"SELECT n FROM conversion WHERE name = 'jira'", 1},
        {"SELECT count(*) FROM intent WHERE op = 'remove'", 1},
        {"SELECT failed FROM document WHERE failure IS NOT NULL", 30},
        {"SELECT length(file_hash) FROM document WHERE id = 1", 16},
        {"SELECT count(*) FROM person", 1},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(held); i++)
        assert_int_equal(number(second, held[i].sql), held[i].value);
    cs_db_close(second);
}

/* Version 3 had one column for all of a document's texts. */
static void test_migration_builds_our_words(void **state)
{
    (void)state;
    struct cs_db *db = migrate(3);
    static const struct {
        const char *sql;
        int64_t value;
    } held[] = {
        {"SELECT count(*) FROM fts WHERE fts MATCH '\"getuserbyid\"'", 1},
        {"SELECT count(*) FROM fts WHERE fts MATCH 'headings:welcome'", 1},
        {"SELECT count(*) FROM fts WHERE fts MATCH 'body:welcome'", 0},
        {"SELECT count(*) FROM fts WHERE fts MATCH 'code:dual'", 1},
        {"SELECT count(*) FROM fts WHERE fts MATCH 'comments:pumps'", 1},
        {"SELECT count(*) FROM fts WHERE fts MATCH 'labels:deprecated'", 1},
        {"SELECT length(docs) > 0 FROM vector", 1},
        {"SELECT length(docs) > 0 FROM vector_facts", 1},
        {"SELECT value FROM state WHERE name = 'tokenizer'", CS_WORDS_VERSION},
        {"SELECT value FROM state WHERE name = 'people'", 40},
        {"SELECT value > 0 FROM state WHERE name = 'generation'", 1},
        {"SELECT v FROM fts_config WHERE k = 'automerge'", 16},
        {"SELECT count(*) FROM comments", 1},
        {"SELECT count(*) FROM tombstone", 1},
        {"SELECT count(*) FROM attachment", 1},
        {"SELECT count(*) FROM event", 1},
        {"SELECT value FROM cursor", 17},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(held); i++)
        if (number(db, held[i].sql) != held[i].value)
            fail_msg("%s", held[i].sql);
    exec(db, "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)");
    cs_db_close(db);
}

/* A full-text index that cannot even be dropped is no reason to stop. */
static void test_damaged_entries_migrate(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE fts_config SET v = 99 WHERE k = 'version';"
        "DELETE FROM fts_data",
        "PRAGMA writable_schema=ON;" /* FTS5 does not know such an option */
        "UPDATE sqlite_schema SET sql = replace(sql, 'content=', 'contend=')"
        " WHERE name = 'fts';"
        "PRAGMA writable_schema=RESET",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(damages); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_strbuf sql CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(1 << 20);
        struct cs_db *db = NULL;
        assert_ok(cs_db_open(":memory:", CS_DB_WRITE, &db, &err), &err);
        assert_ok(cs_file_read(CS_FIXTURES "/schema/3.sql", &sql, &err), &err);
        exec(db, sql.data);
        exec(db, damages[i]);
        assert_ok(cs_schema_prepare(db, NULL, &err), &err);
        assert_int_equal(number(db, "SELECT count(*) FROM fts"
                                    " WHERE fts MATCH 'pumps'"),
                         1);
        exec(db, "INSERT INTO fts(fts, rank) VALUES('integrity-check', 1)");
        cs_db_close(db);
    }
}

/* The same tables with the words of another version. */
static void test_other_words_are_replaced(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE state SET value = '0' WHERE name = 'tokenizer'",
        "DELETE FROM state WHERE name = 'tokenizer'",
        "UPDATE state SET value = '2' WHERE name = 'tokenizer';"
        "DROP TABLE vector_facts;"
        "UPDATE vector SET docs = zeroblob(4000)",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(changes); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_db *db = migrate(3);
        exec(db, changes[i]);
        exec(db, "INSERT INTO fts(fts) VALUES('delete-all')");
        assert_int_equal(cs_schema_check(db, &err), CS_ERR_NO_INDEX);
        assert_non_null(strstr(err.hint, "cs maintenance reindex"));
        bool built = false;
        assert_ok(cs_schema_prepare(db, &built, &err), &err);
        assert_true(built);
        assert_ok(cs_schema_prepare(db, &built, &err), &err);
        assert_false(built);
        assert_ok(cs_schema_check(db, &err), &err);
        assert_int_equal(number(db, "SELECT count(*) FROM fts"
                                    " WHERE fts MATCH 'pumps'"),
                         1);
        assert_int_equal(number(db, "SELECT count(*) FROM vector"
                                    " JOIN vector_facts USING(block)"),
                         1);
        cs_db_close(db);
    }
}

static void test_newer_words_are_refused(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
    exec(db, "UPDATE state SET value = value + 1 WHERE name = 'tokenizer'");
    assert_int_equal(cs_schema_prepare(db, NULL, &err), CS_ERR_NEWER);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_NEWER);
}

static void test_newer_is_refused(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    char sql[64];
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
    (void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%d",
                   CS_SCHEMA_VERSION + 1);
    exec(db, sql);
    assert_int_equal(cs_schema_prepare(db, NULL, &err), CS_ERR_NEWER);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_NEWER);
    assert_true(err.hint[0] != '\0');
}

static void test_foreign_is_refused_and_left_alone(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    exec(db, "CREATE TABLE mine(a); PRAGMA application_id=77");
    assert_int_equal(cs_schema_prepare(db, NULL, &err), CS_ERR_CORRUPT);
    assert_int_equal(cs_schema_check(db, &err), CS_ERR_CORRUPT);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
    exec(db, "PRAGMA application_id=0; PRAGMA user_version=3");
    assert_int_equal(cs_schema_prepare(db, NULL, &err), CS_ERR_CORRUPT);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
}

/* A migration that fails half-way leaves the file as it was. */
static void test_failed_migration_leaves_no_trace(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    exec(db, "CREATE TABLE label(taken)");
    assert_int_not_equal(cs_schema_prepare(db, NULL, &err), CS_OK);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
    assert_int_equal(number(db, "PRAGMA user_version"), 0);
}

/* The full-text index can always be rebuilt from the lasting tables. */
static void test_full_text_is_derived(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_schema_prepare(db, NULL, &err), &err);
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
        TEST(test_migration_keeps_what_there_was),
        TEST(test_migration_builds_our_words),
        TEST(test_damaged_entries_migrate),
        TEST(test_other_words_are_replaced),
        TEST(test_newer_words_are_refused),
        TEST(test_newer_is_refused),
        TEST(test_foreign_is_refused_and_left_alone),
        TEST(test_failed_migration_leaves_no_trace),
        TEST(test_full_text_is_derived),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
