/*
 * test_search.c - hits, their order, filters and snippets.
 */
#include "tests/lib/test.h"

#include "index/search/search.h"
#include "tests/index/sample.h"

struct fixture {
    struct sandbox *box;
    struct cs_index *index;
    struct cs_search_result *result;
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
    f->index = sample_open(f->box);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *box = f->box;
    cs_search_result_free(f->result);
    cs_index_close(f->index);
    free(f);
    return sandbox_teardown(&box);
}

static const struct cs_search_result *run(struct fixture *f,
                                          struct cs_search_request request)
{
    struct cs_error err = CS_ERROR_INIT;
    cs_search_result_free(f->result);
    f->result = NULL;
    assert_ok(cs_search_run(f->index, &request, &f->result, &err), &err);
    return f->result;
}

/* The vendor ids of the hits, in order: "2 1". */
static const char *ids(struct fixture *f, struct cs_search_request request)
{
    static char text[1024];
    const struct cs_search_result *result = run(f, request);
    text[0] = '\0';
    for (size_t i = 0; i < result->n; i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
                       strchr(result->hits[i].id, ':') + 1);
    }
    return text;
}

static const char *ids_of(struct fixture *f, const char *query)
{
    return ids(f, (struct cs_search_request){.text = query});
}

static void add_wiki(struct fixture *f)
{
    sample_person(f->index, "u1", "Ada Lovelace");
    sample_person(f->index, "u2", "J\xc3\xbcrgen M\xc3\xbcller");
    const struct sample_page pages[] = {
        {.id = "1",
         .title = "Runbook",
         .markdown = "How to restart the gateway.\n",
         .author = "u1",
         .label = "runbook",
         .updated = 3000},
        {.id = "2",
         .title = "Gateway",
         .markdown = "The gateway takes requests. Restart the service.\n",
         .author = "u2",
         .updated = 5000},
        {.id = "3",
         .title = "Caf\xc3\xa9 menu",
         .space = "OPS",
         .markdown = "Soup of the day\n",
         .updated = 4000},
        {.id = "4",
         .title = "Release day",
         .kind = "blogpost",
         .space = "OPS",
         .markdown = "A gateway was released.\n",
         .author = "u1",
         .updated = 9000},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(pages); i++)
        (void)sample_page(f->index, &pages[i]);
}

static void test_words_and_phrases(void **state)
{
    struct fixture *f = *state;
    add_wiki(f);
    assert_string_equal(ids_of(f, "restart gateway"), "2 1");
    assert_string_equal(ids_of(f, "\"restart the gateway\""), "1");
    assert_string_equal(ids_of(f, "gate*"), "2 4 1");
    assert_string_equal(ids_of(f, "gateway -restart"), "4");
    assert_string_equal(ids_of(f, "cafe"), "3");
    assert_string_equal(ids_of(f, "CAF\xc3\x89 soup"), "3");
    assert_string_equal(ids_of(f, "nothing of the kind"), "");
    assert_int_equal(f->result->total, 0);
    assert_string_equal(ids_of(f, "-restart"), "4 3");
    assert_string_equal(ids_of(f, "runbook"), "1");
}

static void test_filters(void **state)
{
    struct fixture *f = *state;
    add_wiki(f);
    assert_string_equal(ids_of(f, "gateway space:OPS"), "4");
    assert_string_equal(ids_of(f, "gateway space:ops space:eng"), "2 4 1");
    assert_string_equal(ids_of(f, "gateway -space:OPS"), "2 1");
    assert_string_equal(ids_of(f, "gateway type:blogpost"), "4");
    assert_string_equal(ids_of(f, "gateway label:Runbook"), "1");
    assert_string_equal(ids_of(f, "gateway -label:runbook"), "2 4");
    assert_string_equal(ids_of(f, "gateway author:ada"), "4 1");
    assert_string_equal(ids_of(f, "author:\"lovelace\" type:page"), "1");
    assert_string_equal(ids_of(f, "author:muller"), "2");
    assert_string_equal(ids_of(f, "author:u2"), "2");
    assert_string_equal(ids_of(f, "-author:ada"), "2 3");
    assert_string_equal(ids_of(f, "author:ada -runbook"), "4");
    assert_string_equal(ids_of(f, "space:OPS"), "4 3");
    const char *const spaces[] = {"OPS", "XX"};
    assert_string_equal(ids(f, (struct cs_search_request){.text = "gateway",
                                                          .spaces = spaces,
                                                          .n_spaces = 2}),
                        "4");
    assert_int_equal(f->result->n_warnings, 1);
    assert_string_equal(ids(f, (struct cs_search_request){.text = "gateway",
                                                          .label = "runbook",
                                                          .author = "Ada",
                                                          .type = "page"}),
                        "1");
    assert_string_equal(
        ids(f, (struct cs_search_request){.text = "gateway", .since_ms = 5000}),
        "2 4");
}

static void test_warnings_name_what_is_unknown(void **state)
{
    struct fixture *f = *state;
    add_wiki(f);
    assert_string_equal(ids_of(f, "gateway space:ENC author:nobody"), "");
    assert_int_equal(f->result->n_warnings, 2);
    assert_string_equal(f->result->warnings[0],
                        "there is no space 'ENC' in the mirror; did you mean "
                        "ENG?");
    assert_string_equal(f->result->warnings[1],
                        "nobody in the mirror is called 'nobody'");
    assert_string_equal(ids_of(f, "!!!"), "");
    assert_int_equal(f->result->n_warnings, 2);
    assert_string_equal(ids_of(f, ""), "");
    assert_int_equal(f->result->n_warnings, 1);
}

static void test_unknown_type_is_usage(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_search_request request = {.text = "x", .type = "folder"};
    assert_int_equal(cs_search_run(f->index, &request, &f->result, &err),
                     CS_ERR_USAGE);
    assert_null(f->result);
}

static void test_order_and_paging(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 25; i++) {
        char id[16], title[16];
        (void)snprintf(id, sizeof(id), "%d", 100 + i);
        (void)snprintf(title, sizeof(title), "%c page", 'a' + (i * 7) % 26);
        (void)sample_page(f->index,
                          &(struct sample_page){.id = id,
                                                .title = title,
                                                .markdown = "same words",
                                                .updated = 1000 + i % 5});
    }
    assert_string_equal(ids_of(f, "words"),
                        "100 101 102 103 104 105 106 107 108 109");
    assert_int_equal(f->result->total, 25);
    assert_string_equal(ids(f, (struct cs_search_request){.text = "words",
                                                          .limit = 4,
                                                          .offset = 23}),
                        "123 124");
    assert_int_equal(f->result->total, 25);
    assert_string_equal(
        ids(f, (struct cs_search_request){.text = "words",
                                          .limit = 3,
                                          .sort = CS_SEARCH_UPDATED}),
        "104 109 114");
    assert_string_equal(
        ids(f, (struct cs_search_request){.text = "words",
                                          .limit = 3,
                                          .sort = CS_SEARCH_TITLE}),
        "100 115 104");
    assert_string_equal(
        ids(f, (struct cs_search_request){.text = "words", .offset = 30}), "");
    assert_int_equal(f->result->total, 25);
}

static void test_hit_has_all(void **state)
{
    struct fixture *f = *state;
    (void)sample_page(f->index,
                      &(struct sample_page){.id = "65601",
                                            .title = "Runbook",
                                            .markdown = "Restart it.\n",
                                            .updated = 7000,
                                            .url = "https://wiki.example/r",
                                            .on_disk = true});
    const struct cs_search_result *result =
        run(f, (struct cs_search_request){.text = "restart"});
    assert_int_equal(result->n, 1);
    const struct cs_search_hit *hit = &result->hits[0];
    assert_string_equal(hit->id, "confluence:65601");
    assert_string_equal(hit->path, "confluence/ENG/Runbook.md");
    assert_string_equal(hit->url, "https://wiki.example/r");
    assert_string_equal(hit->space, "ENG");
    assert_string_equal(hit->kind, "page");
    assert_int_equal(hit->updated, 7000);
    assert_true(hit->score > 0);
    assert_null(hit->snippet.text);
}

/* The snippet with its marks in brackets. */
static const char *marked(const struct cs_snippet *snippet)
{
    static char text[2048];
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(2000);
    size_t done = 0;
    for (size_t i = 0; i < snippet->n_marks; i++) {
        const struct cs_range *mark = &snippet->marks[i];
        assert_true(mark->at >= done && mark->len > 0);
        cs_strbuf_put(&out, snippet->text + done, mark->at - done);
        cs_strbuf_putc(&out, '[');
        cs_strbuf_put(&out, snippet->text + mark->at, mark->len);
        cs_strbuf_putc(&out, ']');
        done = mark->at + mark->len;
    }
    cs_strbuf_puts(&out, snippet->text + done);
    memcpy(text, out.data, out.len + 1);
    return text;
}

static const char *snippet_of(struct fixture *f, const char *markdown,
                              const char *query)
{
    sample_exec(f->index, "DELETE FROM document; DROP TABLE IF EXISTS old;"
                          "INSERT INTO fts(fts) VALUES('rebuild')");
    (void)sample_page(f->index, &(struct sample_page){.id = "1",
                                                      .title = "Titled",
                                                      .markdown = markdown});
    const struct cs_search_result *result =
        run(f, (struct cs_search_request){.text = query, .snippets = true});
    assert_int_equal(result->n, 1);
    return marked(&result->hits[0].snippet);
}

static void test_snippet_strips_markdown(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *markdown, *query, *snippet;
    } cases[] = {
        {"# The *big* heading\n\nA **bold** word, `code_x` and [a link]().\n",
         "heading bold", "The big [heading] A [bold] word, code_x and a link."},
        {"- one\n- [x] two *three*\n1. four\n> quoted\n", "two quoted",
         "[two] three four [quoted]"},
        {"| A | B |\n| --- | --- |\n| cell | other \\| x |\n", "cell",
         "[cell] | other | x"},
        {"See [docs](https://host.example/path/needle) now\n", "needle",
         "See docs (https://host.example/path/[needle]) now"},
        {"See [docs](https://host.example/path/needle) now\n", "now",
         "See docs [now]"},
        {"x\n\n```sh\n# not *a* heading\nrun `it` now\n```\n\nafter\n", "run",
         "[run] `it` now after"},
        {"snake_case and 2 \\* 3 &lt; 7 <br> <https://a.example/> "
         "<u>under</u>\n",
         "snake", "[snake]_case and 2 * 3 < 7 https://a.example/ under"},
        {"Caf\xc3\xa9 cr\xc3\xa8me\n", "creme", "Caf\xc3\xa9 [cr\xc3\xa8me]"},
        {"one two three two three\n", "\"two three\"",
         "one [two three] [two three]"},
        {"deploy deployment redeploy\n", "deploy*",
         "[deploy] [deployment] redeploy"},
        {"tab\tand\x1b\\[31mred\x07\n", "tab", "[tab] and[31mred"},
        {"# Head\n\n| a |\n| --- |\n\nFirst paragraph here.\n\nMore.\n",
         "titled", "First paragraph here. More."},
        {"", "titled", ""},
        {"```\ncode only\n```\n", "titled", "code only"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++)
        assert_string_equal(snippet_of(f, cases[i].markdown, cases[i].query),
                            cases[i].snippet);
}

static void test_snippet_takes_the_densest_window(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    cs_strbuf_puts(&text, "alpha alpha alpha alone stands here.\n\n");
    for (int i = 0; i < 60; i++)
        cs_strbuf_puts(&text, "filler words go on and on. ");
    cs_strbuf_puts(&text, "Here alpha meets beta at last. ");
    for (int i = 0; i < 60; i++)
        cs_strbuf_puts(&text, "filler words go on and on. ");
    cs_strbuf_puts(&text, "\n");
    const char *snippet = snippet_of(f, text.data, "alpha beta");
    assert_non_null(strstr(snippet, "Here [alpha] meets [beta] at last."));
    assert_true(strlen(snippet) < 260);
    assert_memory_equal(snippet, "\xe2\x80\xa6", 3);
    assert_string_equal(snippet + strlen(snippet) - 3, "\xe2\x80\xa6");
}

/* The line is that of the file: the reader opens an editor there. */
static void test_snippet_line_is_of_the_file(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf bytes CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    (void)sample_page(
        f->index,
        &(struct sample_page){.id = "1",
                              .title = "Lines",
                              .label = "x",
                              .markdown = "one\n\n```\ntwo\n```\n\nneedle\n",
                              .on_disk = true});
    const struct cs_search_result *result =
        run(f, (struct cs_search_request){.text = "needle", .snippets = true});
    const char *file = sandbox_read(f->box, "confluence/ENG/Lines.md", &bytes);
    size_t line = 1;
    for (const char *c = file; c < strstr(file, "needle"); c++)
        line += *c == '\n';
    assert_int_equal(result->hits[0].snippet.line, line);
}

static void test_one_long_line(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    for (int i = 0; i < 100000; i++)
        cs_strbuf_puts(&text, "\xed\x95\x9c\xea\xb8\x80");
    cs_strbuf_puts(&text, " needle ");
    for (int i = 0; i < 10000; i++)
        cs_strbuf_puts(&text, "\xed\x95\x9c\xea\xb8\x80");
    const char *snippet = snippet_of(f, text.data, "needle");
    assert_non_null(strstr(snippet, "[needle]"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_words_and_phrases),
        TEST(test_filters),
        TEST(test_warnings_name_what_is_unknown),
        TEST(test_unknown_type_is_usage),
        TEST(test_order_and_paging),
        TEST(test_hit_has_all),
        TEST(test_snippet_strips_markdown),
        TEST(test_snippet_takes_the_densest_window),
        TEST(test_snippet_line_is_of_the_file),
        TEST(test_one_long_line),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
