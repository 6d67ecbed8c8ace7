/*
 * snippet.c - the best window of each section, and the best of these.
 */
#include "index/search/snippet.h"

#include "index/search/passage.h"

enum { WINDOW_BYTES = 200 }; /* of Markdown, for what is shown in a line */

/* What a term that another snippet shows is worth in a second one. */
static const double shown_again = 0.25;

/* The hits first to last of one section. */
struct window {
    size_t first, last;
    double worth; /* 0: the section has no hit */
};

struct choice {
    struct cs_arena *arena;
    const struct cs_snippet_source *source;
    const struct cs_found *found;
    size_t n;
    const double *weights;
    size_t n_weights;
    size_t *counts; /* by term, in the window at hand */
    bool *shown;    /* by term */
    const struct cs_section *sections;
    struct window *windows; /* one a section */
    size_t n_sections;
};

/* ---- windows ---- */

static double weight_of(const struct choice *c, size_t i)
{
    unsigned term = c->found[i].term;
    return term < c->n_weights ? c->weights[term] : 0;
}

/* Take a hit into the window, or out of it: what that changes. */
static double count(struct choice *c, size_t i, bool in)
{
    unsigned term = c->found[i].term;
    if (term >= c->n_weights)
        return 0;
    size_t before = c->counts[term];
    c->counts[term] = in ? before + 1 : before - 1;
    return before == (in ? 0 : 1) ? weight_of(c, i) : 0;
}

/* The best window among the hits first to last - 1: what covers most, then
 * the earliest. */
static struct window best_window(struct choice *c, size_t first, size_t last)
{
    struct window best = {0};
    double worth = 0;
    size_t from = first;
    for (size_t i = first; i < last; i++) {
        worth += count(c, i, true);
        while (from < i && c->found[i].end > c->found[from].at + WINDOW_BYTES)
            worth -= count(c, from++, false);
        if (worth > best.worth * 1.000001 || best.worth == 0)
            best = (struct window){from, i, worth};
    }
    while (from < last)
        (void)count(c, from++, false);
    return best;
}

static void find_windows(struct choice *c)
{
    for (size_t i = 0, end; i < c->n; i = end) {
        size_t section =
            cs_section_at(c->sections, c->n_sections, c->found[i].at);
        for (end = i + 1; end < c->n; end++)
            if (c->found[end].at >= c->sections[section].end ||
                c->found[end].at < c->sections[section].at)
                break;
        struct window window = best_window(c, i, end);
        if (window.worth > c->windows[section].worth)
            c->windows[section] = window;
    }
}

/* What a window adds to the snippets that were taken. */
static double gain_of(struct choice *c, const struct window *window)
{
    double gain = 0;
    for (size_t i = window->first; i <= window->last; i++) {
        double weight = count(c, i, true);
        bool again =
            c->found[i].term < c->n_weights && c->shown[c->found[i].term];
        gain += again ? shown_again * weight : weight;
    }
    for (size_t i = window->first; i <= window->last; i++)
        (void)count(c, i, false);
    return gain;
}

/* The section with the best window; n_sections when none is left. */
static size_t best_section(struct choice *c)
{
    size_t best = c->n_sections;
    double best_gain = 0;
    for (size_t i = 0; i < c->n_sections; i++) {
        if (!(c->windows[i].worth > 0))
            continue;
        double gain = gain_of(c, &c->windows[i]);
        if (gain > best_gain * 1.000001) {
            best_gain = gain;
            best = i;
        }
    }
    return best;
}

/* ---- snippets ---- */

static enum cs_status make(struct choice *c, size_t section,
                           const struct window *window, struct cs_snippet *ret,
                           struct cs_error *err)
{
    const struct cs_section *at = &c->sections[section];
    const char *text = c->source->markdown;
    size_t first = window->first, last = window->last;
    struct cs_passage passage = {.source = c->source, .section = at};
    *ret = (struct cs_snippet){0};
    if (window->worth > 0) {
        passage.at = c->found[first].at;
        for (size_t i = first; i <= last; i++) {
            if (c->found[i].at < passage.at)
                passage.at = c->found[i].at;
            c->shown[c->found[i].term] = true;
        }
        passage.end = c->found[last].end;
        while (first > 0 && c->found[first - 1].at >= at->at)
            first--;
        while (last + 1 < c->n && c->found[last + 1].end <= at->end)
            last++;
        passage.found = c->found + first;
        passage.n = last + 1 - first;
    } else {
        passage.at = passage.end = cs_passage_prose(text, c->source->comments);
        passage.section = at =
            &c->sections[cs_section_at(c->sections, c->n_sections, passage.at)];
    }
    enum cs_status status = cs_passage_make(c->arena, &passage, ret, err);
    if (!status && at->level > 0) {
        status = cs_section_name(c->arena, text, c->sections,
                                 (size_t)(at - c->sections), &ret->heading,
                                 &ret->anchor, err);
        ret->level = at->level;
    }
    return status;
}

static enum cs_status choose(struct choice *c, size_t max,
                             struct cs_snippet *ret, size_t *ret_n,
                             struct cs_error *err)
{
    size_t n = 0;
    enum cs_status status = CS_OK;
    find_windows(c);
    while (n < max && !status) {
        size_t section = best_section(c);
        if (section == c->n_sections)
            break;
        status = make(c, section, &c->windows[section], &ret[n++], err);
        c->windows[section].worth = 0;
    }
    if (n == 0 && max > 0 && !status)
        status = make(c, 0, &(struct window){0}, &ret[n++], err);
    if (!status)
        *ret_n = n;
    return status;
}

/* Cut a text down to what is looked at, at a border of lines if there is one.
 */
static struct cs_snippet_source shorten(const struct cs_snippet_source *source)
{
    struct cs_snippet_source cut = *source;
    if (cut.len > CS_SNIPPET_TEXT_MAX) {
        cut.len = CS_SNIPPET_TEXT_MAX;
        const char *line = memrchr(cut.markdown, '\n', cut.len);
        if (line)
            cut.len = (size_t)(line - cut.markdown) + 1;
        while (!line && ((unsigned char)cut.markdown[cut.len] & 0xc0) == 0x80)
            cut.len--;
    }
    if (cut.comments > cut.len)
        cut.comments = cut.len;
    return cut;
}

enum cs_status cs_snippets_of(struct cs_arena *arena,
                              const struct cs_found *found, size_t n,
                              const double *weights, size_t n_weights,
                              const struct cs_snippet_source *source,
                              size_t max, struct cs_snippet *ret, size_t *ret_n,
                              struct cs_error *err)
{
    struct cs_snippet_source cut = shorten(source);
    struct choice c = {.arena = arena,
                       .source = &cut,
                       .found = found,
                       .n = n,
                       .weights = weights,
                       .n_weights = n_weights};
    while (c.n > 0 && found[c.n - 1].end > cut.len)
        c.n--;
    enum cs_status status = cs_sections_of(arena, cut.markdown, cut.len,
                                           &c.sections, &c.n_sections, err);
    if (status)
        return status;
    c.counts = cs_arena_array(arena, n_weights + 1, sizeof(*c.counts));
    c.shown = cs_arena_array(arena, n_weights + 1, sizeof(*c.shown));
    c.windows = cs_arena_array(arena, c.n_sections, sizeof(*c.windows));
    if (!c.counts || !c.shown || !c.windows)
        return cs_arena_status(arena, err);
    return choose(&c, max, ret, ret_n, err);
}

/* ---- hits of a matcher ---- */

/* Hits are kept where their term was asked for. */
struct sieve {
    const struct cs_matcher_term *terms;
    struct cs_found *found;
    size_t n, kept, next;
};

static bool sift(void *payload, enum cs_field field, size_t at, size_t end)
{
    struct sieve *sieve = payload;
    (void)at;
    while (sieve->next < sieve->n && sieve->found[sieve->next].at < end) {
        const struct cs_found *hit = &sieve->found[sieve->next++];
        unsigned fields = sieve->terms[hit->term].fields;
        if (!fields || (fields >> field & 1U))
            sieve->found[sieve->kept++] = *hit;
    }
    return true;
}

/* Leave out the hits in fields that were not asked for. */
static enum cs_status keep_fields(struct cs_arena *arena,
                                  const struct cs_matcher_term *terms,
                                  const struct cs_snippet_source *source,
                                  const struct cs_found **found, size_t *n,
                                  struct cs_error *err)
{
    struct sieve sieve = {.terms = terms, .n = *n};
    sieve.found = cs_arena_array(arena, *n, sizeof(*sieve.found));
    if (!sieve.found)
        return cs_arena_status(arena, err);
    if (*n)
        memcpy(sieve.found, *found, *n * sizeof(*sieve.found));
    cs_fields_walk(source->markdown, source->comments, sift, &sieve);
    (void)sift(&sieve, CS_FIELD_COMMENTS, source->comments, SIZE_MAX);
    *found = sieve.found;
    *n = sieve.kept;
    return CS_OK;
}

enum cs_status cs_snippets_make(struct cs_arena *arena,
                                const struct cs_matcher *matcher,
                                const struct cs_snippet_source *source,
                                size_t max, struct cs_snippet *ret,
                                size_t *ret_n, struct cs_error *err)
{
    struct cs_snippet_source cut = shorten(source);
    const struct cs_matcher_term *terms = NULL;
    const struct cs_found *found = NULL;
    size_t n = 0, n_terms = 0;
    bool limited = false;
    enum cs_status status = CS_OK;
    if (matcher) {
        terms = cs_matcher_terms(matcher, &n_terms);
        status = cs_matcher_find(matcher, arena, cut.markdown, cut.len, &found,
                                 &n, err);
    }
    double *weights = cs_arena_array(arena, n_terms + 1, sizeof(*weights));
    if (status || !weights)
        return status ? status : cs_arena_status(arena, err);
    for (size_t i = 0; i < n_terms; i++) {
        weights[i] = terms[i].idf;
        limited = limited || terms[i].fields;
    }
    if (limited)
        status = keep_fields(arena, terms, &cut, &found, &n, err);
    return status ? status
                  : cs_snippets_of(arena, found, n, weights, n_terms, &cut, max,
                                   ret, ret_n, err);
}
