/*
 * fuzz_regex.c - any bytes as a pattern, on any bytes as a text.
 *
 * The first byte is the flags, then comes the pattern, behind a line "---" the
 * text. What is said to be required must be in every text that matches.
 */
#include "index/search/literal.h"
#include "index/search/matcher.h"
#include "index/search/regex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what, const char *pattern)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, pattern);
    abort();
}

static bool finds(const char *pattern, size_t len, unsigned flags,
                  const char *text, size_t text_len)
{
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_error err = CS_ERROR_INIT;
    size_t at, end;
    check(!cs_regex_compile(pattern, len, flags, &regex, &err), "literal",
          err.message);
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    return cs_regex_find(regex, scratch, text, text_len, 0, &at, &end) ==
           CS_REGEX_MATCH;
}

static bool holds(const struct cs_literal *literal, const char *text,
                  size_t len)
{
    bool all = literal->kind == CS_LITERAL_ALL;
    if (literal->kind == CS_LITERAL_TEXT)
        return finds(literal->text, literal->len,
                     CS_REGEX_LITERAL | (literal->caseless ? CS_REGEX_CASELESS
                                                           : CS_REGEX_CASED),
                     text, len);
    for (const struct cs_literal *at = literal->first; at; at = at->next)
        if (holds(at, text, len) != all)
            return !all;
    return all;
}

static void match(const struct cs_regex *regex, struct cs_arena *arena,
                  const char *text, size_t len)
{
    struct cs_error err = CS_ERROR_INIT;
    const struct cs_literal *needs = NULL;
    const struct cs_found *found = NULL;
    size_t n = 0, pattern_len, done = 0, at, end;
    const char *pattern = cs_regex_pattern(regex, &pattern_len);
    struct cs_regex_scratch *scratch CS_CLEANUP(cs_regex_scratch_cleanup) =
        cs_regex_scratch_new(regex);
    check(!cs_literals_of(arena, pattern, pattern_len, cs_regex_flags(regex),
                          &needs, &err),
          "walk", err.message);
    if (needs && cs_regex_find(regex, scratch, text, len, 0, &at, &end) ==
                     CS_REGEX_MATCH)
        check(cs_literal_may_hold(needs, text, len) && holds(needs, text, len),
              "a match without its literals", pattern);
    if (len > 4096) /* each hit may take its limit */
        return;
    check(
        !cs_regex_find_all(regex, scratch, arena, text, len, &found, &n, &err),
        "find", err.message);
    for (size_t i = 0; i < n; i++) {
        check(found[i].at < found[i].end && found[i].end <= len &&
                  found[i].end >= done,
              "range", pattern);
        done = found[i].end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char border[] = "\n---\n";
    struct cs_error err = CS_ERROR_INIT;
    struct cs_regex *regex CS_CLEANUP(cs_regex_cleanup) = NULL;
    struct cs_arena *arena CS_CLEANUP(cs_arena_cleanup) = cs_arena_new(0);
    if (size < 1)
        return 0;
    const char *input = (const char *)data + 1;
    unsigned flags = data[0] & 31;
    size--;
    const char *split = memmem(input, size, border, strlen(border));
    size_t len = split ? (size_t)(split - input) : size;
    if (cs_regex_compile(input, len, flags, &regex, &err)) {
        check(err.message[0] != '\0', "no message", "");
        return 0;
    }
    if (split) {
        size_t at = len + strlen(border);
        match(regex, arena, input + at, size - at);
    } else {
        match(regex, arena, "", 0);
    }
    return 0;
}
