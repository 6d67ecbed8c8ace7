/*
 * test_strbuf.c - growth, the ceiling, and the sticky failure.
 */
#include "tests/lib/test.h"

#include "src/strbuf.h"

static void test_grows_and_stays_terminated(void **state)
{
    (void)state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    assert_string_equal(buf.data, "");
    for (int i = 0; i < 100; i++)
        cs_strbuf_printf(&buf, "%d,", i % 10);
    assert_int_equal(buf.len, 200);
    assert_int_equal(strlen(buf.data), 200);
    cs_strbuf_truncate(&buf, 3);
    assert_string_equal(buf.data, "0,1");
}

static void test_ceiling_is_sticky(void **state)
{
    (void)state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4);
    struct cs_error err = CS_ERROR_INIT;
    cs_strbuf_puts(&buf, "abcd");
    assert_int_equal(cs_strbuf_status(&buf, &err), CS_OK);
    cs_strbuf_putc(&buf, 'e');
    assert_int_equal(cs_strbuf_status(&buf, &err), CS_ERR_LIMIT);
    cs_strbuf_truncate(&buf, 0);
    cs_strbuf_putc(&buf, 'x');
    assert_int_equal(buf.len, 0);
    cs_strbuf_reset(&buf);
    cs_strbuf_putc(&buf, 'x');
    assert_string_equal(buf.data, "x");
}

static void test_failure_of_a_part_is_one_of_the_whole(void **state)
{
    (void)state;
    struct cs_strbuf whole CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    struct cs_strbuf part CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1);
    cs_strbuf_puts(&part, "a");
    cs_strbuf_add_failure(&whole, &part);
    assert_int_equal(cs_strbuf_status(&whole, NULL), CS_OK);
    cs_strbuf_puts(&part, "b");
    cs_strbuf_add_failure(&whole, &part);
    assert_int_equal(cs_strbuf_status(&whole, NULL), CS_ERR_LIMIT);
    cs_strbuf_reset(&part);
    cs_strbuf_add_failure(&whole, &part);
    assert_int_equal(cs_strbuf_status(&whole, NULL), CS_ERR_LIMIT);
}

static void test_splice(void **state)
{
    (void)state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    cs_strbuf_puts(&buf, "one two");
    cs_strbuf_splice(&buf, 4, 3, "three", 5);
    assert_string_equal(buf.data, "one three");
    cs_strbuf_splice(&buf, 0, 4, "", 0);
    assert_string_equal(buf.data, "three");
    cs_strbuf_splice(&buf, 6, 0, "x", 1);
    assert_string_equal(buf.data, "three");
}

static void test_take_moves_ownership(void **state)
{
    (void)state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(10);
    char *text = cs_strbuf_take(&buf);
    assert_string_equal(text, "");
    free(text);
    cs_strbuf_puts(&buf, "hi \n");
    cs_strbuf_rtrim(&buf);
    text = cs_strbuf_take(&buf);
    assert_string_equal(text, "hi");
    assert_int_equal(buf.len, 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_stays_terminated),
        cmocka_unit_test(test_ceiling_is_sticky),
        cmocka_unit_test(test_failure_of_a_part_is_one_of_the_whole),
        cmocka_unit_test(test_splice),
        cmocka_unit_test(test_take_moves_ownership),
    };
    return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
