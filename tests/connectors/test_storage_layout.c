/*
 * test_storage_layout.c - pretty-printed and compact source say the same.
 *
 * Every fixture is read, and written again in three ways: as it is, without
 * the white space that means nothing, and with more of it wherever that means
 * nothing. All must become the same Markdown. White space means nothing beside
 * the tags of blocks, and between the parts of macros, links and images.
 */
#include "tests/connectors/cases.h"
#include "tests/lib/test.h"

#include "src/arena.h"
#include "src/text.h"
#include "src/xml.h"

enum layout { AS_IS, COMPACT, PRETTY };

/* Blocks, in and around which white space means nothing. */
static const char *const blocks[] = {"ac:adf-content",
                                     "ac:adf-extension",
                                     "ac:adf-fallback",
                                     "ac:adf-node",
                                     "ac:layout",
                                     "ac:layout-cell",
                                     "ac:layout-section",
                                     "ac:task",
                                     "ac:task-body",
                                     "ac:task-list",
                                     "blockquote",
                                     "colgroup",
                                     "div",
                                     "dl",
                                     "h1",
                                     "h2",
                                     "h3",
                                     "h4",
                                     "h5",
                                     "h6",
                                     "li",
                                     "ol",
                                     "p",
                                     "table",
                                     "tbody",
                                     "td",
                                     "tfoot",
                                     "th",
                                     "thead",
                                     "tr",
                                     "ul"};
/* Those at whose inner edges it means nothing. */
static const char *const insides[] = {"ac:macro", "ac:rich-text-body",
                                      "ac:structured-macro"};
/* Those around which it means nothing, and in which it does. */
static const char *const parts[] = {"ac:adf-attribute",
                                    "ac:adf-mark",
                                    "ac:adf-parameter",
                                    "ac:caption",
                                    "ac:default-parameter",
                                    "ac:link-body",
                                    "ac:parameter",
                                    "ac:plain-text-body",
                                    "ac:plain-text-link-body",
                                    "ac:task-id",
                                    "ac:task-status",
                                    "ac:task-uuid",
                                    "col",
                                    "dd",
                                    "dt",
                                    "hr",
                                    "pre",
                                    "ri:attachment",
                                    "ri:page",
                                    "ri:url",
                                    "ri:user"};
/* Those in which every blank counts. */
static const char *const verbatim[] = {
    "ac:adf-attribute",     "ac:adf-parameter",
    "ac:default-parameter", "ac:parameter",
    "ac:plain-text-body",   "ac:plain-text-link-body",
    "ac:task-status",       "pre"};

static bool is_one_of(const struct cs_xml *xml, const char *const *names,
                      size_t n)
{
    for (size_t i = 0; xml && i < n; i++)
        if (cs_xml_is(xml, names[i]))
            return true;
    return false;
}
#define IS_ONE_OF(xml, names) is_one_of(xml, names, CS_ARRAY_LEN(names))

/* White space before `xml` (NULL: before the end of its parent). */
static bool is_free(const struct cs_xml *parent, const struct cs_xml *before,
                    const struct cs_xml *xml)
{
    bool inside = IS_ONE_OF(parent, blocks) || IS_ONE_OF(parent, insides);
    return (inside && (!before || !xml)) || IS_ONE_OF(xml, blocks) ||
           IS_ONE_OF(before, blocks) || IS_ONE_OF(xml, parts) ||
           IS_ONE_OF(before, parts);
}

static void put_text(struct cs_strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        switch (text[i]) {
        case '&': cs_strbuf_puts(out, "&amp;"); break;
        case '<': cs_strbuf_puts(out, "&lt;"); break;
        case '>': cs_strbuf_puts(out, "&gt;"); break;
        case '"': cs_strbuf_puts(out, "&quot;"); break;
        case '\r': cs_strbuf_puts(out, "&#13;"); break;
        default: cs_strbuf_putc(out, text[i]);
        }
    }
}

static void put_start(struct cs_strbuf *out, const struct cs_xml *xml)
{
    cs_strbuf_printf(out, "<%s", xml->name->text);
    for (size_t i = 0; i < xml->n_attrs; i++) {
        cs_strbuf_printf(out, " %s=\"", xml->attrs[i].name->text);
        put_text(out, xml->attrs[i].value, strlen(xml->attrs[i].value));
        cs_strbuf_putc(out, '"');
    }
    cs_strbuf_puts(out, ">");
}

static void put_children(struct cs_strbuf *out, const struct cs_xml *parent,
                         enum layout layout);

/* Text, trimmed on the sides where white space means nothing. */
static void put_trimmed(struct cs_strbuf *out, const struct cs_xml *parent,
                        const struct cs_xml *before, const struct cs_xml *xml)
{
    const char *text = xml->text;
    size_t len = xml->len;
    bool free_here = is_free(before ? NULL : parent, before, NULL);
    for (; free_here && len > 0 && cs_ascii_is_space(*text); len--)
        text++;
    while (is_free(xml->next ? NULL : parent, xml, xml->next) && len > 0 &&
           cs_ascii_is_space(text[len - 1]))
        len--;
    put_text(out, text, len);
}

static void put_node(struct cs_strbuf *out, const struct cs_xml *parent,
                     const struct cs_xml *before, const struct cs_xml *xml,
                     enum layout layout)
{
    if (!xml->name && layout == COMPACT) {
        put_trimmed(out, parent, before, xml);
    } else if (!xml->name) {
        put_text(out, xml->text, xml->len);
    } else {
        put_start(out, xml);
        put_children(out, xml, IS_ONE_OF(xml, verbatim) ? AS_IS : layout);
        cs_strbuf_printf(out, "</%s>", xml->name->text);
    }
}

static void put_children(struct cs_strbuf *out, const struct cs_xml *parent,
                         enum layout layout)
{
    const struct cs_xml *before = NULL;
    for (const struct cs_xml *at = parent->first; at; at = at->next) {
        if (layout == PRETTY && is_free(parent, before, at))
            cs_strbuf_puts(out, "\n    ");
        put_node(out, parent, before, at, layout);
        before = at;
    }
    if (layout == PRETTY && before && is_free(parent, before, NULL))
        cs_strbuf_puts(out, "\n  ");
}

static char *convert_as(const struct cs_xml *root, enum layout layout)
{
    struct cs_strbuf source CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT((size_t)16 << 20);
    put_children(&source, root, layout);
    return storage_case_convert(source.data, source.len);
}

static bool says_the_same(const struct storage_case *it)
{
    static const char *const prefixes[] = {"ac", "ri", "at", "fab", NULL};
    static const struct cs_xml_options options = {.prefixes = prefixes};
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_xml_result xml;
    assert_ok(cs_xml_parse(arena, it->xhtml, it->len, &options, &xml, &err),
              &err);
    char *want = storage_case_convert(it->xhtml, it->len);
    bool same = true;
    for (int layout = AS_IS; layout <= PRETTY; layout++) {
        char *got = convert_as(xml.root, (enum layout)layout);
        if (strcmp(want, got) != 0) {
            print_error("--- %s, layout %d: want\n%s--- got\n%s", it->name,
                        layout, want, got);
            same = false;
        }
        free(got);
    }
    free(want);
    return same;
}

static void test_layout_means_nothing(void **state)
{
    (void)state;
    assert_true(storage_cases_each(CS_FIXTURES "/storage", says_the_same) >
                100);
}

static void test_layout_of_the_site_means_nothing(void **state)
{
    (void)state;
    assert_true(storage_cases_each(CS_FIXTURES "/site", says_the_same) > 10);
}

static void test_layout_of_the_corpus_means_nothing(void **state)
{
    (void)state;
    storage_cases_each_shared(says_the_same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout_means_nothing),
        cmocka_unit_test(test_layout_of_the_site_means_nothing),
        cmocka_unit_test(test_layout_of_the_corpus_means_nothing),
    };
    return cmocka_run_group_tests_name("storage_layout", tests, NULL, NULL);
}
