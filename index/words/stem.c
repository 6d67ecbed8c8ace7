/*
 * stem.c - a family is looked for where its members can stand: behind their
 * stem, but for a last letter that stemming changes (happy: happi; using: use;
 * possibility: possibl).
 *
 * What a short stem begins is too much to walk; there the endings are tried.
 */
#include "index/words/stem.h"

#include "index/words/english.h"

enum {
    WORD_MIN = 3,
    WORD_MAX = 40,
    STEM_WALKED = 4, /* letters of a stem from which on terms are walked */
    ENDING_MAX = 10, /* letters that a member has behind its stem */
    MEMBERS_MAX = 256
};

/* What may stand for the end of a stem in a member. */
static const struct {
    const char *stem_end, *member;
} changed_ends[] = {
    {"i", "y"}, {"y", "i"}, {"e", "i"}, {"bl", "bil"}, {"ie", "y"},
};

/* Behind a short stem, or what stands for its end; "+" doubles the letter
 * before. */
static const char *const endings[] = {
    "",   "s",   "es",  "ed",   "d",   "ing",  "ng",   "e",
    "ly", "ies", "ied", "ying", "+ed", "+ing", "ings", "+ings",
};

struct search {
    struct cs_lexicon *lexicon;
    struct cs_arena *arena;
    struct cs_english *english;
    const char *word;
    size_t word_len;
    char stem[WORD_MAX + 1];
    size_t stem_len;
    struct cs_family *family;
    size_t n, max;
    enum cs_status status;
    struct cs_error *err;
};

static bool is_plain(const char *term, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (term[i] < 'a' || term[i] > 'z')
            return false;
    return len >= WORD_MIN && len <= WORD_MAX;
}

static bool has_stem(struct search *s, const char *term, size_t len)
{
    size_t stem_len;
    const char *stem = cs_english_stem(s->english, term, len, &stem_len);
    return stem && stem_len == s->stem_len &&
           memcmp(stem, s->stem, stem_len) == 0;
}

/* Keep a member if it is one of the most frequent; the word itself stays in
 * front. */
static void keep(struct search *s, const char *term, size_t len, int64_t df)
{
    if (s->n == s->max && (s->n == 1 || s->family[s->n - 1].df >= df))
        return;
    for (size_t i = 1; i < s->n; i++)
        if (strlen(s->family[i].term) == len &&
            memcmp(s->family[i].term, term, len) == 0)
            return;
    const char *copy = cs_arena_strndup(s->arena, term, len);
    if (!copy)
        return;
    size_t at = s->n < s->max ? s->n++ : s->n - 1;
    for (; at > 1 && s->family[at - 1].df < df; at--)
        s->family[at] = s->family[at - 1];
    s->family[at] = (struct cs_family){.term = copy, .df = df};
}

static bool visit(void *payload, const char *term, size_t len, int64_t df)
{
    struct search *s = payload;
    if (!is_plain(term, len) || len > s->stem_len + ENDING_MAX ||
        (len == s->word_len && memcmp(term, s->word, len) == 0))
        return true;
    if (has_stem(s, term, len))
        keep(s, term, len, df);
    return cs_arena_status(s->arena, NULL) == CS_OK;
}

static void walk(struct search *s, const char *begin, size_t len)
{
    if (!s->status)
        s->status = cs_lexicon_walk(s->lexicon, begin, len, visit, s, s->err);
}

static void try_term(struct search *s, const char *term, size_t len)
{
    int64_t df = 0;
    if (s->status || !is_plain(term, len) || !has_stem(s, term, len))
        return;
    s->status = cs_lexicon_df(s->lexicon, term, len, &df, s->err);
    if (!s->status && df > 0)
        (void)visit(s, term, len, df);
}

static void try_endings(struct search *s, const char *begin, size_t len)
{
    for (size_t i = 0; i < CS_ARRAY_LEN(endings); i++) {
        const char *ending = endings[i];
        char term[2 * WORD_MAX];
        size_t n = len;
        memcpy(term, begin, len);
        if (*ending == '+') {
            term[n++] = begin[len - 1];
            ending++;
        }
        for (; *ending; ending++)
            term[n++] = *ending;
        try_term(s, term, n);
    }
}

static void look_behind(struct search *s, const char *begin, size_t len)
{
    if (s->stem_len >= STEM_WALKED && len >= STEM_WALKED)
        walk(s, begin, len);
    else if (len > 0)
        try_endings(s, begin, len);
}

static void look(struct search *s)
{
    look_behind(s, s->stem, s->stem_len);
    for (size_t i = 0; i < CS_ARRAY_LEN(changed_ends); i++) {
        size_t end = strlen(changed_ends[i].stem_end);
        char begin[WORD_MAX + 4];
        if (s->stem_len <= end || memcmp(s->stem + s->stem_len - end,
                                         changed_ends[i].stem_end, end) != 0)
            continue;
        size_t kept = s->stem_len - end;
        size_t len = strlen(changed_ends[i].member);
        memcpy(begin, s->stem, kept);
        memcpy(begin + kept, changed_ends[i].member, len);
        look_behind(s, begin, kept + len);
    }
}

static enum cs_status find(struct search *s)
{
    s->english = cs_english_new();
    if (!s->english)
        return cs_error_no_memory(s->err);
    const char *stem =
        cs_english_stem(s->english, s->word, s->word_len, &s->stem_len);
    if (!stem) {
        s->status = cs_error_no_memory(s->err);
    } else if (s->stem_len > 0 && s->stem_len <= WORD_MAX) {
        memcpy(s->stem, stem, s->stem_len);
        look(s);
    }
    cs_english_free(s->english);
    return s->status ? s->status : cs_arena_status(s->arena, s->err);
}

enum cs_status cs_stem_family(struct cs_lexicon *lexicon,
                              struct cs_arena *arena, const char *word,
                              size_t max, struct cs_family **ret, size_t *ret_n,
                              struct cs_error *err)
{
    struct search s = {.lexicon = lexicon,
                       .arena = arena,
                       .word = word,
                       .word_len = strlen(word),
                       .n = 1,
                       .max = max < 1             ? 1
                              : max < MEMBERS_MAX ? max
                                                  : MEMBERS_MAX,
                       .err = err};
    s.family = cs_arena_array(arena, s.max, sizeof(*s.family));
    if (!s.family)
        return cs_arena_status(arena, err);
    s.family[0].term = cs_arena_strdup(arena, word);
    enum cs_status status =
        s.family[0].term
            ? cs_lexicon_df(lexicon, word, s.word_len, &s.family[0].df, err)
            : cs_arena_status(arena, err);
    if (!status && is_plain(word, s.word_len) && s.max > 1)
        status = find(&s);
    if (status)
        return status;
    *ret = s.family;
    *ret_n = s.n;
    return CS_OK;
}
