/*
 * test_engine.c - the engine with a toy connector and a sink in memory.
 */
#include "tests/connectors/engine_rig.h"

static const struct toy_document documents[] = {
    {.space = "A", .id = "1", .title = "One", .text = "one", .version = 1},
    {.space = "A",
     .id = "2",
     .title = "Two",
     .text = "two",
     .version = 4,
     .label = "ops"},
    {.space = "A",
     .id = "3",
     .title = "F",
     .version = 1,
     .kind = CS_ITEM_FOLDER},
    {.space = "A",
     .id = "4",
     .title = "Blog",
     .text = "b",
     .version = 1,
     .kind = CS_ITEM_BLOG_POST},
    {.space = "B", .id = "5", .title = "Five", .text = "five", .version = 2},
};

static const struct toy_space spaces[] = {{.key = "A"}, {.key = "B"}};

static const struct toy_site site = {.spaces = spaces,
                                     .n_spaces = 2,
                                     .documents = documents,
                                     .n_documents = CS_ARRAY_LEN(documents)};

static void test_a_whole_run(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &site), &rig.err);
    assert_int_equal(rig.summary.listed, 4);
    assert_int_equal(rig.summary.stored, 4);
    assert_int_equal(rig.heard.listed, 2);
    assert_int_equal(rig.heard.troubles, 0);
    assert_int_equal(rig.heard.phase, CS_PHASE_DONE);
    assert_int_equal(rig.heard.done, 4);
    assert_int_equal(rig.heard.total, 4);
    assert_int_equal(rig.memory.commits, 4); /* hints, 2 spaces, files */
    assert_int_equal(rig.memory.ended, 1);
    assert_int_equal(rig.memory.outcome, CS_OK);
    assert_string_equal(rig.memory.base_url, "https://toy.test");
    assert_string_equal(memory_sink_find(&rig.memory, "2")->markdown, "two");
    assert_string_equal(memory_sink_find(&rig.memory, "2")->labels, "ops");
    assert_null(memory_sink_find(&rig.memory, "3")->markdown);
    memory_sink_clear(&rig.memory);
}

static void test_second_run_fetches_nothing(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &site), &rig.err);
    assert_ok(run(&rig, &site), &rig.err);
    for (size_t i = 0; i < rig.memory.n_items; i++)
        assert_true(rig.memory.items[i].puts <= 1);
    memory_sink_clear(&rig.memory);
}

static void test_only_one_container(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    rig.only = "B";
    assert_ok(run(&rig, &site), &rig.err);
    assert_int_equal(rig.memory.n_items, 1);
    memory_sink_clear(&rig.memory);
}

static void test_one_failing_container(void **state)
{
    (void)state;
    static const struct toy_space one_bad[] = {
        {.key = "A", .list_fails = CS_ERR_FORBIDDEN}, {.key = "B"}};
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    toys.spaces = one_bad;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_string_equal(rig.err.message, "1 of 2 spaces could not be synced");
    assert_string_equal(rig.heard.what, "space A");
    assert_int_equal(rig.memory.listings, 1); /* A's counts for nothing */
    assert_string_equal(memory_sink_find(&rig.memory, "5")->markdown, "five");
    assert_int_equal(rig.memory.outcome, CS_ERR_PARTIAL);
    memory_sink_clear(&rig.memory);
}

static void test_all_fail_alike(void **state)
{
    (void)state;
    static const struct toy_space all_bad[] = {
        {.key = "A", .fetch_fails = CS_ERR_NETWORK},
        {.key = "B", .list_fails = CS_ERR_NETWORK}};
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    toys.spaces = all_bad;
    assert_int_equal(run(&rig, &toys), CS_ERR_NETWORK);
    assert_int_equal(rig.heard.troubles, 2);
    assert_non_null(strstr(rig.err.message, "all 2 spaces failed"));
    /* What a failing fetch had put before is kept. */
    assert_int_equal(rig.memory.commits, 3);
    assert_string_equal(memory_sink_find(&rig.memory, "1")->markdown, "one");
    memory_sink_clear(&rig.memory);
}

static void test_all_fail_differently(void **state)
{
    (void)state;
    static const struct toy_space all_bad[] = {
        {.key = "A", .list_fails = CS_ERR_FORBIDDEN},
        {.key = "B", .list_fails = CS_ERR_NETWORK}};
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    toys.spaces = all_bad;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    memory_sink_clear(&rig.memory);
}

static void test_missing_containers(void **state)
{
    (void)state;
    static const struct toy_space missing[] = {
        {.key = "NOPE", .missing = true}};
    struct toy_site toys = {.spaces = missing, .n_spaces = 1};
    struct rig rig;
    open_rig(&rig);
    assert_int_equal(run(&rig, &toys), CS_ERR_CONFIG);
    assert_non_null(strstr(rig.err.message, "NOPE"));
    assert_string_equal(rig.heard.what, "space NOPE");
    assert_int_equal(rig.memory.ended, 1);
    toys.n_spaces = 0;
    assert_int_equal(run(&rig, &toys), CS_ERR_CONFIG);
    assert_int_equal(rig.memory.ended, 2);
    memory_sink_clear(&rig.memory);
}

static void test_what_ends_a_run(void **state)
{
    (void)state;
    static const enum cs_status fatal[] = {CS_ERR_AUTH, CS_ERR_CONFIG,
                                           CS_ERR_CANCELLED, CS_ERR_NO_MEMORY,
                                           CS_ERR_INTERNAL};
    for (size_t i = 0; i < CS_ARRAY_LEN(fatal); i++) {
        const struct toy_space bad[] = {{.key = "A", .list_fails = fatal[i]},
                                        {.key = "B"}};
        struct toy_site toys = site;
        struct rig rig;
        open_rig(&rig);
        toys.spaces = bad;
        assert_int_equal(run(&rig, &toys), fatal[i]);
        assert_null(memory_sink_find(&rig.memory, "5"));
        assert_int_equal(rig.memory.ended, 1);
        assert_int_equal(rig.memory.outcome, fatal[i]);
        memory_sink_clear(&rig.memory);
    }
}

static void test_check_failing(void **state)
{
    (void)state;
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    toys.check_fails = CS_ERR_NETWORK;
    assert_int_equal(run(&rig, &toys), CS_ERR_NETWORK);
    assert_int_equal(rig.memory.begun, 1);
    assert_int_equal(rig.memory.ended, 1);
    assert_int_equal(rig.heard.listed, 0);
    memory_sink_clear(&rig.memory);
}

/* A sink's failure ends the run also with a status that would be a container's
 * matter coming from a connector. */
static void test_sink_failing_anywhere(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned commits; /* until then */
    } slots[] = {{"state", 0},      {"list_begin", 0}, {"list_add", 0},
                 {"list_label", 0}, {"list_end", 0},   {"containers", 0},
                 {"cursor", 0},     {"set_cursor", 0}, {"commit", 1},
                 {"remove", 1},     {"wanted", 1},     {"put", 1}};
    for (size_t i = 0; i < CS_ARRAY_LEN(slots); i++) {
        struct rig rig;
        open_rig(&rig);
        rig.memory.break_at = slots[i].name;
        rig.memory.break_with = i % 2 ? CS_ERR_NO_SPACE : CS_ERR_LIMIT;
        if (run(&rig, &site) != rig.memory.break_with)
            fail_msg("a failing %s gives: %s", slots[i].name, rig.err.message);
        assert_non_null(strstr(rig.err.message, "the sink broke at"));
        /* A sink that failed is not asked to commit what it has. */
        assert_int_equal(rig.memory.commits, slots[i].commits);
        /* Nor is the other container fetched. */
        const struct memory_item *other = memory_sink_find(&rig.memory, "5");
        assert_true(!other || !other->markdown);
        assert_int_equal(rig.memory.ended, 1);
        memory_sink_clear(&rig.memory);
    }
}

static void test_sink_failing_at_the_ends(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    rig.memory.break_at = "begin";
    rig.memory.break_with = CS_ERR_CONFIG;
    assert_int_equal(run(&rig, &site), CS_ERR_CONFIG);
    assert_int_equal(rig.memory.ended, 0); /* it never began */
    rig.memory.break_at = "end";
    rig.memory.break_with = CS_ERR_IO;
    assert_int_equal(run(&rig, &site), CS_ERR_IO);
    memory_sink_clear(&rig.memory);
}

static void test_failing_documents(void **state)
{
    (void)state;
    struct toy_document some_bad[CS_ARRAY_LEN(documents)];
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    memcpy(some_bad, documents, sizeof(documents));
    some_bad[1].fetch_fails = CS_ERR_NETWORK;
    some_bad[3].fetch_fails = CS_ERR_NOT_FOUND;
    toys.documents = some_bad;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_int_equal(rig.heard.troubles, 2);
    assert_string_equal(rig.heard.what, "blog post 4");
    assert_int_equal(rig.summary.failed, 2);
    assert_int_equal(rig.summary.stored, 2);
    assert_ok(run(&rig, &site), &rig.err); /* wanted again, and good now */
    assert_int_equal(rig.summary.stored, 4);
    memory_sink_clear(&rig.memory);
}

static void test_connector_that_loses_documents(void **state)
{
    (void)state;
    struct toy_site toys = site;
    struct rig rig;
    open_rig(&rig);
    toys.forgets = true;
    assert_int_equal(run(&rig, &toys), CS_ERR_INTERNAL);
    assert_non_null(strstr(rig.err.message, "lost 3 of 3 documents"));
    memory_sink_clear(&rig.memory);
}

static void test_cancel(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig);
    rig.cancel = 1;
    assert_int_equal(run(&rig, &site), CS_ERR_CANCELLED);
    assert_int_equal(rig.memory.n_items, 0);
    assert_int_equal(rig.memory.outcome, CS_ERR_CANCELLED);
    memory_sink_clear(&rig.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_run),
        cmocka_unit_test(test_second_run_fetches_nothing),
        cmocka_unit_test(test_only_one_container),
        cmocka_unit_test(test_one_failing_container),
        cmocka_unit_test(test_all_fail_alike),
        cmocka_unit_test(test_all_fail_differently),
        cmocka_unit_test(test_missing_containers),
        cmocka_unit_test(test_what_ends_a_run),
        cmocka_unit_test(test_check_failing),
        cmocka_unit_test(test_sink_failing_anywhere),
        cmocka_unit_test(test_sink_failing_at_the_ends),
        cmocka_unit_test(test_failing_documents),
        cmocka_unit_test(test_connector_that_loses_documents),
        cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
