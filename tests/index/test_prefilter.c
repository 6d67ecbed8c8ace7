/*
 * test_prefilter.c - expressions made of patterns, and that no match is lost.
 */
#include "tests/lib/test.h"

#include "index/search/prefilter.h"
#include "index/search/regex.h"
#include "src/strbuf.h"
#include "tests/index/toy_lexicon.h"

/* ---- what is made ---- */

static enum cs_prefilter prefilter(struct cs_lexicon *lexicon,
                                   struct cs_arena *arena,
                                   const struct cs_regex *regex,
                                   int64_t documents, const char **ret)
{
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_literal *literals = NULL;
    enum cs_prefilter kind = CS_PREFILTER_SCAN;
    size_t len;
    const char *pattern = cs_regex_pattern(regex, &len);
    assert_ok(cs_literals_of(arena, pattern, len, cs_regex_flags(regex),
                             &literals, &err),
              &err);
    assert_ok(cs_prefilter_make(arena, lexicon, literals, documents, &kind, ret,
                                &err),
              &err);
    return kind;
}

static const char *expression(const char *const *texts, int64_t documents,
                              const char *pattern)
{
    static char shown[1024];
    static struct cs_lexicon lexicon;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *made = NULL;
    toy_lexicon_clear(&lexicon);
    for (; *texts; texts++)
        toy_lexicon_add(&lexicon, *texts, strlen(*texts));
    assert_ok(cs_regex_compile(pattern, strlen(pattern), 0, &regex, &err),
              &err);
    switch (prefilter(&lexicon, arena, regex, documents, &made)) {
    case CS_PREFILTER_SCAN: return "scan";
    case CS_PREFILTER_NONE: return "none";
    case CS_PREFILTER_MATCH: break;
    }
    (void)snprintf(shown, sizeof(shown), "%s", strstr(made, " : ") + 3);
    return shown;
}

static void test_expressions(void **state)
{
    static const char *const texts[] = {
        "Set CURLOPT_SSL_VERIFYPEER and CURLOPT_SSL_VERIFYHOST.",
        "fatal: not a git repo; GitHub repo\n```\ngit_repo get_user_by_id\n```",
        "set\xe6\xa4\x9c\xe7\xb4\xa2\xe3\x82\xa8 Rollback! packed-refs", NULL};
    static const struct {
        const char *pattern, *expression;
    } rows[] = {
        {"CURLOPT_SSL_VERIFY\\w+",
         "\"curloptsslverifyhost|curloptsslverifypeer\""},
        {"SSL_VERIFYP", "\"curloptsslverifypeer\""},
        {"Fatal:", "\"fatal\""},
        {"fatal: .*not a git repo",
         "(\"fatal\" AND NEAR(\"not\" \"a\" \"git\" \"repo\", 43))"},
        {" (?-i)not a git repo ", "\"not a git repo\""},
        {"(?-i)ot a git re", "\"not a git refs|repo\""},
        {" a git re", "NEAR(\"a\" \"git\" \"refs|repo\", 13)"},
        {"(get|set)_[a-z]+_by_(id|name)",
         "((\"get|getuserbyid\" OR \"set\") AND \"getuserbyid\")"},
        {" packed-refs$", "NEAR(\"packed\" \"refs\", 10)"},
        {"rollback!|nothingness", "\"rollback\""},
        {"\xe6\xa4\x9c\xe7\xb4\xa2\xe3\x82\xa8",
         "\"\xe6\xa4\x9c\xe7\xb4\xa2 \xe7\xb4\xa2\xe3\x82\xa8\""},
        {"zzz", "none"},
        {"\\d{3}", "scan"},
        {"a|.", "scan"},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        assert_string_equal(expression(texts, 100, rows[i].pattern),
                            rows[i].expression);
}

/* Words that are everywhere help as neighbours. Without regard to case the text
 * may have them cut at a capital. */
static void test_common_words(void **state)
{
    static const char *const texts[] = {"Ask the team.", "The teams met.",
                                        "the end: a team", NULL};
    static const struct {
        const char *pattern, *expression;
    } rows[] = {
        {" the team\\b", "(\"the team|teams\" OR \"t h|he\" OR \"th e\")"},
        {"(?-i) the tea", "\"the team|teams\""},
        {"sk the team\\.", "(\"ask\" AND (\"the team\" OR \"t h|he\" OR "
                           "\"th e\"))"},
        {" the ", "scan"},
    };
    (void)state;
    for (size_t i = 0; i < CS_ARRAY_LEN(rows); i++)
        assert_string_equal(expression(texts, 4, rows[i].pattern),
                            rows[i].expression);
}

/* ---- no match is lost ---- */

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33);
}

static void put_random_text(struct cs_strbuf *out, uint64_t *seed)
{
    static const char *const pieces[] = {
        "get",
        "User",
        "By",
        "ID",
        "HTTPServer",
        "v2",
        "42",
        "_",
        "-",
        ".",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "# ",
        "```\n",
        "foo",
        "bar",
        "Foo",
        "s",
        "'s ",
        "'",
        "\\_",
        "\\",
        "caf\xc3\xa9",
        "\xc3\x89t",
        "\xd0\xbc\xd0\xb8\xd1\x80",
        "\xe6\xa4\x9c\xe7\xb4\xa2",
        "\xe3\x82\xa8",
        "\xea\xb0\x80\xeb\x82\x98",
        "C++",
        "c#",
        ".NET",
        "(",
        ": ",
        "/",
        "\xc2\xa0",
        "\xc2\xad",
        "a",
        "A",
        "[x](y)",
        "\xe2\x80\x99",
        "e\xcc\x81",
        "x",
        "\xef\xbc\xa1",
    };
    for (uint32_t n = 1 + next_random(seed) % 25; n > 0; n--)
        cs_strbuf_puts(out, pieces[next_random(seed) % CS_ARRAY_LEN(pieces)]);
}

static size_t to_border(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* A border of characters from `at` to `end`. */
static size_t between(const char *text, size_t at, size_t end, uint64_t *seed)
{
    return to_border(text,
                     at + (end > at ? next_random(seed) % (end - at) : 0));
}

/* Some letters turned to the other case. */
static void put_quoted(struct cs_strbuf *out, const char *text, size_t len,
                       bool caseless, uint64_t *seed)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
        bool flip = caseless && letter && next_random(seed) % 3 == 0;
        bool sign = (unsigned char)text[i] < 0x80 && !letter &&
                    !(text[i] >= '0' && text[i] <= '9') && text[i] != '\n';
        if (sign)
            cs_strbuf_putc(out, '\\');
        cs_strbuf_putc(out, flip ? (char)(text[i] ^ 0x20) : text[i]);
    }
}

/* A pattern that matches the text. */
static void put_pattern(struct cs_strbuf *out, const struct cs_strbuf *text,
                        bool caseless, uint64_t *seed)
{
    size_t at = between(text->data, 0, text->len, seed);
    size_t end = between(text->data, at, text->len + 1, seed);
    size_t middle = between(text->data, at, end, seed);
    size_t gap = between(text->data, middle, end, seed);
    static const char *const gaps[] = {"(?s:.*)", "", "(|zz|[^#])*", "(b?)"};
    size_t kind = next_random(seed) % CS_ARRAY_LEN(gaps);
    put_quoted(out, text->data + at, middle - at, caseless, seed);
    cs_strbuf_puts(out, gaps[kind]);
    if (kind == 1 || kind == 3)
        gap = middle;
    if (kind == 2)
        cs_strbuf_puts(out, "(?s:.*)");
    put_quoted(out, text->data + gap, end - gap, caseless, seed);
}

static void try_one(struct cs_lexicon *lexicon, uint64_t *seed, size_t *helped)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf texts[3] = {CS_STRBUF_INIT(10000), CS_STRBUF_INIT(10000),
                                 CS_STRBUF_INIT(10000)};
    struct cs_strbuf pattern CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(10000);
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *made = NULL;
    bool caseless = next_random(seed) % 2;
    toy_lexicon_clear(lexicon);
    for (size_t i = 0; i < 3; i++) {
        put_random_text(&texts[i], seed);
        toy_lexicon_add(lexicon, texts[i].data, texts[i].len);
    }
    put_pattern(&pattern, &texts[0], caseless, seed);
    assert_ok(cs_regex_compile(pattern.data, pattern.len,
                               caseless ? CS_REGEX_CASELESS : 0, &regex, &err),
              &err);
    enum cs_prefilter kind = prefilter(lexicon, arena, regex, 6, &made);
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    for (size_t i = 0; i < 3; i++) {
        size_t at, end;
        bool matches =
            cs_regex_find(regex, scratch, texts[i].data, texts[i].len, 0, &at,
                          &end) == CS_REGEX_MATCH;
        assert_true(i > 0 || matches);
        bool kept = kind == CS_PREFILTER_SCAN;
        if (kind == CS_PREFILTER_MATCH) {
            const char *from = strstr(made, " : ") + 3;
            kept = toy_lexicon_match(lexicon, i, &from);
        }
        *helped += !kept;
        if (matches && !kept)
            fail_msg("%s (%s) is lost in:\n%s", pattern.data,
                     kind == CS_PREFILTER_NONE ? "none" : made, texts[i].data);
    }
    for (size_t i = 0; i < 3; i++)
        cs_strbuf_clear(&texts[i]);
}

static void test_no_match_is_lost(void **state)
{
    static struct cs_lexicon lexicon;
    const char *rounds = getenv("CS_ROUNDS");
    uint64_t seed = 11;
    size_t helped = 0;
    (void)state;
    for (long i = rounds ? atol(rounds) : 20000; i > 0; i--)
        try_one(&lexicon, &seed, &helped);
    assert_true(helped > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_common_words),
        cmocka_unit_test(test_no_match_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
