/*
 * test_xml.c - the tree that libxml2's events make, mended input, limits.
 */
#include "tests/lib/test.h"

#include "src/text.h"
#include "src/xml.h"
#include "src/xml_entities.h"
#include "src/xml_repair.h"

static const void *classify(const char *name)
{
    static const char known[] = "known";
    return strcmp(name, "ac:link") == 0 ? known : NULL;
}

static const char *const prefixes[] = {"ac", NULL};
static const struct cs_xml_options options = {.classify = classify,
                                              .prefixes = prefixes};

static struct cs_xml_result parse(struct cs_arena *arena, const char *source)
{
    struct cs_xml_result result = {0};
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(
        cs_xml_parse(arena, source, strlen(source), &options, &result, &err),
        &err);
    return result;
}

/* The tree in a short form: p[text b[x]]. */
static void describe(struct cs_strbuf *out, const struct cs_xml *parent)
{
    for (const struct cs_xml *at = parent->first; at; at = at->next) {
        if (!at->name) {
            cs_strbuf_put(out, at->text, at->len);
            continue;
        }
        cs_strbuf_puts(out, at->name->text);
        for (size_t i = 0; i < at->n_attrs; i++)
            cs_strbuf_printf(out, "(%s=%s)", at->attrs[i].name->text,
                             at->attrs[i].value);
        cs_strbuf_putc(out, '[');
        describe(out, at);
        cs_strbuf_putc(out, ']');
    }
}

struct row {
    const char *source, *want;
    bool recovered;
};

static const struct row rows[] = {
    {"", "", false},
    {"text", "text", false},
    {"<p>a<b>c</b>d</p>", "p[ab[c]d]", false},
    {"<ac:link ac:name=\"x\" y='z'/>", "ac:link(ac:name=x)(y=z)[]", false},
    {"<x:y z:w='1'>a</x:y>", "x:y(z:w=1)[a]", false},
    {"a&nbsp;&uuml;&#65;&#x42;&amp;b",
     "a\xc2\xa0\xc3\xbc"
     "AB&b",
     false},
    {"&nosuch;", "&nosuch;", false},
    {"<a b='&uuml;&nosuch;&amp;&lt;'/>", "a(b=\xc3\xbc&nosuch;&<)[]", false},
    {"<a><![CDATA[x<]]]]><![CDATA[>&amp;]]>y</a>", "a[x<]]>&amp;y]", false},
    {"a<!-- c --><?pi?>b\r\nc", "ab\nc", false},
    {"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE p><p/>", "p[]", false},
    {"<p>a <b>b <i>c</b> d</i></p>", "p[a b[b i[c]] d]", true},
    {"<p>a & b < c > d &#0; &; </p>", "p[a & b < c > d &#0; &; ]", true},
    {"<p>one<p>two", "p[one]p[two]", true},
    {"<ul><li>a<li>b</ul>", "ul[li[a]li[b]]", true},
    {"a<br>b<hr>c", "abr[]bhr[]c", true},
    {"<ac:b><p>x</div></p></ac:b>", "ac:b[p[x]]", true},
    {"</p>x</p>", "x", true},
    {"<p a=1 b c='2' a='3'>x</p>", "p(a=1)(b=)(c=2)[x]", true},
    {"<p a=\"1>x</p>", "<p a=\"1>x", true},
    {"a\x01\x0b"
     "b",
     "ab", true},
    {"a\xff"
     "b",
     "a\xef\xbf\xbd"
     "b",
     true},
    {"a<!-- open", "a<!-- open", true},
    {"<a><![CDATA[open", "a[open]", true},
    {"a ]]> b", "a ]]> b", false},
    {"<html><?xml version='1.0'?><!DOCTYPE x>y</html>", "html[y]", false},
};

static void test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(999);
        struct cs_xml_result result = parse(arena, rows[i].source);
        describe(&got, result.root);
        assert_string_equal(got.data, rows[i].want);
        if (result.recovered != rows[i].recovered)
            fail_msg("%s: recovered %d", rows[i].source, result.recovered);
        assert_int_equal(
            result.flaws[CS_XML_LOST_TEXT] + result.flaws[CS_XML_TOO_DEEP], 0);
    }
}

static void test_names_are_classified_once(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_xml_result result = parse(arena, "<ac:link/><p/><ac:link/>");
    const struct cs_xml *first = result.root->first;
    (void)state;
    assert_string_equal(first->name->class, "known");
    assert_null(first->next->name->class);
    assert_ptr_equal(first->name, first->next->next->name);
}

static void test_many_names(void **state)
{
    struct cs_strbuf source CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++)
            cs_strbuf_printf(&source, "<x%d/>", i);
    const struct cs_xml *at = parse(arena, source.data).root->first;
    for (int i = 0; i < 10000; i++, at = at->next)
        assert_int_equal(strtol(at->name->text + 1, NULL, 10), i % 5000);
    assert_null(at);
}

static void test_helpers(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    size_t len = 0;
    (void)state;
    const struct cs_xml *p =
        parse(arena, "<p k='v'>a<b>c</b><i>d</i></p>").root->first;
    assert_string_equal(cs_xml_get(p, "k"), "v");
    assert_null(cs_xml_get(p, "K"));
    assert_null(cs_xml_get(p->first, "k"));
    assert_true(cs_xml_is(p, "p"));
    assert_false(cs_xml_is(p->first, "p"));
    assert_true(cs_xml_is(cs_xml_child(p, "i"), "i"));
    assert_null(cs_xml_child(p, "u"));
    assert_string_equal(cs_xml_text(arena, p, &len), "acd");
    assert_int_equal(len, 3);
}

static unsigned depth_of(const struct cs_xml *node)
{
    unsigned deepest = 0;
    for (const struct cs_xml *at = node->first; at; at = at->next) {
        unsigned depth = 1 + depth_of(at);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void test_depth_is_bounded(void **state)
{
    struct cs_strbuf source CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (int i = 0; i < 1000; i++)
        cs_strbuf_printf(&source, "<a>%d", i % 10);
    for (int i = 0; i < 1000; i++)
        cs_strbuf_puts(&source, "z</a>");
    struct cs_xml_result result = parse(arena, source.data);
    size_t len = 0;
    assert_int_equal(result.flaws[CS_XML_TOO_DEEP], 1);
    assert_false(result.recovered);
    assert_true(depth_of(result.root) <= CS_XML_DEPTH_MAX + 1);
    (void)cs_xml_text(arena, result.root, &len);
    assert_int_equal(len, 2000);
}

static void test_limits(void **state)
{
    struct cs_arena *small CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(500);
    struct cs_error err = CS_ERROR_INIT;
    struct cs_xml_result result;
    (void)state;
    assert_int_equal(
        cs_xml_parse(small, "", CS_XML_SOURCE_MAX + 1, &options, &result, &err),
        CS_ERR_LIMIT);
    assert_int_equal(
        cs_xml_parse(small, "<p>x</p>", 8, &options, &result, &err),
        CS_ERR_LIMIT);
}

/* libxml2 compares each attribute with all others. */
static void test_many_attributes(void **state)
{
    struct cs_strbuf source CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(4 << 20);
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    cs_strbuf_puts(&source, "<p");
    for (int i = 0; i < 100000; i++)
        cs_strbuf_printf(&source, " a%d=\"\"", i);
    cs_strbuf_puts(&source, ">x</p>");
    struct cs_xml_result result = parse(arena, source.data);
    assert_true(result.recovered);
    assert_true(result.root->first->n_attrs < 1000);
    /* long, but not many: kept as it is */
    cs_strbuf_reset(&source);
    cs_strbuf_puts(&source, "<p a='");
    cs_strbuf_fill(&source, 'x', 100000);
    cs_strbuf_puts(&source, "'>y</p>");
    result = parse(arena, source.data);
    assert_false(result.recovered);
    assert_int_equal(strlen(cs_xml_get(result.root->first, "a")), 100000);
}

static void test_no_entity_is_fetched_or_expanded(void **state)
{
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf got CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(9999);
    (void)state;
    struct cs_xml_result result = parse(
        arena, "<!DOCTYPE p [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;'>"
               "<!ENTITY c SYSTEM 'file:///etc/hostname'>]><p>&b;&c;</p>");
    describe(&got, result.root);
    assert_non_null(strstr(got.data, "&b;&c;"));
    assert_null(strstr(got.data, "aaaaaaaaaaaaaaaaaaaa"));
}

static void test_entity_table(void **state)
{
    (void)state;
    assert_string_equal(cs_xml_entity("nbsp"), "\xc2\xa0");
    assert_string_equal(cs_xml_entity("AElig"), "\xc3\x86");
    assert_string_equal(cs_xml_entity("zwnj"), "\xe2\x80\x8c");
    assert_string_equal(cs_xml_entity("Prime"), "\xe2\x80\xb3");
    assert_string_equal(cs_xml_entity("prime"), "\xe2\x80\xb2");
    assert_null(cs_xml_entity("nosuch"));
    assert_null(cs_xml_entity(""));
}

static void test_repair_leaves_good_xml_alone(void **state)
{
    static const char good[] = "<p a=\"b\">c &amp; &uuml;<br/><b>d</b></p>";
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    unsigned flaws[CS_XML_FLAWS] = {0};
    (void)state;
    cs_xml_repair(&out, good, sizeof(good) - 1, flaws);
    assert_string_equal(out.data, good);
    for (size_t i = 0; i < CS_XML_FLAWS; i++)
        assert_int_equal(flaws[i], 0);
}

static void test_flaws_are_told_apart(void **state)
{
    static const struct {
        const char *source;
        enum cs_xml_flaw flaw;
        unsigned count;
    } cases[] = {
        {"<p>a<p>b<b>c", CS_XML_UNCLOSED_TAG, 3},
        {"<p>a<i>b</p>c", CS_XML_UNCLOSED_TAG, 1},
        {"a</b>c</i>", CS_XML_STRAY_END_TAG, 2},
        {"<p a>b</p>", CS_XML_BAD_ATTRIBUTE, 1},
        {"<p>a & b < c</p>", CS_XML_BARE_CHARACTER, 2},
        {"<p>\x01\x02</p>", CS_XML_FORBIDDEN_CHARACTER, 2},
        {"<p>\xff</p>", CS_XML_BAD_ENCODING, 1},
        {"<p><![CDATA[a", CS_XML_UNCLOSED_SECTION, 1},
    };
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        struct cs_xml_result result = parse(arena, cases[i].source);
        assert_true(result.recovered);
        if (result.flaws[cases[i].flaw] != cases[i].count)
            fail_msg("%s: %u times %s", cases[i].source,
                     result.flaws[cases[i].flaw],
                     cs_xml_flaw_name(cases[i].flaw));
        assert_int_equal(result.flaws[CS_XML_LOST_TEXT], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_names_are_classified_once),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_helpers),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_many_attributes),
        cmocka_unit_test(test_no_entity_is_fetched_or_expanded),
        cmocka_unit_test(test_entity_table),
        cmocka_unit_test(test_repair_leaves_good_xml_alone),
        cmocka_unit_test(test_flaws_are_told_apart),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
