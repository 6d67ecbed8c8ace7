/*
 * test_store.c - runs of a scripted source through the sink: what lands on
 * disk, in the rows and in the full-text index, and what stays as it was.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

#include "index/store/store.h"

#include <sys/stat.h>

static const struct script_page first[] = {
    SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, "Runbook", NULL),
    SCRIPT_PAGE("2", "Runbook", "1", "Restart the pump", 1, NULL, "ops"),
    SCRIPT_PAGE("3", "On call", "2", "Ask ../Ada", 1, "Later", NULL),
    SCRIPT_PAGE("4", "Plans", NULL, NULL, 1, NULL, NULL), /* a folder */
    SCRIPT_PAGE("5", "Q1/Q2", "4", "Ship it", 1, NULL, NULL),
};

static void test_first_run_lands_everywhere(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_run_summary summary = SCRIPT_RUN(box, first);
    assert_int_equal(summary.listed, 4);
    assert_int_equal(summary.stored, 4);
    assert_int_equal(summary.indexed, 4);
    assert_int_equal(summary.written, 4);
    const char *text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "Welcome [see](Runbook.md)\n"));
    text = sandbox_read(box, "wiki/ENG/Runbook/On call.md", &buf);
    assert_non_null(strstr(text, "[see](http://wiki/missing)"));
    assert_non_null(strstr(text, "id: \"3\"\ntitle: \"On call\"\n"));
    text = sandbox_read(box, "wiki/ENG/Runbook.md", &buf);
    assert_non_null(strstr(text, "labels: [\"ops\"]\n"));
    assert_true(sandbox_exists(box, "wiki/ENG/Plans/Q1-Q2.md"));
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM fts WHERE fts MATCH 'pump'"),
        1);
    assert_int_equal(script_count(box, "SELECT count(*) FROM intent"), 0);
}

static void test_second_run_writes_nothing(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    struct stat before, after;
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/wiki/ENG/Home.md", box->root);
    assert_int_equal(stat(path, &before), 0);
    struct cs_run_summary summary = SCRIPT_RUN(box, first);
    assert_int_equal(summary.written + summary.moved + summary.removed, 0);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
}

static void test_edit_changes_one_file(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    struct script_page edited[5];
    memcpy(edited, first, sizeof(first));
    edited[1].text = "Replace the valve";
    edited[1].version = 2;
    struct cs_run_summary summary = SCRIPT_RUN(box, edited);
    assert_int_equal(summary.written, 1);
    assert_int_equal(summary.moved, 0);
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM fts WHERE fts MATCH 'pump'"),
        0);
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM fts WHERE fts MATCH 'valve'"),
        1);
}

static void test_rename_moves_children_and_mends_links(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT_RUN(box, first);
    struct script_page renamed[5];
    memcpy(renamed, first, sizeof(first));
    renamed[1].title = "Manual";
    renamed[1].version = 2;
    struct cs_run_summary summary = SCRIPT_RUN(box, renamed);
    assert_int_equal(summary.moved, 2);
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook.md"));
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook"));
    assert_true(sandbox_exists(box, "wiki/ENG/Manual/On call.md"));
    const char *text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "[see](Manual.md)"));
    assert_int_equal(
        script_count(box,
                     "SELECT count(*) FROM fts WHERE fts MATCH 'title:manual'"),
        1);
}

/* Renamed by the listing, then written again with its text: two batches. */
static void test_rename_and_edit_in_one_run(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT_RUN(box, first);
    struct script_page changed[5];
    memcpy(changed, first, sizeof(first));
    changed[1].title = "Manual";
    changed[1].text = "Replace the valve";
    changed[1].version = 2;
    SCRIPT_RUN(box, changed);
    const char *text = sandbox_read(box, "wiki/ENG/Manual.md", &buf);
    assert_non_null(strstr(text, "valve"));
}

/* A run that was killed before its commit leaves staged files behind. */
static void test_stray_stage_files_go(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    sandbox_write(box, "wiki/.stage/99.md", "stale");
    sandbox_write(box, "wiki/.stage/notes.md", "not ours");
    SCRIPT_RUN(box, first);
    assert_false(sandbox_exists(box, "wiki/.stage/99.md"));
    assert_true(sandbox_exists(box, "wiki/.stage/notes.md"));
}

static void test_swap_of_names(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    static const struct script_page before[] = {
        SCRIPT_PAGE("1", "Home", NULL, "home", 1, NULL, NULL),
        SCRIPT_PAGE("2", "A", "1", "text of two", 1, NULL, NULL),
        SCRIPT_PAGE("3", "B", "1", "text of three", 1, NULL, NULL),
    };
    SCRIPT_RUN(box, before);
    struct script_page after[3];
    memcpy(after, before, sizeof(before));
    after[1].title = "B";
    after[2].title = "A";
    struct cs_run_summary summary = SCRIPT_RUN(box, after);
    assert_int_equal(summary.conflicts, 0);
    assert_non_null(strstr(sandbox_read(box, "wiki/ENG/A.md", &buf), "three"));
    assert_non_null(strstr(sandbox_read(box, "wiki/ENG/B.md", &buf), "two"));
}

static void test_link_to_a_page_that_appears_later(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT_RUN(box, first);
    struct script_page more[6];
    memcpy(more, first, sizeof(first));
    more[5] = (struct script_page)SCRIPT_PAGE("6", "Later", "1", "here", 1,
                                              NULL, NULL);
    SCRIPT_RUN(box, more);
    const char *text = sandbox_read(box, "wiki/ENG/Runbook/On call.md", &buf);
    assert_non_null(strstr(text, "[see](../Later.md)"));
}

static void test_vanished_page_is_kept_and_marked(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    static const struct script_page fewer[] = {
        SCRIPT_PAGE("1", "Home", NULL, "Welcome", 1, "Runbook", NULL),
        SCRIPT_PAGE("2", "Runbook", "1", "Restart the pump", 1, NULL, "ops"),
    };
    struct cs_run_summary summary = SCRIPT_RUN(box, fewer);
    assert_int_equal(summary.missing, 2);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook/On call.md"));
    summary = SCRIPT_RUN(box, first);
    assert_int_equal(summary.missing, 0);
}

static void test_local_edit_is_kept_aside(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT_RUN(box, first);
    sandbox_write(box, "wiki/ENG/Runbook.md", "my notes");
    struct script_page edited[5];
    memcpy(edited, first, sizeof(first));
    edited[1].version = 2;
    struct cs_run_summary summary = SCRIPT_RUN(box, edited);
    assert_int_equal(summary.conflicts, 1);
    const char *kept =
        sandbox_read(box, "wiki/ENG/Runbook.md.local-20260921", &buf);
    assert_string_equal(kept, "my notes");
    assert_non_null(
        strstr(sandbox_read(box, "wiki/ENG/Runbook.md", &buf), "pump"));
}

static void test_foreign_file_keeps_its_name(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    sandbox_write(box, "wiki/ENG/Runbook.md", "not yours");
    sandbox_write(box, "wiki/ENG/Plans", "a file where a folder should be");
    SCRIPT_RUN(box, first);
    assert_string_equal(sandbox_read(box, "wiki/ENG/Runbook.md", &buf),
                        "not yours");
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook (2).md"));
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook (2)/On call.md"));
    assert_true(sandbox_exists(box, "wiki/ENG/Plans (4)/Q1-Q2.md"));
    const char *text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "[see](Runbook%20%282%29.md)"));
}

static void test_label_alone_changes_the_file(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT_RUN(box, first);
    struct script_page labelled[5];
    memcpy(labelled, first, sizeof(first));
    labelled[1].label = "pumps";
    struct cs_run_summary summary = SCRIPT_RUN(box, labelled);
    assert_int_equal(summary.written, 1);
    const char *text = sandbox_read(box, "wiki/ENG/Runbook.md", &buf);
    assert_non_null(strstr(text, "labels: [\"pumps\"]\n"));
    assert_int_equal(
        script_count(box,
                     "SELECT count(*) FROM fts WHERE fts MATCH 'labels:pumps'"),
        1);
    assert_int_equal(
        script_count(box,
                     "SELECT count(*) FROM fts WHERE fts MATCH 'labels:ops'"),
        0);
}

static const struct cs_run_options plain = {.aspects = CS_ASPECT_TEXT};

static void test_listing_cut_short_changes_nothing(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index = NULL;
    struct cs_store *store = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    const struct cs_source_info info = {"wiki", "script", "http://wiki", NULL};
    const struct cs_container space = {"10", "ENG", "Engineering", "1", NULL};
    const struct cs_item item = {.id = "2", .title = "Other", .version = 9};
    struct cs_run_summary summary;
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_ok(cs_store_open(index, &store, &err), &err);
    struct cs_sink *sink = cs_store_sink(store);
    assert_ok(sink->ops->begin(sink, &info, &plain, &err), &err);
    assert_ok(sink->ops->list_begin(sink, &space, CS_LIST_COMPLETE, &err),
              &err);
    assert_ok(sink->ops->list_add(sink, &item, &err), &err);
    assert_ok(sink->ops->end(sink, CS_ERR_NETWORK, &summary, &err), &err);
    assert_int_equal(summary.stored, 4);
    assert_int_equal(summary.missing, 0);
    cs_store_close(store);
    cs_index_close(index);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook.md"));
}

static void test_other_address_is_refused(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    const struct cs_source_info other = {"wiki", "script", "http://x", NULL};
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_ok(cs_store_open(index, &store, &err), &err);
    struct cs_sink *sink = cs_store_sink(store);
    assert_int_equal(sink->ops->begin(sink, &other, &plain, &err),
                     CS_ERR_CONFIG);
}

/* A run that could not begin is of no source, least of all of the one before.
 */
static void test_run_that_did_not_begin_leaves_no_trace(void **state)
{
    struct sandbox *box = *state;
    SCRIPT_RUN(box, first);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    const struct cs_source_info wiki = {"wiki", "script", "http://wiki", NULL};
    const struct cs_source_info other = {"wiki", "script", "http://x", NULL};
    struct cs_run_summary summary = {0};
    int64_t runs = 0, good = 0;
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_ok(cs_store_open(index, &store, &err), &err);
    struct cs_sink *sink = cs_store_sink(store);
    assert_ok(sink->ops->begin(sink, &wiki, &plain, &err), &err);
    assert_ok(sink->ops->end(sink, CS_OK, &summary, &err), &err);
    assert_int_equal(sink->ops->begin(sink, &other, &plain, NULL),
                     CS_ERR_CONFIG);
    assert_ok(sink->ops->end(sink, CS_ERR_CONFIG, &summary, &err), &err);
    assert_ok(cs_db_int(cs_index_db(index), &runs, &err,
                        "SELECT count(*) FROM run", ""),
              &err);
    assert_ok(cs_db_int(cs_index_db(index), &good, &err,
                        "SELECT last_outcome = 'ok' FROM source", ""),
              &err);
    assert_int_equal(runs, 2);
    assert_int_equal(good, 1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_first_run_lands_everywhere),
        TEST(test_second_run_writes_nothing),
        TEST(test_edit_changes_one_file),
        TEST(test_rename_moves_children_and_mends_links),
        TEST(test_rename_and_edit_in_one_run),
        TEST(test_stray_stage_files_go),
        TEST(test_swap_of_names),
        TEST(test_link_to_a_page_that_appears_later),
        TEST(test_vanished_page_is_kept_and_marked),
        TEST(test_local_edit_is_kept_aside),
        TEST(test_foreign_file_keeps_its_name),
        TEST(test_label_alone_changes_the_file),
        TEST(test_listing_cut_short_changes_nothing),
        TEST(test_other_address_is_refused),
        TEST(test_run_that_did_not_begin_leaves_no_trace),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
