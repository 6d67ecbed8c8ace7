/*
 * test_error.c - messages, context, hints, and the table of statuses.
 */
#include "tests/lib/test.h"

#include "src/error.h"

#include <errno.h>

static void test_set_returns_its_status(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    assert_int_equal(cs_error_set(&err, CS_ERR_IO, "%s: %d", "a", 7),
                     CS_ERR_IO);
    assert_int_equal(err.status, CS_ERR_IO);
    assert_string_equal(err.message, "a: 7");
    assert_int_equal(cs_error_set(NULL, CS_ERR_PARSE, "x"), CS_ERR_PARSE);
}

static void test_set_may_read_its_own_message(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    (void)cs_error_set(&err, CS_ERR_IO, "inner");
    (void)cs_error_set(&err, CS_ERR_IO, "outer: %s", err.message);
    assert_string_equal(err.message, "outer: inner");
}

static void test_prefix_adds_in_front(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    (void)cs_error_set(&err, CS_ERR_NETWORK, "timed out");
    assert_int_equal(cs_error_prefix(&err, "page %d", 7), CS_ERR_NETWORK);
    (void)cs_error_prefix(&err, "space %s", "ENG");
    assert_string_equal(err.message, "space ENG: page 7: timed out");
}

static void test_set_drops_the_old_hint(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    (void)cs_error_set(&err, CS_ERR_AUTH, "refused");
    cs_error_hint(&err, "renew the %s", "token");
    assert_string_equal(err.hint, "renew the token");
    (void)cs_error_prefix(&err, "x");
    assert_string_equal(err.hint, "renew the token");
    (void)cs_error_set(&err, CS_ERR_IO, "y");
    assert_string_equal(err.hint, "");
    cs_error_clear(&err);
    assert_int_equal(err.status, CS_OK);
    assert_string_equal(err.message, "");
}

/* A message that is too long is cut between characters, never inside one. */
static void test_cut_on_a_character(void **state)
{
    char text[CS_ERROR_MESSAGE_MAX + 100];
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct cs_error err = CS_ERROR_INIT;
        memset(text, 'a', sizeof(text));
        for (size_t i = shift; i + 3 < sizeof(text); i += 3)
            memcpy(text + i, "\xe2\x82\xac", 3);
        text[sizeof(text) - 1] = '\0';
        (void)cs_error_set(&err, CS_ERR_IO, "%s", text);
        size_t len = strlen(err.message);
        assert_in_range(len, CS_ERROR_MESSAGE_MAX - 4,
                        CS_ERROR_MESSAGE_MAX - 1);
        assert_int_equal((len - shift) % 3, 0);
        (void)cs_error_prefix(&err, "%s", "context");
        assert_memory_equal(err.message, "context: a", shift ? 10 : 9);
    }
}

static void test_errno_becomes_a_status(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    (void)state;
    assert_int_equal(cs_error_errno(&err, ENOSPC, "write"), CS_ERR_NO_SPACE);
    assert_int_equal(cs_error_errno(&err, EDQUOT, "write"), CS_ERR_NO_SPACE);
    assert_int_equal(cs_error_errno(&err, ENOMEM, "read"), CS_ERR_NO_MEMORY);
    assert_int_equal(cs_error_errno(&err, ENOENT, "open %s", "f"), CS_ERR_IO);
    assert_string_equal(err.message, "open f: No such file or directory");
    assert_int_equal(cs_error_no_memory(&err), CS_ERR_NO_MEMORY);
}

/* These are promised to scripts. */
static void test_exit_statuses(void **state)
{
    (void)state;
    assert_int_equal(cs_status_exit(CS_OK), 0);
    assert_int_equal(cs_status_exit(CS_ERR_NOT_FOUND), 1);
    assert_int_equal(cs_status_exit(CS_ERR_USAGE), 2);
    assert_int_equal(cs_status_exit(CS_ERR_PARTIAL), 3);
    assert_int_equal(cs_status_exit(CS_ERR_LOCKED), 7);
    assert_int_equal(cs_status_exit(CS_ERR_NO_SPACE), 74);
    assert_int_equal(cs_status_exit(CS_ERR_NETWORK), 75);
    assert_int_equal(cs_status_exit(CS_ERR_AUTH), 77);
    assert_int_equal(cs_status_exit(CS_ERR_CONFIG), 78);
    assert_int_equal(cs_status_exit(CS_ERR_CANCELLED), 130);
    assert_int_equal(cs_status_exit((enum cs_status)9999), 70);
    for (int i = CS_OK; i <= CS_ERR_INTERNAL; i++)
        assert_true(strlen(cs_status_name((enum cs_status)i)) > 1);
    assert_string_equal(cs_status_name((enum cs_status)9999), "internal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_returns_its_status),
        cmocka_unit_test(test_set_may_read_its_own_message),
        cmocka_unit_test(test_prefix_adds_in_front),
        cmocka_unit_test(test_set_drops_the_old_hint),
        cmocka_unit_test(test_cut_on_a_character),
        cmocka_unit_test(test_errno_becomes_a_status),
        cmocka_unit_test(test_exit_statuses),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
