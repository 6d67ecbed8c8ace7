/*
 * test_check.c - each check sees what it is for, mends what it may, and a dry
 * run touches nothing.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/upkeep/check.h"
#include "index/words/lexicon.h"
#include "index/words/vector.h"
#include "src/dir.h"
#include "tests/index/sample.h"

#include <unistd.h>

struct fixture {
    struct sandbox *box;
    struct cs_index *index;
    struct cs_store *store;
    struct cs_strbuf report;
    struct cs_check_summary summary;
};

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct fixture *f = calloc(1, sizeof(*f));
    void *box = NULL;
    int failed = sandbox_setup(&box);
    f->box = box;
    *state = f;
    cs_strbuf_init(&f->report, 1 << 20);
    if (failed)
        return failed;
    f->index = sample_open(f->box);
    const char *const titles[] = {"One", "Two", "Three"};
    for (size_t i = 0; i < CS_ARRAY_LEN(titles); i++) {
        char id[8];
        (void)snprintf(id, sizeof(id), "%zu", i + 1);
        (void)sample_page(f->index, &(struct sample_page){.id = id,
                                                          .title = titles[i],
                                                          .markdown = "text\n",
                                                          .on_disk = true});
    }
    sample_exec(f->index, "UPDATE container SET listed = 1, listed_count = 3"
                          " WHERE key = 'ENG'");
    assert_ok(cs_vectors_build(cs_index_db(f->index), &err), &err);
    assert_ok(cs_lexicon_build(cs_index_db(f->index), "fts", &err), &err);
    return cs_store_open(f->index, &f->store, &err) ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *box = f->box;
    cs_store_close(f->store);
    cs_index_close(f->index);
    cs_strbuf_clear(&f->report);
    free(f);
    return sandbox_teardown(&box);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void write_down(void *payload, const struct cs_finding *finding)
{
    struct fixture *f = payload;
    cs_strbuf_printf(&f->report, "%s %s %s %s: %s%s\n", finding->check,
                     finding->severity == CS_CHECK_NOTE ? "note" : "problem",
                     or_dash(finding->path), or_dash(finding->id),
                     finding->message,
                     finding->fixed     ? " [fixed]"
                     : finding->fixable ? " [fixable]"
                                        : "");
}

static const char *check(struct fixture *f, enum cs_check_mode mode)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_check_options options = {.mode = mode,
                                       .set = CS_SET_CHECKS,
                                       .store = f->store,
                                       .found = write_down,
                                       .payload = f};
    cs_strbuf_reset(&f->report);
    assert_ok(cs_check_run(f->index, &options, &f->summary, &err), &err);
    return f->report.data;
}

/* What a fault looks like dry, and that mending it makes the mirror clean. */
static void expect_mended(struct fixture *f, const char *dry, const char *fixed)
{
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), dry);
    assert_true(f->summary.problems > 0);
    assert_int_equal(f->summary.fixed, 0);
    assert_string_equal(check(f, CS_CHECK_FIX), fixed);
    assert_int_equal(f->summary.problems, 0);
    assert_true(f->summary.fixed > 0);
    assert_string_equal(check(f, CS_CHECK_FIX), "");
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), "");
}

static void test_a_sound_mirror_is_clean(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), "");
    assert_string_equal(check(f, CS_CHECK_FIX), "");
    assert_int_equal(f->summary.problems + f->summary.notes, 0);
}

static void test_missing_file(void **state)
{
    struct fixture *f = *state;
    sandbox_remove(f->box, "confluence/ENG/Two.md");
    expect_mended(f,
                  "missing-files problem confluence/ENG/Two.md confluence:2:"
                  " its file is gone [fixable]\n",
                  "missing-files problem confluence/ENG/Two.md confluence:2:"
                  " its file is gone [fixed]\n");
    assert_true(sandbox_exists(f->box, "confluence/ENG/Two.md"));
}

static void test_missing_folder(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {
        "confluence/ENG/One.md",   "confluence/ENG/Two.md",
        "confluence/ENG/Three.md", "confluence/ENG",
        "confluence/.stage",       "confluence"};
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        if (sandbox_exists(f->box, names[i]))
            sandbox_remove(f->box, names[i]);
    (void)check(f, CS_CHECK_DRY_RUN);
    assert_int_equal(f->summary.problems, 3);
    assert_false(sandbox_exists(f->box, "confluence"));
    (void)check(f, CS_CHECK_FIX);
    assert_int_equal(f->summary.fixed, 3);
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), "");
}

static void test_something_else_in_place(void **state)
{
    struct fixture *f = *state;
    sandbox_remove(f->box, "confluence/ENG/Two.md");
    sandbox_write(f->box, "confluence/ENG/Two.md/inside", "mine");
    (void)check(f, CS_CHECK_FIX);
    assert_int_equal(f->summary.fixed, 1);
    assert_true(sandbox_exists(f->box, "confluence/ENG/Two.md/inside"));
    assert_true(sandbox_exists(f->box, "confluence/ENG/Two (2).md"));
}

static void test_edited_file_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    sandbox_write(f->box, "confluence/ENG/One.md", "my notes");
    const char *report = "changed-files note confluence/ENG/One.md"
                         " confluence:1: was changed by hand\n";
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), report);
    assert_string_equal(check(f, CS_CHECK_FIX), report);
    assert_string_equal(sandbox_read(f->box, "confluence/ENG/One.md", &bytes),
                        "my notes");
}

static void test_stray_stage_file(void **state)
{
    struct fixture *f = *state;
    sandbox_write(f->box, "confluence/.stage/77.md", "x");
    expect_mended(f,
                  "stage-files problem confluence/.stage/77.md -: was staged,"
                  " and nothing waits for it [fixable]\n",
                  "stage-files problem confluence/.stage/77.md -: was staged,"
                  " and nothing waits for it [fixed]\n");
    assert_false(sandbox_exists(f->box, "confluence/.stage/77.md"));
}

static void copy_of(struct fixture *f, const char *from, const char *to)
{
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    sandbox_write(f->box, to, sandbox_read(f->box, from, &bytes));
}

static void test_leftover_copy_is_removed(void **state)
{
    struct fixture *f = *state;
    copy_of(f, "confluence/ENG/One.md", "confluence/ENG/Old/One.md");
    expect_mended(f,
                  "leftover-files problem confluence/ENG/Old/One.md"
                  " confluence:1: is a copy of the document's file [fixable]\n",
                  "leftover-files problem confluence/ENG/Old/One.md"
                  " confluence:1: is a copy of the document's file [fixed]\n");
    assert_true(sandbox_exists(f->box, "confluence/ENG/One.md"));
    assert_false(sandbox_exists(f->box, "confluence/ENG/Old/One.md"));
}

/* The only copy of these bytes is never removed. */
static void test_leftover_with_other_bytes_stays(void **state)
{
    struct fixture *f = *state;
    sandbox_write(f->box, "confluence/ENG/Old.md",
                  "---\nid: \"1\"\nsource: \"confluence\"\n---\n\nolder\n");
    sandbox_write(f->box, "confluence/ENG/Lost.md",
                  "---\nid: \"99\"\nsource: \"confluence\"\n---\n\nlost\n");
    const char *report =
        "leftover-files note confluence/ENG/Lost.md -: is the file of an"
        " unknown document\n"
        "leftover-files note confluence/ENG/Old.md confluence:1: is an old"
        " or edited file of a document\n";
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), report);
    assert_string_equal(check(f, CS_CHECK_FIX), report);
    assert_true(sandbox_exists(f->box, "confluence/ENG/Old.md"));
}

static void test_original_moved_away_is_no_leftover(void **state)
{
    struct fixture *f = *state;
    copy_of(f, "confluence/ENG/One.md", "confluence/ENG/Mine.md");
    sandbox_write(f->box, "confluence/ENG/One.md", "edited");
    (void)check(f, CS_CHECK_FIX);
    assert_int_equal(f->summary.fixed, 0);
    assert_true(sandbox_exists(f->box, "confluence/ENG/Mine.md"));
}

/* Two files with the same edit: neither has bytes that we wrote. */
static void test_edited_copies_stay(void **state)
{
    struct fixture *f = *state;
    static const char edited[] =
        "---\nid: \"1\"\nsource: \"confluence\"\n---\n\nmy edit\n";
    sandbox_write(f->box, "confluence/ENG/One.md", edited);
    sandbox_write(f->box, "confluence/ENG/Mine.md", edited);
    (void)check(f, CS_CHECK_FIX);
    assert_int_equal(f->summary.fixed, 0);
    assert_true(sandbox_exists(f->box, "confluence/ENG/Mine.md"));
}

static void test_foreign_files_are_listed_only(void **state)
{
    struct fixture *f = *state;
    char link[128];
    sandbox_write(f->box, "confluence/notes.txt", "mine");
    sandbox_write(f->box, "confluence/ENG/Plan.md", "# mine\n");
    sandbox_write(f->box, "confluence/ENG/Else.md",
                  "---\nid: \"1\"\nsource: \"jira\"\n---\n");
    sandbox_write(f->box, "confluence/.sync_state", "{}");
    (void)snprintf(link, sizeof(link), "%s/confluence/link", f->box->root);
    assert_int_equal(symlink("/etc", link), 0);
    const char *report =
        "foreign-files note confluence/ENG/Else.md -: is not a file of cs\n"
        "foreign-files note confluence/ENG/Plan.md -: is not a file of cs\n"
        "foreign-files note confluence/link -: is not a file\n"
        "foreign-files note confluence/notes.txt -: is not a file of cs\n";
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), report);
    assert_string_equal(check(f, CS_CHECK_FIX), report);
    assert_int_equal(f->summary.problems, 0);
    assert_int_equal(f->summary.notes, 4);
}

static void test_intent_left_behind(void **state)
{
    struct fixture *f = *state;
    sandbox_remove(f->box, "confluence/ENG/Two.md");
    sample_exec(f->index,
                "INSERT INTO intent(source, op, document, path, new_hash)"
                " SELECT 1, 'put', id, path, file_hash FROM document"
                " WHERE vendor_id = '2'");
    expect_mended(f,
                  "intents problem confluence/ENG/Two.md confluence:2: was to"
                  " be written [fixable]\n",
                  "intents problem confluence/ENG/Two.md confluence:2: was to"
                  " be written [fixed]\n");
    assert_true(sandbox_exists(f->box, "confluence/ENG/Two.md"));
}

/* A document that went without its intents: they must not stop everything. */
static void test_intent_without_document(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index,
                "INSERT INTO intent(source, op, document, path, new_hash)"
                " VALUES(1, 'put', 99, 'ENG/Gone.md', zeroblob(16))");
    (void)check(f, CS_CHECK_FIX);
    assert_int_equal(f->summary.fixed, 1);
    assert_string_equal(check(f, CS_CHECK_FIX), "");
    assert_false(sandbox_exists(f->box, "confluence/ENG/Gone.md"));
}

static void test_text_without_entry(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index, "INSERT INTO fts(fts, rowid, " CS_FULLTEXT_COLUMNS ")"
                          " SELECT 'delete', * FROM search_text"
                          " WHERE title = 'Two'");
    assert_string_equal(check(f, CS_CHECK_DRY_RUN),
                        "index-entries problem confluence/ENG/Two.md"
                        " confluence:2: search does not find it [fixable]\n");
    (void)check(f, CS_CHECK_FIX);
    assert_true(f->summary.fixed > 0);
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), "");
    assert_string_equal(check(f, CS_CHECK_FIX), "");
}

static void test_entry_without_text(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index, "INSERT INTO fts(rowid, title, body)"
                          " VALUES(77, 'ghost', 'ghost')");
    assert_string_equal(check(f, CS_CHECK_DRY_RUN),
                        "index-entries problem - -: search finds an entry"
                        " without a text [fixable]\n");
    (void)check(f, CS_CHECK_FIX);
    assert_string_equal(check(f, CS_CHECK_FIX), "");
}

/* Numbers agree, words do not: only FTS5's own check sees that. */
static void test_entry_with_other_words(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index, "UPDATE body SET markdown = 'other words'"
                          " WHERE document = 1");
    (void)check(f, CS_CHECK_DRY_RUN);
    assert_non_null(strstr(f->report.data, "index-integrity problem"));
    (void)check(f, CS_CHECK_FIX);
    assert_non_null(strstr(f->report.data, "index-integrity problem"));
    (void)check(f, CS_CHECK_FIX);
    assert_null(strstr(f->report.data, "index-integrity"));
}

static void test_dangling_rows(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index,
                "PRAGMA foreign_keys=OFF;"
                "INSERT INTO label VALUES(55, 'a'), (55, 'b');"
                "PRAGMA foreign_keys=ON;"
                "INSERT INTO link(document, text, ord, at, len, form, kind,"
                " target) VALUES(3, 1, 0, 0, 0, 0, 'page', 66)");
    expect_mended(f,
                  "dangling-rows problem - -: rows of label without their"
                  " document: 2 [fixable]\n"
                  "dangling-rows problem confluence/ENG/Three.md confluence:3:"
                  " links to a document that is not there [fixable]\n",
                  "dangling-rows problem - -: rows of label without their"
                  " document: 2 [fixed]\n"
                  "dangling-rows problem confluence/ENG/Three.md confluence:3:"
                  " links to a document that is not there [fixed]\n");
}

/* The next sync takes it for one that was never fetched. */
static void test_lost_text(void **state)
{
    struct fixture *f = *state;
    static const char lost[] = "dangling-rows problem confluence/ENG/Three.md"
                               " confluence:3: its text is not in the index";
    sample_exec(f->index, "DELETE FROM body WHERE document = 3");
    assert_non_null(strstr(check(f, CS_CHECK_DRY_RUN), lost));
    (void)check(f, CS_CHECK_FIX);
    assert_null(strstr(check(f, CS_CHECK_DRY_RUN), lost));
    assert_non_null(strstr(f->report.data, "1 of 3 documents lack"));
}

/* Each has its own again, found by its front matter. */
static void test_duplicate_paths(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    sandbox_remove(f->box, "confluence/ENG/Two.md");
    (void)check(f, CS_CHECK_FIX); /* written as this program writes it */
    sandbox_remove(f->box, "confluence/ENG/One.md");
    (void)check(f, CS_CHECK_FIX);
    sample_exec(f->index, "UPDATE document SET path = 'ENG/One.md',"
                          " file_path = 'ENG/One.md' WHERE vendor_id = '2'");
    (void)check(f, CS_CHECK_DRY_RUN);
    assert_non_null(strstr(f->report.data,
                           "duplicate-paths problem confluence/ENG/One.md -: is"
                           " the file of 2 documents [fixable]\n"));
    (void)check(f, CS_CHECK_FIX);
    assert_string_equal(check(f, CS_CHECK_DRY_RUN), "");
    (void)sandbox_read(f->box, "confluence/ENG/One.md", &bytes);
    assert_non_null(strstr(bytes.data, "id: \"1\""));
    (void)sandbox_read(f->box, "confluence/ENG/Two.md", &bytes);
    assert_non_null(strstr(bytes.data, "id: \"2\""));
    assert_false(sandbox_exists(f->box, "confluence/ENG/Two (2).md"));
}

static void test_completeness(void **state)
{
    struct fixture *f = *state;
    sample_exec(f->index,
                "UPDATE container SET listed_count = 5 WHERE key = 'ENG';"
                "UPDATE document SET version = 2, failure = 'no' WHERE id = 1;"
                "UPDATE document SET missing = 9 WHERE id = 2");
    assert_string_equal(
        check(f, CS_CHECK_DRY_RUN),
        "completeness problem - -: space ENG: 5 documents were listed, 2 are"
        " held\n"
        "completeness note - -: space ENG: 1 of 2 documents lack their newest"
        " text, of 1 it could not be had\n"
        "completeness note - -: space ENG: 1 documents are gone from the last"
        " listing and kept\n");
}

static void test_chosen_checks_only(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    const char *const only[] = {"stage-files", "database"};
    struct cs_check_options options = {
        .only = only, .n_only = 2, .found = write_down, .payload = f};
    sandbox_write(f->box, "confluence/.stage/77.md", "x");
    sandbox_write(f->box, "confluence/notes.txt", "mine");
    assert_ok(cs_check_run(f->index, &options, &f->summary, &err), &err);
    assert_int_equal(f->summary.problems, 1);
    assert_int_equal(f->summary.notes, 0);
    const char *const unknown[] = {"nonsense"};
    options.only = unknown;
    options.n_only = 1;
    assert_int_equal(cs_check_run(f->index, &options, &f->summary, &err),
                     CS_ERR_USAGE);
}

/* Faults of every kind, an index opened for reading: not one byte changes. */
static void test_dry_run_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf before CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(99999);
    struct cs_strbuf after CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(99999);
    sandbox_remove(f->box, "confluence/ENG/Two.md");
    sandbox_write(f->box, "confluence/ENG/One.md", "edited");
    sandbox_write(f->box, "confluence/.stage/77.md", "x");
    sandbox_write(f->box, "confluence/notes.txt", "mine");
    sample_exec(f->index, "INSERT INTO fts(rowid, title, body)"
                          " VALUES(77, 'ghost', 'ghost')");
    cs_store_close(f->store);
    cs_index_close(f->index);
    f->store = NULL;
    f->index = NULL;
    struct cs_index_options options = {
        .root = f->box->root, .clock = &f->box->clock, .mode = CS_DB_INSPECT};
    sandbox_tree(f->box, NULL, &before);
    assert_ok(cs_index_open(&options, &f->index, &err), &err);
    (void)check(f, CS_CHECK_DRY_RUN);
    assert_int_equal(f->summary.problems, 3);
    cs_index_close(f->index);
    f->index = NULL;
    sandbox_tree(f->box, NULL, &after);
    assert_string_equal(before.data, after.data);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_sound_mirror_is_clean),
        TEST(test_missing_file),
        TEST(test_missing_folder),
        TEST(test_something_else_in_place),
        TEST(test_edited_file_is_left_alone),
        TEST(test_stray_stage_file),
        TEST(test_leftover_copy_is_removed),
        TEST(test_leftover_with_other_bytes_stays),
        TEST(test_original_moved_away_is_no_leftover),
        TEST(test_edited_copies_stay),
        TEST(test_foreign_files_are_listed_only),
        TEST(test_intent_left_behind),
        TEST(test_intent_without_document),
        TEST(test_text_without_entry),
        TEST(test_entry_without_text),
        TEST(test_entry_with_other_words),
        TEST(test_dangling_rows),
        TEST(test_lost_text),
        TEST(test_duplicate_paths),
        TEST(test_completeness),
        TEST(test_chosen_checks_only),
        TEST(test_dry_run_changes_nothing),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
