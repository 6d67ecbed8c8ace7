/*
 * test_state.c - values by name.
 */
#include "tests/lib/test.h"

#include "index/state.h"
#include "tests/index/sample.h"

static enum cs_status keep_text(void *payload, struct cs_query *row,
                                struct cs_error *err)
{
    (void)err;
    (void)snprintf(payload, 64, "%s", cs_query_text(row, 0));
    return CS_OK;
}

static void test_values_come_back(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_db *db = cs_index_db(index);
    char text[64] = "as it was";
    int64_t value = 7;
    assert_ok(cs_state_int(db, "no such", &value, &err), &err);
    assert_ok(cs_state_text(db, "no such", keep_text, text, &err), &err);
    assert_int_equal(value, 7);
    assert_string_equal(text, "as it was");
    assert_ok(cs_state_set_int(db, "count", INT64_MIN, &err), &err);
    assert_ok(cs_state_int(db, "count", &value, &err), &err);
    assert_true(value == INT64_MIN);
    assert_ok(cs_state_set_text(db, "count", "12 and more", &err), &err);
    assert_ok(cs_state_int(db, "count", &value, &err), &err);
    assert_ok(cs_state_text(db, "count", keep_text, text, &err), &err);
    assert_int_equal(value, 12);
    assert_string_equal(text, "12 and more");
}

static void test_the_same_is_not_written(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_db *db = cs_index_db(index);
    assert_ok(cs_state_set_int(db, "count", 1, &err), &err);
    int before = sqlite3_total_changes(cs_db_handle(db));
    assert_ok(cs_state_set_int(db, "count", 1, &err), &err);
    assert_int_equal(sqlite3_total_changes(cs_db_handle(db)), before);
    assert_ok(cs_state_set_int(db, "count", 2, &err), &err);
    assert_int_equal(sqlite3_total_changes(cs_db_handle(db)), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values_come_back, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(test_the_same_is_not_written,
                                        sandbox_setup, sandbox_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
