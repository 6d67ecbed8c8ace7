/*
 * set.c - building a set.
 */
#include "tests/relevance/set.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void *grow(void *items, size_t n, size_t size)
{
    if (n & (n - 1)) /* room is made at powers of two */
        return items;
    void *more = reallocarray(items, n ? n * 2 : 1, size);
    if (!more) {
        perror("relevance");
        exit(1);
    }
    return more;
}

void rel_set_init(struct rel_set *set, const char *name)
{
    *set = (struct rel_set){.name = name, .arena = cs_arena_new(0)};
    if (!set->arena)
        exit(1);
}

void rel_set_clear(struct rel_set *set)
{
    for (size_t i = 0; i < set->n_queries; i++)
        free(set->queries[i].gains);
    free(set->queries);
    free(set->docs);
    cs_arena_free(set->arena);
    *set = (struct rel_set){0};
}

size_t rel_set_doc(struct rel_set *set, const struct rel_doc *doc)
{
    set->docs = grow(set->docs, set->n_docs, sizeof(*set->docs));
    set->docs[set->n_docs] = *doc;
    return set->n_docs++;
}

size_t rel_set_class(struct rel_set *set, const char *name, bool all)
{
    if (set->n_classes == REL_CLASSES_MAX)
        exit(1);
    set->classes[set->n_classes] = (struct rel_class){name, all};
    return set->n_classes++;
}

size_t rel_set_query(struct rel_set *set, size_t class, const char *text)
{
    set->queries = grow(set->queries, set->n_queries, sizeof(*set->queries));
    set->queries[set->n_queries] =
        (struct rel_query){.class = class, .text = text};
    return set->n_queries++;
}

void rel_set_gain(struct rel_set *set, size_t query, size_t doc, unsigned gain)
{
    struct rel_query *q = &set->queries[query];
    for (size_t i = 0; i < q->n_gains; i++) {
        if (q->gains[i].doc != doc)
            continue;
        if (q->gains[i].gain < gain)
            q->gains[i].gain = gain;
        return;
    }
    q->gains = grow(q->gains, q->n_gains, sizeof(*q->gains));
    q->gains[q->n_gains++] = (struct rel_gain){doc, gain};
}

const char *rel_set_text(struct rel_set *set, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    const char *kept =
        n < 0 ? NULL : cs_arena_strndup(set->arena, text, (size_t)n);
    if (!kept)
        exit(1);
    free(text);
    return kept;
}
