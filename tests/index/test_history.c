/*
 * test_history.c - what became of a page, told.
 */
#include "index/history.h"
#include "src/text.h"

#include "tests/lib/script.h"
#include "tests/lib/test.h"
#include "tests/lib/wiki.h"

static const struct wiki_page site[] = {
    {.id = "1", .space = "ENG", .title = "Home", .text = "Welcome"},
    {.id = "2",
     .space = "ENG",
     .title = "Runbook",
     .parent = "1",
     .text = "Restart the pump"},
    {.id = "6", .space = "OPS", .title = "Shifts", .text = "Who when"},
};

/* What is removed is kept for a day. */
#define SYNC(...)                                                              \
    wiki_sync_later(                                                           \
        box, &wiki,                                                            \
        (struct wiki_run){.options.keep_deleted_ms = 86400000, __VA_ARGS__})

struct told {
    struct cs_arena *arena;
    struct cs_history history;
    struct cs_strbuf events; /* "what: detail" lines */
};

static struct told tell(struct sandbox *box, const char *name)
{
    struct told told = {.arena = cs_arena_new(0)};
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    cs_strbuf_init(&told.events, 65536);
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_ok(cs_history_load(index, told.arena, name, &told.history, &err),
              &err);
    for (size_t i = 0; i < told.history.n_events; i++) {
        const struct cs_history_event *event = &told.history.events[i];
        assert_true(event->at > 0);
        assert_true(event->run > 0);
        cs_strbuf_printf(&told.events, "%s: %s\n", event->what,
                         event->detail ? event->detail : "-");
    }
    return told;
}

static void free_told(struct told *told)
{
    cs_strbuf_clear(&told->events);
    cs_arena_free(told->arena);
}

static void test_events_of_a_life(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->title = "Manual";
    wiki_find(&wiki, "2")->version = 2;
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_GONE;
    SYNC();
    struct told told = tell(box, "wiki:2");
    assert_int_equal(told.history.state, CS_HISTORY_MISSING);
    assert_string_equal(told.history.verdict, "gone");
    assert_int_equal(told.history.since, box->now_ms);
    free_told(&told);
    SYNC();
    told = tell(box, "2");
    assert_string_equal(told.events.data,
                        "listed: -\n"
                        "fetched: version 1\n"
                        "changed: version 1 -> 2\n"
                        "renamed: Runbook -> Manual\n"
                        "moved: ENG/Runbook.md -> ENG/Manual.md\n"
                        "fetched: version 2\n"
                        "missing: -\n"
                        "verdict: gone, status 404\n"
                        "removed: gone\n");
    assert_int_equal(told.history.state, CS_HISTORY_REMOVED);
    assert_string_equal(told.history.reason, "gone");
    assert_int_equal(told.history.http_status, 404);
    assert_int_equal(told.history.since, box->now_ms);
    assert_true(told.history.restorable);
    assert_string_equal(told.history.id, "wiki:2");
    assert_string_equal(told.history.space, "ENG");
    assert_non_null(strstr(told.history.path, "/wiki/ENG/Manual.md"));
    free_told(&told);
    wiki_find(&wiki, "2")->state = WIKI_THERE;
    SYNC();
    told = tell(box, "wiki/ENG/Manual.md");
    assert_int_equal(told.history.state, CS_HISTORY_HERE);
    assert_non_null(strstr(told.events.data, "restored: gone\n"));
    free_told(&told);
}

static void test_a_quiet_run_says_nothing(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    int64_t n = script_count(box, "SELECT count(*) FROM event");
    SYNC();
    assert_int_equal(script_count(box, "SELECT count(*) FROM event"), n);
}

static void test_container_that_left(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    SYNC(.spaces = "ENG", .gone = "OPS");
    struct told told = tell(box, "6");
    assert_int_equal(told.history.gone, box->now_ms);
    assert_int_equal(told.history.left, 0);
    assert_string_equal(told.history.gone_why, "so");
    free_told(&told);
}

static void test_forgotten_and_unknown(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    struct wiki_run run = {.fetched = 0};
    box->now_ms += 1000;
    wiki_sync(box, &wiki, &run); /* without tombstones */
    static const char *const names[] = {"2", "wiki:2"};
    for (size_t i = 0; i < 2; i++) {
        struct told told = tell(box, names[i]);
        assert_int_equal(told.history.state, CS_HISTORY_FORGOTTEN);
        assert_non_null(strstr(told.events.data, "removed: trashed\n"));
        free_told(&told);
    }
    struct cs_error err = CS_ERROR_INIT;
    struct cs_history history;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_READ};
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_int_equal(cs_history_load(index, arena, "77", &history, &err),
                     CS_ERR_NOT_FOUND);
}

static void test_a_long_life_is_cut(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    for (int64_t version = 2; version < 110; version++) {
        wiki_find(&wiki, "2")->version = version;
        wiki_find(&wiki, "6")->title = version % 2 ? "Shifts" : "Turns";
        SYNC();
    }
    struct told told = tell(box, "2");
    assert_int_equal(told.history.n_events, CS_HISTORY_MAX);
    assert_true(cs_str_ends(told.events.data, "changed: version 108 -> 109\n"
                                              "fetched: version 109\n"));
    free_told(&told);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_events_of_a_life),    TEST(test_a_quiet_run_says_nothing),
        TEST(test_container_that_left), TEST(test_forgotten_and_unknown),
        TEST(test_a_long_life_is_cut),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
