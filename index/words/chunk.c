/*
 * chunk.c - terms and numbers as bytes, and back from bytes that may be
 * damaged.
 */
#include "index/words/chunk.h"

#include "index/words/tally.h"

enum { NUMBER_MAX = 10 }; /* bytes of one */

static size_t put_number(uint8_t *to, uint64_t number)
{
    size_t n = 0;
    for (; number > 0x7f; number >>= 7)
        to[n++] = (uint8_t)(number | 0x80);
    to[n++] = (uint8_t)number;
    return n;
}

void cs_chunk_put_number(struct cs_strbuf *out, uint64_t number)
{
    uint8_t bytes[NUMBER_MAX];
    size_t n = put_number(bytes, number);
    cs_strbuf_put(out, (const char *)bytes, n);
}

bool cs_chunk_get_number(const uint8_t **at, const uint8_t *end, uint64_t *ret)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 7 * NUMBER_MAX && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        if (shift < 64)
            number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret = number;
            return true;
        }
    }
    return false;
}

static uint64_t with_sign(int64_t number)
{
    return ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0);
}

static bool get_df(const uint8_t **at, const uint8_t *end, int64_t *ret)
{
    uint64_t number;
    if (!cs_chunk_get_number(at, end, &number))
        return false;
    int64_t half = (int64_t)(number >> 1);
    *ret = number & 1 ? -half - 1 : half;
    return true;
}

/* How many of the bytes are line ends, or last bytes of numbers: loops that a
 * compiler makes wide. */
static size_t count_lines(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += text[i] == '\n';
    return n;
}

static size_t count_numbers(const uint8_t *bytes, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += bytes[i] < 0x80;
    return n;
}

bool cs_chunk_open_terms(const void *data, size_t len, struct cs_chunk *ret)
{
    const uint8_t *at = data, *end = at ? at + len : at;
    uint64_t terms_len;
    if (!at || !cs_chunk_get_number(&at, end, &terms_len) || terms_len == 0 ||
        terms_len >= (uint64_t)(end - at) || at[terms_len - 1] != '\n')
        return false;
    *ret = (struct cs_chunk){.terms = (const char *)at,
                             .len = (size_t)terms_len,
                             .dfs = at + terms_len,
                             .end = end};
    return true;
}

bool cs_chunk_open(const void *data, size_t len, struct cs_chunk *ret)
{
    struct cs_chunk chunk;
    if (!cs_chunk_open_terms(data, len, &chunk) || chunk.end[-1] >= 0x80 ||
        count_lines(chunk.terms, chunk.len) !=
            count_numbers(chunk.dfs, (size_t)(chunk.end - chunk.dfs)))
        return false;
    *ret = chunk;
    return true;
}

/* Where the first term stands that is not smaller: halve the bytes, go back to
 * the start of the line, compare. */
static size_t lower_bound(const struct cs_chunk *chunk, const char *term,
                          size_t len)
{
    size_t low = 0, high = chunk->len; /* starts of lines, or the end */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *before = memrchr(chunk->terms + low, '\n', middle - low);
        const char *line = before ? before + 1 : chunk->terms + low;
        const char *stop =
            memchr(line, '\n', chunk->len - (size_t)(line - chunk->terms));
        if (cs_term_compare(line, (size_t)(stop - line), term, len) < 0)
            low = (size_t)(stop - chunk->terms) + 1;
        else
            high = (size_t)(line - chunk->terms);
    }
    return low;
}

void cs_chunk_seek(const struct cs_chunk *chunk, const char *from, size_t len,
                   struct cs_chunk_cursor *ret)
{
    size_t at = len == 0 ? 0 : lower_bound(chunk, from, len);
    const uint8_t *df = chunk->dfs;
    for (size_t n = count_lines(chunk->terms, at); n > 0; df++)
        n -= *df < 0x80;
    *ret = (struct cs_chunk_cursor){.next = chunk->terms + at,
                                    .terms_end = chunk->terms + chunk->len,
                                    .df_next = df,
                                    .end = chunk->end};
}

bool cs_chunk_next(struct cs_chunk_cursor *cursor, bool *ret_more)
{
    if (cursor->next == cursor->terms_end) {
        *ret_more = false;
        return true;
    }
    const char *line = cursor->next;
    const char *stop = memchr(line, '\n', (size_t)(cursor->terms_end - line));
    size_t len = (size_t)(stop - line);
    if (len == 0 || len > CS_TERM_MAX ||
        !get_df(&cursor->df_next, cursor->end, &cursor->df))
        return false;
    cursor->term = line;
    cursor->len = len;
    cursor->next = stop + 1;
    *ret_more = true;
    return true;
}

bool cs_chunk_find(const struct cs_chunk *chunk, const char *term, size_t len,
                   int64_t *ret_df, bool *ret_found)
{
    struct cs_chunk_cursor cursor;
    bool more;
    cs_chunk_seek(chunk, term, len, &cursor);
    if (!cs_chunk_next(&cursor, &more))
        return false;
    *ret_found =
        more && cursor.len == len && memcmp(cursor.term, term, len) == 0;
    if (*ret_found)
        *ret_df = cursor.df;
    return true;
}

bool cs_chunk_add(struct cs_chunk_writer *writer, const char *term, size_t len,
                  int64_t df)
{
    uint8_t number[NUMBER_MAX];
    size_t number_len = put_number(number, with_sign(df));
    size_t first_len = writer->terms_len > 0 ? writer->first_len : len;
    /* two bytes say how long the terms are */
    if (writer->terms_len + len + 1 + writer->dfs_len + number_len + 2 +
            first_len >
        CS_CHUNK_MAX)
        return false;
    memcpy(writer->terms + writer->terms_len, term, len);
    writer->terms[writer->terms_len + len] = '\n';
    memcpy(writer->dfs + writer->dfs_len, number, number_len);
    writer->terms_len += len + 1;
    writer->dfs_len += number_len;
    writer->first_len = first_len;
    return true;
}

void cs_chunk_end(struct cs_chunk_writer *writer, struct cs_strbuf *out)
{
    cs_chunk_put_number(out, writer->terms_len);
    cs_strbuf_put(out, writer->terms, writer->terms_len);
    cs_strbuf_put(out, (const char *)writer->dfs, writer->dfs_len);
    writer->terms_len = writer->dfs_len = writer->first_len = 0;
}
