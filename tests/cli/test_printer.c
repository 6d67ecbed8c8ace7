/*
 * test_printer.c - JSON answers and tables.
 */
#include "tests/lib/test.h"

#include "cli/printer.h"

static void test_json(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT, why = CS_ERROR_INIT;
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    assert_non_null(stream);
    cs_printer_start(&printer, "demo");
    cs_printer_text(&printer, printer.root, "a", "x\"\n");
    cs_printer_text(&printer, printer.root, "none", NULL);
    cs_printer_time(&printer, printer.root, "t", INT64_C(1778051289000));
    cs_printer_time(&printer, printer.root, "never", 0);
    cJSON *list = cs_printer_array(&printer, printer.root, "list");
    cs_printer_number(&printer, list, NULL, 7);
    cs_printer_bool(&printer, cs_printer_object(&printer, list, NULL), "b",
                    true);
    cs_printer_error(&printer, printer.root, "good", &why);
    (void)cs_error_set(&why, CS_ERR_AUTH, "no");
    cs_printer_error(&printer, printer.root, "bad", &why);
    assert_ok(cs_printer_finish_to(&printer, stream, &err), &err);
    assert_string_equal(
        text, "{\"schema\":\"cs.demo/1\",\"a\":\"x\\\"\\n\",\"none\":null,"
              "\"t\":\"2026-05-06T07:08:09Z\",\"never\":null,"
              "\"list\":[7,{\"b\":true}],\"good\":null,"
              "\"bad\":{\"status\":\"auth\",\"message\":\"no\",\"hint\":null}}"
              "\n");
    (void)fclose(stream);
    free(text);
}

static void test_failure_is_sticky(void **state)
{
    (void)state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_printer printer CS_CLEANUP(cs_printer_clear);
    cs_printer_start(&printer, "demo");
    cs_printer_text(&printer, NULL, "a", "x");
    cs_printer_text(&printer, printer.root, "b", "x");
    assert_int_equal(cs_printer_finish_to(&printer, stderr, &err),
                     CS_ERR_NO_MEMORY);
}

static void test_table(void **state)
{
    (void)state;
    struct cs_table table CS_CLEANUP(cs_table_clear);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    cs_table_init(&table);
    table.right[1] = true;
    cs_table_cell(&table, "ENG");
    cs_table_cell(&table, "%d", 7);
    cs_table_cell(&table, "a\tb\x1b[1m");
    cs_table_end_row(&table);
    cs_table_cell(&table, "設計");
    cs_table_cell(&table, "%d", 120);
    cs_table_cell(&table, "%s", "");
    cs_table_end_row(&table);
    cs_table_put(&table, 2, &out);
    assert_string_equal(out.data, "  ENG     7  a b[1m\n"
                                  "  設計  120\n");
}

static void test_sizes(void **state)
{
    (void)state;
    const struct {
        int64_t bytes;
        const char *text;
    } rows[] = {{0, "0 B"},
                {999, "999 B"},
                {1000, "1.0 kB"},
                {999949, "999.9 kB"},
                {999950, "1.0 MB"},
                {1400000, "1.4 MB"},
                {2100000000, "2.1 GB"}};
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
        cs_size_put(rows[i].bytes, &out);
        assert_string_equal(out.data, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_failure_is_sticky),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests_name("printer", tests, NULL, NULL);
}
