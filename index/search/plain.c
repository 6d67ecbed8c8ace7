/*
 * plain.c - one function per construct; each returns how far it read.
 */
#include "index/search/plain.h"

#include "src/text.h"

/* The line being read. */
struct line {
    struct cs_plain *out;
    const char *text;
    size_t start, end;
};

static inline bool is_plain(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
}

/* All bytes of one put come from one place, so that no mark cuts a character.
 * Origins never decrease. */
static void put(struct cs_plain *out, const char *bytes, size_t n,
                size_t origin)
{
    if (out->len + n > CS_PLAIN_MAX) {
        out->full = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        out->text[out->len] = bytes[i];
        out->origin[out->len++] = origin;
    }
}

/* Letters and digits of ASCII from `at` on, which are nothing but themselves
 * wherever they stand. Returns how many there are. */
static size_t put_plain(struct cs_plain *out, const char *text, size_t at,
                        size_t end)
{
    size_t room = CS_PLAIN_MAX - out->len, n = 0;
    for (; at + n < end && is_plain(text[at + n]); n++) {
        if (n == room) {
            out->full = true;
            break;
        }
        out->text[out->len] = text[at + n];
        out->origin[out->len++] = at + n;
    }
    return n;
}

/* A blank, unless there is one already or nothing before it. */
static void put_blank(struct cs_plain *out, size_t origin)
{
    if (out->len > 0 && out->text[out->len - 1] != ' ')
        put(out, " ", 1, origin);
}

/* The character at `at` as it is; what no terminal should see is left out. */
static size_t put_rune(struct line *line, size_t at)
{
    uint32_t rune;
    if (line->text[at] > ' ' && line->text[at] < 0x7f) { /* most of all */
        put(line->out, line->text + at, 1, at);
        return at + 1;
    }
    size_t n = cs_text_decode(line->text + at, line->end - at, &rune);
    if (cs_rune_is_space(rune))
        put_blank(line->out, at);
    else if (rune == 0xfffd)
        put(line->out, "\xef\xbf\xbd", 3, at);
    else if (!cs_rune_is_unsafe(rune))
        put(line->out, line->text + at, n, at);
    return at + n;
}

static void put_verbatim(struct line *line, size_t at, size_t end)
{
    while (at < end && !line->out->full) {
        size_t n = put_plain(line->out, line->text, at, end);
        at = n ? at + n : put_rune(line, at);
    }
}

static size_t run_of(const struct line *line, size_t at, char c)
{
    size_t n = 0;
    while (at + n < line->end && line->text[at + n] == c)
        n++;
    return n;
}

/* `code`: what stands between two equal runs of backticks. */
static size_t code_span(struct line *line, size_t at)
{
    size_t ticks = run_of(line, at, '`'), from = at + ticks;
    for (size_t i = from; i < line->end;) {
        size_t n = run_of(line, i, '`');
        if (n == ticks) {
            put_verbatim(line, from, i);
            return i + n;
        }
        i += n ? n : 1;
    }
    put_verbatim(line, at, from);
    return from;
}

static bool holds_hit(const struct cs_plain *plain, size_t at, size_t end)
{
    for (size_t i = 0; i < plain->n_found; i++)
        if (plain->found[i].at < end && plain->found[i].end > at)
            return true;
    return false;
}

/* "](destination)": gone, unless it holds what was searched for. */
static size_t destination(struct line *line, size_t at)
{
    size_t depth = 0, i = at + 1;
    for (; i < line->end; i++) {
        char c = line->text[i];
        if (c == '\\' && i + 1 < line->end)
            i++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            break;
    }
    if (i == line->end)
        return put_rune(line, at);
    if (holds_hit(line->out, at + 2, i)) {
        put_blank(line->out, at);
        put_verbatim(line, at + 1, i + 1);
    }
    return i + 1;
}

/* "<tag>" is gone, "<https://...>" keeps its inside, "<br>" is a blank. */
static size_t angle(struct line *line, size_t at)
{
    size_t i = at + 1;
    bool scheme = false;
    if (i == line->end ||
        !(cs_ascii_is_alnum(line->text[i]) || strchr("/!?", line->text[i])))
        return put_rune(line, at);
    for (; i < line->end && line->text[i] != '>' && line->text[i] != '<'; i++)
        scheme |= line->text[i] == ':' && !strchr("/!?", line->text[at + 1]) &&
                  !memchr(line->text + at, ' ', i - at);
    if (i == line->end || line->text[i] != '>')
        return put_rune(line, at);
    if (scheme)
        put_verbatim(line, at + 1, i);
    else
        put_blank(line->out, at);
    return i + 1;
}

static size_t entity(struct line *line, size_t at)
{
    static const struct {
        const char *name, *text;
    } entities[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                    {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};
    for (size_t i = 0; i < CS_ARRAY_LEN(entities); i++) {
        size_t n = strlen(entities[i].name);
        if (line->end - at < n ||
            memcmp(line->text + at, entities[i].name, n) != 0)
            continue;
        if (entities[i].text[0] == ' ')
            put_blank(line->out, at);
        else
            put(line->out, entities[i].text, 1, at);
        return at + n;
    }
    return put_rune(line, at);
}

static bool is_word_byte(const struct line *line, size_t at)
{
    return at >= line->start && at < line->end &&
           (cs_ascii_is_alnum(line->text[at]) ||
            (unsigned char)line->text[at] >= 0x80);
}

/* Emphasis goes, a star between blanks and snake_case stay. */
static size_t emphasis(struct line *line, size_t at)
{
    char c = line->text[at];
    size_t n = run_of(line, at, c), next = at + n;
    bool before = at > line->start && line->text[at - 1] != ' ';
    bool after = next < line->end && line->text[next] != ' ';
    bool inside = is_word_byte(line, at - 1) && is_word_byte(line, next);
    bool marks = c == '~'   ? n == 2
                 : c == '_' ? (before || after) && !inside
                            : before || after;
    if (!marks)
        put_verbatim(line, at, next);
    return next;
}

static size_t escape(struct line *line, size_t at)
{
    uint32_t rune = 0;
    if (at + 1 < line->end)
        (void)cs_text_decode(line->text + at + 1, line->end - at - 1, &rune);
    else
        return at + 1; /* a hard line break */
    return put_rune(line, rune < 0x80 && cs_rune_is_punct(rune) ? at + 1 : at);
}

static size_t bracket(struct line *line, size_t at)
{
    if (line->text[at] == '!')
        return run_of(line, at + 1, '[') ? at + 2 : put_rune(line, at);
    if (line->text[at] == '[')
        return at + 1;
    return run_of(line, at + 1, '(') ? destination(line, at) : at + 1;
}

static size_t pipe_of_table(struct line *line, size_t at)
{
    put_blank(line->out, at);
    if (line->out->len > 0 && at + 1 < line->end && at > line->start)
        put(line->out, "| ", 2, at);
    return at + 1;
}

static size_t inline_at(struct line *line, size_t at, bool table)
{
    switch (line->text[at]) {
    case '\\': return escape(line, at);
    case '`': return code_span(line, at);
    case '<': return angle(line, at);
    case '&': return entity(line, at);
    case '!':
    case '[':
    case ']': return bracket(line, at);
    case '*':
    case '_':
    case '~': return emphasis(line, at);
    case '|': return table ? pipe_of_table(line, at) : put_rune(line, at);
    default: return put_rune(line, at);
    }
}

static size_t skip_blanks(const struct line *line, size_t at)
{
    while (at < line->end && (line->text[at] == ' ' || line->text[at] == '\t'))
        at++;
    return at;
}

/* "# ", "> ", "- ", "3. ", "- [x] ", in any order and number. */
static size_t skip_markers(const struct line *line)
{
    for (size_t at = line->start;;) {
        size_t i = skip_blanks(line, at), digits = i;
        while (digits < line->end && cs_ascii_is_digit(line->text[digits]))
            digits++;
        if (i < line->end && line->text[i] == '#')
            i += run_of(line, i, '#');
        else if (i < line->end && strchr(">-*+", line->text[i]))
            i++;
        else if (digits > i && digits < line->end &&
                 strchr(".)", line->text[digits]))
            i = digits + 1;
        else if (line->end - i >= 3 && at > line->start &&
                 line->text[i] == '[' && line->text[i + 2] == ']' &&
                 strchr(" xX", line->text[i + 1]))
            i += 3;
        else
            return i;
        if (i < line->end && line->text[i] != ' ')
            return skip_blanks(line, at);
        at = i;
    }
}

/* "| --- | :-: |" and "---". */
static bool is_rule(const struct line *line, size_t at)
{
    size_t dashes = 0;
    for (; at < line->end; at++) {
        dashes += line->text[at] == '-';
        if (!strchr("|-: ", line->text[at]))
            return false;
    }
    return dashes > 1;
}

void cs_plain_put_line(struct cs_plain *plain, const char *markdown, size_t at,
                       size_t end, bool code)
{
    struct line line = {plain, markdown, at, end};
    put_blank(plain, at);
    if (code) {
        put_verbatim(&line, at, end);
        return;
    }
    size_t i = skip_markers(&line);
    if (is_rule(&line, i))
        return;
    bool table = i < end && markdown[i] == '|';
    line.start = i;
    while (i < end && !plain->full) {
        size_t n = put_plain(plain, markdown, i, end);
        i = n ? i + n : inline_at(&line, i, table);
    }
}

bool cs_plain_fence(struct cs_plain_fence *fence, const char *line, size_t len)
{
    size_t i = 0, n = 0;
    while (i < len && (line[i] == ' ' || line[i] == '>'))
        i++;
    char mark = i < len ? line[i] : ' ';
    while (i + n < len && line[i + n] == mark)
        n++;
    if (n < 3 || (mark != '`' && mark != '~'))
        return false;
    if (!fence->n) {
        *fence = (struct cs_plain_fence){mark, n};
        return true;
    }
    if (mark != fence->mark || n < fence->n || i + n < len)
        return false;
    *fence = (struct cs_plain_fence){0};
    return true;
}

bool cs_plain_is_prose(const char *line, size_t len)
{
    size_t i = 0;
    while (i < len && strchr(" \t>", line[i]))
        i++;
    return i < len && line[i] && !strchr("#|<!-\\", line[i]);
}
