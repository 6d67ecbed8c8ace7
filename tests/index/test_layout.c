/*
 * test_layout.c - names within one folder.
 */
#include "tests/lib/test.h"

#include "index/store/layout.h"

static void check(struct cs_layout_entry *entries, size_t n, bool top,
                  const char *const *stems)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    assert_ok(cs_layout_names(arena, entries, n, top, &err), &err);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(entries[i].stem, stems[i]);
}

/* id, title, created, has_file, suffixed, (result) */
static void test_oldest_keeps_the_plain_name(void **state)
{
    (void)state;
    struct cs_layout_entry entries[] = {
        {"30", "Plan", 5, true, false, NULL},
        {"9", "plan", 3, true, false, NULL},
        {"10", "PLAN", 3, true, false, NULL},
    };
    check(entries, 3, false,
          (const char *const[]){"Plan (30)", "plan", "PLAN (10)"});
}

static void test_file_folder_and_assets_do_not_clash(void **state)
{
    (void)state;
    struct cs_layout_entry entries[] = {
        {"1", "Plan", 1, true, false, NULL},
        {"2", "Plan.md", 2, true, false, NULL},     /* folder "Plan.md" */
        {"3", "Plan", 3, false, false, NULL},       /* a vendor's folder */
        {"4", "Plan.assets", 4, true, false, NULL}, /* reserved */
        {"5", "Q1/Q2", 5, true, false, NULL},
        {"6", "Q1-Q2", 6, true, false, NULL},
    };
    check(entries, 6, false,
          (const char *const[]){"Plan", "Plan.md (2)", "Plan (3)",
                                "Plan.assets (4)", "Q1-Q2", "Q1-Q2 (6)"});
}

static void test_reserved_names_at_the_top(void **state)
{
    (void)state;
    struct cs_layout_entry entries[] = {
        {"1", "Blog", 1, true, false, NULL},
        {"2", "archived", 2, true, false, NULL},
        {"3", "stage", 3, true, false, NULL},
    };
    check(entries, 3, true,
          (const char *const[]){"Blog (1)", "archived (2)", "stage"});
    check(entries, 3, false,
          (const char *const[]){"Blog", "archived", "stage"});
}

static void test_suffix_clashes_too(void **state)
{
    (void)state;
    struct cs_layout_entry entries[] = {
        {"1", "A (3)", 1, true, false, NULL},
        {"2", "A", 2, true, false, NULL},
        {"3", "A", 3, true, false, NULL},
        {"4", "B", 4, true, true, NULL}, /* a foreign file has "B.md" */
    };
    check(entries, 4, false,
          (const char *const[]){"A (3)", "A", "A (3) (3)", "B (4)"});
}

static void test_order_of_input_does_not_matter(void **state)
{
    (void)state;
    struct cs_layout_entry entries[] = {
        {"2", "x", 2, true, false, NULL},
        {"1", "x", 1, true, false, NULL},
        {"3", "x", 3, true, false, NULL},
    };
    check(entries, 3, false, (const char *const[]){"x (2)", "x", "x (3)"});
    struct cs_layout_entry turned[] = {entries[2], entries[0], entries[1]};
    check(turned, 3, false, (const char *const[]){"x (3)", "x (2)", "x"});
}

static void test_thousands_of_equal_titles(void **state)
{
    (void)state;
    enum { N = 5000 };
    static struct cs_layout_entry entries[N];
    static char ids[N][8];
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    for (int i = 0; i < N; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "%d", i);
        entries[i] = (struct cs_layout_entry){ids[i], "x", 1, true, false, 0};
    }
    assert_ok(cs_layout_names(arena, entries, N, false, &err), &err);
    assert_string_equal(entries[0].stem, "x");
    assert_string_equal(entries[N - 1].stem, "x (4999)");
}

#define X10  "xxxxxxxxxx"
#define X50  X10 X10 X10 X10 X10
#define X250 X50 X50 X50 X50 X50

/* Two titles in one folder, the first one older: are they one name to some file
 * system, so that the second one has to be told apart? */
static void test_titles_that_are_one_name(void **state)
{
    static const struct {
        const char *older, *younger, *stem; /* of the older; NULL: any */
        bool same;
    } cases[] = {
        {"a/b", "a\\b", "a-b", true},
        {"a/b", "a-b", "a-b", true},
        {"..", ".", "untitled", true},
        {"../..", "..", "-", false},
        {"", " \t\n ", "untitled", true},
        {" a ", "a", "a", true},
        {"a.", "a", "a", true},
        {"a. .", "a", "a", true},
        {"a  b", "a\nb", "a b", true},
        {"a\xc2\xa0"
         "b",
         "a b", "a b", true},
        {"Plan", "pLAN", "Plan", true},
        {"stra\xc3\x9f"
         "e",
         "STRASSE", NULL, true},
        {"\xc3\x84", "\xc3\xa4", "\xc3\x84", true},
        {"\xc3\xbc", "u\xcc\x88", "\xc3\xbc", true}, /* NFC, NFD */
        {"u\xcc\x88", "u", "\xc3\xbc", false},
        {"\xef\xac\x81", "fi", NULL, true}, /* a ligature, folded */
        {"zero\xe2\x80\x8b"
         "width",
         "zerowidth", "zerowidth", true},
        {"\xe2\x80\xae"
         "fdp",
         "-fdp", "-fdp", true}, /* an override of direction */
        {"\xd7\xa9\xd7\x9c", "\xd7\x9c\xd7\xa9", "\xd7\xa9\xd7\x9c", false},
        {"\xf0\x9f\x92\xa9", "\xf0\x9f\x92\xa8", "\xf0\x9f\x92\xa9", false},
        {"CON", "con", "CON_", true},
        {"CON", "CON_", "CON_", true},
        {"aux.md", "AUX", "aux_.md", true},
        {"lpt1", "lpt10", "lpt1_", false},
        {X250 X50, X250, NULL, true}, /* cut to the same bytes */
        {X250 X250 X250 X250 "a", X250 X250 X250 X250 "b", NULL, true},
        {"Plan", "Plan.md", "Plan", true}, /* Plan.md beside Plan.md/ */
        {"Plan.md", "Plan", "Plan.md", true},
        {"a.local-20260101", "a", "a.local-20260101", false},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_layout_entry entries[] = {
            {"1", cases[i].older, 1, true, false, NULL},
            {"2", cases[i].younger, 2, true, false, NULL},
        };
        assert_ok(cs_layout_names(arena, entries, 2, false, &err), &err);
        if (cases[i].stem)
            assert_string_equal(entries[0].stem, cases[i].stem);
        if ((strstr(entries[1].stem, " (2)") != NULL) != cases[i].same)
            fail_msg("case %zu: \"%s\" beside \"%s\"", i, entries[1].stem,
                     entries[0].stem);
        for (size_t k = 0; k < 2; k++) /* ".assets.local-20260101-999" fits */
            assert_true(strlen(entries[k].stem) <= 255 - 7);
    }
}

static void test_ids_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(cs_layout_compare_ids("9", "10") < 0);
    assert_true(cs_layout_compare_ids("10", "9") > 0);
    assert_true(cs_layout_compare_ids("att9", "att10") > 0);
    assert_int_equal(cs_layout_compare_ids("7", "7"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oldest_keeps_the_plain_name),
        cmocka_unit_test(test_file_folder_and_assets_do_not_clash),
        cmocka_unit_test(test_reserved_names_at_the_top),
        cmocka_unit_test(test_suffix_clashes_too),
        cmocka_unit_test(test_order_of_input_does_not_matter),
        cmocka_unit_test(test_thousands_of_equal_titles),
        cmocka_unit_test(test_titles_that_are_one_name),
        cmocka_unit_test(test_ids_compare_as_numbers),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
