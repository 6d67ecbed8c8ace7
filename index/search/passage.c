/*
 * passage.c - read the lines, choose start and end, mark.
 */
#include "index/search/passage.h"

#include "index/search/plain.h"
#include "src/text.h"

#include <stdlib.h>

enum {
    LEAD_CHARS = 50,      /* at most, before the first hit */
    SENTENCE_CHARS = 80,  /* the same, where a sentence begins there */
    LEAD_BYTES = 600,     /* of Markdown read before the first hit's line */
    LINES_MAX = 12,       /* of Markdown read */
    SHORT_CHARS = 90,     /* a text is not cut at a sentence before that */
    BORDER_BYTES = 40,    /* how far a cut may move to a border of words */
    HITS_CHARS_MAX = 240, /* a text is as long as this for its last hit */
    ELLIPSIS_BYTES = 3,   /* U+2026 */
};

static const char ellipsis[] = "\xe2\x80\xa6";

/* What is read, and from where. */
struct reading {
    const struct cs_passage *passage;
    struct cs_plain *plain;
    size_t start; /* of the line at which reading begins */
    size_t line;  /* its number in the Markdown, from 1 */
    bool middle;  /* reading began inside of it */
    bool code;    /* it stands in a fenced block */
};

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *end = memchr(text + at, '\n', len - at);
    return end ? (size_t)(end - text) : len;
}

/* Go to the line that holds `at`, following the fences. */
static struct cs_plain_fence find_line(struct reading *r, size_t at)
{
    const char *text = r->passage->source->markdown;
    size_t len = r->passage->section->end;
    struct cs_plain_fence fence = {0};
    r->start = r->passage->section->at;
    r->line = r->passage->section->line;
    for (;;) {
        size_t end = line_end(text, len, r->start);
        if (end >= at || end == len)
            return fence;
        (void)cs_plain_fence(&fence, text + r->start, end - r->start);
        r->start = end + 1;
        r->line++;
    }
}

/* Read the lines from the hits on. Of a very long line only its part around
 * them is read, from a border of words on. */
static void read_lines(struct reading *r)
{
    const struct cs_passage *passage = r->passage;
    const char *text = passage->source->markdown;
    size_t len = passage->section->end;
    struct cs_plain_fence fence = find_line(r, passage->at);
    size_t at = r->start;
    if (passage->at - at > LEAD_BYTES) {
        at = passage->at - LEAD_BYTES;
        const char *blank = memchr(text + at, ' ', LEAD_BYTES);
        if (blank)
            at = (size_t)(blank - text);
        while (((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
        r->middle = true;
    }
    r->code = fence.n != 0;
    for (int i = 0; i < LINES_MAX && at < len && !r->plain->full; i++) {
        size_t end = line_end(text, len, at);
        if (!cs_plain_fence(&fence, text + at, end - at))
            cs_plain_put_line(r->plain, text, at, end, fence.n != 0);
        at = end + 1;
    }
    r->plain->full |= at < len;
    while (r->plain->len > 0 && r->plain->text[r->plain->len - 1] == ' ')
        r->plain->len--;
}

/* The first byte of `plain` that came from `origin` or later. */
static size_t position_of(const struct cs_plain *plain, size_t origin)
{
    size_t low = 0, high = plain->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plain->origin[middle] < origin)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_border(const struct cs_plain *plain, size_t at)
{
    return at >= plain->len || ((unsigned char)plain->text[at] & 0xc0) != 0x80;
}

/* Does a line of the Markdown end just before the blank at `at`? */
static bool ends_line(const struct reading *r, size_t at)
{
    const struct cs_plain *plain = r->plain;
    size_t from = plain->origin[at];
    return plain->text[at] == ' ' && from > 0 &&
           r->passage->source->markdown[from - 1] == '\n';
}

/* Does a sentence, or a line, end just before the blank or character at `at`?
 */
static bool ends_sentence(const struct reading *r, size_t at)
{
    const char *text = r->plain->text;
    if (at == 0 || at >= r->plain->len)
        return false;
    if (at >= 3 && memcmp(text + at - 3, "\xe3\x80\x82", 3) == 0)
        return true; /* ideographic full stop */
    return text[at] == ' ' && (strchr(".!?", text[at - 1]) || ends_line(r, at));
}

/* Before the hit: where the line or a sentence begins, if that is near; else
 * where a word does. */
static size_t choose_start(const struct reading *r, size_t hit)
{
    const struct cs_plain *plain = r->plain;
    size_t start = hit, word = hit;
    for (size_t chars = 0; start > 0 && chars < SENTENCE_CHARS;) {
        start--;
        chars += is_border(plain, start);
        if (ends_sentence(r, start))
            return plain->text[start] == ' ' ? start + 1 : start;
        if (chars <= LEAD_CHARS && is_border(plain, start))
            word = start;
    }
    if (start == 0)
        return 0;
    for (size_t i = word; i < hit && i < word + BORDER_BYTES; i++)
        if (plain->text[i] == ' ')
            return i + 1;
    return word;
}

/* Where CS_SNIPPET_CHARS are over, or the hits, if these take few more. */
static size_t limit_of(const struct reading *r, size_t start, size_t hits_end)
{
    const struct cs_plain *plain = r->plain;
    size_t end = start;
    for (size_t chars = 0; end < plain->len; chars++) {
        if (chars >= HITS_CHARS_MAX ||
            (chars >= CS_SNIPPET_CHARS && end >= hits_end))
            break;
        end++;
        while (!is_border(plain, end))
            end++;
    }
    return end;
}

/* The end of the text: with a sentence or line if one ends there, else with a
 * word. */
static size_t choose_end(const struct reading *r, size_t start, size_t hits_end,
                         bool *ret_cut)
{
    const struct cs_plain *plain = r->plain;
    size_t end = limit_of(r, start, hits_end);
    *ret_cut = end < plain->len || plain->full;
    if (!*ret_cut)
        return end;
    for (size_t i = end; i > start + SHORT_CHARS && i >= hits_end; i--)
        if (ends_sentence(r, i)) {
            *ret_cut = !ends_line(r, i);
            return i;
        }
    for (size_t i = end; i > start && i + BORDER_BYTES > end; i--)
        if (plain->text[i - 1] == ' ')
            return i - 1;
    return end;
}

static int by_place(const void *a, const void *b)
{
    const struct cs_range *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Make one range of those that overlap. Returns how many are left. */
static size_t merge(struct cs_range *marks, size_t n)
{
    size_t kept = 0;
    qsort(marks, n, sizeof(*marks), by_place);
    for (size_t i = 0; i < n; i++) {
        struct cs_range *last = kept ? &marks[kept - 1] : NULL;
        if (!last || marks[i].at >= last->at + last->len) {
            marks[kept++] = marks[i];
            continue;
        }
        size_t end = marks[i].at + marks[i].len;
        if (end > last->at + last->len)
            last->len = end - last->at;
    }
    return kept;
}

/* The hits inside plain[start..end), as ranges counted from `start`. */
static size_t mark(const struct reading *r, size_t start, size_t end,
                   struct cs_range *marks)
{
    const struct cs_plain *plain = r->plain;
    size_t n = 0;
    for (size_t i = 0; i < plain->n_found && n < CS_SNIPPET_MARKS_MAX; i++) {
        size_t at = position_of(plain, plain->found[i].at);
        size_t stop = position_of(plain, plain->found[i].end);
        if (at < start || stop > end)
            continue;
        while (stop > at && plain->text[stop - 1] == ' ')
            stop--;
        if (stop > at)
            marks[n++] = (struct cs_range){at - start, stop - at};
    }
    return n ? merge(marks, n) : 0;
}

static enum cs_field field_of(const struct reading *r)
{
    const struct cs_passage *passage = r->passage;
    if (passage->at >= passage->source->comments)
        return CS_FIELD_COMMENTS;
    if (passage->section->level > 0 && passage->at < passage->section->body)
        return CS_FIELD_HEADINGS;
    return r->code ? CS_FIELD_CODE : CS_FIELD_BODY;
}

static size_t count_lines(const char *text, size_t at, size_t end)
{
    size_t n = 0;
    for (; at < end; at++)
        n += text[at] == '\n';
    return n;
}

/* The lines that plain[start..end) was made from. */
static void set_lines(const struct reading *r, size_t start, size_t end,
                      struct cs_snippet *ret)
{
    const struct cs_plain *plain = r->plain;
    const char *text = r->passage->source->markdown;
    size_t head = r->passage->source->head_lines;
    ret->line = r->line;
    ret->lines[0] = ret->lines[1] = head + r->line;
    if (end == start)
        return;
    size_t first = plain->origin[start], last = plain->origin[end - 1];
    ret->lines[0] += count_lines(text, r->start, first);
    ret->lines[1] = ret->lines[0] + count_lines(text, first, last);
}

static enum cs_status cut(struct cs_arena *arena, const struct reading *r,
                          struct cs_snippet *ret, struct cs_error *err)
{
    const struct cs_plain *plain = r->plain;
    size_t hit = position_of(plain, r->passage->at);
    size_t hits_end = position_of(plain, r->passage->end);
    size_t start = choose_start(r, hit);
    bool before = start == 0 ? r->middle : !ends_line(r, start - 1);
    bool after = false;
    size_t end = choose_end(r, start, hits_end, &after);
    while (start < end && plain->text[start] == ' ')
        start++;
    while (end > start && plain->text[end - 1] == ' ')
        end--;
    struct cs_range *marks =
        cs_arena_array(arena, CS_SNIPPET_MARKS_MAX, sizeof(*marks));
    ret->text = cs_arena_printf(arena, "%s%.*s%s", before ? ellipsis : "",
                                (int)(end - start), plain->text + start,
                                after ? ellipsis : "");
    if (!marks || !ret->text)
        return cs_arena_status(arena, err);
    ret->n_marks = mark(r, start, end, marks);
    for (size_t i = 0; i < ret->n_marks && before; i++)
        marks[i].at += ELLIPSIS_BYTES;
    ret->marks = marks;
    ret->truncated = before || after;
    ret->field = field_of(r);
    set_lines(r, start, end, ret);
    return CS_OK;
}

enum cs_status cs_passage_make(struct cs_arena *arena,
                               const struct cs_passage *passage,
                               struct cs_snippet *ret, struct cs_error *err)
{
    struct cs_plain plain;
    plain.len = 0;
    plain.full = false;
    plain.found = passage->found;
    plain.n_found = passage->n;
    struct reading reading = {.passage = passage, .plain = &plain};
    read_lines(&reading);
    return cut(arena, &reading, ret, err);
}

/* ---- the first paragraph ---- */

/* Behind "[text](destination)" or "![...](...)" at `at`; else `at`. */
static size_t skip_link(const char *line, size_t len, size_t at)
{
    size_t i = at + (line[at] == '!');
    if (i >= len || line[i] != '[')
        return at;
    const char *middle = memmem(line + i, len - i, "](", 2);
    const char *end =
        middle ? memchr(middle, ')', len - (size_t)(middle - line)) : NULL;
    return end ? (size_t)(end - line) + 1 : at;
}

/* Does a line say anything besides links and what a macro left behind? */
static bool says_anything(const char *line, size_t len)
{
    static const char left[] = "(macro ";
    for (size_t at = 0; at < len;) {
        size_t next = skip_link(line, len, at);
        if (next == at && len - at >= strlen(left) &&
            memcmp(line + at, left, strlen(left)) == 0) {
            const char *end = memchr(line + at, ')', len - at);
            next = end ? (size_t)(end - line) + 1 : len;
        }
        if (next == at &&
            (cs_ascii_is_alnum(line[at]) || (unsigned char)line[at] >= 0x80))
            return true;
        at = next == at ? at + 1 : next;
    }
    return false;
}

/* How well a line begins a text that is shown: the lower the better. */
static unsigned prose_rank(const char *line, size_t len)
{
    size_t at = 0;
    while (at < len && strchr(" \t>", line[at]))
        at++;
    if (!says_anything(line + at, len - at))
        return 4;
    if (cs_plain_is_prose(line, len))
        return 0;
    bool item = line[at] == '-' && at + 1 < len && line[at + 1] == ' ';
    return item ? 1 : strchr("<#!|", line[at]) ? 3 : 2;
}

size_t cs_passage_prose(const char *markdown, size_t len)
{
    struct cs_plain_fence fence = {0};
    unsigned best_rank = 5;
    size_t best = 0;
    for (size_t at = 0, end; at < len && best_rank > 0; at = end + 1) {
        end = line_end(markdown, len, at);
        if (cs_plain_fence(&fence, markdown + at, end - at) || end == at)
            continue;
        unsigned rank = fence.n ? 3 : prose_rank(markdown + at, end - at);
        if (rank < best_rank) {
            best_rank = rank;
            best = at;
        }
    }
    return best;
}
