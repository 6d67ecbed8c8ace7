/*
 * test_text.c - Unicode: validity, forms, widths, cutting, safety.
 */
#include "tests/lib/test.h"

#include "src/text.h"

typedef void put_fn(struct cs_strbuf *out, const char *text, size_t len);

static void check_put(put_fn *put, const char *text, const char *want)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    put(&out, text, strlen(text));
    assert_string_equal(out.data, want);
}

static void test_valid(void **state)
{
    static const char *const good[] = {"", "a", "\xc3\xa9", "\xf0\x9f\x98\x80"};
    static const char *const bad[] = {"\x80",         "\xc3",
                                      "a\xff",        "\xc0\xaf",
                                      "\xed\xa0\x80", "\xf4\x90\x80\x80"};
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(good); i++)
        assert_true(cs_text_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < CS_ARRAY_LEN(bad); i++)
        assert_false(cs_text_valid(bad[i], strlen(bad[i])));
}

static void test_decode_and_encode(void **state)
{
    static const uint32_t runes[] = {'a', 0xe9, 0x20ac, 0x1f600, 0xfffd};
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(runes); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9);
        uint32_t rune = 0;
        cs_text_encode(&out, runes[i]);
        assert_int_equal(cs_text_decode(out.data, out.len, &rune), out.len);
        assert_int_equal(rune, runes[i]);
    }
    uint32_t rune = 0;
    assert_int_equal(cs_text_decode("\xe2\x82", 2, &rune), 1);
    assert_int_equal(rune, 0xfffd);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9);
    cs_text_encode(&out, 0xd800);
    assert_string_equal(out.data, "\xef\xbf\xbd");
}

static void test_forms(void **state)
{
    (void)state;
    check_put(cs_text_put_valid,
              "a\xff"
              "b\xc3",
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
    check_put(cs_text_put_valid, "\xe2\x82\xac", "\xe2\x82\xac");
    check_put(cs_text_put_nfc, "e\xcc\x81", "\xc3\xa9");
    check_put(cs_text_put_nfc, "\xff", "\xef\xbf\xbd");
    check_put(cs_text_put_folded, "STRASSE", "strasse");
    check_put(cs_text_put_folded,
              "Stra\xc3\x9f"
              "e",
              "strasse");
    check_put(cs_text_put_folded, "E\xcc\x81", "\xc3\xa9");
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(cs_text_width("abc", 3), 3);
    assert_int_equal(cs_text_width("\xed\x95\x9c", 3), 2); /* wide */
    assert_int_equal(cs_text_width("e\xcc\x81", 3), 1);    /* combining */
    assert_int_equal(cs_text_width("\x1b\x07", 2), 0);
}

static void test_cut(void **state)
{
    static const char flag[] = "a\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"
                               "b"; /* two runes, one character */
    (void)state;
    assert_int_equal(cs_text_cut("abc", 3, 2), 2);
    assert_int_equal(cs_text_cut("abc", 3, 9), 3);
    assert_int_equal(cs_text_cut("e\xcc\x81x", 4, 2), 1);
    assert_int_equal(cs_text_cut("a\xc3\xa9", 3, 2), 1);
    assert_int_equal(cs_text_cut(flag, strlen(flag), 6), 1);
    assert_int_equal(cs_text_cut(flag, strlen(flag), 9), 9);
    assert_int_equal(cs_text_cut_width("\xed\x95\x9c\xea\xb5\xad", 6, 3), 3);
    assert_int_equal(cs_text_cut_width("abc", 3, 0), 0);
}

static void test_safe(void **state)
{
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100);
    static const char text[] = "a\x1b[31mb\nc\td\xe2\x80\xae"
                               "e\x7f\xc2\x9b"
                               "f\xff";
    (void)state;
    cs_text_put_safe(&out, text, sizeof(text) - 1, false);
    assert_string_equal(out.data, "a[31mb c def\xef\xbf\xbd");
    cs_strbuf_reset(&out);
    cs_text_put_safe(&out, "a\nb\tc", 5, true);
    assert_string_equal(out.data, "a\nb\tc");
}

static void test_classes(void **state)
{
    (void)state;
    assert_true(cs_rune_is_space(' '));
    assert_true(cs_rune_is_space(0xa0));
    assert_true(cs_rune_is_space(0x3000));
    assert_false(cs_rune_is_space('a'));
    assert_true(cs_rune_is_zero_width(0x200b));
    assert_false(cs_rune_is_zero_width(0x200d)); /* joins emoji */
    assert_true(cs_rune_is_punct('$'));
    assert_true(cs_rune_is_punct(0x300d));
    assert_true(cs_rune_is_punct(0x20ac)); /* a symbol */
    assert_false(cs_rune_is_punct('a'));
    assert_true(cs_rune_is_old_punct('$'));
    assert_true(cs_rune_is_old_punct(0x300d));
    assert_false(cs_rune_is_old_punct(0x20ac));
    assert_true(cs_rune_is_alnum(0xac00));
    assert_true(cs_rune_is_alnum('7'));
    assert_false(cs_rune_is_alnum('_'));
}

static void test_ascii(void **state)
{
    (void)state;
    assert_int_equal(cs_ascii_casecmp("AbC", "aBc"), 0);
    assert_true(cs_ascii_casecmp("a", "b") < 0);
    assert_true(cs_ascii_casecmp("ab", "a") > 0);
    assert_true(cs_str_starts("abc", "ab"));
    assert_false(cs_str_starts("a", "ab"));
    assert_true(cs_str_ends("abc", "bc"));
    assert_false(cs_str_ends("c", "bc"));
    assert_true(cs_str_equal(NULL, NULL));
    assert_false(cs_str_equal(NULL, ""));
    assert_true(cs_str_equal("x", "x"));
    assert_true(cs_ascii_is_alnum('Z') && cs_ascii_is_alnum('0'));
    assert_false(cs_ascii_is_alnum('@') || cs_ascii_is_alnum('['));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_decode_and_encode),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_ascii),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
