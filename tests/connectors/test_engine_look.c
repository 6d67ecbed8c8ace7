/*
 * test_engine_look.c - what a run looks at besides its listings: hints,
 * what may be gone, attachments; and what holds a run back.
 */
#include "tests/connectors/engine_site.h"

/* ---- hints ---- */

static void test_hints_bring_aspects(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(item(&rig, "1")->comments, "## Comments\n");
    assert_null(item(&rig, "2")->comments);
    assert_null(item(&rig, "5")->comments);
    assert_int_equal(calls.hint_containers, 2);
    assert_int_equal(calls.hint_documents, 3);
    assert_int_equal(calls.hint_aspects, toy_connector.aspects & ~1U);
    assert_string_equal(calls.cursor, "");
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(calls.cursor, "told 1");
    memory_sink_clear(&rig.memory);
}

static void test_unwanted_aspects_are_not_asked_for(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.source.comments = false;
    rig.source.attachments = CS_ATTACHMENTS_NONE;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.hint_aspects, CS_ASPECT_LABELS);
    assert_int_equal(calls.downloads, 0);
    assert_null(item(&rig, "1")->comments);
    /* Wanted later, they are told from the start. */
    rig.source.comments = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(calls.cursor, "");
    assert_string_equal(item(&rig, "1")->comments, "## Comments\n");
    memory_sink_clear(&rig.memory);
}

/* A container that comes later has its hints told from the start. */
static void test_a_later_container(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    toys.n_spaces = 1;
    assert_ok(run(&rig, &toys), &rig.err);
    toys.n_spaces = 2;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(calls.cursor, "");
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(calls.cursor, "told 2");
    memory_sink_clear(&rig.memory);
}

static void test_failing_hints(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    toys.hints_fail = CS_ERR_FORBIDDEN;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_int_equal(rig.heard.troubles, 1);
    assert_int_equal(rig.summary.stored, 3);
    assert_null(memory_sink_cursor(&rig.memory, "feed"));
    toys.hints_fail = CS_ERR_AUTH;
    assert_int_equal(run(&rig, &toys), CS_ERR_AUTH);
    toys.hints_fail = CS_OK;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(calls.cursor, "");
    memory_sink_clear(&rig.memory);
}

/* Without feeds, everything is looked at once. */
static void test_a_connector_without_hints(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.connector.hints = NULL;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.memory.hinted_all, 1);
    assert_non_null(item(&rig, "5")->comments);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.memory.hinted_all, 1);
    memory_sink_clear(&rig.memory);
}

static void test_the_sweep(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.source.sweep_requests = 50;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.memory.sweep_max, 16); /* three aspects each */
    assert_int_equal(rig.memory.sweep_older_than,
                     rig.clock.wall_ms - INT64_C(7) * 86400000);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_non_null(item(&rig, "5")->comments);
    rig.only = "A";
    rig.memory.sweep_max = 0;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.memory.sweep_max, 0);
    memory_sink_clear(&rig.memory);
}

/* Everybody is called by the number of the call. */
static unsigned named;

static enum cs_status name_them(void *self, const char *const *ids, size_t n,
                                cs_person_fn *person, void *payload,
                                struct cs_error *err)
{
    char name[16];
    enum cs_status status = CS_OK;
    (void)self;
    (void)snprintf(name, sizeof(name), "Name %u", ++named);
    for (size_t i = 0; i < n && !status; i++) {
        const struct cs_person who = {.id = ids[i], .name = name};
        status = person(payload, &who, err);
    }
    return status;
}

static void test_names_are_asked_for_once_a_week(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    const struct cs_person ada = {.id = "u1", .name = "Ada"};
    struct rig rig;
    open_rig(&rig);
    struct cs_sink *sink = &rig.memory.sink;
    rig.connector.names = name_them;
    named = 0;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_ok(sink->ops->put_person(sink, &ada, &rig.err), &rig.err);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Ada");
    rig.clock.wall_ms += INT64_C(7) * 86400000;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Name 1");
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Name 1");
    rig.options.full = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(memory_sink_person(&rig.memory, "u1"), "Name 2");
    memory_sink_clear(&rig.memory);
}

static void test_full_looks_at_everything(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    rig.options.full = true;
    rig.only = "A";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_non_null(item(&rig, "2")->comments);
    assert_null(item(&rig, "5")->comments);
    assert_int_equal(item(&rig, "2")->stored, 4);
    memory_sink_clear(&rig.memory);
}

/* ---- what may be gone ---- */

struct gone_case {
    enum cs_presence presence;
    bool first, second; /* held after one complete listing, and two */
};

static void test_what_is_gone(void **state)
{
    (void)state;
    static const struct gone_case cases[] = {
        {CS_PRESENCE_TRASHED, false, false},  {CS_PRESENCE_GONE, true, false},
        {CS_PRESENCE_FORBIDDEN, true, false}, {CS_PRESENCE_UNKNOWN, true, true},
        {CS_PRESENCE_HERE, true, true},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct toy_document without_two[] = {documents[0], documents[1],
                                             documents[2]};
        struct toy_calls calls = {0};
        struct toy_site toys = site_of(&calls);
        struct rig rig;
        open_rig(&rig);
        assert_ok(run(&rig, &toys), &rig.err);
        toys.documents = without_two;
        without_two[1].unlisted = true;
        without_two[1].presence = cases[i].presence;
        (void)run(&rig, &toys);
        assert_int_equal(calls.probes, 1);
        assert_int_equal(memory_sink_find(&rig.memory, "2") != NULL,
                         cases[i].first);
        (void)run(&rig, &toys);
        assert_int_equal(memory_sink_find(&rig.memory, "2") != NULL,
                         cases[i].second);
        memory_sink_clear(&rig.memory);
    }
}

static void test_suspects_are_asked_for(void **state)
{
    (void)state;
    static const struct toy_hint trash[] = {{"2", 0}, {"77", 0}};
    struct toy_document trashed[] = {documents[0], documents[1], documents[2]};
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.source.reconcile_interval_ms = 7200000;
    assert_ok(run(&rig, &toys), &rig.err);
    trashed[1].unlisted = true;
    trashed[1].presence = CS_PRESENCE_TRASHED;
    toys.documents = trashed;
    toys.feed = trash;
    rig.memory.state.listed = rig.clock.wall_ms;
    /* A run over one space leaves this to the next. */
    rig.only = "B";
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.probes, 0);
    assert_string_equal(memory_sink_cursor(&rig.memory, "feed"), "told 1");
    rig.only = NULL;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(calls.probes, 1);
    assert_null(memory_sink_find(&rig.memory, "2"));
    assert_int_equal(rig.summary.deleted, 1);
    memory_sink_clear(&rig.memory);
}

static void test_the_brake_is_told(void **state)
{
    (void)state;
    struct toy_document trashed[] = {documents[0], documents[1], documents[2]};
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    rig.source.deletion_brake_percent = 10;
    rig.source.deletion_brake_count = 1;
    assert_ok(run(&rig, &toys), &rig.err);
    for (size_t i = 0; i < 2; i++) {
        trashed[i].unlisted = true;
        trashed[i].presence = CS_PRESENCE_TRASHED;
    }
    toys.documents = trashed;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_non_null(strstr(rig.err.message, "2 deletions are held back"));
    assert_non_null(strstr(rig.err.hint, "--allow-deletions"));
    assert_non_null(memory_sink_find(&rig.memory, "1"));
    rig.options.allow_deletions = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_null(memory_sink_find(&rig.memory, "1"));
    memory_sink_clear(&rig.memory);
}

static void test_failing_probe(void **state)
{
    (void)state;
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    toys.n_documents = 2;
    toys.probe_fails = CS_ERR_NETWORK;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_string_equal(rig.heard.what, "what may have been deleted");
    assert_non_null(memory_sink_find(&rig.memory, "5"));
    memory_sink_clear(&rig.memory);
}

/* ---- attachments ---- */

static void test_downloads(void **state)
{
    (void)state;
    struct toy_file broken[] = {files[0]};
    struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    broken[0].fails = CS_ERR_NETWORK;
    toys.files = broken;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_string_equal(rig.heard.what, "attachment f1 (a.png)");
    assert_int_equal(rig.summary.files_failed, 1);
    const struct memory_file *file = memory_sink_file(&rig.memory, "f1");
    assert_int_equal(file->len, 5); /* kept, and gone on from */
    assert_int_equal(file->held, 0);
    toys.files = files;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(file->bytes, "0123456789");
    assert_int_equal(file->held, 1);
    assert_int_equal(rig.summary.files_fetched, 1);
    toys.download_fails = CS_ERR_NETWORK;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_string_equal(rig.heard.what, "attachments");
    memory_sink_clear(&rig.memory);
}

/* ---- what holds a run back ---- */

static void test_budget(void **state)
{
    (void)state;
    const struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    rig.source.run_budget_ms = 1;
    rig.options.scheduled = true;
    rig.clock.step_ms = 1;
    assert_int_equal(run(&rig, &toys), CS_ERR_PARTIAL);
    assert_string_equal(rig.err.message, "the time of this run was up");
    assert_int_equal(rig.memory.ended, 1);
    assert_int_equal(rig.summary.stored, 0);
    rig.options.scheduled = false; /* somebody waits for this one */
    assert_ok(run(&rig, &toys), &rig.err);
    assert_int_equal(rig.summary.stored, 3);
    memory_sink_clear(&rig.memory);
}

static void test_dry_run(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    const struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    rig.options.dry_run = true;
    assert_ok(run(&rig, &toys), &rig.err);
    assert_true(rig.memory.options.dry_run);
    assert_int_equal(calls.fetches, 0);
    assert_int_equal(calls.downloads, 0);
    assert_non_null(strstr(rig.heard.planned, "fetch 1 One: text, comments; "));
    assert_non_null(strstr(rig.heard.planned, "fetch 5 Five: text; "));
    memory_sink_clear(&rig.memory);
}

static void test_a_refused_credential(void **state)
{
    (void)state;
    struct toy_calls calls = {0};
    struct toy_site toys = site_of(&calls);
    struct rig rig;
    open_rig(&rig);
    toys.check_fails = CS_ERR_AUTH;
    rig.options.scheduled = true;
    assert_int_equal(run(&rig, &toys), CS_ERR_AUTH);
    assert_int_equal(calls.check, 1);
    const char *note = memory_sink_cursor(&rig.memory, "credential.refused");
    assert_non_null(note);
    assert_null(strstr(note, "toy-token"));
    assert_int_equal(run(&rig, &toys), CS_ERR_AUTH);
    assert_int_equal(calls.check, 1); /* not sent again */
    assert_non_null(strstr(rig.err.message, "not sent again"));
    rig.source.api_token = "another-token";
    assert_int_equal(run(&rig, &toys), CS_ERR_AUTH);
    assert_int_equal(calls.check, 2);
    rig.options.scheduled = false; /* by hand */
    assert_int_equal(run(&rig, &toys), CS_ERR_AUTH);
    assert_int_equal(calls.check, 3);
    toys.check_fails = CS_OK;
    assert_ok(run(&rig, &toys), &rig.err);
    rig.options.scheduled = true;
    assert_ok(run(&rig, &toys), &rig.err); /* forgotten */
    memory_sink_clear(&rig.memory);
}

static void test_titles_in_progress(void **state)
{
    (void)state;
    const struct toy_site toys = site_of(NULL);
    struct rig rig;
    open_rig(&rig);
    assert_ok(run(&rig, &toys), &rig.err);
    assert_string_equal(rig.heard.title, "Five");
    memory_sink_clear(&rig.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hints_bring_aspects),
        cmocka_unit_test(test_unwanted_aspects_are_not_asked_for),
        cmocka_unit_test(test_a_later_container),
        cmocka_unit_test(test_failing_hints),
        cmocka_unit_test(test_a_connector_without_hints),
        cmocka_unit_test(test_the_sweep),
        cmocka_unit_test(test_names_are_asked_for_once_a_week),
        cmocka_unit_test(test_full_looks_at_everything),
        cmocka_unit_test(test_what_is_gone),
        cmocka_unit_test(test_suspects_are_asked_for),
        cmocka_unit_test(test_the_brake_is_told),
        cmocka_unit_test(test_failing_probe),
        cmocka_unit_test(test_downloads),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_dry_run),
        cmocka_unit_test(test_a_refused_credential),
        cmocka_unit_test(test_titles_in_progress),
    };
    return cmocka_run_group_tests_name("engine_look", tests, NULL, NULL);
}
