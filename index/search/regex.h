/*
 * regex.h - Perl-compatible patterns (PCRE2) on UTF-8 text, with limits.
 *
 * `^` and `$` stand at lines, `.` is no line end (flag s: it is). A pattern
 * without a capital letter is matched without regard to case; capitals of
 * escapes (\S, \Q, \p{Lu}) do not count.
 *
 * A pattern may be used by several threads, each with a scratch of its own.
 */
#ifndef CS_INDEX_SEARCH_REGEX_H
#define CS_INDEX_SEARCH_REGEX_H

#include "src/arena.h"

#define CS_REGEX_BYTES_MAX 4096

enum cs_regex_flag {
    CS_REGEX_CASELESS = 1, /* these three are typed behind a pattern: i, s, x */
    CS_REGEX_DOTALL = 2,
    CS_REGEX_EXTENDED = 4,
    CS_REGEX_LITERAL = 8, /* no pattern, but a text to be found as it is */
    CS_REGEX_CASED = 16   /* never caseless of itself */
};

struct cs_regex;

/* Compile a pattern of valid UTF-8. CS_ERR_USAGE with its place when it is
 * none, CS_ERR_LIMIT when it is too long. The caller frees it with
 * cs_regex_free(). */
enum cs_status cs_regex_compile(const char *pattern, size_t len, unsigned flags,
                                struct cs_regex **ret, struct cs_error *err);
void cs_regex_free(struct cs_regex *regex);

/* The flags that it is matched with: CASELESS is set where it holds. */
unsigned cs_regex_flags(const struct cs_regex *regex);
const char *cs_regex_pattern(const struct cs_regex *regex, size_t *ret_len);

/* What one thread needs to match; NULL without memory. */
struct cs_regex_scratch;
struct cs_regex_scratch *cs_regex_scratch_new(const struct cs_regex *regex);
void cs_regex_scratch_free(struct cs_regex_scratch *scratch);

enum cs_regex_outcome {
    CS_REGEX_NONE,
    CS_REGEX_MATCH,
    CS_REGEX_GAVE_UP /* a limit of work or memory came first */
};

/* Look for the first match at or behind `from`; any bytes will do. */
enum cs_regex_outcome cs_regex_find(const struct cs_regex *regex,
                                    struct cs_regex_scratch *scratch,
                                    const char *text, size_t len, size_t from,
                                    size_t *ret_at, size_t *ret_end);

struct cs_found; /* matcher.h */

/* All matches in a text that are not empty, up to CS_FOUND_MAX, as hits of the
 * term 0, in `arena`. Ends early where the pattern gives up. */
enum cs_status cs_regex_find_all(const struct cs_regex *regex,
                                 struct cs_regex_scratch *scratch,
                                 struct cs_arena *arena, const char *text,
                                 size_t len, const struct cs_found **ret,
                                 size_t *ret_n, struct cs_error *err);

CS_DEFINE_CLEANUP(struct cs_regex *, cs_regex_cleanup, cs_regex_free);
CS_DEFINE_CLEANUP(struct cs_regex_scratch *, cs_regex_scratch_cleanup,
                  cs_regex_scratch_free);

#endif
