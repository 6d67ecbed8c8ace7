/*
 * test_storage_fixtures.c - every pair in tests/fixtures/storage.
 *
 * <case>.xhtml must become <case>.md, byte for byte, and that Markdown must
 * survive a round trip: parsed by cmark-gfm, written by it, and parsed again,
 * it is the same tree. Adding a case is adding two files. With CS_SHARED set,
 * the documents in corpus/ of that folder must convert as well.
 */
#include "tests/lib/test.h"

#include "connectors/confluence/storage_format.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <dirent.h>

enum { CASES_MAX = 2000 };

static char *read_file(const char *dir, const char *name, const char *suffix,
                       size_t *ret_len)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct cs_strbuf text = CS_STRBUF_INIT((size_t)16 << 20);
    while (!feof(file) && !ferror(file) && cs_strbuf_reserve(&text, 4096))
        text.len += fread(text.data + text.len, 1, 4096, file);
    (void)fclose(file);
    text.data[text.len] = '\0';
    *ret_len = text.len;
    return cs_strbuf_take(&text);
}

static char *convert(const char *xhtml, size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf out = CS_STRBUF_INIT((size_t)64 << 20);
    struct cs_arena *arena = cs_arena_new(0);
    struct cs_body body;
    assert_ok(cs_storage_convert(arena, xhtml, len, NULL, &body, NULL, &err),
              &err);
    cs_body_render(&body, cs_resolve_canonical, NULL, &out);
    cs_arena_free(arena);
    char *text = cs_strbuf_take(&out);
    assert_non_null(text);
    return text;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the .xhtml files in `dir`, without the suffix; to be freed. */
static size_t list_cases(const char *dir, char **names)
{
    size_t n = 0;
    DIR *handle = opendir(dir);
    assert_non_null(handle);
    for (struct dirent *entry; (entry = readdir(handle)) && n < CASES_MAX;) {
        char *dot = strstr(entry->d_name, ".xhtml");
        if (dot)
            names[n++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
    }
    (void)closedir(handle);
    qsort(names, n, sizeof(names[0]), by_name);
    return n;
}

typedef bool case_fn(const char *dir, const char *name, const char *xhtml,
                     size_t len);

static size_t each_case(const char *dir, case_fn *check)
{
    char *names[CASES_MAX];
    size_t n = list_cases(dir, names), failed = 0;
    for (size_t i = 0; i < n; i++) {
        size_t len = 0;
        char *xhtml = read_file(dir, names[i], ".xhtml", &len);
        assert_non_null(xhtml);
        failed += !check(dir, names[i], xhtml, len);
        free(xhtml);
        free(names[i]);
    }
    assert_int_equal(failed, 0);
    return n;
}

static bool becomes_its_markdown(const char *dir, const char *name,
                                 const char *xhtml, size_t len)
{
    size_t want_len = 0;
    char *want = read_file(dir, name, ".md", &want_len);
    char *got = convert(xhtml, len);
    bool same = want && strcmp(want, got) == 0;
    if (!same)
        print_error("--- %s: want\n%s--- got\n%s", name,
                    want ? want : "(no file)\n", got);
    free(want);
    free(got);
    return same;
}

static void test_becomes_its_markdown(void **state)
{
    (void)state;
    assert_true(each_case(CS_FIXTURES "/storage", becomes_its_markdown) > 100);
}

/* Round trip */

static cmark_node *parse(const char *text)
{
    static const char *const names[] = {"table", "strikethrough", "autolink",
                                        "tasklist"};
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    for (size_t i = 0; i < CS_ARRAY_LEN(names); i++)
        cmark_parser_attach_syntax_extension(
            parser, cmark_find_syntax_extension(names[i]));
    cmark_parser_feed(parser, text, strlen(text));
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* The tree as text: text that was split is joined, and the comment that the
 * writer puts between two lists is left out. */
static void describe(struct cs_strbuf *out, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event;
         (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *literal = or_empty(cmark_node_get_literal(node));
        cmark_node_type type = cmark_node_get_type(node);
        if (strstr(literal, "<!-- end list -->"))
            continue;
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_SOFTBREAK) {
            cs_strbuf_puts(out, type == CMARK_NODE_TEXT ? literal : " ");
        } else if (event == CMARK_EVENT_EXIT) {
            cs_strbuf_puts(out, ")");
        } else {
            cs_strbuf_printf(out, "\n(%s %d %d %s %s ",
                             cmark_node_get_type_string(node),
                             cmark_node_get_heading_level(node),
                             cmark_node_get_list_start(node),
                             or_empty(cmark_node_get_url(node)), literal);
        }
    }
    cmark_iter_free(iter);
}

static bool survives_round_trip(const char *dir, const char *name,
                                const char *xhtml, size_t len)
{
    (void)dir;
    struct cs_strbuf before = CS_STRBUF_INIT((size_t)64 << 20);
    struct cs_strbuf after = CS_STRBUF_INIT((size_t)64 << 20);
    char *markdown = convert(xhtml, len);
    cmark_node *root = parse(markdown);
    describe(&before, root);
    char *again = cmark_render_commonmark(root, CMARK_OPT_UNSAFE, 0);
    cmark_node_free(root);
    root = parse(again);
    describe(&after, root);
    cmark_node_free(root);
    bool same = strcmp(before.data, after.data) == 0;
    if (!same)
        print_error("--- %s: %s--- written again\n%s---%s\n---%s\n", name,
                    markdown, again, before.data, after.data);
    free(again);
    free(markdown);
    cs_strbuf_clear(&before);
    cs_strbuf_clear(&after);
    return same;
}

static void test_survives_round_trip(void **state)
{
    (void)state;
    (void)each_case(CS_FIXTURES "/storage", survives_round_trip);
}

/* Pretty-printed source says the same: here, a line end and blanks before
 * every block that begins. */
static bool ignores_layout(const char *dir, const char *name, const char *xhtml,
                           size_t len)
{
    static const char *const tags[] = {"<p>",  "<ul>", "<li>",   "<ol>",
                                       "<tr>", "<td>", "<table>"};
    (void)dir;
    if (strstr(xhtml, "CDATA") || strncmp(name, "xml-", 4) == 0)
        return true;
    struct cs_strbuf pretty = CS_STRBUF_INIT((size_t)16 << 20);
    for (size_t i = 0; i < len; i++) {
        for (size_t t = 0; t < CS_ARRAY_LEN(tags); t++)
            if (strncmp(xhtml + i, tags[t], strlen(tags[t])) == 0)
                cs_strbuf_puts(&pretty, "\n  ");
        cs_strbuf_putc(&pretty, xhtml[i]);
    }
    char *want = convert(xhtml, len), *got = convert(pretty.data, pretty.len);
    bool same = strcmp(want, got) == 0;
    if (!same)
        print_error("--- %s: want\n%s--- got\n%s", name, want, got);
    free(want);
    free(got);
    cs_strbuf_clear(&pretty);
    return same;
}

static void test_ignores_layout(void **state)
{
    (void)state;
    (void)each_case(CS_FIXTURES "/storage", ignores_layout);
}

static bool converts_twice(const char *dir, const char *name, const char *xhtml,
                           size_t len)
{
    (void)dir, (void)name;
    char *once = convert(xhtml, len), *twice = convert(xhtml, len);
    bool same = strcmp(once, twice) == 0;
    free(once);
    free(twice);
    return same;
}

static void test_shared_corpus(void **state)
{
    (void)state;
    const char *shared = getenv("CS_SHARED");
    char dir[4096];
    if (!shared)
        skip();
    (void)snprintf(dir, sizeof(dir), "%s/corpus", shared);
    (void)each_case(dir, converts_twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_becomes_its_markdown),
        cmocka_unit_test(test_survives_round_trip),
        cmocka_unit_test(test_ignores_layout),
        cmocka_unit_test(test_shared_corpus),
    };
    return cmocka_run_group_tests_name("storage_fixtures", tests, NULL, NULL);
}
