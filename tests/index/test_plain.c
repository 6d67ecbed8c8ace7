/*
 * test_plain.c - Markdown as it reads, and where each byte of it comes from.
 */
#include "tests/lib/test.h"

#include "index/search/plain.h"

static void put(struct cs_plain *plain, const char *markdown)
{
    cs_plain_put_line(plain, markdown, 0, strlen(markdown), false);
}

static void test_marks_are_taken_out(void **state)
{
    static const struct {
        const char *markdown, *text;
    } rows[] = {
        {"plain words, 12 of them", "plain words, 12 of them"},
        {"## A heading", "A heading"},
        {"- [x] done **now**, not _later_", "done now, not later"},
        {"get\\_user and snake_case", "get_user and snake_case"},
        {"see [the page](../a/b.md) and `code * here`",
         "see the page and code * here"},
        {"caf\xc3\xa9 &amp; cr\xc3\xa8me", "caf\xc3\xa9 & cr\xc3\xa8me"},
        {"| a1 | b2 |", "a1 | b2"},
        {"bell\x07 and\ttab", "bell and tab"},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_plain plain = {.len = 0};
        put(&plain, rows[i].markdown);
        size_t len = plain.len;
        while (len > 0 && strchr(" |", plain.text[len - 1]))
            len--;
        assert_int_equal(len, strlen(rows[i].text));
        assert_memory_equal(plain.text, rows[i].text, len);
    }
}

/* Bytes that stay know their place; those that were made, one that was there.
 */
static void test_every_byte_has_an_origin(void **state)
{
    static const char markdown[] = "- a **bold1** word\\_2 `x9`  [go](u) end";
    struct cs_plain plain = {.len = 0};
    (void)state;
    put(&plain, markdown);
    assert_false(plain.full);
    assert_true(plain.len > 20);
    for (size_t i = 0; i < plain.len; i++) {
        assert_true(plain.origin[i] < strlen(markdown));
        assert_int_equal(plain.text[i], markdown[plain.origin[i]]);
        assert_true(i == 0 || plain.origin[i] > plain.origin[i - 1]);
    }
}

/* What comes behind the end of the room is dropped, wherever that is. */
static void test_the_room_ends(void **state)
{
    static char markdown[CS_PLAIN_MAX + 20];
    (void)state;
    for (size_t len = CS_PLAIN_MAX - 5; len <= CS_PLAIN_MAX + 5; len++) {
        struct cs_plain plain = {.len = 0};
        memset(markdown, 'w', len);
        markdown[len] = '\0';
        put(&plain, markdown);
        assert_int_equal(plain.len, len < CS_PLAIN_MAX ? len : CS_PLAIN_MAX);
        assert_int_equal(plain.full, len > CS_PLAIN_MAX);
        put(&plain, "more");
        assert_true(plain.full == (len > CS_PLAIN_MAX - 5));
        assert_true(plain.len <= CS_PLAIN_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks_are_taken_out),
        cmocka_unit_test(test_every_byte_has_an_origin),
        cmocka_unit_test(test_the_room_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
