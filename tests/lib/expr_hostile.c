/*
 * expr_hostile.c - fragments of the language, of its neighbours and of nothing,
 * put together at random.
 */
#include "tests/lib/expr_hostile.h"

#include "src/text.h"
#include "tests/lib/expr_dump.h"
#include "tests/lib/fake_clock.h"

#include <time.h>

static const char *const fragments[] = {
    "a",
    "b",
    "deploy",
    "getUserById",
    "ORA-00942",
    "--x",
    "gpt-4",
    "v1.2.3",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "ADJ",
    "NEAR/5",
    "ADJ/2",
    "NEAR/99999999999",
    "and",
    "or",
    "not",
    "in",
    "by",
    "order",
    "order by title desc",
    "|",
    "||",
    "&&",
    "&",
    "(",
    ")",
    "((",
    "))",
    "()",
    "-",
    "+",
    "=",
    "-(",
    "+(",
    "=(",
    "-a",
    "+a",
    "=a",
    "--",
    "++",
    "==",
    "->",
    "=>",
    "~",
    "~1",
    "~2",
    "~3",
    "*",
    "**",
    "a*",
    "a~",
    "a~1",
    "*a",
    "a*b",
    "\"",
    "\"a b\"",
    "\"a b\"~3",
    "\"a b\"*",
    "\"\"",
    "\xe2\x80\x9c",
    "\xe2\x80\x9d",
    "\xc2\xab",
    "\xc2\xbb",
    "'",
    "\\",
    "\\a",
    "a\\",
    "\\*",
    "\\(",
    "\\\"",
    "/",
    "//",
    "/a/",
    "/a b/i",
    "/a\\/b/",
    "/etc/ssl/certs",
    "/[",
    "\\/",
    "title:",
    "title:a",
    "title:a,b,c",
    "title:(",
    "title:\"",
    "title:/a/",
    "title:=a",
    "body:a",
    "space:",
    "space:A",
    "space:A,B",
    "space:(",
    "space:A*",
    "space:\"A B\"",
    "-space:A",
    "label:a",
    "label:\"a\"*",
    "label:,,",
    "type:page",
    "type:x",
    "is:archived",
    "has:code",
    "has:x",
    "sort:title",
    "sort:",
    "updated:2025",
    "updated:7d",
    "updated:..",
    "updated:>2025-03",
    "updated:30d..7d",
    "updated:<=yesterday",
    "created:\"last week\"",
    "updated:2025-W07",
    "updated:9999",
    "updated:99999999y",
    "updated:(",
    "id:confluence:1",
    "url:https://x/y?a=b&c",
    "path:ENG/*",
    "near:1",
    "foo:bar",
    "http://x",
    "ns::f",
    "10:30",
    "C:\\x",
    "a@b.c",
    "@name",
    "space = DEV",
    "space=DEV",
    "space !=",
    "title ~ \"x y\"",
    "title ~ x",
    "title =",
    "title in (",
    "label in (\"a\",\"b\")",
    "label not in (a)",
    "type = page",
    "lastmodified > now(\"-7d\")",
    "lastmodified >",
    "created < startOfYear()",
    "creator = currentUser()",
    "text ~ \"\\\"a b\\\"\"",
    "text ~ '",
    "text !~",
    ",",
    ";",
    ":",
    "::",
    ".",
    "!",
    "?",
    "!!!",
    ">>>",
    "{",
    "}",
    "[[a]]",
    "#a",
    "$HOME",
    "f(a",
    "f(a)",
    "f(\"a\")",
    "\xed\x95\x9c\xea\xb5\xad",
    "\xe3\x83\x87\xe3\x83\x97",
    "\xc3\xa4\xc3\xb6",
    "\xcc\x88",
    "\xff",
    "\xc3",
    "\xe2\x80",
    "\xed\xa0\x80",
    "\xc2\xa0",
    "\xe3\x80\x80",
    "\xef\xbc\x82",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\t",
    "\n",
    "\r",
    "\x01",
    "\x7f",
};

static uint64_t next(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static size_t put(char *buf, size_t len, const char *text, size_t n)
{
    if (n > EXPR_HOSTILE_MAX - len)
        n = EXPR_HOSTILE_MAX - len;
    memcpy(buf + len, text, n);
    return len + n;
}

/* Most queries are short; one in 64 fills the limit. */
size_t expr_hostile(uint64_t seed, char buf[EXPR_HOSTILE_MAX])
{
    uint64_t state = seed;
    size_t len = 0, pieces = 1 + next(&state) % 12;
    bool huge = next(&state) % 64 == 0;
    if (huge)
        pieces = 1 + next(&state) % 2000;
    for (size_t i = 0; i < pieces; i++) {
        uint64_t r = next(&state);
        char byte = (char)(r >> 32);
        const char *text = fragments[(r >> 8) % CS_ARRAY_LEN(fragments)];
        size_t times = 1, n = strlen(text);
        if (r % 16 == 0) {
            text = &byte;
            n = 1;
        } else if (r % 16 == 1) {
            times = 1 + (r >> 40) % (huge ? 4000 : 60);
        }
        for (size_t k = 0; k < times && len < EXPR_HOSTILE_MAX; k++) {
            len = put(buf, len, text, n);
            if ((r >> 60) % 3 > 0)
                len = put(buf, len, " ", 1);
        }
    }
    return len;
}

static int64_t cpu_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Longer or deeper than a query may be: then it cannot be parsed again. */
static bool is_beyond(const struct cs_strbuf *text)
{
    size_t depth = 0, deepest = 0;
    for (size_t i = 0; i < text->len; i++) {
        depth += text->data[i] == '(';
        deepest = depth > deepest ? depth : deepest;
        depth -= depth && text->data[i] == ')';
    }
    return text->len > CS_EXPR_BYTES_MAX || deepest > CS_EXPR_DEPTH_MAX;
}

static const char *check_notes(const struct cs_expr *expr)
{
    for (size_t i = 0; i < expr->n_warnings; i++)
        if (!cs_text_valid(expr->warnings[i], strlen(expr->warnings[i])))
            return "a warning is not valid";
    for (size_t i = 0; i < expr->n_hints; i++)
        if (!cs_text_valid(expr->hints[i], strlen(expr->hints[i])))
            return "a hint is not valid";
    return NULL;
}

static const char *check_in(struct cs_arena *arena, const char *text,
                            size_t len, struct cs_strbuf *what, int64_t *ret_ns)
{
    struct fake_clock fake;
    struct cs_error err = CS_ERROR_INIT;
    struct cs_expr expr, again;
    struct cs_strbuf second CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    struct cs_strbuf third CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(1 << 20);
    fake_clock_init(&fake);
    for (unsigned mode = CS_EXPR_LITERAL; mode <= CS_EXPR_PATTERN; mode++)
        if (cs_expr_parse(arena, &fake.clock, (enum cs_expr_mode)mode, text,
                          len, &expr, &err) ||
            expr_misshapen(&expr))
            return "words or patterns alone";
    int64_t start = cpu_ns();
    if (cs_expr_parse(arena, &fake.clock, CS_EXPR_QUERY, text, len, &expr,
                      &err))
        return "parse";
    *ret_ns = cpu_ns() - start;
    expr_dump(&expr, what);
    cs_expr_print(&expr, &second);
    if (what->status || second.status ||
        !cs_text_valid(second.data, second.len))
        return "print";
    const char *wrong = expr_misshapen(&expr);
    wrong = wrong ? wrong : check_notes(&expr);
    if (wrong || is_beyond(&second))
        return wrong;
    if (cs_expr_parse(arena, &fake.clock, CS_EXPR_QUERY, second.data,
                      second.len, &again, &err))
        return "parse again";
    expr_dump(&again, &third);
    if (strcmp(what->data, third.data) == 0)
        return NULL;
    cs_strbuf_printf(what, "\nprinted %s\nparsed  %s", second.data, third.data);
    return "other trees when it is parsed again";
}

const char *expr_check(const char *text, size_t len, struct cs_strbuf *what,
                       int64_t *ret_ns)
{
    struct cs_arena *arena = cs_arena_new(0);
    *ret_ns = 0;
    const char *wrong =
        arena ? check_in(arena, text, len, what, ret_ns) : "memory";
    cs_arena_free(arena);
    return wrong;
}
