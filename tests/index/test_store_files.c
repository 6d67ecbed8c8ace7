/*
 * test_store_files.c - attachments: which are fetched, where they lie, what
 * links to them, and how they follow their pages.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

enum { ALL_ASPECTS = CS_ASPECT_COMMENTS | CS_ASPECT_ATTACHMENTS };

static const struct script_page site[] = {
    {.id = "1", .title = "Home", .text = "home", .version = 1},
    {.id = "2",
     .title = "Net",
     .parent = "1",
     .text = "the net",
     .version = 1,
     .shows = "net.png"},
    {.id = "3",
     .title = "Other",
     .parent = "1",
     .text = "shows it too",
     .version = 1,
     .shows = "net.png",
     .shows_of = "Net"},
};

static const struct script_file files[] = {
    {"a1", "2", "net.png", "bytes of the net", 1, 0},
    {"a2", "2", "notes.txt", "nobody shows these", 1, 0},
};

/* A script on copies of the arrays above, to be changed. */
#define SCRIPT(name)                                                           \
    struct script_page pages[CS_ARRAY_LEN(site)];                              \
    struct script_file held[CS_ARRAY_LEN(files)];                              \
    memcpy(pages, site, sizeof(site));                                         \
    memcpy(held, files, sizeof(files));                                        \
    struct script name = {.pages = pages,                                      \
                          .n = CS_ARRAY_LEN(pages),                            \
                          .files = held,                                       \
                          .n_files = CS_ARRAY_LEN(held),                       \
                          .options = {.aspects = ALL_ASPECTS}}

static void has(struct sandbox *box, const char *name, const char *part)
{
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const char *text = sandbox_read(box, name, &buf);
    if (!strstr(text, part))
        fail_msg("%s has no \"%s\":\n%s", name, part, text);
}

static void lacks(struct sandbox *box, const char *name, const char *part)
{
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const char *text = sandbox_read(box, name, &buf);
    if (strstr(text, part))
        fail_msg("%s has \"%s\":\n%s", name, part, text);
}

static void is_file(struct sandbox *box, const char *name, const char *bytes)
{
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    assert_string_equal(sandbox_read(box, name, &buf), bytes);
}

static void stage_is_empty(struct sandbox *box)
{
    struct cs_strbuf tree CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    sandbox_tree(box, "wiki/.stage", &tree);
    assert_string_equal(tree.data, "");
}

static void test_referenced_ones_are_fetched(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.files_fetched, 1);
    assert_int_equal(sum.files, 1);
    is_file(box, "wiki/ENG/Net.assets/net.png", "bytes of the net");
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets/notes.txt"));
    has(box, "wiki/ENG/Net.md", "![net.png](Net.assets/net.png)");
    has(box, "wiki/ENG/Net.md", "labels: []\nattachments: [\"net.png\"]\n---");
    has(box, "wiki/ENG/Other.md", "![net.png](Net.assets/net.png)");
    lacks(box, "wiki/ENG/Other.md", "attachments:");
    assert_false(sandbox_exists(box, "wiki/ENG/Other.assets"));
    stage_is_empty(box);
    sum = script_run_all(box, &script); /* nothing new, nothing done */
    assert_int_equal(sum.files_fetched + sum.written + sum.moved, 0);
    assert_int_equal(script.downloaded, 0);
}

static void test_policies(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.options.attachments = CS_ATTACHMENTS_NONE;
    assert_int_equal(script_run_all(box, &script).files, 0);
    has(box, "wiki/ENG/Net.md", "![net.png](http://wiki/file)");
    script.options.attachments = CS_ATTACHMENTS_ALL;
    script.options.attachment_max_size = 16; /* of 16 and 18 bytes */
    assert_int_equal(script_run_all(box, &script).files, 1);
    script.options.attachment_max_size = 0;
    assert_int_equal(script_run_all(box, &script).files, 2);
    script.options.attachment_max_size = 1; /* what is held stays */
    assert_int_equal(script_run_all(box, &script).files, 2);
    script.options.attachments = CS_ATTACHMENTS_NONE;
    assert_int_equal(script_run_all(box, &script).files, 2);
    script.options.attachments = CS_ATTACHMENTS_REFERENCED;
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.files, 1);
    assert_int_equal(sum.removed, 1);
    has(box, "wiki/ENG/Net.md", "attachments: [\"net.png\"]\n");
}

static void test_new_reference_and_last_one_gone(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    pages[1].shows = pages[2].shows = NULL;
    assert_int_equal(script_run_all(box, &script).files, 0);
    pages[2].shows = "notes.txt";
    pages[2].version = 2;
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    has(box, "wiki/ENG/Other.md", "![notes.txt](Net.assets/notes.txt)");
    pages[2].shows = NULL;
    pages[2].version = 3;
    assert_int_equal(script_run_all(box, &script).files, 0);
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets"));
    lacks(box, "wiki/ENG/Net.md", "attachments:");
}

static void test_new_version_is_fetched(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    held[0].bytes = "another picture";
    held[0].version = 2;
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    is_file(box, "wiki/ENG/Net.assets/net.png", "another picture");
    held[0].bytes = "a third picture"; /* of the same length */
    held[0].version = 3;
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    is_file(box, "wiki/ENG/Net.assets/net.png", "a third picture");
}

static void test_removed_on_the_site(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    script.n_files = 0;
    assert_int_equal(script_run_all(box, &script).files, 0);
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets"));
    has(box, "wiki/ENG/Net.md", "![net.png](http://wiki/file)");
    has(box, "wiki/ENG/Other.md", "![net.png](http://wiki/file)");
}

static void test_renamed_on_the_site(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.options.attachments = CS_ATTACHMENTS_ALL;
    script_run_all(box, &script);
    held[0].name = "notes.txt"; /* names swapped */
    held[1].name = "net.png";
    script_run_all(box, &script);
    assert_int_equal(script.downloaded, 0);
    is_file(box, "wiki/ENG/Net.assets/notes.txt", "bytes of the net");
    is_file(box, "wiki/ENG/Net.assets/net.png", "nobody shows these");
    stage_is_empty(box);
}

static void test_follows_its_page(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    pages[1].title = "Network";
    pages[1].parent = "3";
    pages[2].shows_of = "Network";
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(script.downloaded, 0);
    assert_int_equal(sum.moved, 1);
    is_file(box, "wiki/ENG/Other/Network.assets/net.png", "bytes of the net");
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets"));
    has(box, "wiki/ENG/Other/Network.md", "![net.png](Network.assets/net.png)");
    has(box, "wiki/ENG/Other.md", "![net.png](Other/Network.assets/net.png)");
}

static void test_pages_swap_names(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    held[1].page = "3";
    held[1].name = "net.png";
    pages[2].shows_of = NULL;
    script_run_all(box, &script);
    pages[1].title = "Other";
    pages[2].title = "Net";
    script_run_all(box, &script);
    assert_int_equal(script.downloaded, 0);
    is_file(box, "wiki/ENG/Other.assets/net.png", "bytes of the net");
    is_file(box, "wiki/ENG/Net.assets/net.png", "nobody shows these");
    stage_is_empty(box);
}

static void test_moves_to_another_page(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    held[0].page = "3";
    pages[2].shows_of = NULL;
    pages[2].version = 2;
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Other.assets/net.png", "bytes of the net");
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets"));
}

static void test_names_are_kept_apart(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.options.attachments = CS_ATTACHMENTS_ALL;
    held[0].name = "a:b.PNG";
    held[1].name = "A/B.png";
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/a-b.PNG", "bytes of the net");
    is_file(box, "wiki/ENG/Net.assets/A-B (a2).png", "nobody shows these");
}

static void test_names_cannot_leave(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.options.attachments = CS_ATTACHMENTS_ALL;
    held[0].name = "../../../../tmp/x";
    held[1].name = "..";
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/-..-..-..-tmp-x", "bytes of the net");
    is_file(box, "wiki/ENG/Net.assets/untitled", "nobody shows these");
}

static void test_download_goes_on_where_it_broke(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.breaks = "a1";
    script.breaks_at = 10;
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.files_failed, 1);
    assert_int_equal(script.downloaded, 10);
    has(box, "wiki/ENG/Net.md", "![net.png](http://wiki/file)");
    assert_int_equal(script_count(box,
                                  "SELECT failure = 'the line broke'"
                                  " FROM attachment WHERE vendor_id = 'a1'"),
                     1);
    script.breaks = NULL;
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    assert_int_equal(script.downloaded, 6);
    is_file(box, "wiki/ENG/Net.assets/net.png", "bytes of the net");
    stage_is_empty(box);
}

static void test_pieces_of_two_versions_never_meet(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script.breaks = "a1";
    script.breaks_at = 10;
    script_run_all(box, &script);
    script.breaks = NULL;
    held[0].bytes = "BYTES OF THE NET";
    held[0].version = 2;
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/net.png", "BYTES OF THE NET");
    script_run_all(box, &script); /* what was gathered of the first goes */
    stage_is_empty(box);
}

static void test_wrong_size_is_refused(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    held[0].told = 17;
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.files_failed, 1);
    assert_int_equal(sum.files_failed_new, 1);
    assert_int_equal(sum.files, 0);
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets"));
    sum = script_run_all(box, &script);
    assert_int_equal(sum.files_failed, 1);
    assert_int_equal(sum.files_failed_new, 0); /* told before */
    held[0].told = -1;
    assert_int_equal(script_run_all(box, &script).files, 1);
}

static void test_empty_file(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    held[0].bytes = "";
    held[0].told = -1;
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/net.png", "");
}

static void test_local_edit_is_kept_aside(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    sandbox_write(box, "wiki/ENG/Net.assets/net.png", "my own drawing");
    held[0].version = 2;
    held[0].bytes = "theirs";
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.conflicts, 1);
    is_file(box, "wiki/ENG/Net.assets/net.png", "theirs");
    struct cs_strbuf tree CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    sandbox_tree(box, "wiki/ENG/Net.assets", &tree);
    assert_non_null(strstr(tree.data, "net.png.local-"));
}

static void test_foreign_file_in_the_way(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    sandbox_write(box, "wiki/ENG/Net.assets/net.png", "somebody else's");
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/net.png", "somebody else's");
    is_file(box, "wiki/ENG/Net.assets/net (a1).png", "bytes of the net");
    has(box, "wiki/ENG/Net.md", "(Net.assets/net%20%28a1%29.png)");
}

/* A run was killed behind its commit, and somebody else was faster. */
static void test_taken_before_the_replay(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    script_change(box, "INSERT INTO intent(source, op, kind, document, path,"
                       " new_hash) SELECT source, 'put', 'attachment', id,"
                       " file_path, file_hash FROM attachment"
                       " WHERE vendor_id = 'a1'");
    sandbox_write(box, "wiki/.stage/a1", "bytes of the net");
    sandbox_write(box, "wiki/ENG/Net.assets/net.png", "somebody else's");
    script_change(box, "");
    assert_int_equal(
        script_count(box, "SELECT count(file_path) FROM attachment"), 0);
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets/net.png", "somebody else's");
    is_file(box, "wiki/ENG/Net.assets/net (a1).png", "bytes of the net");
    has(box, "wiki/ENG/Net.md", "(Net.assets/net%20%28a1%29.png)");
}

static void test_same_bytes_are_taken_over(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    sandbox_write(box, "wiki/ENG/Net.assets/net.png", "bytes of the net");
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.conflicts, 0);
    has(box, "wiki/ENG/Net.md", "(Net.assets/net.png)");
    assert_false(sandbox_exists(box, "wiki/ENG/Net.assets/net (a1).png"));
    stage_is_empty(box);
}

static void test_no_folder_where_it_should_be(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    sandbox_write(box, "wiki/ENG/Net.assets", "a file");
    script_run_all(box, &script);
    is_file(box, "wiki/ENG/Net.assets", "a file");
    is_file(box, "wiki/ENG/Net (2).assets/net.png", "bytes of the net");
    has(box, "wiki/ENG/Net (2).md", "(Net%20%282%29.assets/net.png)");
}

static void test_deleted_by_hand(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    sandbox_remove(box, "wiki/ENG/Net.assets/net.png");
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    is_file(box, "wiki/ENG/Net.assets/net.png", "bytes of the net");
    has(box, "wiki/ENG/Net.md", "(Net.assets/net.png)");
}

static void test_lost_and_not_to_be_had(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    sandbox_remove(box, "wiki/ENG/Net.assets/net.png");
    script.breaks = "a1";
    assert_int_equal(script_run_all(box, &script).files, 0);
    has(box, "wiki/ENG/Net.md", "![net.png](http://wiki/file)");
    has(box, "wiki/ENG/Other.md", "![net.png](http://wiki/file)");
}

/* The bytes are nowhere else: a move that does not find them lets them go. */
static void test_deleted_by_hand_then_moved(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    sandbox_remove(box, "wiki/ENG/Net.assets/net.png");
    pages[1].title = "Network";
    script_run_all(box, &script);
    assert_int_equal(script_run_all(box, &script).files, 1);
    is_file(box, "wiki/ENG/Network.assets/net.png", "bytes of the net");
    has(box, "wiki/ENG/Network.md", "(Network.assets/net.png)");
}

/* Steps told by a dry run, "action id path\n" each. */
static void note_step(void *payload, const struct cs_planned_step *step)
{
    cs_strbuf_printf(payload, "%s %s %s\n", step->action, step->id,
                     step->path ? step->path : "-");
}

static void test_dry_run_tells_and_leaves(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf after CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_strbuf steps CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary sum;
    SCRIPT(script);
    script_run_all(box, &script);
    sandbox_tree(box, "wiki", &before);
    script.n_files = 0;
    pages[1].title = "Network";
    script.options.dry_run = true;
    script.options.planned = note_step;
    script.options.payload = &steps;
    assert_ok(script_try_all(box, &script, &sum, &err), &err);
    sandbox_tree(box, "wiki", &after);
    assert_string_equal(before.data, after.data);
    assert_non_null(
        strstr(steps.data, "remove a1 ENG/Network.assets/net.png\n"));
}

static void test_text_that_names_an_unknown_one_asks(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    pages[1].shows = NULL;
    script_run_all(box, &script);
    assert_int_equal(script_count(box, "SELECT sum(reload) FROM document"), 0);
    pages[1].shows = "later.png";
    pages[1].version = 2;
    script_run_all(box, &script);
    assert_int_equal(script_count(box, "SELECT sum(reload) FROM document"), 0);
    assert_int_equal(script_count(box, "SELECT count(*) FROM link"
                                       " WHERE file = 'later.png'"
                                       " AND target = document"),
                     1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_referenced_ones_are_fetched),
        TEST(test_policies),
        TEST(test_new_reference_and_last_one_gone),
        TEST(test_new_version_is_fetched),
        TEST(test_removed_on_the_site),
        TEST(test_renamed_on_the_site),
        TEST(test_follows_its_page),
        TEST(test_pages_swap_names),
        TEST(test_moves_to_another_page),
        TEST(test_names_are_kept_apart),
        TEST(test_names_cannot_leave),
        TEST(test_download_goes_on_where_it_broke),
        TEST(test_pieces_of_two_versions_never_meet),
        TEST(test_wrong_size_is_refused),
        TEST(test_empty_file),
        TEST(test_local_edit_is_kept_aside),
        TEST(test_foreign_file_in_the_way),
        TEST(test_taken_before_the_replay),
        TEST(test_same_bytes_are_taken_over),
        TEST(test_no_folder_where_it_should_be),
        TEST(test_deleted_by_hand),
        TEST(test_lost_and_not_to_be_had),
        TEST(test_deleted_by_hand_then_moved),
        TEST(test_dry_run_tells_and_leaves),
        TEST(test_text_that_names_an_unknown_one_asks),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
