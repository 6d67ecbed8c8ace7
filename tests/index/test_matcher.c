/*
 * test_matcher.c - where words, phrases and prefixes are found.
 */
#include "tests/lib/test.h"

#include "index/search/matcher.h"
#include "src/strbuf.h"

/* The hits of one term a pattern, a "*" at its end for a prefix: "0:Foo Bar"
 * for each, joined by "; ". */
static const char *found(const char *const *patterns, size_t n,
                         const char *text)
{
    static char shown[1024];
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf out CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1000);
    struct cs_matcher_pattern made[8];
    struct cs_matcher_term terms[8];
    struct cs_matcher *matcher = NULL;
    const struct cs_found *hits = NULL;
    size_t n_hits = 0;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(patterns[i]);
        bool prefix = len > 0 && patterns[i][len - 1] == '*';
        made[i].tokens = cs_arena_strndup(arena, patterns[i], len - prefix);
        made[i].prefix = prefix;
        terms[i] = (struct cs_matcher_term){&made[i], 1, 1, 0};
    }
    assert_ok(cs_matcher_new(arena, terms, n, &matcher, &err), &err);
    assert_ok(cs_matcher_find(matcher, arena, text, strlen(text), &hits,
                              &n_hits, &err),
              &err);
    for (size_t i = 0; i < n_hits; i++)
        cs_strbuf_printf(&out, "%s%u:%.*s", i ? "; " : "", hits[i].term,
                         (int)(hits[i].end - hits[i].at), text + hits[i].at);
    (void)snprintf(shown, sizeof(shown), "%s", out.data);
    return shown;
}

static void check(const char *pattern, const char *text, const char *expected)
{
    assert_string_equal(found(&pattern, 1, text), expected);
}

static void test_words(void **state)
{
    (void)state;
    check("deploy", "Deploy, deployed; re-deploy DEPLOY_ALL",
          "0:Deploy; "
          "0:deploy; "
          "0:DEPLOY");
    check("cafe", "Caf\xc3\xa9 cafe\xcc\x81s caf", "0:Caf\xc3\xa9");
    check("deploy|deploys|deployed", "deploys and deployed deployment",
          "0:deploys; 0:deployed");
    check("xerox",
          "a \xef\xbd\x98"
          "ero\xef\xbd\x98 b", /* wide letters */
          "0:\xef\xbd\x98"
          "ero\xef\xbd\x98");
    check("nothing", "", "");
    check("", "some text", "");
}

static void test_identifiers(void **state)
{
    static const char text[] =
        "getUserById get_user_by_id get user by id getuserbyid get\\_user";
    (void)state;
    check("getuserbyid", text,
          "0:getUserById; 0:get_user_by_id; 0:getuserbyid");
    check("get user by id", text,
          "0:getUserById; 0:get_user_by_id; 0:get user by id");
    check("getuser", text, "0:get\\_user");
    check("user", text, "0:User; 0:user; 0:user; 0:user");
    check("ora-00942", "see ORA-00942.", "0:ORA-00942");
    check("ora 00942", "see ORA-00942 or ora 00942",
          "0:ORA-00942; 0:ora 00942");
    check(".net", "in .NET 8", "0:.NET");
    check("c++ and|und c#", "C++ und C#", "0:C++ und C#");
}

static void test_phrases(void **state)
{
    (void)state;
    check("restart the gateway",
          "restart the the gateway, Restart\nthe "
          "**gateway**",
          "0:Restart\nthe **gateway");
    check("a a b", "a a a b a b", "0:a a b");
    check("a b a b a", "a b a b a b a", "0:a b a b a; 0:a b a b a");
    check("rolling|slow restart|restarts", "slow restarts", "0:slow restarts");
}

static void test_prefixes(void **state)
{
    (void)state;
    check("kub*", "kubernetes Kub kuba ku", "0:kubernetes; 0:Kub; 0:kuba");
    check("restart gate*", "restart gateways", "0:restart gateways");
    check("getu*", "the getUserById", "0:getUserById");
}

static void test_pairs(void **state)
{
    (void)state;
    /* pairs of U+691C U+7D22 U+30A8 */
    check("\xe6\xa4\x9c\xe7\xb4\xa2",
          "\xe5\x85\xa8\xe6\x96\x87\xe6\xa4\x9c"
          "\xe7\xb4\xa2\xe3\x82\xa8",
          "0:\xe6\xa4\x9c\xe7\xb4\xa2");
    check("\xe6\x96\x87\xe6\xa4\x9c \xe6\xa4\x9c\xe7\xb4\xa2",
          "\xe5\x85\xa8\xe6\x96\x87\xe6\xa4\x9c\xe7\xb4\xa2\xe3\x82\xa8",
          "0:\xe6\x96\x87\xe6\xa4\x9c\xe7\xb4\xa2");
    check("\xe6\xa4\x9c*", "\xe6\x96\x87\xe6\xa4\x9c\xe7\xb4\xa2 \xe6\xa4\x9c",
          "0:\xe6\xa4\x9c; 0:\xe6\xa4\x9c");
}

static void test_terms_have_numbers(void **state)
{
    const char *const patterns[] = {"gateway", "restart gateway", "gate*"};
    (void)state;
    assert_string_equal(found(patterns, 3, "restart gateway"),
                        "1:restart gateway; 0:gateway; 2:gateway");
}

/* What is found in a text, line by line, must be what is found when each line
 * is split: so many more tokens see to that. */
static void find_all(const char *const *tokens, size_t n, size_t n_idle,
                     const char *text, struct cs_strbuf *out)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_matcher_pattern patterns[64];
    struct cs_matcher_term terms[64];
    struct cs_matcher *matcher = NULL;
    const struct cs_found *hits = NULL;
    size_t n_hits = 0;
    for (size_t i = 0; i < n + n_idle; i++) {
        patterns[i].tokens =
            i < n ? tokens[i] : cs_arena_printf(arena, "idle%zu", i);
        patterns[i].prefix = i < n && i % 3 == 2;
        terms[i] = (struct cs_matcher_term){&patterns[i], 1, 1, 0};
    }
    assert_ok(cs_matcher_new(arena, terms, n + n_idle, &matcher, &err), &err);
    assert_ok(cs_matcher_find(matcher, arena, text, strlen(text), &hits,
                              &n_hits, &err),
              &err);
    cs_strbuf_puts(out, "");
    for (size_t i = 0; i < n_hits; i++)
        cs_strbuf_printf(out, "%u:%zu-%zu ", hits[i].term, hits[i].at,
                         hits[i].end);
}

static void test_lines_passed_by_hold_nothing(void **state)
{
    static const char *const pieces[] = {
        "get", "User",         "by", "id",       "_",  "-",  ".", " ", " ",
        "\n",  "\n",           "\\", "x",        "v1", "2",  "+", "#", "'s",
        "GET", "user",         "/",  "\xc3\xa9", "Id", "ix", ",", "*", "**",
        "X",   "\xef\xbd\x98", /* a wide x */
    };
    static const char *const tokens[] = {
        "getuserbyid", "id",    "us",  "get|gets user", "v1.2",
        "by id",       "x\xc3", "c++", "user",          "xe",
    };
    unsigned random = 7;
    size_t hits = 0;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(4096);
        struct cs_strbuf some CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(65536);
        struct cs_strbuf all CS_CLEANUP(cs_strbuf_clear) =
            CS_STRBUF_INIT(65536);
        for (int i = 0; i < 40; i++) {
            random = random * 1664525u + 1013904223u;
            cs_strbuf_puts(&text, pieces[(random >> 8) % CS_ARRAY_LEN(pieces)]);
        }
        const size_t one = (size_t)round % CS_ARRAY_LEN(tokens);
        find_all(tokens, CS_ARRAY_LEN(tokens), 0, text.data, &some);
        find_all(tokens, CS_ARRAY_LEN(tokens), 40, text.data, &all);
        find_all(&tokens[one], 1, 0, text.data, &some);
        find_all(&tokens[one], 1, 40, text.data, &all);
        assert_string_equal(some.data, all.data);
        hits += some.len > 0;
    }
    assert_true(hits > 1000);
}

static void test_many_hits_end(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(1 << 20);
    const struct cs_matcher_pattern pattern = {"a", false};
    const struct cs_matcher_term term = {&pattern, 1, 1, 0};
    struct cs_matcher *matcher = NULL;
    const struct cs_found *hits = NULL;
    size_t n = 0;
    (void)state;
    for (int i = 0; i < CS_FOUND_MAX + 10; i++)
        cs_strbuf_puts(&text, "a ");
    assert_ok(cs_matcher_new(arena, &term, 1, &matcher, &err), &err);
    assert_ok(
        cs_matcher_find(matcher, arena, text.data, text.len, &hits, &n, &err),
        &err);
    assert_int_equal(n, CS_FOUND_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_terms_have_numbers),
        cmocka_unit_test(test_lines_passed_by_hold_nothing),
        cmocka_unit_test(test_many_hits_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
