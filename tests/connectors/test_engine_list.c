/*
 * test_engine_list.c - when a container is listed completely and when only its
 * changes are; containers that are not there.
 */
#include "tests/connectors/engine_site.h"

/* ---- changes and complete listings ---- */

static void test_changes_when_listing_is_dear(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 2);
    assert_ok(run(&rig, &toys), &rig.err); /* cheap: all is listed */
    assert_int_equal(calls.lists, 4);
    assert_int_equal(calls.changes, 0);
    rig.memory.state.count = 2000; /* 21 requests for each of two */
    rig.memory.state.listed = rig.clock.wall_ms - 3600000;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 4);
    assert_int_equal(calls.changes, 2);
    assert_int_equal(rig.heard.scope, CS_LIST_CHANGES);
    assert_int_equal(calls.since, INT64_C(3000000000) - 3600000);
    rig.memory.state.listed = rig.clock.wall_ms - 86400000;
    assert_ok(run(&rig, &toys), &rig.err); /* a day has passed */
    assert_int_equal(calls.lists, 6);
    memory_sink_clear(&rig.memory);
}

static void test_reconcile_interval(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.source.reconcile_interval_ms = 7200000;
    assert_ok(run(&rig, &toys), &rig.err);
    rig.memory.state.listed = rig.clock.wall_ms - 7100000;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 2);
    rig.memory.state.listed = rig.clock.wall_ms + 60000; /* a clock set back */
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 4);
    rig.memory.state.listed = rig.clock.wall_ms - 60000;
    rig.options.full = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 6);
    rig.options.full = false;
    rig.connector.changes = NULL;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.lists, 8);
    memory_sink_clear(&rig.memory);
}

/* What changes do not tell is not missing. */
static void test_changes_remove_nothing(void **state)
{
    (void)state;
    struct toy_document without_two[] = {documents[0], documents[1],
                                         documents[2]};
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.source.reconcile_interval_ms = 7200000;
    assert_ok(run(&rig, &toys), &rig.err);
    without_two[1].unlisted = true;
    without_two[1].presence = CS_PRESENCE_TRASHED;
    toys.documents = without_two;
    rig.memory.state.listed = rig.clock.wall_ms;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.probes, 0);
    assert_non_null(memory_sink_find(&rig.memory, "2"));
    memory_sink_clear(&rig.memory);
}

/* ---- containers that are not there ---- */

static void test_absent_containers(void **state)
{
    (void)state;
    static const char *const only_a[] = {"a"}, *const only_b[] = {"B"};
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    toys.n_spaces = 1; /* B is not shown any more */
    assert_ok(run(&rig, &toys), &rig.err);
    const struct memory_container *b = memory_sink_container(&rig.memory, "B");
    assert_true(b->absent);
    assert_int_equal(b->absence, CS_ABSENCE_GONE);
    assert_int_equal(rig.heard.absent, 1);
    assert_non_null(item(&rig, "5")->markdown);
    rig.source.spaces = only_a; /* and not configured either */
    rig.source.n_spaces = 1;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(b->absence, CS_ABSENCE_LEFT);
    rig.source.spaces = only_b;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(b->absence, CS_ABSENCE_GONE);
    toys.n_spaces = 2;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_false(b->absent);
    assert_int_equal(rig.memory.n_items, 3);
    memory_sink_clear(&rig.memory);
}

static void test_one_space_says_nothing_of_others(void **state)
{
    (void)state;
    const struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    rig.only = "A";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.heard.absent, 0);
    assert_false(memory_sink_container(&rig.memory, "B")->absent);
    memory_sink_clear(&rig.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes_when_listing_is_dear),
        cmocka_unit_test(test_reconcile_interval),
        cmocka_unit_test(test_changes_remove_nothing),
        cmocka_unit_test(test_absent_containers),
        cmocka_unit_test(test_one_space_says_nothing_of_others),
    };
    return cmocka_run_group_tests_name("engine_list", tests, NULL, NULL);
}
