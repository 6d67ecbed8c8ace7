/*
 * expand.c - a walk of the lexicon that keeps the most frequent terms.
 */
#include "index/search/expand.h"

#include "index/words/fts.h"
#include "index/words/split.h"

#include <stdlib.h>

enum {
    PAIRS_MAX = 1024,      /* terms that begin with one character of Chinese */
    POSTINGS_MAX = 150000, /* of all terms of a prefix */
    TERM_MAX = CS_WORD_MAX + 1,
};

struct candidate {
    int64_t df;
    char term[TERM_MAX];
};

/* The `max` best so far, as a heap with the least frequent on top. */
struct best {
    struct candidate *of;
    size_t n, max;
    bool more; /* some did not fit */
};

enum cs_status cs_expand_add(struct cs_arena *arena,
                             struct cs_term_group *group, const char *text,
                             size_t n_tokens, double weight, int64_t df,
                             struct cs_error *err)
{
    for (size_t i = 0; i < group->n_phrases && i < CS_TERMS_FAMILY_MAX; i++)
        if (strcmp(group->phrases[i].text, text) == 0)
            return CS_OK;
    size_t n = group->n_phrases;
    if ((n & (n - 1)) == 0) { /* full at every power of two */
        struct cs_term_phrase *phrases =
            cs_arena_array(arena, n ? 2 * n : 1, sizeof(*phrases));
        if (!phrases)
            return cs_arena_status(arena, err);
        if (n)
            memcpy(phrases, group->phrases, n * sizeof(*phrases));
        group->phrases = phrases;
    }
    const char *copy = cs_arena_strdup(arena, text);
    if (!copy)
        return cs_arena_status(arena, err);
    group->phrases[group->n_phrases++] = (struct cs_term_phrase){
        .text = copy, .n_tokens = n_tokens, .weight = weight, .df = df};
    group->df += df;
    return CS_OK;
}

static void sink(struct best *best, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= best->n)
            return;
        if (child + 1 < best->n && best->of[child + 1].df < best->of[child].df)
            child++;
        if (best->of[at].df <= best->of[child].df)
            return;
        struct candidate swap = best->of[at];
        best->of[at] = best->of[child];
        best->of[child] = swap;
        at = child;
    }
}

static void rise(struct best *best, size_t at)
{
    while (at > 0 && best->of[at].df < best->of[(at - 1) / 2].df) {
        struct candidate swap = best->of[at];
        best->of[at] = best->of[(at - 1) / 2];
        best->of[(at - 1) / 2] = swap;
        at = (at - 1) / 2;
    }
}

static bool see_term(void *payload, const char *term, size_t len, int64_t df)
{
    struct best *best = payload;
    if (len >= TERM_MAX || df <= 0)
        return true;
    bool full = best->n == best->max;
    best->more |= full;
    if (full && df <= best->of[0].df)
        return true;
    struct candidate *slot = &best->of[full ? 0 : best->n++];
    slot->df = df;
    memcpy(slot->term, term, len);
    slot->term[len] = '\0';
    if (full)
        sink(best, 0);
    else
        rise(best, best->n - 1);
    return true;
}

static int more_frequent(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->df != b->df)
        return a->df > b->df ? -1 : 1;
    return strcmp(a->term, b->term);
}

/* The most frequent terms first, their postings within what one search may
 * read. */
static enum cs_status find(struct cs_lexicon *lexicon, struct cs_arena *arena,
                           const char *prefix, size_t len,
                           struct cs_term_group *group, struct best *best,
                           struct cs_error *err)
{
    best->max = cs_word_is_pair(prefix, len) ? PAIRS_MAX : CS_TERMS_PREFIX_MAX;
    best->of = cs_arena_take(arena, best->max * sizeof(*best->of));
    if (!best->of)
        return cs_arena_status(arena, err);
    enum cs_status status =
        cs_lexicon_walk(lexicon, prefix, len, see_term, best, err);
    if (status)
        return status;
    qsort(best->of, best->n, sizeof(best->of[0]), more_frequent);
    int64_t sum = 0;
    for (size_t i = 0; i < best->n; i++) {
        sum += best->of[i].df;
        if (sum > POSTINGS_MAX && i > 0 && best->max != PAIRS_MAX) {
            best->n = i;
            best->more = true;
        }
    }
    group->narrowed |= best->more;
    return CS_OK;
}

enum cs_status cs_expand_prefix(struct cs_lexicon *lexicon,
                                struct cs_arena *arena, const char *prefix,
                                size_t len, struct cs_term_group *group,
                                struct cs_error *err)
{
    struct best best = {0};
    enum cs_status status =
        find(lexicon, arena, prefix, len, group, &best, err);
    for (size_t i = 0; i < best.n && !status; i++)
        status = cs_expand_add(arena, group, best.of[i].term, 1, 1.0,
                               best.of[i].df, err);
    return status;
}

enum cs_status cs_expand_any(struct cs_lexicon *lexicon, struct cs_arena *arena,
                             const char *prefix, size_t len,
                             struct cs_term_group *group, const char **ret,
                             int64_t *ret_df, struct cs_error *err)
{
    struct cs_strbuf text CS_CLEANUP(cs_strbuf_clear) =
        CS_STRBUF_INIT(CS_STRBUF_DEFAULT_MAX);
    struct best best = {0};
    enum cs_status status =
        find(lexicon, arena, prefix, len, group, &best, err);
    if (status || best.n == 0)
        return status;
    *ret_df = 0;
    for (size_t i = 0; i < best.n; i++) {
        if (i)
            cs_strbuf_putc(&text, CS_FTS_OR);
        cs_strbuf_puts(&text, best.of[i].term);
        *ret_df += best.of[i].df;
    }
    *ret = cs_arena_strdup(arena, text.data);
    status = cs_strbuf_status(&text, err);
    return status ? status : cs_arena_status(arena, err);
}
