/*
 * test_grep.c - documents that a pattern matches: text, comments, candidates,
 * two threads, limits.
 */
#include "tests/lib/test.h"

#include "index/fulltext.h"
#include "index/search/grep.h"
#include "tests/index/sample.h"
#include "tests/lib/fake_clock.h"

#include <ctype.h>

struct fixture {
    struct sandbox *box;
    struct cs_index *index;
    struct cs_arena *arena;
    struct cs_grep_result result;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    void *box = NULL;
    int failed = sandbox_setup(&box);
    f->box = box;
    f->arena = cs_arena_new(0);
    *state = f;
    if (failed)
        return failed;
    f->index = sample_open(f->box);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    void *box = f->box;
    cs_index_close(f->index);
    cs_arena_free(f->arena);
    free(f);
    return sandbox_teardown(&box);
}

static void grep(struct fixture *f, const char *pattern,
                 struct cs_grep_request request)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    assert_ok(cs_regex_compile(pattern, strlen(pattern), 0, &regex, &err),
              &err);
    request.regex = regex;
    if (!request.clock)
        request.clock = cs_clock_system();
    memset(&f->result, 0, sizeof(f->result));
    assert_ok(cs_grep_run(cs_index_db(f->index), NULL, f->arena, &request,
                          &f->result, &err),
              &err);
}

/* The rows that were found: "1 3". */
static const char *rows(const struct fixture *f)
{
    static char text[256];
    text[0] = '\0';
    for (size_t i = 0; i < f->result.n; i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len, "%s%lld", i ? " " : "",
                       (long long)f->result.documents[i]);
    }
    return text;
}

static void add_pages(struct fixture *f, int n)
{
    sample_exec(f->index, "BEGIN");
    for (int i = 1; i <= n; i++) {
        char id[16], title[16], markdown[64];
        (void)snprintf(id, sizeof(id), "%d", i);
        (void)snprintf(title, sizeof(title), "Page %d", i);
        (void)snprintf(markdown, sizeof(markdown), "# Head\n\nERR-%05d here\n",
                       i);
        (void)sample_page(f->index,
                          &(struct sample_page){
                              .id = id, .title = title, .markdown = markdown});
    }
    sample_exec(f->index, "COMMIT");
}

static void test_texts_and_comments(void **state)
{
    struct fixture *f = *state;
    add_pages(f, 4);
    sample_exec(f->index, "INSERT INTO comments VALUES"
                          "(2, 1, 'ERR-00003 again', x'', 'storage'),"
                          "(3, 1, 'ERR-00003 too', x'', 'storage')");
    grep(f, "err-0000[34]", (struct cs_grep_request){0});
    assert_string_equal(rows(f), "2 3 4");
    assert_int_equal(f->result.read, 4);
    assert_false(f->result.partial);
    grep(f, "^ERR.*here$", (struct cs_grep_request){0});
    assert_string_equal(rows(f), "1 2 3 4");
    grep(f, "Page \\d", (struct cs_grep_request){0});
    assert_string_equal(rows(f), "");
}

static void test_candidates(void **state)
{
    struct fixture *f = *state;
    static const int64_t some[] = {1, 3, 99};
    add_pages(f, 4);
    grep(f, "ERR",
         (struct cs_grep_request){.candidates = some, .n_candidates = 3});
    assert_string_equal(rows(f), "1 3");
    assert_int_equal(f->result.read, 2);
    grep(f, "ERR",
         (struct cs_grep_request){.candidates = some, .n_candidates = 0});
    assert_string_equal(rows(f), "");
}

static void test_two_threads_see_all(void **state)
{
    struct fixture *f = *state;
    add_pages(f, 2000);
    grep(f, "ERR-0\\d{4}", (struct cs_grep_request){0});
    assert_int_equal(f->result.n, 2000);
    assert_int_equal(f->result.read, 2000);
    for (size_t i = 0; i < f->result.n; i++)
        assert_int_equal(f->result.documents[i], i + 1);
    grep(f, "ERR-\\d{3}77", (struct cs_grep_request){0});
    assert_int_equal(f->result.n, 20);
}

static void test_the_deadline_leaves_what_was_found(void **state)
{
    struct fixture *f = *state;
    struct fake_clock fake;
    fake_clock_init(&fake);
    fake.step_ms = 10;
    add_pages(f, 300);
    grep(f, "ERR",
         (struct cs_grep_request){.clock = &fake.clock, .deadline_ms = 1000});
    assert_true(f->result.partial);
    assert_true(f->result.n > 0 && f->result.n < 200);
}

static void test_what_is_too_much_is_counted(void **state)
{
    struct fixture *f = *state;
    (void)sample_page(f->index,
                      &(struct sample_page){
                          .id = "hard",
                          .title = "Hard",
                          .markdown = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"});
    add_pages(f, 2);
    grep(f, "(a+)+$|ERR-00002", (struct cs_grep_request){0});
    assert_int_equal(f->result.gave_up, 1);
    assert_string_equal(rows(f), "3");
}

/* ---- by terms, and by reading everything ---- */

static size_t below(uint64_t *seed, size_t n)
{
    *seed =
        *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(*seed >> 33) % n;
}

/* Texts in which a word may be cut in many ways. */
static void put_text(uint64_t *seed, char *text, size_t size)
{
    static const char *const pieces[] = {
        "get",
        "User",
        "By",
        "Id",
        "ERR",
        "-",
        "_",
        "\\_",
        ".",
        " ",
        " ",
        "\n",
        "1042",
        "7",
        "pool",
        "Pool",
        "POOL",
        "(",
        ")",
        "caf\u00e9",
        "\u00e9",
        "\u8a2d\u8a08",
        "\u8a08\u753b",
        "\u30ec",
        "HTTP",
        "s",
        "'s",
        "v1",
        "&",
        "stra\u00dfe",
        "`",
        "*",
        "\\*",
        "/",
        "\u00ad",
        "\u0130",
        "ss",
    };
    size_t len = 0;
    for (size_t n = 6 + below(seed, 20); n > 0; n--) {
        const char *piece = pieces[below(seed, CS_ARRAY_LEN(pieces))];
        if (len + strlen(piece) + 1 < size) {
            memcpy(text + len, piece, strlen(piece) + 1);
            len += strlen(piece);
        }
    }
}

/* One byte of a text, as it is or in other words. */
static void put_byte(uint64_t *seed, char c, struct cs_strbuf *out)
{
    enum { CLASS, ANY, EITHER, MAYBE, FORMS = 14 };
    size_t how = below(seed, FORMS);
    bool word = isalnum((unsigned char)c);
    if ((unsigned char)c >= 0x80 || c == '\n')
        cs_strbuf_putc(out, c);
    else if (how == CLASS)
        cs_strbuf_puts(out, "[\\w\\W]");
    else if (how == ANY)
        cs_strbuf_puts(out, ".");
    else if (how == EITHER && word)
        cs_strbuf_printf(out, "(?:%c|zz)", c);
    else if (how == MAYBE && word)
        cs_strbuf_printf(out, "%c?", c);
    else
        cs_strbuf_printf(out, word || c == '_' ? "%c" : "\\%c", c);
}

/* A piece of a text as a pattern. */
static void put_pattern(uint64_t *seed, const char *text, struct cs_strbuf *out)
{
    static const char *const starts[] = {"(?i)", "\\b", "", "", ""};
    size_t n = strlen(text), from = below(seed, n);
    size_t len = 2 + below(seed, 12);
    cs_strbuf_reset(out);
    cs_strbuf_puts(out, starts[below(seed, CS_ARRAY_LEN(starts))]);
    while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
        from--;
    for (size_t i = from; i < n; i++) {
        if (i >= from + len && ((unsigned char)text[i] & 0xc0) != 0x80)
            break;
        put_byte(seed, text[i], out);
    }
}

static void test_terms_lose_nothing(void **state)
{
    enum { PAGES = 120, PATTERNS = 3000 };
    static char texts[PAGES][256];
    struct fixture *f = *state;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_strbuf pattern CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    uint64_t seed = 7;
    size_t by_terms = 0;
    for (size_t i = 0; i < PAGES; i++) {
        char id[16];
        (void)snprintf(id, sizeof(id), "%zu", i);
        put_text(&seed, texts[i], sizeof(texts[i]));
        (void)sample_page(f->index,
                          &(struct sample_page){
                              .id = id, .title = "T", .markdown = texts[i]});
    }
    struct cs_db *db = cs_index_db(f->index);
    assert_ok(cs_fulltext_rebuild(db, &err), &err);
    struct cs_lexicon *lexicon CS_CLEANUP(cs_lexicon_cleanup) = NULL;
    assert_ok(cs_lexicon_open(db, &lexicon, &err), &err);
    for (int i = 0; i < PATTERNS; i++) {
        struct cs_grep_result all, some;
        struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
        put_pattern(&seed, texts[below(&seed, PAGES)], &pattern);
        assert_ok(cs_regex_compile(pattern.data, pattern.len, 0, &regex, &err),
                  &err);
        const struct cs_grep_request request = {.regex = regex,
                                                .clock = cs_clock_system()};
        assert_ok(cs_grep_run(db, NULL, f->arena, &request, &all, &err), &err);
        assert_ok(cs_grep_run(db, lexicon, f->arena, &request, &some, &err),
                  &err);
        by_terms += some.prefilter != CS_PREFILTER_SCAN;
        if (some.n != all.n)
            fail_msg("/%s/ (MATCH %s): %zu of %zu", pattern.data,
                     some.expression, some.n, all.n);
        assert_memory_equal(some.documents, all.documents,
                            all.n * sizeof(*all.documents));
    }
    assert_true(by_terms > PATTERNS / 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_texts_and_comments),
        TEST(test_candidates),
        TEST(test_two_threads_see_all),
        TEST(test_the_deadline_leaves_what_was_found),
        TEST(test_what_is_too_much_is_counted),
        TEST(test_terms_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
