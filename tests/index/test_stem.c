/*
 * test_stem.c - families of words.
 */
#include "tests/lib/test.h"

#include "index/words/stem.h"
#include "src/strbuf.h"
#include "tests/index/lexicon_sample.h"

static const char terms[] =
    "deploy 40 deployed 9 deploying 5 deployment 30 deployments 12 deploys 3 "
    "deplore 2 happy 4 happiness 2 happily 1 hop 5 hopping 1 hope 9 hoping 3 "
    "use 50 using 30 used 20 user 60 uses 8 possible 9 possibility 4 "
    "possibilities 2 die 3 dying 2 died 1 run 9 running 8 runs 4 runner 3 "
    "v2 4 v2s 1 relation 3 relational 5 relate 2 relating 1 early 3 "
    "configure 9 configuration 20 configurations 4 configured 6 config 30";

static void assert_family(struct cs_lexicon *lexicon, const char *word,
                          size_t max, const char *expected)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    struct cs_family *family = NULL;
    size_t n = 0;
    assert_ok(cs_stem_family(lexicon, arena, word, max, &family, &n, &err),
              &err);
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(&got, "%s%s:%d", i ? " " : "", family[i].term,
                         (int)family[i].df);
    assert_string_equal(got.data, expected);
}

static void test_families(void **state)
{
    static const struct {
        const char *word, *family;
    } cases[] = {
        {"deployed", "deployed:9 deploy:40 deployment:30 deployments:12"
                     " deploying:5 deploys:3"},
        {"happy", "happy:4 happiness:2"},
        {"hopping", "hopping:1 hop:5"},
        {"hoping", "hoping:3 hope:9"},
        {"using", "using:30 use:50 used:20 uses:8"},
        {"possibility", "possibility:4 possible:9 possibilities:2"},
        {"dying", "dying:2 die:3 died:1"},
        {"run", "run:9 running:8 runs:4"},
        {"early", "early:3"},
        {"v2", "v2:4"}, /* a name of a thing */
        {"us", "us:0"},
        {"gone", "gone:0"},
        {"configures", "configures:0 configuration:20 configure:9"
                       " configured:6 configurations:4"},
    };
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    (void)state;
    lexicon_sample_fill(db, terms);
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++)
        assert_family(lexicon, cases[i].word, 64, cases[i].family);
    assert_family(lexicon, "deployed", 3, "deployed:9 deploy:40 deployment:30");
    assert_family(lexicon, "deployed", 1, "deployed:9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_families)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
