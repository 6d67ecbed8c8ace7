/*
 * test_plan.c - how a query is taken, by what its words cost.
 */
#include "tests/lib/sandbox.h"
#include "tests/lib/test.h"

#include "index/search/plan.h"
#include "tests/index/lexicon_sample.h"

/* Two rare words, and two that are on most of 100,000 pages. */
static void make(struct sandbox *box, struct cs_arena *arena, const char *text,
                 struct cs_expr *ret_expr, struct cs_plan **ret_plan)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_db *db CS_CLEANUP(cs_db_cleanup) =
        lexicon_sample_open(":memory:");
    struct cs_lexicon *lexicon = NULL;
    const struct cs_plan_options options = {.loose = true, .documents = 100000};
    lexicon_sample_fill(db, "gateway 500 page 90000 restart 300 system 80000");
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    assert_ok(cs_expr_parse(arena, &box->clock, CS_EXPR_QUERY, text,
                            strlen(text), ret_expr, &err),
              &err);
    assert_ok(cs_plan_make(lexicon, arena, ret_expr, &options, ret_plan, &err),
              &err);
    cs_lexicon_close(lexicon);
}

/* Of what is too much to read, the most common goes, unless it must not. */
static void test_common_words_are_left_out(void **state)
{
    static const struct {
        const char *text, *left_out;
    } rows[] = {
        {"restart system page gateway", "page"},
        {"restart system +page gateway", "system"},
        {"restart +system +page gateway", NULL},
        {"restart page gateway", NULL},
        {"restart system page", NULL}, /* too little would remain */
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_expr expr;
        struct cs_plan *plan = NULL;
        char want[128] = "";
        make(*state, arena, rows[i].text, &expr, &plan);
        if (rows[i].left_out)
            (void)snprintf(want, sizeof(want),
                           "\"%s\" is on so many pages that it was left out; "
                           "+%s asks for it",
                           rows[i].left_out, rows[i].left_out);
        assert_string_equal(expr.n_hints ? expr.hints[0] : "", want);
        for (size_t g = 0; g < plan->n_groups; g++) {
            const struct cs_term_group *group = &plan->groups[g];
            bool out =
                rows[i].left_out && strcmp(group->word, rows[i].left_out) == 0;
            assert_int_equal(plan->unscored >> g & 1, out);
            assert_int_equal(group->n_phrases == 0, out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_common_words_are_left_out,
                                        sandbox_setup, sandbox_teardown),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
