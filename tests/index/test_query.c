/*
 * test_query.c - any bytes are a query, and never syntax.
 */
#include "tests/lib/test.h"

#include "index/schema.h"
#include "index/search/query.h"

struct fixture {
    struct cs_db *db;
    struct cs_tokenizer *tokenizer;
    struct cs_arena *arena;
    struct cs_search_query query;
    char match[64 << 10];
};

static int setup(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct fixture *f = calloc(1, sizeof(*f));
    *state = f;
    f->arena = cs_arena_new(0);
    if (cs_db_open(":memory:", CS_DB_WRITE, &f->db, &err) ||
        cs_schema_prepare(f->db, &err))
        return -1;
    return cs_tokenizer_open(f->db, &f->tokenizer, &err) ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    cs_tokenizer_free(f->tokenizer);
    cs_db_close(f->db);
    cs_arena_free(f->arena);
    free(f);
    return 0;
}

static const char *match_of_bytes(struct fixture *f, const char *text,
                                  size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(sizeof(f->match) - 1);
    assert_ok(cs_search_query_parse(f->arena, f->tokenizer, text, len,
                                    &f->query, &err),
              &err);
    cs_search_query_put_match(&f->query, &out);
    assert_ok(cs_strbuf_status(&out, &err), &err);
    memcpy(f->match, out.data, out.len + 1);
    return f->match;
}

static const char *match_of(struct fixture *f, const char *text)
{
    return match_of_bytes(f, text, strlen(text));
}

static void test_expressions(void **state)
{
    static const struct {
        const char *text, *match;
        size_t warnings;
    } cases[] = {
        {"", "", 0},
        {"  \t ", "", 0},
        {"deploy staging", "(\"deploy\" AND \"staging\")", 0},
        {"\"rolling restart\" now", "(\"rolling restart\" AND \"now\")", 0},
        {"say\"hello world\"now", "(\"say\" AND \"hello world\" AND \"now\")",
         0},
        {"kube*", "(\"kube\"*)", 0},
        {"kube***", "(\"kube\"*)", 0},
        {"\"roll restart\"*", "(\"roll restart\"*)", 0},
        {"a -b c", "(\"a\" AND \"c\") NOT (\"b\")", 0},
        {"a -\"b c\" -d", "(\"a\") NOT (\"b c\" OR \"d\")", 0},
        {"-only -these", "(\"only\" OR \"these\")", 0},
        {"gpt-4 multi-agent", "((\"gpt 4\" OR \"gpt-4\") AND \"multi agent\")",
         0},
        {"--error-on-warnings",
         "((\"error on warnings\" OR \"erroronwarnings\"))", 0},
        {"getUserBy*", "((\"get user by\"* OR \"getuserby\"*))", 0},
        {"a.b/c-1", "(\"a b c 1\")", 0},
        {"\"v1.2 c++\"", "(\"v1 2 c\")", 0},
        {"a - b", "(\"a\" AND \"b\")", 1},
        {"a !!! b", "(\"a\" AND \"b\")", 1},
        {"\"...\" x", "(\"x\")", 1},
        {"*", "", 1},
        {"\"\"", "", 1},
        {"\"open phrase", "(\"open phrase\")", 1},
        {"a OR b", "(\"a\" AND \"or\" AND \"b\")", 1},
        {"\"OR\"", "(\"or\")", 0},
        {"or", "(\"or\")", 0},
        {"NEAR(a b)", "(\"near a\" AND \"b\")", 0},
        {"{title}:x ^a b+c", "(\"title x\" AND \"a\" AND \"b c\")", 0},
        {"http://a.b/c?d=1", "(\"http a b c d 1\")", 0},
        {"\xe2\x80\x9csmart quotes\xe2\x80\x9d", "(\"smart quotes\")", 0},
        {"x\xc2\xa0y", "(\"x\" AND \"y\")", 0},
        {"title:x", "(\"title x\")", 0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        assert_string_equal(match_of(f, cases[i].text), cases[i].match);
        if (f->query.n_warnings != cases[i].warnings)
            fail_msg("%s: %zu warnings", cases[i].text, f->query.n_warnings);
    }
}

static void test_filters(void **state)
{
    struct fixture *f = *state;
    const char *match =
        match_of(f, "space:ENG Label:runbook author:\"Ada L\" type:page x "
                    "-space:\"OLD ONE\" space: y");
    assert_string_equal(match, "(\"x\" AND \"space\" AND \"y\")");
    assert_int_equal(f->query.n_filters, 5);
    const struct cs_query_filter *filters = f->query.filters;
    assert_int_equal(filters[0].field, CS_QUERY_SPACE);
    assert_string_equal(filters[0].value, "ENG");
    assert_int_equal(filters[1].field, CS_QUERY_LABEL);
    assert_string_equal(filters[1].value, "runbook");
    assert_int_equal(filters[2].field, CS_QUERY_AUTHOR);
    assert_string_equal(filters[2].value, "Ada L");
    assert_int_equal(filters[3].field, CS_QUERY_TYPE);
    assert_true(filters[4].excluded);
    assert_string_equal(filters[4].value, "OLD ONE");
}

static void test_unknown_type_is_text(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(match_of(f, "type:integer"), "(\"type integer\")");
    assert_int_equal(f->query.n_filters, 0);
    assert_int_equal(f->query.n_warnings, 1);
    assert_string_equal(match_of(f, "type:\"a b"), "(\"type a b\")");
}

static void test_any_bytes(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(match_of_bytes(f, "a\0b", 3), "(\"a\" AND \"b\")");
    assert_string_equal(match_of_bytes(f, "\xff\xfe", 2), "");
    assert_string_equal(match_of_bytes(f, "a\xff", 2), "(\"a\")");
    assert_string_equal(match_of_bytes(f, "a\x01\x1b[31m", 7),
                        "(\"a\" AND \"31m\")");
}

static void test_limits(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    for (int i = 0; i < 100; i++)
        cs_strbuf_printf(&text, "w%d ", i);
    (void)match_of(f, text.data);
    assert_int_equal(f->query.n_terms, CS_QUERY_MAX_TERMS);
    assert_int_equal(f->query.n_warnings, 1);
    cs_strbuf_reset(&text);
    cs_strbuf_fill(&text, 'x', 10000);
    (void)match_of(f, text.data);
    assert_int_equal(f->query.n_terms, 1);
    assert_int_equal(strlen(f->query.terms[0].text), CS_QUERY_MAX_BYTES);
    assert_int_equal(f->query.n_warnings, 1);
    cs_strbuf_reset(&text);
    for (int i = 0; i < 1000; i++)
        cs_strbuf_puts(&text, "! ");
    (void)match_of(f, text.data);
    assert_int_equal(f->query.n_warnings, CS_QUERY_MAX_WARNINGS);
}

/* What query.c may produce must be what FTS5 takes: the widest of it. */
static void test_widest_expression_is_taken(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(100000);
    int64_t n = 0;
    for (int i = 0; i < 64; i++)
        cs_strbuf_printf(&text, "%sw-%d-x* ", i % 2 ? "-" : "", i);
    const char *match = match_of(f, text.data);
    assert_int_equal(f->query.n_terms, 64);
    assert_int_equal(cs_search_query_excluded(&f->query), 32);
    assert_ok(cs_db_int(f->db, &n, &err,
                        "SELECT count(*) FROM fts WHERE fts MATCH ?", "s",
                        match),
              &err);
}

/* The tokenizer asked here must be the one that the table was declared with. */
static void test_tokenizer_is_the_schemas(void **state)
{
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    int64_t same = 0;
    assert_ok(cs_db_int(f->db, &same, &err,
                        "SELECT instr(sql, ?) > 0 FROM sqlite_schema"
                        " WHERE name = 'fts'",
                        "s", "tokenize='" CS_TOKENIZER_DECLARATION "'"),
              &err);
    assert_int_equal(same, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_expressions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unknown_type_is_text, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_any_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_widest_expression_is_taken, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_tokenizer_is_the_schemas, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
