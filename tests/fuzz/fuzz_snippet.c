/*
 * fuzz_snippet.c - any bytes as a text, of which snippets are made.
 *
 * The first line is the patterns, one term each, separated by ";"; "*" at the
 * end is a prefix. Then comes the text. Snippets must be valid UTF-8, their
 * marks inside, their lines in the text.
 */
#include "index/search/snippet.h"
#include "src/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TERMS_MAX = 16 };

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s\n", what);
    abort();
}

static struct cs_matcher *make_matcher(struct cs_arena *arena, const char *text,
                                       size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_matcher *matcher = NULL;
    struct cs_matcher_pattern patterns[TERMS_MAX];
    struct cs_matcher_term terms[TERMS_MAX];
    size_t n = 0;
    for (size_t at = 0; at < len && n < TERMS_MAX; n++) {
        const char *end = memchr(text + at, ';', len - at);
        size_t stop = end ? (size_t)(end - text) : len;
        bool prefix = stop > at && text[stop - 1] == '*';
        patterns[n].tokens =
            cs_arena_strndup(arena, text + at, stop - at - prefix);
        patterns[n].prefix = prefix;
        terms[n] = (struct cs_matcher_term){&patterns[n], 1, (double)(n + 1),
                                            n == 3 ? 1U << CS_FIELD_CODE : 0};
        at = stop + 1;
    }
    check(!cs_matcher_new(arena, terms, n, &matcher, &err), "matcher");
    return matcher;
}

static void check_snippet(const struct cs_snippet *snippet, size_t lines)
{
    size_t shown = strlen(snippet->text), done = 0;
    check(cs_text_valid(snippet->text, shown), "invalid text");
    check(!snippet->heading ||
              cs_text_valid(snippet->heading, strlen(snippet->heading)),
          "invalid heading");
    check((snippet->level > 0) == (snippet->heading != NULL), "level");
    check(snippet->lines[0] >= 8 && snippet->lines[1] >= snippet->lines[0] &&
              snippet->lines[1] <= lines + 7,
          "lines");
    for (const char *at = snippet->text; *at; at++)
        check((unsigned char)*at >= ' ' && *at != 0x7f, "a control character");
    for (size_t i = 0; i < snippet->n_marks; i++) {
        const struct cs_range *mark = &snippet->marks[i];
        check(mark->at >= done && mark->len > 0 &&
                  mark->at + mark->len <= shown,
              "mark");
        check(cs_text_valid(snippet->text + mark->at, mark->len), "cut mark");
        done = mark->at + mark->len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_error err = CS_ERROR_INIT;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    struct cs_snippet snippets[CS_SNIPPETS_MAX] = {{0}};
    const char *input = size ? (const char *)data : "";
    const char *border = size ? memchr(input, '\n', size) : NULL;
    size_t len = border ? (size_t)(border - input) : size, n = 0, lines = 1;
    size_t at = border ? len + 1 : size;
    struct cs_snippet_source source = {
        .markdown = input + at, .len = size - at, .head_lines = 7};
    source.comments = source.len - source.len / 4;
    for (size_t i = 0; i < source.len; i++)
        lines += source.markdown[i] == '\n';
    check(!cs_snippets_make(arena, make_matcher(arena, input, len), &source,
                            CS_SNIPPETS_MAX, snippets, &n, &err),
          err.message);
    check(n > 0, "no snippet");
    for (size_t i = 0; i < n; i++)
        check_snippet(&snippets[i], lines);
    return 0;
}
