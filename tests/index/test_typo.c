/*
 * test_typo.c - corrections, terms nearby, words split and joined.
 */
#include "tests/lib/test.h"

#include "index/words/osa.h"
#include "index/words/typo.h"
#include "src/strbuf.h"
#include "tests/index/lexicon_sample.h"

static const char terms[] =
    "repository 40 kubernetes 30 authentication 20 packfile 4 the 90 "
    "trouble 9 shooting 5 certificate 40 certifcate 4 gateway 20 sha256 9 "
    "restart 9 restarts 3 workflow 4 deploy 30 deploys 9 v10 3 server2 4 "
    "\xd0\xbf\xd0\xbe\xd0\xb8\xd1\x81\xd0\xba 5 rest 20 test 30";

struct fixture {
    struct cs_db *db;
    struct cs_lexicon *lexicon;
    struct cs_arena *arena;
};

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct fixture *f = calloc(1, sizeof(*f));
    f->db = lexicon_sample_open(":memory:");
    f->arena = cs_arena_new(0);
    lexicon_sample_fill(f->db, terms);
    *state = f;
    return cs_lexicon_open(f->db, &f->lexicon, &err) ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    cs_lexicon_close(f->lexicon);
    cs_arena_free(f->arena);
    cs_db_close(f->db);
    free(f);
    return 0;
}

static void test_corrections(void **state)
{
    static const struct {
        const char *word, *meant; /* NULL: left alone */
    } cases[] = {
        {"repositroy", "repository"},
        {"kuberntes", "kubernetes"},
        {"authentification", "authentication"},
        {"pakcfile", "packfile"},
        {"gatway", "gateway"},
        {"agteway", "gateway"},
        {"hateway", "gateway"},
        {"certifcate", "certificate"}, /* 40 >= 3 * 4 */
        {"troubleshooting", "trouble shooting"},
        {"reposytori", "repository"},
        {"epositroy", NULL},
        {"teh", NULL},
        {"sha265", NULL},
        {"restart", NULL},
        {"serverr2", NULL},
        {"certificate", NULL},
        {"zzzzzzzz", NULL},
        {"\xd0\xbf\xd0\xbe\xd0\xb8\xd1\x81\xd1\x81\xd0\xba",
         "\xd0\xbf\xd0\xbe\xd0\xb8\xd1\x81\xd0\xba"},
        {"", NULL},
        {"a.b-cdefg", NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct cs_error err = CS_ERROR_INIT;
        const char *meant = NULL;
        int64_t df = 0;
        assert_ok(cs_typo_correct(f->lexicon, f->arena, cases[i].word, 0,
                                  &meant, &df, &err),
                  &err);
        if (!cases[i].meant && meant)
            fail_msg("%s became %s", cases[i].word, meant);
        if (cases[i].meant)
            assert_string_equal(meant ? meant : cases[i].word, cases[i].meant);
        assert_true(!meant == (df == 0));
    }
}

static void assert_typos(const struct cs_typo *typos, size_t n,
                         const char *expected)
{
    struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(&got, "%s%s:%d", i ? " " : "", typos[i].term,
                         (int)typos[i].distance);
    assert_string_equal(got.data, expected);
}

static void test_similar_and_nearest(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_typo *typos = NULL;
    size_t n = 0;
    assert_ok(
        cs_typo_similar(f->lexicon, f->arena, "rest", 1, 9, &typos, &n, &err),
        &err);
    assert_typos(typos, n, "rest:0 test:1");
    assert_ok(
        cs_typo_similar(f->lexicon, f->arena, "v11", 0, 9, &typos, &n, &err),
        &err);
    assert_typos(typos, n, "v10:1");
    assert_ok(
        cs_typo_nearest(f->lexicon, f->arena, "restort", 9, &typos, &n, &err),
        &err);
    assert_typos(typos, n, "restart:1 restarts:2 rest:3");
    assert_ok(
        cs_typo_nearest(f->lexicon, f->arena, "certifier", 1, &typos, &n, &err),
        &err);
    assert_typos(typos, n, "certificate:3");
}

/* The definition, cell by cell. */
static size_t naive(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), t[12][12];
    for (size_t i = 0; i <= n; i++)
        for (size_t k = 0; k <= m; k++) {
            size_t best = i + k;
            if (i && k && t[i - 1][k - 1] + (a[i - 1] != b[k - 1]) < best)
                best = t[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            if (i && t[i - 1][k] + 1 < best)
                best = t[i - 1][k] + 1;
            if (k && t[i][k - 1] + 1 < best)
                best = t[i][k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
                a[i - 2] == b[k - 1] && t[i - 2][k - 2] + 1 < best)
                best = t[i - 2][k - 2] + 1;
            t[i][k] = best;
        }
    return t[n][m];
}

static void test_distances_are_those_of_the_definition(void **state)
{
    unsigned random = 5;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char word[2][10];
        struct cs_osa osa;
        for (int i = 0; i < 2; i++) {
            random = random * 1664525u + 1013904223u;
            size_t len = 1 + (random >> 16) % 9;
            for (size_t k = 0; k < len; k++) {
                random = random * 1664525u + 1013904223u;
                word[i][k] = (char)('a' + (random >> 16) % 3);
            }
            word[i][len] = '\0';
        }
        assert_true(cs_osa_init(&osa, word[0], strlen(word[0])));
        size_t expected = naive(word[0], word[1]);
        assert_int_equal(cs_osa_distance(&osa, word[1], strlen(word[1])),
                         expected);
        for (size_t len = 0; len <= strlen(word[1]); len++)
            assert_true(cs_osa_least(&osa, word[1], len) <= expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_corrections, setup, teardown),
        cmocka_unit_test_setup_teardown(test_similar_and_nearest, setup,
                                        teardown),
        cmocka_unit_test(test_distances_are_those_of_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
