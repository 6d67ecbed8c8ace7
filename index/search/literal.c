/*
 * literal.c - a walk over the pattern that keeps what is certain.
 *
 * Whatever it does not know makes it lost: then nothing is required. So it need
 * not know all of the syntax, but must never take one thing for another.
 */
#include "index/search/literal.h"

#include "index/search/literal_part.h"
#include "index/search/regex.h"
#include "src/text.h"

enum { DEPTH_MAX = 250 }; /* of groups, as PCRE2 has it */

struct walk {
    struct cs_arena *arena;
    const char *pattern;
    size_t len, at;
    bool caseless, extended; /* flags at this place */
    bool quoted;             /* between \Q and \E */
    bool lost;               /* something was met that may change everything */
    unsigned depth;
};

/* ---- reading ---- */

static bool at_end(const struct walk *w)
{
    return w->at >= w->len;
}

/* The byte `ahead` of here; NUL behind the end. */
static char peek(const struct walk *w, size_t ahead)
{
    return w->at + ahead < w->len ? w->pattern[w->at + ahead] : '\0';
}

static bool sees(const struct walk *w, const char *text)
{
    size_t n = strlen(text);
    return w->at <= w->len && w->len - w->at >= n &&
           memcmp(w->pattern + w->at, text, n) == 0;
}

/* Go behind the next `end`. */
static void skip_behind(struct walk *w, char end)
{
    while (!at_end(w) && peek(w, 0) != end)
        w->at++;
    w->at++;
}

/* Go over what has no meaning here: \Q, \E, blanks and comments of flag x. */
static void skip_ignored(struct walk *w)
{
    for (;;) {
        if (sees(w, "\\E")) {
            w->quoted = false;
            w->at += 2;
        } else if (!w->quoted && sees(w, "\\Q")) {
            w->quoted = true;
            w->at += 2;
        } else if (!w->quoted && w->extended && !at_end(w) &&
                   strchr(" \t\n\v\f\r", peek(w, 0)) && peek(w, 0)) {
            w->at++;
        } else if (!w->quoted && w->extended && peek(w, 0) == '#') {
            skip_behind(w, '\n');
        } else {
            return;
        }
    }
}

static int read_number(struct walk *w)
{
    int n = 0;
    for (; cs_ascii_is_digit(peek(w, 0)); w->at++)
        n = n < 100000 ? n * 10 + (peek(w, 0) - '0') : n;
    return n;
}

/* Other repetitions in braces ("{,3}", "{ 2 }") than ours? */
static bool is_odd_braces(const struct walk *w)
{
    size_t i = 1;
    while (peek(w, i) && strchr("0123456789, \t", peek(w, i)))
        i++;
    return i > 1 && peek(w, i) == '}';
}

/* "{2}", "{2,}", "{2,3}"; anything else is text, and nothing is read. */
static bool read_braces(struct walk *w, struct cs_times *ret)
{
    size_t from = w->at++;
    if (cs_ascii_is_digit(peek(w, 0))) {
        ret->min = ret->max = read_number(w);
        if (peek(w, 0) == ',') {
            w->at++;
            ret->max = cs_ascii_is_digit(peek(w, 0)) ? read_number(w)
                                                     : CS_LITERAL_MANY;
        }
        if (peek(w, 0) == '}') {
            w->at++;
            return true;
        }
    }
    w->at = from;
    w->lost = w->lost || is_odd_braces(w);
    return false;
}

/* How often the item before is to come. */
static struct cs_times read_times(struct walk *w)
{
    struct cs_times times = {1, 1};
    skip_ignored(w);
    if (w->quoted || at_end(w))
        return times;
    char c = peek(w, 0);
    if (c == '{') {
        struct cs_times braces = times;
        if (!read_braces(w, &braces))
            return times;
        times = braces;
    } else if (c == '*' || c == '+' || c == '?') {
        times.min = c == '+';
        times.max = c == '?' ? 1 : CS_LITERAL_MANY;
        w->at++;
    } else {
        return times;
    }
    skip_ignored(w);
    if (!w->quoted && (peek(w, 0) == '?' || peek(w, 0) == '+'))
        w->at++;
    return times;
}

static struct cs_literal_part read_alternatives(struct walk *w);

/* ---- items ---- */

static struct cs_literal_part literal(struct walk *w, const char *bytes,
                                      size_t n)
{
    bool cased = false; /* has case */
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i] | 0x20;
        cased = cased || c >= 0x80 || (c >= 'a' && c <= 'z');
    }
    return cs_literal_part_of(w->arena, bytes, n, w->caseless && cased);
}

static struct cs_literal_part literal_rune(struct walk *w, uint32_t rune)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(8);
    cs_text_encode(&text, rune);
    return literal(w, text.data, text.len);
}

static unsigned hex_of(char c)
{
    return cs_ascii_is_digit(c) ? (unsigned)(c - '0')
                                : (unsigned)((c | 0x20) - 'a' + 10);
}

static bool is_hex(char c)
{
    return cs_ascii_is_digit(c) || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F');
}

/* Behind "\x": one or two digits, or some in braces. */
static struct cs_literal_part read_hex(struct walk *w)
{
    uint32_t rune = 0;
    bool braces = peek(w, 0) == '{';
    size_t n = 0;
    w->at += braces;
    for (; is_hex(peek(w, 0)) && n < (braces ? 8 : 2); n++, w->at++)
        rune = rune * 16 + hex_of(peek(w, 0));
    if (braces && peek(w, 0) != '}') {
        w->lost = true;
        return cs_literal_part_any();
    }
    w->at += braces;
    return rune == 0 || rune > 0x10ffff ? cs_literal_part_any()
                                        : literal_rune(w, rune);
}

/* Behind the name or number of a reference or property. */
static void skip_name(struct walk *w)
{
    char c = peek(w, 0);
    if (c == '{' || c == '<' || c == '\'') {
        w->at++;
        skip_behind(w, c == '{' ? '}' : c == '<' ? '>' : c);
        return;
    }
    if (c == '-' || c == '+')
        w->at++;
    (void)read_number(w);
}

static struct cs_literal_part read_escape(struct walk *w)
{
    static const char names[] = "aefnrt", means[] = "\a\033\f\n\r\t";
    char c = peek(w, 1);
    w->at += 2;
    const char *name = c ? strchr(names, c) : NULL;
    if (name)
        return literal(w, &means[name - names], 1);
    if (c && strchr("bBAZzGK", c))
        return cs_literal_part_empty();
    if (c == 'x')
        return read_hex(w);
    if (cs_ascii_is_digit(c)) {
        (void)read_number(w);
    } else if (c == 'g' || c == 'k' || c == 'o') {
        skip_name(w);
    } else if (c == 'p' || c == 'P' || c == 'N') {
        if (peek(w, 0) == '{')
            skip_behind(w, '}');
        else
            w->at += c != 'N';
    } else if (c == 'c') {
        w->at++;
    } else if (!cs_ascii_is_alnum(c) && c) {
        w->at--;
        uint32_t rune;
        size_t n = cs_text_decode(w->pattern + w->at, w->len - w->at, &rune);
        w->at += n;
        return literal(w, w->pattern + w->at - n, n);
    }
    return cs_literal_part_any();
}

/* "[:alpha:]" and its like at `at` inside of a class: its length, or 0. */
static size_t posix_name(const struct walk *w)
{
    char mark = peek(w, 1);
    if (peek(w, 0) != '[' || !mark || !strchr(":.=", mark))
        return 0;
    for (size_t i = 2; w->at + i + 1 < w->len; i++) {
        char c = peek(w, i), next = peek(w, i + 1);
        if (c == '\\' && (next == ']' || next == '\\'))
            i++;
        else if ((c == '[' && next == mark) || c == ']')
            return 0;
        else if (c == mark && next == ']')
            return i + 2;
    }
    return 0;
}

static struct cs_literal_part read_class(struct walk *w)
{
    bool quoted = false;
    w->at += peek(w, 1) == '^' ? 2 : 1;
    for (bool first = true; !at_end(w); first = false) {
        size_t name = quoted ? 0 : posix_name(w);
        if (sees(w, "\\E") || (!quoted && sees(w, "\\Q"))) {
            quoted = peek(w, 1) == 'Q';
            w->at += 2;
            w->lost = true; /* where "]" is the first is not for us to say */
        } else if (quoted) {
            w->at++;
        } else if (peek(w, 0) == ']' && !first) {
            w->at++;
            return cs_literal_part_any();
        } else {
            w->lost = w->lost || sees(w, "\\c");
            w->at += name ? name : peek(w, 0) == '\\' ? 2 : 1;
        }
    }
    w->lost = true;
    return cs_literal_part_any();
}

/* "i-x)" and "i-x:" behind "(?"; true when a group follows. */
static bool read_flags(struct walk *w)
{
    bool on = true;
    for (;; w->at++) {
        char c = peek(w, 0);
        if (c == ')' || c == ':') {
            w->at++;
            return c == ':';
        }
        if (c == '^')
            w->caseless = w->extended = false;
        else if (c == '-')
            on = false;
        else if (c == 'i')
            w->caseless = on;
        else if (c == 'x' && peek(w, 1) != 'x')
            w->extended = on;
        else if (!c || !strchr("smnJU", c)) {
            w->lost = true;
            return false;
        }
    }
}

/* How the walk goes on behind "(". */
enum opening { OPEN_GROUP, OPEN_LOOK, OPEN_FLAGS, OPEN_CALL };

static enum opening read_opening(struct walk *w)
{
    static const struct {
        const char *text;
        enum opening opening;
        char end; /* of a name */
    } openings[] = {
        {"?:", OPEN_GROUP, 0},   {"?>", OPEN_GROUP, 0},
        {"?|", OPEN_GROUP, 0},   {"?=", OPEN_LOOK, 0},
        {"?!", OPEN_LOOK, 0},    {"?<=", OPEN_LOOK, 0},
        {"?<!", OPEN_LOOK, 0},   {"?P<", OPEN_GROUP, '>'},
        {"?<", OPEN_GROUP, '>'}, {"?'", OPEN_GROUP, '\''},
        {"?P=", OPEN_CALL, ')'}, {"?P>", OPEN_CALL, ')'},
        {"?&", OPEN_CALL, ')'},  {"?R", OPEN_CALL, ')'},
        {"?+", OPEN_CALL, ')'},
    };
    if (peek(w, 0) != '?') {
        w->lost = w->lost || peek(w, 0) == '*';
        return OPEN_GROUP;
    }
    for (size_t i = 0; i < CS_ARRAY_LEN(openings); i++)
        if (sees(w, openings[i].text)) {
            w->at += strlen(openings[i].text);
            char c = peek(w, 0);
            if (openings[i].end == '>' || openings[i].end == '\'')
                w->lost = w->lost || c == '*';
            if (openings[i].end)
                skip_behind(w, openings[i].end);
            return openings[i].opening;
        }
    w->at++;
    if (cs_ascii_is_digit(peek(w, 0)) ||
        (peek(w, 0) == '-' && cs_ascii_is_digit(peek(w, 1)))) {
        skip_behind(w, ')');
        return OPEN_CALL;
    }
    return read_flags(w) ? OPEN_GROUP : OPEN_FLAGS;
}

static struct cs_literal_part read_group(struct walk *w)
{
    bool caseless = w->caseless, extended = w->extended;
    w->at++;
    enum opening opening = read_opening(w);
    if (opening == OPEN_FLAGS) /* until the group around it ends */
        return cs_literal_part_empty();
    if (opening == OPEN_CALL)
        return cs_literal_part_any();
    struct cs_literal_part part = read_alternatives(w);
    w->lost = w->lost || peek(w, 0) != ')';
    w->at++;
    w->caseless = caseless;
    w->extended = extended;
    return opening == OPEN_LOOK ? cs_literal_part_empty() : part;
}

static struct cs_literal_part read_item(struct walk *w)
{
    char c = peek(w, 0);
    if (!w->quoted) {
        switch (c) {
        case '\\': return read_escape(w);
        case '[': return read_class(w);
        case '(': return read_group(w);
        case '.': w->at++; return cs_literal_part_any();
        case '^':
        case '$': w->at++; return cs_literal_part_empty();
        default: break;
        }
    }
    uint32_t rune;
    size_t n = cs_text_decode(w->pattern + w->at, w->len - w->at, &rune);
    w->lost = w->lost || (w->extended && rune >= 0x80); /* some are blanks */
    w->at += n;
    return literal(w, w->pattern + w->at - n, n);
}

/* ---- concatenations and alternatives ---- */

static struct cs_literal_part read_concatenation(struct walk *w)
{
    struct cs_literal_part part = cs_literal_part_empty();
    for (;;) {
        skip_ignored(w);
        if (at_end(w) || w->lost ||
            (!w->quoted && strchr("|)", peek(w, 0)) && peek(w, 0)))
            return part;
        struct cs_literal_part item = read_item(w);
        cs_literal_part_append(w->arena, &part, &item, read_times(w));
    }
}

static struct cs_literal_part read_alternatives(struct walk *w)
{
    if (++w->depth > DEPTH_MAX)
        w->lost = true;
    struct cs_literal_part part = read_concatenation(w);
    while (!w->lost && peek(w, 0) == '|') {
        w->at++;
        struct cs_literal_part other = read_concatenation(w);
        part = cs_literal_part_either(w->arena, &part, &other);
    }
    w->depth--;
    return part;
}

enum cs_status cs_literals_of(struct cs_arena *arena, const char *pattern,
                              size_t len, unsigned flags,
                              const struct cs_literal **ret,
                              struct cs_error *err)
{
    struct walk w = {.arena = arena,
                     .pattern = pattern,
                     .len = len,
                     .caseless = flags & CS_REGEX_CASELESS,
                     .extended = flags & CS_REGEX_EXTENDED};
    struct cs_literal_part part;
    if (flags & CS_REGEX_LITERAL)
        part = literal(&w, pattern, len);
    else
        part = read_alternatives(&w);
    w.lost = w.lost || (!(flags & CS_REGEX_LITERAL) && w.at < len) ||
             memchr(pattern, '\0', len);
    struct cs_literal *needs = cs_literal_part_needs(arena, &part);
    *ret = w.lost ? NULL : needs;
    return cs_arena_status(arena, err);
}

bool cs_literal_may_hold(const struct cs_literal *literal, const char *text,
                         size_t len)
{
    bool all = literal->kind == CS_LITERAL_ALL;
    if (literal->kind == CS_LITERAL_TEXT)
        return literal->caseless ||
               memmem(text, len, literal->text, literal->len);
    for (const struct cs_literal *at = literal->first; at; at = at->next)
        if (cs_literal_may_hold(at, text, len) != all)
            return !all;
    return all;
}
