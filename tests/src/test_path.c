/*
 * test_path.c - joining, relating, and names made from titles.
 */
#include "tests/lib/test.h"

#include "src/path.h"
#include "src/text.h"

static const struct {
    const char *title, *name;
} names[] = {
    {"Runbook", "Runbook"},
    {"Q1/Q2 \\ plan", "Q1-Q2 - plan"},
    {"a:b*c?d\"e<f>g|h", "a-b-c-d-e-f-g-h"},
    {"..", "untitled"},
    {".", "untitled"},
    {"../../etc/passwd", "-..-etc-passwd"},
    {"", "untitled"},
    {"   ", "untitled"},
    {".hidden", "hidden"},
    {"ends with dot.", "ends with dot"},
    {"  blanks \t inside  ", "blanks inside"},
    {"CON", "CON_"},
    {"con.txt", "con_.txt"},
    {"com7", "com7_"},
    {"COM", "COM"},
    {"Console", "Console"},
    {"nul ", "nul_"},
    {"a\nb", "a b"},
    {"bell\a", "bell-"},
    {"esc\033[31m", "esc-[31m"},
    {"u\xcc\x88"
     "ber",
     "\xc3\xbc"
     "ber"},                                /* NFD to NFC */
    {"zero\xe2\x80\x8bwidth", "zerowidth"}, /* U+200B */
    {"over\xe2\x80\xaeride", "over-ride"},  /* U+202E */
    {"nb\xc2\xa0sp", "nb sp"},              /* NBSP */
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    {"bad \xff byte", "bad \xef\xbf\xbd byte"},
};

static void test_names_from_titles(void **state)
{
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
        cs_path_put_name(&out, names[i].title, CS_NAME_MAX);
        assert_string_equal(out.data, names[i].name);
    }
}

static void test_long_names_are_cut_between_characters(void **state)
{
    (void)state;
    struct cs_strbuf title CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    for (int i = 0; i < 300; i++)
        cs_strbuf_puts(&title, "\xf0\x9f\x9a\x80"); /* a rocket */
    cs_path_put_name(&out, title.data, 181);
    assert_int_equal(out.len, 180);
    assert_true(cs_text_valid(out.data, out.len));
}

/* Whatever a title holds, the name is one component and leads nowhere. */
static void test_no_title_leaves_its_folder(void **state)
{
    (void)state;
    uint32_t random = 12345;
    static const char alphabet[] = "./\\ \n~a:\xc3\xa9\0\xff-";
    for (int round = 0; round < 20000; round++) {
        char title[24];
        size_t len = 0;
        for (; len < sizeof(title) - 1; len++) {
            random = random * 1664525 + 1013904223;
            title[len] = alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
            if (!title[len])
                break;
        }
        title[len] = '\0';
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
        cs_path_put_name(&out, title, CS_NAME_MAX);
        assert_null(strchr(out.data, '/'));
        assert_true(cs_path_is_inside(out.data));
        assert_true(out.data[0] != '.');
    }
}

static void test_join_and_inside(void **state)
{
    (void)state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_path_join(&out, "/a//", "b");
    assert_string_equal(out.data, "/a/b");
    cs_strbuf_reset(&out);
    cs_path_join(&out, "", "b");
    assert_string_equal(out.data, "b");
    cs_strbuf_reset(&out);
    cs_path_join(&out, "/", "b");
    assert_string_equal(out.data, "/b");
    assert_true(cs_path_is_inside("a/b..c/...d"));
    assert_false(cs_path_is_inside("a/../b"));
    assert_false(cs_path_is_inside("/a"));
    assert_false(cs_path_is_inside("a/"));
    assert_false(cs_path_is_inside("a//b"));
    assert_false(cs_path_is_inside(""));
    assert_false(cs_path_is_inside("./a"));
}

static void test_relative(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *path;
    } rows[] = {
        {"E/a.md", "E/b.md", "b.md"},
        {"E/a/b.md", "E/c.md", "../c.md"},
        {"E/a/b.md", "E/a/b.md", "b.md"},
        {"E/a.md", "E/a/b.md", "a/b.md"},
        {"E/ab/x.md", "E/a/x.md", "../a/x.md"},
        {"E/a/b/c.md", "O/d.md", "../../../O/d.md"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
        cs_path_relative(&out, rows[i].from, rows[i].to);
        assert_string_equal(out.data, rows[i].path);
    }
}

static void test_encoded_and_expanded(void **state)
{
    (void)state;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    cs_path_put_encoded(&out, "a b/100% (x)\xc3\xa9.md");
    assert_string_equal(out.data, "a%20b/100%25%20%28x%29\xc3\xa9.md");
    cs_strbuf_reset(&out);
    cs_path_put_expanded(&out, "~/x", "/home/u");
    assert_string_equal(out.data, "/home/u/x");
    cs_strbuf_reset(&out);
    cs_path_put_expanded(&out, "~user/x", "/home/u");
    assert_string_equal(out.data, "~user/x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_from_titles),
        cmocka_unit_test(test_long_names_are_cut_between_characters),
        cmocka_unit_test(test_no_title_leaves_its_folder),
        cmocka_unit_test(test_join_and_inside),
        cmocka_unit_test(test_relative),
        cmocka_unit_test(test_encoded_and_expanded),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
