/*
 * test_store_shift.c - whole folders that get another name: moved at one go,
 * or file by file when something in them is not ours.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

#include <sys/stat.h>

enum { CHILDREN = 6, PAGES = CHILDREN + 3 };

/* "Top" (2) with CHILDREN children, each with a picture, "Other" (3) beside
 * it; Home (1). */
struct tree {
    struct script_page pages[PAGES];
    struct script_file files[CHILDREN];
    char ids[CHILDREN][8], titles[CHILDREN][8], names[CHILDREN][8];
    struct script script;
};

static void make(struct tree *tree)
{
    *tree = (struct tree){
        .pages =
            {
                {.id = "1", .title = "Home", .text = "home", .version = 1},
                {.id = "2",
                 .title = "Top",
                 .parent = "1",
                 .text = "top",
                 .version = 1},
                {.id = "3",
                 .title = "Other",
                 .parent = "1",
                 .text = "other",
                 .version = 1,
                 .link_title = "C1"},
            },
        .script = {.n = PAGES,
                   .n_files = CHILDREN,
                   .options = {.aspects = CS_ASPECT_ATTACHMENTS}},
    };
    for (int i = 0; i < CHILDREN; i++) {
        (void)snprintf(tree->ids[i], sizeof(tree->ids[i]), "%d", i + 10);
        (void)snprintf(tree->titles[i], sizeof(tree->titles[i]), "C%d", i);
        (void)snprintf(tree->names[i], sizeof(tree->names[i]), "a%d", i);
        tree->pages[i + 3] = (struct script_page){.id = tree->ids[i],
                                                  .title = tree->titles[i],
                                                  .parent = "2",
                                                  .text = "child",
                                                  .version = 1,
                                                  .shows = "p.png"};
        tree->files[i] = (struct script_file){
            tree->names[i], tree->ids[i], "p.png", tree->titles[i], 1, 0};
    }
    tree->script.pages = tree->pages;
    tree->script.files = tree->files;
}

static ino_t inode(struct sandbox *box, const char *name)
{
    struct stat st;
    char path[192];
    (void)snprintf(path, sizeof(path), "%s/%s", box->root, name);
    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

static int64_t shifts(struct sandbox *box)
{
    return script_count(box, "SELECT count(*) FROM sqlite_sequence, intent");
}

static void has(struct sandbox *box, const char *name, const char *part)
{
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    assert_non_null(strstr(sandbox_read(box, name, &buf), part));
}

static void test_folder_moves_as_a_whole(void **state)
{
    struct sandbox *box = *state;
    struct tree tree;
    make(&tree);
    script_run_all(box, &tree.script);
    ino_t folder = inode(box, "wiki/ENG/Top");
    ino_t file = inode(box, "wiki/ENG/Top/C1.md");
    tree.pages[1].title = "Peak";
    struct cs_run_summary sum = script_run_all(box, &tree.script);
    assert_int_equal(sum.moved, CHILDREN + 1);
    assert_int_equal(sum.written, 1); /* Other links to C1 */
    assert_int_equal(tree.script.downloaded, 0);
    assert_int_equal(inode(box, "wiki/ENG/Peak"), folder);
    assert_int_equal(inode(box, "wiki/ENG/Peak/C1.md"), file);
    assert_false(sandbox_exists(box, "wiki/ENG/Top"));
    assert_false(sandbox_exists(box, "wiki/ENG/Top.md"));
    has(box, "wiki/ENG/Other.md", "[see](Peak/C1.md)");
    has(box, "wiki/ENG/Peak/C1.md", "![p.png](C1.assets/p.png)");
    assert_int_equal(shifts(box), 0);
}

static void test_under_another_parent_with_changes(void **state)
{
    struct sandbox *box = *state;
    struct tree tree;
    make(&tree);
    script_run_all(box, &tree.script);
    ino_t folder = inode(box, "wiki/ENG/Top");
    tree.pages[1].parent = "3";
    tree.pages[3].title = "New name"; /* one child */
    tree.pages[4].text = "new text";  /* another */
    tree.pages[4].version = 2;
    script_run_all(box, &tree.script);
    assert_int_equal(inode(box, "wiki/ENG/Other/Top"), folder);
    has(box, "wiki/ENG/Other/Top/New name.md", "child");
    has(box, "wiki/ENG/Other/Top/New name.assets/p.png", "C0");
    has(box, "wiki/ENG/Other/Top/C1.md", "new text");
    assert_false(sandbox_exists(box, "wiki/ENG/Other/Top/C0.md"));
    assert_false(sandbox_exists(box, "wiki/ENG/Other/Top/C0.assets"));
}

static void test_foreign_file_stays(void **state)
{
    struct sandbox *box = *state;
    static const char *const foreign[] = {
        "wiki/ENG/Top/mine.txt",
        "wiki/ENG/Top/C1.assets/mine.png",
        "wiki/ENG/Top/.git/HEAD",
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(foreign); i++) {
        struct tree tree;
        make(&tree);
        if (i == 0)
            script_run_all(box, &tree.script);
        sandbox_write(box, foreign[i], "mine");
        tree.pages[1].title = "Peak";
        script_run_all(box, &tree.script);
        has(box, foreign[i], "mine");
        has(box, "wiki/ENG/Peak/C1.md", "child");
        assert_false(sandbox_exists(box, "wiki/ENG/Top/C1.md"));
        tree.pages[1].title = "Top"; /* and back */
        script_run_all(box, &tree.script);
        has(box, foreign[i], "mine");
        has(box, "wiki/ENG/Top/C1.md", "child");
        assert_false(sandbox_exists(box, "wiki/ENG/Peak"));
    }
}

static void test_something_stands_there(void **state)
{
    struct sandbox *box = *state;
    struct tree tree;
    make(&tree);
    script_run_all(box, &tree.script);
    sandbox_write(box, "wiki/ENG/Peak/mine.txt", "mine");
    tree.pages[1].title = "Peak";
    script_run_all(box, &tree.script);
    has(box, "wiki/ENG/Peak/mine.txt", "mine");
    has(box, "wiki/ENG/Peak/C1.md", "child");
    has(box, "wiki/ENG/Peak/C1.assets/p.png", "C1");
    assert_false(sandbox_exists(box, "wiki/ENG/Top"));
}

static void test_swap_of_two_folders(void **state)
{
    struct sandbox *box = *state;
    struct tree tree;
    make(&tree);
    for (int i = 0; i < 3; i++)
        tree.pages[i + 3].parent = "3";
    script_run_all(box, &tree.script);
    tree.pages[1].title = "Other";
    tree.pages[2].title = "Top";
    script_run_all(box, &tree.script);
    assert_int_equal(tree.script.downloaded, 0);
    has(box, "wiki/ENG/Top/C0.assets/p.png", "C0");
    has(box, "wiki/ENG/Other/C5.assets/p.png", "C5");
    assert_false(sandbox_exists(box, "wiki/ENG/Top/C5.md"));
}

static void test_local_edit_travels(void **state)
{
    struct sandbox *box = *state;
    struct tree tree;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_run_summary sum;
    make(&tree);
    script_run_all(box, &tree.script);
    sandbox_write(box, "wiki/ENG/Top/C1.md", "my notes");
    tree.pages[1].title = "Peak";
    assert_ok(script_try_all(box, &tree.script, &sum, &err), &err);
    has(box, "wiki/ENG/Peak/C1.md", "my notes");
    tree.pages[4].version = 2;
    tree.pages[4].text = "theirs";
    sum = script_run_all(box, &tree.script);
    assert_int_equal(sum.conflicts, 1);
    has(box, "wiki/ENG/Peak/C1.md", "theirs");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_folder_moves_as_a_whole),
        TEST(test_under_another_parent_with_changes),
        TEST(test_foreign_file_stays),
        TEST(test_something_stands_there),
        TEST(test_swap_of_two_folders),
        TEST(test_local_edit_travels),
    };
    return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
