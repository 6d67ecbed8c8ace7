/*
 * matcher.c - all patterns at once, token by token.
 *
 * The tokens of all patterns stand one behind another; the number of one is its
 * place. A token of the text is looked up in a hash, which gives the places
 * that it fits; at each, a pattern begins or goes on, if the place before it
 * was reached by the word before. Where the last place of a pattern is reached,
 * there is a hit.
 *
 * Few lines hold any of the tokens, and to see that takes less than to split
 * them: the letters and digits of a token stand in a line in that order, with
 * nothing but joints of a compound in between.
 */
#include "index/search/matcher.h"

#include "index/words/fts.h"
#include "index/words/split.h"
#include "src/text.h"

enum { SLOTS_PER_TOKEN = 2, NEEDLES_MAX = 32 };

/* A place of a pattern. */
struct place {
    unsigned term;
    bool first, last;
};

/* A token and a place where it fits; others with the same token follow. */
struct entry {
    const char *text;
    size_t len;
    size_t place;
    bool open; /* the token may go on */
    const struct entry *next;
};

/* A token of ASCII; no other comes out of a line of ASCII. */
struct needle {
    const char *letters; /* and digits */
    size_t len;
};

struct cs_matcher {
    struct cs_matcher_term *terms;
    size_t n_terms;
    struct place *places;
    size_t n_places;
    const struct entry **slots; /* of the hash; a power of two */
    size_t mask;
    bool first_byte[256];          /* of any token */
    bool lengths[CS_WORD_MAX + 1]; /* of any token that may go on */
    size_t prefix_min, prefix_max; /* of these lengths */

    struct needle needles[NEEDLES_MAX];
    size_t n_needles;
    bool all_lines;       /* too many needles: every line is split */
    char rarest;          /* letter that all of them have; 0: none */
    uint32_t begins[256]; /* bits of the needles; all: it is no ASCII */
};

static size_t hash_of(const char *text, size_t len)
{
    uint64_t hash = len * 0x9e3779b97f4a7c15U;
    while (len > 0) {
        uint64_t bytes = 0;
        size_t n = len < sizeof(bytes) ? len : sizeof(bytes);
        memcpy(&bytes, text, n);
        hash = (hash ^ bytes) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 29;
        text += n;
        len -= n;
    }
    return (size_t)(hash ^ (hash >> 32));
}

/* ---- making one ---- */

/* From those that few words have to those that nearly all have. */
static const char by_rarity[] = "9876543210qjzxkvwbyfgphmudclorstnaie";

struct build {
    struct cs_arena *arena;
    struct cs_matcher *matcher;
    size_t cap; /* of places */
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The letters and digits of a token, if all of it is ASCII. */
static void add_needle(struct build *build, const char *text, size_t len)
{
    struct cs_matcher *m = build->matcher;
    char *letters = cs_arena_take(build->arena, len);
    size_t n = 0;
    for (size_t i = 0; i < len && letters; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return;
        if (cs_ascii_is_alnum(text[i]))
            letters[n++] = text[i];
    }
    m->all_lines |= n == 0 || m->n_needles == NEEDLES_MAX;
    if (m->all_lines)
        return;
    for (size_t c = 0; c < 0x80; c++)
        if (small((char)c) == letters[0])
            m->begins[c] |= UINT32_C(1) << m->n_needles;
    m->needles[m->n_needles++] = (struct needle){letters, n};
}

static void choose_rarest(struct cs_matcher *m)
{
    for (const char *c = by_rarity; *c && !m->rarest; c++) {
        size_t n = 0;
        while (n < m->n_needles &&
               memchr(m->needles[n].letters, *c, m->needles[n].len))
            n++;
        if (n > 0 && n == m->n_needles)
            m->rarest = *c;
    }
}

static void add_token(struct build *build, const char *text, size_t len,
                      size_t place, bool open)
{
    struct cs_matcher *m = build->matcher;
    struct entry *entry = cs_arena_alloc(build->arena, sizeof(*entry));
    const char *copy = cs_arena_strndup(build->arena, text, len);
    if (!entry || !copy)
        return;
    const struct entry **slot = &m->slots[hash_of(text, len) & m->mask];
    *entry = (struct entry){copy, len, place, open, *slot};
    *slot = entry;
    m->first_byte[(unsigned char)text[0]] = true;
    add_needle(build, text, len);
    if (!open)
        return;
    m->lengths[len] = true;
    if (!m->prefix_min || len < m->prefix_min)
        m->prefix_min = len;
    if (len > m->prefix_max)
        m->prefix_max = len;
}

/* The alternatives of one position. */
static void add_position(struct build *build, const char *text, size_t len,
                         size_t place, bool open)
{
    while (len > 0) {
        const char *bar = memchr(text, CS_FTS_OR, len);
        size_t n = bar ? (size_t)(bar - text) : len;
        if (n > 0 && n <= CS_WORD_MAX)
            add_token(build, text, n, place, open);
        n += bar != NULL;
        text += n;
        len -= n;
    }
}

static size_t count_positions(const char *tokens)
{
    size_t n = 0;
    for (const char *at = tokens; *at; at++)
        n += *at != ' ' && (at == tokens || at[-1] == ' ');
    return n;
}

static void add_pattern(struct build *build,
                        const struct cs_matcher_pattern *pattern, unsigned term)
{
    struct cs_matcher *m = build->matcher;
    size_t n = count_positions(pattern->tokens), first = m->n_places;
    const char *at = pattern->tokens;
    if (n > build->cap - m->n_places)
        return;
    for (size_t i = 0; i < n; i++) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        bool last = i + 1 == n;
        m->places[first + i] = (struct place){term, i == 0, last};
        add_position(build, at, len, first + i, last && pattern->prefix);
        at += len;
    }
    m->n_places += n;
}

static size_t count_tokens(const struct cs_matcher_term *terms, size_t n)
{
    size_t tokens = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < terms[i].n; j++)
            tokens += count_positions(terms[i].patterns[j].tokens);
    return tokens < CS_MATCHER_TOKENS_MAX ? tokens : CS_MATCHER_TOKENS_MAX;
}

enum cs_status cs_matcher_new(struct cs_arena *arena,
                              const struct cs_matcher_term *terms, size_t n,
                              struct cs_matcher **ret, struct cs_error *err)
{
    struct cs_matcher *m = cs_arena_alloc(arena, sizeof(*m));
    struct build build = {arena, m, count_tokens(terms, n)};
    size_t slots = 16;
    while (slots < SLOTS_PER_TOKEN * build.cap)
        slots *= 2;
    if (!m)
        return cs_arena_status(arena, err);
    m->terms = cs_arena_array(arena, n, sizeof(*m->terms));
    m->places = cs_arena_array(arena, build.cap, sizeof(*m->places));
    m->slots = cs_arena_array(arena, slots, sizeof(*m->slots));
    m->mask = slots - 1;
    if (cs_arena_status(arena, err))
        return cs_arena_status(arena, err);
    for (size_t i = 0; i < n; i++) {
        m->terms[i] = (struct cs_matcher_term){.idf = terms[i].idf,
                                               .fields = terms[i].fields};
        for (size_t j = 0; j < terms[i].n; j++)
            add_pattern(&build, &terms[i].patterns[j], (unsigned)i);
    }
    for (size_t c = 0x80; c < CS_ARRAY_LEN(m->begins); c++)
        m->begins[c] = UINT32_MAX;
    choose_rarest(m);
    m->n_terms = n;
    *ret = m;
    return cs_arena_status(arena, err);
}

const struct cs_matcher_term *cs_matcher_terms(const struct cs_matcher *matcher,
                                               size_t *ret_n)
{
    *ret_n = matcher->n_terms;
    return matcher->terms;
}

/* ---- finding ---- */

/* The places that were reached at one position of the text. */
struct reached {
    size_t *places;
    size_t n;
    size_t *starts; /* by place: where the pattern began, + 1; 0: not reached */
};

struct search {
    const struct cs_matcher *matcher;
    const char *text; /* from the line at hand on */
    size_t base;      /* where that is */
    struct reached now, before;
    struct cs_found *found;
    size_t n;
};

static void forget(struct reached *reached)
{
    for (size_t i = 0; i < reached->n; i++)
        reached->starts[reached->places[i]] = 0;
    reached->n = 0;
}

/* The end of the hit. Of a pair of characters that was found by its first,
 * only that is meant. */
static size_t end_of(const struct search *search, const struct entry *entry,
                     const struct cs_word *word)
{
    uint32_t rune;
    if (!word->pair || entry->len == word->len)
        return search->base + word->end;
    return search->base + word->at +
           cs_text_decode(search->text + word->at, word->end - word->at, &rune);
}

static void reach(struct search *search, const struct entry *entry,
                  const struct cs_word *word)
{
    const struct place *place = &search->matcher->places[entry->place];
    size_t start = search->base + word->at + 1;
    if (!place->first)
        start = search->before.starts[entry->place - 1];
    if (!start)
        return;
    if (!search->now.starts[entry->place]) {
        search->now.places[search->now.n++] = entry->place;
        search->now.starts[entry->place] = start;
    }
    if (place->last && search->n < CS_FOUND_MAX)
        search->found[search->n++] = (struct cs_found){
            start - 1, end_of(search, entry, word), place->term};
}

static void look_up(struct search *search, const struct cs_word *word,
                    size_t len, bool open)
{
    const struct cs_matcher *m = search->matcher;
    const struct entry *entry = m->slots[hash_of(word->text, len) & m->mask];
    for (; entry; entry = entry->next)
        if (entry->len == len && entry->open == open &&
            memcmp(entry->text, word->text, len) == 0)
            reach(search, entry, word);
}

static bool see_word(void *payload, const struct cs_word *word)
{
    struct search *search = payload;
    const struct cs_matcher *m = search->matcher;
    if (!word->whole) { /* the next position */
        struct reached last = search->before;
        if (last.n)
            forget(&last);
        last.n = 0;
        search->before = search->now;
        search->now = last;
    }
    if (!m->first_byte[(unsigned char)word->text[0]])
        return true;
    look_up(search, word, word->len, false);
    size_t max = word->len < m->prefix_max ? word->len : m->prefix_max;
    for (size_t len = m->prefix_min; len && len <= max; len++)
        if (m->lengths[len])
            look_up(search, word, len, true);
    return search->n < CS_FOUND_MAX;
}

/* Does the needle stand at `at`, where its first letter is? Joints aside. */
static bool stands_at(const struct needle *needle, const char *at,
                      const char *end)
{
    size_t i = 1;
    for (at++; i < needle->len && at < end; at++) {
        if (small(*at) == needle->letters[i])
            i++;
        else if (*at <= ' ' || cs_ascii_is_alnum(*at))
            return false;
    }
    return i == needle->len;
}

static bool is_ascii(const char *text, size_t len)
{
    uint64_t bytes, bits = 0;
    for (; len >= sizeof(bytes); len -= sizeof(bytes)) {
        memcpy(&bytes, text, sizeof(bytes));
        bits |= bytes;
        text += sizeof(bytes);
    }
    bytes = 0;
    memcpy(&bytes, text, len);
    return !((bits | bytes) & UINT64_C(0x8080808080808080));
}

/* Does the line surely lack a letter that every needle has? */
static bool lacks_letter(const struct cs_matcher *m, const char *line,
                         size_t len)
{
    return m->rarest && !memchr(line, m->rarest, len) &&
           !memchr(line, m->rarest & ~0x20, len) && is_ascii(line, len);
}

/* False: there is no hit in the line. */
static bool may_hold(const struct cs_matcher *m, const char *line, size_t len)
{
    const char *end = line + len;
    if (!m->all_lines && lacks_letter(m, line, len))
        return false;
    for (const char *at = line; at < end && !m->all_lines; at++) {
        unsigned char c = (unsigned char)*at;
        uint32_t which = m->begins[c];
        if (which && c >= 0x80)
            return true;
        for (; which; which &= which - 1)
            if (stands_at(&m->needles[__builtin_ctz(which)], at, end))
                return true;
    }
    return m->all_lines;
}

static bool has_word(const char *line, size_t len)
{
    size_t i = 0;
    while (i < len && !cs_ascii_is_alnum(line[i]))
        i++;
    return i < len;
}

/* Line by line; one that is passed by ends what has begun. */
static void walk_lines(struct search *search, const char *text, size_t len)
{
    for (size_t at = 0, end; at < len; at = end) {
        const char *stop = memchr(text + at, '\n', len - at);
        end = stop ? (size_t)(stop - text) + 1 : len;
        if (may_hold(search->matcher, text + at, end - at)) {
            search->text = text + at;
            search->base = at;
            if (!cs_words_split(text + at, end - at, see_word, search))
                return;
        } else if (has_word(text + at, end - at)) {
            forget(&search->now);
            forget(&search->before);
        }
    }
}

static bool prepare(struct reached *reached, struct cs_arena *arena, size_t n)
{
    reached->places = cs_arena_array(arena, n, sizeof(*reached->places));
    reached->starts = cs_arena_array(arena, n, sizeof(*reached->starts));
    return reached->places && reached->starts;
}

enum cs_status cs_matcher_find(const struct cs_matcher *matcher,
                               struct cs_arena *arena, const char *text,
                               size_t len, const struct cs_found **ret,
                               size_t *ret_n, struct cs_error *err)
{
    struct search search = {.matcher = matcher};
    size_t n = matcher->n_places;
    search.found = cs_arena_take(arena, CS_FOUND_MAX * sizeof(*search.found));
    if (!search.found || !prepare(&search.now, arena, n) ||
        !prepare(&search.before, arena, n))
        return cs_arena_status(arena, err);
    if (n > 0)
        walk_lines(&search, text, len);
    *ret = search.found;
    *ret_n = search.n;
    return CS_OK;
}
