/*
 * test_engine_exclude.c - documents that the user does not want: seen, not
 * stored, not fetched again.
 */
#include "tests/connectors/engine_site.h"

static const char *const draft[] = {"draft*"}, *const label[] = {"private"};

static void exclude(struct rig *rig, bool by_title)
{
    const struct cs_patterns none = {0};
    const struct cs_patterns titles = {draft, 1}, labels = {label, 1};
    rig->source.exclude_titles = by_title ? titles : none;
    rig->source.exclude_labels = by_title ? none : labels;
}

static void test_by_title(void **state)
{
    (void)state;
    struct toy_document docs[] = {documents[0], documents[1], documents[2]};
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    exclude(&rig, true);
    toys.documents = docs;
    docs[0].title = "Draft of one";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    assert_int_equal(rig.heard.excluded, 1);
    assert_int_equal(rig.summary.stored, 2);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.probes, 0); /* never held: nothing to ask for */
    docs[1].title = "Draft of two";    /* one that is held */
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "2"));
    assert_int_equal(rig.summary.deleted, 1);
    docs[1].title = "Two";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(item(&rig, "2")->markdown, "two");
    memory_sink_clear(&rig.memory);
}

/* A listing of changes says so too. */
static void test_by_title_in_changes(void **state)
{
    (void)state;
    struct toy_document docs[] = {documents[0], documents[1], documents[2]};
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    exclude(&rig, true);
    rig.source.reconcile_interval_ms = 7200000;
    toys.documents = docs;
    assert_ok(run(&rig, &toys), &rig.err);
    rig.memory.state.listed = rig.clock.wall_ms;
    docs[2].title = "Draft of five";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.heard.scope, CS_LIST_CHANGES);
    assert_null(memory_sink_find(&rig.memory, "5"));
    memory_sink_clear(&rig.memory);
}

static void test_by_label_of_the_listing(void **state)
{
    (void)state;
    struct toy_document docs[] = {documents[0], documents[1], documents[2]};
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    exclude(&rig, false);
    toys.documents = docs;
    docs[0].label = "private";
    docs[1].label = "public";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    assert_string_equal(item(&rig, "2")->labels, "public");
    docs[1].label = "private";
    docs[0].label = NULL;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "2"));
    assert_string_equal(item(&rig, "1")->markdown, "one");
    /* Changes tell no labels: what was excluded stays so. */
    rig.source.reconcile_interval_ms = 7200000;
    rig.memory.state.listed = rig.clock.wall_ms;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "2"));
    memory_sink_clear(&rig.memory);
}

static void test_by_label_of_the_document(void **state)
{
    (void)state;
    struct toy_document docs[] = {documents[0], documents[1], documents[2]};
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    exclude(&rig, false);
    toys.documents = docs;
    toys.no_list_labels = true;
    docs[0].label = "private";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    assert_int_equal(rig.summary.stored, 2);
    docs[0].fetch_fails = CS_ERR_INTERNAL; /* would show that it is fetched */
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    docs[0].fetch_fails = CS_OK;
    docs[0].label = NULL;
    docs[0].version++;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(item(&rig, "1")->markdown, "one");
    docs[0].label = "private"; /* without a new version: seen by --full */
    assert_ok(run(&rig, &toys), &rig.err);
    assert_non_null(memory_sink_find(&rig.memory, "1"));
    rig.options.full = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    memory_sink_clear(&rig.memory);
}

/* A pattern that takes in very much is braked like any deletion. */
static void test_the_brake_holds(void **state)
{
    (void)state;
    static const char *const everything[] = {"*"};
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    rig.source.deletion_brake_percent = 10;
    rig.source.deletion_brake_count = 1;
    assert_ok(run(&rig, &toys), &rig.err);
    rig.source.exclude_titles = (struct cs_patterns){everything, 1};
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_int_equal(rig.memory.n_items, 3);
    assert_int_equal(rig.summary.braked, 3);
    memory_sink_clear(&rig.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_title),
        cmocka_unit_test(test_by_title_in_changes),
        cmocka_unit_test(test_by_label_of_the_listing),
        cmocka_unit_test(test_by_label_of_the_document),
        cmocka_unit_test(test_the_brake_holds),
    };
    return cmocka_run_group_tests_name("engine_exclude", tests, NULL, NULL);
}
