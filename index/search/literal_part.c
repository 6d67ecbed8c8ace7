/*
 * literal_part.c - concatenation, repetition, alternatives.
 */
#include "index/search/literal_part.h"

enum { REPEAT_MAX = 4 }; /* a{4} is aaaa, a{5} is a+ */

static const struct cs_strings nothing = {.text = {""}, .n = 1};

static struct cs_literal *new_literal(struct cs_arena *arena,
                                      enum cs_literal_kind kind)
{
    struct cs_literal *made = cs_arena_alloc(arena, sizeof(*made));
    if (made)
        made->kind = kind;
    return made;
}

struct cs_literal_part cs_literal_part_empty(void)
{
    return (struct cs_literal_part){.exact = true, .strings = nothing};
}

struct cs_literal_part cs_literal_part_any(void)
{
    return (struct cs_literal_part){.strings = nothing};
}

struct cs_literal_part cs_literal_part_of(struct cs_arena *arena,
                                          const char *text, size_t len,
                                          bool caseless)
{
    struct cs_literal_part part = cs_literal_part_empty();
    part.strings.text[0] = cs_arena_strndup(arena, text, len);
    part.strings.len[0] = len;
    part.strings.caseless = caseless;
    return part.strings.text[0] ? part : cs_literal_part_any();
}

/* One of the strings; NULL when that says nothing. */
static struct cs_literal *one_of(struct cs_arena *arena,
                                 const struct cs_strings *strings)
{
    struct cs_literal *texts = NULL;
    for (size_t i = 0; i < strings->n; i++)
        if (strings->len[i] == 0)
            return NULL;
    for (size_t i = strings->n; i-- > 0;) {
        struct cs_literal *text = new_literal(arena, CS_LITERAL_TEXT);
        if (!text)
            return NULL;
        text->text = strings->text[i];
        text->len = strings->len[i];
        text->caseless = strings->caseless;
        text->next = texts;
        texts = text;
    }
    if (strings->n == 1)
        return texts;
    struct cs_literal *any = new_literal(arena, CS_LITERAL_ANY);
    if (any)
        any->first = texts;
    return any;
}

static void need(struct cs_literal_part *part, struct cs_literal *literal)
{
    if (!literal)
        return;
    if (part->last)
        part->last->next = literal;
    else
        part->needs = literal;
    part->last = literal;
}

/* Here may stand anything. */
static void cut(struct cs_arena *arena, struct cs_literal_part *part)
{
    need(part, one_of(arena, &part->strings));
    part->strings = nothing;
    part->exact = false;
}

/* Append each of `b` to each of `a`; false when that is too much. */
static bool cross(struct cs_arena *arena, struct cs_strings *a,
                  const struct cs_strings *b)
{
    struct cs_strings made = {.caseless = a->caseless || b->caseless};
    if (a->n * b->n > CS_LITERAL_STRINGS_MAX)
        return false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++) {
            size_t len = a->len[i] + b->len[j];
            char *text = len > CS_LITERAL_BYTES_MAX
                             ? NULL
                             : cs_arena_alloc(arena, len + 1);
            if (!text)
                return false;
            memcpy(text, a->text[i], a->len[i]);
            memcpy(text + a->len[i], b->text[j], b->len[j]);
            made.text[made.n] = text;
            made.len[made.n++] = len;
        }
    *a = made;
    return true;
}

static void append_strings(struct cs_arena *arena, struct cs_literal_part *part,
                           const struct cs_strings *strings)
{
    if (cross(arena, &part->strings, strings))
        return;
    cut(arena, part);
    part->strings = *strings;
}

void cs_literal_part_append(struct cs_arena *arena,
                            struct cs_literal_part *part,
                            const struct cs_literal_part *item,
                            struct cs_times times)
{
    struct cs_strings strings = item->strings;
    if (!item->exact) {
        cut(arena, part);
        if (times.min > 0 && item->needs) {
            need(part, item->needs);
            part->last = item->last;
        }
        if (times.min > 0)
            part->strings = strings; /* what it ends with */
    } else if (times.min == 0 && times.max == 1 &&
               strings.n < CS_LITERAL_STRINGS_MAX) {
        strings.text[strings.n] = "";
        strings.len[strings.n++] = 0;
        append_strings(arena, part, &strings);
    } else if (times.min == times.max && times.max <= REPEAT_MAX) {
        for (int i = 0; i < times.max; i++)
            append_strings(arena, part, &strings);
    } else if (times.min > 0) {
        append_strings(arena, part, &strings);
        cut(arena, part);
        part->strings = strings;
    } else {
        cut(arena, part);
    }
}

struct cs_literal *cs_literal_part_needs(struct cs_arena *arena,
                                         struct cs_literal_part *part)
{
    cut(arena, part);
    if (!part->needs || part->needs == part->last)
        return part->needs;
    struct cs_literal *all = new_literal(arena, CS_LITERAL_ALL);
    if (all)
        all->first = part->needs;
    return all;
}

/* Take the strings of `b` to those of `a`; false when they are too many. */
static bool unite(struct cs_strings *a, const struct cs_strings *b)
{
    if (a->n + b->n > CS_LITERAL_STRINGS_MAX)
        return false;
    for (size_t i = 0; i < b->n; i++) {
        a->text[a->n] = b->text[i];
        a->len[a->n++] = b->len[i];
    }
    a->caseless = a->caseless || b->caseless;
    return true;
}

struct cs_literal_part cs_literal_part_either(struct cs_arena *arena,
                                              struct cs_literal_part *a,
                                              struct cs_literal_part *b)
{
    struct cs_literal_part both = {.exact = true, .strings = a->strings};
    if (a->exact && b->exact && unite(&both.strings, &b->strings))
        return both;
    struct cs_literal *x = cs_literal_part_needs(arena, a);
    struct cs_literal *y = cs_literal_part_needs(arena, b);
    both = cs_literal_part_any();
    struct cs_literal *any = x && y ? new_literal(arena, CS_LITERAL_ANY) : NULL;
    if (!any)
        return both;
    any->first = x;
    x->next = y;
    need(&both, any);
    return both;
}
