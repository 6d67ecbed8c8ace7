/*
 * random.h - numbers that are the same in every run.
 */
#ifndef CS_TESTS_RELEVANCE_RANDOM_H
#define CS_TESTS_RELEVANCE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64; any seed will do. */
struct rel_random {
    uint64_t state;
};

static inline uint64_t rel_random_next(struct rel_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to n - 1. */
static inline size_t rel_random_below(struct rel_random *random, size_t n)
{
    return (size_t)(rel_random_next(random) % n);
}

#define REL_PICK(random, array)                                                \
    ((array)[rel_random_below((random), CS_ARRAY_LEN(array))])

#endif
