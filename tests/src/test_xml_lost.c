/*
 * test_xml_lost.c - text that does not come through is told.
 *
 * What is mended is well formed, as far as libxml2 and we agree on that. The
 * linker puts a mender in place that mends nothing.
 */
#include "tests/lib/test.h"

#include "src/xml.h"
#include "src/xml_repair.h"

void __wrap_cs_xml_repair(struct cs_strbuf *out, const char *source, size_t len,
                          unsigned flaws[CS_XML_FLAWS]);
void __wrap_cs_xml_repair(struct cs_strbuf *out, const char *source, size_t len,
                          unsigned flaws[CS_XML_FLAWS])
{
    (void)flaws;
    cs_strbuf_put(out, source, len);
}

static void test_lost_text_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        unsigned malformed, lost;
    } rows[] = {
        {"<p>all</p>", 0, 0},
        {"<p>all</b></p>", 1, 0},
        {"<p>1 &amp; 2 <![CDATA[<3>]]></b></p>", 1, 0},
        {"<p>&amp;&amp;&amp;&amp;</b></p>", 1, 0},
        {"<p>some</p></root> and more", 1, 1},
        {"<p>some</p></root> \n <b> </b>", 1, 0},
        {"<p>some</p></root><![CDATA[more]]>", 1, 1},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++) {
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
        struct cs_error err = CS_ERROR_INIT;
        struct cs_xml_result result = {0};
        const struct cs_xml_options options = {.classify = NULL};
        assert_ok(cs_xml_parse(arena, rows[i].source, strlen(rows[i].source),
                               &options, &result, &err),
                  &err);
        if (result.flaws[CS_XML_MALFORMED] != rows[i].malformed ||
            result.flaws[CS_XML_LOST_TEXT] != rows[i].lost)
            fail_msg("%s: %u, %u", rows[i].source,
                     result.flaws[CS_XML_MALFORMED],
                     result.flaws[CS_XML_LOST_TEXT]);
        assert_int_equal(result.recovered, rows[i].malformed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_text_is_told),
    };
    return cmocka_run_group_tests_name("xml_lost", tests, NULL, NULL);
}
