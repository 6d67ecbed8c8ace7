/*
 * test_reader.c - every way to name a document, and the numbers of a mirror.
 */
#include "tests/lib/test.h"

#include "index/reader.h"
#include "index/stats.h"
#include "index/store/render.h"
#include "tests/index/sample.h"

#include <unistd.h>

struct fixture {
    struct sandbox *box;
    struct cs_index *index;
    struct cs_arena *arena;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    void *box = NULL;
    int failed = sandbox_setup(&box);
    f->box = box;
    *state = f;
    if (failed)
        return failed;
    f->arena = cs_arena_new(0);
    f->index = sample_open(f->box);
    sample_source(f->index, "other", "https://other.example/wiki");
    sample_space(f->index, "other", "ENG");
    sample_person(f->index, "u1", "Ada Lovelace");
    const struct sample_page pages[] = {
        {.id = "65601",
         .title = "Runbook",
         .markdown = "Restart it.\n",
         .author = "u1",
         .label = "ops",
         .url = "https://wiki.example/pages/65601/Runbook",
         .on_disk = true},
        {.id = "65602",
         .title = "Twice",
         .markdown = "a\n",
         .url = "https://wiki.example/display/ENG/Twice",
         .on_disk = true},
        {.source = "other", .id = "65602", .title = "Twice", .markdown = "b\n"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(pages); i++)
        (void)sample_page(f->index, &pages[i]);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *box = f->box;
    cs_index_close(f->index);
    cs_arena_free(f->arena);
    free(f);
    return sandbox_teardown(&box);
}

static enum cs_status find(struct fixture *f, const char *name,
                           struct cs_reader_document *ret, struct cs_error *err)
{
    return cs_reader_find(f->index, f->arena, name, ret, err);
}

static void test_finds_by_every_name(void **state)
{
    static const struct {
        const char *name, *id;
    } cases[] = {
        {"confluence:65601", "confluence:65601"},
        {"65601", "confluence:65601"},
        {"other:65602", "other:65602"},
        {"https://wiki.example/pages/65601/Runbook", "confluence:65601"},
        {"https://wiki.example/spaces/ENG/pages/65601", "confluence:65601"},
        {"https://wiki.example/spaces/ENG/pages/65601/Old+name#Steps",
         "confluence:65601"},
        {"https://wiki.example/pages/viewpage.action?pageId=65601&x=1",
         "confluence:65601"},
        {"https://wiki.example/display/ENG/Twice", "confluence:65602"},
        {"https://wiki.example/display/ENG/Twice?src=x#a", "confluence:65602"},
        {"https://wiki.example/pages/65602", "confluence:65602"},
        {"https://other.example/wiki/pages/65602", "other:65602"},
        {"confluence/ENG/Runbook.md", "confluence:65601"},
        {"./confluence/ENG/Runbook.md", "confluence:65601"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_reader_document doc = {0};
        assert_ok(find(f, cases[i].name, &doc, &err), &err);
        assert_string_equal(doc.id, cases[i].id);
    }
}

static void test_absolute_path_and_link(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_reader_document doc = {0};
    char path[256], link[128];
    (void)snprintf(path, sizeof(path), "%s/confluence/ENG/Runbook.md",
                   f->box->root);
    assert_ok(find(f, path, &doc, &err), &err);
    assert_string_equal(doc.path, path);
    (void)snprintf(link, sizeof(link), "%s/wiki", f->box->root);
    (void)snprintf(path, sizeof(path), "%s/confluence", f->box->root);
    assert_int_equal(symlink(path, link), 0);
    (void)snprintf(path, sizeof(path), "%s/ENG/Twice.md", link);
    assert_ok(find(f, path, &doc, &err), &err);
    assert_string_equal(doc.id, "confluence:65602");
}

static void test_unknown_names(void **state)
{
    static const char *const names[] = {
        "",
        "1",
        "confluence:",
        "nobody:65601",
        "confluence:65601x",
        "https://wiki.example/pages/6560",
        "https://wiki.example/pages/",
        "https://wiki.example/pages/65601x",
        "confluence/ENG",
        "confluence/ENG/runbook.md",
        "../etc/passwd",
        "/etc/passwd",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_reader_document doc;
        if (find(f, names[i], &doc, &err) != CS_ERR_NOT_FOUND)
            fail_msg("'%s': %s", names[i], err.message);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_ambiguous_lists_them(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_reader_document doc;
    assert_int_equal(find(f, "65602", &doc, &err), CS_ERR_USAGE);
    assert_string_equal(err.message,
                        "65602 is ambiguous: confluence:65602, other:65602");
    assert_int_equal(find(f, "https://third.example/pages/65602", &doc, &err),
                     CS_ERR_USAGE);
}

static void test_all_that_is_known(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_reader_document doc;
    assert_ok(find(f, "65601", &doc, &err), &err);
    assert_string_equal(doc.source, "confluence");
    assert_string_equal(doc.vendor_id, "65601");
    assert_string_equal(doc.kind, "page");
    assert_string_equal(doc.status, "current");
    assert_string_equal(doc.title, "Runbook");
    assert_string_equal(doc.space, "ENG");
    assert_string_equal(doc.space_name, "Space ENG");
    assert_string_equal(doc.author, "Ada Lovelace");
    assert_null(doc.editor);
    assert_int_equal(doc.n_labels, 1);
    assert_string_equal(doc.labels[0], "ops");
    assert_int_equal(doc.version, 1);
    assert_int_equal(doc.missing, 0);
    assert_null(doc.failure);
    assert_ok(find(f, "other:65602", &doc, &err), &err);
    assert_null(doc.path);
}

/* Head and Markdown together are the file. */
static void test_markdown_is_the_files(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_reader_document doc;
    struct cs_strbuf file CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(99999);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(99999);
    size_t lines = 0;
    assert_ok(find(f, "65601", &doc, &err), &err);
    assert_ok(cs_reader_markdown(f->index, doc.document, &text, &err), &err);
    assert_ok(cs_reader_head_lines(f->index, &doc, &lines, &err), &err);
    const char *at = sandbox_read(f->box, "confluence/ENG/Runbook.md", &file);
    for (size_t i = 0; i < lines; i++)
        at = strchr(at, '\n') + 1;
    assert_string_equal(at, text.data);
    assert_string_equal(at, "Restart it.\n");
}

/* Lines are counted without the text that is counted here. */
static void compare_head(struct fixture *f)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_reader_document doc;
    struct cs_strbuf head CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(99999);
    size_t lines = 0, want = 0;
    cs_arena_clear(f->arena);
    assert_ok(cs_reader_load(f->index, f->arena, 1, &doc, &err), &err);
    assert_ok(cs_reader_head_lines(f->index, &doc, &lines, &err), &err);
    assert_ok(cs_render_front_matter(f->index, 1, &head, &err), &err);
    for (size_t i = 0; i < head.len; i++)
        want += head.data[i] == '\n';
    assert_int_equal(lines, want);
}

static void test_head_lines_are_those_of_the_file(void **state)
{
    static const char *const choices[][3] = {
        {"UPDATE document SET parent = NULL", "UPDATE document SET parent = ''",
         "UPDATE document SET parent = '7'"},
        {"UPDATE document SET url = NULL",
         "UPDATE document SET url = 'https://wiki.example'"},
        {"UPDATE document SET author = NULL",
         "UPDATE document SET author = 'u1'",
         "UPDATE document SET author = 'u2'"},
        {"UPDATE document SET editor = NULL",
         "UPDATE document SET editor = 'u1'",
         "UPDATE document SET editor = 'u2'"},
        {"UPDATE person SET name = ''", "UPDATE person SET name = 'A\n\"B'"},
        {"UPDATE document SET created = 0, updated = -1",
         "UPDATE document SET created = 5, updated = 0",
         "UPDATE document SET created = 5, updated = 6"},
        {"UPDATE document SET title = ''",
         "UPDATE document SET title = 'a\nb\tc'"},
        {"DELETE FROM label", "INSERT OR REPLACE INTO label VALUES(1, 'a'),"
                              " (1, 'b\nc')"},
        {"DELETE FROM attachment",
         "INSERT INTO attachment(source, document, vendor_id, name, size,"
         " version, updated, path) VALUES(1, 1, 'x', 'x', 1, 1, 0, 'ENG/x')",
         "UPDATE attachment SET held_version = 1"},
    };
    size_t at[CS_ARRAY_LEN(choices)] = {0};
    struct fixture *f = *state;
    sample_exec(f->index, "BEGIN");
    for (size_t i = 0; i < CS_ARRAY_LEN(choices); i++)
        sample_exec(f->index, choices[i][0]);
    for (size_t i = 0; i < CS_ARRAY_LEN(choices);) {
        compare_head(f);
        /* The next combination, as one counts. */
        for (i = 0; i < CS_ARRAY_LEN(choices); i++) {
            at[i] = at[i] + 1 < 3 && choices[i][at[i] + 1] ? at[i] + 1 : 0;
            sample_exec(f->index, choices[i][at[i]]);
            if (at[i])
                break;
        }
    }
    sample_exec(f->index, "ROLLBACK");
}

static void test_stats(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_stats stats = {0};
    sample_exec(
        f->index,
        "UPDATE container SET listed = 5000 + id, listed_count = id;"
        "UPDATE source SET last_start = 1, last_success = 2,"
        " last_outcome = 'ok' WHERE name = 'confluence';"
        "INSERT INTO document(source, container, vendor_id, kind, status,"
        " title, version, created, updated, failure, failed, missing) VALUES"
        "(1, 1, '1', 'page', 'current', 'New', 3, 0, 0, NULL, NULL, NULL),"
        "(1, 1, '2', 'page', 'current', 'Bad', 3, 0, 0, 'no way', 9, NULL),"
        "(1, 1, '3', 'page', 'current', 'Gone', 3, 0, 0, NULL, NULL, 8),"
        "(1, 1, '4', 'folder', 'current', 'Box', 3, 0, 0, NULL, NULL, NULL)");
    assert_ok(cs_stats_read(f->index, f->arena, &stats, &err), &err);
    assert_int_equal(stats.n_sources, 2);
    const struct cs_stats_source *source = &stats.sources[0];
    assert_string_equal(source->name, "confluence");
    assert_int_equal(source->documents, 5);
    assert_int_equal(source->listed, 3);
    assert_int_equal(source->listed_at, 5001);
    assert_int_equal(source->stored, 2);
    assert_int_equal(source->indexed, 2);
    assert_int_equal(source->pending, 1);
    assert_int_equal(source->failed, 1);
    assert_int_equal(source->missing, 1);
    assert_int_equal(source->last_success, 2);
    assert_string_equal(source->last_outcome, "ok");
    assert_int_equal(source->n_failures, 1);
    assert_string_equal(source->failures[0].id, "confluence:2");
    assert_string_equal(source->failures[0].reason, "no way");
    assert_int_equal(source->failures[0].since, 9);
    assert_null(stats.sources[1].last_outcome);
    assert_int_equal(stats.n_spaces, 3);
    assert_string_equal(stats.spaces[0].key, "ENG");
    assert_int_equal(stats.spaces[0].documents, 5);
    assert_string_equal(stats.spaces[2].source, "other");
    assert_int_equal(stats.documents, 6);
    assert_true(stats.database_bytes > 4096);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_finds_by_every_name),
        TEST(test_absolute_path_and_link),
        TEST(test_unknown_names),
        TEST(test_ambiguous_lists_them),
        TEST(test_all_that_is_known),
        TEST(test_markdown_is_the_files),
        TEST(test_head_lines_are_those_of_the_file),
        TEST(test_stats),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
