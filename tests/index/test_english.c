/*
 * test_english.c - stems are those that libstemmer's own front gives.
 */
#include "tests/lib/test.h"

#include "index/words/english.h"
#include "src/cs.h"

#include <libstemmer.h>

static const char *const roots[] = {
    "deploy", "happi",   "possibl", "run",  "relat", "configur",    "die",
    "us",     "generat", "commun",  "y",    "sky",   "hop",         "agre",
    "nation", "skis",    "early",   "proc", "a",     "caf\xc3\xa9",
};
static const char *const endings[] = {
    "",    "s",    "es",      "ed",    "ing",    "ly",  "ies",  "ied",
    "eed", "edly", "ingly",   "ation", "ations", "al",  "ness", "ful",
    "ize", "izer", "iveness", "ment",  "ments",  "bli", "e",    "y",
};

static void assert_stem(struct cs_english *english, struct sb_stemmer *front,
                        const char *word)
{
    const sb_symbol *expected =
        sb_stemmer_stem(front, (const sb_symbol *)word, (int)strlen(word));
    size_t len = 0;
    const char *stem = cs_english_stem(english, word, strlen(word), &len);
    assert_non_null(stem);
    assert_int_equal(len, sb_stemmer_length(front));
    assert_memory_equal(stem, expected, len);
}

static void test_same_as_front(void **state)
{
    (void)state;
    struct cs_english *english = cs_english_new();
    struct sb_stemmer *front = sb_stemmer_new("english", "UTF_8");
    assert_non_null(english);
    assert_non_null(front);
    for (size_t r = 0; r < CS_ARRAY_LEN(roots); r++)
        for (size_t e = 0; e < CS_ARRAY_LEN(endings); e++) {
            char word[64];
            (void)snprintf(word, sizeof(word), "%s%s", roots[r], endings[e]);
            assert_stem(english, front, word);
        }
    sb_stemmer_delete(front);
    cs_english_free(english);
}

static void test_stem_length(void **state)
{
    (void)state;
    struct cs_english *english = cs_english_new();
    size_t len = 0;
    const char *stem = cs_english_stem(english, "relationals", 10, &len);
    assert_int_equal(len, strlen("relat"));
    assert_memory_equal(stem, "relat", len);
    assert_non_null(cs_english_stem(english, "", 0, &len));
    assert_int_equal(len, 0);
    cs_english_free(english);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_front),
        cmocka_unit_test(test_stem_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
