/*
 * test_fts.c - our words in FTS5: what is indexed, what a query says, what is
 * counted meanwhile.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/words/fts.h"

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db = NULL;
    *state = NULL;
    if (cs_db_open(":memory:", CS_DB_WRITE, &db, &err) ||
        cs_fts_register(db, &err) ||
        cs_db_exec(db,
                   "CREATE VIRTUAL TABLE fts USING fts5(" CS_FULLTEXT_COLUMNS
                   ", tokenize='cs')",
                   &err))
        return -1;
    *state = db;
    return 0;
}

static int teardown(void **state)
{
    cs_db_close(*state);
    return 0;
}

static void put(struct cs_db *db, int64_t id, const char *title,
                const char *body)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_db_run(db, &err,
                        "INSERT INTO fts(rowid, title, headings, body, code,"
                        " labels, comments) VALUES(?, ?, '', ?, '', '', '')",
                        "iss", id, title, body),
              &err);
}

static int64_t count(struct cs_db *db, const char *match)
{
    struct cs_error err = CS_ERROR_INIT;
    int64_t n = -1;
    assert_ok(cs_db_int(db, &n, &err,
                        "SELECT count(*) FROM fts WHERE fts MATCH ?", "s",
                        match),
              &err);
    return n;
}

static void test_queries_are_verbatim(void **state)
{
    struct cs_db *db = *state;
    put(db, 1, "getUserById", "ORA-00942 caf\u00E9");
    put(db, 2, "get user", "C++ and .net");
    static const struct {
        const char *match;
        int64_t n;
    } rows[] = {
        {"\"getuserbyid\"", 1},
        {"\"get user by id\"", 1},
        {"\"get user\"", 2},
        {"\"getuserbyid user\"", 1}, /* the whole stands where its first part
                                      * does */
        {"\"getUserById\"", 0},      /* neither cut nor folded */
        {"\"ora-00942\"", 1},
        {"\"cafe\"", 1},
        {"\"caf\u00E9\"", 0},
        {"\"c++\"", 1},
        {"\".net\"", 1},
        {"\"ora\"*", 1},
        {"\"ora-0\"*", 1},
        {"title:\"user\"", 2},
        {"body:\"user\"", 0},
        {"\"nothing|user\"", 2},
        {"\"get nothing|user\"", 2},
        {"\"ora|and\"", 2},
        {"\"ora|an\"*", 2},
        {"\"\"", 0},
        {"\" | \"", 0},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        if (count(db, rows[i].match) != rows[i].n)
            fail_msg("%s", rows[i].match);
}

static const char *text(struct cs_db *db, struct cs_query *query,
                        const char *sql)
{
    struct cs_error err = CS_ERROR_INIT;
    bool row = false;
    assert_ok(cs_db_query(db, query, &err, sql, ""), &err);
    assert_ok(cs_query_next(query, &row, &err), &err);
    return row ? cs_query_text(query, 0) : NULL;
}

static void test_columns(void **state)
{
    static const struct {
        const char *sql, *result;
    } rows[] = {
        {"SELECT cs_headings('# A' || char(10) || 'x' || char(10) || '## B')",
         "A\nB\n"},
        {"SELECT cs_body('# A' || char(10) || 'x' || char(10) || '## B')",
         "x\n"},
        {"SELECT cs_code('a' || char(10) || '```' || char(10) || 'x')",
         "```\nx"},
        {"SELECT cs_code('nothing')", ""},
        {"SELECT cs_body('')", ""},
        {"SELECT cs_body(NULL)", ""},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_query query CS_CLEANUP(cs_query_close) = {0};
        assert_string_equal(text(*state, &query, rows[i].sql), rows[i].result);
    }
}

static void test_entries_are_counted(void **state)
{
    struct cs_db *db = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_fts_watch watch = {0};
    assert_ok(cs_fts_watch(db, &watch, &err), &err);
    for (int64_t id = 1; id <= 3; id++) {
        cs_fts_watch_entry(&watch);
        put(db, id, "getUserById", "two words");
        assert_int_equal(watch.fields, CS_FIELDS);
        assert_int_equal(watch.tokens[CS_FIELD_TITLE], 4);
        assert_int_equal(watch.tokens[CS_FIELD_HEADINGS], 0);
        assert_int_equal(watch.tokens[CS_FIELD_BODY], 2);
        assert_int_equal(watch.tokens[CS_FIELD_COMMENTS], 0);
    }
    cs_fts_watch_entry(&watch);
    (void)count(db, "\"user\"");
    assert_int_equal(watch.fields, 0);
    assert_ok(cs_fts_watch(db, NULL, &err), &err);
    put(db, 4, "a b", "c");
    assert_int_equal(watch.fields, 0);
}

/* Whoever opens an index registers; twice is once. */
static void test_registered_twice(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_fts_watch watch = {0};
    assert_ok(cs_fts_watch(*state, &watch, &err), &err);
    assert_ok(cs_fts_register(*state, &err), &err);
    put(*state, 1, "a", "b c");
    assert_int_equal(watch.tokens[CS_FIELD_BODY], 2);
    assert_ok(cs_fts_watch(*state, NULL, &err), &err);
}

static void test_integrity(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    put(*state, 1, "getUserById HTTPServer", "\u65E5\u672C\u8A9E a.b-1 c++");
    assert_ok(cs_db_exec(*state,
                         "INSERT INTO fts(fts, rank)"
                         " VALUES('integrity-check', 1)",
                         &err),
              &err);
    assert_int_not_equal(cs_db_exec(*state,
                                    "CREATE VIRTUAL TABLE x USING"
                                    " fts5(a, tokenize='cs what')",
                                    &err),
                         CS_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_queries_are_verbatim),
        TEST(test_columns),
        TEST(test_entries_are_counted),
        TEST(test_registered_twice),
        TEST(test_integrity),
    };
    return cmocka_run_group_tests_name("fts", tests, NULL, NULL);
}
