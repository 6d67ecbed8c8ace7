/*
 * test_store_comments.c - comments: below the text in its file, in the index,
 * and made again like it.
 */
#include "tests/lib/script.h"
#include "tests/lib/test.h"

#include "index/store/reconvert.h"

static const struct script_page site[] = {
    {.id = "1", .title = "Home", .text = "home", .version = 1},
    {.id = "2",
     .title = "Plan",
     .parent = "1",
     .text = "the plan",
     .version = 1,
     .comment = "looks splendid",
     .comment_by = "u1"},
    {.id = "3",
     .title = "Quote",
     .parent = "1",
     .text = "quote",
     .version = 1,
     .form = CS_PLACE_INCLUDE,
     .link_title = "Plan"},
};

static const struct script_file files[] = {
    {"a1", "2", "net.png", "bytes of the net", 1, 0},
};

#define SCRIPT(name)                                                           \
    struct script_page pages[CS_ARRAY_LEN(site)];                              \
    memcpy(pages, site, sizeof(site));                                         \
    struct script name = {                                                     \
        .pages = pages,                                                        \
        .n = CS_ARRAY_LEN(pages),                                              \
        .files = files,                                                        \
        .n_files = CS_ARRAY_LEN(files),                                        \
        .person = "Ada",                                                       \
        .options = {.aspects = CS_ASPECT_COMMENTS | CS_ASPECT_ATTACHMENTS}}

static void has(struct sandbox *box, const char *name, const char *part)
{
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    const char *text = sandbox_read(box, name, &buf);
    if (!strstr(text, part))
        fail_msg("%s has no \"%s\":\n%s", name, part, text);
}

static int64_t matches(struct sandbox *box, const char *word)
{
    char sql[128];
    (void)snprintf(sql, sizeof(sql),
                   "SELECT count(*) FROM fts WHERE fts MATCH '%s'", word);
    return script_count(box, sql);
}

static void test_below_the_text(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    has(box, "wiki/ENG/Plan.md",
        "the plan\n\n## Comments\n\n@Ada: looks splendid\n");
    assert_int_equal(matches(box, "splendid"), 1);
    struct cs_run_summary sum = script_run_all(box, &script);
    assert_int_equal(sum.written + sum.moved + sum.removed, 0);
}

static void test_same_ones_cost_no_write(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    int64_t before =
        script_count(box, "SELECT sum(length(block)) FROM fts_data");
    script_run_all(box, &script);
    assert_int_equal(
        script_count(box, "SELECT sum(length(block)) FROM fts_data"), before);
}

static void test_edited_and_gone(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT(script);
    script_run_all(box, &script);
    pages[1].comment = "looks dubious";
    assert_int_equal(script_run_all(box, &script).written, 1);
    has(box, "wiki/ENG/Plan.md", "@Ada: looks dubious\n");
    assert_int_equal(matches(box, "splendid"), 0);
    assert_int_equal(matches(box, "dubious"), 1);
    pages[1].comment = NULL;
    assert_int_equal(script_run_all(box, &script).written, 1);
    const char *text = sandbox_read(box, "wiki/ENG/Plan.md", &buf);
    assert_null(strstr(text, "Comments"));
    assert_int_equal(matches(box, "dubious"), 0);
    assert_int_equal(script_count(box, "SELECT count(*) FROM comments"), 0);
    assert_int_equal(
        script_count(box, "SELECT count(*) FROM link WHERE text = 4"), 0);
}

static void test_names_follow(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    script.person = "Ada Lovelace";
    script_run_all(box, &script);
    has(box, "wiki/ENG/Plan.md", "@Ada Lovelace: looks splendid\n");
    assert_int_equal(matches(box, "lovelace"), 1);
}

static void test_not_in_an_included_text(void **state)
{
    struct sandbox *box = *state;
    struct cs_strbuf buf CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(65536);
    SCRIPT(script);
    script_run_all(box, &script);
    const char *text = sandbox_read(box, "wiki/ENG/Quote.md", &buf);
    assert_non_null(strstr(text, "the plan"));
    assert_null(strstr(text, "splendid"));
}

static void test_comment_shows_an_attachment(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    pages[1].comment_shows = "net.png";
    pages[1].link_title = "Home";
    assert_int_equal(script_run_all(box, &script).files_fetched, 1);
    has(box, "wiki/ENG/Plan.md",
        "the plan [see](Home.md)\n\n## Comments\n\n"
        "@Ada: looks splendid\n\n![net.png](Plan.assets/net.png)\n");
    pages[1].title = "Plans";
    pages[2].link_title = "Plans";
    script_run_all(box, &script);
    has(box, "wiki/ENG/Plans.md", "![net.png](Plans.assets/net.png)");
}

/* A converter that says what it was given. */
static enum cs_status convert(void *payload,
                              const struct cs_stored_source *source,
                              struct cs_arena *arena, struct cs_body *ret_body,
                              struct cs_conversion_note *ret_note,
                              struct cs_error *err)
{
    const char *refuses = payload;
    if (refuses && strcmp(refuses, source->format) == 0)
        return cs_error_set(err, CS_ERR_PARSE, "cannot");
    bool comments = strcmp(source->format, "comments") == 0;
    ret_body->markdown = cs_arena_printf(
        arena, comments ? "## Comments\n\nanew: %s\n" : "anew\n", source->text);
    ret_body->len = strlen(ret_body->markdown);
    *ret_note = (struct cs_conversion_note){0};
    return CS_OK;
}

static struct cs_reconvert_summary reconvert(struct sandbox *box,
                                             const char *refuses, bool dry_run)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_index *index CS_CLEANUP(cs_index_cleanup) = NULL;
    struct cs_store *store CS_CLEANUP(cs_store_cleanup) = NULL;
    struct cs_reconvert_summary sum = {0};
    const struct cs_index_options options = {
        .root = box->root, .clock = &box->clock, .mode = CS_DB_WRITE};
    const struct cs_reconvert_options how = {.convert = convert,
                                             .payload =
                                                 (void *)(uintptr_t)refuses,
                                             .dry_run = dry_run};
    assert_ok(cs_index_open(&options, &index, &err), &err);
    assert_ok(cs_store_open(index, &store, &err), &err);
    enum cs_status status = cs_store_reconvert(store, &how, &sum, &err);
    assert_int_equal(status, refuses ? CS_ERR_PARTIAL : CS_OK);
    return sum;
}

static void test_converted_again(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    struct cs_reconvert_summary sum = reconvert(box, NULL, true);
    assert_int_equal(sum.converted, 4); /* three texts, one with comments */
    assert_int_equal(sum.written, 3);
    has(box, "wiki/ENG/Plan.md", "@Ada: looks splendid\n");
    sum = reconvert(box, NULL, false);
    assert_int_equal(sum.converted, 4);
    has(box, "wiki/ENG/Plan.md",
        "anew\n\n## Comments\n\nanew: looks splendid\n");
}

static void test_comments_that_cannot_be_converted(void **state)
{
    struct sandbox *box = *state;
    SCRIPT(script);
    script_run_all(box, &script);
    struct cs_reconvert_summary sum = reconvert(box, "comments", false);
    assert_int_equal(sum.failed, 1);
    has(box, "wiki/ENG/Plan.md",
        "anew\n\n## Comments\n\n@Ada: looks splendid\n");
    sum = reconvert(box, "storage", false);
    assert_int_equal(sum.failed, 3);
    has(box, "wiki/ENG/Plan.md",
        "anew\n\n## Comments\n\nanew: looks splendid\n");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_below_the_text),
        TEST(test_same_ones_cost_no_write),
        TEST(test_edited_and_gone),
        TEST(test_names_follow),
        TEST(test_not_in_an_included_text),
        TEST(test_comment_shows_an_attachment),
        TEST(test_converted_again),
        TEST(test_comments_that_cannot_be_converted),
    };
    return cmocka_run_group_tests_name("comments", tests, NULL, NULL);
}
