/*
 * hash.c - xxhash behind the one type that the tree knows.
 */
#include "src/hash.h"

#define XXH_INLINE_ALL /* a library less to load */
#include <xxhash.h>

static struct cs_hash canonical(XXH128_hash_t value)
{
    XXH128_canonical_t bytes;
    struct cs_hash hash;
    XXH128_canonicalFromHash(&bytes, value);
    memcpy(hash.bytes, bytes.digest, sizeof(hash.bytes));
    return hash;
}

struct cs_hash cs_hash_of(const void *data, size_t len)
{
    return canonical(XXH3_128bits(data, len));
}

uint64_t cs_hash_word(const void *data, size_t len)
{
    return XXH3_64bits(data, len);
}

/* The type is theirs under our name: it must stand on their alignment. */
struct cs_hasher *cs_hasher_new(void)
{
    XXH3_state_t *state = XXH3_createState();
    if (state)
        (void)XXH3_128bits_reset(state);
    return (struct cs_hasher *)state;
}

void cs_hasher_add(struct cs_hasher *hasher, const void *data, size_t len)
{
    (void)XXH3_128bits_update((XXH3_state_t *)hasher, data, len);
}

struct cs_hash cs_hasher_end(const struct cs_hasher *hasher)
{
    return canonical(XXH3_128bits_digest((const XXH3_state_t *)hasher));
}

void cs_hasher_free(struct cs_hasher *hasher)
{
    (void)XXH3_freeState((XXH3_state_t *)hasher);
}

bool cs_hash_equal(const struct cs_hash *a, const struct cs_hash *b)
{
    return memcmp(a->bytes, b->bytes, CS_HASH_SIZE) == 0;
}

void cs_hash_hex(const struct cs_hash *hash, char buf[CS_HASH_HEX_SIZE])
{
    for (size_t i = 0; i < CS_HASH_SIZE; i++)
        (void)snprintf(buf + 2 * i, 3, "%02x", hash->bytes[i]);
}
