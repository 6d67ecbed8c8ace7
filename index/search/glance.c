/*
 * glance.c - find, choose the window, make its lines plain, cut, mark.
 */
#include "index/search/glance.h"

#include "index/search/plain.h"
#include "src/text.h"

#include <stdlib.h>

enum {
    DENSE_BYTES = 200,  /* of Markdown, for what is shown as 160 characters */
    LEAD_CHARS = 50,    /* at most, before the first hit */
    LEAD_BYTES = 600,   /* of Markdown read before the first hit in its line */
    LINES_MAX = 12,     /* of Markdown read */
    BORDER_BYTES = 40,  /* how far a cut may move to a word border */
    ELLIPSIS_BYTES = 3, /* U+2026 */
};

static const char ellipsis[] = "\xe2\x80\xa6";

/* Where the snippet comes from. */
struct spot {
    size_t target; /* the hit, or the start of the paragraph */
    size_t line_start, line;
    struct cs_plain_fence fence;
};

/* The hit that begins the densest window: most different terms, then most
 * hits, then earliest. `n` > 0. */
static size_t densest(const struct cs_found *found, size_t n)
{
    unsigned counts[CS_QUERY_MAX_TERMS] = {0};
    size_t best = 0, best_score = 0, distinct = 0;
    for (size_t first = 0, last = 0; last < n; last++) {
        distinct += counts[found[last].term]++ == 0;
        while (first < last &&
               found[last].end - found[first].at > DENSE_BYTES) {
            distinct -= --counts[found[first].term] == 0;
            first++;
        }
        size_t hits = last - first + 1;
        size_t score = distinct * CS_FOUND_MAX + hits;
        if (score > best_score) {
            best_score = score;
            best = first;
        }
    }
    return best;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *end = memchr(text + at, '\n', len - at);
    return end ? (size_t)(end - text) : len;
}

/* Go to the line that holds `target`, following the fences. */
static struct spot spot_of(const char *text, size_t len, size_t target)
{
    struct spot spot = {.target = target, .line = 1};
    for (;;) {
        size_t end = line_end(text, len, spot.line_start);
        if (end >= target || end == len)
            return spot;
        (void)cs_plain_fence(&spot.fence, text + spot.line_start,
                             end - spot.line_start);
        spot.line_start = end + 1;
        spot.line++;
    }
}

/* The first paragraph; else the first line that is not blank. */
static size_t first_prose(const char *text, size_t len)
{
    struct cs_plain_fence fence = {0};
    size_t first = SIZE_MAX;
    for (size_t at = 0, end; at < len; at = end + 1) {
        end = line_end(text, len, at);
        if (cs_plain_fence(&fence, text + at, end - at) || fence.n)
            continue;
        if (cs_plain_is_prose(text + at, end - at))
            return at;
        if (first == SIZE_MAX && end > at)
            first = at;
    }
    return first == SIZE_MAX ? 0 : first;
}

/* The lines from the spot on. Of a very long line only its part around the
 * target is read, from a word border on. */
static void put_lines(struct cs_plain *plain, const char *text, size_t len,
                      struct spot spot)
{
    size_t at = spot.line_start;
    if (spot.target - at > LEAD_BYTES) {
        at = spot.target - LEAD_BYTES;
        const char *blank = memchr(text + at, ' ', LEAD_BYTES);
        if (blank)
            at = (size_t)(blank - text);
        while (((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
    }
    for (int i = 0; i < LINES_MAX && at < len && !plain->full; i++) {
        size_t end = line_end(text, len, at);
        if (!cs_plain_fence(&spot.fence, text + at, end - at))
            cs_plain_put_line(plain, text, at, end, spot.fence.n != 0);
        at = end + 1;
    }
    plain->full |= at < len;
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

/* Up to LEAD_CHARS before the hit, from a word border on. */
static size_t choose_start(const struct cs_plain *plain, size_t hit)
{
    size_t start = hit;
    for (size_t chars = 0; start > 0 && chars < LEAD_CHARS;)
        chars += is_border(plain, --start);
    if (start == 0)
        return 0;
    for (size_t i = start; i < hit && i < start + BORDER_BYTES; i++)
        if (plain->text[i] == ' ')
            return i + 1;
    return start;
}

static size_t choose_end(const struct cs_plain *plain, size_t start)
{
    size_t end = start;
    for (size_t chars = 0; end < plain->len && chars < CS_SNIPPET_CHARS;) {
        end++;
        chars += is_border(plain, end);
    }
    if (end == plain->len && !plain->full)
        return end;
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
static size_t mark(const struct cs_plain *plain, size_t start, size_t end,
                   struct cs_range *marks)
{
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

static enum cs_status cut(struct cs_arena *arena, const struct cs_plain *plain,
                          const struct spot *spot, struct cs_snippet *ret,
                          struct cs_error *err)
{
    size_t hit = position_of(plain, spot->target);
    size_t start = plain->n_found ? choose_start(plain, hit) : 0;
    size_t end = choose_end(plain, start);
    bool before = start > 0 || (plain->len > 0 &&
                                spot->target > LEAD_BYTES + spot->line_start);
    bool after = end < plain->len || plain->full;
    while (end > start && plain->text[end - 1] == ' ')
        end--;
    struct cs_range *marks =
        cs_arena_array(arena, CS_SNIPPET_MARKS_MAX, sizeof(*marks));
    ret->text = cs_arena_printf(arena, "%s%.*s%s", before ? ellipsis : "",
                                (int)(end - start), plain->text + start,
                                after ? ellipsis : "");
    if (!marks || !ret->text)
        return cs_arena_status(arena, err);
    ret->n_marks = mark(plain, start, end, marks);
    for (size_t i = 0; i < ret->n_marks && before; i++)
        marks[i].at += ELLIPSIS_BYTES;
    ret->marks = marks;
    ret->line = spot->line;
    return CS_OK;
}

enum cs_status cs_snippet_make(struct cs_arena *arena,
                               struct cs_tokenizer *tokenizer,
                               const struct cs_needles *needles,
                               const char *markdown, size_t len,
                               struct cs_snippet *ret, struct cs_error *err)
{
    struct cs_plain *plain = cs_arena_alloc(arena, sizeof(*plain));
    struct cs_found *found = NULL;
    size_t n = 0;
    if (!plain)
        return cs_arena_status(arena, err);
    enum cs_status status = cs_needles_find(needles, arena, tokenizer, markdown,
                                            len, &found, &n, err);
    if (status)
        return status;
    plain->found = found;
    plain->n_found = n;
    size_t target =
        n ? found[densest(found, n)].at : first_prose(markdown, len);
    struct spot spot = spot_of(markdown, len, target);
    put_lines(plain, markdown, len, spot);
    return cut(arena, plain, &spot, ret, err);
}
