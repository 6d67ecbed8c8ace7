/*
 * test_store_dry_run.c - a dry run tells what a run does, and changes nothing.
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
    {.id = "6", .space = "OPS", .title = "Shifts", .text = "Who when"},
};

static void note_step(void *payload, const struct cs_planned_step *step)
{
    struct cs_strbuf *out = payload;
    cs_strbuf_printf(out, "%s %s %s %s\n", step->action, step->id,
                     step->path ? step->path : "-",
                     step->detail ? step->detail : "-");
}

/* Plan a run; what it told goes to `steps`. */
static struct wiki_run plan(struct sandbox *box, const struct wiki *wiki,
                            struct cs_strbuf *steps)
{
    struct wiki_run run = {.options = {.dry_run = true,
                                       .keep_deleted_ms = 1,
                                       .planned = note_step,
                                       .payload = steps}};
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    struct cs_strbuf after CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    cs_strbuf_reset(steps);
    box->now_ms += 1000;
    sandbox_write(box, ".cs/lock", "-"); /* it says who holds it */
    sandbox_tree(box, NULL, &before);
    wiki_sync(box, wiki, &run);
    sandbox_write(box, ".cs/lock", "-");
    sandbox_tree(box, NULL, &after);
    assert_string_equal(before.data, after.data);
    return run;
}

static void sync_site(struct sandbox *box, const struct wiki *wiki)
{
    struct wiki_run run = {.options = {.keep_deleted_ms = 1}};
    box->now_ms += 1000;
    wiki_sync(box, wiki, &run);
}

static void test_steps_are_told_and_not_taken(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf steps CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    sync_site(box, &wiki);
    plan(box, &wiki, &steps);
    assert_string_equal(steps.data, "");
    wiki_find(&wiki, "2")->title = "Manual";
    wiki_find(&wiki, "6")->state = WIKI_TRASHED;
    struct wiki_run run = plan(box, &wiki, &steps);
    assert_string_equal(steps.data, "move 2 ENG/Runbook.md ENG/Manual.md\n"
                                    "move 3 ENG/Runbook/On call.md"
                                    " ENG/Manual/On call.md\n"
                                    "write 1 ENG/Home.md -\n"
                                    "remove 6 OPS/Shifts.md trashed\n");
    assert_int_equal(run.removal.removed, 1);
    assert_int_equal(run.summary.deleted, 1);
    assert_int_equal(script_count(box, "SELECT count(*) FROM run"), 1);
    sync_site(box, &wiki);
    assert_true(sandbox_exists(box, "wiki/ENG/Manual/On call.md"));
    assert_false(sandbox_exists(box, "wiki/OPS/Shifts.md"));
}

/* Before the first run there is no folder, and there is none after. */
static void test_first_run_planned(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf steps CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const struct wiki nothing = {NULL, 0};
    struct wiki_run empty = {.spaces = " "};
    WIKI(wiki);
    wiki_sync(box, &nothing, &empty); /* makes the index */
    sandbox_remove(box, "wiki/.sync_state");
    sandbox_remove(box, "wiki");
    plan(box, &wiki, &steps);
    assert_false(sandbox_exists(box, "wiki"));
    assert_int_equal(script_count(box, "SELECT count(*) FROM document"), 0);
}

/* The plan is the same however often it is made, and for more pages than a
 * batch holds. */
static void test_many_pages(void **state)
{
    enum { PAGES = 1200 };
    static struct wiki_page pages[PAGES];
    static char ids[PAGES][8];
    struct sandbox *box = *state;
    struct cs_strbuf steps CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    for (size_t i = 0; i < PAGES; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "%zu", i + 1);
        pages[i] = (struct wiki_page){.id = ids[i],
                                      .space = "ENG",
                                      .title = ids[i],
                                      .text = "text",
                                      .parent = i ? "2" : NULL};
    }
    pages[1].parent = NULL;
    const struct wiki wiki = {pages, PAGES};
    sync_site(box, &wiki);
    pages[1].title = "renamed";
    for (size_t i = 100; i < PAGES; i += 2)
        pages[i].state = WIKI_TRASHED;
    for (int i = 0; i < 2; i++) {
        struct wiki_run run = plan(box, &wiki, &steps);
        assert_int_equal(run.removal.removed, 550);
        assert_int_equal(run.listed.moved, 649 + 550);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_steps_are_told_and_not_taken),
        TEST(test_first_run_planned),
        TEST(test_many_pages),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
