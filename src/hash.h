/*
 * hash.h - the hash that tells one content from another (XXH3, 128 bits).
 *
 * It answers "are these the bytes we wrote?"; it is no defence against someone
 * who wants two texts to hash alike.
 */
#ifndef CS_SRC_HASH_H
#define CS_SRC_HASH_H

#include "src/cs.h"

#define CS_HASH_SIZE     16
#define CS_HASH_HEX_SIZE (2 * CS_HASH_SIZE + 1)

struct cs_hash {
    unsigned char bytes[CS_HASH_SIZE]; /* big endian: same on every machine */
};

struct cs_hash cs_hash_of(const void *data, size_t len);
/* 64 bits of little things, quickly. The same on every machine, for ever. */
uint64_t cs_hash_word(const void *data, size_t len);
/* The same for what comes in pieces: the hash of all that was added. Free with
 * cs_hasher_free(). NULL without memory. */
struct cs_hasher;
struct cs_hasher *cs_hasher_new(void);
void cs_hasher_add(struct cs_hasher *hasher, const void *data, size_t len);
struct cs_hash cs_hasher_end(const struct cs_hasher *hasher);
void cs_hasher_free(struct cs_hasher *hasher);

bool cs_hash_equal(const struct cs_hash *a, const struct cs_hash *b);
void cs_hash_hex(const struct cs_hash *hash, char buf[CS_HASH_HEX_SIZE]);

#endif
