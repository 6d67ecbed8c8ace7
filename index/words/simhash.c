/*
 * simhash.c - see simhash.h.
 */
#include "index/words/simhash.h"

#include "index/words/split.h"
#include "src/hash.h"

enum { BITS = 64, PLANES = 32 };

/* Sixty-four counters that stand upright: bit b of plane i is bit i of the
 * counter of b. So all are raised at once. */
struct counting {
    uint64_t planes[PLANES];
    uint64_t before[2]; /* hashes of the two words before */
    uint64_t words;
};

static void raise(struct counting *counting, uint64_t bits)
{
    for (size_t i = 0; i < PLANES && bits; i++) {
        uint64_t both = counting->planes[i] & bits;
        counting->planes[i] ^= bits;
        bits = both;
    }
}

static uint64_t rotate(uint64_t value, unsigned by)
{
    return value << by | value >> (BITS - by);
}

static bool add_word(void *payload, const struct cs_word *word)
{
    struct counting *counting = payload;
    if (word->whole) /* its parts are here already */
        return true;
    uint64_t hash = cs_hash_word(word->text, word->len);
    if (counting->words++ >= 2)
        raise(counting, hash ^ rotate(counting->before[0], 21) ^
                            rotate(counting->before[1], 42));
    counting->before[1] = counting->before[0];
    counting->before[0] = hash;
    return true;
}

static uint64_t count_of(const struct counting *counting, unsigned bit)
{
    uint64_t count = 0;
    for (size_t i = 0; i < PLANES; i++)
        count |= (counting->planes[i] >> bit & 1) << i;
    return count;
}

bool cs_simhash(const char *text, size_t len, uint64_t *ret)
{
    struct counting counting = {.words = 0};
    (void)cs_words_split(text, len, add_word, &counting);
    if (counting.words < CS_SIMHASH_WORDS_MIN)
        return false;
    uint64_t shingles = counting.words - 2, value = 0;
    for (unsigned bit = 0; bit < BITS; bit++)
        if (2 * count_of(&counting, bit) > shingles)
            value |= (uint64_t)1 << bit;
    *ret = value;
    return true;
}

unsigned cs_simhash_distance(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_popcountll(a ^ b);
}

bool cs_simhash_near(uint64_t a, uint64_t b)
{
    return cs_simhash_distance(a, b) <= CS_SIMHASH_NEAR;
}
