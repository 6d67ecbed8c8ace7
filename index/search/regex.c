/*
 * regex.c - PCRE2 with its limits set, and smart case.
 */
#include "index/search/regex.h"

#include "index/search/matcher.h"
#include "src/library.h"
#include "src/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum {
    MATCH_LIMIT = 2000000,
    DEPTH_LIMIT = 20000,
    HEAP_LIMIT_KIB = 16 * 1024,
    JIT_STACK_FIRST = 32 * 1024,
    JIT_STACK_LAST = 1024 * 1024,
};

struct cs_regex {
    pcre2_code *code;
    unsigned flags;
    size_t len;
    char pattern[];
};

struct cs_regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

/* ---- smart case ---- */

/* Behind the first `end` at or behind `at`. */
static size_t behind(const char *pattern, size_t len, size_t at, char end)
{
    const char *found = at < len ? memchr(pattern + at, end, len - at) : NULL;
    return found ? (size_t)(found - pattern) + 1 : len;
}

/* Behind the names of what begins with "(?" at `at`. */
static size_t skip_group(const char *pattern, size_t len, size_t at)
{
    size_t i = at + 2;
    char c = i < len ? pattern[i] : ')';
    char next = i + 1 < len ? pattern[i + 1] : ')';
    if (c == 'P')
        return behind(pattern, len, i, next == '<' ? '>' : ')');
    if (c == '<' && next != '=' && next != '!')
        return behind(pattern, len, i, '>');
    if (c == '\'')
        return behind(pattern, len, i + 1, '\'');
    if (c == '&' || c == '#' || c == 'R')
        return behind(pattern, len, i, ')');
    while (i < len && (cs_ascii_is_alnum(pattern[i]) || pattern[i] == '-'))
        i++; /* flags */
    return i;
}

/* Behind the escape at `at`. */
static size_t skip_escape(const char *pattern, size_t len, size_t at)
{
    char c = at + 1 < len ? pattern[at + 1] : '\\';
    char next = at + 2 < len ? pattern[at + 2] : '\0';
    if (strchr("pPxogkN", c) && next == '{')
        return behind(pattern, len, at, '}');
    if (strchr("gk", c) && next == '<')
        return behind(pattern, len, at, '>');
    if (strchr("gk", c) && next == '\'')
        return behind(pattern, len, at + 3, '\'');
    if (strchr("pPc", c))
        return at + 3;
    return at + (c == 'x' ? 4 : 2);
}

static bool is_capital(const char *text, size_t len)
{
    uint32_t rune;
    size_t n = cs_text_decode(text, len, &rune);
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z';
    struct cs_strbuf folded CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(64);
    cs_text_put_folded(&folded, text, n);
    return folded.len != n || memcmp(folded.data, text, n) != 0;
}

/* Does a pattern name any capital letter? */
static bool has_capital(const char *pattern, size_t len, bool literal)
{
    bool quoted = literal;
    for (size_t at = 0; at < len;) {
        bool slash = pattern[at] == '\\' && at + 1 < len && !literal;
        if (slash && quoted && pattern[at + 1] == 'E') {
            quoted = false;
            at += 2;
        } else if (slash && !quoted) {
            quoted = pattern[at + 1] == 'Q';
            at = skip_escape(pattern, len, at);
        } else if (!quoted && pattern[at] == '(' && at + 1 < len &&
                   strchr("?*", pattern[at + 1])) {
            at = pattern[at + 1] == '?' ? skip_group(pattern, len, at)
                                        : behind(pattern, len, at, ')');
        } else {
            if (is_capital(pattern + at, len - at))
                return true;
            uint32_t rune;
            at += cs_text_decode(pattern + at, len - at, &rune);
        }
    }
    return false;
}

/* ---- compiling ---- */

static uint32_t options_of(unsigned flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    if (flags & CS_REGEX_CASELESS)
        options |= PCRE2_CASELESS;
    if (flags & CS_REGEX_LITERAL)
        return options | PCRE2_LITERAL;
    options |= PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
    if (flags & CS_REGEX_DOTALL)
        options |= PCRE2_DOTALL;
    if (flags & CS_REGEX_EXTENDED)
        options |= PCRE2_EXTENDED;
    return options;
}

static enum cs_status refuse(const char *pattern, size_t len, int code,
                             size_t at, struct cs_error *err)
{
    PCRE2_UCHAR why[128] = "";
    (void)pcre2_get_error_message(code, why, sizeof(why));
    size_t chars = 0, cut = at < len ? at : len;
    for (size_t i = 0; i < cut; i++)
        chars += ((unsigned char)pattern[i] & 0xc0) != 0x80;
    size_t from = cut > 20 ? cut - 20 : 0;
    while (from < cut && ((unsigned char)pattern[from] & 0xc0) == 0x80)
        from++;
    (void)cs_error_set(err, CS_ERR_USAGE,
                       "no pattern: %s, behind character %zu"
                       " (\"%s%.*s\")",
                       (const char *)why, chars, from ? "..." : "",
                       (int)(cut - from), pattern + from);
    cs_error_hint(err, "without slashes and -e it is searched for as words");
    return CS_ERR_USAGE;
}

enum cs_status cs_regex_compile(const char *pattern, size_t len, unsigned flags,
                                struct cs_regex **ret, struct cs_error *err)
{
    if (len > CS_REGEX_BYTES_MAX)
        return cs_error_set(err, CS_ERR_LIMIT,
                            "the pattern is longer than %d bytes",
                            CS_REGEX_BYTES_MAX);
    if (!cs_text_valid(pattern, len))
        return cs_error_set(err, CS_ERR_USAGE, "the pattern is no valid UTF-8");
    enum cs_status status = cs_library_pcre2(err);
    if (status)
        return status;
    struct cs_regex *made CS_CLEANUP(cs_regex_cleanup) =
        calloc(1, sizeof(*made) + len + 1);
    if (!made)
        return cs_error_no_memory(err);
    memcpy(made->pattern, pattern, len);
    made->len = len;
    made->flags = flags;
    if (!(flags & CS_REGEX_CASED) &&
        !has_capital(pattern, len, flags & CS_REGEX_LITERAL))
        made->flags |= CS_REGEX_CASELESS;
    int code = 0;
    size_t at = 0;
    made->code = pcre2_compile((PCRE2_SPTR)made->pattern, len,
                               options_of(made->flags), &code, &at, NULL);
    if (!made->code && code == PCRE2_ERROR_HEAP_FAILED)
        return cs_error_no_memory(err);
    if (!made->code)
        return refuse(pattern, len, code, at, err);
    (void)pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE); /* else without */
    *ret = made;
    made = NULL;
    return CS_OK;
}

void cs_regex_free(struct cs_regex *regex)
{
    if (regex)
        pcre2_code_free(regex->code);
    free(regex);
}

unsigned cs_regex_flags(const struct cs_regex *regex)
{
    return regex->flags;
}

const char *cs_regex_pattern(const struct cs_regex *regex, size_t *ret_len)
{
    *ret_len = regex->len;
    return regex->pattern;
}

/* ---- matching ---- */

struct cs_regex_scratch *cs_regex_scratch_new(const struct cs_regex *regex)
{
    struct cs_regex_scratch *made CS_CLEANUP(cs_regex_scratch_cleanup) =
        calloc(1, sizeof(*made));
    (void)regex;
    if (!made)
        return NULL;
    made->data = pcre2_match_data_create(1, NULL);
    made->context = pcre2_match_context_create(NULL);
    made->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_LAST, NULL);
    if (!made->data || !made->context)
        return NULL;
    pcre2_set_match_limit(made->context, MATCH_LIMIT);
    pcre2_set_depth_limit(made->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(made->context, HEAP_LIMIT_KIB);
    if (made->stack) /* NULL where there is no JIT */
        pcre2_jit_stack_assign(made->context, NULL, made->stack);
    struct cs_regex_scratch *scratch = made;
    made = NULL;
    return scratch;
}

void cs_regex_scratch_free(struct cs_regex_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    free(scratch);
}

enum cs_regex_outcome cs_regex_find(const struct cs_regex *regex,
                                    struct cs_regex_scratch *scratch,
                                    const char *text, size_t len, size_t from,
                                    size_t *ret_at, size_t *ret_end)
{
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text, len, from, 0,
                            scratch->data, scratch->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return CS_REGEX_NONE;
    if (found < 0)
        return CS_REGEX_GAVE_UP;
    const size_t *range = pcre2_get_ovector_pointer(scratch->data);
    *ret_at = range[0] < range[1] ? range[0] : range[1]; /* \K in a look */
    *ret_end = range[1];
    return CS_REGEX_MATCH;
}

enum cs_status cs_regex_find_all(const struct cs_regex *regex,
                                 struct cs_regex_scratch *scratch,
                                 struct cs_arena *arena, const char *text,
                                 size_t len, const struct cs_found **ret,
                                 size_t *ret_n, struct cs_error *err)
{
    struct cs_found *found =
        cs_arena_take(arena, CS_FOUND_MAX * sizeof(*found));
    size_t n = 0, from = 0, at = 0, end = 0;
    if (!found)
        return cs_arena_status(arena, err);
    while (n < CS_FOUND_MAX && from <= len &&
           cs_regex_find(regex, scratch, text, len, from, &at, &end) ==
               CS_REGEX_MATCH) {
        if (end > at && (n == 0 || end >= found[n - 1].end))
            found[n++] = (struct cs_found){at, end, 0};
        from = end > from ? end : from + 1;
        while (from < len && ((unsigned char)text[from] & 0xc0) == 0x80)
            from++;
    }
    *ret = found;
    *ret_n = n;
    return CS_OK;
}
