/*
 * test_prefilter.c - expressions made of patterns, and that no match is lost.
 *
 * The lexicon is a stand-in with the words of a few texts, and expressions are
 * evaluated here, by what index/words/fts.h says they mean.
 */
#include "tests/lib/test.h"

#include "index/search/prefilter.h"
#include "index/search/regex.h"
#include "index/words/fields.h"
#include "index/words/split.h"
#include "src/strbuf.h"

enum { WORDS_MAX = 4096, TEXTS_MAX = 8 };

/* A word of a text. */
struct word {
    size_t text; /* its number */
    enum cs_field field;
    size_t position;
    char term[CS_WORD_MAX + 1];
};

struct cs_lexicon {
    struct word words[WORDS_MAX];
    size_t n, texts;
    enum cs_field field; /* while words are read */
    size_t position;
};

/* ---- the stand-in ---- */

static bool add_word(void *payload, const struct cs_word *word)
{
    struct cs_lexicon *lexicon = payload;
    assert_true(lexicon->n < WORDS_MAX);
    struct word *made = &lexicon->words[lexicon->n++];
    lexicon->position += !word->whole;
    *made =
        (struct word){lexicon->texts, lexicon->field, lexicon->position, ""};
    memcpy(made->term, word->text, word->len);
    return true;
}

struct source {
    struct cs_lexicon *lexicon;
    const char *markdown;
};

/* A column is the ranges of its field one behind the other. */
static bool add_range(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct source *source = payload;
    source->lexicon->field = field;
    (void)cs_words_split(source->markdown + at, end - at, add_word,
                         source->lexicon);
    return true;
}

static void add_text(struct cs_lexicon *lexicon, const char *markdown,
                     size_t len)
{
    struct source source = {lexicon, markdown};
    lexicon->position = 0;
    cs_fields_walk(markdown, len, add_range, &source);
    lexicon->texts++;
}

enum cs_status cs_lexicon_df(struct cs_lexicon *lexicon, const char *term,
                             size_t len, int64_t *ret_df, struct cs_error *err)
{
    bool in[TEXTS_MAX] = {false};
    (void)err;
    *ret_df = 0;
    for (size_t i = 0; i < lexicon->n; i++) {
        const struct word *word = &lexicon->words[i];
        if (strlen(word->term) != len || memcmp(word->term, term, len) != 0 ||
            in[word->text])
            continue;
        in[word->text] = true;
        ++*ret_df;
    }
    return CS_OK;
}

enum cs_status cs_lexicon_walk(struct cs_lexicon *lexicon, const char *prefix,
                               size_t len, cs_lexicon_fn *visit, void *payload,
                               struct cs_error *err)
{
    (void)err;
    for (size_t i = 0; i < lexicon->n; i++) {
        const char *term = lexicon->words[i].term;
        if (strncmp(term, prefix, len) == 0 &&
            !visit(payload, term, strlen(term), 1))
            break;
    }
    return CS_OK;
}

enum cs_status cs_lexicon_chunks(struct cs_lexicon *lexicon,
                                 cs_lexicon_chunk_fn *visit, void *payload,
                                 struct cs_error *err)
{
    struct cs_strbuf chunk CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    (void)err;
    for (size_t i = 0; i < lexicon->n; i++) {
        cs_strbuf_printf(&chunk, "%s\n", lexicon->words[i].term);
        if (chunk.len < 100 && i + 1 < lexicon->n)
            continue;
        if (!visit(payload, chunk.data, chunk.len))
            break;
        cs_strbuf_reset(&chunk);
    }
    return CS_OK;
}

/* ---- expressions ---- */

static bool is_one_of(const char *term, const char *alternatives, size_t len)
{
    size_t n = strlen(term);
    for (size_t at = 0; at < len;) {
        const char *bar = memchr(alternatives + at, '|', len - at);
        size_t end = bar ? (size_t)(bar - alternatives) : len;
        if (end - at == n && memcmp(alternatives + at, term, n) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

static bool stands_at(const struct cs_lexicon *lexicon, size_t first,
                      size_t position, const char *alternatives, size_t len)
{
    const struct word *start = &lexicon->words[first];
    for (size_t i = 0; i < lexicon->n; i++) {
        const struct word *word = &lexicon->words[i];
        if (word->text == start->text && word->field == start->field &&
            word->position == position &&
            is_one_of(word->term, alternatives, len))
            return true;
    }
    return false;
}

static bool phrase_from(const struct cs_lexicon *lexicon, size_t first,
                        const char *phrase, size_t len)
{
    size_t position = lexicon->words[first].position;
    for (size_t at = 0; at < len; position++) {
        const char *blank = memchr(phrase + at, ' ', len - at);
        size_t end = blank ? (size_t)(blank - phrase) : len;
        if (!stands_at(lexicon, first, position, phrase + at, end - at))
            return false;
        at = end + 1;
    }
    return true;
}

static bool holds_phrase(const struct cs_lexicon *lexicon, size_t text,
                         const char *phrase, size_t len)
{
    for (size_t i = 0; i < lexicon->n; i++)
        if (lexicon->words[i].text == text &&
            phrase_from(lexicon, i, phrase, len))
            return true;
    return false;
}

/* The phrases of a NEAR may stand in any order, all in one field, with `slop`
 * positions at most between the end of the first and the start of the last. */
struct near {
    const char *phrases[32];
    size_t lens[32];
    size_t n, slop;
};

static size_t count_words(const char *phrase, size_t len)
{
    size_t n = 1;
    for (size_t i = 0; i < len; i++)
        n += phrase[i] == ' ';
    return n;
}

/* All within `span` positions from `from` on? */
static bool near_from(const struct cs_lexicon *lexicon, size_t from,
                      const struct near *near)
{
    const struct word *start = &lexicon->words[from];
    size_t longest = 0;
    for (size_t i = 0; i < near->n; i++) {
        size_t n = count_words(near->phrases[i], near->lens[i]);
        longest = n > longest ? n : longest;
    }
    for (size_t i = 0; i < near->n; i++) {
        bool any = false;
        for (size_t j = 0; j < lexicon->n && !any; j++) {
            const struct word *word = &lexicon->words[j];
            any = word->text == start->text && word->field == start->field &&
                  word->position >= start->position &&
                  word->position <= start->position + longest + near->slop &&
                  phrase_from(lexicon, j, near->phrases[i], near->lens[i]);
        }
        if (!any)
            return false;
    }
    return true;
}

static bool holds_near(const struct cs_lexicon *lexicon, size_t text,
                       const char **at)
{
    struct near near = {.n = 0};
    *at += strlen("NEAR(");
    while (**at == '"') {
        near.phrases[near.n] = *at + 1;
        *at = strchr(*at + 1, '"');
        near.lens[near.n] = (size_t)(*at - near.phrases[near.n]);
        near.n++;
        *at += (*at)[1] == ' ' ? 2 : 1;
    }
    assert_int_equal(**at, ',');
    char *end;
    near.slop = strtoul(*at + 2, &end, 10);
    *at = end + 1;
    for (size_t i = 0; i < lexicon->n; i++)
        if (lexicon->words[i].text == text && near_from(lexicon, i, &near))
            return true;
    return false;
}

/* Evaluate at `*at`, and go behind. */
static bool evaluate(const struct cs_lexicon *lexicon, size_t text,
                     const char **at)
{
    if (**at == 'N')
        return holds_near(lexicon, text, at);
    if (**at == '"') {
        const char *phrase = ++*at;
        *at = strchr(phrase, '"') + 1;
        return holds_phrase(lexicon, text, phrase, (size_t)(*at - phrase) - 1);
    }
    assert_int_equal(**at, '(');
    ++*at;
    bool value = evaluate(lexicon, text, at);
    while (**at == ' ') {
        bool all = strncmp(*at, " AND ", 5) == 0;
        *at += all ? 5 : 4;
        bool other = evaluate(lexicon, text, at);
        value = all ? value && other : value || other;
    }
    assert_int_equal(**at, ')');
    ++*at;
    return value;
}

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

static const char *expression(const char *const *texts, const char *pattern)
{
    static char shown[1024];
    static struct cs_lexicon lexicon;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    const char *made = NULL;
    lexicon.n = lexicon.texts = 0;
    for (; *texts; texts++)
        add_text(&lexicon, *texts, strlen(*texts));
    assert_ok(cs_regex_compile(pattern, strlen(pattern), 0, &regex, &err),
              &err);
    switch (prefilter(&lexicon, arena, regex, 100, &made)) {
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
        assert_string_equal(expression(texts, rows[i].pattern),
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
    lexicon->n = lexicon->texts = 0;
    for (size_t i = 0; i < 3; i++) {
        put_random_text(&texts[i], seed);
        add_text(lexicon, texts[i].data, texts[i].len);
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
            kept = evaluate(lexicon, i, &from);
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
        cmocka_unit_test(test_no_match_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
