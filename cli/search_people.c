/*
 * search_people.c - an answer for people: at most three lines a hit.
 *
 *     1  Title  OPS > Runbooks  3 days ago  @Ada Lovelace
 *        § Heading · L120-134
 *        a piece of the text, what was found in bold and colour
 *
 * Whatever does not fit the width goes, the least telling first; count, time
 * and freshness go to standard error.
 */
#include "cli/search_print.h"

#include "cli/age.h"
#include "src/text.h"

#include <inttypes.h>

#define INDENT   4
#define ELLIPSIS "\xe2\x80\xa6"
#define DOT      " \xc2\xb7 "
#define ARROW    " \xe2\x80\xba "
#define SECTION  "\xc2\xa7 "

enum {
    NARROW = 60,   /* columns under which nobody is named */
    TITLE_MIN = 20 /* columns that a title has before there is an age */
};

/* What is measured must be what is shown. */
static void put_safe(const char *text, struct cs_strbuf *out)
{
    if (text)
        cs_text_put_safe(out, text, strlen(text), false);
}

/* The way to the page, in `columns`: all of it, its ends, or its space. */
static void put_trail(const struct cs_search_view *view,
                      const struct cs_search_hit *hit, size_t columns,
                      struct cs_strbuf *out)
{
    struct cs_strbuf trail CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    enum { ALL, ENDS, SPACE, FORMS };
    for (int form = ALL; form < FORMS; form++) {
        size_t from = form == ALL || hit->n_trail == 0 ? 0 : hit->n_trail - 1;
        cs_strbuf_reset(&trail);
        put_safe(hit->space, &trail);
        if (form == ENDS && from > 0)
            cs_strbuf_puts(&trail, ARROW ELLIPSIS);
        for (size_t i = from; form != SPACE && i < hit->n_trail; i++) {
            cs_strbuf_puts(&trail, ARROW);
            put_safe(hit->trail[i], &trail);
        }
        cs_strbuf_add_failure(out, &trail);
        if (cs_text_width(trail.data, trail.len) + 2 <= columns)
            break;
        cs_strbuf_reset(&trail);
    }
    if (trail.len == 0)
        return;
    cs_strbuf_puts(out, "  ");
    cs_terminal_put(&view->app->out_terminal, CS_STYLE_FAINT, trail.data, out);
}

static void put_head(const struct cs_search_view *view,
                     const struct cs_search_hit *hit, size_t rank,
                     struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &view->app->out_terminal;
    const char *url = hit->anchor_url ? hit->anchor_url : hit->url;
    struct cs_strbuf age CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(256);
    struct cs_strbuf author CS_CLEANUP(cs_strbuf_clear) = CS_STRBUF_INIT(4096);
    if (hit->updated != 0)
        cs_age_put(cs_clock_now(view->app->clock), hit->updated, &age);
    if (terminal->width < TITLE_MIN + INDENT + age.len + 2)
        cs_strbuf_truncate(&age, 0);
    if (hit->author && terminal->width >= NARROW) {
        cs_strbuf_putc(&author, '@');
        put_safe(hit->author, &author);
    }
    cs_strbuf_add_failure(out, &age);
    cs_strbuf_add_failure(out, &author);
    size_t left = terminal->width - INDENT;
    size_t room = age.len > 0 ? left - age.len - 2 : left;
    cs_strbuf_printf(out, "%3zu ", rank);
    bool linked = url && cs_terminal_link(terminal, url, out);
    left = room -
           cs_terminal_put_fit(terminal, CS_STYLE_TITLE, hit->title, room, out);
    if (linked)
        (void)cs_terminal_link(terminal, NULL, out);
    size_t space =
        hit->space ? cs_text_width(hit->space, strlen(hit->space)) : 0;
    size_t name = cs_text_width(author.data, author.len) + 2;
    bool named = author.len > 0 && left >= name + space + 2;
    put_trail(view, hit, named ? left - name : left, out);
    cs_strbuf_puts(out, age.len > 0 ? "  " : "");
    cs_terminal_put(terminal, CS_STYLE_FAINT, age.data, out);
    cs_strbuf_puts(out, named ? "  " : "");
    cs_terminal_put(terminal, CS_STYLE_FAINT, named ? author.data : "", out);
    cs_strbuf_putc(out, '\n');
}

static void put_words(const char *const *words, size_t n, struct cs_strbuf *out)
{
    for (size_t i = 0; i < n; i++)
        cs_strbuf_printf(out, "%s%s", i > 0 ? ", " : "", words[i]);
}

static void put_lines(const struct cs_snippet *snippet, struct cs_strbuf *out)
{
    if (snippet->lines[0] == 0)
        return;
    cs_strbuf_printf(out, "%sL%zu", out->len > 0 ? DOT : "", snippet->lines[0]);
    if (snippet->lines[1] > snippet->lines[0])
        cs_strbuf_printf(out, "-%zu", snippet->lines[1]);
}

/* Section and lines; what the page lacks unless all of its tier lack it. */
static void put_place(const struct cs_search_view *view,
                      const struct cs_search_hit *hit, bool lacks,
                      struct cs_strbuf *out)
{
    const struct cs_terminal *terminal = &view->app->out_terminal;
    const struct cs_snippet *snippet = &hit->snippets[0];
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    if (hit->n_snippets > 0 && snippet->heading)
        cs_strbuf_printf(&text, SECTION "%s", snippet->heading);
    for (size_t i = 0; i < hit->n_snippets; i++)
        put_lines(&hit->snippets[i], &text);
    if (lacks && hit->n_missing > 0) {
        cs_strbuf_printf(&text, "%slacks: ", text.len > 0 ? DOT : "");
        put_words(hit->missing, hit->n_missing, &text);
    }
    if (hit->n_duplicates > 0)
        cs_strbuf_printf(&text, "%s%zu more like it", text.len > 0 ? DOT : "",
                         hit->n_duplicates);
    cs_strbuf_add_failure(out, &text);
    if (text.len == 0)
        return;
    cs_strbuf_fill(out, ' ', INDENT);
    (void)cs_terminal_put_fit(terminal, CS_STYLE_FAINT, text.data,
                              terminal->width - INDENT, out);
    cs_strbuf_putc(out, '\n');
}

/* Bytes [from, to) of a snippet, its marks in bold and colour. */
static void put_marked(const struct cs_terminal *terminal,
                       const struct cs_snippet *snippet, size_t from, size_t to,
                       struct cs_strbuf *out)
{
    size_t at = from;
    for (size_t i = 0; i < snippet->n_marks && at < to; i++) {
        size_t start = snippet->marks[i].at;
        size_t end = start + snippet->marks[i].len;
        if (end <= at || start >= to)
            continue;
        start = start > at ? start : at;
        end = end < to ? end : to;
        cs_text_put_safe(out, snippet->text + at, start - at, false);
        cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_MATCH));
        cs_text_put_safe(out, snippet->text + start, end - start, false);
        cs_strbuf_puts(out, cs_terminal_style(terminal, CS_STYLE_NONE));
        at = end;
    }
    cs_text_put_safe(out, snippet->text + at, to - at, false);
}

/* Where a snippet that is too long begins, so that its first mark is seen with
 * something before it. */
static size_t window_start(const struct cs_snippet *snippet, size_t columns)
{
    size_t start = 0;
    if (snippet->n_marks == 0)
        return 0;
    size_t at = snippet->marks[0].at, end = at + snippet->marks[0].len;
    if (cs_text_width(snippet->text, end) < columns)
        return 0;
    while (start < at &&
           cs_text_width(snippet->text + start, at - start) > columns / 3) {
        uint32_t rune;
        start += cs_text_decode(snippet->text + start, at - start, &rune);
    }
    const char *blank = memchr(snippet->text + start, ' ', at - start);
    return blank ? (size_t)(blank - snippet->text) + 1 : start;
}

static void put_snippet(const struct cs_terminal *terminal,
                        const struct cs_snippet *snippet, struct cs_strbuf *out)
{
    size_t len = snippet->text ? strlen(snippet->text) : 0;
    size_t columns = terminal->width - INDENT, start = 0, end = len;
    if (len == 0)
        return;
    if (cs_text_width(snippet->text, len) > columns) {
        start = window_start(snippet, columns);
        columns -= start > 0;
        if (cs_text_width(snippet->text + start, len - start) > columns)
            end = start + cs_terminal_fit(snippet->text + start, len - start,
                                          columns - 1);
    }
    cs_strbuf_fill(out, ' ', INDENT);
    cs_strbuf_puts(out, start > 0 ? ELLIPSIS : "");
    put_marked(terminal, snippet, start, end, out);
    cs_strbuf_puts(out, end < len ? ELLIPSIS : "");
    cs_strbuf_putc(out, '\n');
}

static void put_parts(const struct cs_search_hit *hit, struct cs_strbuf *out)
{
    const struct cs_search_parts *parts = &hit->parts;
    cs_strbuf_fill(out, ' ', INDENT);
    cs_strbuf_printf(out,
                     "score %.3f: text %.3f, proximity %.3f, exact %.2f, "
                     "prior %.2f, recency %.2f\n",
                     hit->score, parts->text, parts->proximity, parts->exact,
                     parts->prior, parts->recency);
}

static bool same_missing(const struct cs_search_hit *a,
                         const struct cs_search_hit *b)
{
    bool same = a->n_missing == b->n_missing;
    for (size_t i = 0; same && i < a->n_missing; i++)
        same = cs_str_equal(a->missing[i], b->missing[i]);
    return same;
}

/* Do the hits of this one's tier, from it on, all lack the same words? */
static bool all_lack_it(const struct cs_search_result *result, size_t i)
{
    const struct cs_search_hit *first = &result->hits[i];
    for (; i < result->n && result->hits[i].tier == first->tier; i++)
        if (!same_missing(first, &result->hits[i]))
            return false;
    return true;
}

/* "relaxed, lacks: x" above the first hit of a tier; returns whether each hit
 * has to say by itself what it lacks. */
static bool put_tier(const struct cs_search_view *view, size_t i,
                     struct cs_strbuf *out)
{
    const struct cs_search_hit *hit = &view->result->hits[i];
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    bool together = all_lack_it(view->result, i);
    if (hit->tier == CS_SEARCH_EXACT)
        return !together;
    cs_strbuf_puts(&text, cs_search_tier_name(hit->tier));
    if (together && hit->n_missing > 0) {
        cs_strbuf_puts(&text, ", lacks: ");
        put_words(hit->missing, hit->n_missing, &text);
    }
    cs_strbuf_add_failure(out, &text);
    (void)cs_terminal_put_fit(&view->app->out_terminal, CS_STYLE_TITLE,
                              text.data, view->app->out_terminal.width, out);
    cs_strbuf_putc(out, '\n');
    return !together;
}

enum cs_status cs_search_print_people(const struct cs_search_view *view,
                                      struct cs_error *err)
{
    const struct cs_search_result *result = view->result;
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    bool lacks = false;
    for (size_t i = 0; i < result->n; i++) {
        const struct cs_search_hit *hit = &result->hits[i];
        if (i == 0 || hit->tier != result->hits[i - 1].tier)
            lacks = put_tier(view, i, &text);
        put_head(view, hit, view->first + i, &text);
        put_place(view, hit, lacks, &text);
        if (hit->n_snippets > 0)
            put_snippet(&view->app->out_terminal, &hit->snippets[0], &text);
        if (view->output->explain)
            put_parts(hit, &text);
    }
    enum cs_status status = cs_app_print(view->app, &text, err);
    if (!status)
        cs_search_put_footer(view);
    return status;
}
