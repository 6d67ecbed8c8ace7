/*
 * typo.c - the lexicon scanned for terms that are near a word.
 *
 * Rows of the base whose terms all begin otherwise are not read; of the others
 * length and letters sort out nearly all terms before a distance is taken.
 */
#include "index/words/typo.h"

#include "index/words/osa.h"
#include "src/text.h"

#include <math.h>
#include <stdlib.h>

enum {
    ONE_FROM = 5, /* letters from which on one mistake is looked for */
    TWO_FROM = 9,
    NEAR_TWO_FROM = 4, /* the same for terms that are only offered */
    PART_MIN = 3,      /* letters of each half of a split word */
    CANDIDATES_MAX = 2048,
    TIMES = 3 /* as often as the word must its correction be written */
};

/* How often a correction must be written at least, in a lexicon of so many
 * terms. */
static const struct {
    int64_t below, df;
} floors[] = {{10000, 1}, {40000, 2}, {INT64_MAX, 3}};

struct candidate {
    const char *term;
    size_t len;
    int64_t df;
    unsigned distance;
    double score;
};

struct scan {
    struct cs_lexicon *lexicon;
    struct cs_arena *arena;
    struct cs_osa osa;
    const char *word;
    size_t len;
    unsigned distance; /* looked for */
    bool first_fixed;  /* the first letter must be right */
    bool letters_only; /* of terms */
    size_t min, max;   /* bytes of a term */
    char passed[CS_TERM_MAX];
    size_t passed_len; /* what begins like that is too far away */
    struct candidate *found;
    size_t n;
    bool failed; /* no memory */
};

static bool is_letters(const char *term, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)term[i] < 0x80 && (term[i] < 'a' || term[i] > 'z'))
            return false;
    return true;
}

static bool is_ascii(const char *term, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)term[i] >= 0x80)
            return false;
    return true;
}

static bool want(void *payload, const char *shared, size_t len)
{
    struct scan *s = payload;
    if (len == 0)
        return true;
    if (s->first_fixed && shared[0] != s->word[0])
        return false;
    if (s->passed_len > 0 && len >= s->passed_len &&
        memcmp(shared, s->passed, s->passed_len) == 0)
        return false;
    if (cs_osa_least(&s->osa, shared, len) <= s->distance)
        return true;
    memcpy(s->passed, shared, len);
    s->passed_len = len;
    return false;
}

static bool may_be_near(const struct scan *s, const char *term, size_t len)
{
    if (s->first_fixed && term[0] != s->word[0])
        return false;
    uint32_t mask = cs_osa_mask(term, len);
    unsigned lost = (unsigned)__builtin_popcount(s->osa.mask & ~mask);
    unsigned added = (unsigned)__builtin_popcount(mask & ~s->osa.mask);
    return s->max > s->len + s->distance || /* other scripts: no letters */
           (lost <= s->distance && added <= s->distance);
}

static bool add(struct scan *s, const char *term, size_t len, unsigned distance)
{
    if (s->n == CANDIDATES_MAX)
        return false;
    const char *copy = cs_arena_strndup(s->arena, term, len);
    if (!copy) {
        s->failed = true;
        return false;
    }
    s->found[s->n++] =
        (struct candidate){.term = copy, .len = len, .distance = distance};
    return true;
}

static bool visit(void *payload, const char *terms, size_t len)
{
    struct scan *s = payload;
    const char *end = terms + len;
    for (const char *stop; terms < end; terms = stop + 1) {
        stop = memchr(terms, '\n', (size_t)(end - terms));
        size_t n = (size_t)(stop - terms);
        if (n < s->min || n > s->max || n == 0 || n > CS_TERM_MAX ||
            !may_be_near(s, terms, n))
            continue;
        size_t distance = cs_osa_distance(&s->osa, terms, n);
        if (distance > s->distance ||
            (s->letters_only && !is_letters(terms, n)))
            continue;
        if (!add(s, terms, n, (unsigned)distance))
            return false;
    }
    return true;
}

/* How likely the word was typed for the term, as a logarithm: swapped
 * neighbours and doubled letters are slips that happen, a wrong first letter is
 * rare. */
static double likelihood(const struct scan *s, const struct candidate *c)
{
    const char *a = s->word, *b = c->term;
    size_t a_len = s->len, b_len = c->len, front = 0, back = 0;
    double score = -4.0 * c->distance;
    while (front < a_len && front < b_len && a[front] == b[front])
        front++;
    while (back < a_len - front && back < b_len - front &&
           a[a_len - 1 - back] == b[b_len - 1 - back])
        back++;
    if (front == 0)
        score -= 2.0;
    if (c->distance != 1)
        return score;
    if (a_len == b_len)
        return a_len - front - back == 2 ? score + 1.0 : score;
    const char *longer = a_len > b_len ? a : b;
    bool doubled = front > 0 && longer[front] == longer[front - 1];
    return doubled ? score + 1.0 : score;
}

static int by_term(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return strcmp(a->term, b->term);
}

/* Nearer ones first, then likely ones, then by their letters. */
static int by_score(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return strcmp(a->term, b->term);
}

/* Runs repeat terms of the base, and have some that are gone. */
static enum cs_status rate(struct scan *s, struct cs_error *err)
{
    size_t n = 0;
    if (s->n > 0)
        qsort(s->found, s->n, sizeof(struct candidate), by_term);
    for (size_t i = 0; i < s->n; i++) {
        struct candidate *c = &s->found[i];
        if (n > 0 && strcmp(s->found[n - 1].term, c->term) == 0)
            continue;
        enum cs_status status =
            cs_lexicon_df(s->lexicon, c->term, c->len, &c->df, err);
        if (status)
            return status;
        c->score = likelihood(s, c) + log((double)(c->df + 1));
        if (c->df > 0)
            s->found[n++] = *c;
    }
    s->n = n;
    if (n > 0)
        qsort(s->found, n, sizeof(struct candidate), by_score);
    return CS_OK;
}

/* Scan for terms at the distance or nearer; s->found has them, the best first,
 * the word itself included. */
static enum cs_status scan(struct scan *s, unsigned distance,
                           struct cs_error *err)
{
    size_t slack = is_ascii(s->word, s->len) ? distance : 4 * (size_t)distance;
    s->distance = distance;
    s->min = s->len > slack ? s->len - slack : 1;
    s->max = s->len + slack;
    s->passed_len = 0;
    s->n = 0;
    enum cs_status status = cs_lexicon_some(s->lexicon, want, visit, s, err);
    if (!status && s->failed)
        status = cs_arena_status(s->arena, err);
    return status ? status : rate(s, err);
}

/* `*ret_usable` is false for a word that is no word, or too long. */
static enum cs_status begin(struct scan *s, struct cs_lexicon *lexicon,
                            struct cs_arena *arena, const char *word,
                            bool *ret_usable, struct cs_error *err)
{
    s->lexicon = lexicon;
    s->arena = arena;
    s->word = word;
    s->len = strlen(word);
    *ret_usable = s->len <= CS_TERM_MAX && cs_osa_init(&s->osa, word, s->len);
    s->found = cs_arena_array(arena, CANDIDATES_MAX, sizeof(*s->found));
    return s->found ? CS_OK : cs_arena_status(arena, err);
}

/* In how many documents a correction must stand. */
static enum cs_status least_df(struct scan *s, int64_t *ret,
                               struct cs_error *err)
{
    int64_t df = 0, terms = 0;
    size_t i = 0;
    enum cs_status status =
        cs_lexicon_df(s->lexicon, s->word, s->len, &df, err);
    if (!status)
        status = cs_lexicon_size(s->lexicon, &terms, err);
    while (terms >= floors[i].below)
        i++;
    *ret = TIMES * df > floors[i].df ? TIMES * df : floors[i].df;
    return status;
}

static const struct candidate *choose(const struct scan *s, int64_t least)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->found[i].df >= least && s->found[i].distance > 0)
            return &s->found[i];
    return NULL;
}

/* Both halves must be words; the rarer half tells how good it is. */
static enum cs_status split(struct scan *s, int64_t least, const char **ret,
                            int64_t *ret_df, struct cs_error *err)
{
    size_t best = 0;
    int64_t best_df = least - 1;
    for (size_t i = PART_MIN; i + PART_MIN <= s->len; i++) {
        int64_t first = 0, second = 0;
        if (((unsigned char)s->word[i] & 0xc0) == 0x80)
            continue;
        enum cs_status status =
            cs_lexicon_df(s->lexicon, s->word, i, &first, err);
        if (!status && first > best_df)
            status = cs_lexicon_df(s->lexicon, s->word + i, s->len - i, &second,
                                   err);
        if (status)
            return status;
        int64_t df = first < second ? first : second;
        if (df <= best_df)
            continue;
        best = i;
        best_df = df;
    }
    if (best == 0)
        return CS_OK;
    *ret_df = best_df;
    *ret = cs_arena_printf(s->arena, "%.*s %s", (int)best, s->word,
                           s->word + best);
    return cs_arena_status(s->arena, err);
}

static unsigned distance_of(const struct scan *s)
{
    return s->osa.n >= TWO_FROM ? 2 : s->osa.n >= ONE_FROM ? 1 : 0;
}

/* One mistake, else a blank that was forgotten, else two mistakes. */
static enum cs_status correct(struct scan *s, unsigned distance,
                              const char **ret, int64_t *ret_df,
                              struct cs_error *err)
{
    int64_t least;
    const struct candidate *best = NULL;
    enum cs_status status = least_df(s, &least, err);
    if (!status)
        status = scan(s, 1, err);
    if (!status)
        best = choose(s, least);
    if (!status && !best)
        status = split(s, least, ret, ret_df, err);
    if (!status && !best && !*ret && distance > 1) {
        s->first_fixed = true;
        status = scan(s, 2, err);
        if (!status)
            best = choose(s, least);
    }
    if (status || !best)
        return status;
    *ret = best->term;
    *ret_df = best->df;
    return CS_OK;
}

enum cs_status cs_typo_correct(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               unsigned max_distance, const char **ret,
                               int64_t *ret_df, struct cs_error *err)
{
    struct scan s = {.letters_only = true};
    const char *found = NULL;
    int64_t df = 0;
    bool usable;
    enum cs_status status = begin(&s, lexicon, arena, word, &usable, err);
    if (status)
        return status;
    unsigned distance = max_distance ? max_distance : distance_of(&s);
    if (usable && distance > 0 && is_letters(word, s.len))
        status = correct(&s, distance, &found, &df, err);
    if (status)
        return status;
    *ret = found;
    *ret_df = df;
    return CS_OK;
}

static enum cs_status hand_out(const struct scan *s, size_t max, bool itself,
                               struct cs_typo **ret, size_t *ret_n,
                               struct cs_error *err)
{
    size_t n = 0;
    struct cs_typo *typos =
        cs_arena_array(s->arena, max ? max : 1, sizeof(*typos));
    if (!typos)
        return cs_arena_status(s->arena, err);
    for (size_t i = 0; i < s->n && n < max; i++)
        if (itself || s->found[i].distance > 0)
            typos[n++] = (struct cs_typo){.term = s->found[i].term,
                                          .df = s->found[i].df,
                                          .distance = s->found[i].distance};
    *ret = typos;
    *ret_n = n;
    return CS_OK;
}

enum cs_status cs_typo_similar(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               unsigned max_distance, size_t max,
                               struct cs_typo **ret, size_t *ret_n,
                               struct cs_error *err)
{
    struct scan s = {0};
    bool usable;
    enum cs_status status = begin(&s, lexicon, arena, word, &usable, err);
    if (status)
        return status;
    unsigned distance = max_distance ? max_distance : distance_of(&s);
    if (usable)
        status = scan(&s, distance ? distance : 1, err);
    return status ? status : hand_out(&s, max, true, ret, ret_n, err);
}

static bool add_neighbour(void *payload, const char *term, size_t len,
                          int64_t df)
{
    struct scan *s = payload;
    (void)df;
    return !is_letters(term, len) || add(s, term, len, 3);
}

/* Terms with the longest beginning of the word that any has. */
static enum cs_status add_neighbours(struct scan *s, struct cs_error *err)
{
    enum cs_status status = CS_OK;
    size_t before = s->n;
    for (size_t len = s->len; len >= PART_MIN && s->n == before && !status;
         len--)
        if (((unsigned char)s->word[len] & 0xc0) != 0x80)
            status = cs_lexicon_walk(s->lexicon, s->word, len, add_neighbour, s,
                                     err);
    if (!status && s->failed)
        status = cs_arena_status(s->arena, err);
    return status ? status : rate(s, err);
}

enum cs_status cs_typo_nearest(struct cs_lexicon *lexicon,
                               struct cs_arena *arena, const char *word,
                               size_t max, struct cs_typo **ret, size_t *ret_n,
                               struct cs_error *err)
{
    struct scan s = {0};
    bool usable;
    enum cs_status status = begin(&s, lexicon, arena, word, &usable, err);
    if (!status && usable)
        status = scan(&s, s.osa.n >= NEAR_TWO_FROM ? 2 : 1, err);
    if (!status && usable && s.n < max)
        status = add_neighbours(&s, err);
    return status ? status : hand_out(&s, max, false, ret, ret_n, err);
}
