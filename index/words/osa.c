/*
 * osa.c - distances, a letter of the term at a time.
 */
#include "index/words/osa.h"

#include "src/text.h"

bool cs_osa_init(struct cs_osa *osa, const char *word, size_t len)
{
    *osa = (struct cs_osa){.mask = cs_osa_mask(word, len)};
    for (size_t at = 0; at < len;) {
        uint32_t letter;
        if (osa->n == CS_OSA_MAX)
            return false;
        at += cs_text_decode(word + at, len - at, &letter);
        if (letter < CS_ARRAY_LEN(osa->ascii))
            osa->ascii[letter] |= UINT64_C(1) << osa->n;
        osa->letters[osa->n++] = letter;
    }
    return osa->n > 0;
}

/* Where the letter stands in the word. */
static uint64_t places(const struct cs_osa *osa, uint32_t letter)
{
    if (letter < CS_ARRAY_LEN(osa->ascii))
        return osa->ascii[letter];
    uint64_t bits = 0;
    for (size_t i = 0; i < osa->n; i++)
        bits |= (uint64_t)(osa->letters[i] == letter) << i;
    return bits;
}

size_t cs_osa_distance(const struct cs_osa *osa, const char *term, size_t len)
{
    uint64_t last = UINT64_C(1) << (osa->n - 1);
    uint64_t up = UINT64_MAX, down = 0; /* steps from row to row */
    uint64_t diagonal = 0, before = 0;
    size_t distance = osa->n;
    for (size_t at = 0; at < len;) {
        uint32_t letter = (unsigned char)term[at];
        if (letter < 0x80)
            at++;
        else
            at += cs_text_decode(term + at, len - at, &letter);
        uint64_t here = places(osa, letter);
        uint64_t swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(diagonal | up);
        uint64_t left = diagonal & up;
        distance += (right & last) != 0;
        distance -= (left & last) != 0;
        right = right << 1 | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One more row of the table: distances of all beginnings of the word to the
 * term up to `letter`. `rows[0]` is the new one, then the two before. Returns
 * the smallest in it. */
static size_t next_row(const struct cs_osa *osa, uint32_t letter,
                       uint32_t letter_before, size_t row,
                       size_t rows[3][CS_OSA_MAX + 1])
{
    size_t least = rows[0][0] = row;
    for (size_t i = 1; i <= osa->n; i++) {
        size_t cell = rows[1][i - 1] + (osa->letters[i - 1] != letter);
        cell = smaller(cell, smaller(rows[1][i], rows[0][i - 1]) + 1);
        if (row > 1 && i > 1 && osa->letters[i - 1] == letter_before &&
            osa->letters[i - 2] == letter)
            cell = smaller(cell, rows[2][i - 2] + 1);
        rows[0][i] = cell;
        least = smaller(least, cell);
    }
    return least;
}

/* What comes may still change places with the last letter: hence the row before
 * counts, too. */
size_t cs_osa_least(const struct cs_osa *osa, const char *prefix, size_t len)
{
    size_t rows[3][CS_OSA_MAX + 1];
    size_t least = 0, before = 0, row = 0;
    uint32_t letter, letter_before = 0;
    for (size_t i = 0; i <= osa->n; i++)
        rows[0][i] = rows[1][i] = i;
    for (size_t at = 0; at < len; letter_before = letter) {
        size_t n = cs_text_decode(prefix + at, len - at, &letter);
        if (letter == 0xfffd) /* cut within a letter */
            break;
        at += n;
        memcpy(rows[2], rows[1], (osa->n + 1) * sizeof(size_t));
        memcpy(rows[1], rows[0], (osa->n + 1) * sizeof(size_t));
        before = least;
        least = next_row(osa, letter, letter_before, ++row, rows);
    }
    return smaller(least, before + 1);
}
