/*
 * test_store_removal.c - what is gone on the site, and when it goes here.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"
#include "tests/lib/wiki.h"

static const struct wiki_page site[] = {
    {.id = "1",
     .space = "ENG",
     .title = "Home",
     .text = "Welcome",
     .link_title = "Runbook"},
    {.id = "2",
     .space = "ENG",
     .title = "Runbook",
     .parent = "1",
     .text = "Restart the pump"},
    {.id = "3",
     .space = "ENG",
     .title = "On call",
     .parent = "2",
     .text = "Ask Ada"},
    {.id = "4", .space = "ENG", .title = "Plans"},
    {.id = "5",
     .space = "ENG",
     .title = "Q1",
     .parent = "4",
     .text = "Ship it"},
    {.id = "6", .space = "OPS", .title = "Shifts", .text = "Who when"},
};

static const struct cs_run_options keep = {.keep_deleted_ms = 86400000};

/* One more run, complete and with verdicts; the hour goes on. */
#define SYNC(...)                                                              \
    wiki_sync_later(box, &wiki, (struct wiki_run){.fetched = 0, __VA_ARGS__})

static int64_t matches(struct sandbox *box, const char *word)
{
    char sql[128];
    (void)snprintf(sql, sizeof(sql),
                   "SELECT count(*) FROM fts WHERE fts MATCH '%s'", word);
    return script_count(box, sql);
}

static void test_trashed_goes_at_once(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    SYNC(.options = keep);
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    struct wiki_run run = SYNC(.options = keep);
    assert_int_equal(run.removal.removed, 1);
    assert_int_equal(run.summary.deleted, 1);
    assert_int_equal(run.summary.missing, 0);
    assert_int_equal(run.fetched, 0);
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook.md"));
    assert_true(sandbox_exists(box, "wiki/ENG/On call.md")); /* its child */
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook"));
    assert_int_equal(matches(box, "pump"), 0);
    const char *text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "[see](http://wiki/elsewhere)"));
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM tombstone WHERE"
                          " vendor_id = '2' AND reason = 'trashed'"
                          " AND path = 'ENG/Runbook.md' AND file IS NOT NULL"
                          " AND body_source IS NOT NULL"),
        1);
}

static void test_nothing_is_kept_when_nothing_shall_be(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    assert_int_equal(SYNC().removal.removed, 1);
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
}

static void test_gone_goes_when_a_later_complete_run_confirms(void **state)
{
    struct sandbox *box = *state;
    const enum wiki_state states[] = {WIKI_GONE, WIKI_FORBIDDEN};
    const char *const reasons[] = {
        "SELECT count(*) FROM tombstone WHERE reason = 'gone'"
        " AND http_status = 404",
        "SELECT count(*) FROM tombstone WHERE reason = 'forbidden'"
        " AND http_status = 403"};
    WIKI(wiki);
    SYNC(.options = keep);
    for (size_t i = 0; i < 2; i++) {
        struct wiki_page *page = wiki_find(&wiki, i ? "3" : "2");
        page->state = states[i];
        struct wiki_run run = SYNC(.options = keep);
        assert_int_equal(run.removal.removed, 0);
        assert_int_equal(run.removal.kept, 1);
        assert_int_equal(run.summary.missing, 1);
        assert_int_equal(matches(box, i ? "ada" : "pump"), 1);
        run = SYNC(.options = keep, .changes = true);
        assert_int_equal(run.removal.removed + run.removal.kept, 0);
        run = SYNC(.options = keep, .changes = true, .suspect = page->id);
        assert_int_equal(run.removal.removed, 0); /* no complete listing */
        run = SYNC(.options = keep);
        assert_int_equal(run.removal.removed, 1);
        assert_int_equal(script_count(box, reasons[i]), 1);
    }
}

static void test_a_page_seen_between_starts_anew(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "3")->state = WIKI_GONE;
    SYNC();
    wiki_find(&wiki, "3")->state = WIKI_THERE;
    assert_int_equal(SYNC().listed.returned, 1);
    wiki_find(&wiki, "3")->state = WIKI_GONE;
    assert_int_equal(SYNC().removal.removed, 0);
    wiki_find(&wiki, "3")->state = WIKI_FORBIDDEN; /* not the same again */
    assert_int_equal(SYNC().removal.removed, 0);
    assert_int_equal(SYNC().removal.removed, 1);
}

static void test_no_answer_means_nothing(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_SILENT;
    for (int i = 0; i < 3; i++) {
        struct wiki_run run = SYNC();
        assert_int_equal(run.removal.removed + run.removal.kept, 0);
        assert_int_equal(run.summary.missing, 1);
    }
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook.md"));
}

/* The listing lagged behind: what is there counts as listed. */
static void test_unlisted_but_there_is_taken_in(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_UNLISTED;
    wiki_find(&wiki, "2")->title = "Manual";
    struct wiki_run run = SYNC();
    assert_int_equal(run.summary.missing, 0);
    assert_int_equal(run.summary.listed, 5);
    assert_true(sandbox_exists(box, "wiki/ENG/Manual/On call.md"));
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook.md"));
}

static void test_suspect_is_asked_without_a_listing(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    struct wiki_run run = SYNC(.changes = true);
    assert_int_equal(run.removal.removed, 0);
    run = SYNC(.changes = true, .suspect = "2");
    assert_int_equal(run.removal.removed, 1);
    assert_int_equal(run.summary.listed, 4);
}

/* The container that the page left may be listed first or last. */
static void test_moved_between_spaces_without_a_fetch(void **state)
{
    static const char *const orders[] = {"ENG OPS", "OPS ENG"};
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 2; k++) {
            const char *space = k ? "ENG" : "OPS";
            wiki_find(&wiki, "2")->space = space;
            wiki_find(&wiki, "2")->parent = k ? "1" : "6";
            wiki_find(&wiki, "3")->space = space;
            struct wiki_run run = SYNC(.spaces = orders[i]);
            assert_int_equal(run.fetched, 0);
            assert_int_equal(run.summary.missing, 0);
            assert_int_equal(run.removal.removed, 0);
            assert_int_equal(
                sandbox_exists(box, "wiki/OPS/Shifts/Runbook/On call.md"), !k);
            assert_int_equal(sandbox_exists(box, "wiki/ENG/Runbook.md"), k);
        }
    }
}

static void test_moved_to_a_space_that_is_not_mirrored(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC(.options = keep);
    wiki_find(&wiki, "5")->space = "HR";
    struct wiki_run run = SYNC(.options = keep);
    assert_int_equal(run.removal.removed, 1);
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"
                                       " WHERE reason = 'moved'"),
                     1);
}

/* A folder goes with its last page, be it its own listing that lacks it. */
static void test_folder_goes_with_its_last_page(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "4")->state = WIKI_GONE;
    wiki_find(&wiki, "5")->state = WIKI_GONE;
    SYNC();
    assert_true(sandbox_exists(box, "wiki/ENG/Plans/Q1.md"));
    SYNC();
    assert_false(sandbox_exists(box, "wiki/ENG/Plans"));
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM document WHERE id = 4"), 0);
}

/* Of two pages of one name, the younger has its id behind it, until the older
 * goes; and a link by title finds the other one. */
static void test_name_and_links_pass_to_the_next(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    wiki_find(&wiki, "5")->title = "Runbook";
    wiki_find(&wiki, "5")->parent = "1";
    SYNC();
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook (5).md"));
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    SYNC();
    assert_non_null(
        strstr(sandbox_read(box, "wiki/ENG/Runbook.md", &buf), "Ship it"));
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook (5).md"));
    const char *text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "[see](Runbook.md)"));
}

static void test_blocks_do_not_show_what_is_gone(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    wiki_find(&wiki, "1")->form = CS_PLACE_INCLUDE;
    wiki_find(&wiki, "2")->form = CS_PLACE_CHILDREN;
    wiki_find(&wiki, "2")->query = "";
    SYNC();
    const char *text = sandbox_read(box, "wiki/ENG/Runbook.md", &buf);
    assert_non_null(strstr(text, "[On call]"));
    wiki_find(&wiki, "3")->state = WIKI_TRASHED;
    SYNC(.changes = true, .suspect = "3"); /* it never was missing */
    text = sandbox_read(box, "wiki/ENG/Runbook.md", &buf);
    assert_null(strstr(text, "On call"));
    text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_non_null(strstr(text, "pump"));
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    SYNC();
    text = sandbox_read(box, "wiki/ENG/Home.md", &buf);
    assert_null(strstr(text, "pump"));
}

static void test_brake_of_the_source(void **state)
{
    struct sandbox *box = *state;
    const struct cs_run_options brake = {.brake_percent = 10, .brake_count = 1};
    struct cs_run_options released = brake;
    released.allow_deletions = true;
    WIKI(wiki);
    SYNC(.options = brake);
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    wiki_find(&wiki, "6")->state = WIKI_TRASHED;
    for (int i = 0; i < 2; i++) {
        struct wiki_run run = SYNC(.options = brake);
        assert_int_equal(run.removal.braked, 2);
        assert_int_equal(run.summary.braked, 2);
        assert_int_equal(run.removal.removed, 0);
    }
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM event WHERE what = 'braked'"),
        2);
    assert_int_equal(SYNC(.options = released).removal.removed, 2);
}

/* One of the space's three pages is little of the source, and much of it. */
static void test_brake_of_one_container(void **state)
{
    struct sandbox *box = *state;
    const struct cs_run_options brake = {.brake_percent = 40};
    WIKI(wiki);
    SYNC(.options = brake);
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    wiki_find(&wiki, "6")->state = WIKI_TRASHED;
    struct wiki_run run = SYNC(.options = brake);
    assert_int_equal(run.removal.braked, 1);
    assert_int_equal(run.removal.removed, 1);
    assert_true(sandbox_exists(box, "wiki/OPS/Shifts.md"));
}

static void test_absent_containers_are_kept(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    struct wiki_run run = SYNC(.spaces = "ENG", .left = "OPS");
    assert_int_equal(run.summary.left, 1);
    assert_int_equal(run.summary.listed, 4);
    assert_true(sandbox_exists(box, "wiki/OPS/Shifts.md"));
    run = SYNC(.spaces = "ENG", .gone = "OPS");
    assert_int_equal(run.summary.left, 1);
    run = SYNC(.spaces = "ENG", .gone = "OPS",
               .options = {.allow_deletions = true});
    assert_int_equal(run.removal.removed, 0); /* gone is not left */
    run = SYNC();
    assert_int_equal(run.summary.left, 0);
    assert_int_equal(run.summary.listed, 5);
    run = SYNC(.spaces = "ENG", .left = "OPS",
               .options = {.allow_deletions = true, .keep_deleted_ms = 1});
    assert_int_equal(run.removal.removed, 1);
    assert_false(sandbox_exists(box, "wiki/OPS/Shifts.md"));
    assert_int_equal(
        script_count(box,
                     "SELECT count(*) FROM tombstone WHERE reason = 'left'"),
        1);
}

static void test_returned_page_has_no_tombstone(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC(.options = keep);
    wiki_find(&wiki, "2")->state = WIKI_TRASHED;
    SYNC(.options = keep);
    wiki_find(&wiki, "2")->state = WIKI_THERE;
    struct wiki_run run = SYNC(.options = keep);
    assert_int_equal(run.fetched, 1);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook/On call.md"));
    assert_int_equal(script_count(box, "SELECT count(*) FROM tombstone"), 0);
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM event WHERE what = 'restored'"),
        1);
}

static void test_archived_page_lies_with_the_archived(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    wiki_find(&wiki, "2")->archived = true;
    struct wiki_run run = SYNC();
    assert_int_equal(run.fetched, 0);
    assert_true(sandbox_exists(box, "wiki/ENG/archived/Runbook.md"));
    assert_true(sandbox_exists(box, "wiki/ENG/On call.md"));
}

static void test_local_edit_of_a_removed_page_is_kept_aside(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    SYNC();
    sandbox_write(box, "wiki/OPS/Shifts.md", "my notes");
    wiki_find(&wiki, "6")->state = WIKI_TRASHED;
    struct wiki_run run = SYNC();
    assert_int_equal(run.summary.conflicts, 1);
    assert_false(sandbox_exists(box, "wiki/OPS/Shifts.md"));
    assert_string_equal(
        sandbox_read(box, "wiki/OPS/Shifts.md.local-20260921", &buf),
        "my notes");
}

/* A complete run looks whether the files are there. */
static void test_deleted_files_are_written_again(void **state)
{
    struct sandbox *box = *state;
    WIKI(wiki);
    SYNC();
    sandbox_remove(box, "wiki/ENG/Runbook.md");
    sandbox_remove(box, "wiki/OPS/Shifts.md");
    struct wiki_run run = SYNC(.changes = true, .no_check = true);
    assert_false(run.summary.disk_checked);
    assert_false(sandbox_exists(box, "wiki/ENG/Runbook.md"));
    run = SYNC();
    assert_true(run.summary.disk_checked);
    assert_int_equal(run.summary.on_disk, 5);
    assert_int_equal(run.summary.written, 2);
    assert_int_equal(run.fetched, 0);
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook.md"));
    assert_true(sandbox_exists(box, "wiki/OPS/Shifts.md"));
}

/* A run was killed behind its commit, and before the next one somebody else put
 * something there. Nothing of theirs is touched, and the pages get files. */
static void test_taken_before_the_replay(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    static const char without[] =
        "SELECT count(*) FROM document"
        " WHERE file_path IS NULL AND vendor_id IN ('3', '6')";
    WIKI(wiki);
    SYNC();
    script_change(
        box, "INSERT INTO intent(source, op, document, path, new_hash)"
             " SELECT source, 'put', id, file_path, file_hash FROM document"
             " WHERE vendor_id IN ('3', '6')");
    sandbox_write(box, "wiki/OPS/Shifts.md", "not yours");
    sandbox_remove(box, "wiki/ENG/Runbook/On call.md");
    sandbox_remove(box, "wiki/ENG/Runbook");
    sandbox_write(box, "wiki/ENG/Runbook", "nor is that");
    script_change(box, "");
    assert_int_equal(script_count(box, "SELECT count(*) FROM intent"), 0);
    assert_int_equal(script_count(box, without), 2);
    SYNC();
    assert_int_equal(script_count(box, without), 0);
    assert_string_equal(sandbox_read(box, "wiki/OPS/Shifts.md", &buf),
                        "not yours");
    assert_string_equal(sandbox_read(box, "wiki/ENG/Runbook", &buf),
                        "nor is that");
    assert_true(sandbox_exists(box, "wiki/OPS/Shifts (6).md"));
    assert_true(sandbox_exists(box, "wiki/ENG/Runbook (2)/On call.md"));
    cs_strbuf_reset(&buf);
    sandbox_tree(box, "wiki/.stage", &buf);
    assert_string_equal(buf.data, "");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_trashed_goes_at_once),
        TEST(test_nothing_is_kept_when_nothing_shall_be),
        TEST(test_gone_goes_when_a_later_complete_run_confirms),
        TEST(test_a_page_seen_between_starts_anew),
        TEST(test_no_answer_means_nothing),
        TEST(test_unlisted_but_there_is_taken_in),
        TEST(test_suspect_is_asked_without_a_listing),
        TEST(test_moved_between_spaces_without_a_fetch),
        TEST(test_moved_to_a_space_that_is_not_mirrored),
        TEST(test_folder_goes_with_its_last_page),
        TEST(test_name_and_links_pass_to_the_next),
        TEST(test_blocks_do_not_show_what_is_gone),
        TEST(test_brake_of_the_source),
        TEST(test_brake_of_one_container),
        TEST(test_absent_containers_are_kept),
        TEST(test_returned_page_has_no_tombstone),
        TEST(test_archived_page_lies_with_the_archived),
        TEST(test_deleted_files_are_written_again),
        TEST(test_taken_before_the_replay),
        TEST(test_local_edit_of_a_removed_page_is_kept_aside),
    };
    return cmocka_run_group_tests_name("removal", tests, NULL, NULL);
}
