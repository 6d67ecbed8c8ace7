/*
 * test_storage_fixtures.c - every pair in tests/fixtures/storage.
 *
 * <case>.xhtml must become <case>.md, byte for byte. Adding a case is adding
 * two files. What must hold for any document is checked here as well, and
 * with CS_SHARED set also for those in corpus/ of that folder.
 */
#include "tests/connectors/cases.h"

static bool is_same(const struct storage_case *it, const char *want,
                    const char *got)
{
    bool same = want && strcmp(want, got) == 0;
    if (!same)
        print_error("--- %s: want\n%s--- got\n%s", it->name,
                    want ? want : "(no file)\n", got);
    return same;
}

static bool becomes_its_markdown(const struct storage_case *it)
{
    char *want = storage_case_read(it, ".md");
    char *got = storage_case_convert(it->xhtml, it->len);
    bool same = is_same(it, want, got);
    free(want);
    free(got);
    return same;
}

static void test_becomes_its_markdown(void **state)
{
    (void)state;
    assert_true(storage_cases_each(CS_FIXTURES "/storage",
                                   becomes_its_markdown) >= 150);
}

/* Pretty-printed source says the same: here, a line end and blanks before
 * every block that begins. */
static bool ignores_layout(const struct storage_case *it)
{
    static const char *const tags[] = {"<p>",  "<ul>", "<li>",   "<ol>",
                                       "<tr>", "<td>", "<table>"};
    if (strstr(it->xhtml, "CDATA") || strncmp(it->name, "xml-", 4) == 0)
        return true;
    struct cs_strbuf pretty = CS_STRBUF_INIT((size_t)16 << 20);
    for (size_t i = 0; i < it->len; i++) {
        for (size_t t = 0; t < CS_ARRAY_LEN(tags); t++)
            if (strncmp(it->xhtml + i, tags[t], strlen(tags[t])) == 0)
                cs_strbuf_puts(&pretty, "\n  ");
        cs_strbuf_putc(&pretty, it->xhtml[i]);
    }
    char *want = storage_case_convert(it->xhtml, it->len);
    char *got = storage_case_convert(pretty.data, pretty.len);
    bool same = is_same(it, want, got);
    free(want);
    free(got);
    cs_strbuf_clear(&pretty);
    return same;
}

static void test_ignores_layout(void **state)
{
    (void)state;
    (void)storage_cases_each(CS_FIXTURES "/storage", ignores_layout);
}

static bool converts_twice(const struct storage_case *it)
{
    char *once = storage_case_convert(it->xhtml, it->len);
    char *twice = storage_case_convert(it->xhtml, it->len);
    bool same = is_same(it, once, twice);
    free(once);
    free(twice);
    return same;
}

static void test_converts_twice_alike(void **state)
{
    (void)state;
    (void)storage_cases_each(CS_FIXTURES "/storage", converts_twice);
}

static void test_shared_converts_twice_alike(void **state)
{
    (void)state;
    storage_cases_each_shared(converts_twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_becomes_its_markdown),
        cmocka_unit_test(test_ignores_layout),
        cmocka_unit_test(test_converts_twice_alike),
        cmocka_unit_test(test_shared_converts_twice_alike),
    };
    return cmocka_run_group_tests_name("storage_fixtures", tests, NULL, NULL);
}
