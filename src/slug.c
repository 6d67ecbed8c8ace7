/*
 * slug.c - anchors of headings, and links to them.
 *
 * Where any link leads to an anchor of the page, one walk collects headings and
 * anchor leaves, sorted by name; a second one gives the links their targets. So
 * the work grows as the page does, however many links lead to however many
 * headings.
 */
#include "src/slug.h"

#include "src/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#define CS_SLUG_MAX ((size_t)64 << 20)

/* What GitHub keeps of a heading besides letters and digits. */
static bool is_kept(uint32_t rune)
{
    if (rune < 0x80)
        return cs_ascii_is_alnum((char)rune) || rune == '-' || rune == '_';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)rune);
    return cs_rune_is_alnum(rune) || category == UTF8PROC_CATEGORY_PC ||
           (category >= UTF8PROC_CATEGORY_MN &&
            category <= UTF8PROC_CATEGORY_ME);
}

static void put_lower(struct cs_strbuf *out, uint32_t rune)
{
    bool upper = rune >= 'A' && rune <= 'Z';
    if (rune < 0x80)
        cs_strbuf_putc(out, (char)(upper ? rune | 0x20 : rune));
    else
        cs_text_encode(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune));
}

void cs_slug_put(struct cs_strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        i += cs_text_decode(text + i, len - i, &rune);
        if (rune == ' ')
            cs_strbuf_putc(out, '-');
        else if (is_kept(rune))
            put_lower(out, rune);
    }
}

const char *cs_slug_new(struct cs_arena *arena, const char *text)
{
    struct cs_strbuf slug CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SLUG_MAX);
    cs_slug_put(&slug, text, strlen(text));
    return cs_arena_strbuf(arena, &slug);
}

/* What two names of one heading have in common: letters and digits. */
static void put_key(struct cs_strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t rune;
        i += cs_text_decode(text + i, len - i, &rune);
        if (cs_rune_is_alnum(rune))
            put_lower(out, rune);
    }
}

/* A place that links can lead to. */
struct spot {
    const char *name; /* what it is looked up by */
    const char *anchor;
    size_t nth; /* of headings with this anchor; behind it unless 0 */
    size_t order;
    struct cs_node *leaf; /* to be written out when a link leads to it */
};

struct spots {
    struct spot *all;
    size_t n, cap;
};

struct walk {
    struct cs_arena *arena;
    struct spots slugs;    /* headings by their slug, not yet numbered */
    struct spots headings; /* by the letters and digits of their text */
    struct spots leaves;   /* by the name that their author gave them */
    const struct cs_target *old, *link; /* the link met last, and its heir */
    bool in_table;                      /* where a heading is bold text */
    bool linked;                        /* some link leads to an anchor here */
};

typedef void visit_fn(struct walk *walk, struct cs_node *line);

static void each_line(struct walk *walk, struct cs_node *parent,
                      visit_fn *visit);

static void visit_line(struct walk *walk, struct cs_node *line, visit_fn *visit)
{
    visit(walk, line);
    for (struct cs_node *at = line->first; at; at = at->next)
        if (at->kind == CS_NODE_FOOTNOTE)
            each_line(walk, at, visit);
}

/* Every paragraph and heading. */
static void each_line(struct walk *walk, struct cs_node *parent,
                      visit_fn *visit)
{
    for (struct cs_node *at = parent->first; at; at = at->next) {
        if (at->kind == CS_NODE_PARAGRAPH || at->kind == CS_NODE_HEADING)
            visit_line(walk, at, visit);
        else {
            bool in_table = walk->in_table;
            walk->in_table = in_table || at->kind == CS_NODE_TABLE;
            each_line(walk, at, visit);
            walk->in_table = in_table;
        }
    }
}

static struct spot *add_spot(struct cs_arena *arena, struct spots *spots,
                             struct spot spot)
{
    struct spot *all =
        cs_arena_grow(arena, spots->all, spots->n, &spots->cap, sizeof(*all));
    if (!all)
        return NULL;
    spots->all = all;
    spots->all[spots->n] = spot;
    return &spots->all[spots->n++];
}

static int compare_spots(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void sort_spots(struct spots *spots)
{
    if (spots->n)
        qsort(spots->all, spots->n, sizeof(*spots->all), compare_spots);
}

/* Of the spots of that name the one after `skip` others, or NULL. */
static struct spot *find_spot(const struct spots *spots, const char *name,
                              size_t skip)
{
    size_t low = 0, high = spots->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(spots->all[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (skip >= spots->n - low ||
        strcmp(spots->all[low + skip].name, name) != 0)
        return NULL;
    return &spots->all[low + skip];
}

/* Most pages do not link to themselves, and need no more than a look. */

static bool leads_here(const struct cs_target *link)
{
    return link && link->ref && link->ref->kind == CS_REF_SELF &&
           link->ref->anchor;
}

static void notice_link(struct walk *walk, struct cs_node *line)
{
    for (struct cs_node *at = line->first; at && !walk->linked; at = at->next)
        walk->linked = leads_here(at->link);
}

/* First walk: headings and leaves */

/* The text of a heading as it will be shown. */
static char *heading_text(struct cs_arena *arena, const struct cs_node *line)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SLUG_MAX);
    for (const struct cs_node *at = line->first; at; at = at->next) {
        bool is_text = at->kind == CS_NODE_TEXT || at->kind == CS_NODE_NAME;
        for (size_t i = 0; is_text && i < at->len;) {
            uint32_t rune;
            size_t n = cs_text_decode(at->text + i, at->len - i, &rune);
            bool blank = cs_rune_is_space(rune);
            if (!blank)
                cs_strbuf_put(&text, at->text + i, n);
            else if (text.len && text.data[text.len - 1] != ' ')
                cs_strbuf_putc(&text, ' ');
            i += n;
        }
        if (at->kind == CS_NODE_BREAK && text.len)
            cs_strbuf_putc(&text, ' ');
    }
    cs_strbuf_rtrim(&text);
    return cs_arena_strbuf(arena, &text);
}

static const char *new_key(struct cs_arena *arena, const char *text, size_t len)
{
    struct cs_strbuf key CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_SLUG_MAX);
    put_key(&key, text, len);
    return cs_arena_strbuf(arena, &key);
}

/* White space has no place in an anchor. */
static const char *leaf_anchor(struct cs_arena *arena,
                               const struct cs_node *leaf)
{
    char *anchor = cs_arena_strndup(arena, leaf->text, leaf->len);
    for (char *at = anchor; at && *at; at++)
        if (cs_ascii_is_space(*at))
            *at = '-';
    return anchor;
}

static void meet_line(struct walk *walk, struct cs_node *line)
{
    size_t heading = SIZE_MAX;
    if (line->kind == CS_NODE_HEADING && !walk->in_table) {
        const char *text = heading_text(walk->arena, line);
        heading = walk->headings.n;
        if (!text)
            return;
        (void)add_spot(walk->arena, &walk->slugs,
                       (struct spot){.name = cs_slug_new(walk->arena, text),
                                     .order = heading});
        (void)add_spot(
            walk->arena, &walk->headings,
            (struct spot){.name = new_key(walk->arena, text, strlen(text)),
                          .order = heading});
    }
    for (struct cs_node *at = line->first; at; at = at->next)
        if (at->kind == CS_NODE_ANCHOR)
            (void)add_spot(walk->arena, &walk->leaves,
                           (struct spot){.name = cs_arena_strndup(
                                             walk->arena, at->text, at->len),
                                         .anchor = leaf_anchor(walk->arena, at),
                                         .order = heading,
                                         .leaf = at});
}

/* GitHub puts a number behind the second heading of a name and all after. */
static void number_headings(struct walk *walk)
{
    size_t nth = 0;
    sort_spots(&walk->slugs);
    for (size_t i = 0; i < walk->slugs.n; i++) {
        const struct spot *slug = &walk->slugs.all[i];
        nth = i && strcmp(slug[-1].name, slug->name) == 0 ? nth + 1 : 0;
        walk->headings.all[slug->order].anchor = slug->name;
        walk->headings.all[slug->order].nth = nth;
    }
    for (size_t i = 0; i < walk->leaves.n; i++) {
        struct spot *leaf = &walk->leaves.all[i];
        if (leaf->order == SIZE_MAX)
            continue;
        leaf->anchor = walk->headings.all[leaf->order].anchor;
        leaf->nth = walk->headings.all[leaf->order].nth;
        leaf->leaf = NULL; /* the heading is as good */
    }
    sort_spots(&walk->leaves);
    sort_spots(&walk->headings);
}

/* Second walk: links */

/* "Heading.2" is the third heading of that name in the wiki. */
static size_t cut_number(const char *name, size_t *len)
{
    size_t end = *len;
    while (end > 0 && cs_ascii_is_digit(name[end - 1]))
        end--;
    if (end == *len || end < 2 || name[end - 1] != '.' || *len - end > 6)
        return 0;
    *len = end - 1;
    return (size_t)strtoul(name + end, NULL, 10);
}

/* The heading that a name fits: all of it, or what stands behind one of the
 * first hyphens, where the title of the page may stand before it. */
static const struct spot *fit_heading(struct walk *walk, const char *name)
{
    enum { HYPHENS_MAX = 16 };
    size_t len = strlen(name), cut = len, nth = cut_number(name, &cut);
    const char *at = name;
    for (int i = 0; at && i < HYPHENS_MAX; i++) {
        const char *key = new_key(walk->arena, at, len - (size_t)(at - name));
        const char *base =
            nth ? new_key(walk->arena, at, cut - (size_t)(at - name)) : NULL;
        const struct spot *spot = NULL;
        if (key && *key)
            spot = find_spot(&walk->headings, key, 0);
        if (!spot && base && *base)
            spot = find_spot(&walk->headings, base, nth);
        if (spot)
            return spot;
        at = memchr(at, '-', cut - (size_t)(at - name));
        at = at ? at + 1 : NULL;
    }
    return NULL;
}

static const struct cs_target *new_link(struct walk *walk,
                                        const struct cs_target *old)
{
    struct spot *leaf = find_spot(&walk->leaves, old->ref->anchor, 0);
    const struct spot *spot = leaf ? leaf : fit_heading(walk, old->ref->anchor);
    if (!spot || !spot->anchor || !*spot->anchor)
        return old;
    if (leaf && leaf->leaf) {
        leaf->leaf->linked = true;
        leaf->leaf->text = leaf->anchor;
        leaf->leaf->len = strlen(leaf->anchor);
    }
    struct cs_ref *ref = cs_arena_alloc(walk->arena, sizeof(*ref));
    struct cs_target *link = cs_arena_alloc(walk->arena, sizeof(*link));
    if (!ref || !link)
        return old;
    *ref = *old->ref;
    ref->anchor = spot->nth ? cs_arena_printf(walk->arena, "%s-%zu",
                                              spot->anchor, spot->nth)
                            : spot->anchor;
    link->ref = ref;
    return link;
}

static void relink_line(struct walk *walk, struct cs_node *line)
{
    for (struct cs_node *at = line->first; at; at = at->next) {
        const struct cs_target *link = at->link;
        if (!leads_here(link))
            continue;
        if (link != walk->old)
            walk->link = new_link(walk, link);
        walk->old = link;
        at->link = walk->link;
    }
}

void cs_slug_resolve(struct cs_arena *arena, struct cs_node *document)
{
    struct walk walk = {.arena = arena};
    each_line(&walk, document, notice_link);
    if (!walk.linked)
        return;
    each_line(&walk, document, meet_line);
    if (cs_arena_status(arena, NULL))
        return;
    number_headings(&walk);
    if (!cs_arena_status(arena, NULL))
        each_line(&walk, document, relink_line);
}
