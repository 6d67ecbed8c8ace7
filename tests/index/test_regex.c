/*
 * test_regex.c - patterns, smart case, and what every match must contain.
 */
#include "tests/lib/test.h"

#include "index/search/literal.h"
#include "index/search/matcher.h"
#include "index/search/regex.h"
#include "src/strbuf.h"

#include <stdlib.h>

/* "2+3" for the first match, "none", or "gave up". */
static const char *find(const char *pattern, unsigned flags, const char *text)
{
    static char shown[64];
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    size_t at = 0, end = 0;
    assert_ok(cs_regex_compile(pattern, strlen(pattern), flags, &regex, &err),
              &err);
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    assert_non_null(scratch);
    switch (cs_regex_find(regex, scratch, text, strlen(text), 0, &at, &end)) {
    case CS_REGEX_MATCH:
        (void)snprintf(shown, sizeof(shown), "%zu+%zu", at, end - at);
        return shown;
    case CS_REGEX_NONE: return "none";
    case CS_REGEX_GAVE_UP: break;
    }
    return "gave up";
}

static void test_lines_and_letters(void **state)
{
    (void)state;
    assert_string_equal(find("^b+$", 0, "a\nbb\nc"), "2+2");
    assert_string_equal(find("a.c", 0, "a\nc abc"), "4+3");
    assert_string_equal(find("a.c", CS_REGEX_DOTALL, "a\nc abc"), "0+3");
    assert_string_equal(find("a b", CS_REGEX_EXTENDED, "a b ab"), "4+2");
    assert_string_equal(find("\\w+", 0, "- caf\xc3\xa9"), "2+5");
    assert_string_equal(find("a.b", CS_REGEX_LITERAL, "axb a.b"), "4+3");
    assert_string_equal(find("b", 0, "\xff\xfe b \xff"), "3+1");
    assert_string_equal(find("zz", 0, "\xff"), "none");
}

static void test_smart_case(void **state)
{
    (void)state;
    assert_string_equal(find("abc", 0, "ABC abc"), "0+3");
    assert_string_equal(find("aBc", 0, "ABC aBc"), "4+3");
    assert_string_equal(find("aBc", CS_REGEX_CASELESS, "ABC aBc"), "0+3");
    assert_string_equal(find("abc", CS_REGEX_CASED, "ABC abc"), "4+3");
    assert_string_equal(find("\\S\\Qbc\\E\\p{Lu}?\\x{44}?", 0, "ABC"), "0+3");
    assert_string_equal(find("(?<Name>b)(?P=Name)", 0, "BB"), "0+2");
    assert_string_equal(find("(?<=A)b", 0, "aB Ab"), "4+1");
    assert_string_equal(find("\xc3\xa9", 0, "\xc3\x89"), "0+2");
    assert_string_equal(find("\xc3\x89", 0, "\xc3\xa9"), "none");
}

static void test_limits(void **state)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex = NULL;
    static char text[200], longest[CS_REGEX_BYTES_MAX + 2];
    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    assert_string_equal(find("(a+)+$", CS_REGEX_CASED,
                             "aaaaaaaaaaaaaaaaaaaa"
                             "aaaaaaaaaaaaaaaaaaab"),
                        "gave up");
    memset(longest, 'a', sizeof(longest) - 1);
    assert_int_equal(
        cs_regex_compile(longest, strlen(longest), 0, &regex, &err),
        CS_ERR_LIMIT);
}

static void refuse(const char *pattern, const char *message)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex = NULL;
    assert_int_equal(
        cs_regex_compile(pattern, strlen(pattern), 0, &regex, &err),
        CS_ERR_USAGE);
    assert_string_equal(err.message, message);
}

static void test_messages_say_where(void **state)
{
    (void)state;
    refuse("a(b", "no pattern: missing closing parenthesis, behind character 3"
                  " (\"a(b\")");
    refuse("\xc3\xa9+[a", "no pattern: missing terminating ] for character "
                          "class, behind character 4 (\"\xc3\xa9+[a\")");
    refuse("a\xff", "the pattern is no valid UTF-8");
}

/* ---- literals ---- */

static void put_literal(const struct cs_literal *literal, struct cs_strbuf *out)
{
    if (literal->kind == CS_LITERAL_TEXT) {
        cs_strbuf_put(out, literal->text, literal->len);
        return;
    }
    cs_strbuf_putc(out, literal->kind == CS_LITERAL_ALL ? '(' : '[');
    for (const struct cs_literal *at = literal->first; at; at = at->next) {
        put_literal(at, out);
        if (at->next)
            cs_strbuf_putc(out, literal->kind == CS_LITERAL_ALL ? '&' : '|');
    }
    cs_strbuf_putc(out, literal->kind == CS_LITERAL_ALL ? ')' : ']');
}

static const char *literals(const char *pattern, unsigned flags)
{
    static char shown[512];
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(500);
    const struct cs_literal *literal = NULL;
    assert_ok(
        cs_literals_of(arena, pattern, strlen(pattern), flags, &literal, &err),
        &err);
    if (literal)
        put_literal(literal, &text);
    (void)snprintf(shown, sizeof(shown), "%s", text.data);
    return shown;
}

static void test_literals(void **state)
{
    static const struct {
        const char *pattern, *literals;
    } rows[] = {
        {"abc", "abc"},
        {"CURLOPT_SSL_VERIFY\\w+", "CURLOPT_SSL_VERIFY"},
        {"fatal: .*not a git repo", "(fatal: &not a git repo)"},
        {"0x[0-9a-f]{8}", "0x"},
        {"(get|set)_[a-z]+_by_(id|name)", "([get_|set_]&[_by_id|_by_name])"},
        {"colou?r", "[colour|color]"},
        {"ab*c", "(a&c)"},
        {"ab+c", "(ab&bc)"},
        {"a{3}b", "aaab"},
        {"a{2,}b", "(a&ab)"},
        {"a{0}b", "b"},
        {"a{,3}b", ""},
        {"a{2", "a{2"},
        {"\\0{a|b}", "[{a|b}]"},
        {"a|b", "[a|b]"},
        {"a|b.|", ""},
        {"(a.b|c)d", "([(a&b)|c]&d)"},
        {"(?:x(a.b))+d", "(x&a&bd)"},
        {"(x.)?d", "d"},
        {"^foo$", "foo"},
        {"\\bfoo\\.bar\\b", "foo.bar"},
        {"(?=foo)bar", "bar"},
        {"foo(?!bar)baz", "foobaz"},
        {"(a)\\1b", "(a&b)"},
        {"\\Qa.b\\E*c", "(a.&c)"},
        {"a\\E?b", "[ab|b]"},
        {"[[:alpha:]]x[]y]z", "(x&z)"},
        {"\\x41\\x{42}\\tc", "AB\tc"},
        {"a(?#x)?b", ""},
        {"a(*ACCEPT)b", ""},
        {"(?(1)a|b)c", ""},
        {"(?<n>ab)(?&n)c", "(ab&c)"},
        {"(?i:ab)c", "abc"},
        {"\\p{L}a\\pLb", "(a&b)"},
        {"a\xc3\xa9?b", "[a\xc3\xa9"
                        "b|ab]"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        assert_string_equal(literals(rows[i].pattern, 0), rows[i].literals);
    assert_string_equal(literals("a b # c\n ?c", CS_REGEX_EXTENDED),
                        "[abc|ac]");
    assert_string_equal(literals("a.b", CS_REGEX_LITERAL), "a.b");
}

/* ---- literals of random patterns ---- */

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33);
}

static void put_random_pattern(struct cs_strbuf *out, uint64_t *seed, int depth)
{
    static const char *const items[] = {
        "\\0",      "\\07",     "\\x4", "\\g1",        "\\k<n>",   "\\cA",
        "\\h",      "\\o{101}", "}",    "|",           "a",        "b",
        "A",        "ab",       "\\.",  ".",           "[ab]",     "[^a]",
        "\\w",      "\\b",      "^",    "$",           "\\Qa.\\E", "\\x61",
        "a|",       "|b",       "|",    "(?i)",        "(?-i)",    "(?=a)",
        "(?!b)",    "(?<=a)",   "\\1",  "(?x) ",       "(?x)#a\n", "\\E",
        "\\Q",      "]",        "[]a]", "[a\\]b]",     "{",        "{2",
        "a{2}",     "\\K",      "-",    "[[:alpha:]]", "(?#a)",    "(?1)",
        "\xc3\xa9", "k",        "\\d",  "\\pL",        "\\R",
    };
    static const char *const groups[] = {
        "(", "(?:", "(?>", "(?|", "(?i:", "(?=", "(?!", "(?<n>", "(?'n'"};
    static const char *const times[] = {"",      "",      "",     "",     "*",
                                        "+",     "?",     "*?",   "+?",   "{2}",
                                        "{1,2}", "{0,1}", "{,2}", "{2,}", "++"};
    for (uint32_t n = 1 + next_random(seed) % 4; n > 0; n--) {
        if (depth < 3 && next_random(seed) % 4 == 0) {
            cs_strbuf_puts(out,
                           groups[next_random(seed) % CS_ARRAY_LEN(groups)]);
            put_random_pattern(out, seed, depth + 1);
            cs_strbuf_putc(out, ')');
        } else {
            cs_strbuf_puts(out, items[next_random(seed) % CS_ARRAY_LEN(items)]);
        }
        cs_strbuf_puts(out, times[next_random(seed) % CS_ARRAY_LEN(times)]);
    }
}

static bool holds(const struct cs_literal *literal, const char *text,
                  size_t len)
{
    if (literal->kind == CS_LITERAL_TEXT) {
        struct cs_error err = CS_ERROR_INIT;
        struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
        unsigned flags =
            CS_REGEX_LITERAL |
            (literal->caseless ? CS_REGEX_CASELESS : CS_REGEX_CASED);
        size_t at, end;
        assert_ok(
            cs_regex_compile(literal->text, literal->len, flags, &regex, &err),
            &err);
        struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
            cs_regex_scratch_new(regex);
        return cs_regex_find(regex, scratch, text, len, 0, &at, &end) ==
               CS_REGEX_MATCH;
    }
    bool all = literal->kind == CS_LITERAL_ALL;
    for (const struct cs_literal *at = literal->first; at; at = at->next)
        if (holds(at, text, len) != all)
            return !all;
    return all;
}

static size_t random_text(char *text, uint64_t *seed)
{
    static const char *const letters[] = {"a",
                                          "b",
                                          "A",
                                          "B",
                                          ".",
                                          "c",
                                          "\n",
                                          "aa",
                                          "ab",
                                          " ",
                                          "\xc3\xa9",
                                          "K",
                                          "\xe2\x84\xaa",
                                          "-",
                                          "1",
                                          "]"};
    size_t len = 0;
    for (uint32_t n = next_random(seed) % 12; n > 0; n--) {
        const char *piece = letters[next_random(seed) % CS_ARRAY_LEN(letters)];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static void try_pattern(const char *pattern, size_t len, uint64_t *seed,
                        size_t *matches)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const struct cs_literal *needs = NULL;
    unsigned flags = next_random(seed) % 8;
    if (cs_regex_compile(pattern, len, flags, &regex, &err))
        return;
    assert_ok(cs_literals_of(arena, pattern, len, cs_regex_flags(regex), &needs,
                             &err),
              &err);
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    for (int i = 0; i < 20 && needs; i++) {
        char text[64];
        size_t n = random_text(text, seed), at, end;
        if (cs_regex_find(regex, scratch, text, n, 0, &at, &end) !=
            CS_REGEX_MATCH)
            continue;
        (*matches)++;
        assert_true(cs_literal_may_hold(needs, text, n));
        if (!holds(needs, text, n))
            fail_msg("'%.*s' flags %u matches '%.*s' without its literals",
                     (int)len, pattern, cs_regex_flags(regex), (int)n, text);
    }
}

static void test_no_literal_too_many(void **state)
{
    struct cs_strbuf pattern CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(100000);
    const char *rounds = getenv("CS_ROUNDS");
    uint64_t seed = 42;
    size_t matches = 0;
    (void)state;
    for (long i = rounds ? atol(rounds) : 20000; i > 0; i--) {
        cs_strbuf_reset(&pattern);
        put_random_pattern(&pattern, &seed, 0);
        try_pattern(pattern.data, pattern.len, &seed, &matches);
    }
    assert_true(matches > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_and_letters),
        cmocka_unit_test(test_smart_case),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_messages_say_where),
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_no_literal_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
