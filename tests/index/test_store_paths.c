/*
 * test_store_paths.c - a mirror looks as if it had always been so.
 *
 * Whatever was renamed, moved, archived or deleted, and in whatever order it
 * came: the files are those of a mirror that was made today. So each test
 * changes a wiki, syncs, and compares with a new mirror of the same wiki.
 *
 * The last test does that with random wikis full of titles that no file system
 * likes; "test_store_paths N" does N of them.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"
#include "tests/lib/wiki.h"

#include "src/path.h"
#include "src/text.h"

#include <stdlib.h>

static void sync_wiki(struct sandbox *box, const struct wiki *wiki)
{
    struct wiki_run run = {.fetched = 0};
    box->now_ms += 1000;
    wiki_sync(box, wiki, &run);
}

static void put_tree(struct sandbox *box, struct cs_strbuf *out)
{
    sandbox_tree(box, "wiki/ENG", out);
    cs_strbuf_puts(out, "--\n");
    sandbox_tree(box, "wiki/OPS", out);
}

/* Lines of one tree that the other lacks. */
static void print_rest(const char *what, const char *tree, const char *other)
{
    for (size_t len; *tree; tree += len) {
        len = strcspn(tree, "\n") + 1;
        if (!memmem(other, strlen(other), tree, len))
            print_message("%s: %.*s", what, (int)len, tree);
    }
}

/* Does a new mirror look the same, be its pages told in another order? */
static void compare_with_new(struct sandbox *box, const struct wiki *wiki)
{
    struct cs_strbuf have CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    struct cs_strbuf want CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    void *state = NULL;
    struct wiki_page *turned = calloc(wiki->n, sizeof(*turned));
    const struct wiki backwards = {turned, wiki->n};
    assert_non_null(turned);
    for (size_t i = 0; i < wiki->n; i++)
        turned[i] = wiki->pages[wiki->n - 1 - i];
    assert_int_equal(sandbox_setup(&state), 0);
    sync_wiki(state, &backwards);
    put_tree(state, &want);
    assert_int_equal(sandbox_teardown(&state), 0);
    put_tree(box, &have);
    free(turned);
    print_rest("there is", have.data, want.data);
    print_rest("there should be", want.data, have.data);
    assert_true(strcmp(have.data, want.data) == 0);
}

static void sync_and_compare(struct sandbox *box, const struct wiki *wiki)
{
    sync_wiki(box, wiki);
    compare_with_new(box, wiki);
}

#define PAGE(i, p, t, c)                                                       \
    {                                                                          \
        .id = i, .space = "ENG", .parent = p, .title = t, .text = "text " i,   \
        .created = c                                                           \
    }

static const struct wiki_page site[] = {
    PAGE("1", NULL, "Home", 1), PAGE("2", "1", "A", 2),
    PAGE("3", "1", "B", 3),     PAGE("4", "1", "C", 4),
    PAGE("5", "2", "A1", 5),    PAGE("6", "5", "A11", 6),
    PAGE("7", "3", "B1", 7),
};

static void set_title(const struct wiki *wiki, const char *id,
                      const char *title)
{
    wiki_find(wiki, id)->title = title;
}

static void test_swap_under_one_parent(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    set_title(&wiki, "2", "B");
    set_title(&wiki, "3", "A");
    sync_and_compare(*state, &wiki);
}

static void test_circle_and_chain(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    set_title(&wiki, "2", "B");
    set_title(&wiki, "3", "C");
    set_title(&wiki, "4", "A");
    sync_and_compare(*state, &wiki);
    set_title(&wiki, "2", "C");
    set_title(&wiki, "3", "A");
    set_title(&wiki, "4", "D");
    sync_and_compare(*state, &wiki);
}

/* The page moves below what was its child. */
static void test_parent_and_child_change_places(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    wiki_find(&wiki, "5")->parent = "1";
    wiki_find(&wiki, "2")->parent = "5";
    sync_and_compare(*state, &wiki);
    set_title(&wiki, "5", "A"); /* and their names too */
    set_title(&wiki, "2", "A1");
    sync_and_compare(*state, &wiki);
}

static void test_subtrees_change_places(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    wiki_find(&wiki, "5")->parent = "3";
    wiki_find(&wiki, "7")->parent = "2";
    set_title(&wiki, "5", "B1");
    set_title(&wiki, "7", "A1");
    sync_and_compare(*state, &wiki);
}

static void test_names_that_look_alike(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    set_title(&wiki, "2", "b"); /* taken, but for its case */
    sync_and_compare(*state, &wiki);
    set_title(&wiki, "3", "a");
    sync_and_compare(*state, &wiki);
    set_title(&wiki, "2", "\xc3\xbc");  /* one character */
    set_title(&wiki, "3", "u\xcc\x88"); /* two that look so */
    sync_and_compare(*state, &wiki);
}

static void test_name_of_a_folder_beside(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    set_title(&wiki, "3", "A.md");
    set_title(&wiki, "4", "A.assets");
    sync_and_compare(*state, &wiki);
    set_title(&wiki, "2", "archived");
    set_title(&wiki, "3", "blog");
    set_title(&wiki, "4", "..");
    sync_and_compare(*state, &wiki);
}

static void test_other_home_page(void **state)
{
    WIKI(wiki);
    wiki_find(&wiki, "1")->parent = "2"; /* home it is, wherever it hangs */
    sync_wiki(*state, &wiki);
    wiki_find(&wiki, "1")->state = WIKI_TRASHED;
    sync_and_compare(*state, &wiki);
}

static void test_archived_and_back(void **state)
{
    WIKI(wiki);
    sync_wiki(*state, &wiki);
    wiki_find(&wiki, "2")->archived = true;
    wiki_find(&wiki, "5")->archived = true;
    sync_and_compare(*state, &wiki);
    wiki_find(&wiki, "2")->archived = false;
    sync_and_compare(*state, &wiki);
}

/* The page that a link waits for comes with a space that is listed later, in
 * the same run or in one to come. */
static void test_link_to_a_space_listed_later(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    WIKI(wiki);
    wiki_find(&wiki, "2")->link_title = "B1";
    wiki_find(&wiki, "2")->link_space = "OPS";
    wiki_find(&wiki, "4")->link_title = "C";
    wiki_find(&wiki, "4")->link_space = "OPS";
    wiki_find(&wiki, "7")->space = "OPS";
    wiki_find(&wiki, "7")->parent = NULL;
    sync_wiki(box, &wiki);
    assert_non_null(strstr(sandbox_read(box, "wiki/ENG/A.md", &buf),
                           "[see](../OPS/B1.md)"));
    assert_non_null(strstr(sandbox_read(box, "wiki/ENG/C.md", &buf),
                           "[see](http://wiki/elsewhere)"));
    set_title(&wiki, "7", "C"); /* what knows its page follows it */
    sync_wiki(box, &wiki);
    assert_non_null(
        strstr(sandbox_read(box, "wiki/ENG/A.md", &buf), "[see](../OPS/C.md)"));
    assert_non_null(
        strstr(sandbox_read(box, "wiki/ENG/C.md", &buf), "[see](../OPS/C.md)"));
}

/* ---- random wikis ---- */

enum { PAGES = 24, STEPS = 6, TITLE_SIZE = 1400 };

struct random_wiki {
    struct wiki_page pages[PAGES];
    char ids[PAGES][8];
    char titles[PAGES][TITLE_SIZE];
    uint64_t seed;
};

static size_t pick(struct random_wiki *random, size_t n)
{
    random->seed = random->seed * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(random->seed >> 33) % n;
}

static const char *const pieces[] = {
    "a",
    "A",
    "b",
    "\xc3\xa4",
    "a\xcc\x88",
    "/",
    "\\",
    "..",
    ".",
    " ",
    ":",
    "CON",
    "nul",
    "com1.txt",
    ".md",
    ".assets",
    "blog",
    "archived",
    ".stage",
    "\xf0\x9f\x92\xa9",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xa7",
    "\xe2\x80\xae",
    "\xd7\xa9\xd7\x9c",
    "\n",
    "\t",
    " (2)",
    " (restored)",
    "\xc3\x9f",
    "SS",
    "%2e%2e",
    "*",
    "?",
    "~",
    ".local-20260101",
    "\x7f",
    "\xff",
    "-",
    "con",
    "\xe2\x80\x8b",
    "(",
    ")",
    "[",
    "]",
    "\xef\xbf\xbd"};

static void random_title(struct random_wiki *random, size_t page)
{
    char *title = random->titles[page];
    size_t n = 1 + pick(random, 4), len = 0;
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(title + len, TITLE_SIZE - len, "%s",
                                pieces[pick(random, CS_ARRAY_LEN(pieces))]);
    if (pick(random, 8) == 0) { /* long, with little to tell it by */
        size_t more = pick(random, 2) ? 255 : 1000;
        memset(title + len, 'x', more);
        title[len + more] = '\0';
    }
    random->pages[page].title = title;
}

/* Any page but the page itself: circles may come of it. */
static void random_place(struct random_wiki *random, size_t page)
{
    struct wiki_page *at = &random->pages[page];
    at->space = pick(random, 4) ? "ENG" : "OPS";
    at->parent = pick(random, 3) ? random->ids[pick(random, PAGES)] : NULL;
    if (at->parent && strcmp(at->parent, at->id) == 0)
        at->parent = NULL;
}

static void make_random(struct random_wiki *random)
{
    for (size_t i = 0; i < PAGES; i++) {
        (void)snprintf(random->ids[i], sizeof(random->ids[i]), "%zu", i + 1);
        random->pages[i] = (struct wiki_page){
            .id = random->ids[i],
            .text = i % 7 == 6 ? NULL : "text",
            .created = (int64_t)(1 + pick(random, 3)),
            .version = 1,
        };
        random_place(random, i);
        random_title(random, i);
    }
}

static void change_random(struct random_wiki *random)
{
    for (size_t n = 1 + pick(random, 8); n > 0; n--) {
        size_t i = pick(random, PAGES), k = pick(random, PAGES);
        struct wiki_page *page = &random->pages[i];
        char swapped[TITLE_SIZE];
        switch (pick(random, 6)) {
        case 0: random_title(random, i); break;
        case 1: random_place(random, i); break;
        case 2: page->archived = !page->archived; break;
        case 3: /* a folder is there while something is in it */
            if (page->text)
                page->state = page->state ? WIKI_THERE : WIKI_TRASHED;
            break;
        case 4:
            memcpy(swapped, random->titles[i], TITLE_SIZE);
            memcpy(random->titles[i], random->titles[k], TITLE_SIZE);
            memcpy(random->titles[k], swapped, TITLE_SIZE);
            break;
        default: page->version++; break;
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Everything is inside, and no two entries of a folder are one to a file
 * system that knows no case. */
static void check_tree(struct sandbox *box)
{
    struct cs_strbuf tree CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    struct cs_strbuf folded CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    char *names[PAGES * 8];
    size_t n = 0;
    sandbox_tree(box, "wiki", &tree);
    for (char *line = tree.data, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        assert_non_null(end); /* a name with a line end would break here */
        char *kind = end;
        for (int blanks = 0; blanks < 2; blanks += *kind == ' ')
            kind--;
        *kind = '\0';
        assert_true(cs_path_is_inside(line));
        cs_strbuf_reset(&folded);
        cs_text_put_folded(&folded, line, strlen(line));
        assert_true(n < CS_ARRAY_LEN(names));
        names[n] = strdup(folded.data);
        assert_non_null(names[n++]);
    }
    qsort(names, n, sizeof(*names), compare_names);
    for (size_t i = 1; i < n; i++)
        assert_string_not_equal(names[i - 1], names[i]);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
}

static unsigned n_histories = 4;

static void test_random_histories(void **state)
{
    static struct random_wiki random;
    (void)state;
    for (unsigned history = 0; history < n_histories; history++) {
        const struct wiki wiki = {random.pages, PAGES};
        void *box = NULL;
        print_message("history %u\n", history);
        memset(&random, 0, sizeof(random));
        random.seed = history + 1;
        make_random(&random);
        assert_int_equal(sandbox_setup(&box), 0);
        for (unsigned step = 0; step < STEPS; step++) {
            sync_and_compare(box, &wiki);
            check_tree(box);
            change_random(&random);
        }
        assert_int_equal(sandbox_teardown(&box), 0);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_swap_under_one_parent),
        TEST(test_circle_and_chain),
        TEST(test_parent_and_child_change_places),
        TEST(test_subtrees_change_places),
        TEST(test_names_that_look_alike),
        TEST(test_name_of_a_folder_beside),
        TEST(test_other_home_page),
        TEST(test_archived_and_back),
        TEST(test_link_to_a_space_listed_later),
        cmocka_unit_test(test_random_histories),
    };
    if (argc > 1)
        n_histories = (unsigned)strtoul(argv[1], NULL, 10);
    return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
