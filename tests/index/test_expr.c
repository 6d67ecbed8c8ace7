/*
 * test_expr.c - any bytes are a query; what it means, and that it stays so when
 * it is printed.
 */
#include "tests/lib/test.h"

#include "src/text.h"
#include "tests/index/expr_cases.h"
#include "tests/lib/expr_dump.h"
#include "tests/lib/expr_hostile.h"
#include "tests/lib/fake_clock.h"

struct fixture {
    struct fake_clock fake;
    struct cs_arena *arena;
    struct cs_expr expr;
    struct cs_strbuf tree, printed;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    *state = f;
    fake_clock_init(&f->fake);
    f->arena = cs_arena_new(0);
    cs_strbuf_init(&f->tree, 1 << 20);
    cs_strbuf_init(&f->printed, 1 << 20);
    return f->arena ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    cs_strbuf_clear(&f->tree);
    cs_strbuf_clear(&f->printed);
    cs_arena_free(f->arena);
    free(f);
    return 0;
}

/* Parse; the trees and the printed text are then in the fixture. */
static const char *tree_in(struct fixture *f, enum cs_expr_mode mode,
                           const char *text, size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    assert_ok(cs_expr_parse(f->arena, &f->fake.clock, mode, text, len, &f->expr,
                            &err),
              &err);
    cs_strbuf_reset(&f->tree);
    cs_strbuf_reset(&f->printed);
    expr_dump(&f->expr, &f->tree);
    cs_expr_print(&f->expr, &f->printed);
    assert_int_equal(f->printed.status, CS_OK);
    const char *wrong = expr_misshapen(&f->expr);
    if (wrong)
        fail_msg("%.*s: %s: %s", (int)len, text, wrong, f->tree.data);
    return f->tree.data;
}

static const char *tree_of(struct fixture *f, const char *text)
{
    return tree_in(f, CS_EXPR_QUERY, text, strlen(text));
}

static void check_case(struct fixture *f, const struct expr_case *c)
{
    char *tree = strdup(tree_of(f, c->query));
    char *printed = strdup(f->printed.data);
    const char *warning = f->expr.n_warnings ? f->expr.warnings[0] : NULL;
    if (strcmp(tree, c->tree) != 0)
        fail_msg("%s\n gives %s\n   not %s", c->query, tree, c->tree);
    if (!warning != !c->warning ||
        (warning && !cs_str_starts(warning, c->warning)))
        fail_msg("%s warns of %s", c->query, warning ? warning : "nothing");
    if (strcmp(tree_of(f, printed), tree) != 0)
        fail_msg("%s\n printed %s\n gives %s\n   not %s", c->query, printed,
                 f->tree.data, tree);
    if (strcmp(f->printed.data, printed) != 0)
        fail_msg("%s\n printed %s\n   again %s", c->query, printed,
                 f->printed.data);
    free(tree);
    free(printed);
}

static void test_words(void **state)
{
    for (const struct expr_case *c = expr_cases_words; c->query; c++)
        check_case(*state, c);
}

static void test_filters(void **state)
{
    for (const struct expr_case *c = expr_cases_filters; c->query; c++)
        check_case(*state, c);
}

/* How a query is printed, and how else it can be written. */
static void test_printed(void **state)
{
    static const struct {
        const char *query, *printed;
    } cases[] = {
        {"a AND b OR NOT c", "a b"},
        {"(a | b) -c space:X", "(a OR b) -c space:X"},
        {"label:\"a b\" updated:2025-03", "updated:2025-03-01..2025-03-31"},
        {"a updated:7d", "a updated:2026-04-29T07:08:09Z.."},
        {"SPACE:x", "space:x"},
        {"type = string", "type string"},
        {"\\space:x \\OR \\-y", "\\space:x \\OR \\-y"},
        {"http://a/b?c=d --x ns::f", "http://a/b?c=d --x ns::f"},
        {"/etc/ssl/certs", "/etc/ssl/certs"},
        {"-(a b) +(c OR d)", "+(c OR d) -(a b)"},
        {"order by sort:title", "order by sort:title"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        (void)tree_of(f, cases[i].query);
        if (!cs_str_ends(f->printed.data, cases[i].printed))
            fail_msg("%s\n is printed %s", cases[i].query, f->printed.data);
    }
}

static void test_hints(void **state)
{
    static const struct {
        const char *query, *hint;
    } cases[] = {
        {"deploy", NULL},
        {"space = DEV", "Confluence's space = DEV is written space:DEV"},
        {"lastmodified > now(\"-7d\")",
         "Confluence's lastmodified > now(\"-7d\") is written updated:7d.."},
        {"text ~ \"a b\"", "Confluence's text ~ \"a b\" is written a b"},
        {"label not in (a,\"b c\")",
         "Confluence's label not in (a,\"b c\") is written -label:a,\"b c\""},
        {"title !~ x", "Confluence's title !~ x is written -title:x"},
        {"order by title asc", "Confluence's order by is written sort:title"},
        {"tar -x", "-x excludes pages with 'x'; as text: \"-x\""},
        {"DO NOT DELETE",
         "NOT excludes pages with 'DELETE'; as text: \"not DELETE\""},
        {"updated:<7d",
         "updated:<7d is a time before 7d ago; since then: updated:7d"},
        {"wo*rd", "a * counts at the end of a word only; inside: /wo\\w*rd/"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        (void)tree_of(f, cases[i].query);
        assert_int_equal(f->expr.n_hints, cases[i].hint != NULL);
        if (cases[i].hint)
            assert_string_equal(f->expr.hints[0], cases[i].hint);
    }
}

/* What the plan asks first: plain words, how many, only exclusions. */
static void test_model(void **state)
{
    static const struct {
        const char *query;
        bool plain, only_negative;
        size_t words, leaves;
    } cases[] = {
        {"", false, false, 0, 0},
        {"deploy", true, false, 1, 1},
        {"how to deploy now", true, false, 4, 4},
        {"(how to) AND deploy", true, false, 3, 3},
        {"how to deploy space:X", true, false, 3, 3},
        {"space:X", false, false, 0, 0},
        {"how OR to", false, false, 2, 2},
        {"how \"to deploy\"", false, false, 1, 2},
        {"how -to", false, false, 1, 2},
        {"-how -to", false, true, 0, 2},
        {"-(how to)", false, true, 0, 2},
        {"title:how to", false, false, 2, 2},
        {"how*", false, false, 1, 1},
        {"=how", false, false, 1, 1},
        {"+how to", false, false, 2, 2},
        {"/how/", false, false, 0, 1},
        {"a NEAR b", false, false, 2, 2},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < CS_ARRAY_LEN(cases); i++) {
        (void)tree_of(f, cases[i].query);
        if (f->expr.plain != cases[i].plain ||
            f->expr.only_negative != cases[i].only_negative ||
            f->expr.n_words != cases[i].words ||
            f->expr.n_leaves != cases[i].leaves)
            fail_msg("%s: plain %d, only negative %d, %zu words of %zu",
                     cases[i].query, f->expr.plain, f->expr.only_negative,
                     f->expr.n_words, f->expr.n_leaves);
    }
}

static void test_tokens(void **state)
{
    struct fixture *f = *state;
    (void)tree_of(f, "ORA-00942*");
    const struct cs_expr_node *node = f->expr.root;
    static const char *const tokens[] = {"ora", "ora-00942", "00942"};
    assert_int_equal(node->n_tokens, CS_ARRAY_LEN(tokens));
    for (size_t i = 0; i < node->n_tokens; i++) {
        assert_int_equal(node->tokens[i].len, strlen(tokens[i]));
        assert_memory_equal(node->tokens[i].text, tokens[i], strlen(tokens[i]));
        assert_int_equal(node->tokens[i].whole, i == 1);
    }
    assert_int_equal(node->at, 0);
    assert_int_equal(node->end, 10);
}

static void test_literal(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "a OR -b \"c d\" title:e (f) g* /h/ order by";
    assert_string_equal(tree_in(f, CS_EXPR_LITERAL, text, strlen(text)),
                        "(and a OR -b \"c d\" title:e (f) g* /h/ order by)");
    assert_true(f->expr.plain);
    assert_int_equal(f->expr.n_words, 11);
    assert_int_equal(f->expr.n_warnings, 0);
    char *printed = strdup(f->printed.data);
    assert_string_equal(tree_of(f, printed),
                        "(and a OR -b \"c d\" title:e (f) g* /h/ order by)");
    assert_true(f->expr.plain);
    free(printed);
}

static void test_pattern(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(tree_in(f, CS_EXPR_PATTERN, "a/b |c", 6), "/a/b |c/0");
    assert_string_equal(f->printed.data, "/a\\/b |c/");
    assert_string_equal(tree_in(f, CS_EXPR_PATTERN, "", 0), "");
}

static void test_limits(void **state)
{
    struct fixture *f = *state;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    for (int i = 0; i < 100; i++)
        cs_strbuf_puts(&text, "word ");
    (void)tree_of(f, text.data);
    assert_int_equal(f->expr.n_leaves, CS_EXPR_LEAVES_MAX);
    assert_int_equal(f->expr.n_warnings, 1);
    cs_strbuf_reset(&text);
    cs_strbuf_fill(&text, '(', 100);
    cs_strbuf_putc(&text, 'a');
    cs_strbuf_fill(&text, ')', 100);
    cs_strbuf_puts(&text, " b");
    assert_string_equal(tree_of(f, text.data), "(and a b)");
    assert_int_equal(f->expr.n_warnings, 1);
    cs_strbuf_reset(&text);
    cs_strbuf_fill(&text, 'x', CS_EXPR_BYTES_MAX - 1);
    cs_strbuf_puts(&text, "\xc3\xa4 y");
    (void)tree_of(f, text.data);
    assert_int_equal(f->expr.n_warnings, 1);
    assert_int_equal(strlen(f->expr.root->text), CS_EXPR_BYTES_MAX - 1);
    cs_strbuf_reset(&text);
    cs_strbuf_fill(&text, ')', 5000);
    (void)tree_of(f, text.data);
    assert_int_equal(f->expr.n_warnings, 2);
}

static void test_bytes(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "a\0b\xff"
                               "c \xc3\xa4\x01"
                               "d";
    assert_string_equal(tree_in(f, CS_EXPR_QUERY, text, sizeof(text) - 1),
                        "(and a b c \xc3\xa4 d)");
    const struct cs_expr_node *second = f->expr.root->first->next;
    assert_int_equal(second->at, 2);
    assert_int_equal(second->end, 3);
}

static void test_fields(void **state)
{
    size_t n = 0;
    bool first = false;
    (void)state;
    for (const char *name; (name = cs_expr_field(n)); n++)
        first = first || strcmp(name, "title") == 0;
    assert_true(first);
    assert_int_equal(n, CS_EXPR_FILTERS + 5); /* 5 of words, sort, no lang */
    for (unsigned i = 0; i < CS_EXPR_FILTERS; i++)
        assert_true(*cs_expr_filter_name((enum cs_expr_filter)i));
}

/* At whatever allocation memory ends, that is all that happens. */
static void run_out(const struct cs_clock *clock, const char *query)
{
    enum cs_status status = CS_ERR_LIMIT;
    for (size_t max = 16; status; max += 16) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_expr expr;
        struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(max);
        assert_non_null(arena);
        status = cs_expr_parse(arena, clock, CS_EXPR_QUERY, query,
                               strlen(query), &expr, &err);
        assert_true(status == CS_OK || status == CS_ERR_LIMIT);
        assert_true(status == CS_OK || err.message[0]);
    }
}

static void test_no_memory(void **state)
{
    struct fixture *f = *state;
    for (const struct expr_case *c = expr_cases_words; c->query; c++)
        run_out(&f->fake.clock, c->query);
    for (const struct expr_case *c = expr_cases_filters; c->query; c++)
        run_out(&f->fake.clock, c->query);
}

/* Tens of thousands in a second; which ones is fixed. */
static void test_hostile(void **state)
{
    static char query[EXPR_HOSTILE_MAX];
    (void)state;
    for (uint64_t seed = 0; seed < 20000; seed++) {
        struct cs_strbuf what CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(1 << 20);
        int64_t ns;
        size_t len = expr_hostile(seed, query);
        const char *wrong = expr_check(query, len, &what, &ns);
        if (wrong)
            fail_msg("seed %d: %s: %.*s\n%s", (int)seed, wrong, (int)len, query,
                     what.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_printed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hints, setup, teardown),
        cmocka_unit_test_setup_teardown(test_model, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tokens, setup, teardown),
        cmocka_unit_test_setup_teardown(test_literal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pattern, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_memory, setup, teardown),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
