/*
 * test_check_lexicon.c - the lexicon in step with what is stored, and the check
 * that finds where it is not.
 */
#include "tests/lib/test.h"

#include "index/upkeep/check.h"
#include "index/words/lexicon.h"
#include "tests/index/sample.h"

static const struct {
    const char *damage, *told;
} cases[] = {
    {"DELETE FROM lexicon", "1 findings: the lexicon of search does not fit:"
                            " 4 terms missing, 0 too many, 0 counted wrong"},
    {"UPDATE lexicon SET terms = x'0775000a'",
     "1 findings: the lexicon of search is damaged"},
    /* "pump" once more, "zebra" though no text has it */
    {"INSERT INTO lexicon_delta(terms)"
     " VALUES(x'0e0b70756d700a7a656272610a0202')",
     "1 findings: the lexicon of search does not fit:"
     " 0 terms missing, 1 too many, 1 counted wrong"},
    {"INSERT INTO lexicon_delta(terms) VALUES(x'ffffff')",
     "1 findings: the lexicon of search is damaged"},
};

struct told {
    char text[256];
    int n;
};

static void write_down(void *payload, const struct cs_finding *finding)
{
    struct told *told = payload;
    (void)snprintf(told->text, sizeof(told->text), "%d findings: %s", ++told->n,
                   finding->message);
}

static void run(struct cs_index *index, struct cs_store *store,
                enum cs_check_mode mode, struct told *told)
{
    static const char task[] = "lexicon";
    const char *only = task;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_check_summary summary;
    *told = (struct told){{0}, 0};
    const struct cs_check_options options = {.mode = mode,
                                             .store = store,
                                             .only = &only,
                                             .n_only = 1,
                                             .found = write_down,
                                             .payload = told};
    assert_ok(cs_check_run(index, &options, &summary, &err), &err);
}

static void test_damage_is_found_and_mended(void **state)
{
    static const struct sample_page page = {
        .id = "1", .title = "Pump", .markdown = "the pump is off\n"};
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = sample_open(*state);
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct told told;
    assert_ok(cs_store_open(index, &store, &err), &err);
    (void)sample_page(index, &page);
    run(index, store, CS_CHECK_FIX, &told);
    run(index, store, CS_CHECK_DRY_RUN, &told);
    assert_string_equal(told.text, "");
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        sample_exec(index, cases[i].damage);
        run(index, store, CS_CHECK_DRY_RUN, &told);
        assert_string_equal(told.text, cases[i].told);
        run(index, store, CS_CHECK_FIX, &told);
        assert_string_equal(told.text, cases[i].told);
        run(index, store, CS_CHECK_DRY_RUN, &told);
        assert_string_equal(told.text, "");
    }
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    int64_t df = 0;
    assert_ok(cs_lexicon_open(cs_index_db(index), &lexicon, &err), &err);
    assert_ok(cs_lexicon_df(lexicon, "pump", 4, &df, &err), &err);
    assert_int_equal(df, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_damage_is_found_and_mended,
                                        sandbox_setup, sandbox_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
