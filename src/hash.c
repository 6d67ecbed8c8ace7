/*
 * hash.c - xxhash behind the one type that the tree knows.
 */
#include "src/hash.h"

#include <xxhash.h>

struct cs_hash cs_hash_of(const void *data, size_t len)
{
    XXH128_canonical_t canonical;
    struct cs_hash hash;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, len));
    memcpy(hash.bytes, canonical.digest, sizeof(hash.bytes));
    return hash;
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
