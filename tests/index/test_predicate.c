/*
 * test_predicate.c - filters: in the query, in the request, alone and with
 * words; facets.
 */
#include "tests/lib/test.h"

#include "tests/index/search_rig.h"

static int setup(void **state)
{
    static const struct sample_page pages[] = {
        {.id = "1",
         .title = "Home",
         .markdown = "gateway",
         .author = "u1",
         .label = "runbook",
         .updated = 1700000000000,
         .url = "https://wiki.example/pages/1"},
        {.id = "2",
         .title = "Below",
         .markdown = "gateway gateway\n\n```\ncode\n```\n",
         .author = "u2",
         .updated = 1710000000000},
        {.id = "3",
         .title = "Far below",
         .markdown = "gateway",
         .updated = 1720000000000},
        {.id = "4",
         .title = "News",
         .kind = "blogpost",
         .space = "OPS",
         .markdown = "gateway",
         .author = "u1",
         .label = "deprecated",
         .updated = 1730000000000},
    };
    int failed = rig_setup(state);
    if (failed)
        return failed;
    struct rig *rig = *state;
    sample_person(rig->index, "u1", "Ada Lovelace");
    sample_person(rig->index, "u2", "J\xc3\xbcrgen M\xc3\xbcller");
    rig_add(rig, pages, CS_ARRAY_LEN(pages));
    sample_exec(
        rig->index,
        "UPDATE document SET parent = '1', editor = 'u1' WHERE vendor_id = '2';"
        "UPDATE document SET parent = '2', status = 'archived',"
        " created = 1715000000000 WHERE vendor_id = '3';"
        "UPDATE document SET file_path = 'ENG/Home/Below.md'"
        " WHERE vendor_id = '2';"
        "INSERT INTO link(document, text, ord, at, len, form, kind, target)"
        " VALUES(4, 1, 0, 0, 0, 0, 'page', 1)");
    rig_index(rig);
    return 0;
}

static void test_filters_of_the_query(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"space:OPS", "4"},
        {"space:ops,eng", "4 3 2 1"},
        {"-space:OPS", "3 2 1"},
        {"space:E*", "3 2 1"},
        {"type:blogpost", "4"},
        {"type:page", "3 2 1"},
        {"label:runbook", "1"},
        {"label:Runbook", "1"},
        {"-label:runbook", "4 3 2"},
        {"label:run*", "1"},
        {"author:ada", "4 1"},
        {"author:\"lovelace\"", "4 1"},
        {"author:muller", "2"},
        {"author:u2", "2"},
        {"-author:ada", "3 2"},
        {"editor:ada", "2"},
        {"status:archived", "3"},
        {"status:current", "4 2 1"},
        {"source:confluence", "4 3 2 1"},
        {"is:deprecated", "4"},
        {"has:code", "2"},
        {"has:label", "4 1"},
        {"has:child", "2 1"},
        {"has:attachment", ""},
        {"updated:2024", "4 3 2"},
        {"updated:2023..2024-03", "2 1"},
        {"updated:<2024", "1"},
        {"created:2024-05", "3"},
        {"id:2", "2"},
        {"id:confluence:2", "2"},
        {"url:https://wiki.example/pages/1", "1"},
        {"path:confluence/ENG", "2"},
        {"path:ENG/Home/Below.md", "2"},
        {"path:ENG/Ho", ""},
        {"in:1", "3 2 1"},
        {"in:2", "3 2"},
        {"in:Home", "3 2 1"},
        {"link:1", "4"},
        {"link:Home", "4"},
        {"space:ENG -in:2", "1"},
        {"space:OPS OR label:runbook", "4 1"},
        {"gateway space:ENG author:ada", "1"},
        {"gateway label:runbook,deprecated type:page", "1"},
        {"author:ada -home", "4"},
    };
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++)
        if (strcmp(rig_find(rig, cases[i].query), cases[i].ids) != 0)
            fail_msg("%s: %s, not %s", cases[i].query, rig->text, cases[i].ids);
}

static void test_filters_of_the_request(void **state)
{
    struct rig *rig = *state;
    const char *const spaces[] = {"OPS", "XX"};
    const char *const ada[] = {"Ada"}, *const page[] = {"page"};
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "gateway",
                                                .spaces = {spaces, 2}}),
        "4");
    assert_int_equal(rig->result->n_warnings, 1);
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "gateway",
                                                .authors = {ada, 1},
                                                .types = {page, 1}}),
        "1");
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "",
                                                .since_ms = 1720000000000}),
        "4 3");
    assert_string_equal(
        rig_ids(rig, (struct cs_search_request){.text = "",
                                                .since_ms = 1720000000001}),
        "4");
    struct cs_error err = CS_ERROR_INIT;
    const char *const folder[] = {"folder"};
    const struct cs_search_request wrong = {.text = "x", .types = {folder, 1}};
    struct cs_search_result *result = NULL;
    assert_int_equal(cs_search_run(rig->index, &wrong, &result, &err),
                     CS_ERR_USAGE);
    assert_null(result);
}

static void test_what_is_unknown_is_named(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_find(rig, "gateway space:ENC author:nobody"), "");
    assert_int_equal(rig->result->n_warnings, 2);
    assert_string_equal(rig->result->warnings[0],
                        "there is no space 'ENC' in the mirror; did you mean "
                        "ENG?");
    assert_string_equal(rig->result->warnings[1],
                        "nobody in the mirror is called 'nobody'");
    assert_string_equal(rig_find(rig, "gateway in:nowhere"), "");
    assert_int_equal(rig->result->n_warnings, 1);
    assert_string_equal(rig->result->warnings[0],
                        "there is no page 'nowhere' in the mirror");
    (void)rig_find(rig, "gateway lang:en");
    assert_int_equal(rig->result->n_warnings, 1);
    assert_string_equal(rig->result->warnings[0],
                        "the language of a page is not known; lang: was left "
                        "out");
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_search_request strict = {.text = "space:ENC",
                                             .strict = true};
    struct cs_search_result *result = NULL;
    assert_int_equal(cs_search_run(rig->index, &strict, &result, &err),
                     CS_ERR_USAGE);
}

static const char *facet(struct rig *rig, const char *name)
{
    size_t len = 0;
    rig->text[0] = '\0';
    for (size_t i = 0; i < rig->result->n_facets; i++) {
        const struct cs_search_facet *facet = &rig->result->facets[i];
        for (size_t j = 0; j < facet->n && strcmp(facet->name, name) == 0; j++)
            len += (size_t)snprintf(rig->text + len, sizeof(rig->text) - len,
                                    "%s%s %lld", j ? ", " : "",
                                    facet->counts[j].value,
                                    (long long)facet->counts[j].n);
    }
    return rig->text;
}

static void test_facets(void **state)
{
    struct rig *rig = *state;
    (void)rig_run(rig, (struct cs_search_request){
                           .text = "gateway", .facets = true, .limit = 1});
    assert_int_equal(rig->result->n, 1);
    assert_string_equal(facet(rig, "space"), "ENG 3, OPS 1");
    assert_string_equal(facet(rig, "type"), "page 3, blogpost 1");
    assert_string_equal(facet(rig, "author"),
                        "Ada Lovelace 2, J\xc3\xbcrgen M\xc3\xbcller 1");
    assert_string_equal(facet(rig, "label"), "deprecated 1, runbook 1");
    assert_string_equal(facet(rig, "year"), "2024 3, 2023 1");
    assert_string_equal(facet(rig, "status"), "current 3, archived 1");
    (void)rig_run(rig, (struct cs_search_request){.text = "gateway space:OPS",
                                                  .facets = true});
    assert_string_equal(facet(rig, "space"), "OPS 1");
    (void)rig_run(
        rig, (struct cs_search_request){.text = "author:ada", .facets = true});
    assert_string_equal(facet(rig, "space"), "ENG 1, OPS 1");
}

/* Labels of many hits are read in one pass of all labels. */
static void test_facets_of_many(void **state)
{
    struct rig *rig = *state;
    sample_exec(
        rig->index,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
        "  SELECT i + 1 FROM n WHERE i < 2999)"
        " INSERT INTO document(source, container, vendor_id, kind,"
        "  status, title, version, body_version, created, updated, path)"
        " SELECT 1, 1, 10000 + i, 'page', 'current', 'Many', 1, 1, 1000, 2000,"
        "  'ENG/' || i || '.md' FROM n");
    sample_exec(rig->index,
                "INSERT INTO body SELECT id,"
                "  iif(vendor_id + 0 < 12500, 'zebra', 'horse'), x'',"
                "  'storage', 0, 0, 0, 0 FROM document"
                " WHERE title = 'Many'");
    sample_exec(rig->index, "INSERT INTO label"
                            " SELECT id, 'even' FROM document"
                            "  WHERE title = 'Many' AND vendor_id % 2 = 0"
                            " UNION ALL SELECT id, 'fifth' FROM document"
                            "  WHERE title = 'Many' AND vendor_id % 5 = 0"
                            " UNION ALL SELECT id, 'horses' FROM document"
                            "  WHERE title = 'Many' AND"
                            " vendor_id + 0 >= 12500");
    rig_index(rig);
    (void)rig_run(rig,
                  (struct cs_search_request){.text = "zebra", .facets = true});
    assert_int_equal(rig->result->total, 2500);
    assert_string_equal(facet(rig, "label"), "even 1250, fifth 500");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_filters_of_the_query),     TEST(test_filters_of_the_request),
        TEST(test_what_is_unknown_is_named), TEST(test_facets),
        TEST(test_facets_of_many),
    };
    return cmocka_run_group_tests_name("predicate", tests, NULL, NULL);
}
