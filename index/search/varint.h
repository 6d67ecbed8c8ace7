/*
 * varint.h - numbers as SQLite and FTS5 write them: seven bits a byte, the
 * highest first; the ninth byte is whole.
 */
#ifndef CS_INDEX_SEARCH_VARINT_H
#define CS_INDEX_SEARCH_VARINT_H

#include "src/strbuf.h"

/* Read one; gives its bytes, 0 when it does not end before `end`. */
static inline size_t cs_varint_read(const unsigned char *at,
                                    const unsigned char *end, uint64_t *ret)
{
    uint64_t value = 0;
    if (at < end && at[0] < 0x80) {
        *ret = at[0];
        return 1;
    }
    for (size_t i = 0; at + i < end; i++) {
        if (i == 8) {
            *ret = value << 8 | at[i];
            return 9;
        }
        value = value << 7 | (at[i] & 0x7fu);
        if (at[i] < 0x80) {
            *ret = value;
            return i + 1;
        }
    }
    return 0;
}

/* Append one of up to 32 bits. */
static inline void cs_varint_put(struct cs_strbuf *out, uint32_t number)
{
    for (unsigned shift = 28; shift > 0; shift -= 7)
        if (number >> shift)
            cs_strbuf_putc(out, (char)(0x80 | (number >> shift & 0x7f)));
    cs_strbuf_putc(out, (char)(number & 0x7f));
}

#endif
