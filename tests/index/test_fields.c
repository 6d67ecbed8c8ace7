/*
 * test_fields.c - which field each line of a Markdown text belongs to.
 */
#include "tests/lib/test.h"

#include "index/words/fields.h"
#include "src/strbuf.h"

struct shown {
    const char *text;
    size_t end;
    struct cs_strbuf out;
};

/* "H", "B" or "C" and the bytes of each range, in angle brackets. */
static bool show(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct shown *shown = payload;
    assert_true(at >= shown->end && at < end);
    shown->end = end;
    cs_strbuf_putc(&shown->out, field == CS_FIELD_HEADINGS ? 'H'
                                : field == CS_FIELD_BODY   ? 'B'
                                                           : 'C');
    cs_strbuf_printf(&shown->out, "<%.*s>", (int)(end - at), shown->text + at);
    return true;
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *markdown, *ranges;
    } rows[] = {
        {"", ""},
        {"text", "B<text>"},
        {"one\n\ntwo\n", "B<one\n\ntwo\n>"},
        {"# A\n", "H<A>"},
        {"# A\ntext\n## B b ##\nmore\n", "H<A>B<text\n>H<B b>B<more\n>"},
        {"###### F\n####### G\n", "H<F>B<####### G\n>"},
        {"#no\n", "B<#no\n>"},
        {"# C#\n", "H<C#>"},
        {"#\n# #\n", ""},
        {"a\n```sh\nls # -l\n# x\n```\nb\n",
         "B<a\n>C<```sh\nls # -l\n# x\n```\n>B<b\n>"},
        {"```\nnever closed\n# x", "C<```\nnever closed\n# x>"},
        {"````\n```\n# x\n````\n# y\n", "C<````\n```\n# x\n````\n>H<y>"},
        {"~~~ java\nx\n```\n~~~~\ny", "C<~~~ java\nx\n```\n~~~~\n>B<y>"},
        {"``` a`b\n# x\n", "B<``` a`b\n>H<x>"},
        {"```\nx\n``` y\n```\n", "C<```\nx\n``` y\n```\n>"},
        {"> # Q\n> text\n", "H<Q>B<> text\n>"},
        {"> ```\n> x\n> ```\n> y\n", "C<> ```\n> x\n> ```\n>B<> y\n>"},
        {"- ```\n  x\n  ```\n- # H\n", "C<- ```\n  x\n  ```\n>H<H>"},
        {"10. ## H\n", "H<H>"},
        {"a\r\n# H\r\nb\r\n", "B<a\r\n>H<H>B<b\r\n>"},
        {"# A\n# B\n```\nx\n```\n```\ny\n```\n",
         "H<A>H<B>C<```\nx\n```\n```\ny\n```\n>"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct shown shown = {.text = rows[i].markdown,
                              .out = CS_STRBUF_INIT(4096)};
        cs_fields_walk(rows[i].markdown, strlen(rows[i].markdown), show,
                       &shown);
        assert_string_equal(shown.out.data ? shown.out.data : "",
                            rows[i].ranges);
        cs_strbuf_clear(&shown.out);
    }
}

static bool stop(void *payload, enum cs_field field, size_t at, size_t end)
{
    (void)field;
    (void)at;
    (void)end;
    ++*(int *)payload;
    return false;
}

static void test_ends_when_told(void **state)
{
    (void)state;
    static const char *const texts[] = {"# A\nb\n# C\n", "b\n# C\n", "b",
                                        "```\nx\n```\ny\n# z"};
    for (size_t i = 0; i < CS_ARRAY_LEN(texts); i++) {
        int n = 0;
        cs_fields_walk(texts[i], strlen(texts[i]), stop, &n);
        assert_int_equal(n, 1);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(cs_field_name(CS_FIELD_TITLE), "title");
    assert_string_equal(cs_field_name(CS_FIELD_COMMENTS), "comments");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_ends_when_told),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
