/*
 * test_storage_round_trip.c - the Markdown means what the source says.
 *
 * Two properties, judged by a parser that is not ours (tests/lib/gfm.h): the
 * Markdown parsed, written by that parser and parsed again is the same tree;
 * and every character that a reader of the source sees is seen, in order, by a
 * reader of the rendered Markdown. For all fixtures, and with CS_SHARED set
 * for the documents in corpus/ of that folder.
 */
#include "tests/connectors/cases.h"
#include "tests/lib/gfm.h"

#include "src/text.h"

/* Round trip */

static void write_again(struct cs_strbuf *out, const char *markdown)
{
    cmark_node *root = gfm_parse(markdown, strlen(markdown));
    char *text = cmark_render_commonmark(root, CMARK_OPT_UNSAFE, 0);
    cs_strbuf_puts(out, text);
    free(text);
    cmark_node_free(root);
}

/* The writer of libcmark-gfm puts this between two lists in a row. */
static void drop_list_comments(struct cs_strbuf *tree)
{
    static const char comment[] = "\n(html_block <!-- end list -->\n";
    size_t len = sizeof(comment) - 1;
    for (char *at; (at = strstr(tree->data, comment));)
        cs_strbuf_splice(tree, (size_t)(at - tree->data), len, "", 0);
}

static void describe(struct cs_strbuf *out, const char *markdown)
{
    cmark_node *root = gfm_parse(markdown, strlen(markdown));
    gfm_describe(out, root);
    cmark_node_free(root);
    drop_list_comments(out);
}

/* Where the writer of libcmark-gfm is at fault: it forgets the "> " on the line
 * after a block of HTML, so that the quote ends there; and it writes a hard
 * break as two blanks, so that a tag before it becomes a block of HTML. */
static bool is_beyond_their_writer(const char *markdown)
{
    return strstr(markdown, "> <table") || strstr(markdown, "> <img") ||
           strstr(markdown, "\">\\\n");
}

static bool survives_round_trip(const struct storage_case *it)
{
    struct cs_strbuf before = CS_STRBUF_INIT(CS_GFM_MAX);
    struct cs_strbuf after = CS_STRBUF_INIT(CS_GFM_MAX);
    struct cs_strbuf again = CS_STRBUF_INIT(CS_GFM_MAX);
    char *markdown = storage_case_convert(it->xhtml, it->len);
    describe(&before, markdown);
    write_again(&again, markdown);
    describe(&after, again.data);
    bool same = strcmp(before.data, after.data) == 0 ||
                is_beyond_their_writer(markdown);
    if (!same)
        print_error("--- %s:\n%s--- written again\n%s--- tree%s\n--- tree%s\n",
                    it->name, markdown, again.data, before.data, after.data);
    free(markdown);
    cs_strbuf_clear(&before);
    cs_strbuf_clear(&after);
    cs_strbuf_clear(&again);
    return same;
}

static void test_survives_round_trip(void **state)
{
    (void)state;
    (void)storage_cases_each(CS_FIXTURES "/storage", survives_round_trip);
}

static void test_shared_survives_round_trip(void **state)
{
    (void)state;
    storage_cases_each_shared(survives_round_trip);
}

/* Visible text */

/* Elements whose text no reader sees, or that hold a language of their own. */
static const char *const hidden[] = {
    "ac:parameter",    "ac:default-parameter",
    "ac:task-id",      "ac:task-uuid",
    "ac:task-status",  "ac:adf-attribute",
    "ac:placeholder",  "ac:adf-fallback",
    "at:declarations", "head",
    "style",           "script",
};

/* Bytes of the hidden element that begins at `text`; 0 when none does. */
static size_t hidden_len(const char *text)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(hidden); i++) {
        size_t n = strlen(hidden[i]);
        if (strncmp(text + 1, hidden[i], n) != 0 ||
            !strchr(" />\n", text[n + 1]))
            continue;
        const char *close = strchr(text, '>');
        if (close && close[-1] == '/')
            return (size_t)(close - text) + 1;
        char end[40];
        (void)snprintf(end, sizeof(end), "</%s>", hidden[i]);
        const char *at = strstr(text, end);
        return at ? (size_t)(at - text) : strlen(text);
    }
    return 0;
}

/* A CDATA section at `text`, escaped into `out`; its bytes, 0 for none. */
static size_t put_cdata(struct cs_strbuf *out, const char *text)
{
    static const char begin[] = "<![CDATA[";
    if (!cs_str_starts(text, begin))
        return 0;
    const char *end = strstr(text, "]]>");
    size_t len = end ? (size_t)(end - text) : strlen(text);
    for (size_t i = sizeof(begin) - 1; i < len; i++) {
        if (strchr("<&", text[i]))
            cs_strbuf_puts(out, text[i] == '<' ? "&lt;" : "&amp;");
        else
            cs_strbuf_putc(out, text[i]);
    }
    return end ? len + 3 : len;
}

static void put_source_text(struct cs_strbuf *out, const char *xhtml)
{
    struct cs_strbuf shown = CS_STRBUF_INIT(CS_GFM_MAX);
    for (size_t n; *xhtml; xhtml += n) {
        n = *xhtml == '<' ? hidden_len(xhtml) : 0;
        if (n == 0 && *xhtml == '<')
            n = put_cdata(&shown, xhtml);
        if (n == 0) {
            cs_strbuf_putc(&shown, *xhtml);
            n = 1;
        }
    }
    gfm_visible(out, shown.data, shown.len);
    cs_strbuf_clear(&shown);
}

/* What `text` says beyond the longest beginning of it that can be found in
 * `in`, in order; "" when all can. */
static const char *beyond_subsequence(const char *text, const char *in)
{
    for (; *text && *in; in++)
        text += *text == *in;
    return text;
}

/* Documents of which this says nothing: bodies in a language of their own, in
 * which a reader sees no markup; formulas, written once and rendered twice;
 * footnotes, which stand at the end; and a CDATA section that its author did
 * not close. */
static bool is_beyond_us(const char *xhtml)
{
    static const char *const marks[] = {
        "ac:name=\"html\"", "ac:name=\"markdown\"", "ac:name=\"footnote\"",
        "class=\"katex\"",  "application/x-tex",    "]] ]></ac:"};
    for (size_t i = 0; i < CS_ARRAY_LEN(marks); i++)
        if (strstr(xhtml, marks[i]))
            return true;
    return false;
}

static bool keeps_visible_text(const struct storage_case *it)
{
    if (is_beyond_us(it->xhtml))
        return true;
    struct cs_strbuf want = CS_STRBUF_INIT(CS_GFM_MAX);
    struct cs_strbuf html = CS_STRBUF_INIT(CS_GFM_MAX);
    struct cs_strbuf got = CS_STRBUF_INIT(CS_GFM_MAX);
    char *markdown = storage_case_convert(it->xhtml, it->len);
    put_source_text(&want, it->xhtml);
    gfm_render_html(&html, markdown, strlen(markdown));
    gfm_visible(&got, html.data, html.len);
    const char *lost = beyond_subsequence(want.data, got.data);
    bool kept = *lost == '\0';
    if (!kept)
        print_error("--- %s: lost from %.40s\n--- want\n%s\n--- got\n%s\n%s\n",
                    it->name, lost, want.data, got.data, markdown);
    free(markdown);
    cs_strbuf_clear(&want);
    cs_strbuf_clear(&html);
    cs_strbuf_clear(&got);
    return kept;
}

static void test_keeps_visible_text(void **state)
{
    (void)state;
    (void)storage_cases_each(CS_FIXTURES "/storage", keeps_visible_text);
}

static void test_shared_keeps_visible_text(void **state)
{
    (void)state;
    storage_cases_each_shared(keeps_visible_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_survives_round_trip),
        cmocka_unit_test(test_shared_survives_round_trip),
        cmocka_unit_test(test_keeps_visible_text),
        cmocka_unit_test(test_shared_keeps_visible_text),
    };
    return cmocka_run_group_tests_name("storage_round_trip", tests, NULL, NULL);
}
