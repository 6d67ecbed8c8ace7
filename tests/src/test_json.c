/*
 * test_json.c - limits, getters, and paths in messages.
 */
#include "tests/lib/test.h"

#include "src/json.h"

static cJSON *parse(const char *text)
{
    struct cs_error err = CS_ERROR_INIT;
    cJSON *doc = NULL;
    assert_ok(cs_json_parse(text, strlen(text), &doc, &err), &err);
    return doc;
}

static void test_values(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) =
        parse("{\"id\":\"7\",\"n\":12,\"yes\":true,\"o\":{\"t\":\"x\"}}");
    struct cs_json root = cs_json_root(doc), inner;
    struct cs_error err = CS_ERROR_INIT;
    const char *text;
    int64_t n;
    bool yes;
    assert_ok(cs_json_text(&root, "id", CS_JSON_REQUIRED, &text, &err), &err);
    assert_string_equal(text, "7");
    assert_ok(cs_json_int(&root, "n", CS_JSON_REQUIRED, 0, &n, &err), &err);
    assert_int_equal(n, 12);
    assert_ok(cs_json_bool(&root, "yes", CS_JSON_REQUIRED, false, &yes, &err),
              &err);
    assert_true(yes);
    assert_ok(cs_json_object(&root, "o", CS_JSON_REQUIRED, &inner, &err), &err);
    assert_ok(cs_json_text(&inner, "t", CS_JSON_REQUIRED, &text, &err), &err);
    assert_string_equal(text, "x");
}

static void test_null_and_absent(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = parse("{\"a\":null}");
    struct cs_json root = cs_json_root(doc), inner;
    struct cs_error err = CS_ERROR_INIT;
    static const char *const keys[] = {"a", "b"};
    for (size_t i = 0; i < CS_ARRAY_LEN(keys); i++) {
        const char *text = "kept";
        int64_t n = 0;
        assert_int_equal(
            cs_json_text(&root, keys[i], CS_JSON_REQUIRED, &text, &err),
            CS_ERR_PARSE);
        assert_string_equal(text, "kept");
        assert_ok(cs_json_text(&root, keys[i], CS_JSON_OPTIONAL, &text, &err),
                  &err);
        assert_null(text);
        assert_ok(cs_json_int(&root, keys[i], CS_JSON_OPTIONAL, -1, &n, &err),
                  &err);
        assert_int_equal(n, -1);
        assert_ok(
            cs_json_object(&root, keys[i], CS_JSON_OPTIONAL, &inner, &err),
            &err);
        assert_ok(cs_json_text(&inner, "t", CS_JSON_OPTIONAL, &text, &err),
                  &err);
        assert_null(text);
        assert_int_equal(
            cs_json_text(&inner, "t", CS_JSON_REQUIRED, &text, &err),
            CS_ERR_PARSE);
    }
}

static void test_path_in_message(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) =
        parse("{\"results\":[{},{\"version\":{\"number\":\"x\"}}]}");
    struct cs_json root = cs_json_root(doc), rows, row = {0}, version;
    struct cs_error err = CS_ERROR_INIT;
    int64_t n;
    assert_ok(cs_json_array(&root, "results", CS_JSON_REQUIRED, &rows, &err),
              &err);
    assert_true(cs_json_next(&rows, &row));
    assert_int_equal(
        cs_json_object(&row, "version", CS_JSON_REQUIRED, &version, &err),
        CS_ERR_PARSE);
    assert_string_equal(err.message, "results[0].version: expected an object");
    assert_true(cs_json_next(&rows, &row));
    assert_ok(cs_json_object(&row, "version", CS_JSON_REQUIRED, &version, &err),
              &err);
    assert_int_equal(
        cs_json_int(&version, "number", CS_JSON_OPTIONAL, 0, &n, &err),
        CS_ERR_PARSE);
    assert_string_equal(err.message,
                        "results[1].version.number: expected a number");
    assert_false(cs_json_next(&rows, &row));
}

static void test_wrong_root(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = parse("[1]");
    struct cs_json root = cs_json_root(doc), rows;
    struct cs_error err = CS_ERROR_INIT;
    assert_int_equal(
        cs_json_array(&root, "results", CS_JSON_REQUIRED, &rows, &err),
        CS_ERR_PARSE);
    assert_string_equal(err.message, "results: expected an array");
}

static void test_numbers_out_of_range(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = parse("{\"a\":1e300,\"b\":-1e17}");
    struct cs_json root = cs_json_root(doc);
    int64_t n;
    assert_int_equal(cs_json_int(&root, "a", CS_JSON_REQUIRED, 0, &n, NULL),
                     CS_ERR_PARSE);
    assert_int_equal(cs_json_int(&root, "b", CS_JSON_REQUIRED, 0, &n, NULL),
                     CS_ERR_PARSE);
}

static void test_not_json(void **state)
{
    (void)state;
    static const char *const texts[] = {"",       "{",        "{}x",
                                        "<html>", "{\"a\":}", "nul"};
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        cJSON *doc = NULL;
        assert_int_equal(cs_json_parse(texts[i], strlen(texts[i]), &doc, NULL),
                         CS_ERR_PARSE);
        assert_null(doc);
    }
    cs_json_free(parse(" {} \n"));
}

static void test_nesting_limit(void **state)
{
    (void)state;
    char text[4 * CS_JSON_MAX_DEPTH];
    cJSON *doc = NULL;
    memset(text, '[', CS_JSON_MAX_DEPTH);
    memset(text + CS_JSON_MAX_DEPTH, ']', CS_JSON_MAX_DEPTH);
    assert_int_equal(cs_json_parse(text, 2 * CS_JSON_MAX_DEPTH, &doc, NULL),
                     CS_OK);
    cs_json_free(doc);
    memset(text, '[', CS_JSON_MAX_DEPTH + 1);
    memset(text + CS_JSON_MAX_DEPTH + 1, ']', CS_JSON_MAX_DEPTH + 1);
    assert_int_equal(cs_json_parse(text, 2 * CS_JSON_MAX_DEPTH + 2, &doc, NULL),
                     CS_ERR_LIMIT);
    /* Brackets in strings do not nest. */
    cs_json_free(parse("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                       "[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"]"));
}

static void test_invalid_utf8_is_replaced(void **state)
{
    (void)state;
    cJSON *doc CS_CLEANUP(cs_json_cleanup) = parse("{\"t\":\"a\xff"
                                                   "b\"}");
    struct cs_json root = cs_json_root(doc);
    const char *text;
    assert_int_equal(cs_json_text(&root, "t", CS_JSON_REQUIRED, &text, NULL),
                     CS_OK);
    assert_string_equal(text, "a\xef\xbf\xbd"
                              "b");
}

static void test_not_terminated(void **state)
{
    (void)state;
    static const char text[] = {'[', '1', ']', 'x'};
    cJSON *doc = NULL;
    assert_int_equal(cs_json_parse(text, 3, &doc, NULL), CS_OK);
    cs_json_free(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_null_and_absent),
        cmocka_unit_test(test_path_in_message),
        cmocka_unit_test(test_wrong_root),
        cmocka_unit_test(test_numbers_out_of_range),
        cmocka_unit_test(test_not_json),
        cmocka_unit_test(test_nesting_limit),
        cmocka_unit_test(test_invalid_utf8_is_replaced),
        cmocka_unit_test(test_not_terminated),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
