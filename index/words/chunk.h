/*
 * chunk.h - some hundred terms in order, each with a number: the bytes of a
 * row of the lexicon, and the pieces of its runs.
 *
 *     length of the terms    as a number
 *     terms                  "a\nb\nc\n"
 *     df of each             as numbers that may be negative
 *
 * Numbers are little endian, seven bits a byte, the top bit set where more
 * follow; those with a sign have it in the lowest bit. The terms lie together
 * and plain, so that a scan runs over them as text.
 *
 * Included by index/words/ only.
 */
#ifndef CS_INDEX_WORDS_CHUNK_H
#define CS_INDEX_WORDS_CHUNK_H

#include "src/strbuf.h"

/* Bytes of a chunk and of its first term once more: what leaves room in a page
 * of 4,096 bytes for what SQLite adds to a row. */
#define CS_CHUNK_MAX 4032

/* Borrows the bytes that it was opened on. */
struct cs_chunk {
    const char *terms; /* NULL: none */
    size_t len;
    const uint8_t *dfs, *end;
};

/* Look at bytes that should be a chunk; false when they cannot be one. Then
 * terms are not empty and as many as numbers; what the terms and numbers are is
 * found when they are read. */
bool cs_chunk_open(const void *data, size_t len, struct cs_chunk *ret);

/* The same for a scan, which reads the terms alone: numbers are not counted. */
bool cs_chunk_open_terms(const void *data, size_t len, struct cs_chunk *ret);

/* The number of a term; `*ret_found` tells whether it is there. False: the
 * chunk is damaged. */
bool cs_chunk_find(const struct cs_chunk *chunk, const char *term, size_t len,
                   int64_t *ret_df, bool *ret_found);

/* A place in a chunk. Before the first call of next, nothing is there yet. */
struct cs_chunk_cursor {
    const char *term; /* borrowed, as `chunk` is */
    size_t len;
    int64_t df;
    const char *next, *terms_end;
    const uint8_t *df_next, *end;
};

/* Before the first term that is not smaller than `from` (of `len` bytes, 0:
 * before all). */
void cs_chunk_seek(const struct cs_chunk *chunk, const char *from, size_t len,
                   struct cs_chunk_cursor *ret);

/* Go to the next term; `*ret_more` tells whether there is one. False: the
 * chunk is damaged. */
bool cs_chunk_next(struct cs_chunk_cursor *cursor, bool *ret_more);

/* A chunk in the making. Zeros to begin with. */
struct cs_chunk_writer {
    char terms[CS_CHUNK_MAX];
    uint8_t dfs[CS_CHUNK_MAX];
    size_t terms_len, dfs_len, first_len;
};

/* Add a term behind the others; false when there is no room for it (never in
 * an empty chunk). */
bool cs_chunk_add(struct cs_chunk_writer *writer, const char *term, size_t len,
                  int64_t df);

/* Append the bytes of the chunk to `out`, and begin the next one. */
void cs_chunk_end(struct cs_chunk_writer *writer, struct cs_strbuf *out);

/* Compare terms by their bytes, as the database does. */
static inline int cs_term_compare(const char *a, size_t a_len, const char *b,
                                  size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* A number at the end of `out`; the number at `*at`, which goes behind it:
 * false when it does not end before `end`. */
void cs_chunk_put_number(struct cs_strbuf *out, uint64_t number);
bool cs_chunk_get_number(const uint8_t **at, const uint8_t *end, uint64_t *ret);

#endif
